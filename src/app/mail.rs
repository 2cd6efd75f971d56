//! Mail: what is said, and how it leaves.
//!
//! Every link in a mail comes from the configured public address; a request's `Host` has no way in here.

mod messages;
mod queue;
mod transport;

pub use messages::{
    already_registered, announcement, flag_notice, invitation, merger_proposed, password_reset,
    registration_decided, verification,
};
pub use queue::{DeliveryError, deliver, enqueue};
pub use transport::{MailError, Mailer};

use domain::EmailAddress;

/// A mail to one person, in plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Who gets it.
    pub to: EmailAddress,
    /// One line.
    subject: String,
    /// The text, with `\n` between lines.
    pub text: String,
}

impl Mail {
    /// A mail; whatever would end a header line is taken out of the subject.
    pub fn new(to: EmailAddress, subject: &str, text: String) -> Self {
        let subject =
            subject.split(char::is_control).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        Self { to, subject, text }
    }

    /// The subject: one line.
    pub fn subject(&self) -> &str {
        &self.subject
    }
}
