//! How the dataset was made: annotation, credit, decisions, exclusions, contestations, terms.

use domain::Timestamp;
use serde::{Deserialize, Serialize};

/// One programme of annotation work.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Program {
    /// Its id.
    pub id: String,
    /// A code of the vocabulary `annotation.stage`.
    pub stage: String,
    /// Hours of footage that were annotated.
    #[serde(default)]
    pub footage_hours: Option<f64>,
    /// How many instances came out.
    #[serde(default)]
    pub instances: Option<u64>,
    /// Who did the work, and under which conditions.
    #[serde(default)]
    pub contracts: Vec<Contract>,
    /// What annotators were free to do, as several kinds of informants say.
    #[serde(default)]
    pub latitude: Vec<Latitude>,
    /// Shares of the programme's labels, 0 to 1, by what they are shares of.
    #[serde(default)]
    pub agreement: Option<f64>,
    /// The share of labels that were marked as unsure, 0 to 1.
    #[serde(default)]
    pub unsure_share: Option<f64>,
    /// The share of labels that fit no label, 0 to 1.
    #[serde(default)]
    pub other_share: Option<f64>,
}

/// A contract of a programme.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contract {
    /// The vendor's organization; none where it is not disclosed.
    #[serde(default)]
    pub vendor: Option<String>,
    /// The fewest and the most workers that are stated.
    #[serde(default)]
    pub workers: Option<(u32, u32)>,
    /// The least and the most hours of work that are stated.
    #[serde(default)]
    pub person_hours: Option<(f64, f64)>,
    /// Pay per hour over the local living wage per hour.
    #[serde(default)]
    pub living_wage_ratio: Option<f64>,
}

/// What one kind of informants says of one freedom of the annotators.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Latitude {
    /// A code of the vocabulary `latitude.dimension`.
    pub dimension: String,
    /// A code of the vocabulary `latitude.value`.
    pub value: String,
    /// A code of the vocabulary `chain_role`: who says so.
    pub informant_role: String,
    /// How many of them said so.
    pub informants: u32,
}

/// People of one role in the making of the dataset: how many there were, and how many are named.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credit {
    /// A code of the vocabulary `chain_role`.
    pub role: String,
    /// How many are named in papers, acknowledgements or on pages.
    pub named: u64,
    /// How many there were; none where nobody says.
    #[serde(default)]
    pub counted: Option<u64>,
}

/// A question about the making of the dataset, and whether it was answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DisclosedField {
    /// A code of the vocabulary `chain_role`: whom the question is about.
    pub role: String,
    /// The question (`pay`, `headcount`, `languages`).
    pub field: String,
    /// A code of the vocabulary `disclosure`.
    pub disclosure: String,
}

/// A decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// Its id.
    pub id: String,
    /// A code of the vocabulary `decision.kind`.
    pub kind: String,
    /// Who decided: the id of a person or an organization; none where nobody says.
    #[serde(default)]
    pub decided_by: Option<String>,
    /// A code of the vocabulary `chain_role`.
    pub decider_role: String,
    /// A code of the vocabulary `rationale`.
    pub rationale: String,
    /// When.
    #[serde(default)]
    pub decided_at: Option<Timestamp>,
    /// Who else had a part in it, or should have had.
    #[serde(default)]
    pub parties: Vec<Party>,
}

/// A role's part in a decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Party {
    /// A code of the vocabulary `chain_role`.
    pub role: String,
    /// A code of the vocabulary `involvement`.
    pub involvement: String,
}

/// Something that was left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exclusion {
    /// A code of the vocabulary `exclusion.reason`.
    pub reason: String,
    /// A code of the vocabulary `exclusion.stage`.
    pub stage: String,
    /// A code of the vocabulary `exclusion.basis`.
    pub basis: String,
    /// The decision behind it; its absence is counted.
    #[serde(default)]
    pub decision: Option<String>,
    /// How many hours.
    #[serde(default)]
    pub hours: Option<f64>,
    /// How many instances.
    #[serde(default)]
    pub instances: Option<u64>,
}

/// An objection to the dataset or the challenge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contestation {
    /// A code of the vocabulary `chain_role`: who raised it.
    pub role: String,
    /// A code of the vocabulary `contestation.ground`.
    pub ground: String,
    /// When it was raised.
    pub raised_at: Timestamp,
    /// When it was answered.
    #[serde(default)]
    pub answered_at: Option<Timestamp>,
    /// A code of the vocabulary `contestation.outcome`.
    #[serde(default)]
    pub outcome: Option<String>,
}

/// A label, and what is known of where it comes from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// Its id.
    pub id: String,
    /// Whether it has a definition.
    pub is_defined: bool,
    /// Whether it is recorded who decided on it.
    pub has_decider: bool,
    /// A code of the vocabulary `term.origin`; none where nobody says.
    #[serde(default)]
    pub origin: Option<String>,
    /// How many vocabularies elsewhere took it over.
    #[serde(default)]
    pub imported_elsewhere: u32,
}
