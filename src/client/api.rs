//! One server's API: requests with a credential, answers as structures, refusals as errors.
//!
//! A request that can be repeated without harm is repeated when the connection breaks or the server is busy.

pub(crate) mod multipart;
mod types;

use std::io::Read;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::Value;
use ureq::http::{HeaderMap, Method, Response, StatusCode};
use ureq::{Body, SendBody};

pub use types::*;

use crate::ClientError;

/// How often a request is sent at most.
const TRIES: u32 = 4;
/// The first pause between two tries; each later one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// The longest time that a busy server is waited for.
const LONGEST_WAIT_SECONDS: u64 = 60;
/// The largest answer that is read into memory.
const LARGEST_ANSWER: u64 = 256 << 20;

/// A server and what opens it.
pub struct Api {
    agent: ureq::Agent,
    server: String,
    token: Option<String>,
}

/// What is sent: made anew for every try.
pub(crate) enum Content<'a> {
    /// Nothing.
    Empty,
    /// A JSON value.
    Json(&'a Value),
    /// A stream of known length.
    Stream {
        /// Its type.
        media_type: &'a str,
        /// Its length in bytes.
        length: u64,
        /// Opens it from its beginning.
        open: &'a dyn Fn() -> Result<Box<dyn Read>, ClientError>,
    },
}

/// One request.
pub(crate) struct Request<'a> {
    pub(crate) method: Method,
    /// A path below `/api/v1`, or a whole address of the same server.
    pub(crate) path: &'a str,
    pub(crate) headers: Vec<(&'a str, String)>,
    pub(crate) content: Content<'a>,
    /// Whether a second arrival does no harm.
    pub(crate) repeatable: bool,
}

impl<'a> Request<'a> {
    pub(crate) fn new(method: Method, path: &'a str) -> Self {
        let repeatable = matches!(method, Method::GET | Method::HEAD);
        Self { method, path, headers: Vec::new(), content: Content::Empty, repeatable }
    }

    pub(crate) fn header(mut self, name: &'a str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn content(mut self, content: Content<'a>) -> Self {
        self.content = content;
        self
    }

    /// Names the request, so that the server recognizes it when it comes twice.
    pub(crate) fn named(mut self, key: &str) -> Self {
        self.repeatable = true;
        self.header("Idempotency-Key", key)
    }
}

/// An answer that is no refusal.
pub(crate) struct Answer {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, ClientError> {
        serde_json::from_slice(&self.body).map_err(|error| ClientError::NotUnderstood(error.to_string()))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

impl Api {
    /// The API of `server`, entered with `token` if there is one.
    pub fn new(server: String, token: Option<String>) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            // A redirect would carry the token to who knows where.
            .max_redirects(0)
            .timeout_connect(Some(Duration::from_secs(15)))
            .timeout_recv_response(Some(Duration::from_secs(120)))
            .user_agent(concat!("heldout/", env!("CARGO_PKG_VERSION")))
            .build();
        Self { agent: config.new_agent(), server, token }
    }

    /// Where the server is.
    pub fn server(&self) -> &str {
        &self.server
    }

    /// The same server with another token.
    pub fn with_token(self, token: String) -> Self {
        Self { token: Some(token), ..self }
    }

    /// Reads a resource.
    pub fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, ClientError> {
        self.send(Request::new(Method::GET, path))?.json()
    }

    pub(crate) fn post(&self, path: &str, body: &Value, key: Option<&str>) -> Result<Answer, ClientError> {
        let request = Request::new(Method::POST, path).content(Content::Json(body));
        self.send(match key {
            Some(key) => request.named(key),
            None => request,
        })
    }

    pub(crate) fn patch(&self, path: &str, body: &Value) -> Result<Answer, ClientError> {
        self.send(Request::new(Method::PATCH, path).content(Content::Json(body)))
    }

