//! Reading the configuration: the compiled-in defaults, a file over them, the environment over both.
//!
//! The documented default file is also the schema.
//! It names every key and shows by example which type its value has,
//! so that an unknown key can be refused with the nearest known one, and every fault is told with its place.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

use app::settings::{DatabaseUrl, Settings};
use serde::de::DeserializeOwned;
use toml::de::{DeTable, DeValue};
use toml::{Spanned, Table, Value};

mod checks;
mod master_key;
mod suggestion;

pub use master_key::master_key;
use suggestion::nearest;

/// The documented defaults.
pub const DEFAULTS: &str = include_str!("heldout.toml");

/// The file that is read when none is named and it exists.
pub const DEFAULT_FILE: &str = "heldout.toml";

const ENVIRONMENT_PREFIX: &str = "HELDOUT_";

/// The settings in effect.
pub struct Configuration {
    /// The settings.
    pub settings: Settings,
    /// The contents of the secret files that are set, by key.
    secrets: BTreeMap<&'static str, String>,
    effective: Table,
    origins: BTreeMap<String, Origin>,
}

/// Everything that is wrong with a configuration.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub struct ConfigurationError(pub Vec<Fault>);

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where it was set, unless it is a default.
    pub origin: Option<Origin>,
    /// What is wrong.
    pub message: String,
}

/// Where a value was set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// In a file.
    File {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// By an environment variable of this name.
    Environment(String),
}

/// Reads the configuration from a file, if there is one, and from environment variables.
pub fn load(
    file: Option<&Path>,
    environment: impl IntoIterator<Item = (OsString, OsString)>,
) -> Result<Configuration, ConfigurationError> {
    let mut reader = Reader::over_defaults();
    if let Some(path) = file {
        match std::fs::read_to_string(path) {
            Ok(text) => reader.read_file(path, &text),
            Err(error) => reader.fault(None, format!("cannot read {}: {error}", path.display())),
        }
    }
    for (name, value) in environment {
        if let Some(name) = name.to_str().filter(|name| is_setting(name)) {
            reader.read_variable(name, value.to_str());
        }
    }
    reader.finish()
}

/// The environment of this process: the only place that looks at it.
pub fn process_environment() -> impl Iterator<Item = (OsString, OsString)> {
    std::env::vars_os()
}

/// The file to read: the named one, or the one in the present folder when it exists.
pub fn file_to_read(named: Option<PathBuf>) -> Option<PathBuf> {
    named.or_else(|| Some(PathBuf::from(DEFAULT_FILE)).filter(|file| file.is_file()))
}

impl Configuration {
    /// The content of the secret file that `key` names, if it is set.
    pub fn secret(&self, key: &str) -> Option<&str> {
        self.secrets.get(key).map(String::as_str)
    }

    /// Every key with its value in effect and where it comes from; itself a valid configuration file.
    ///
    /// Secrets are not in it: a password in the address of the database is replaced.
    pub fn describe(&self) -> String {
        let mut lines = Vec::new();
        for (key, value) in flatten("", &self.effective) {
            let origin = self.origins.get(&key).map_or("default".to_owned(), ToString::to_string);
            let shown = match (key.as_str(), value) {
                ("database.url", Value::String(url)) => Value::String(DatabaseUrl(url.clone()).redacted()),
                (_, value) => value.clone(),
            };
            lines.push(format!("{key} = {shown}  # {origin}\n"));
        }
        lines.concat()
    }
}

/// Only variables with two underscores are settings: `HELDOUT_TOKEN` and the like belong to others.
fn is_setting(variable: &str) -> bool {
    variable.strip_prefix(ENVIRONMENT_PREFIX).is_some_and(|path| path.contains("__"))
}

/// The defaults with what was read over them so far.
struct Reader {
    table: Table,
    origins: BTreeMap<String, Origin>,
    faults: Vec<Fault>,
}

impl Reader {
    fn over_defaults() -> Self {
        let (table, faults) = match DEFAULTS.parse() {
            Ok(table) => (table, Vec::new()),
            Err(error) => {
                let message = format!("the compiled-in defaults are broken: {error}");
                (Table::new(), vec![Fault { origin: None, message }])
            }
        };
        Self { table, origins: BTreeMap::new(), faults }
    }

    fn fault(&mut self, origin: Option<Origin>, message: String) {
        self.faults.push(Fault { origin, message });
    }

