//! The files of a bundle: a zip archive or a folder, read within bounds into a tree that lives in memory.
//!
//! What may stand in an archive at all is the business of [`sdk::archive`]: relative paths of plain names, no links, no
//! passwords, no bombs, no name twice, no shared bytes.
//! A bundle is unpacked again wherever its programs run, so that two more things are refused here:
//! names that a file system could take for one another, and names that it could not hold.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use bytes::Bytes;
use sdk::archive as zip;

use crate::fault::{Fault, Findings};

/// What a bundle may hold, together with the archives in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The most bytes of all files together.
    pub bytes: u64,
    /// The most files.
    pub files: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { bytes: 2 << 30, files: 20_000 }
    }
}

/// How many folders deep a file may lie.
const DEEPEST: usize = 32;

/// What file systems hold: a name, and a path, in bytes.
const LONGEST_NAME: usize = 255;
const LONGEST_PATH: usize = 1_000;

/// Files by their path, with `/` between the names; copies share their bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileTree {
    files: BTreeMap<String, Bytes>,
}

impl FileTree {
    /// A tree of these files, `(path, content)`; for what is written rather than read.
    pub fn of(files: impl IntoIterator<Item = (String, Bytes)>) -> Self {
        Self { files: files.into_iter().collect() }
    }

    /// Opens a zip archive; `name` is what faults call it.
    pub fn from_zip(name: &str, archive: &[u8], bounds: Bounds) -> Result<Self, Findings> {
        let mut limits = sdk::Limits::default();
        limits.bytes = bounds.bytes;
        let files = zip::open(archive, &limits).map_err(|faults| {
            let mut findings = Findings::default();
            for fault in faults.faults {
                let hint = fault.hint.map(|hint| format!("; {hint}")).unwrap_or_default();
                findings.fault(Fault::of_file(name, format!("{}{hint}", fault.message)));
            }
            findings.unsaid +=
                usize::try_from(faults.fault_count).unwrap_or(usize::MAX) - findings.faults.len();
            findings
        })?;
        let files =
            files.into_iter().map(|file| (file.name.into_owned(), Bytes::from(file.bytes.into_owned())));
        Self { files: files.collect() }.checked(name, bounds)
    }

    /// Reads a folder; links in it are refused, as in an archive.
    pub fn from_folder(folder: &Path, bounds: Bounds) -> Result<Self, Findings> {
        let mut reading =
            FolderReading { bounds, bytes: 0, tree: Self::default(), findings: Findings::default() };
        reading.read(folder, "", 0);
        if reading.findings.is_usable() { reading.tree.checked("", bounds) } else { Err(reading.findings) }
    }

    /// Refuses what could not be unpacked again.
    fn checked(self, archive: &str, bounds: Bounds) -> Result<Self, Findings> {
        let mut findings = Findings::default();
        let mut refuse = |message: String| findings.fault(Fault::of_file(archive, message));
        if self.files.len() > bounds.files {
            refuse(format!("there are {} files; at most {} are taken", self.files.len(), bounds.files));
        }
        // By its letters alone: the file or folder that stands there first.
        let mut taken: HashMap<String, &str> = HashMap::new();
        for path in self.files.keys() {
            let names = path.split('/').count();
            if names > DEEPEST
                || path.len() > LONGEST_PATH
                || path.split('/').any(|name| name.len() > LONGEST_NAME)
            {
                refuse(format!("the path {:?} is too long or too deep", shortened(path)));
                continue;
            }
            // Archives are refused for these before; a folder is made into an archive again.
            if path.contains(|letter: char| letter.is_control() || matches!(letter, '\\' | ':')) {
                refuse(format!("the path {path:?} cannot stand in an archive"));
                continue;
            }
            let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
            for prefix in ends.map(|end| &path[..end]) {
                let first = *taken.entry(prefix.to_lowercase()).or_insert(prefix);
                let is_both = first == prefix && prefix.len() < path.len() && self.files.contains_key(prefix);
                if first != prefix || is_both {
                    refuse(format!("{first:?} and {path:?} cannot both be unpacked on every file system"));
                    break;
                }
            }
        }
        if findings.is_usable() { Ok(self) } else { Err(findings) }
    }

    /// The content of a file: by its path as it stands here, else by what somebody wrote for it (`./a//b`, blanks around it).
    pub fn file(&self, path: &str) -> Option<&Bytes> {
        self.files.get(path).or_else(|| self.files.get(&normalized(path)?))
    }

