//! Links that are sent by mail.

use domain::{EmailAddress, JobId, Timestamp, UserId};
use storage::Conn;
use storage::accounts::email_tokens::{self, LinkPurpose, NewLink};

use crate::App;
use crate::failure::Outcome;
use crate::identity::{OpaqueToken, TokenKind};
use crate::mail::{self, Mail};
use crate::settings::PublicUrl;

/// Whoever asks for more is annoying somebody.
const MOST_PER_HOUR: i64 = 5;

/// What a mail says around its link.
type Text = fn(&PublicUrl, EmailAddress, &OpaqueToken) -> Mail;

/// A mail with a fresh link, made before the transaction that sends it.
pub(super) struct Letter {
    site: PublicUrl,
    token: OpaqueToken,
    purpose: LinkPurpose,
    text: Text,
    job: JobId,
    written_at: Timestamp,
    expires_at: Timestamp,
}

impl Letter {
    /// Asks somebody to prove their address.
    pub(super) fn verification(app: &App) -> Self {
        let seconds = app.settings.accounts.verification_link_seconds;
        Self::new(app, LinkPurpose::Verify, TokenKind::Verification, mail::verification, seconds)
    }

    /// Lets somebody choose a new password, as they asked.
    pub(super) fn reset(app: &App) -> Self {
        let seconds = app.settings.accounts.reset_link_seconds;
        Self::new(app, LinkPurpose::Reset, TokenKind::Reset, mail::password_reset, seconds)
    }

    /// Tells somebody who registers a second time that they have an account, and lets them choose a new password.
    pub(super) fn already_registered(app: &App) -> Self {
        let seconds = app.settings.accounts.reset_link_seconds;
        Self::new(app, LinkPurpose::Reset, TokenKind::Reset, mail::already_registered, seconds)
    }

    fn new(app: &App, purpose: LinkPurpose, kind: TokenKind, text: Text, lifetime_seconds: u32) -> Self {
        let written_at = app.now();
        Self {
            site: app.settings.server.public_url.clone(),
            token: OpaqueToken::mint(kind, app.sources.entropy.as_ref()),
            purpose,
            text,
            job: app.sources.new_id(),
            written_at,
            expires_at: written_at.plus_seconds(lifetime_seconds.into()),
        }
    }

    /// Keeps the link and queues the mail, unless this person was sent enough in the last hour.
    pub(super) fn send(&self, conn: &mut Conn<'_>, user: UserId, to: &EmailAddress) -> Outcome<()> {
        if email_tokens::sent_since(conn, user, self.written_at.plus_seconds(-3600))? >= MOST_PER_HOUR {
            return Ok(());
        }
        let link = NewLink {
            token: self.token.digest(),
            user,
            purpose: self.purpose,
            created_at: self.written_at,
            expires_at: self.expires_at,
        };
        email_tokens::insert(conn, &link)?;
        mail::enqueue(conn, self.job, &(self.text)(&self.site, to.clone(), &self.token), self.written_at)
    }
}
