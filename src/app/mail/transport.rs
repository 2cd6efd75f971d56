//! The two ways mail leaves: as a file in a folder, or through a mail server.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use domain::Sources;
use lettre::message::{Mailbox, header::ContentType};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};

use super::Mail;
use crate::settings::{MailSettings, MailTransport, SmtpTls};

const SMTP_TIMEOUT: Duration = Duration::from_secs(20);

/// A mail that did not leave.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// `mail.from` is not a sender.
    #[error("mail.from is not a sender such as `Heldout <heldout@example.org>`")]
    Sender(#[source] lettre::address::AddressError),
    /// The recipient's address is one that mail cannot be sent to.
    #[error("the recipient's address cannot be written into a mail")]
    Recipient(#[source] lettre::address::AddressError),
    /// The mail could not be put together.
    #[error("a mail could not be put together")]
    Message(#[source] lettre::error::Error),
    /// The folder cannot be written.
    #[error("a mail could not be written to {}", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The mail server cannot be reached or refuses.
    #[error("the mail server did not take a mail")]
    Smtp(#[source] lettre::transport::smtp::Error),
}

impl MailError {
    /// Whether the same mail may leave later.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Sender(_) | Self::Recipient(_) | Self::Message(_) => false,
            Self::Folder { .. } => true,
            Self::Smtp(error) => !error.is_permanent(),
        }
    }
}

/// Sends mail in the configured way.
pub struct Mailer {
    from: Mailbox,
    way: Way,
}

enum Way {
    Folder(PathBuf),
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
}

impl Mailer {
    /// A mailer as the settings say; `password` is the content of `mail.smtp.password_file`.
    ///
    /// No connection is made before the first mail.
    pub fn new(settings: &MailSettings, password: Option<String>) -> Result<Self, MailError> {
        let from = settings.from.parse().map_err(MailError::Sender)?;
        let way = match settings.transport {
            MailTransport::Folder => Way::Folder(settings.folder.clone()),
            MailTransport::Smtp => {
                let smtp = &settings.smtp;
                let builder = match smtp.tls {
                    SmtpTls::Implicit => AsyncSmtpTransport::<Tokio1Executor>::relay(&smtp.host),
                    SmtpTls::Starttls => AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(&smtp.host),
                    SmtpTls::None => Ok(AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&smtp.host)),
                };
                let mut builder =
                    builder.map_err(MailError::Smtp)?.port(smtp.port).timeout(Some(SMTP_TIMEOUT));
                if let Some(password) = password {
                    builder = builder.credentials(Credentials::new(smtp.username.clone(), password));
                }
                Way::Smtp(builder.build())
            }
        };
        Ok(Self { from, way })
    }

    /// Sends one mail; when this returns, the mail is on disk or with the mail server.
    pub async fn send(&self, sources: &Sources, mail: &Mail) -> Result<(), MailError> {
        let message = self.compose(sources, mail)?;
        match &self.way {
            Way::Folder(folder) => {
                let name = file_name(sources);
                let (target, bytes) = (folder.clone(), message.formatted());
                let written = tokio::task::spawn_blocking(move || write_file(&target, &name, &bytes)).await;
                written
                    .unwrap_or_else(|panic| Err(std::io::Error::other(panic)))
                    .map_err(|source| MailError::Folder { folder: folder.clone(), source })
            }
            Way::Smtp(server) => server.send(message).await.map(drop).map_err(MailError::Smtp),
        }
    }

    fn compose(&self, sources: &Sources, mail: &Mail) -> Result<Message, MailError> {
        let to = Mailbox::new(None, mail.to.as_str().parse().map_err(MailError::Recipient)?);
        let seconds = u64::try_from(sources.now().as_seconds()).unwrap_or(0);
        let id: domain::UserId = sources.new_id();
        Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(mail.subject())
            .date(UNIX_EPOCH + Duration::from_secs(seconds))
            .message_id(Some(format!("<{id}@{}>", self.from.email.domain())))
            .header(ContentType::TEXT_PLAIN)
            .body(mail.text.clone())
            .map_err(MailError::Message)
    }
}

/// Sorts by time, and never names the recipient.
fn file_name(sources: &Sources) -> String {
    format!("{:016}-{}.eml", sources.now().as_micros(), hex::encode(sources.random::<4>()))
}

/// Writes under a temporary name and renames: whoever watches the folder sees whole mails only.
///
/// Mails carry links that open accounts, so that only the owner of the process may read them.
fn write_file(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let temporary = folder.join(format!(".{name}.part"));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&temporary)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&temporary, folder.join(name))
}

