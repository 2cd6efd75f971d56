//! The paired permutation test: under the hypothesis of no difference, every unit's difference might have had the other sign.
//!
//! It is exact for any distribution of the differences, given that they are symmetric around zero, and compares metrics that are
//! sums over units: means, and counts.
//! Differences of zero stay in; either sign leaves them as they are.
//!
//! The p of all `2^n` assignments is computed where that is possible: by counting throws of a coin where all differences are
//! equally large, by convolution where they are whole multiples of some power of two within a moderate range, and by going
//! through all of them where there are no more than 24 units.
//! Otherwise signs are drawn (LBRNG-1), and p is `(1 + #{S* >= S}) / (1 + permutations)`, which is never zero.

use crate::binomial;
use crate::draws::Key;
use crate::paired::Alternative;

/// The number of permutations that are drawn where not all are gone through, unless something else is said.
pub const PERMUTATIONS: u32 = 1_999;

/// Up to so many units all assignments of signs are gone through.
const FEW_UNITS: usize = 24;
/// A convolution takes at most so many additions.
const MOST_ADDITIONS: u64 = 20_000_000;
/// By less than this share of the sum of all sizes, sums of floats do not differ.
const ROUNDING: f64 = 1e-12;

/// The outcome of a test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SignFlip {
    /// The share of assignments of signs whose sum is at least as extreme as the one that was seen.
    pub p: f64,
    /// How it was found.
    pub method: Method,
}

/// How a p was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// From all assignments.
    Exact,
    /// From assignments that were drawn.
    MonteCarlo {
        /// How many of those drawn are at least as extreme.
        extreme: u32,
        /// How many were drawn.
        permutations: u32,
    },
}

/// Tests of pairs of entries, each by its differences unit by unit; those whose signs are drawn share the draws.
///
/// Nothing can be concluded from a difference that is not finite, or from no unit: p is 1.
pub fn sign_flips(
    pairs: &[Vec<f64>],
    alternative: Alternative,
    key: Key,
    permutations: u32,
) -> Vec<SignFlip> {
    let exactly = |p| SignFlip { p, method: Method::Exact };
    let mut found: Vec<Option<SignFlip>> =
        pairs.iter().map(|differences| exact(differences, alternative).map(exactly)).collect();
    let mut lengths: Vec<usize> = pairs.iter().map(Vec::len).collect();
    lengths.sort_unstable();
    lengths.dedup();
    for units in lengths {
        let open: Vec<usize> =
            (0..pairs.len()).filter(|pair| found[*pair].is_none() && pairs[*pair].len() == units).collect();
        let differences: Vec<&[f64]> = open.iter().map(|pair| pairs[*pair].as_slice()).collect();
        let counts = draw(&differences, units, alternative, key, permutations);
        for (pair, extreme) in open.into_iter().zip(counts) {
            let p = f64::from(1 + extreme) / (1.0 + f64::from(permutations));
            found[pair] = Some(SignFlip { p, method: Method::MonteCarlo { extreme, permutations } });
        }
    }
    found.into_iter().map(|one| one.unwrap_or_else(|| exactly(1.0))).collect()
}

/// One test.
pub fn sign_flip(differences: &[f64], alternative: Alternative, key: Key, permutations: u32) -> SignFlip {
    sign_flips(&[differences.to_vec()], alternative, key, permutations)
        .pop()
        .unwrap_or(SignFlip { p: 1.0, method: Method::Exact })
}

/// One test by signs that are drawn, even where all could be gone through.
pub fn drawn(differences: &[f64], alternative: Alternative, key: Key, permutations: u32) -> SignFlip {
    let extreme = draw(&[differences], differences.len(), alternative, key, permutations)[0];
    let p = f64::from(1 + extreme) / (1.0 + f64::from(permutations));
    SignFlip { p, method: Method::MonteCarlo { extreme, permutations } }
}

