//! `heldout admin user`: accounts.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use app::App;
use app::accounts::create_user::{CreateUser, create_user};
use app::accounts::list_users::{ListUsers, find_user, list_users};
use app::accounts::update_user::{UpdateUser, update_user};
use app::identity::Password;
use clap::Subcommand;
use domain::{Actor, EmailAddress, PersonName, SiteRole};
use serde_json::json;
use storage::accounts::User;

use crate::evaluate::OutputFormat;
use crate::io::Io;

/// How many accounts are read at a time.
const PAGE: u32 = 200;

/// What `heldout admin user` can do.
#[derive(Debug, Clone, Subcommand)]
pub enum UserCommand {
    /// Make an account; its address counts as proven
    Create {
        /// The e-mail address
        email: String,
        /// The person's name
        #[arg(long)]
        name: String,
        /// What the person is on the whole site: member, researcher or admin
        #[arg(long, default_value = "member")]
        role: String,
        /// A file with the password; without one the person chooses it by "forgot password"
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
    },
    /// List the accounts
    List {
        /// Only those whose address begins so
        #[arg(long, value_name = "TEXT")]
        address: Option<String>,
        /// How they are printed; JSON is one object per line
        #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
        format: OutputFormat,
    },
    /// Change what somebody is on the whole site
    Role {
        /// The e-mail address
        email: String,
        /// member, researcher or admin
        role: String,
    },
    /// Make an account unusable and end its sessions
    Disable {
        /// The e-mail address
        email: String,
    },
    /// Make a disabled account usable again
    Enable {
        /// The e-mail address
        email: String,
    },
}

pub async fn run(app: Arc<App>, command: UserCommand, io: &mut Io<'_>) -> anyhow::Result<u8> {
    match command {
        UserCommand::Create { email, name, role, password_file } => {
            let email = EmailAddress::parse(&email)?;
            let name = PersonName::parse(&name)?;
            let password = match password_file {
                Some(file) => {
                    let text = std::fs::read_to_string(&file)
                        .with_context(|| format!("cannot read the password file {}", file.display()))?;
                    Some(Password::parse(text.trim_end_matches(['\r', '\n']), &email, name.as_str())?)
                }
                None => None,
            };
            let site_role = SiteRole::parse(&role)?;
            let new = CreateUser { email: email.clone(), name, password, site_role };
            let id = create_user(&app, &Actor::System, new).await?;
            writeln!(io.out, "{id} {email} {}", site_role.as_str())?;
        }
        UserCommand::List { address, format } => list(&app, address, format, io).await?,
        UserCommand::Role { email, role } => {
            let role = SiteRole::parse(&role)?;
            change(&app, &email, Some(role), None, io).await?;
        }
        UserCommand::Disable { email } => change(&app, &email, None, Some(true), io).await?,
        UserCommand::Enable { email } => change(&app, &email, None, Some(false), io).await?,
    }
    Ok(0)
}

/// The account of an address that must have one.
pub(super) async fn account(app: &App, email: &str) -> anyhow::Result<User> {
    let email = EmailAddress::parse(email)?;
    let found = find_user(app, &Actor::System, email.clone()).await?;
    found.with_context(|| format!("there is no account with the address {email}"))
}

async fn list(
    app: &App,
    address_begins: Option<String>,
    format: OutputFormat,
    io: &mut Io<'_>,
) -> anyhow::Result<()> {
    let mut asked = ListUsers { after: None, address_begins, limit: PAGE };
    loop {
        let users = list_users(app, &Actor::System, asked.clone()).await?;
        for user in &users {
            match format {
                OutputFormat::Text => writeln!(io.out, "{}", line(user))?,
                OutputFormat::Json => writeln!(io.out, "{}", object(user))?,
            }
        }
        match users.last() {
            Some(last) if users.len() == PAGE as usize => asked.after = Some(last.id),
            _ => return Ok(()),
        }
    }
}

fn line(user: &User) -> String {
    let disabled = if user.disabled_at.is_some() { " disabled" } else { "" };
    format!("{} {} {} {}{disabled}", user.id, user.email, user.site_role.as_str(), user.name)
}

fn object(user: &User) -> serde_json::Value {
    json!({
        "id": user.id,
        "email": user.email,
        "name": user.name,
        "site_role": user.site_role,
        "verified": user.email_verified_at.is_some(),
        "created_at": user.created_at,
        "disabled_at": user.disabled_at,
    })
}

async fn change(
    app: &App,
    email: &str,
    site_role: Option<SiteRole>,
    disabled: Option<bool>,
    io: &mut Io<'_>,
) -> anyhow::Result<()> {
    let user = account(app, email).await?.id;
    let user = update_user(app, &Actor::System, UpdateUser { user, site_role, disabled }).await?;
    writeln!(io.out, "{}", line(&user))?;
    Ok(())
}
