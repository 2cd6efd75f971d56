//! People, organizations, and dated statements about them.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A pseudonymous person: an id and nothing that names anybody.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The pseudonym.
    pub id: String,
    /// Where the person worked or studied, and when; on no day do the weights add up to more than 1.
    #[serde(default)]
    pub affiliations: Vec<Affiliation>,
}

/// A part of a person's time at an organization, from one day to another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Affiliation {
    /// The organization; none for a person on their own.
    #[serde(default)]
    pub organization: Option<String>,
    /// The country, two letters of ISO 3166; that of the organization where it is not given.
    #[serde(default)]
    pub country: Option<String>,
    /// A code of the vocabulary `career_stage`.
    pub career_stage: String,
    /// The share of the person that this affiliation stands for: above 0, at most 1.
    pub weight: f64,
    /// The first day.
    pub from: Date,
    /// The last day; none while it lasts.
    #[serde(default)]
    pub to: Option<Date>,
}

/// An organization.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organization {
    /// Its id.
    pub id: String,
    /// Its country, two letters of ISO 3166.
    #[serde(default)]
    pub country: Option<String>,
    /// What lists say of it, and when.
    #[serde(default)]
    pub classes: Vec<Classification>,
}

/// A dated statement of a published list about an organization: a sector, or that it is "Big Tech".
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Classification {
    /// What is stated.
    pub scheme: Scheme,
    /// The class; of the vocabulary `org.sector` for sectors.
    pub code: String,
    /// The version of the list that says so.
    pub list_version: String,
    /// The first day; none where the list gives none.
    #[serde(default)]
    pub from: Option<Date>,
    /// The last day; none while it holds.
    #[serde(default)]
    pub to: Option<Date>,
}

/// What a list sorts organizations by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    /// The sector.
    Sector,
    /// Whether it is one of the largest technology companies, by a named list.
    BigTech,
    /// The type in the Research Organization Registry.
    RorType,
}

impl Affiliation {
    /// Whether it holds on a day.
    pub fn holds(&self, day: Date) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

impl Classification {
    /// Whether it holds on a day.
    pub fn holds(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}
