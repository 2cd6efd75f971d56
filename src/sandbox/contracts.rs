//! What programs of other systems expect around them, and what is believed of what they leave behind.

pub mod codabench;
pub mod evalai;
pub mod items;

use std::io;

use crate::folder::FolderError;
use crate::outcome::{End, Outcome};
use crate::run::RunError;

/// What a program did wrong. A contestant hears the code only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FailureCode {
    /// It went beyond a limit.
    LimitExceeded,
    /// It could not be loaded.
    NotLoadable,
    /// It raised an exception, ended with a code other than 0, or was ended by a signal.
    Crashed,
    /// It ended well and left no result.
    NoResult,
    /// It left a result that cannot be used.
    UnusableResult,
    /// It was stopped because nobody wants its result any more.
    Cancelled,
}

impl FailureCode {
    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::LimitExceeded => "program_limit_exceeded",
            Self::NotLoadable => "program_not_loadable",
            Self::Crashed => "program_crashed",
            Self::NoResult => "program_left_no_result",
            Self::UnusableResult => "program_result_unusable",
            Self::Cancelled => "program_cancelled",
        }
    }
}

/// A program that ran and did not do its part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgramFailure {
    /// What went wrong.
    pub code: FailureCode,
    /// For the organizer: it may quote annotations.
    pub message: String,
    /// How the run ended, with what it printed: for the organizer too. `None` if it did not come to a run.
    pub outcome: Option<Outcome>,
}

impl ProgramFailure {
    pub(crate) fn new(code: FailureCode, message: impl Into<String>, outcome: Outcome) -> Self {
        Self { code, message: message.into(), outcome: Some(outcome) }
    }

    /// The failure of what could not even be started.
    pub(crate) fn not_loadable(message: impl Into<String>) -> Self {
        Self { code: FailureCode::NotLoadable, message: message.into(), outcome: None }
    }

    /// The failure of a run that did not end well.
    pub(crate) fn of(outcome: Outcome) -> Self {
        let code = match outcome.end {
            End::Limit(_) => FailureCode::LimitExceeded,
            End::Cancelled => FailureCode::Cancelled,
            End::Exited(_) | End::Signalled(_) => FailureCode::Crashed,
        };
        Self::new(code, outcome.end.to_string(), outcome)
    }
}

/// Why there is no result.
#[derive(Debug, thiserror::Error)]
pub enum ContractError {
    /// The program did not do its part.
    #[error("{}", .0.message)]
    Program(Box<ProgramFailure>),
    /// What it should be given, or what it left, could not be moved.
    #[error("the files of a program could not be moved")]
    Files(#[from] FolderError),
    /// The room could not be used.
    #[error("the room of a program could not be used")]
    Room(#[from] io::Error),
    /// It could not be run.
    #[error(transparent)]
    Run(#[from] RunError),
}

impl From<ProgramFailure> for ContractError {
    fn from(failure: ProgramFailure) -> Self {
        Self::Program(Box::new(failure))
    }
}
