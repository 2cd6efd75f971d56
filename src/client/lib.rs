//! The commands that talk to a server: signing in, submitting, reading, and challenges as code.
//!
//! Nothing here knows the server's code: what goes over the wire is described by small structures of its own,
//! which read what they need and pass over what they do not know.

pub mod api;
pub mod challenge;
pub mod credentials;
mod error;
pub mod leaderboard;
pub mod login;
pub mod research;
pub mod result;
mod show;
pub mod status;
pub mod submit;
mod target;
mod terminal;

pub use api::Api;
pub use credentials::{Credentials, Environment};
pub use error::ClientError;
pub use target::{PhaseTarget, TargetMalformed};
pub use terminal::Terminal;

use domain::Entropy;

/// How a command prints its result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For a person.
    Text,
    /// For a program.
    Json,
    /// For a spreadsheet.
    Csv,
}

/// How a command that did its work ended: what becomes its exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// As it was meant to.
    Done,
    /// The submission could not be evaluated, or was cancelled.
    Failed,
    /// The submission's file is wrong.
    Invalid,
}

impl Ending {
    /// The exit code.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Invalid => 2,
        }
    }
}

/// What every command here works with.
pub struct Client<'a> {
    /// The variables and folders of the person.
    pub environment: &'a Environment,
    /// The server that `--server` names.
    pub server: Option<&'a str>,
    /// Where keys and boundaries come from.
    pub entropy: &'a dyn Entropy,
    /// Where results and questions go.
    pub terminal: Terminal<'a>,
}

impl Client<'_> {
    /// The server to talk to, with the credential there is for it.
    pub fn api(&self) -> Result<Api, ClientError> {
        let stored = Credentials::load(self.environment)?;
        let server = self.server_url(&stored)?;
        let token = self.environment.token.clone().or_else(|| stored.token_for(&server).map(str::to_owned));
        Ok(Api::new(server, token))
    }

    /// `--server`, else `HELDOUT_URL`, else where the person signed in last.
    fn server_url(&self, stored: &Credentials) -> Result<String, ClientError> {
        let named = self.server.map(str::to_owned).or_else(|| self.environment.url.clone());
        let url = named.or_else(|| stored.server.clone()).ok_or(ClientError::NoServer)?;
        credentials::normalize(&url)
    }

    /// Random text for keys and boundaries.
    fn random_name(&self) -> String {
        let mut bytes = [0; 16];
        self.entropy.fill(&mut bytes);
        hex::encode(bytes)
    }
}
