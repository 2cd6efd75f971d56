use super::*;

fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
    zip::pack(files.iter().copied()).unwrap()
}

fn tree(files: &[(&str, &str)]) -> FileTree {
    FileTree::of(files.iter().map(|(path, text)| ((*path).to_owned(), Bytes::from((*text).to_owned()))))
}

fn refused(files: &[(&str, &[u8])], bounds: Bounds) -> String {
    FileTree::from_zip("b.zip", &packed(files), bounds).unwrap_err().to_string()
}

#[test]
fn what_was_packed_is_found_by_its_path() {
    let archive = packed(&[("a/b.txt", b"b"), ("c", b""), ("a.zip/x", b"x")]);
    let tree = FileTree::from_zip("b.zip", &archive, Bounds::default()).unwrap();
    assert_eq!(tree.file("./a//b.txt").unwrap(), &b"b"[..]);
    assert_eq!(tree.file("a/../c"), None, "a path never climbs, not even to come back");
    assert_eq!(tree.file("/c"), None);
    let inside = tree.folder("a/").unwrap();
    assert_eq!(inside.iter().map(|(path, _)| path).collect::<Vec<_>>(), ["b.txt"]);
    assert_eq!(tree.folder("").unwrap(), tree);
    assert!(tree.folder("d").is_none());
    assert_eq!((tree.len(), tree.size_bytes()), (3, 2));
}

#[test]
fn paths_that_lead_outside_are_refused() {
    for path in ["../evil", "/etc/passwd", "a/../../evil", "C:\\evil", "a\\b", "a/./b", "nul\0"] {
        let message = refused(&[(path, b""), ("good", b"")], Bounds::default());
        assert!(message.contains("no path that stays inside"), "{path}: {message}");
        assert!(message.starts_with("fault: b.zip: "), "{message}");
    }
}

#[test]
fn names_that_a_file_system_could_confuse_are_refused() {
    for pair in [["Readme", "README"], ["a/x", "A/y"], ["a", "a/b"], ["Ä", "ä"]] {
        let message = refused(&[(pair[0], b""), (pair[1], b"")], Bounds::default());
        assert!(message.contains("cannot both be unpacked"), "{pair:?}: {message}");
    }
    let twice = refused(&[("a", b"1"), ("a", b"2")], Bounds::default());
    assert!(twice.contains("two files"), "{twice}");
    // What only looks alike is taken.
    let archive = packed(&[("a-b", b""), ("a/b", b""), ("a.b", b"")]);
    assert!(FileTree::from_zip("b.zip", &archive, Bounds::default()).is_ok());
}

#[test]
fn bounds_are_kept() {
    let bounds = Bounds { bytes: 400, files: 2 };
    assert!(FileTree::from_zip("b.zip", &packed(&[("a", &[7; 100])]), bounds).is_ok());
    assert!(refused(&[("a", &[7; 500])], bounds).contains("too large"));
    assert!(refused(&[("a", b""), ("b", b""), ("c", b"")], bounds).contains("there are 3 files; at most 2"));
    let deep = vec!["d"; 40].join("/");
    let long = "x".repeat(256);
    for path in [deep.as_str(), long.as_str()] {
        assert!(refused(&[(path, b"")], Bounds::default()).contains("too long or too deep"));
    }
    let mut encrypted = packed(&[("a", b"secret")]);
    let directory = encrypted.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
    encrypted[directory + 8] |= 1;
    let message = FileTree::from_zip("b.zip", &encrypted, Bounds::default()).unwrap_err().to_string();
    assert!(message.contains("is encrypted"), "{message}");
    for rubbish in [&b""[..], b"PK", b"no archive"] {
        assert!(FileTree::from_zip("b.zip", rubbish, Bounds::default()).is_err());
    }
}

#[test]
fn a_folder_is_read_like_an_archive() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("a/.git")).unwrap();
    std::fs::write(folder.path().join("a/b.txt"), "b").unwrap();
    std::fs::write(folder.path().join("a/.git/config"), "").unwrap();
    let read = |bounds| FileTree::from_folder(folder.path(), bounds);
    assert_eq!(read(Bounds::default()).unwrap(), tree(&[("a/b.txt", "b")]));
    assert!(read(Bounds { bytes: 0, files: 9 }).unwrap_err().to_string().contains("more than 0 bytes"));
    assert!(read(Bounds { bytes: 9, files: 0 }).unwrap_err().to_string().contains("more than 0 files"));
    std::fs::write(folder.path().join("a:b"), "").unwrap();
    assert!(read(Bounds::default()).unwrap_err().to_string().contains("cannot stand in an archive"));
    std::fs::remove_file(folder.path().join("a:b")).unwrap();
    std::os::unix::fs::symlink("/etc/passwd", folder.path().join("a/link")).unwrap();
    let message = read(Bounds::default()).unwrap_err().to_string();
    assert_eq!(message, "fault: a/link: is a link or a device");
    assert!(FileTree::from_folder(&folder.path().join("none"), Bounds::default()).is_err());
}

#[test]
fn a_part_is_a_folder_an_archive_or_a_file() {
    let inner = packed(&[("score.py", b"pass")]);
    let outer = packed(&[("program.zip", &inner), ("data/truth.csv", b"1"), ("page.html", b"<p>")]);
    let tree = FileTree::from_zip("b.zip", &outer, Bounds::default()).unwrap();
    let part = |path| tree.part(path, Bounds::default()).map(Result::unwrap);
    let program = FileTree::of([("score.py".to_owned(), Bytes::from("pass"))]);
    assert_eq!(part("program.zip"), Some(Part::Tree(program)));
    let data = FileTree::of([("truth.csv".to_owned(), Bytes::from("1"))]);
    assert_eq!(part("data"), Some(Part::Tree(data.clone())));
    assert_eq!(part("data.zip"), Some(Part::Tree(data)), "the folder stands for the archive made of it");
    assert_eq!(part("page.html"), Some(Part::File(Bytes::from("<p>"))));
    assert_eq!(part("none"), None);
    assert!(tree.part("program.zip", Bounds { bytes: 3, files: 9 }).unwrap().is_err());
    let again = FileTree::from_zip("b.zip", &tree.to_zip().unwrap(), Bounds::default()).unwrap();
    assert_eq!(again, tree);
}