/// The exact p, if it can be had.
pub fn exact(differences: &[f64], alternative: Alternative) -> Option<f64> {
    if differences.iter().any(|difference| !difference.is_finite()) {
        return Some(1.0);
    }
    let nonzero: Vec<f64> = differences.iter().copied().filter(|difference| *difference != 0.0).collect();
    let Some(first) = nonzero.first() else { return Some(1.0) };
    if nonzero.iter().all(|difference| difference.abs() == first.abs()) {
        return Some(of_equal_sizes(&nonzero, alternative));
    }
    if let Some(whole) = whole(&nonzero)
        && let Some(p) = by_convolution(&whole, alternative)
    {
        return Some(p);
    }
    (nonzero.len() <= FEW_UNITS).then(|| by_enumeration(&nonzero, alternative))
}

/// As many assignments as throws of a coin.
fn of_equal_sizes(differences: &[f64], alternative: Alternative) -> f64 {
    let units = differences.len() as u64;
    let positive = differences.iter().filter(|difference| **difference > 0.0).count() as u64;
    match alternative {
        Alternative::Greater => binomial::at_least(positive, units),
        Alternative::TwoSided => binomial::mcnemar(positive, units - positive),
    }
}

/// The differences as whole numbers, if some power of two makes them such.
fn whole(differences: &[f64]) -> Option<Vec<i64>> {
    let mut scale = 1.0;
    for difference in differences {
        while (difference * scale).fract() != 0.0 {
            scale *= 2.0;
            if scale > 1e9 {
                return None;
            }
        }
    }
    let scaled = differences.iter().map(|difference| difference * scale);
    scaled.map(|difference| (difference.abs() < 1e9).then_some(difference as i64)).collect()
}

/// The distribution of the sum, difference after difference.
fn by_convolution(differences: &[i64], alternative: Alternative) -> Option<f64> {
    let divisor =
        differences.iter().fold(0, |divisor, one| greatest_common_divisor(divisor, one.unsigned_abs()));
    let sizes: Vec<usize> = differences.iter().map(|one| (one.unsigned_abs() / divisor) as usize).collect();
    let range: usize = sizes.iter().sum();
    if (range as u64).saturating_mul(sizes.len() as u64) > MOST_ADDITIONS {
        return None;
    }
    // The sum over all units is the range less twice the sum of the sizes whose sign is negative.
    let negative: usize =
        differences.iter().zip(&sizes).filter(|(one, _)| **one < 0).map(|(_, size)| *size).sum();
    let is_extreme = |flipped: usize| match alternative {
        Alternative::Greater => flipped <= negative,
        Alternative::TwoSided => {
            let (low, high) = (negative.min(range - negative), negative.max(range - negative));
            flipped <= low || flipped >= high
        }
    };
    Some(if sizes.len() < 128 {
        let counts = convolution(&sizes, range, 1_u128, |before, added| before + added);
        let extreme: u128 = extremes(&counts, is_extreme).sum();
        // The count of all assignments of 127 units is below 2^128, and it is rounded only once.
        extreme as f64 * libm::exp2(-(sizes.len() as f64))
    } else {
        let shares = convolution(&sizes, range, 1.0, |before: f64, added| 0.5 * before + 0.5 * added);
        extremes(&shares, is_extreme).sum::<f64>().min(1.0)
    })
}

fn extremes<T: Copy>(counts: &[T], is_extreme: impl Fn(usize) -> bool) -> impl Iterator<Item = T> {
    counts.iter().enumerate().filter(move |(flipped, _)| is_extreme(*flipped)).map(|(_, count)| *count)
}

/// For every sum of flipped sizes what `mix` makes of the assignments that have it.
fn convolution<T: Copy + Default>(sizes: &[usize], range: usize, one: T, mix: impl Fn(T, T) -> T) -> Vec<T> {
    let mut counts = vec![T::default(); range + 1];
    counts[0] = one;
    let mut end = 0;
    for size in sizes {
        end += size;
        for sum in (0..=end).rev() {
            let without = counts[sum];
            let with = if sum >= *size { counts[sum - size] } else { T::default() };
            counts[sum] = mix(without, with);
        }
    }
    counts
}

fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

/// All assignments: those of one half of the units, each with those of the other half that make the sum large enough.
fn by_enumeration(differences: &[f64], alternative: Alternative) -> f64 {
    let (first, second) = differences.split_at(differences.len() / 2);
    let (first, second) = (signed_sums(first), signed_sums(second));
    let seen: f64 = differences.iter().sum();
    let slack = ROUNDING * sizes(differences);
    let at_least = |bound: f64| {
        // The larger the one, the smaller the other may be.
        let mut enough = second.len();
        let counts = first.iter().map(|one| {
            while enough > 0 && one + second[enough - 1] >= bound {
                enough -= 1;
            }
            second.len() - enough
        });
        counts.sum::<usize>() as f64
    };
    let assignments = (first.len() * second.len()) as f64;
    match alternative {
        Alternative::Greater => at_least(seen - slack) / assignments,
        // Every sum occurs with both signs.
        Alternative::TwoSided if seen.abs() > slack => 2.0 * at_least(seen.abs() - slack) / assignments,
        Alternative::TwoSided => 1.0,
    }
}

/// The sums of all assignments of signs, ascending.
fn signed_sums(differences: &[f64]) -> Vec<f64> {
    let mut sums = vec![0.0];
    for difference in differences {
        sums = sums.iter().flat_map(|sum| [sum + difference, sum - difference]).collect();
    }
    sums.sort_unstable_by(f64::total_cmp);
    sums
}

fn sizes(differences: &[f64]) -> f64 {
    differences.iter().map(|difference| difference.abs()).sum()
}

/// Whether a sum is at least as extreme as that of the differences as they are, but for rounding.
fn extremity(differences: &[f64], alternative: Alternative) -> impl Fn(f64) -> bool {
    let sizes = sizes(differences);
    // Whole numbers have no rounding.
    let exact =
        sizes < (1_u64 << 53) as f64 && differences.iter().all(|difference| difference.fract() == 0.0);
    let slack = if exact { 0.0 } else { ROUNDING * sizes };
    let seen: f64 = differences.iter().sum();
    move |sum| match alternative {
        Alternative::Greater => sum >= seen - slack,
        Alternative::TwoSided => sum.abs() >= seen.abs() - slack,
    }
}

/// How many permutations are drawn side by side.
const SIDE_BY_SIDE: usize = 8;

