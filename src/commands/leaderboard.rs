//! `heldout leaderboard`: reads a leaderboard.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use client::leaderboard::{BoardPart, leaderboard, leaderboard_as, save_snapshot};
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
    /// Only entries that their teams declare to be in this class, such as supervision:zero_shot,extra_data:none
    #[arg(long)]
    pub class: Option<String>,
    /// Keep what everybody is shown in this file, signed; `heldout verify` verifies it without a server
    #[arg(long, value_name = "FILE", conflicts_with_all = ["format", "class"])]
    pub snapshot: Option<PathBuf>,
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
    /// A table of Markdown
    Markdown,
    /// A table of LaTeX, with the commands of booktabs
    Latex,
}

pub fn run(args: LeaderboardArgs, io: &mut Io<'_>) -> anyhow::Result<u8> {
    let phase = PhaseTarget::parse(&args.phase, None)?;
    let part = BoardPart { split: args.split, class: args.class };
    with_client(&args.server, io, |client| {
        if let Some(file) = &args.snapshot {
            return save_snapshot(client, &phase, &part, file);
        }
        match args.format {
            BoardFormat::Text => leaderboard(client, &phase, &part, Format::Text),
            BoardFormat::Json => leaderboard(client, &phase, &part, Format::Json),
            BoardFormat::Csv => leaderboard(client, &phase, &part, Format::Csv),
            BoardFormat::Markdown => leaderboard_as(client, &phase, &part, "markdown"),
            BoardFormat::Latex => leaderboard_as(client, &phase, &part, "latex"),
        }
    })?;
    Ok(0)
}
