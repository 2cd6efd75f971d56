//! `heldout challenge flags`: copies and probing that the server has seen, and what is decided about them.

use clap::{Args, Subcommand};
use client::challenge::flags::{Ruling, answer_appeal, decide_flag, list_flags, show_flag};
use client::{Format, PhaseTarget};

use crate::ServerArgs;
use crate::io::Io;
use crate::wiring::with_client;

/// What `heldout challenge flags` can do.
#[derive(Debug, Clone, Subcommand)]
pub enum FlagsCommand {
    /// List the flags of a phase, newest first
    List {
        /// The phase
        #[arg(value_name = "CHALLENGE/PHASE")]
        phase: String,
        /// Only those with something to decide or to answer
        #[arg(long)]
        waiting: bool,
        /// Print JSON for a program
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        server: ServerArgs,
    },
    /// Show a flag with its evidence
    Show {
        /// The flag
        id: String,
        /// Print JSON for a program
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        server: ServerArgs,
    },
    /// Dismiss a flag: there is nothing to it
    Dismiss {
        #[command(flatten)]
        said: Said,
        #[command(flatten)]
        server: ServerArgs,
    },
    /// Uphold a flag: its teams are told, with the reason, and may appeal once
    Uphold {
        #[command(flatten)]
        said: Said,
        /// Take the submissions of this team off the leaderboard; tombstones stay
        #[arg(long, value_name = "TEAM_ID")]
        withdraw: Vec<String>,
        /// Give this team no prize in the phase; its entries stand
        #[arg(long, value_name = "TEAM_ID")]
        disqualify: Vec<String>,
        #[command(flatten)]
        server: ServerArgs,
    },
    /// Answer the appeal of a team
    Answer {
        #[command(flatten)]
        said: Said,
        /// The team that appealed
        #[arg(long, value_name = "TEAM_ID")]
        team: String,
        /// Lift the consequence; without it, it stays
        #[arg(long)]
        reverse: bool,
        #[command(flatten)]
        server: ServerArgs,
    },
}

/// Which flag, and why.
#[derive(Debug, Clone, Args)]
pub struct Said {
    /// The flag
    pub id: String,
    /// The reason, in words that the teams read where the flag is upheld
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
}

pub fn run(command: FlagsCommand, io: &mut Io<'_>) -> anyhow::Result<u8> {
    let format = |json: bool| if json { Format::Json } else { Format::Text };
    match command {
        FlagsCommand::List { phase, waiting, json, server } => {
            let phase = PhaseTarget::parse(&phase, None)?;
            with_client(&server, io, |client| list_flags(client, &phase, waiting, format(json)))?;
        }
        FlagsCommand::Show { id, json, server } => {
            with_client(&server, io, |client| show_flag(client, &id, format(json)))?;
        }
        FlagsCommand::Dismiss { said, server } => {
            with_client(&server, io, |client| decide_flag(client, &said.id, &Ruling::Dismiss, &said.reason))?;
        }
        FlagsCommand::Uphold { said, withdraw, disqualify, server } => {
            let ruling = Ruling::Uphold { withdraw, disqualify };
            with_client(&server, io, |client| decide_flag(client, &said.id, &ruling, &said.reason))?;
        }
        FlagsCommand::Answer { said, team, reverse, server } => {
            with_client(&server, io, |client| answer_appeal(client, &said.id, &team, reverse, &said.reason))?;
        }
    }
    Ok(0)
}
