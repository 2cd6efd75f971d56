//! The committed corpus, and mutations of it that are the same on every machine.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// How many mutations of the corpus of a target are tried.
const MUTATIONS: usize = 200;

/// What is put into files: what tends to be mistaken.
const TOKENS: [&[u8]; 24] = [
    b"NaN",
    b"-inf",
    b"1e999",
    b"-0",
    b"1e-320",
    b"18446744073709551616",
    b"9223372036854775807",
    b"-1",
    b"0.1.2",
    b"null",
    b"true",
    b"\"",
    b"\\",
    b"\\ud800",
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\r\n",
    b",",
    b"|",
    b"[[",
    b"{}",
    b"]",
    b"}",
];

/// Lets every file of a target's corpus arrive, and then mutations of them.
///
/// `check` tells whether the bytes are accepted, as they must be of files whose names begin with `good`.
pub(crate) fn replay(target: &str, check: impl Fn(&[u8]) -> bool) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(target);
    let entries = std::fs::read_dir(&folder);
    let entries = entries.unwrap_or_else(|error| panic!("{target} has no corpus in fuzz/corpus: {error}"));
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("the folder can be listed").path()).collect();
    paths.sort();
    let seeds: Vec<_> = paths.iter().map(|path| std::fs::read(path).expect("a file can be read")).collect();
    let try_one = |bytes: &[u8]| {
        let outcome = catch_unwind(AssertUnwindSafe(|| check(bytes)));
        outcome.unwrap_or_else(|_| panic!("{target} fails for b\"{}\"", bytes.escape_ascii()))
    };

    let mut good = 0;
    for (path, bytes) in paths.iter().zip(&seeds) {
        let accepted = try_one(bytes);
        if path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"good")) {
            assert!(accepted, "{} is refused", path.display());
            good += 1;
        }
    }
    assert!(0 < good && good < seeds.len(), "{target} wants good files and bad ones");

    let mut random = Random(0x5eed);
    for _ in 0..MUTATIONS {
        try_one(&mutated(&seeds, &mut random));
    }
}

/// One of the files with one to four changes.
fn mutated(seeds: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut bytes = seeds[random.below(seeds.len())].clone();
    for _ in 0..=random.below(4) {
        let start = random.below(bytes.len() + 1);
        let end = (start + random.below(12)).min(bytes.len());
        match random.below(6) {
            0 => drop(bytes.drain(start..end)),
            1 => bytes.truncate(start),
            2 => bytes[start..end].iter_mut().for_each(|byte| *byte ^= 1 << random.below(8)),
            3 => drop(bytes.splice(start..end, TOKENS[random.below(TOKENS.len())].iter().copied())),
            4 => {
                let repeated = bytes[start..end].repeat(1 + random.below(70));
                drop(bytes.splice(start..start, repeated));
            }
            _ => {
                let other = &seeds[random.below(seeds.len())];
                bytes.truncate(start);
                bytes.extend_from_slice(&other[random.below(other.len() + 1)..]);
            }
        }
    }
    bytes
}

/// A generator of numbers (splitmix64) that is seeded with a constant: a failure stays one.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % end as u64) as usize
    }
}
