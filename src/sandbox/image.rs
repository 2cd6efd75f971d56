//! Container images as environments: a container engine gives their files, the sandbox runs what is in them.
//!
//! The engine runs nothing. An image becomes a folder that programs see as `/`, within the same walls as everything else:
//! no network, no privileges, a user of its own, the same limits and the same end.

use std::fs;
use std::io::{self, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::environment::{
    Contents, DESCRIBE, Environment, EnvironmentError, Image, LIST, read_record, succeed, write_record,
};
use crate::folder::remove_tree;
use crate::job::{Job, Mount};
use crate::limits::Limits;
use crate::probe::Confinement;
use crate::room::{Room, Sandbox};

/// How often a running engine is looked at.
const ASKING: Duration = Duration::from_millis(100);

/// The longest name of an image.
const MOST_NAME: usize = 255;

/// The most of an engine's words that is kept, in bytes.
const MOST_WORDS: u64 = 1 << 20;

/// Where programs are in a system that does not say so.
const USUAL_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// Where images come from, and where their files are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Images {
    /// The folder of all images, the server's own.
    pub folder: PathBuf,
    /// A program that understands `image inspect`, `pull`, `create`, `export` and `rm` as docker and podman do.
    pub engine: PathBuf,
    /// Whether the engine may pull what this machine does not have.
    pub network: bool,
    /// What taking one apart may use.
    pub limits: Limits,
}

/// What an engine tells of an image.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Inspected {
    id: String,
    #[serde(default)]
    config: Configuration,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Configuration {
    /// Variables as `NAME=value`; engines write `null` for none.
    #[serde(default)]
    env: Option<Vec<String>>,
}

/// What is written beside the files of an image once they are whole.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Record {
    contents: Contents,
    variables: Vec<(String, String)>,
    has_python: bool,
}

/// What Python says of itself in an image.
#[derive(Debug, Default, Deserialize)]
struct Python {
    version: String,
    platform: String,
}

impl Images {
    /// The environment that is this image: there already, or taken apart now.
    ///
    /// Pulling takes minutes; `stop` is asked several times a second whether it is still wanted.
    pub fn environment(
        &self,
        sandbox: &Sandbox,
        name: &str,
        stop: &dyn Fn() -> bool,
    ) -> Result<Environment, EnvironmentError> {
        if sandbox.confinement() != Confinement::Namespaces {
            let why = "images need mounts, which programs do not have here: install bubblewrap";
            return Err(failed(name, why, ""));
        }
        if !is_name(name) {
            return Err(failed(name, "this is no name of an image", ""));
        }
        let inspected = self.inspect(name, stop)?;
        let id =
            plain_id(&inspected.id).ok_or_else(|| failed(name, "its engine has no digest for it", ""))?;
        fs::create_dir_all(&self.folder)?;
        fs::set_permissions(&self.folder, fs::Permissions::from_mode(0o711))?;
        let (folder, record) = (self.folder.join(&id), self.folder.join(format!("{id}.json")));
        if let Some(record) = read_record::<Record>(&record)? {
            return Ok(made(record, &folder));
        }
        // Images, as environments, are made one at a time.
        let room = sandbox.builder()?;
        if let Some(record) = read_record::<Record>(&record)? {
            return Ok(made(record, &folder));
        }
        let image = Image { name: name.to_owned(), id };
        let taken = self.take_apart(&room, &image, &inspected, &folder, stop);
        let made_record = match taken {
            Ok(made_record) => made_record,
            Err(error) => {
                remove_tree(&folder)?;
                return Err(error);
            }
        };
        write_record(&record, &made_record)?;
        Ok(made(made_record, &folder))
    }

