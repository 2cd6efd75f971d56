//! The settings of a demo: a file in its folder, so that the demo is a site like any other.

use std::fmt::Write as _;
use std::net::SocketAddr;

use anyhow::Context as _;
use app::settings::{LogFormat, LogSettings, PublicUrl};

use super::folder::Folder;
use crate::config::{self, Configuration};

/// The file of the settings.
const FILE: &str = "heldout.toml";

/// Writes the settings for that address and reads them as the server would.
///
/// The environment of the process is left out: a demo is never on somebody's real database.
pub(crate) fn write(
    folder: &Folder,
    listen: SocketAddr,
    public_url: &PublicUrl,
) -> anyhow::Result<Configuration> {
    let path = |name: &str| folder.path(name).display().to_string();
    let settings = [
        ("server", "listen", listen.to_string()),
        ("server", "public_url", public_url.as_str().to_owned()),
        ("database", "url", format!("sqlite:{}", path("heldout.db"))),
        ("artifacts", "folder", path("artifacts")),
        ("programs", "folder", path("programs")),
        ("mail", "folder", path("mail")),
        ("secrets", "master_key_file", path("master.key")),
        ("log", "level", quiet_log().level),
    ];
    let mut text = "# The settings of this demo; every other setting has its default.\n\
                    # It is written anew by every `heldout demo`, and `heldout serve --config` takes it too.\n"
        .to_owned();
    for section in settings.chunk_by(|one, next| one.0 == next.0) {
        writeln!(text, "\n[{}]", section[0].0)?;
        for (_, key, value) in section {
            writeln!(text, "{key} = {}", toml::Value::from(value.as_str()))?;
        }
    }
    folder.write(FILE, text.as_bytes())?;
    config::load(Some(&folder.path(FILE)), []).context("the demo's own settings are refused")
}

/// A log that leaves the terminal to what the demo tells.
pub(crate) fn quiet_log() -> LogSettings {
    LogSettings { format: LogFormat::Text, level: "warn".to_owned() }
}

/// The settings for the time of filling: nobody else is there yet, so nobody is slowed down.
pub(crate) fn for_filling(mut configuration: Configuration) -> Configuration {
    let limits = &mut configuration.settings.limits;
    limits.sign_in_per_minute = 0;
    limits.write_per_minute = 0;
    limits.read_per_minute = 0;
    limits.check_per_minute = 0;
    configuration
}

/// How browsers reach a server that listens there.
pub(crate) fn address_of(listen: SocketAddr) -> String {
    match listen.ip().is_unspecified() {
        true => format!("http://localhost:{}", listen.port()),
        false => format!("http://{listen}"),
    }
}
