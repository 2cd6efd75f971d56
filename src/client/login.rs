//! Signing in: a token is made at the server and kept beside the person's other settings.

use serde::Deserialize;
use serde_json::json;
use ureq::http::Method;

use crate::api::{Account, Request};
use crate::credentials::ServerCredential;
use crate::{Api, Client, ClientError, Credentials};

/// How long the token works that signing in makes.
const TOKEN_DAYS: u32 = 90;

/// How somebody proves who they are.
#[derive(Debug, Clone)]
pub enum Login {
    /// With address and password, asked for where they are not given.
    Password {
        /// The address.
        email: Option<String>,
        /// What the token is called in the person's list of tokens.
        token_name: String,
    },
    /// With an API token that exists; `-` reads it from the input.
    Token(String),
}

#[derive(Deserialize)]
struct Session {
    access_token: String,
}

#[derive(Deserialize)]
struct NewToken {
    #[serde(alias = "secret")]
    token: String,
}

/// Signs in and stores a token that only this person's programs can read.
///
/// The password is used once; what is kept is an API token, which can be revoked by itself.
pub fn login(client: &mut Client<'_>, how: Login) -> Result<(), ClientError> {
    let mut credentials = Credentials::load(client.environment)?;
    let server = client.server_url(&credentials)?;
    let token = match how {
        Login::Token(text) if text == "-" => client.terminal.ask_secret("Token: ")?.trim().to_owned(),
        Login::Token(text) => text,
        Login::Password { email, token_name } => with_password(client, &server, email, &token_name)?,
    };
    let account: Account = Api::new(server.clone(), Some(token.clone())).get("/me")?;
    let credential = ServerCredential { email: account.email.clone(), token };
    credentials.servers.insert(server.clone(), credential);
    credentials.server = Some(server.clone());
    let path = credentials.store(client.environment)?;
    writeln!(client.terminal.out, "signed in at {server} as {} <{}>", account.name, account.email)?;
    writeln!(client.terminal.err, "the token is in {}", path.display())?;
    Ok(())
}

fn with_password(
    client: &mut Client<'_>,
    server: &str,
    email: Option<String>,
    token_name: &str,
) -> Result<String, ClientError> {
    let email = match email {
        Some(email) => email,
        None => client.terminal.ask("E-mail: ")?.trim().to_owned(),
    };
    let password = client.terminal.ask_secret("Password: ")?;
    let api = Api::new(server.to_owned(), None);
    let session: Session = api
        .post("/sessions", &json!({ "email": email, "password": password }), None)
        .map_err(|error| match error {
            // Signing in again is no advice to somebody who tries to.
            ClientError::NotSignedIn { detail, .. } => ClientError::Usage(detail),
            other => other,
        })?
        .json()?;
    let api = api.with_token(session.access_token);
    let wanted = json!({
        "name": token_name,
        "scopes": ["read", "submit", "organize"],
        "expires_in_days": TOKEN_DAYS,
    });
    let made: NewToken = api.post("/me/tokens", &wanted, Some(&client.random_name()))?.json()?;
    // The session has done its work; if it cannot be ended it ends by itself.
    let _ = api.send(Request::new(Method::DELETE, "/sessions/current"));
    Ok(made.token)
}
