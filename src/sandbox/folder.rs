//! Folders that a stranger's program has filled: measured, read, copied and removed without following it anywhere.
//!
//! No symbolic link is ever followed, no device or pipe opened, and no depth exhausts the stack or the file
//! descriptors. Everything but [`measure`] is only for folders that no program writes to any more.

use std::ffi::{CStr, OsString};
use std::fs::{self, File};
use std::io::{self, Read};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use nix::dir::{Dir, Type};
use nix::errno::Errno;
use nix::fcntl::{AtFlags, OFlag, OpenHow, ResolveFlag, openat2};
use nix::sys::stat::{FileStat, Mode, SFlag, fstatat};

use crate::outcome::Limit;

/// How many folders may lie within each other.
const MOST_DEPTH: usize = 64;

/// How large a folder is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Size {
    /// Bytes of its files, as they lie on the disk or as they say, whichever is less: holes cost nothing.
    pub(crate) bytes: u64,
    /// Files, folders and everything else with a name.
    pub(crate) files: u64,
}

/// Why a folder's content cannot be taken over.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// Something that is neither a file nor a folder.
    #[error("{0} is neither a file nor a folder (symbolic links are not followed)")]
    Foreign(PathBuf),
    /// Too many folders within each other.
    #[error("{0} lies too deep: at most {MOST_DEPTH} folders may lie within each other")]
    TooDeep(PathBuf),
    /// A file that is larger than whoever reads it wants.
    #[error("{0} has {1} bytes, more than the {2} that are allowed")]
    TooLarge(PathBuf, u64, u64),
    /// The system could not do it.
    #[error("{0} could not be read or written")]
    Io(PathBuf, #[source] io::Error),
}

/// Measures a folder while a program may be writing to it. Stops at the first limit that is passed.
pub(crate) fn measure(folder: &Path, most_bytes: u64, most_files: u64) -> Result<Size, Limit> {
    let mut size = Size::default();
    let Ok(directory) = Dir::open(folder, folder_flags(), Mode::empty()) else {
        return Ok(size);
    };
    measure_into(directory, &mut size, (most_bytes, most_files), 0)?;
    Ok(size)
}

fn measure_into(mut directory: Dir, size: &mut Size, most: (u64, u64), depth: usize) -> Result<(), Limit> {
    if depth > MOST_DEPTH {
        return Err(Limit::OutputFiles);
    }
    let Ok(entries) = entries_of(&mut directory) else {
        return Ok(());
    };
    for (name, _) in entries {
        // What is gone by now takes no space.
        let Ok(status) = status_of(directory.as_fd(), &name) else { continue };
        size.files += 1;
        size.bytes += bytes_on_disk(&status);
        if size.files > most.1 {
            return Err(Limit::OutputFiles);
        }
        if size.bytes > most.0 {
            return Err(Limit::OutputBytes);
        }
        if kind_of(&status) == SFlag::S_IFDIR {
            match Dir::openat(directory.as_fd(), name.as_c_str(), folder_flags(), Mode::empty()) {
                Ok(inner) => measure_into(inner, size, most, depth + 1)?,
                Err(Errno::ENOENT | Errno::ENOTDIR | Errno::ELOOP) => {}
                // A folder that cannot be looked into could hide anything.
                Err(_) => return Err(Limit::OutputFiles),
            }
        }
    }
    Ok(())
}

/// Bytes that a file takes: of a file with holes only what is there.
pub(crate) fn bytes_on_disk(status: &FileStat) -> u64 {
    u64::try_from(status.st_blocks).unwrap_or(0).saturating_mul(512)
}

/// Reads a file below a folder, if it is there.
pub fn read_file(folder: &Path, name: &str, most_bytes: u64) -> Result<Option<Vec<u8>>, FolderError> {
    let path = folder.join(name);
    let failed = |error: io::Error| FolderError::Io(path.clone(), error);
    let directory = File::open(folder).map_err(failed)?;
    let how = OpenHow::new()
        .flags(OFlag::O_RDONLY | OFlag::O_CLOEXEC | OFlag::O_NONBLOCK)
        .resolve(ResolveFlag::RESOLVE_BENEATH | ResolveFlag::RESOLVE_NO_SYMLINKS);
    let opened = match openat2(&directory, name, how) {
        Ok(opened) => File::from(opened),
        Err(Errno::ENOENT) => return Ok(None),
        Err(Errno::ELOOP | Errno::EXDEV | Errno::ENXIO) => return Err(FolderError::Foreign(path)),
        Err(error) => return Err(failed(error.into())),
    };
    let about = opened.metadata().map_err(failed)?;
    if !about.is_file() {
        return Err(FolderError::Foreign(path));
    }
    if about.len() > most_bytes {
        return Err(FolderError::TooLarge(path, about.len(), most_bytes));
    }
    let mut bytes = Vec::new();
    opened.take(most_bytes).read_to_end(&mut bytes).map_err(failed)?;
    Ok(Some(bytes))
}