    /// Sends a request, again if need be, and gives its answer unless it is a refusal.
    pub(crate) fn send(&self, request: Request<'_>) -> Result<Answer, ClientError> {
        let mut pause = FIRST_PAUSE;
        let mut tries = 1;
        loop {
            let outcome = self.send_once(&request);
            let wait = match &outcome {
                Ok(_) => return outcome,
                Err(ClientError::Unreachable { .. }) if request.repeatable => pause,
                Err(ClientError::Refused(problem)) => match problem.busy_for() {
                    Some(seconds) if seconds <= LONGEST_WAIT_SECONDS => Duration::from_secs(seconds),
                    _ => return outcome,
                },
                Err(_) => return outcome,
            };
            if tries == TRIES {
                return outcome;
            }
            std::thread::sleep(wait);
            pause *= 2;
            tries += 1;
        }
    }

    fn send_once(&self, request: &Request<'_>) -> Result<Answer, ClientError> {
        let mut builder =
            ureq::http::Request::builder().method(request.method.clone()).uri(self.address(request.path)?);
        for (name, value) in &request.headers {
            builder = builder.header(*name, value);
        }
        if let Some(token) = &self.token {
            builder = builder.header("Authorization", format!("Bearer {token}"));
        }
        let (builder, body) = match &request.content {
            Content::Empty => (builder, SendBody::none()),
            Content::Json(value) => (
                builder.header("Content-Type", "application/json"),
                SendBody::from_json(value).map_err(|e| self.unreachable(e))?,
            ),
            Content::Stream { media_type, length, open } => {
                let builder =
                    builder.header("Content-Type", *media_type).header("Content-Length", length.to_string());
                (builder, SendBody::from_owned_reader(open()?))
            }
        };
        let built = builder.body(body).map_err(|error| ClientError::NotUnderstood(error.to_string()))?;
        let response = self.agent.run(built).map_err(|error| self.unreachable(error))?;
        self.read(response)
    }

    fn read(&self, response: Response<Body>) -> Result<Answer, ClientError> {
        let (parts, mut body) = response.into_parts();
        let body = body
            .with_config()
            .limit(LARGEST_ANSWER)
            .read_to_vec()
            .map_err(|error| self.unreachable(error))?;
        if parts.status.is_success() {
            return Ok(Answer { headers: parts.headers, body });
        }
        let mut problem = Problem::read(parts.status.as_u16(), &body);
        problem.retry_after = problem
            .retry_after
            .or_else(|| parts.headers.get("Retry-After").and_then(|value| value.to_str().ok()?.parse().ok()));
        if parts.status == StatusCode::UNAUTHORIZED {
            return Err(ClientError::NotSignedIn { server: self.server.clone(), detail: problem.detail });
        }
        Err(ClientError::Refused(Box::new(problem)))
    }

    /// Where a path is; an address that the server gave must be its own.
    fn address(&self, path: &str) -> Result<String, ClientError> {
        if let Some(rest) = path.strip_prefix(&self.server)
            && rest.starts_with('/')
        {
            return Ok(path.to_owned());
        }
        if path.contains("://") {
            return Err(ClientError::NotUnderstood(format!("it points to another server, {path}")));
        }
        match path.starts_with("/api/") {
            true => Ok(format!("{}{path}", self.server)),
            false => Ok(format!("{}/api/v1{path}", self.server)),
        }
    }

    fn unreachable(&self, source: ureq::Error) -> ClientError {
        ClientError::Unreachable { server: self.server.clone(), source: Box::new(source) }
    }
}

/// A text as it stands in a query: everything but letters, digits and a few signs as `%XX`.
pub(crate) fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => encoded.push(byte.into()),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_only_sent_to_its_server() {
        let api = Api::new("https://a.example".into(), Some("hoa_x".into()));
        assert_eq!(api.address("/me").unwrap(), "https://a.example/api/v1/me");
        assert_eq!(api.address("/api/v1/uploads/1").unwrap(), "https://a.example/api/v1/uploads/1");
        assert_eq!(
            api.address("https://a.example/api/v1/uploads/1").unwrap(),
            "https://a.example/api/v1/uploads/1"
        );
        for other in ["https://b.example/api/v1/x", "https://a.example.evil/x", "http://a.example/x"] {
            assert!(api.address(other).is_err(), "{other}");
        }
    }

    #[test]
    fn queries_are_encoded() {
        assert_eq!(encoded("a b&c/ä"), "a%20b%26c%2F%C3%A4");
    }
}