    fn inspect(&self, name: &str, stop: &dyn Fn() -> bool) -> Result<Inspected, EnvironmentError> {
        let looked = ["image", "inspect", name];
        let told = match self.engine(name, &looked, stop) {
            Ok(told) => told,
            Err(EnvironmentError::Building { .. }) if self.network => {
                self.engine(name, &["pull", "--quiet", name], stop)?;
                self.engine(name, &looked, stop)?
            }
            Err(EnvironmentError::Building { said, .. }) => {
                let why = "it is not on this machine, and `programs.network` does not let it be pulled";
                return Err(failed(name, why, &said));
            }
            Err(error) => return Err(error),
        };
        let found: Result<Vec<Inspected>, _> = serde_json::from_str(&told);
        let found = found.map_err(|error| failed(name, &error.to_string(), &told))?;
        found.into_iter().next().ok_or_else(|| failed(name, "its engine tells nothing of it", &told))
    }

    fn take_apart(
        &self,
        room: &Room<'_>,
        image: &Image,
        inspected: &Inspected,
        folder: &Path,
        stop: &dyn Fn() -> bool,
    ) -> Result<Record, EnvironmentError> {
        remove_tree(folder)?;
        fs::create_dir(folder)?;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755))?;
        room.give(folder)?;
        self.unpack(room, image, folder, stop)?;
        let mut variables: Vec<(String, String)> = Vec::new();
        for variable in inspected.config.env.iter().flatten() {
            if let Some((name, value)) = variable.split_once('=').filter(|(name, _)| !name.is_empty()) {
                variables.push((name.to_owned(), value.to_owned()));
            }
        }
        if !variables.iter().any(|(name, _)| name == "PATH") {
            variables.push(("PATH".to_owned(), USUAL_PATH.to_owned()));
        }
        let contents = Contents {
            wishes: image.id.clone(),
            python: String::new(),
            platform: String::new(),
            packages: Default::default(),
            image: Some(image.clone()),
        };
        let mut record = Record { contents, variables, has_python: false };
        // What has no Python, or one too old to say, can still be run.
        if let Some(python) = self.asked::<Python>(room, &record, folder, DESCRIBE, stop)? {
            record.has_python = true;
            record.contents.python = python.version;
            record.contents.platform = python.platform;
            record.contents.packages = self.asked(room, &record, folder, LIST, stop)?.unwrap_or_default();
        }
        Ok(record)
    }

    /// Unpacks the files of an image as the user who owns what is built, within the sandbox.
    fn unpack(
        &self,
        room: &Room<'_>,
        image: &Image,
        folder: &Path,
        stop: &dyn Fn() -> bool,
    ) -> Result<(), EnvironmentError> {
        let name = &image.name;
        // A container that never starts: what is to be run in it does not matter.
        let created = self.engine(name, &["create", &image.id, "true"], stop)?;
        let container = created.trim().to_owned();
        let export = room.readable("export")?;
        let archive = export.join("image.tar");
        let exported =
            self.engine(name, &["export", "--output", &archive.to_string_lossy(), &container], stop);
        self.engine(name, &["rm", &container], &|| false)?;
        exported?;
        fs::set_permissions(&archive, fs::Permissions::from_mode(0o644))?;
        let job = |command: &[&str]| {
            Job::new(command.iter().copied(), self.limits.clone())
                .mount(Mount::reading(&export, "/export"))
                .mount(Mount::writing(folder, "/image"))
        };
        let unpacking = ["tar", "--extract", "--file=/export/image.tar", "--directory=/image"];
        let unpacking = unpacking.into_iter().chain([
            "--no-same-owner",
            "--no-same-permissions",
            "--exclude=dev/*",
            "--exclude=./dev/*",
        ]);
        let unpacking: Vec<&str> = unpacking.collect();
        succeed("the image cannot be unpacked", room.run(&job(&unpacking), stop)?)?;
        // Runs have other users than the owner of these files.
        let opening = job(&["chmod", "-R", "u+rwX,a+rX", "/image"]);
        succeed("the image cannot be unpacked", room.run(&opening, stop)?)?;
        fs::remove_file(&archive)?;
        Ok(())
    }

    /// What a short program in the language of the image's Python prints as JSON.
    fn asked<T: serde::de::DeserializeOwned>(
        &self,
        room: &Room<'_>,
        record: &Record,
        folder: &Path,
        program: &str,
        stop: &dyn Fn() -> bool,
    ) -> Result<Option<T>, EnvironmentError> {
        let mut job = Job::new(["python3", "-I", "-c", program], self.limits.clone());
        job.limits.console_bytes = 1 << 20;
        let job = made(record.clone(), folder).around(job);
        let outcome = room.run(&job, stop)?;
        Ok(serde_json::from_slice(&outcome.stdout.kept).ok().filter(|_| outcome.end.is_success()))
    }

    /// Runs the engine and returns what it printed.
    fn engine(
        &self,
        name: &str,
        arguments: &[&str],
        stop: &dyn Fn() -> bool,
    ) -> Result<String, EnvironmentError> {
        let mut command = Command::new(&self.engine);
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let told = |error: io::Error| EnvironmentError::Engine(self.engine.clone(), error);
        let mut child = command.spawn().map_err(told)?;
        let (output, errors) = (child.stdout.take(), child.stderr.take());
        let listen = |stream: Option<Box<dyn Read + Send>>| {
            thread::spawn(move || {
                let mut text = Vec::new();
                if let Some(mut stream) = stream {
                    // What is beyond is read too, so that the engine never waits for us.
                    let _ = stream.by_ref().take(MOST_WORDS).read_to_end(&mut text);
                    let _ = io::copy(&mut stream, &mut io::sink());
                }
                String::from_utf8_lossy(&text).into_owned()
            })
        };
        let output = listen(output.map(|stream| Box::new(stream) as Box<dyn Read + Send>));
        let errors = listen(errors.map(|stream| Box::new(stream) as Box<dyn Read + Send>));
        let deadline = Instant::now() + self.limits.wall;
        let status = loop {
            if let Some(status) = child.try_wait().map_err(told)? {
                break Some(status);
            }
            if stop() || Instant::now() > deadline {
                let _ = child.kill();
                let _ = child.wait();
                break None;
            }
            thread::sleep(ASKING);
        };
        let printed = output.join().unwrap_or_default();
        let said = errors.join().unwrap_or_default();
        match status {
            Some(status) if status.success() => Ok(printed),
            Some(_) => Err(failed(name, said.lines().last().unwrap_or("its engine says nothing"), &said)),
            None => Err(failed(name, "its engine was stopped", &said)),
        }
    }
}