/// How many of the drawn permutations are extreme, pair by pair.
fn draw(pairs: &[&[f64]], units: usize, alternative: Alternative, key: Key, permutations: u32) -> Vec<u32> {
    let mut extreme = vec![0; pairs.len()];
    if pairs.is_empty() {
        return extreme;
    }
    let are_extreme: Vec<_> = pairs.iter().map(|differences| extremity(differences, alternative)).collect();
    let mut signs = vec![[0.0; SIDE_BY_SIDE]; units];
    for first in (0..permutations).step_by(SIDE_BY_SIDE) {
        for (unit, signs) in signs.iter_mut().enumerate() {
            *signs = std::array::from_fn(|side| {
                let permutation = u64::from(first) + side as u64;
                if key.flips(permutation, unit as u64, units as u64) { -1.0 } else { 1.0 }
            });
        }
        for ((differences, is_extreme), extreme) in pairs.iter().zip(&are_extreme).zip(&mut extreme) {
            let mut sums = [0.0; SIDE_BY_SIDE];
            for (difference, signs) in differences.iter().zip(&signs) {
                for (sum, sign) in sums.iter_mut().zip(signs) {
                    *sum += sign * difference;
                }
            }
            let counted = sums.into_iter().take((permutations - first) as usize);
            *extreme += counted.filter(|sum| is_extreme(*sum)).count() as u32;
        }
    }
    extreme
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BOTH: [Alternative; 2] = [Alternative::Greater, Alternative::TwoSided];

    /// All assignments of signs, one after the other.
    fn plain(differences: &[i32], alternative: Alternative) -> f64 {
        let seen: i32 = differences.iter().sum();
        let sums = (0..1_u32 << differences.len()).map(|signs| -> i32 {
            let signed = differences.iter().enumerate();
            signed.map(|(unit, one)| if signs >> unit & 1 == 1 { -one } else { *one }).sum()
        });
        let extreme = sums
            .filter(|sum| match alternative {
                Alternative::Greater => *sum >= seen,
                Alternative::TwoSided => sum.abs() >= seen.abs(),
            })
            .count();
        extreme as f64 / f64::from(1 << differences.len())
    }

    #[test]
    fn nothing_is_concluded_from_nothing() {
        let key = Key::from_u64(1);
        for differences in [&[][..], &[0.0, 0.0], &[1.0, f64::NAN]] {
            for alternative in BOTH {
                assert_eq!(sign_flip(differences, alternative, key, 19).p, 1.0);
            }
        }
        assert_eq!(sign_flip(&[3.0], Alternative::Greater, key, 19).p, 0.5);
        assert_eq!(sign_flip(&[3.0], Alternative::TwoSided, key, 19).p, 1.0);
    }

    #[test]
    fn what_is_drawn_is_never_certain() {
        // Thirty differences that no power of two makes whole.
        let differences: Vec<f64> = (0..30).map(|unit| 1.0 + f64::from(unit) / 7.0).collect();
        let found = sign_flip(&differences, Alternative::Greater, Key::from_u64(5), 99);
        assert_eq!(found.method, Method::MonteCarlo { extreme: 0, permutations: 99 });
        assert_eq!(found.p, 0.01);
    }

    #[test]
    fn pairs_that_are_drawn_together_are_as_alone() {
        let key = Key::from_u64(9);
        let of = |shift: f64| -> Vec<f64> { (0..40).map(|unit| f64::from(unit % 7) / 3.0 - shift).collect() };
        let pairs = [of(0.9), vec![1.0, -1.0, 2.0], of(1.1), vec![0.1; 3]];
        let together = sign_flips(&pairs, Alternative::TwoSided, key, 203);
        for (pair, found) in pairs.iter().zip(together) {
            assert_eq!(found, sign_flip(pair, Alternative::TwoSided, key, 203));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn exact_is_what_all_assignments_say(differences in prop::collection::vec(-4_i32..5, 1..10)) {
            for alternative in BOTH {
                let expected = plain(&differences, alternative);
                let scaled = |factor: f64| -> Vec<f64> {
                    differences.iter().map(|one| f64::from(*one) * factor).collect()
                };
                prop_assert_eq!(exact(&scaled(1.0), alternative), Some(expected));
                prop_assert_eq!(exact(&scaled(0.375), alternative), Some(expected));
                // No power of two makes these whole: the assignments are gone through, with ties that rounding hides.
                prop_assert_eq!(exact(&scaled(0.1), alternative), Some(expected));
            }
        }

        #[test]
        fn shares_are_counts(differences in prop::collection::vec(-3_i64..4, 100..127)) {
            let mut differences: Vec<i64> = differences.into_iter().filter(|one| *one != 0).collect();
            differences.truncate(80);
            differences.push(7);
            let counted = by_convolution(&differences, Alternative::Greater).unwrap();
            let sizes: Vec<usize> = differences.iter().map(|one| one.unsigned_abs() as usize).collect();
            let range: usize = sizes.iter().sum();
            let shares = convolution(&sizes, range, 1.0, |before: f64, added| 0.5 * before + 0.5 * added);
            let negative: usize = differences.iter().filter(|one| **one < 0).map(|one| one.unsigned_abs() as usize).sum();
            let summed: f64 = shares[..=negative].iter().sum();
            prop_assert!((counted - summed).abs() <= 1e-12 * counted + 1e-300, "{} {}", counted, summed);
        }
    }
}