    fn read_file(&mut self, path: &Path, text: &str) {
        let origin = |offset: usize| Origin::File { path: path.to_owned(), line: line_of(text, offset) };
        let (places, errors) = DeTable::parse_recoverable(text);
        if !errors.is_empty() {
            for error in errors {
                let at = error.span().map_or(0, |span| span.start);
                self.fault(Some(origin(at)), error.message().to_owned());
            }
            return;
        }
        let Ok(values) = text.parse::<Table>() else { return };
        let mut overlay = Overlay { origin: &origin, origins: &mut self.origins, faults: &mut self.faults };
        overlay.merge("", &mut self.table, values, places.get_ref());
    }

    fn read_variable(&mut self, name: &str, text: Option<&str>) {
        let origin = Origin::Environment(name.to_owned());
        let Some(text) = text else { return self.fault(Some(origin), "is not valid UTF-8".to_owned()) };
        let key = name[ENVIRONMENT_PREFIX.len()..].to_lowercase().replace("__", ".");
        let known: Vec<String> = flatten("", &self.table).into_iter().map(|(key, _)| key).collect();
        let Some(slot) = slot(&mut self.table, &key) else {
            let message = match nearest(&key, known.iter().map(String::as_str)) {
                Some(near) => {
                    let variable = near.replace('.', "__").to_uppercase();
                    format!("names no setting, did you mean `{ENVIRONMENT_PREFIX}{variable}`?")
                }
                None => "names no setting".to_owned(),
            };
            self.fault(Some(origin), message);
            return;
        };
        match value_like(slot, text) {
            Some(value) => {
                *slot = value;
                self.origins.insert(key, origin);
            }
            None => {
                let message = format!("`{key}` must be {}", type_name(slot));
                self.fault(Some(origin), message);
            }
        }
    }

    fn finish(mut self) -> Result<Configuration, ConfigurationError> {
        // Without a section for every part there are no settings, but every section is tried to find all faults.
        let settings = (
            self.section("server"),
            self.section("database"),
            self.section("artifacts"),
            self.section("annotations"),
            self.section("worker"),
            self.section("programs"),
            self.section("accounts"),
            self.section("mail"),
            self.section("webhooks"),
            self.section("research"),
            self.section("limits"),
            self.section("secrets"),
            self.section("log"),
            self.section("metrics"),
        );
        let (
            Some(server),
            Some(database),
            Some(artifacts),
            Some(annotations),
            Some(worker),
            Some(programs),
            Some(accounts),
            Some(mail),
            Some(webhooks),
            Some(research),
            Some(limits),
            Some(secrets),
            Some(log),
            Some(metrics),
        ) = settings
        else {
            return Err(ConfigurationError(self.faults));
        };
        let mut settings = Settings {
            server,
            database,
            artifacts,
            annotations,
            worker,
            programs,
            accounts,
            mail,
            webhooks,
            research,
            limits,
            secrets,
            log,
            metrics,
        };
        let contents = self.read_secrets(&settings);
        if let Some(url) = contents.get("database.url_file") {
            settings.database.url = DatabaseUrl(url.clone());
        }
        for (key, message) in checks::contradictions(&settings) {
            let origin = self.origins.get(key).cloned();
            self.fault(origin, format!("`{key}` {message}"));
        }
        if self.faults.is_empty() {
            let (effective, origins) = (self.table, self.origins);
            Ok(Configuration { settings, secrets: contents, effective, origins })
        } else {
            Err(ConfigurationError(self.faults))
        }
    }

    fn section<T: DeserializeOwned>(&mut self, name: &str) -> Option<T> {
        let value = self.table.get(name)?.clone();
        match serde_path_to_error::deserialize(value) {
            Ok(section) => Some(section),
            Err(error) => {
                let key = format!("{name}.{}", error.path());
                // A fault inside a list is at the key of the list.
                let key = key.split('[').next().unwrap_or(&key);
                let origin = self.origins.get(key).cloned();
                self.fault(origin, format!("`{key}`: {}", error.inner().message().trim_end()));
                None
            }
        }
    }

    fn read_secrets(&mut self, settings: &Settings) -> BTreeMap<&'static str, String> {
        let mut contents = BTreeMap::new();
        for (key, file) in settings.secret_files() {
            let origin = self.origins.get(key).cloned();
            match std::fs::read_to_string(file) {
                Ok(text) if text.trim().is_empty() => {
                    self.fault(origin, format!("`{key}`: {} is empty", file.display()));
                }
                Ok(text) => {
                    contents.insert(key, text.trim().to_owned());
                }
                Err(error) => self.fault(origin, format!("`{key}`: cannot read {}: {error}", file.display())),
            }
        }
        contents
    }
}