    /// The files below a folder, by their paths in it; absent when there is none.
    pub fn folder(&self, path: &str) -> Option<Self> {
        let prefix = match normalized(path)? {
            path if path.is_empty() => return Some(self.clone()),
            path => format!("{path}/"),
        };
        let inside = self.files.range(prefix.clone()..).take_while(|(path, _)| path.starts_with(&prefix));
        let files: BTreeMap<_, _> =
            inside.map(|(path, bytes)| (path[prefix.len()..].to_owned(), bytes.clone())).collect();
        (!files.is_empty()).then_some(Self { files })
    }

    /// Every path with its content, in the order of paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Bytes)> {
        self.files.iter().map(|(path, bytes)| (path.as_str(), bytes))
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is no file.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The bytes of all files together.
    pub fn size_bytes(&self) -> u64 {
        self.files.values().map(|bytes| bytes.len() as u64).sum()
    }

    /// The tree as a zip archive; the same files always become the same bytes.
    pub fn to_zip(&self) -> Result<Vec<u8>, zip::PackError> {
        zip::pack(self.iter().map(|(path, bytes)| (path, &bytes[..])))
    }

    /// What a value of a bundle names: a folder of it, an archive in it, or a single file.
    ///
    /// Where an archive is named that is not there, the folder of the same name is taken:
    /// many bundles are packed by a script that makes the archives, and then sent without it.
    pub fn part(&self, path: &str, bounds: Bounds) -> Option<Result<Part, Findings>> {
        if let Some(bytes) = self.file(path) {
            return Some(match zip::is_zip(bytes) {
                true => Self::from_zip(path, bytes, bounds).map(Part::Tree),
                false => Ok(Part::File(bytes.clone())),
            });
        }
        let folder = self.folder(path).or_else(|| self.folder(path.strip_suffix(".zip")?))?;
        Some(Ok(Part::Tree(folder)))
    }
}

/// What a value of a bundle names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// A folder, or what an archive held.
    Tree(FileTree),
    /// A single file that is no archive.
    File(Bytes),
}

/// A path as it stands in a tree: without `./` and closing slashes; absent when it leads outside.
fn normalized(path: &str) -> Option<String> {
    let mut names = Vec::new();
    for name in path.trim().split('/') {
        match name {
            "" if names.is_empty() && path.trim().starts_with('/') => return None,
            "" | "." => {}
            ".." => return None,
            name => names.push(name),
        }
    }
    Some(names.join("/"))
}

/// Whether a path stays in the tree in which it is looked for.
pub fn is_inside(path: &str) -> bool {
    normalized(path).is_some()
}

fn shortened(path: &str) -> String {
    path.chars().take(80).collect()
}

struct FolderReading {
    bounds: Bounds,
    bytes: u64,
    tree: FileTree,
    findings: Findings,
}

impl FolderReading {
    fn read(&mut self, folder: &Path, prefix: &str, depth: usize) {
        if depth > DEEPEST {
            return self.refuse(prefix, "lies too deep");
        }
        let entries = match std::fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => return self.refuse(prefix, &format!("cannot be listed: {error}")),
        };
        for entry in entries {
            if !self.findings.is_usable() {
                return;
            }
            let Ok(entry) = entry else { return self.refuse(prefix, "cannot be listed") };
            let Ok(name) = entry.file_name().into_string() else {
                return self.refuse(prefix, "holds a name that is no text");
            };
            let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}/{name}") };
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && name == ".git" => {}
                Ok(kind) if kind.is_dir() => self.read(&entry.path(), &path, depth + 1),
                Ok(kind) if kind.is_file() => self.read_file(&entry.path(), path),
                _ => self.refuse(&path, "is a link or a device"),
            }
        }
    }

    fn read_file(&mut self, file: &Path, path: String) {
        let size = file.metadata().map_or(0, |metadata| metadata.len());
        self.bytes = self.bytes.saturating_add(size);
        if self.bytes > self.bounds.bytes {
            return self.refuse("", &format!("the folder holds more than {} bytes", self.bounds.bytes));
        }
        if self.tree.len() >= self.bounds.files {
            return self.refuse("", &format!("the folder holds more than {} files", self.bounds.files));
        }
        match std::fs::read(file) {
            Ok(bytes) => _ = self.tree.files.insert(path, Bytes::from(bytes)),
            Err(error) => self.refuse(&path, &format!("cannot be read: {error}")),
        }
    }

    fn refuse(&mut self, path: &str, message: &str) {
        self.findings.fault(Fault::of_file(path, message));
    }
}

#[cfg(test)]
mod tests;
