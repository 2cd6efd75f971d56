//! `heldout result`: the final result of a phase.

use std::path::PathBuf;

use clap::Args;
use client::result::{ShowResult, result};
use client::{Format, PhaseTarget};

use crate::ServerArgs;
use crate::io::Io;
use crate::wiring::with_client;

/// What `heldout result` is told.
#[derive(Debug, Clone, Args)]
pub struct ResultArgs {
    /// The phase
    #[arg(value_name = "CHALLENGE/PHASE")]
    pub phase: String,
    /// For organizers, when the phase is closed: have the result worked out and published, and wait for it
    #[arg(long)]
    pub publish: bool,
    /// Why there is another version; needed from the second on
    #[arg(long, default_value = "", requires = "publish")]
    pub reason: String,
    /// Publish the secret of the splits with it, so that anybody can repeat the draws; cannot be taken back
    #[arg(long, requires = "publish")]
    pub retire_splits: bool,
    /// Keep the record in this file, byte by byte as it was signed
    #[arg(long, value_name = "FILE")]
    pub save: Option<PathBuf>,
    /// Print JSON for a program
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub server: ServerArgs,
}

pub fn run(args: ResultArgs, io: &mut Io<'_>) -> anyhow::Result<u8> {
    let phase = PhaseTarget::parse(&args.phase, None)?;
    let wanted = ShowResult {
        ask: args.publish,
        reason: args.reason,
        retire_splits: args.retire_splits,
        save: args.save,
        format: if args.json { Format::Json } else { Format::Text },
    };
    with_client(&args.server, io, |client| result(client, &phase, &wanted))?;
    Ok(0)
}
