//! What an operator can set: plain data.
//!
//! The documented defaults are `src/commands/heldout.toml`; `commands::config` reads them and fills these structures.
//! Names carry their units (`lease_seconds`, `upload_bytes`), so that no number needs a comment to be understood.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use serde::{Deserialize, Deserializer};

/// Everything that can be set.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The HTTP server.
    pub server: ServerSettings,
    /// The database.
    pub database: DatabaseSettings,
    /// Where submissions and evidence are kept.
    pub artifacts: ArtifactSettings,
    /// Where held-out annotations are kept.
    pub annotations: AnnotationSettings,
    /// The evaluation workers.
    pub worker: WorkerSettings,
    /// Programs of organizers that score submissions.
    pub programs: ProgramSettings,
    /// Accounts and the lifetimes of what they sign in with.
    pub accounts: AccountSettings,
    /// How mail leaves.
    pub mail: MailSettings,
    /// Addresses of organizers that are told what happens.
    pub webhooks: WebhookSettings,
    /// What is published of those who take part.
    pub research: ResearchSettings,
    /// How much one person may ask for.
    pub limits: LimitSettings,
    /// Where secrets are read from.
    pub secrets: SecretSettings,
    /// What is logged.
    pub log: LogSettings,
    /// What is measured.
    pub metrics: MetricSettings,
}

/// `[server]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerSettings {
    /// The address and port to listen on.
    pub listen: SocketAddr,
    /// The address under which people reach the server; the only source of links in mails.
    pub public_url: PublicUrl,
    /// HTTP threads; 0 is one per processor.
    pub workers: usize,
    /// How long the headers of a request may take.
    pub request_seconds: u64,
    /// How large a request body may be where no file is uploaded.
    pub body_bytes: usize,
    /// How long running requests may go on after a signal to stop.
    pub shutdown_seconds: u64,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
}

/// `[database]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseSettings {
    /// `sqlite:PATH` or `postgres://…`.
    pub url: DatabaseUrl,
    /// A file that holds the address instead, where it contains a password.
    #[serde(deserialize_with = "empty_is_none")]
    pub url_file: Option<PathBuf>,
    /// Connections for reading.
    pub connections: u32,
}

/// `[artifacts]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArtifactSettings {
    /// Which of the two stores is used.
    pub store: ArtifactStoreKind,
    /// The folder, for `folder`.
    pub folder: PathBuf,
    /// The bucket, for `s3`.
    pub s3: S3Settings,
}

/// The kinds of artifact store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ArtifactStoreKind {
    /// A local folder.
    Folder,
    /// An S3-compatible service.
    S3,
}

/// `[annotations]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnnotationSettings {
    /// Which store is used.
    pub store: AnnotationStoreKind,
    /// The folder, for `folder`.
    pub folder: PathBuf,
    /// The bucket, for `s3`.
    pub s3: S3Settings,
}

/// The kinds of store for held-out annotations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnnotationStoreKind {
    /// The same store as all artifacts.
    Artifacts,
    /// A local folder of their own.
    Folder,
    /// A bucket of their own, with its own credentials.
    S3,
    /// Where this process cannot reach them: it answers contestants and is kept away from the answers.
    Elsewhere,
}

/// A bucket of an S3-compatible service.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct S3Settings {
    /// The address of the service; empty is Amazon's.
    pub endpoint: String,
    /// The region.
    pub region: String,
    /// The bucket.
    pub bucket: String,
    /// What every key begins with.
    pub prefix: String,
    /// The public half of the credentials.
    pub access_key_id: String,
    /// The file that holds the secret half.
    #[serde(deserialize_with = "empty_is_none")]
    pub secret_access_key_file: Option<PathBuf>,
}

