//! What measures are computed on: the records of one challenge as they stood at one moment, without anybody's name.
//!
//! [`Records`] are plain and can be written as JSON; a [`Snapshot`] is records that hold together: every reference leads somewhere,
//! no period ends before it begins, nobody is more than one person on a day, and every code is in its vocabulary.

use std::collections::HashMap;
use std::ops::Deref;

use domain::{Invalid, Timestamp};
use serde::{Deserialize, Serialize};

mod checks;
mod competition;
mod people;
mod production;
#[cfg(test)]
pub(crate) mod sample;
mod teams;
#[cfg(test)]
mod tests;
mod traces;
mod views;
mod weights;

pub use competition::{Declaration, Edition, Outcome, Prize, Registration, Submission, Task, Uptake};
pub use people::{Affiliation, Classification, Organization, Person, Scheme};
pub use production::{
    Contestation, Contract, Credit, Decision, DisclosedField, Exclusion, Latitude, Party, Program, Term,
};
pub use teams::{DatedName, Lineage, Membership, Team};
pub use traces::{
    AccessAnswer, AccessRequest, Citation, DatasetVersion, Derivative, LoggedEvent, TraceCount,
};
pub use views::{Dimension, Entry, Lists};
pub(crate) use views::{UNKNOWN, is_known};
pub use weights::first_day_above_one;

/// The records of a challenge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Records {
    /// The moment of which the records speak: nothing in them is later, but for what is planned or agreed.
    pub as_of: Timestamp,
    /// People.
    #[serde(default)]
    pub people: Vec<Person>,
    /// Organizations.
    #[serde(default)]
    pub organizations: Vec<Organization>,
    /// Teams.
    #[serde(default)]
    pub teams: Vec<Team>,
    /// Which team came from which.
    #[serde(default)]
    pub lineages: Vec<Lineage>,
    /// Editions, in the order of their opening.
    #[serde(default)]
    pub editions: Vec<Edition>,
    /// Tasks.
    #[serde(default)]
    pub tasks: Vec<Task>,
    /// Registrations.
    #[serde(default)]
    pub registrations: Vec<Registration>,
    /// Submissions.
    #[serde(default)]
    pub submissions: Vec<Submission>,
    /// Prizes.
    #[serde(default)]
    pub prizes: Vec<Prize>,
    /// Programmes of annotation.
    #[serde(default)]
    pub programs: Vec<Program>,
    /// Who is named.
    #[serde(default)]
    pub credits: Vec<Credit>,
    /// What is disclosed.
    #[serde(default)]
    pub disclosed_fields: Vec<DisclosedField>,
    /// Decisions.
    #[serde(default)]
    pub decisions: Vec<Decision>,
    /// What was left out.
    #[serde(default)]
    pub exclusions: Vec<Exclusion>,
    /// Objections.
    #[serde(default)]
    pub contestations: Vec<Contestation>,
    /// Labels.
    #[serde(default)]
    pub terms: Vec<Term>,
    /// Requests for access.
    #[serde(default)]
    pub access_requests: Vec<AccessRequest>,
    /// Versions of the dataset.
    #[serde(default)]
    pub dataset_versions: Vec<DatasetVersion>,
    /// Citations.
    #[serde(default)]
    pub citations: Vec<Citation>,
    /// Derived works.
    #[serde(default)]
    pub derivatives: Vec<Derivative>,
    /// Counts of traces elsewhere.
    #[serde(default)]
    pub trace_counts: Vec<TraceCount>,
    /// What happened, in no particular order.
    #[serde(default)]
    pub events: Vec<LoggedEvent>,
}

/// Where a record stands in its table.
#[derive(Debug)]
struct ById {
    people: HashMap<String, usize>,
    organizations: HashMap<String, usize>,
    teams: HashMap<String, usize>,
    tasks: HashMap<String, usize>,
    registrations: HashMap<String, usize>,
}

/// Records that hold together, and the way to them by id.
#[derive(Debug)]
pub struct Snapshot {
    records: Records,
    by_id: ById,
    /// For every team the first of those that it is one lineage with.
    lineage: Vec<usize>,
}

impl Snapshot {
    /// The records, if they hold together; else what is wrong with them, at most [`Snapshot::MOST_FAULTS`] things.
    pub fn new(mut records: Records) -> Result<Self, Vec<Invalid>> {
        records.editions.sort_by(|a, b| (a.opens_at, &a.id).cmp(&(b.opens_at, &b.id)));
        let faults = checks::faults(&records);
        if !faults.is_empty() {
            return Err(faults);
        }
        let teams = positions(records.teams.iter().map(|team| &team.id));
        let lineage = views::lineages(&records, &teams);
        let by_id = ById {
            people: positions(records.people.iter().map(|person| &person.id)),
            organizations: positions(records.organizations.iter().map(|organization| &organization.id)),
            tasks: positions(records.tasks.iter().map(|task| &task.id)),
            registrations: positions(records.registrations.iter().map(|registration| &registration.id)),
            teams,
        };
        Ok(Self { records, by_id, lineage })
    }

    /// The most faults that are told at once.
    pub const MOST_FAULTS: usize = 100;
}

impl Deref for Snapshot {
    type Target = Records;

    fn deref(&self) -> &Records {
        &self.records
    }
}

impl Records {
    /// No records, as of a moment.
    pub fn empty(as_of: Timestamp) -> Self {
        Self {
            as_of,
            people: Vec::new(),
            organizations: Vec::new(),
            teams: Vec::new(),
            lineages: Vec::new(),
            editions: Vec::new(),
            tasks: Vec::new(),
            registrations: Vec::new(),
            submissions: Vec::new(),
            prizes: Vec::new(),
            programs: Vec::new(),
            credits: Vec::new(),
            disclosed_fields: Vec::new(),
            decisions: Vec::new(),
            exclusions: Vec::new(),
            contestations: Vec::new(),
            terms: Vec::new(),
            access_requests: Vec::new(),
            dataset_versions: Vec::new(),
            citations: Vec::new(),
            derivatives: Vec::new(),
            trace_counts: Vec::new(),
            events: Vec::new(),
        }
    }
}

fn positions<'r>(ids: impl Iterator<Item = &'r String>) -> HashMap<String, usize> {
    ids.enumerate().map(|(position, id)| (id.clone(), position)).collect()
}
