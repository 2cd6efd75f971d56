//! LBRNG-1: the published scheme of pseudorandom draws, SplitMix64 read at any place.
//!
//! A draw is a function of a key and a counter, so that any replicate can be drawn alone, in parallel or again after a
//! restart, and no version of a library changes the numbers.
//! Every split has its own key: submissions on one split see the same draws, which makes them pairs.
//!
//! The generator is that of Steele, Lea and Flood, *Fast splittable pseudorandom number generators* (2014), in the variant of
//! Vigna's `splitmix64.c`; the reduction to a range is Lemire's multiplication without rejection, whose bias is below `n / 2^64`.

use sha2::{Digest, Sha256};

/// The step of the counter: 2^64 over the golden ratio, made odd.
const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

/// The key of a stream of draws.
///
/// An interval under known draws is a query on the labels; so the key of a split stays secret until the split retires, and
/// only [`Key::commitment`] is shown before.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Key(u64);

impl Key {
    /// A key as it was stored.
    pub const fn from_u64(key: u64) -> Self {
        Self(key)
    }

    /// The key as it is stored.
    pub fn to_u64(self) -> u64 {
        self.0
    }

    /// The key of a purpose, a data set and a seed: the first eight bytes, big endian, of the SHA-256 of
    /// `purpose|digest|seed`, the seed in decimal digits.
    pub fn derive(purpose: &str, digest_hex: &str, seed: u64) -> Self {
        let digest = Sha256::digest(format!("{purpose}|{digest_hex}|{seed}"));
        let mut first = [0; 8];
        first.copy_from_slice(&digest[..8]);
        Self(u64::from_be_bytes(first))
    }

    /// What is published before the key: the SHA-256, in hexadecimal digits, of `LBRNG-1|` and the key and a secret of the
    /// organizer in hexadecimal digits, joined by `|`.
    ///
    /// The secret is published with the key; without it, 64 bits could be searched.
    pub fn commitment(self, secret: &[u8]) -> String {
        hex::encode(Sha256::digest(format!("LBRNG-1|{:016x}|{}", self.0, hex::encode(secret))))
    }

    /// The number at a place of the stream: output `counter + 1` of SplitMix64 seeded with the key.
    #[inline]
    pub fn number(self, counter: u64) -> u64 {
        let mut z = self.0.wrapping_add(counter.wrapping_add(1).wrapping_mul(GAMMA));
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A draw from `0..range` in replicate `replicate`, as the draw `draw` of `draws`.
    #[inline]
    pub fn index(self, replicate: u64, draw: u64, draws: u64, range: u64) -> u64 {
        let number = self.number(replicate.wrapping_mul(draws).wrapping_add(draw));
        ((u128::from(number) * u128::from(range)) >> 64) as u64
    }

    /// Whether the sign of a unit is flipped in a permutation: the first bit of its number.
    #[inline]
    pub fn flips(self, permutation: u64, unit: u64, units: u64) -> bool {
        self.number(permutation.wrapping_mul(units).wrapping_add(unit)) >> 63 == 1
    }
}

// A key that is printed by mistake is no secret any more.
impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_that_of_splitmix64() {
        let key = Key::from_u64(1_234_567);
        let expected: [u64; 3] =
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423];
        assert_eq!([0, 1, 2].map(|counter| key.number(counter)), expected);
    }

    #[test]
    fn a_key_says_nothing_of_itself() {
        let key = Key::from_u64(0x1234_5678);
        assert_eq!(format!("{key:?}"), "Key(..)");
        assert_ne!(key.commitment(b"a"), key.commitment(b"b"));
        assert_ne!(key.commitment(b"a"), Key::from_u64(0x1234_5679).commitment(b"a"));
    }

    #[test]
    fn draws_stay_in_their_range() {
        let key = Key::from_u64(7);
        assert!((0..1_000).all(|draw| key.index(3, draw, 1_000, 5) < 5));
        assert_eq!(key.index(u64::MAX, u64::MAX, u64::MAX, 1), 0);
    }
}