/// `[worker]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkerSettings {
    /// Evaluations at once in this process.
    pub threads: usize,
    /// Where a process that only works tells of its health and measurements; absent: nowhere.
    #[serde(deserialize_with = "empty_is_no_address")]
    pub listen: Option<SocketAddr>,
    /// How long a job stays with a worker that says nothing.
    pub lease_seconds: u32,
    /// How often a worker says that it lives.
    pub heartbeat_seconds: u32,
    /// How often a job is tried before it fails.
    pub attempts: u32,
    /// How often an idle worker looks for jobs.
    pub poll_milliseconds: u64,
    /// How long one evaluation may take.
    pub evaluation_seconds: u64,
    /// How much memory one evaluation may use.
    pub evaluation_bytes: u64,
    /// How many prepared annotations a worker keeps in memory.
    pub cached_annotations: usize,
}

/// `[programs]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProgramSettings {
    /// The folder for rooms, environments and unpacked programs.
    pub folder: PathBuf,
    /// The interpreter that environments are made with.
    pub python: PathBuf,
    /// Whether programs that do not say what they need get the standard scientific packages.
    pub standard_packages: bool,
    /// Whether environments may be built with the network. Evaluations never have it.
    pub network: bool,
    /// The package index; empty for the public one.
    pub index: String,
    /// Folders or addresses where packages are found besides.
    pub find_links: Vec<String>,
    /// The container engine that gives images their files; empty if bundles run without theirs.
    pub container_engine: PathBuf,
    /// The first of the user ids that runs may have, which belong to nobody; for a server that is root.
    pub first_user: u32,
    /// How many there are, which is also how many programs run at once.
    pub users: u32,
}

/// `[accounts]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountSettings {
    /// Whether people may make accounts themselves.
    pub registration: Registration,
    /// Whether taking part needs a proven e-mail address.
    pub verification_required: bool,
    /// The life of an access token.
    pub access_token_seconds: u32,
    /// The life of a refresh token, from its last use.
    pub refresh_token_seconds: u32,
    /// The life of a browser session, from its last use.
    pub session_seconds: u32,
    /// The life of a link that proves an e-mail address.
    pub verification_link_seconds: u32,
    /// The life of a link that sets a new password.
    pub reset_link_seconds: u32,
    /// The life of an invitation to a team.
    pub invitation_seconds: u32,
    /// How many passwords are hashed at once.
    pub password_hashes_at_once: usize,
}

/// Who may make accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Registration {
    /// Everybody.
    Open,
    /// Administrators only.
    Closed,
}

/// `[mail]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailSettings {
    /// Which of the two ways is used.
    pub transport: MailTransport,
    /// The sender of every mail.
    pub from: String,
    /// The folder, for `folder`.
    pub folder: PathBuf,
    /// The mail server, for `smtp`.
    pub smtp: SmtpSettings,
}

/// The ways mail can leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailTransport {
    /// One `.eml` file per mail.
    Folder,
    /// A mail server.
    Smtp,
}

/// A mail server.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmtpSettings {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: SmtpTls,
    /// The account there; empty is none.
    pub username: String,
    /// The file that holds its password.
    #[serde(deserialize_with = "empty_is_none")]
    pub password_file: Option<PathBuf>,
}

/// How the connection to a mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SmtpTls {
    /// From the first byte (port 465).
    Implicit,
    /// By STARTTLS, which must succeed (port 587).
    Starttls,
    /// Not at all: only for a server on the same machine.
    None,
}

/// `[webhooks]`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookSettings {
    /// Whether addresses in private networks, and such without TLS, may be named.
    pub allow_private: bool,
    /// How long an attempt may take.
    pub timeout_seconds: u32,
}

/// `[research]`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResearchSettings {
    /// Whether organizers may publish counts of people with noise.
    pub noisy_tables: bool,
}

