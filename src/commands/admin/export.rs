//! `heldout admin export`: the whole record, one JSON object per line.

use std::sync::Arc;

use app::App;
use clap::{Args, ValueEnum};
use domain::Actor;
use http_server::api::admin::{ExportKind, Place, page};

use crate::io::Io;

/// What `heldout admin export` is told.
#[derive(Debug, Clone, Args)]
pub struct ExportArgs {
    /// What is printed
    #[arg(long, value_enum)]
    pub kind: Kind,
}

/// The kinds of record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// Every submission
    Submissions,
    /// Every attempt of a worker
    Attempts,
    /// Every score of every evaluation
    Scores,
}

/// The lines are those of the API, written by the same code.
pub async fn run(app: Arc<App>, args: &ExportArgs, io: &mut Io<'_>) -> anyhow::Result<u8> {
    let mut place = Some(Place::Begin(match args.kind {
        Kind::Submissions => ExportKind::Submissions,
        Kind::Attempts => ExportKind::Attempts,
        Kind::Scores => ExportKind::Scores,
    }));
    while let Some(here) = place {
        let (lines, next) = page(&app, &Actor::System, here).await?;
        io.out.write_all(&lines)?;
        place = next;
    }
    Ok(0)
}
