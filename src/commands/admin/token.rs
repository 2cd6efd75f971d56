//! `heldout admin token`: tokens for programs.

use std::sync::Arc;

use anyhow::Context as _;
use app::App;
use app::accounts::api_tokens::{CreateApiToken, TokenDays, mint_api_token};
use clap::Subcommand;
use domain::{Actor, Scopes, Title};

use super::user::account;
use crate::io::Io;

/// What `heldout admin token` can do.
#[derive(Debug, Clone, Subcommand)]
pub enum TokenCommand {
    /// Make a token for somebody and print it, this one time
    Create {
        /// The e-mail address of the account
        email: String,
        /// What the token is called in the person's list of tokens
        #[arg(long)]
        name: String,
        /// What it allows, separated by commas: read, submit, organize, admin
        #[arg(long, default_value = "read,submit,organize")]
        scopes: String,
        /// After how many days it ends
        #[arg(long, value_name = "DAYS", default_value_t = 90)]
        expires_in_days: u32,
    },
}

pub async fn run(app: Arc<App>, command: TokenCommand, io: &mut Io<'_>) -> anyhow::Result<u8> {
    let TokenCommand::Create { email, name, scopes, expires_in_days } = command;
    let user = account(&app, &email).await?.id;
    let new = CreateApiToken {
        name: Title::parse(&name)?,
        scopes: Scopes::parse(&scopes)?,
        days: TokenDays::parse(Some(expires_in_days))?,
        idempotency: None,
    };
    let made = mint_api_token(&app, &Actor::System, user, new).await?.into_inner();
    let secret = made.secret.context("the token was made before and is kept nowhere")?;
    writeln!(io.out, "{}", secret.reveal())?;
    Ok(0)
}
