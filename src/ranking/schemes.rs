//! Ranking schemes: one order from several metrics, tasks or items.
//!
//! A [`Table`] holds the values; [`Missing`] says what becomes of entries that lack one.
//! Every scheme gives each entry a [`Placing`], or none where it is not ranked.
//! Which scheme is used can change who wins (Maier-Hein et al. 2018, Nature Communications 9:5217);
//! [`crate::agreement`] measures by how much.

pub mod mean_rank;
pub mod per_item;
pub mod performance_profile;
pub mod ranks;
pub mod table;
pub mod weighted_mean;
pub mod win_rate;

pub use mean_rank::{borda, mean_rank, median_rank};
pub use per_item::{Aggregate, aggregate_then_rank, rank_then_aggregate, test_then_rank};
pub use performance_profile::{ProfileRange, Profiles, performance_profile};
pub use ranks::Ties;
pub use table::{Column, Missing, Table};
pub use weighted_mean::{Normalisation, weighted_mean};
pub use win_rate::win_rate;

/// Where a scheme puts an entry.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placing {
    /// What the scheme computed; whether more is better depends on the scheme.
    pub score: f64,
    /// The place, 1 for the best; equal scores share the best place among them.
    pub rank: usize,
}

/// Ranks scores, those that are absent staying unranked.
pub(crate) fn place(scores: &[Option<f64>], higher_is_better: bool) -> Vec<Option<Placing>> {
    let ranks = ranks::ranks(scores, higher_is_better, Ties::Lowest);
    let placing =
        |(score, rank): (&Option<f64>, Option<f64>)| Some(Placing { score: (*score)?, rank: rank? as usize });
    scores.iter().zip(ranks).map(placing).collect()
}
