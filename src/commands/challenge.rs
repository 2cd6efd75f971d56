//! `heldout challenge`: a challenge as files, brought to a server or written from one, and what is decided while it runs.

use std::path::PathBuf;

use clap::Subcommand;
use client::challenge::{
    Apply, CloneChallenge, ExportBundle, ImportBundle, apply, clone, export, export_bundle, import,
};

use crate::ServerArgs;
use crate::flags::{self, FlagsCommand};
use crate::io::Io;
use crate::wiring::with_client;

/// What `heldout challenge` can do.
#[derive(Debug, Clone, Subcommand)]
pub enum ChallengeCommand {
    /// Bring the challenge in a folder to the server: shows what would change, asks, changes only that
    Apply {
        /// The folder with the challenge.toml
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// Do it without asking
        #[arg(long, short)]
        yes: bool,
        /// Only show what would change
        #[arg(long, conflicts_with = "yes")]
        dry_run: bool,
        /// Why, for everybody to read; needed where the deadline of an open phase moves
        #[arg(long)]
        reason: Option<String>,
        #[command(flatten)]
        server: ServerArgs,
    },
    /// Write a challenge of the server as a folder that `apply` takes, or that is a bundle of EvalAI
    Export {
        /// The challenge
        slug: String,
        /// The folder; without it, one named after the challenge
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
        /// What the folder is
        #[arg(long, value_enum, default_value_t)]
        format: ExportFormat,
        /// Put the held-out annotations into the bundle of EvalAI; that you asked for them is on record
        #[arg(long)]
        annotations: bool,
        #[command(flatten)]
        server: ServerArgs,
    },
    /// Bring a bundle of EvalAI, Codabench or CodaLab to the server, as a draft
    Import {
        /// The zip archive, or the folder that would be packed
        #[arg(value_name = "BUNDLE")]
        path: PathBuf,
        /// Only say what would become of it, and everything that is wrong with it
        #[arg(long)]
        check: bool,
        /// Where it comes from; what comes from there again changes the same challenge
        #[arg(long)]
        source: Option<String>,
        #[command(flatten)]
        server: ServerArgs,
    },
    /// Make a draft like a challenge that you run: its texts, terms, phases, splits and rules of entry, on later dates
    Clone {
        /// The challenge
        #[arg(value_name = "CHALLENGE")]
        source: String,
        /// The slug of the new one
        slug: String,
        /// Its heading; the same without one
        #[arg(long)]
        title: Option<String>,
        /// Which edition it is; the same without one
        #[arg(long)]
        edition: Option<String>,
        /// How many days later everything takes place; negative for earlier
        #[arg(long, value_name = "DAYS", default_value_t = 0, allow_hyphen_values = true)]
        shift_days: i32,
        /// Keep the held-out annotations that are in force, and with them who is in which hash split
        #[arg(long)]
        annotations: bool,
        #[command(flatten)]
        server: ServerArgs,
    },
    /// Look at copies and probing that the server has seen, and decide about them
    #[command(subcommand)]
    Flags(FlagsCommand),
}

/// What a challenge is written as.
#[derive(Debug, Clone, Copy, Default, clap::ValueEnum)]
pub enum ExportFormat {
    /// What `apply` takes
    #[default]
    Challenge,
    /// A bundle of EvalAI
    Evalai,
}

pub fn run(command: ChallengeCommand, io: &mut Io<'_>) -> anyhow::Result<u8> {
    match command {
        ChallengeCommand::Apply { folder, yes, dry_run, reason, server } => {
            with_client(&server, io, |client| apply(client, &Apply { folder, yes, dry_run, reason }))?;
        }
        ChallengeCommand::Export { slug, folder, format: ExportFormat::Challenge, annotations, server } => {
            if annotations {
                anyhow::bail!("annotations leave only in a bundle: --format evalai");
            }
            with_client(&server, io, |client| export(client, &slug, folder))?;
        }
        ChallengeCommand::Export { slug, folder, format: ExportFormat::Evalai, annotations, server } => {
            with_client(&server, io, |client| {
                export_bundle(client, &ExportBundle { slug, folder, annotations })
            })?;
        }
        ChallengeCommand::Import { path, check, source, server } => {
            with_client(&server, io, |client| import(client, &ImportBundle { path, check, source }))?;
        }
        ChallengeCommand::Clone { source, slug, title, edition, shift_days, annotations, server } => {
            let wanted = CloneChallenge { source, slug, title, edition, shift_days, annotations };
            with_client(&server, io, |client| clone(client, &wanted))?;
        }
        ChallengeCommand::Flags(command) => return flags::run(command, io),
    }
    Ok(0)
}
