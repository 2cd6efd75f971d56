//! `heldout leaderboard`: reads a leaderboard.

use clap::{Args, ValueEnum};
use client::{Format, PhaseTarget};

use crate::ServerArgs;
use crate::io::Io;
use crate::wiring::with_client;

/// What `heldout leaderboard` is told.
#[derive(Debug, Clone, Args)]
pub struct LeaderboardArgs {
    /// The phase
    #[arg(value_name = "CHALLENGE/PHASE")]
    pub phase: String,
    /// The split; without it the one that ranks
    #[arg(long)]
    pub split: Option<String>,
    /// How the leaderboard is printed
    #[arg(long, value_enum, default_value_t = BoardFormat::Text)]
    pub format: BoardFormat,
    #[command(flatten)]
    pub server: ServerArgs,
}

/// How a leaderboard is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum BoardFormat {
    /// A table for a person
    Text,
    /// JSON for a program, with every digit
    Json,
    /// CSV for a spreadsheet
    Csv,
}

pub fn run(args: LeaderboardArgs, io: &mut Io<'_>) -> anyhow::Result<u8> {
    let phase = PhaseTarget::parse(&args.phase, None)?;
    let format = match args.format {
        BoardFormat::Text => Format::Text,
        BoardFormat::Json => Format::Json,
        BoardFormat::Csv => Format::Csv,
    };
    with_client(&args.server, io, |client| {
        client::leaderboard::leaderboard(client, &phase, args.split.as_deref(), format)
    })?;
    Ok(0)
}
