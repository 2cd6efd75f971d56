//! A fast hash that nobody outside can foresee.

use std::hash::{BuildHasher, RandomState};

/// A hash by folded multiplication, eight bytes at a time, with a seed of its own.
///
/// The seed keeps crafted names from meeting in one place; results must not depend on it.
#[derive(Debug, Clone, Copy)]
pub struct SeededHash {
    seed: u64,
}

impl Default for SeededHash {
    fn default() -> Self {
        Self { seed: RandomState::new().hash_one(0) }
    }
}

impl SeededHash {
    /// The hash of a name.
    #[inline]
    pub fn of(self, name: &[u8]) -> u64 {
        let mut hash = fold(self.seed, name.len() as u64);
        let (words, rest) = name.as_chunks::<8>();
        for word in words {
            hash = fold(hash, u64::from_le_bytes(*word));
        }
        let tail = rest.iter().fold(0_u64, |tail, byte| tail << 8 | u64::from(*byte));
        fold(fold(hash, tail), self.seed)
    }
}

#[inline]
fn fold(hash: u64, word: u64) -> u64 {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let product = u128::from(hash ^ word) * u128::from(ODD);
    product as u64 ^ (product >> 64) as u64
}