/// `[limits]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitSettings {
    /// How large a submission may be.
    pub upload_bytes: u64,
    /// How long an unfinished resumable upload is kept.
    pub upload_expiry_seconds: u32,
    /// Attempts to sign in, register or reset, per minute and address; 0 is no limit.
    pub sign_in_per_minute: u32,
    /// Requests that change something, per minute and person; 0 is no limit.
    pub write_per_minute: u32,
    /// Requests that only read, per minute and person; 0 is no limit.
    pub read_per_minute: u32,
    /// Files that are checked without being submitted, per minute and person; 0 is no limit.
    pub check_per_minute: u32,
}

/// `[secrets]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecretSettings {
    /// The file of the secret from which all keys are derived.
    pub master_key_file: PathBuf,
    /// The generation of the derived keys; raising it replaces them.
    pub generation: u32,
}

/// `[log]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogSettings {
    /// For people or for programs.
    pub format: LogFormat,
    /// The least severity, or a filter such as `info,heldout_worker=debug`.
    pub level: String,
}

/// The shapes of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object per line.
    Json,
}

/// `[metrics]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetricSettings {
    /// Whether `/metrics` exists.
    pub enabled: bool,
    /// A file with the bearer token that `/metrics` asks for; empty asks for none.
    #[serde(deserialize_with = "empty_is_none")]
    pub token_file: Option<PathBuf>,
}

impl Settings {
    /// Every secret file that is set, with the key that names it.
    pub fn secret_files(&self) -> Vec<(&'static str, &PathBuf)> {
        let optional = [
            ("database.url_file", &self.database.url_file),
            ("artifacts.s3.secret_access_key_file", &self.artifacts.s3.secret_access_key_file),
            ("annotations.s3.secret_access_key_file", &self.annotations.s3.secret_access_key_file),
            ("mail.smtp.password_file", &self.mail.smtp.password_file),
            ("metrics.token_file", &self.metrics.token_file),
        ];
        optional.into_iter().filter_map(|(key, file)| Some((key, file.as_ref()?))).collect()
    }
}

/// The address under which people reach the server, such as `https://heldout.example`.
///
/// Links in mails and redirects come from here and never from a request's `Host`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct PublicUrl(String);

impl PublicUrl {
    /// Reads `http://` or `https://`, a host and perhaps a port, and nothing after them.
    pub fn parse(text: &str) -> Result<Self, String> {
        let trimmed = text.strip_suffix('/').unwrap_or(text);
        let host = trimmed.strip_prefix("https://").or_else(|| trimmed.strip_prefix("http://"));
        let plain = |c: char| c.is_ascii_alphanumeric() || "-.:[]_".contains(c);
        match host {
            Some(host) if !host.is_empty() && host.chars().all(plain) => Ok(Self(trimmed.to_owned())),
            _ => Err(format!(
                "`{text}` is not a public address: http:// or https://, a host, perhaps a port, no path"
            )),
        }
    }

    /// The address without a slash at its end; it is also the origin that browsers send.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether people reach the server over TLS, so that cookies can be held to it.
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }

    /// The full address of `path`, which begins with a slash.
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }
}

impl TryFrom<String> for PublicUrl {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text)
    }
}

/// The address of the database; its password never shows.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct DatabaseUrl(pub String);

impl DatabaseUrl {
    /// The address with its password replaced.
    ///
    /// Also the `password` parameter of the query is replaced, which PostgreSQL understands as well.
    pub fn redacted(&self) -> String {
        let Some((scheme, rest)) = self.0.split_once("://") else { return self.0.clone() };
        let (authority, tail) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let authority = match authority.rsplit_once('@') {
            Some((login, host)) => match login.split_once(':') {
                Some((user, _)) => format!("{user}:***@{host}"),
                None => authority.to_owned(),
            },
            None => authority.to_owned(),
        };
        let tail = match tail.split_once('?') {
            Some((path, query)) => {
                let shown = query.split('&').map(|pair| match pair.split_once('=') {
                    Some((key, _)) if key.contains("password") => format!("{key}=***"),
                    _ => pair.to_owned(),
                });
                format!("{path}?{}", shown.collect::<Vec<_>>().join("&"))
            }
            None => tail.to_owned(),
        };
        format!("{scheme}://{authority}{tail}")
    }
}

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.redacted())
    }
}

