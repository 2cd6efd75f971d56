//! Staying until a submission is scored, and telling how far it is.

use std::time::Duration;

use indicatif::ProgressBar;
use serde_json::Value;

use crate::api::Submission;
use crate::show::standing;
use crate::{Api, Client, ClientError, status};

/// The first look comes soon, because small files are scored in no time.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
/// Later ones leave the server alone.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Looks at the submission until it has ended.
pub(super) fn until_ended(client: &mut Client<'_>, api: &Api, id: &str) -> Result<Value, ClientError> {
    let path = format!("/submissions/{id}");
    let spinner = ProgressBar::new_spinner();
    let mut told = String::new();
    let mut pause = FIRST_PAUSE;
    loop {
        let read: Value = api.get(&path)?;
        let submission: Submission = status::understood(&read)?;
        if matches!(submission.state.as_str(), "scored" | "invalid" | "failed" | "cancelled") {
            spinner.finish_and_clear();
            return Ok(read);
        }
        let now = standing(&submission);
        if client.terminal.attended {
            spinner.set_message(now);
            spinner.tick();
        } else if now != told {
            writeln!(client.terminal.err, "{now}")?;
            told = now;
        }
        std::thread::sleep(pause);
        pause = (pause * 3 / 2).min(LONGEST_PAUSE);
    }
}