#[cfg(test)]
mod tests {
    use domain::{EmailAddress, Timestamp};
    use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};

    use super::*;
    use crate::identity::test_sources::at;
    use crate::settings::SmtpSettings;

    fn settings(transport: MailTransport, folder: &Path, port: u16) -> MailSettings {
        MailSettings {
            transport,
            from: "Heldout <heldout@heldout.example>".into(),
            folder: folder.to_owned(),
            smtp: SmtpSettings {
                host: "127.0.0.1".into(),
                port,
                tls: SmtpTls::None,
                username: String::new(),
                password_file: None,
            },
        }
    }

    fn sources() -> Sources {
        at(Timestamp::parse("2026-05-31T12:00:00Z").unwrap())
    }

    fn mail(subject: &str) -> Mail {
        let to = EmailAddress::parse("ada@analytical.example").unwrap();
        Mail::new(to, subject, "Open this:\n\nhttps://heldout.example/x\n".into())
    }

    #[tokio::test]
    async fn a_folder_gets_one_whole_file_per_mail() {
        let folder = tempfile::tempdir().unwrap();
        let mailer = Mailer::new(&settings(MailTransport::Folder, folder.path(), 0), None).unwrap();
        let sources = sources();
        for subject in ["One", "Two"] {
            mailer.send(&sources, &mail(subject)).await.unwrap();
        }
        let files: Vec<_> =
            std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert_eq!(files.len(), 2);
        for file in files {
            assert_eq!(file.extension().unwrap(), "eml");
            let text = std::fs::read_to_string(&file).unwrap();
            assert!(text.contains("To: ada@analytical.example\r\n"), "{text}");
            assert!(text.contains("Date: Sun, 31 May 2026 12:00:00 +0000\r\n"), "{text}");
            assert!(text.contains("https://heldout.example/x"), "{text}");
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt as _;
                assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
            }
        }
    }

    #[tokio::test]
    async fn a_subject_cannot_add_headers() {
        let mailer = Mailer::new(&settings(MailTransport::Folder, Path::new("unused"), 0), None).unwrap();
        for subject in [
            "Hi\r\nBcc: eve@evil.example",
            "Hi\nBcc: eve@evil.example\r\n\r\nbody",
            "Hi\u{0}\u{85}\u{b}Bcc: e",
        ] {
            let formatted = mailer.compose(&sources(), &mail(subject)).unwrap().formatted();
            let text = String::from_utf8(formatted).unwrap();
            let head = text.split("\r\n\r\n").next().unwrap();
            let names: Vec<_> = head
                .split("\r\n")
                .filter(|line| !line.starts_with([' ', '\t']))
                .map(|line| line.split(':').next().unwrap())
                .collect();
            assert!(!names.iter().any(|name| name.eq_ignore_ascii_case("bcc")), "{text}");
            assert!(!head.replace("\r\n", "").contains(['\r', '\n']), "{text}");
        }
    }

    #[test]
    fn a_sender_that_is_none_is_refused_at_start() {
        let mut settings = settings(MailTransport::Folder, Path::new("unused"), 0);
        settings.from = "nobody".into();
        assert!(matches!(Mailer::new(&settings, None), Err(MailError::Sender(_))));
    }

    /// Plays the part of a mail server for one mail and returns what it was told.
    async fn receive(listener: tokio::net::TcpListener) -> Vec<String> {
        let (mut stream, _) = listener.accept().await.unwrap();
        let (reader, mut writer) = stream.split();
        let mut lines = BufReader::new(reader).lines();
        let mut told = Vec::new();
        let mut in_data = false;
        writer.write_all(b"220 ready\r\n").await.unwrap();
        while let Some(line) = lines.next_line().await.unwrap() {
            let answer: Option<&[u8]> = match line.as_str() {
                "." if in_data => {
                    in_data = false;
                    Some(b"250 taken\r\n")
                }
                _ if in_data => None,
                "DATA" => {
                    in_data = true;
                    Some(b"354 go on\r\n")
                }
                "QUIT" => Some(b"221 bye\r\n"),
                _ => Some(b"250 fine\r\n"),
            };
            told.push(line);
            if let Some(answer) = answer {
                writer.write_all(answer).await.unwrap();
            }
        }
        told
    }

    #[tokio::test]
    async fn a_mail_server_gets_the_mail() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = tokio::spawn(receive(listener));
        let mailer = Mailer::new(&settings(MailTransport::Smtp, Path::new("unused"), port), None).unwrap();
        mailer.send(&sources(), &mail("Hello")).await.unwrap();
        drop(mailer);
        let told = server.await.unwrap();
        assert!(told.contains(&"RCPT TO:<ada@analytical.example>".to_owned()), "{told:?}");
        assert!(told.contains(&"Subject: Hello".to_owned()), "{told:?}");
    }

    #[tokio::test]
    async fn a_mail_server_that_is_away_is_an_error() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let mailer = Mailer::new(&settings(MailTransport::Smtp, Path::new("unused"), port), None).unwrap();
        assert!(matches!(mailer.send(&sources(), &mail("Hello")).await, Err(MailError::Smtp(_))));
    }
}
