//! Who the person is at which server: a file that only they can read, and two variables that go before it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::ClientError;

/// What the commands take from the environment of the process.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    /// `HELDOUT_TOKEN`: goes before any stored token.
    pub token: Option<String>,
    /// `HELDOUT_URL`: goes before the stored server.
    pub url: Option<String>,
    /// The folder of the credentials: `heldout` in `XDG_CONFIG_HOME`, or in `.config` at home.
    pub folder: Option<PathBuf>,
}

impl Environment {
    /// Picks what matters out of the variables of a process.
    pub fn from_variables(variables: impl IntoIterator<Item = (OsString, OsString)>) -> Self {
        let variables: BTreeMap<OsString, OsString> =
            variables.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        let get = |name: &str| variables.get(&OsString::from(name));
        let text = |name: &str| get(name).and_then(|value| value.to_str()).map(str::to_owned);
        let config = get("XDG_CONFIG_HOME").map(PathBuf::from);
        let config = config.or_else(|| get("HOME").map(|home| Path::new(home).join(".config")));
        Self {
            token: text("HELDOUT_TOKEN"),
            url: text("HELDOUT_URL"),
            folder: config.map(|config| config.join("heldout")),
        }
    }

    pub(crate) fn file(&self, name: &str) -> Result<PathBuf, ClientError> {
        Ok(self.folder.as_ref().ok_or(ClientError::NoFolder)?.join(name))
    }
}

/// The stored credentials.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    /// Where the person signed in last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// Every server with its credential.
    #[serde(default)]
    pub servers: BTreeMap<String, ServerCredential>,
}

/// The credential for one server.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerCredential {
    /// Whose it is, for people who read the file.
    pub email: String,
    /// An API token.
    pub token: String,
}

impl std::fmt::Debug for ServerCredential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ServerCredential({})", self.email)
    }
}

const FILE: &str = "credentials.toml";

impl Credentials {
    /// Reads the file; without one there are no credentials.
    pub fn load(environment: &Environment) -> Result<Self, ClientError> {
        let Ok(path) = environment.file(FILE) else { return Ok(Self::default()) };
        match std::fs::read_to_string(&path) {
            Ok(text) => toml::from_str(&text)
                .map_err(|error| ClientError::BadCredentials { path, reason: error.message().to_owned() }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(source) => Err(ClientError::File { action: "read", path, source }),
        }
    }

    /// Writes the file, readable by the person alone; gives its path.
    pub fn store(&self, environment: &Environment) -> Result<PathBuf, ClientError> {
        let path = environment.file(FILE)?;
        let text = toml::to_string(self).map_err(|error| ClientError::NotUnderstood(error.to_string()))?;
        write_private(&path, text.as_bytes())?;
        Ok(path)
    }

    /// The token for a server.
    pub fn token_for(&self, server: &str) -> Option<&str> {
        self.servers.get(server).map(|credential| credential.token.as_str())
    }
}

/// The address of a server in the form in which it is compared and stored.
pub fn normalize(url: &str) -> Result<String, ClientError> {
    let trimmed = url.trim().trim_end_matches('/');
    let host = trimmed.strip_prefix("https://").or_else(|| trimmed.strip_prefix("http://"));
    let fits = |c: char| c.is_ascii_alphanumeric() || "-.:[]_/~".contains(c);
    match host {
        Some(host) if !host.is_empty() && host.chars().all(fits) => Ok(trimmed.to_owned()),
        _ => Err(ClientError::BadServer(url.to_owned())),
    }
}

/// Replaces a file by one that only its owner can read, all at once.
pub(crate) fn write_private(path: &Path, content: &[u8]) -> Result<(), ClientError> {
    use std::io::Write as _;
    let write = || -> std::io::Result<()> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let temporary = path.with_extension("part");
        // A leftover would keep the permissions that it has.
        let _ = std::fs::remove_file(&temporary);
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&temporary)?;
        file.write_all(content)?;
        file.sync_all()?;
        std::fs::rename(&temporary, path)
    };
    write().map_err(ClientError::file("write", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables(pairs: &[(&str, &str)]) -> Environment {
        Environment::from_variables(pairs.iter().map(|(name, value)| (name.into(), value.into())))
    }

    #[test]
    fn the_folder_is_where_such_files_live() {
        let folder = |pairs| variables(pairs).folder.map(|folder| folder.display().to_string());
        assert_eq!(folder(&[("HOME", "/home/ada")]).unwrap(), "/home/ada/.config/heldout");
        assert_eq!(folder(&[("HOME", "/home/ada"), ("XDG_CONFIG_HOME", "/x")]).unwrap(), "/x/heldout");
        assert_eq!(folder(&[("XDG_CONFIG_HOME", "")]), None);
    }

    #[test]
    fn credentials_read_back_and_are_private() {
        let folder = tempfile::tempdir().unwrap();
        let environment = Environment { folder: Some(folder.path().join("new")), ..Environment::default() };
        assert_eq!(Credentials::load(&environment).unwrap(), Credentials::default());
        let credential = ServerCredential { email: "ada@example.org".into(), token: "hoa_x".into() };
        let mut credentials =
            Credentials { server: Some("https://a.example".into()), ..Credentials::default() };
        credentials.servers.insert("https://a.example".into(), credential);
        let path = credentials.store(&environment).unwrap();
        credentials.store(&environment).unwrap();
        let read = Credentials::load(&environment).unwrap();
        assert_eq!(read, credentials);
        assert_eq!(read.token_for("https://a.example"), Some("hoa_x"));
        assert_eq!(read.token_for("https://b.example"), None);
        assert!(!format!("{read:?}").contains("hoa_x"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn addresses_are_compared_without_their_last_slash() {
        assert_eq!(normalize("http://localhost:8080/").unwrap(), "http://localhost:8080");
        for bad in ["", "localhost:8080", "ftp://a", "http://", "http://a b", "https://a?x"] {
            assert!(normalize(bad).is_err(), "{bad}");
        }
    }
}
