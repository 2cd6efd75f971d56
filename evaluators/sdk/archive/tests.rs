use std::io::Write;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use proptest::prelude::*;

use super::*;

fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
    pack(files.iter().copied()).unwrap()
}

fn names(bytes: &[u8]) -> Vec<String> {
    open(bytes, &Limits::default()).unwrap().into_iter().map(|file| file.name.into_owned()).collect()
}

fn codes(bytes: &[u8], limits: &Limits) -> Vec<&'static str> {
    open(bytes, limits).unwrap_err().faults.iter().map(|fault| fault.code.name()).collect()
}

/// An archive of one deflated file of zeros that says to be of another size.
fn deflated(zeros: usize, said: u32) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&vec![0; zeros]).unwrap();
    let content = encoder.finish().unwrap();
    let mut archive = packed(&[("zeros", &content)]);
    let mut checksum = Crc::new();
    checksum.update(&vec![0; zeros]);
    let directory = archive.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
    archive[directory + 10] = 8;
    archive[directory + 16..directory + 20].copy_from_slice(&checksum.sum().to_le_bytes());
    archive[directory + 24..directory + 28].copy_from_slice(&said.to_le_bytes());
    archive
}

/// The archive with the directory's record of its first file changed.
fn changed(mut archive: Vec<u8>, offset: usize, byte: u8) -> Vec<u8> {
    let directory = archive.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
    archive[directory + offset] = byte;
    archive
}

#[test]
fn what_is_packed_is_opened_in_the_order_of_names() {
    let archive = packed(&[("b/2.png", b"two"), ("a.json", b"{}"), ("b/10.png", b"")]);
    let files = open(&archive, &Limits::default()).unwrap();
    let seen: Vec<(&str, &[u8])> = files.iter().map(|file| (&*file.name, &*file.bytes)).collect();
    assert_eq!(seen, [("a.json", &b"{}"[..]), ("b/10.png", b""), ("b/2.png", b"two")]);
    assert!(files.iter().all(|file| matches!(file.bytes, Cow::Borrowed(_))));
}

#[test]
fn deflated_files_are_unpacked() {
    let archive = deflated(100_000, 100_000);
    let files = open(&archive, &Limits::default()).unwrap();
    assert_eq!(files[0].bytes.len(), 100_000);
}

#[test]
fn folders_and_leftovers_are_passed_over() {
    let archive =
        packed(&[("a/", b""), ("a/.DS_Store", b"x"), ("__MACOSX/a/1.png", b"x"), ("a/1.png", b"1")]);
    assert_eq!(names(&archive), ["a/1.png"]);
}

#[test]
fn a_comment_at_the_end_does_no_harm() {
    let mut archive = packed(&[("a", b"1")]);
    let end = archive.len();
    archive[end - 2] = 3;
    archive.extend_from_slice(b"abc");
    assert_eq!(names(&archive), ["a"]);
}

#[test]
fn paths_stay_inside() {
    for path in ["../a", "/a", "a/../../b", "a//b", "a/./b", "a\\b", "C:a", "a\nb"] {
        assert_eq!(codes(&packed(&[(path, b"")]), &Limits::default()), ["wrong_format"], "{path}");
    }
}

#[test]
fn every_name_stands_once() {
    let archive = packed(&[("a", b"1"), ("b", b"2"), ("a", b"3")]);
    assert_eq!(codes(&archive, &Limits::default()), ["duplicate_ids"]);
}

#[test]
fn bombs_are_refused_before_they_are_unpacked() {
    let mut limits = Limits::default();
    limits.bytes = 1000;
    assert_eq!(codes(&deflated(2000, 2000), &limits), ["too_large"]);
    assert_eq!(codes(&deflated(100, u32::MAX - 1), &Limits::default()), ["too_large"]);
    // A file that becomes larger than it says is unpacked only so far.
    assert_eq!(codes(&deflated(60 << 20, 10), &Limits::default()), ["wrong_format"]);
    // So is one that becomes smaller.
    assert_eq!(codes(&deflated(10, 1000), &Limits::default()), ["wrong_format"]);
}

#[test]
fn files_do_not_share_their_bytes() {
    let mut archive = packed(&[("a", b"12345"), ("b", b"12345")]);
    let second = archive.windows(4).rposition(|bytes| bytes == b"PK\x01\x02").unwrap();
    archive[second + 42..second + 46].fill(0);
    assert_eq!(codes(&archive, &Limits::default()), ["wrong_format"]);
}

#[test]
fn links_passwords_and_other_methods_are_refused() {
    let archive = packed(&[("a", b"1")]);
    let encrypted = changed(archive.clone(), 8, 1);
    let bzip2 = changed(archive.clone(), 10, 12);
    let link = changed(changed(archive.clone(), 5, 3), 41, 0o12 << 4);
    let wrong_checksum = changed(archive, 16, 7);
    for archive in [encrypted, bzip2, link, wrong_checksum] {
        assert_eq!(codes(&archive, &Limits::default()), ["wrong_format"]);
    }
}

#[test]
fn what_is_no_archive_is_told_so() {
    assert_eq!(codes(b"", &Limits::default()), ["empty_submission"]);
    assert_eq!(codes(b"\x89PNG\r\n", &Limits::default()), ["wrong_format"]);
    assert_eq!(codes(b"PK\x03\x04 and no more", &Limits::default()), ["wrong_format"]);
    assert_eq!(codes(&packed(&[]), &Limits::default()), ["empty_submission"]);
}

#[test]
fn a_wide_directory_is_read() {
    let mut archive = packed(&[("a", b"12345")]);
    let (directory, end) = (
        archive.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap() as u64,
        archive.windows(4).position(|bytes| bytes == b"PK\x05\x06").unwrap(),
    );
    let last = archive.split_off(end);
    let record = archive.len() as u64;
    archive.extend_from_slice(b"PK\x06\x06");
    archive.extend_from_slice(&[0; 28]);
    archive.extend_from_slice(&1_u64.to_le_bytes());
    archive.extend_from_slice(&[0; 8]);
    archive.extend_from_slice(&directory.to_le_bytes());
    archive.extend_from_slice(b"PK\x06\x07\0\0\0\0");
    archive.extend_from_slice(&record.to_le_bytes());
    archive.extend_from_slice(&[0; 4]);
    archive.extend_from_slice(&last);
    let length = archive.len();
    archive[length - 12..length - 10].fill(0xff);
    archive[length - 6..length - 2].fill(0xff);
    assert_eq!(names(&archive), ["a"]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn archives_that_lie_are_faults_and_no_panics(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut archive = packed(&[("a/1", b"12345"), ("b", b"")]);
        archive.extend_from_slice(&deflated(100, 100));
        for (at, byte) in changes {
            let at = at.index(archive.len());
            archive[at] = byte;
        }
        for bytes in [&archive[..], &archive[..cut.index(archive.len())]] {
            if let Err(faults) = open(bytes, &Limits::default()) {
                prop_assert!(faults.fault_count > 0);
            }
        }
    }
}
