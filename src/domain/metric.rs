//! What a score measures.

use serde::{Deserialize, Serialize};

/// A metric as leaderboards need to know it: fixed with the annotations, because parameters shape it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MetricSpec {
    /// Its name, as scores carry it.
    pub name: String,
    /// Its heading.
    pub label: String,
    /// What its value counts in (`%`, `s`); empty for a fraction or a bare number.
    pub unit: String,
    /// Whether more is better.
    pub higher_is_better: bool,
    /// How many digits behind the point are shown.
    pub decimals: u8,
}
