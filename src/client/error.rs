//! Why a command did not do its work.

use std::path::PathBuf;

use bundles::BundleError;

use crate::api::Problem;

/// Why a command did not do its work.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// No server is known.
    #[error("no server is known: sign in with `heldout login --server URL`, or set HELDOUT_URL")]
    NoServer,
    /// The address of the server is none.
    #[error("{0:?} is no address of a server; it looks like https://heldout.example")]
    BadServer(String),
    /// The server does not know the sender, or no longer.
    #[error("not signed in at {server}: {detail}; sign in with `heldout login`")]
    NotSignedIn {
        /// Where.
        server: String,
        /// What the server said.
        detail: String,
    },
    /// The server understood and said no.
    #[error("{0}")]
    Refused(Box<Problem>),
    /// There was no answer.
    #[error("no answer from {server}")]
    Unreachable {
        /// From where.
        server: String,
        /// Why.
        source: Box<ureq::Error>,
    },
    /// The answer is not what this program knows.
    #[error("the answer of the server is not understood: {0}")]
    NotUnderstood(String),
    /// A file cannot be used.
    #[error("cannot {action} {}", path.display())]
    File {
        /// What was to be done.
        action: &'static str,
        /// With which.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The file with the credentials is broken.
    #[error("{} is not a file of credentials: {reason}", path.display())]
    BadCredentials {
        /// Which.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// There is no folder for credentials.
    #[error("no folder for credentials: set HOME or XDG_CONFIG_HOME")]
    NoFolder,
    /// Nobody is there to answer a question.
    #[error("{0}")]
    NobodyToAsk(&'static str),
    /// What was asked for does not fit together.
    #[error("{0}")]
    Usage(String),
    /// The challenge in a folder is wrong.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// The output cannot be written.
    #[error("cannot write the output")]
    Output(#[from] std::io::Error),
}

impl ClientError {
    /// Whether the server said that there is no such thing.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Refused(problem) if problem.code == "not_found")
    }

    /// For `map_err` where a file is worked with.
    pub(crate) fn file(action: &'static str, path: &std::path::Path) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::File { action, path: path.to_owned(), source }
    }
}
