//! Random numbers that are the same everywhere, so that every demo shows the same challenges.

/// A stream of numbers (splitmix64) that begins where its name says.
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    /// The stream of that name: the same name begins the same stream, on every machine and in every release.
    pub(crate) fn named(seed: u64, name: &[&str]) -> Self {
        // FNV-1a; a separator keeps ["ab", "c"] apart from ["a", "bc"].
        let bytes = name.iter().flat_map(|part| part.bytes().chain([0xff]));
        Self(bytes.fold(seed ^ 0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        }))
    }

    /// The next 64 bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to below 1.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A number between two others.
    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// A number around zero, nearly normal with variance one.
    ///
    /// A sum of twelve, because logarithms and cosines differ from machine to machine in their last bits.
    pub(crate) fn around_zero(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }

    /// A whole number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.unit() * end as f64) as usize
    }

    /// Whether something happens that happens with that probability.
    pub(crate) fn happens(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// One of several.
    pub(crate) fn pick<T: Copy>(&mut self, among: &[T]) -> T {
        among[self.below(among.len())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_begins_the_same_stream_everywhere() {
        let mut stream = Random::named(7, &["queries", "video-1"]);
        assert_eq!([stream.bits(), stream.bits()], [562_843_312_275_627_675, 4_959_608_764_257_968_514]);
        assert_ne!(Random::named(7, &["ab", "c"]).bits(), Random::named(7, &["a", "bc"]).bits());
    }

    #[test]
    fn numbers_keep_their_bounds_and_spread() {
        let mut stream = Random::named(1, &[]);
        let numbers: Vec<usize> = (0..1000).map(|_| stream.below(10)).collect();
        for digit in 0..10 {
            let seen = numbers.iter().filter(|number| **number == digit).count();
            assert!((60..140).contains(&seen), "{digit} came {seen} times of 1000");
        }
    }
}