/// Lays a file over the table of known keys.
struct Overlay<'a, F> {
    origin: &'a F,
    origins: &'a mut BTreeMap<String, Origin>,
    faults: &'a mut Vec<Fault>,
}

impl<F: Fn(usize) -> Origin> Overlay<'_, F> {
    fn merge(&mut self, parent: &str, known: &mut Table, given: Table, places: &DeTable<'_>) {
        for (key, place) in places {
            let origin = (self.origin)(key.span().start);
            let (name, path) = (key.get_ref().as_ref(), joined(parent, key.get_ref()));
            let Some(value) = given.get(name) else { continue };
            let message = match known.get_mut(name) {
                None => unknown_key(&path, name, known),
                Some(slot) => match (slot, value, place) {
                    (Value::Table(inner), Value::Table(value), place) => {
                        if let Some(places) = table_of(place) {
                            self.merge(&path, inner, value.clone(), places);
                        }
                        continue;
                    }
                    (slot, value, _) if slot.same_type(value) => {
                        *slot = value.clone();
                        self.origins.insert(path, origin);
                        continue;
                    }
                    (slot, value, _) => {
                        format!("`{path}` must be {}, not {}", type_name(slot), type_name(value))
                    }
                },
            };
            self.faults.push(Fault { origin: Some(origin), message });
        }
    }
}

fn table_of<'a, 'i>(place: &'a Spanned<DeValue<'i>>) -> Option<&'a DeTable<'i>> {
    place.get_ref().as_table()
}

fn unknown_key(path: &str, name: &str, known: &Table) -> String {
    match nearest(name, known.keys().map(String::as_str)) {
        Some(near) => {
            let parent = path.rsplit_once('.').map_or("", |(parent, _)| parent);
            format!("unknown key `{path}`, did you mean `{}`?", joined(parent, near))
        }
        None => {
            let names: Vec<_> = known.keys().map(|key| format!("`{key}`")).collect();
            format!("unknown key `{path}`; known here: {}", names.join(", "))
        }
    }
}

fn joined(parent: &str, key: &str) -> String {
    if parent.is_empty() { key.to_owned() } else { format!("{parent}.{key}") }
}

/// The place of a dotted key that is not a section.
fn slot<'t>(table: &'t mut Table, key: &str) -> Option<&'t mut Value> {
    match key.split_once('.') {
        Some((section, rest)) => slot(table.get_mut(section)?.as_table_mut()?, rest),
        None => table.get_mut(key).filter(|value| !value.is_table()),
    }
}

/// Reads text as a value of the same type as `example`.
fn value_like(example: &Value, text: &str) -> Option<Value> {
    match example {
        Value::String(_) => Some(Value::String(text.to_owned())),
        Value::Integer(_) => text.replace('_', "").parse().ok().map(Value::Integer),
        Value::Boolean(_) => text.parse().ok().map(Value::Boolean),
        Value::Array(_) => {
            let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
            Some(Value::Array(parts.map(|part| Value::String(part.to_owned())).collect()))
        }
        Value::Float(_) | Value::Datetime(_) | Value::Table(_) => None,
    }
}

fn type_name(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "a text",
        Value::Integer(_) => "a whole number",
        Value::Float(_) => "a number",
        Value::Boolean(_) => "true or false",
        Value::Datetime(_) => "a time",
        Value::Array(_) => "a list",
        Value::Table(_) => "a section",
    }
}

/// Every key that is not a section, dotted, in order.
fn flatten<'t>(parent: &str, table: &'t Table) -> Vec<(String, &'t Value)> {
    let mut flat = Vec::new();
    for (key, value) in table {
        let path = joined(parent, key);
        match value {
            Value::Table(inner) => flat.extend(flatten(&path, inner)),
            leaf => flat.push((path, leaf)),
        }
    }
    flat
}

fn line_of(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}

impl fmt::Debug for Configuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.describe())
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, line } => write!(f, "{}:{line}", path.display()),
            Self::Environment(name) => f.write_str(name),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.origin {
            Some(origin) => write!(f, "{origin}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl fmt::Display for ConfigurationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the configuration is not usable")?;
        for fault in &self.0 {
            write!(f, "\n  {fault}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
