//! What is said of how datasets were made, as it is sent and shown.

use app::datasets::records::{
    Clause, ExclusionDraft, Latitude, ProgrammeDraft, PublicationDraft, ReviewDraft, SiteDraft,
};

use super::mirror::{body_of, not_disclosed, undisclosed, unknown};

body_of! {
    /// A review of ethics; what is left out nobody says.
    ReviewBody of ReviewDraft {
        /// Who reviewed.
        board: String,
        /// How independent they were: `independent`, `institutional`, `internal` or `not_disclosed`.
        #[serde(default = "not_disclosed")]
        #[schema(default = "not_disclosed")]
        independence: String,
        /// What they decided: `approved`, `approved_with_conditions`, `waived`, `refused` or `not_disclosed`.
        #[serde(default = "not_disclosed")]
        #[schema(default = "not_disclosed")]
        decision: String,
        /// Under which number.
        #[serde(default)]
        reference: String,
        /// The day.
        #[schema(format = Date)]
        decided_on: Option<String>,
        /// Where that is said.
        source: String,
    }
}

body_of! {
    /// A place where a dataset was recorded; what is left out nobody says.
    SiteBody of SiteDraft {
        /// What it is called.
        name: String,
        /// The country, as ISO 3166-1 names it with two capital letters.
        country: Option<String>,
        /// How many people recorded there.
        participants: Option<i64>,
        /// Hours of recordings.
        hours: Option<f64>,
        /// The first day.
        #[schema(format = Date)]
        started_on: Option<String>,
        /// The last day.
        #[schema(format = Date)]
        ended_on: Option<String>,
        /// What those who recorded got: a code of `compensation`.
        #[serde(default = "undisclosed")]
        #[schema(default = "undisclosed")]
        compensation: String,
        /// Who chose what they did: a code of `activity_selection`.
        #[serde(default = "unknown")]
        #[schema(default = "unknown")]
        activity_selection: String,
        /// What became of those who passed by: a code of `bystander_regime`.
        #[serde(default = "unknown")]
        #[schema(default = "unknown")]
        bystander_regime: String,
        /// Whether those who recorded saw it before others did: a code of `participant_review`.
        #[serde(default = "unknown")]
        #[schema(default = "unknown")]
        participant_review: String,
        /// Who says so: a code of `disclosure`.
        #[serde(default = "unknown")]
        #[schema(default = "unknown")]
        disclosure: String,
        /// Where that is said.
        source: String,
    }
}

body_of! {
    /// A programme of annotation; what is left out nobody says.
    ProgrammeBody of ProgrammeDraft {
        /// What was made: a code of `annotation.stage`.
        stage: String,
        /// What one annotation is of: a code of `framing.unit`.
        #[serde(default = "not_disclosed")]
        #[schema(default = "not_disclosed")]
        unit: String,
        /// What becomes of several readings: a code of `annotation.aggregation`.
        #[serde(default = "unknown")]
        #[schema(default = "unknown")]
        aggregation: String,
        /// How many people read each item.
        passes_per_item: Option<f64>,
        /// Hours of footage that were annotated.
        footage_hours: Option<f64>,
        /// How many instances came out.
        instances: Option<i64>,
        /// The share of labels that several people agree on, 0..=1.
        agreement: Option<f64>,
        /// The share that was marked as unsure, 0..=1.
        unsure_share: Option<f64>,
        /// The share that fits no label, 0..=1.
        other_share: Option<f64>,
        /// The first day.
        #[schema(format = Date)]
        started_on: Option<String>,
        /// The last day.
        #[schema(format = Date)]
        ended_on: Option<String>,
        /// The country in which it was done, as ISO 3166-1 names it with two capital letters.
        country: Option<String>,
        /// The fewest workers that are stated.
        workers_min: Option<i64>,
        /// The most.
        workers_max: Option<i64>,
        /// The least hours of work that are stated.
        hours_min: Option<f64>,
        /// The most.
        hours_max: Option<f64>,
        /// What was paid for: a code of `pay_basis`.
        #[serde(default = "undisclosed")]
        #[schema(default = "undisclosed")]
        pay_basis: String,
        /// How people were employed: a code of `contract_form`.
        #[serde(default = "undisclosed")]
        #[schema(default = "undisclosed")]
        contract_form: String,
        /// Pay per hour over the local living wage per hour.
        living_wage_ratio: Option<f64>,
        /// How they are named: a code of `credited`.
        #[serde(default = "not_disclosed")]
        #[schema(default = "not_disclosed")]
        credited: String,
        /// Who says so: a code of `disclosure`.
        #[serde(default = "unknown")]
        #[schema(default = "unknown")]
        disclosure: String,
        /// Where that is said.
        source: String,
    }
}

body_of! {
    /// What one kind of informants says of one freedom of the annotators.
    LatitudeBody of Latitude {
        /// A code of `latitude.dimension`.
        dimension: String,
        /// Who says so: a code of `chain_role`.
        informant_role: String,
        /// A code of `latitude.value`.
        value: String,
        /// How many of them said so; at least 5.
        informants: i32,
    }
}

body_of! {
    /// A clause of a guideline.
    ClauseBody of Clause {
        /// The same in every version that has the clause.
        code: String,
        /// What it does: a code of `guideline_clause.kind`.
        kind: String,
        /// Its words.
        body: String,
        /// Whose reading it asks for: a code of `perspective`.
        #[serde(default = "not_disclosed")]
        #[schema(default = "not_disclosed")]
        perspective: String,
    }
}

body_of! {
    /// What was left out.
    ExclusionBody of ExclusionDraft {
        /// When it happened in the making: a code of `exclusion.stage`.
        stage: String,
        /// Why: a code of `exclusion.reason`.
        reason: String,
        /// How it is known: a code of `exclusion.basis`.
        basis: String,
        /// What was left out, in words.
        #[serde(default)]
        scope: String,
        /// How many instances.
        instances: Option<i64>,
        /// How many hours.
        hours: Option<f64>,
        /// Where that is said.
        source: String,
    }
}

body_of! {
    /// A work that cites a dataset.
    PublicationBody of PublicationDraft {
        /// Its DOI.
        doi: Option<String>,
        /// Its number at arXiv, without its version.
        arxiv: Option<String>,
        /// Its title.
        title: String,
        /// Where it appeared.
        #[serde(default)]
        venue: String,
        /// The day.
        #[schema(format = Date)]
        published_on: String,
    }
}
