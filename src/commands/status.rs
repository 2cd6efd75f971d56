//! `heldout status`: one submission, or the recent ones of a phase with what is left of its quota.

use clap::Args;
use client::{Ending, PhaseTarget, status};

use crate::ServerArgs;
use crate::evaluate::OutputFormat;
use crate::io::Io;
use crate::wiring::with_client;

/// What `heldout status` is told.
#[derive(Debug, Clone, Args)]
#[command(group = clap::ArgGroup::new("what").required(true).args(["id", "phase"]))]
pub struct StatusArgs {
    /// The submission
    pub id: Option<String>,
    /// The phase: CHALLENGE/PHASE, or PHASE together with --challenge
    #[arg(long, value_name = "CHALLENGE/PHASE")]
    pub phase: Option<String>,
    /// The challenge, where --phase names the phase alone
    #[arg(long, requires = "phase")]
    pub challenge: Option<String>,
    /// How the answer is printed
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    pub format: OutputFormat,
    #[command(flatten)]
    pub server: ServerArgs,
}

pub fn run(args: StatusArgs, io: &mut Io<'_>) -> anyhow::Result<u8> {
    let format = args.format.into();
    let phase = args.phase.map(|phase| PhaseTarget::parse(&phase, args.challenge.as_deref())).transpose()?;
    let ending = with_client(&args.server, io, |client| match (&args.id, phase) {
        (_, Some(phase)) => status::recent(client, &phase, format).map(|()| Ending::Done),
        (Some(id), None) => status::one(client, id, format),
        (None, None) => Ok(Ending::Done),
    })?;
    Ok(ending.code())
}
