//! `heldout admin`: works on the database and the folders of the configuration itself; no server is asked.

pub mod backup;
mod copying;
pub mod export;
mod manifest;
pub mod migrate;
mod postgres;
pub mod restore;
pub mod token;
pub mod user;
pub mod verify;

use std::sync::Arc;

use app::App;
use clap::{Args, Subcommand};

use crate::ConfigArgs;
use crate::config::Configuration;
use crate::io::Io;
use crate::wiring;

/// What `heldout admin` is told.
#[derive(Debug, Clone, Args)]
pub struct AdminArgs {
    #[command(flatten)]
    config: ConfigArgs,
    #[command(subcommand)]
    command: AdminCommand,
}

#[derive(Debug, Clone, Subcommand)]
enum AdminCommand {
    /// Make, list and change accounts
    #[command(subcommand)]
    User(user::UserCommand),
    /// Make API tokens
    #[command(subcommand)]
    Token(token::TokenCommand),
    /// Print every submission, attempt or score, one JSON object per line
    Export(export::ExportArgs),
    /// Check the event log, the scores, the leaderboards and every artifact
    Verify(verify::VerifyArgs),
    /// Bring the database to the schema of this version, as every start does
    Migrate,
    /// Write everything into a new folder
    Backup(backup::BackupArgs),
    /// Bring back what `backup` wrote, into an empty place
    Restore(restore::RestoreArgs),
}

pub fn run(args: AdminArgs, io: &mut Io<'_>) -> anyhow::Result<u8> {
    let configuration = wiring::load(args.config)?;
    match args.command {
        AdminCommand::User(command) => {
            with_app(&configuration, async |app| user::run(app, command, io).await)
        }
        AdminCommand::Token(command) => {
            with_app(&configuration, async |app| token::run(app, command, io).await)
        }
        AdminCommand::Export(args) => with_app(&configuration, async |app| export::run(app, &args, io).await),
        AdminCommand::Verify(args) => with_app(&configuration, async |app| verify::run(app, &args, io).await),
        AdminCommand::Migrate => migrate::run(&configuration, io),
        AdminCommand::Backup(args) => backup::run(&configuration, &args, io),
        AdminCommand::Restore(args) => restore::run(&configuration, &args, io),
    }
}

/// Opens the application for one command, and closes the database behind it.
fn with_app(
    configuration: &Configuration,
    work: impl AsyncFnOnce(Arc<App>) -> anyhow::Result<u8>,
) -> anyhow::Result<u8> {
    let app = wiring::open(configuration)?;
    wiring::runtime()?.block_on(async {
        let outcome = work(Arc::clone(&app)).await;
        app.db.close().await;
        outcome
    })
}