fn made(record: Record, folder: &Path) -> Environment {
    Environment {
        contents: record.contents,
        python: "python3".into(),
        mounts: Vec::new(),
        root: Some(folder.to_owned()),
        variables: record.variables,
    }
}

fn failed(name: &str, why: &str, said: &str) -> EnvironmentError {
    EnvironmentError::Building {
        what: "the image of the bundle cannot be used",
        why: format!("{name}: {why}"),
        said: said.to_owned(),
    }
}

/// Whether a name can be given to an engine: the reference of an image, and never an option.
fn is_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/:@+".contains(&byte);
    name.len() <= MOST_NAME
        && name.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric)
        && name.bytes().all(plain)
}

/// The digest in an engine's name of an image, without the algorithm.
fn plain_id(id: &str) -> Option<String> {
    let digest = id.rsplit(':').next()?;
    let hexadecimal = digest.len() >= 32 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
    hexadecimal.then(|| digest.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::{is_name, plain_id};

    #[test]
    fn a_name_of_an_image_is_never_an_option_or_a_path_of_this_machine() {
        for name in ["codalab/codalab-legacy:py37", "python", "example.org:5000/a/b@sha256:0f", "A.b_c-d+e"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "-v", "--root=/", "/etc/passwd", "./image.tar", "a b", "a\nb", "a;b", "$(true)", "ä"]
        {
            assert!(!is_name(name), "{name}");
        }
        assert!(!is_name(&"a".repeat(256)));
    }

    #[test]
    fn an_id_is_a_digest_or_nothing() {
        let digest = "0123456789abcdef0123456789abcdef";
        assert_eq!(plain_id(&format!("sha256:{digest}")).as_deref(), Some(digest));
        assert_eq!(plain_id(digest).as_deref(), Some(digest));
        for id in ["", "sha256:", "sha256:../../etc", "latest"] {
            assert_eq!(plain_id(id), None, "{id}");
        }
    }
}
