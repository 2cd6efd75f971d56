//! `heldout login`: signs in at a server and keeps a token.

use clap::Args;
use client::login::{Login, login};

use crate::ServerArgs;
use crate::io::Io;
use crate::wiring::with_client;

/// What `heldout login` is told.
#[derive(Debug, Clone, Args)]
pub struct LoginArgs {
    #[command(flatten)]
    pub server: ServerArgs,
    /// Your e-mail address; it is asked for when it is missing
    #[arg(long, conflicts_with = "token")]
    pub email: Option<String>,
    /// Sign in with an API token instead of a password; `-` reads it from the input
    #[arg(long, value_name = "TOKEN")]
    pub token: Option<String>,
    /// What the new token is called in your list of tokens
    #[arg(long, value_name = "NAME", default_value = "heldout command line", conflicts_with = "token")]
    pub token_name: String,
}

pub fn run(args: LoginArgs, io: &mut Io<'_>) -> anyhow::Result<u8> {
    let how = match args.token {
        Some(token) => Login::Token(token),
        None => Login::Password { email: args.email, token_name: args.token_name },
    };
    with_client(&args.server, io, |client| login(client, how))?;
    Ok(0)
}
