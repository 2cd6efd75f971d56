//! What an evaluation script is told of the submission: the names and types that EvalAI gives them.

use serde::Serialize;
use serde_json::Value;

/// A submission as EvalAI describes it to `evaluate()`. Scripts index these names without asking.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names are EvalAI's and say what they hold")]
pub struct SubmissionMetadata {
    pub id: u64,
    pub participant_team: u64,
    pub participant_team_name: String,
    pub execution_time: Option<f64>,
    pub challenge_phase: u64,
    pub created_by: u64,
    pub status: String,
    pub input_file: Option<String>,
    pub submission_input_file: Option<String>,
    pub stdout_file: Option<String>,
    pub stderr_file: Option<String>,
    pub environment_log_file: Option<String>,
    pub started_at: Option<String>,
    pub completed_at: Option<String>,
    pub submitted_at: String,
    pub rerun_resumed_at: Option<String>,
    pub method_name: String,
    pub method_description: String,
    pub project_url: String,
    pub publication_url: String,
    pub is_public: bool,
    pub is_flagged: bool,
    pub ignore_submission: bool,
    pub submission_result_file: Option<String>,
    pub when_made_public: Option<String>,
    pub is_baseline: bool,
    pub job_name: Option<Vec<String>>,
    /// The answers to the phase's own questions.
    pub submission_metadata: Option<Value>,
    pub is_verified_by_host: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_the_names_that_scripts_index() {
        let written = serde_json::to_value(SubmissionMetadata::default()).unwrap();
        assert_eq!(written.as_object().unwrap().len(), 29);
    }
}
