//! Dumps of PostgreSQL by its own programs.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, bail};

/// Writes the database into a file, as it is at this moment.
pub(super) fn dump(url: &str, target: &Path) -> anyhow::Result<()> {
    run(program("pg_dump", url).arg("--format=custom").arg("--no-owner").arg("--file").arg(target))
}

/// Reads a dump into an empty database; nothing is changed when something is in the way.
pub(super) fn restore(url: &str, source: &Path) -> anyhow::Result<()> {
    let mut command = program("pg_restore", url);
    run(command.args(["--no-owner", "--single-transaction", "--exit-on-error"]).arg(source))
}

/// A program of PostgreSQL on this database; the password goes by the environment, where other users cannot see it.
fn program(name: &str, url: &str) -> Command {
    let mut command = Command::new(name);
    let (address, password) = without_password(url);
    command.arg("--dbname").arg(address);
    if let Some(password) = password {
        command.env("PGPASSWORD", password);
    }
    command
}

fn run(command: &mut Command) -> anyhow::Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().with_context(|| {
        format!(
            "cannot run {name}: install the client programs of PostgreSQL, or use the tools of its service"
        )
    })?;
    if !output.status.success() {
        bail!("{name} failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(())
}

/// Takes the password out of `postgres://user:password@host/database`.
fn without_password(url: &str) -> (String, Option<String>) {
    let taken = || {
        let (scheme, rest) = url.split_once("://")?;
        let authority_end = rest.find(['/', '?']).unwrap_or(rest.len());
        let at = rest[..authority_end].rfind('@')?;
        let (user, password) = rest[..at].split_once(':')?;
        Some((format!("{scheme}://{user}{}", &rest[at..]), decoded(password)))
    };
    taken().map_or((url.to_owned(), None), |(url, password)| (url, Some(password)))
}

/// `%40` is `@`.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = (*first == b'%').then(|| after.get(..2)).flatten().and_then(|two| hex::decode(two).ok());
        match code {
            Some(code) => {
                bytes.extend(code);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_is_no_argument() {
        let cases = [
            ("postgres://ada:p%40ss@db.example/held?x=1", "postgres://ada@db.example/held?x=1", Some("p@ss")),
            ("postgres://ada@db.example/held", "postgres://ada@db.example/held", None),
            ("postgres://db.example/held?a=b:c@d", "postgres://db.example/held?a=b:c@d", None),
        ];
        for (url, address, password) in cases {
            assert_eq!(without_password(url), (address.to_owned(), password.map(str::to_owned)), "{url}");
        }
    }
}
