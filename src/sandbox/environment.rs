//! Python environments: built once from requirements under constraints, never changed afterwards.
//!
//! An environment's name is the digest of everything that it was made from, so that programs with the same wishes share
//! one. It belongs to a user of its own that no run ever has, and runs see it as something to read.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::folder::remove_tree;
use crate::job::{Job, Mount};
use crate::limits::Limits;
use crate::outcome::{End, Outcome};
use crate::room::{Room, Sandbox, SandboxError};
use crate::run::RunError;

/// What scoring programs import most often, for bundles that do not say what they need.
pub const SCIENTIFIC: &str = include_str!("environment/scientific.txt");

/// Versions that the programs of existing challenges were written for, where a requirement leaves the choice.
pub const CONSTRAINTS: &str = include_str!("environment/constraints.txt");

/// What an environment is made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wishes {
    /// The text of a `requirements.txt`; empty for an environment with nothing in it.
    pub requirements: String,
    /// The text of a constraints file, as pip understands it.
    pub constraints: String,
}

/// Where and how environments are built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Builder {
    /// The folder of all environments, the server's own. Every folder above it must let others pass where mounts
    /// cannot be made.
    pub folder: PathBuf,
    /// The interpreter.
    pub python: PathBuf,
    /// Whether pip may use the network.
    pub network: bool,
    /// Where pip finds packages without it: folders of the host, or addresses.
    pub find_links: Vec<String>,
    /// The index, if it is not the public one.
    pub index: Option<String>,
    /// More of the environment in which pip runs, such as the address of a proxy.
    pub variables: Vec<(String, String)>,
    /// What one building may use.
    pub limits: Limits,
}

impl Builder {
    /// A builder without network.
    pub fn new(folder: impl Into<PathBuf>, python: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            python: python.into(),
            network: false,
            find_links: Vec::new(),
            index: None,
            variables: Vec::new(),
            limits: Limits {
                output_bytes: 8 << 30,
                output_files: 500_000,
                file_size: 4 << 30,
                temporary_bytes: 4 << 30,
                wall: std::time::Duration::from_secs(1800),
                cpu: std::time::Duration::from_secs(1800),
                ..Limits::default()
            },
        }
    }
}

/// What is in an environment; stored with every score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    /// The digest of what it was made from, in hexadecimal: its name.
    pub wishes: String,
    /// The version of Python, as `3.11.2`.
    pub python: String,
    /// The implementation and the machine, as `CPython Linux x86_64`.
    pub platform: String,
    /// Every package with its version.
    pub packages: BTreeMap<String, String>,
    /// The container image that it is, if it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<Image>,
}

/// A container image that programs run in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// The name that the bundle has for it.
    pub name: String,
    /// What the engine calls this content: a digest, in hexadecimal.
    pub id: String,
}

impl Contents {
    /// The digest of the interpreter and the packages, in hexadecimal: the same for environments that are the same.
    pub fn digest(&self) -> String {
        let mut hasher = Sha256::new();
        hasher.update(format!("{}\n{}\n", self.python, self.platform));
        if let Some(image) = &self.image {
            hasher.update(format!("image {}\n", image.id));
        }
        for (name, version) in &self.packages {
            hasher.update(format!("{name}=={version}\n"));
        }
        hex::encode(hasher.finalize())
    }
}

/// An environment that can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    /// What is in it.
    pub contents: Contents,
    /// Its interpreter: a path as programs see it, or the name by which their search path finds it.
    pub python: PathBuf,
    pub(crate) mounts: Vec<Mount>,
    /// The system that programs see in place of the machine's own.
    pub(crate) root: Option<PathBuf>,
    /// Variables that programs start with, their search path among them.
    pub(crate) variables: Vec<(String, String)>,
}

impl Environment {
    /// The job within this environment; what the job says of a variable stays.
    #[must_use]
    pub fn around(&self, mut job: Job) -> Job {
        job.mounts.extend(self.mounts.iter().cloned());
        job.root.clone_from(&self.root);
        for (name, value) in &self.variables {
            if !job.environment.iter().any(|(given, _)| given == name) {
                job.environment.push((name.clone(), value.clone()));
            }
        }
        job
    }
}