/// One address or a block of addresses: `10.0.0.1`, `10.0.0.0/8`, `fd00::/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Network {
    address: IpAddr,
    bits: u32,
}

impl Network {
    /// Reads an address, perhaps with the length of its prefix.
    pub fn parse(text: &str) -> Result<Self, String> {
        let refusal = || format!("`{text}` is not an address or a block such as 10.0.0.0/8");
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse::<u32>().map_err(|_| refusal())?)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| refusal())?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(longest);
        if bits > longest { Err(refusal()) } else { Ok(Self { address, bits }) }
    }

    /// Whether `address` lies in the block.
    pub fn contains(&self, address: IpAddr) -> bool {
        let same_prefix = |one: u128, other: u128, width: u32| {
            self.bits == 0 || one >> (width - self.bits) == other >> (width - self.bits)
        };
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(block), IpAddr::V4(one)) => {
                same_prefix(block.to_bits().into(), one.to_bits().into(), 32)
            }
            (IpAddr::V6(block), IpAddr::V6(one)) => same_prefix(block.to_bits(), one.to_bits(), 128),
            _ => false,
        }
    }
}

impl TryFrom<String> for Network {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text)
    }
}

/// TOML has no null: in the documented file an empty text stands for "not set".
fn empty_is_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<PathBuf>, D::Error> {
    let path = PathBuf::deserialize(deserializer)?;
    Ok(if path.as_os_str().is_empty() { None } else { Some(path) })
}

/// The same for an address to listen on.
fn empty_is_no_address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SocketAddr>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(serde::de::Error::custom) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_password_never_shows() {
        for (url, shown) in [
            ("sqlite:heldout-data/heldout.db", "sqlite:heldout-data/heldout.db"),
            ("postgres://heldout@db/heldout", "postgres://heldout@db/heldout"),
            ("postgres://heldout:p@ss:word@db:5432/heldout", "postgres://heldout:***@db:5432/heldout"),
            ("postgres://db/h?user=u&password=secret", "postgres://db/h?user=u&password=***"),
            ("postgres://db?sslpassword=secret", "postgres://db?sslpassword=***"),
        ] {
            let url = DatabaseUrl(url.into());
            assert_eq!(url.redacted(), shown);
            assert_eq!(format!("{url:?}"), shown);
        }
    }

    #[test]
    fn a_public_url_is_an_origin() {
        assert_eq!(
            PublicUrl::parse("https://heldout.example/").unwrap().link("/a"),
            "https://heldout.example/a"
        );
        assert!(PublicUrl::parse("http://[::1]:8080").is_ok());
        for bad in [
            "",
            "heldout.example",
            "https://",
            "https://a/b",
            "https://a?b",
            "ftp://a",
            "https://u@a",
            "https://a\r\nb",
        ] {
            assert!(PublicUrl::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_network_contains_its_addresses() {
        let network = Network::parse("10.1.0.0/16").unwrap();
        assert!(network.contains("10.1.255.1".parse().unwrap()));
        assert!(network.contains("::ffff:10.1.2.3".parse().unwrap()), "an IPv4 address in IPv6 clothes");
        assert!(!network.contains("10.2.0.0".parse().unwrap()));
        assert!(Network::parse("0.0.0.0/0").unwrap().contains("9.9.9.9".parse().unwrap()));
        assert!(Network::parse("fd00::/8").unwrap().contains("fd12::1".parse().unwrap()));
        assert!(!Network::parse("::1").unwrap().contains("127.0.0.1".parse().unwrap()));
        for bad in ["", "10.0.0.0/33", "10.0.0/8", "::/129", "a/8"] {
            assert!(Network::parse(bad).is_err(), "{bad}");
        }
    }
}
