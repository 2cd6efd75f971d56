//! `heldout submit`: sends a submission, and waits for its scores if asked to.

use std::path::PathBuf;

use clap::Args;
use client::PhaseTarget;
use client::submit::{LARGE_BYTES, Submit, check, submit};

use crate::ServerArgs;
use crate::evaluate::OutputFormat;
use crate::io::Io;
use crate::wiring::with_client;

/// What `heldout submit` is told.
#[derive(Debug, Clone, Args)]
pub struct SubmitArgs {
    /// The file to submit
    pub file: PathBuf,
    /// The phase: CHALLENGE/PHASE, or PHASE together with --challenge
    #[arg(long, value_name = "CHALLENGE/PHASE")]
    pub phase: String,
    /// The challenge, where --phase names the phase alone
    #[arg(long)]
    pub challenge: Option<String>,
    /// Stay until it is scored; exit with 2 when the file is invalid, with 1 when the evaluation failed
    #[arg(long)]
    pub wait: bool,
    /// Only have the server check the file: no quota is used, nothing is submitted; exit with 2 when it is invalid
    #[arg(long, conflicts_with = "wait")]
    pub check: bool,
    /// The name of the method, as the leaderboard shows it
    #[arg(long, value_name = "NAME")]
    pub method_name: Option<String>,
    /// What the method is, in a few sentences
    #[arg(long, value_name = "TEXT")]
    pub method_description: Option<String>,
    /// The page of the project
    #[arg(long, value_name = "URL")]
    pub project_url: Option<String>,
    /// The paper
    #[arg(long, value_name = "URL")]
    pub paper_url: Option<String>,
    /// The code
    #[arg(long, value_name = "URL")]
    pub code_url: Option<String>,
    /// An answer to a question of the organizers
    #[arg(long = "attribute", value_name = "NAME=VALUE")]
    pub attributes: Vec<String>,
    /// Keep it off the leaderboard
    #[arg(long)]
    pub private: bool,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    pub format: OutputFormat,
    #[command(flatten)]
    pub server: ServerArgs,
}

pub fn run(args: SubmitArgs, io: &mut Io<'_>) -> anyhow::Result<u8> {
    let phase = PhaseTarget::parse(&args.phase, args.challenge.as_deref())?;
    if args.check {
        let (file, format) = (args.file, args.format.into());
        return Ok(with_client(&args.server, io, |client| check(client, &file, &phase, format))?.code());
    }
    let said = [
        ("name", args.method_name),
        ("description", args.method_description),
        ("project_url", args.project_url),
        ("paper_url", args.paper_url),
        ("code_url", args.code_url),
    ];
    let order = Submit {
        file: args.file,
        phase,
        method: said.into_iter().filter_map(|(name, value)| Some((name, value?))).collect(),
        attributes: args.attributes,
        private: args.private,
        wait: args.wait,
        format: args.format.into(),
        large_bytes: LARGE_BYTES,
    };
    Ok(with_client(&args.server, io, |client| submit(client, &order))?.code())
}