/// Why there is no environment.
#[derive(Debug, thiserror::Error)]
pub enum EnvironmentError {
    /// The interpreter cannot be used.
    #[error("the interpreter {0} cannot be used: {1}")]
    Interpreter(PathBuf, String),
    /// The container engine cannot be used.
    #[error("the container engine {0} cannot be used")]
    Engine(PathBuf, #[source] io::Error),
    /// The building failed: the wishes cannot be fulfilled here.
    #[error("{what}: {why}")]
    Building {
        /// What was tried.
        what: &'static str,
        /// What went wrong, in a few lines for whoever wrote the requirements.
        why: String,
        /// Everything that was said.
        said: String,
    },
    /// The folder of environments cannot be used.
    #[error("the folder of environments cannot be used")]
    Folder(#[from] io::Error),
    /// There is no room.
    #[error(transparent)]
    Sandbox(#[from] SandboxError),
    /// A step could not be run.
    #[error(transparent)]
    Run(#[from] RunError),
}

/// What the interpreter says of itself.
#[derive(Debug, Deserialize)]
struct Interpreter {
    executable: PathBuf,
    prefix: PathBuf,
    version: String,
    platform: String,
}

pub(crate) const DESCRIBE: &str = "import json, platform, sys\n\
    print(json.dumps(dict(executable=sys.executable, prefix=sys.base_prefix, version=platform.python_version(),\n\
    platform=' '.join((platform.python_implementation(), platform.system(), platform.machine())))))";

pub(crate) const LIST: &str = "import importlib.metadata, json\n\
    print(json.dumps({d.metadata['Name']: d.version for d in importlib.metadata.distributions()}))";

impl Builder {
    /// The environment for these wishes: the one that is there already, or a new one.
    ///
    /// Building takes minutes; `stop` is asked several times a second whether it is still wanted.
    pub fn environment(
        &self,
        sandbox: &Sandbox,
        wishes: &Wishes,
        stop: &dyn Fn() -> bool,
    ) -> Result<Environment, EnvironmentError> {
        let interpreter = self.interpreter()?;
        let name = name_of(wishes, &interpreter);
        fs::create_dir_all(&self.folder)?;
        fs::set_permissions(&self.folder, fs::Permissions::from_mode(0o711))?;
        let (folder, record) = (self.folder.join(&name), self.folder.join(format!("{name}.json")));
        if let Some(contents) = read_record::<Contents>(&record)? {
            return Ok(self.made(contents, &folder, &interpreter));
        }
        // One is built at a time, so that two with the same wishes do not meet.
        let room = sandbox.builder()?;
        if let Some(contents) = read_record::<Contents>(&record)? {
            return Ok(self.made(contents, &folder, &interpreter));
        }
        let built = self.build(&room, wishes, &interpreter, &folder, stop);
        let packages = match built {
            Ok(packages) => packages,
            Err(error) => {
                remove_tree(&folder)?;
                return Err(error);
            }
        };
        let contents = Contents {
            wishes: name,
            python: interpreter.version.clone(),
            platform: interpreter.platform.clone(),
            packages,
            image: None,
        };
        write_record(&record, &contents)?;
        Ok(self.made(contents, &folder, &interpreter))
    }

    fn made(&self, contents: Contents, folder: &Path, interpreter: &Interpreter) -> Environment {
        let mut mounts = vec![Mount::in_place(folder)];
        mounts.extend(interpreter.mount());
        let programs = folder.join("bin");
        let search = format!("{}:/usr/local/bin:/usr/bin:/bin", programs.display());
        let variables = vec![("PATH".to_owned(), search)];
        Environment { contents, python: programs.join("python"), mounts, root: None, variables }
    }

    fn interpreter(&self) -> Result<Interpreter, EnvironmentError> {
        let refused = |why: String| EnvironmentError::Interpreter(self.python.clone(), why);
        let mut command = Command::new(&self.python);
        let output = command.args(["-I", "-c", DESCRIBE]).stdin(Stdio::null()).output();
        let output = output.map_err(|error| refused(error.to_string()))?;
        serde_json::from_slice(&output.stdout).map_err(|_| {
            let said = String::from_utf8_lossy(&output.stderr);
            refused(said.lines().last().unwrap_or("it says nothing").to_owned())
        })
    }

    fn build(
        &self,
        room: &Room<'_>,
        wishes: &Wishes,
        interpreter: &Interpreter,
        folder: &Path,
        stop: &dyn Fn() -> bool,
    ) -> Result<BTreeMap<String, String>, EnvironmentError> {
        remove_tree(folder)?;
        fs::create_dir(folder)?;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755))?;
        room.give(folder)?;
        let text = |path: &Path| path.to_string_lossy().into_owned();
        let python = text(&folder.join("bin/python"));
        // Bringing pip along takes most of the time, and not everybody needs it.
        let pip: &[&str] = if wishes.requirements.trim().is_empty() { &["--without-pip"] } else { &[] };
        let venv = [text(&interpreter.executable), "-I".to_owned(), "-m".to_owned(), "venv".to_owned()];
        let venv = venv.into_iter().chain(pip.iter().map(|&word| word.to_owned())).chain([text(folder)]);
        let job = self.job(interpreter, venv).mount(writing_in_place(folder));
        succeed("an empty environment cannot be made", room.run(&job, stop)?)?;
        if !wishes.requirements.trim().is_empty() {
            let job = self.installing(room, wishes, interpreter, &python)?.mount(writing_in_place(folder));
            succeed("the requirements cannot be installed", room.run(&job, stop)?)?;
        }
        let listing = [python, "-I".to_owned(), "-c".to_owned(), LIST.to_owned()];
        let mut job = self.job(interpreter, listing).mount(Mount::in_place(folder));
        // The list must be whole to be read.
        job.limits.console_bytes = 1 << 20;
        job.network = false;
        let listed = succeed("the packages cannot be listed", room.run(&job, stop)?)?;
        Ok(serde_json::from_slice(&listed.stdout.kept).map_err(io::Error::from)?)
    }

    fn job(&self, interpreter: &Interpreter, command: impl IntoIterator<Item = String>) -> Job {
        let mut job = Job::new(command, self.limits.clone());
        job.mounts.extend(interpreter.mount());
        job.network = self.network;
        job
    }

    fn installing(
        &self,
        room: &Room<'_>,
        wishes: &Wishes,
        interpreter: &Interpreter,
        python: &str,
    ) -> Result<Job, EnvironmentError> {
        let folder = room.readable("requirements")?;
        let mut command: Vec<String> = [python, "-I", "-m", "pip", "install", "--no-input", "--no-cache-dir"]
            .into_iter()
            .chain(["--disable-pip-version-check", "--no-color", "--progress-bar", "off"])
            .map(str::to_owned)
            .collect();
        for (option, name, content) in [
            ("--requirement", "requirements.txt", &wishes.requirements),
            ("--constraint", "constraints.txt", &wishes.constraints),
        ] {
            let host = folder.join(name);
            fs::write(&host, content)?;
            fs::set_permissions(&host, fs::Permissions::from_mode(0o644))?;
            let inside = room.place(&host, &Path::new("/requirements").join(name));
            command.extend([option.to_owned(), inside.to_string_lossy().into_owned()]);
        }
        let mut mounts = vec![Mount::reading(&folder, "/requirements")];
        match (&self.index, self.network) {
            (_, false) => command.push("--no-index".to_owned()),
            (Some(index), true) => command.extend(["--index-url".to_owned(), index.clone()]),
            (None, true) => {}
        }
        for place in &self.find_links {
            command.extend(["--find-links".to_owned(), place.clone()]);
            if Path::new(place).is_absolute() {
                mounts.push(Mount::in_place(place));
            }
        }
        let mut job = self.job(interpreter, command);
        job.mounts.extend(mounts);
        job.environment.extend(self.variables.iter().cloned());
        Ok(job)
    }
}

impl Interpreter {
    /// What must be shown for it to run, if it is not a part of the system.
    fn mount(&self) -> Option<Mount> {
        (!self.prefix.starts_with("/usr")).then(|| Mount::in_place(&self.prefix))
    }
}

fn writing_in_place(folder: &Path) -> Mount {
    Mount::writing(folder, folder)
}

/// Everything that decides what an environment becomes, as far as we know it beforehand.
fn name_of(wishes: &Wishes, interpreter: &Interpreter) -> String {
    let mut hasher = Sha256::new();
    let prefix = interpreter.prefix.to_string_lossy();
    for part in
        [&*prefix, &interpreter.version, &interpreter.platform, &wishes.requirements, &wishes.constraints]
    {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hex::encode(hasher.finalize())
}

/// An environment without its record is not finished, and is built again.
pub(crate) fn write_record(path: &Path, record: &impl Serialize) -> io::Result<()> {
    let half = path.with_extension("half");
    fs::write(&half, serde_json::to_vec_pretty(record)?)?;
    fs::rename(&half, path)
}

pub(crate) fn read_record<T: serde::de::DeserializeOwned>(path: &Path) -> io::Result<Option<T>> {
    match fs::read(path) {
        Ok(bytes) => Ok(serde_json::from_slice(&bytes).ok()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

pub(crate) fn succeed(what: &'static str, outcome: Outcome) -> Result<Outcome, EnvironmentError> {
    if outcome.end.is_success() {
        return Ok(outcome);
    }
    let said = format!("{}{}", outcome.stdout.text(), outcome.stderr.text());
    // pip marks what matters; everything else is in `said`.
    let marked: Vec<&str> = said.lines().filter(|line| line.starts_with("ERROR:")).take(5).collect();
    let why = match outcome.end {
        End::Exited(_) if !marked.is_empty() => marked.join("\n"),
        End::Exited(_) => said.lines().last().unwrap_or("nothing was said").to_owned(),
        other => other.to_string(),
    };
    Err(EnvironmentError::Building { what, why, said })
}