/// Copies the files and folders below a folder into another one, which exists.
///
/// The copies belong to whoever calls this and may be read by everybody, so that a sandbox may show them.
pub fn copy_tree(from: &Path, to: &Path) -> Result<(), FolderError> {
    let directory = Dir::open(from, folder_flags(), Mode::empty())
        .map_err(|error| FolderError::Io(from.to_owned(), error.into()))?;
    copy_into(directory, from, to, 0)
}

fn copy_into(mut directory: Dir, from: &Path, to: &Path, depth: usize) -> Result<(), FolderError> {
    if depth > MOST_DEPTH {
        return Err(FolderError::TooDeep(from.to_owned()));
    }
    let entries =
        entries_of(&mut directory).map_err(|error| FolderError::Io(from.to_owned(), error.into()))?;
    for (name, _) in entries {
        let text = OsString::from_vec(name.as_bytes().to_vec());
        let (source, target) = (from.join(&text), to.join(&text));
        let failed = |error: io::Error| FolderError::Io(source.clone(), error);
        let status = status_of(directory.as_fd(), &name).map_err(|error| failed(error.into()))?;
        if kind_of(&status) == SFlag::S_IFDIR {
            let inner = Dir::openat(directory.as_fd(), name.as_c_str(), folder_flags(), Mode::empty())
                .map_err(|error| failed(error.into()))?;
            fs::create_dir(&target).map_err(failed)?;
            fs::set_permissions(&target, fs::Permissions::from_mode(0o755)).map_err(failed)?;
            copy_into(inner, &source, &target, depth + 1)?;
        } else if kind_of(&status) == SFlag::S_IFREG {
            let flags = OFlag::O_RDONLY | OFlag::O_CLOEXEC | OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK;
            let opened = nix::fcntl::openat(directory.as_fd(), name.as_c_str(), flags, Mode::empty());
            let mut opened = File::from(opened.map_err(|error| failed(error.into()))?);
            let mut copy = File::create_new(&target).map_err(failed)?;
            io::copy(&mut opened, &mut copy).map_err(failed)?;
            copy.set_permissions(fs::Permissions::from_mode(0o644)).map_err(failed)?;
        } else {
            return Err(FolderError::Foreign(source));
        }
    }
    Ok(())
}

/// Removes a folder and everything below it, however deep.
///
/// Folders are moved up before they are emptied, so that no path becomes long and nothing recurses.
pub fn remove_tree(folder: &Path) -> io::Result<()> {
    match fs::symlink_metadata(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
        Ok(about) if !about.is_dir() => return fs::remove_file(folder),
        Ok(_) => {}
    }
    open_up(folder)?;
    let mut moved = 0_u64;
    loop {
        let folders = remove_files(folder)?;
        if folders.is_empty() {
            break;
        }
        for inner in folders {
            open_up(&inner)?;
            for nested in remove_files(&inner)? {
                loop {
                    moved += 1;
                    let target = folder.join(format!(".removed-{moved}"));
                    if fs::symlink_metadata(&target).is_err() {
                        open_up(&nested)?;
                        fs::rename(&nested, &target)?;
                        break;
                    }
                }
            }
            fs::remove_dir(&inner)?;
        }
    }
    fs::remove_dir(folder)
}

/// Removes the files of a folder and names the folders in it.
fn remove_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            folders.push(entry.path());
        } else {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(folders)
}

/// Makes a folder one that its owner may empty.
fn open_up(folder: &Path) -> io::Result<()> {
    let mode = fs::symlink_metadata(folder)?.permissions().mode();
    if mode & 0o700 == 0o700 {
        return Ok(());
    }
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}

fn folder_flags() -> OFlag {
    OFlag::O_RDONLY | OFlag::O_DIRECTORY | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC
}

/// The entries of a folder without `.` and `..`.
fn entries_of(directory: &mut Dir) -> nix::Result<Vec<(std::ffi::CString, Option<Type>)>> {
    let mut entries = Vec::new();
    for entry in directory.iter() {
        let entry = entry?;
        let name: &CStr = entry.file_name();
        if name != c"." && name != c".." {
            entries.push((name.to_owned(), entry.file_type()));
        }
    }
    Ok(entries)
}

fn status_of(directory: BorrowedFd<'_>, name: &CStr) -> nix::Result<FileStat> {
    fstatat(directory, name, AtFlags::AT_SYMLINK_NOFOLLOW)
}

fn kind_of(status: &FileStat) -> SFlag {
    SFlag::from_bits_truncate(status.st_mode & SFlag::S_IFMT.bits())
}
