//! A client of the API, as plain as possible: what it sends and gets is what stands in the test.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::Value;
use ureq::Agent;
use ureq::http::{HeaderMap, Request};

/// Somebody who talks to the server.
#[derive(Debug, Clone)]
pub struct Client {
    agent: Agent,
    /// Where the server is, without a slash at the end.
    pub base: String,
    /// The access token; absent for somebody without an account.
    pub token: Option<String>,
}

/// What the server said.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Client {
    pub(crate) fn new(address: SocketAddr, token: Option<String>) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_secs(60)))
            .build();
        Self { agent: config.into(), base: format!("http://{address}"), token }
    }

    /// Sends a request with a body and headers of the test's choice.
    pub fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Vec<u8>>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.base));
        if let Some(token) = &self.token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = body.into();
        let sent = if body.is_empty() && method != "POST" && method != "PATCH" {
            self.agent.run(request.body(()).unwrap())
        } else {
            self.agent.run(request.body(body).unwrap())
        };
        let mut response = sent.unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        let body = response.body_mut().with_config().limit(1 << 30).read_to_vec().unwrap();
        Answer { status: response.status().as_u16(), headers: response.headers().clone(), body }
    }

    /// Reads.
    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], Vec::new())
    }

    /// Sends JSON.
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, &[("Content-Type", "application/json")], body.to_string())
    }

    /// Changes with JSON.
    pub fn patch(&self, path: &str, body: &Value) -> Answer {
        self.send("PATCH", path, &[("Content-Type", "application/json")], body.to_string())
    }

    /// Sends a form; a part with a file name is a file.
    pub fn post_form(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        parts: &[(&str, Option<&str>, &[u8])],
    ) -> Answer {
        let mut body = Vec::new();
        for (name, file_name, content) in parts {
            body.extend_from_slice(b"--frontier\r\n");
            let file_name = file_name.map_or_else(String::new, |name| format!("; filename=\"{name}\""));
            let heading = format!("Content-Disposition: form-data; name=\"{name}\"{file_name}\r\n\r\n");
            body.extend_from_slice(heading.as_bytes());
            body.extend_from_slice(content);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--frontier--\r\n");
        let mut headers = headers.to_vec();
        headers.push(("Content-Type", "multipart/form-data; boundary=frontier"));
        self.send("POST", path, &headers, body)
    }
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header, empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The body as JSON, if the status is that.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        if self.body.is_empty() { Value::Null } else { self.json() }
    }

    /// The code of the problem, if the status is that.
    #[track_caller]
    pub fn problem(self, status: u16) -> String {
        self.expect(status)["code"].as_str().unwrap().to_owned()
    }
}
