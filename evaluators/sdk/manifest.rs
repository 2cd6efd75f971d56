//! The manifest: everything that is documented of an evaluator, as data.

use serde::{Deserialize, Serialize};

use crate::params::Schema;

/// Everything that is documented of an evaluator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// The name by which it is called, `ego4d_nlq`.
    pub id: String,
    /// Its version; it changes whenever a score can change.
    pub version: String,
    /// The name of the task for a person.
    pub title: String,
    /// What the task asks, in Markdown.
    pub description: String,
    /// The tables of the annotations, `main` first.
    pub annotations: Vec<Format>,
    /// What the main table is like without the truth, if a task of this kind publishes it so.
    ///
    /// From such a file a contestant checks a submission ([`crate::check`]); as annotations it is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unannotated: Option<Format>,
    /// The submission.
    pub submission: Format,
    /// The metrics under default parameters, the primary one first.
    pub metrics: Vec<Metric>,
    /// What an organizer can set.
    pub params: Schema,
    /// What one item is: `query`, `clip`, `image`.
    pub item: String,
    /// What the group of an item is by default, the unit of resampling: `video`, `session`.
    pub resampling_unit: String,
    /// Tie rules, edge rules and deviations from the public code, in Markdown.
    pub rules: String,
    /// Papers and public code.
    pub references: Vec<Reference>,
}

/// The format of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Format {
    /// The name of the table; `submission` for the submission.
    pub name: String,
    /// The media type: `application/json`, `text/csv`.
    pub media_type: String,
    /// Whether an evaluation can do without it.
    pub optional: bool,
    /// What stands in it, in Markdown.
    pub description: String,
    /// A few lines that the evaluator accepts.
    pub example: String,
}

impl Format {
    /// The main table without the truth: of the same media type as with it.
    pub fn unannotated(media_type: &str, description: &str, example: &str) -> Self {
        Self {
            name: crate::input::Inputs::MAIN.to_owned(),
            media_type: media_type.to_owned(),
            optional: false,
            description: description.to_owned(),
            example: example.to_owned(),
        }
    }
}

/// Which of two values of a metric is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The higher one.
    Higher,
    /// The lower one.
    Lower,
}

/// What a metric says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Metric {
    /// The name in results; the public column name where there is one.
    pub name: String,
    /// A short label for a table's head.
    pub label: String,
    /// `percent`, `fraction`, `seconds`, ...
    pub unit: String,
    /// Which value is better.
    pub direction: Direction,
    /// The smallest possible value, if there is one.
    pub minimum: Option<f64>,
    /// The largest possible value, if there is one.
    pub maximum: Option<f64>,
    /// How many decimals to show.
    pub decimals: u8,
    /// What it measures, with its formula.
    pub description: String,
}

impl Metric {
    /// A percentage, the higher the better.
    pub fn percent(name: impl Into<String>, description: impl Into<String>) -> Self {
        Self::bounded(name, "percent", 100.0, 2, description)
    }

    /// A fraction between 0 and 1, the higher the better.
    pub fn fraction(name: impl Into<String>, description: impl Into<String>) -> Self {
        Self::bounded(name, "fraction", 1.0, 4, description)
    }

    fn bounded(
        name: impl Into<String>,
        unit: &str,
        maximum: f64,
        decimals: u8,
        description: impl Into<String>,
    ) -> Self {
        let name = name.into();
        Self {
            label: name.clone(),
            name,
            unit: unit.to_owned(),
            direction: Direction::Higher,
            minimum: Some(0.0),
            maximum: Some(maximum),
            decimals,
            description: description.into(),
        }
    }
}

/// A paper or a piece of public code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// What it is.
    pub title: String,
    /// Where it is.
    pub url: String,
}
