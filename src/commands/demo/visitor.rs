//! A contestant at the door of the site: what is submitted goes over HTTP like everybody's.

use std::time::Duration;

use anyhow::{Context as _, bail};
use domain::SubmissionId;
use serde_json::{Value, json};

/// A person who has signed in.
pub(crate) struct Visitor {
    agent: ureq::Agent,
    site: String,
    token: String,
}

/// How a submission ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ended {
    /// The submission.
    pub(crate) id: SubmissionId,
    /// Its last state.
    pub(crate) state: String,
}

/// Between two looks at a submission.
const PAUSE: Duration = Duration::from_millis(5);
/// How often a submission is looked at before it counts as stuck: for more than a minute.
const LOOKS: u32 = 20_000;

impl Visitor {
    /// Signs in.
    pub(crate) fn sign_in(site: &str, email: &str, password: &str) -> anyhow::Result<Self> {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(60)))
            .build()
            .new_agent();
        let request = agent.post(format!("{site}/api/v1/sessions"));
        let answer = read(request.send_json(json!({ "email": email, "password": password })))
            .with_context(|| format!("{email} could not sign in"))?;
        let token = answer["access_token"].as_str().context("signing in gave no token")?.to_owned();
        Ok(Self { agent, site: site.to_owned(), token })
    }

    /// Sends a file, and waits until it is scored or refused.
    pub(crate) fn submit(
        &self,
        challenge: &str,
        phase: &str,
        file_name: &str,
        method: &Value,
        file: &[u8],
    ) -> anyhow::Result<Ended> {
        let address = format!("{}/api/v1/challenges/{challenge}/phases/{phase}/submissions", self.site);
        let request = self
            .agent
            .post(address)
            .query("file_name", file_name)
            .query("method", method.to_string())
            .content_type("application/octet-stream")
            .header("Authorization", format!("Bearer {}", self.token));
        let accepted = read(request.send(file)).with_context(|| format!("{challenge} took no file"))?;
        let id: SubmissionId =
            accepted["id"].as_str().context("a submission without an id")?.parse().context("an odd id")?;
        for _ in 0..LOOKS {
            let state = self.state(id)?;
            if matches!(state.as_str(), "scored" | "invalid" | "failed" | "cancelled") {
                return Ok(Ended { id, state });
            }
            std::thread::sleep(PAUSE);
        }
        bail!("submission {id} is neither scored nor refused");
    }

    fn state(&self, id: SubmissionId) -> anyhow::Result<String> {
        let request = self
            .agent
            .get(format!("{}/api/v1/submissions/{id}", self.site))
            .header("Authorization", format!("Bearer {}", self.token));
        let submission =
            read(request.call()).with_context(|| format!("submission {id} could not be read"))?;
        Ok(submission["state"].as_str().unwrap_or_default().to_owned())
    }
}

/// The answer as JSON; a refusal as an error with its reason.
fn read(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> anyhow::Result<Value> {
    let mut answer = answer?;
    let status = answer.status();
    let text = answer.body_mut().read_to_string()?;
    if !status.is_success() {
        bail!("status {status}: {text}");
    }
    serde_json::from_str(&text).context("the answer is no JSON")
}
