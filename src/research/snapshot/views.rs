//! What many measures ask of a snapshot: who entered an edition, which class somebody is of on a day, which teams are one.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::Timestamp;
use domain::framing::NOT_DISCLOSED;
use jiff::civil::Date;
use petgraph::unionfind::UnionFind;
use serde::{Deserialize, Serialize};

use super::{
    Affiliation, Edition, Organization, Person, Records, Registration, Scheme, Snapshot, Submission, Task,
    Team,
};

/// What people are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// The sector of their organization, by a named list.
    Sector,
    /// Whether their organization is on a named list of the largest technology companies.
    BigTech,
    /// Their country.
    Country,
    /// How far they are in their career.
    CareerStage,
    /// Their organization.
    Organization,
}

/// Which published lists classes are read from.
///
/// Two lists may disagree on what "Big Tech" is; a result names the one that it used.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lists {
    /// The version of the list of sectors; the last version in the order of text where none is named.
    pub sector: Option<String>,
    /// The version of the list of the largest technology companies; as for sectors.
    pub big_tech: Option<String>,
}

/// A team in an edition, with the people who were in it during the edition's window.
#[derive(Debug, Clone)]
pub struct Entry<'s> {
    /// The registration.
    pub registration: &'s Registration,
    /// The team.
    pub team: &'s Team,
    /// The ids of its people, each once, in order.
    pub people: BTreeSet<&'s str>,
}

/// Nobody knows, or nobody says.
pub(crate) const UNKNOWN: &str = "unknown";

impl Dimension {
    /// Its name as a dimension of readings.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sector => "sector",
            Self::BigTech => "big_tech",
            Self::Country => "country",
            Self::CareerStage => "career_stage",
            Self::Organization => "organization",
        }
    }
}

impl Snapshot {
    /// The person of an id.
    pub fn person(&self, id: &str) -> Option<&Person> {
        self.by_id.people.get(id).map(|position| &self.people[*position])
    }

    /// The organization of an id.
    pub fn organization(&self, id: &str) -> Option<&Organization> {
        self.by_id.organizations.get(id).map(|position| &self.organizations[*position])
    }

    /// The team of an id.
    pub fn team(&self, id: &str) -> Option<&Team> {
        self.by_id.teams.get(id).map(|position| &self.teams[*position])
    }

    /// The task of an id.
    pub fn task(&self, id: &str) -> Option<&Task> {
        self.by_id.tasks.get(id).map(|position| &self.tasks[*position])
    }

    /// The registration of an id.
    pub fn registration(&self, id: &str) -> Option<&Registration> {
        self.by_id.registrations.get(id).map(|position| &self.registrations[*position])
    }

    /// The team that sent a submission.
    pub fn team_of(&self, submission: &Submission) -> Option<&str> {
        self.registration(&submission.registration).map(|registration| registration.team.as_str())
    }

    /// What stands for all teams that are one lineage: they were renamed, merged, split or continued.
    pub fn lineage_of(&self, team: &str) -> Option<&str> {
        let position = *self.by_id.teams.get(team)?;
        Some(&self.teams[self.lineage[position]].id)
    }

    /// The teams that entered an edition, in the order of the registrations.
    pub fn entries<'s>(&'s self, edition: &Edition) -> Vec<Entry<'s>> {
        let of_edition = self.registrations.iter().filter(|registration| registration.edition == edition.id);
        let entry = |registration: &'s Registration| {
            let team = self.team(&registration.team)?;
            let people = team
                .memberships
                .iter()
                .filter(|membership| membership.overlaps(edition.opens_at, edition.closes_at))
                .map(|membership| membership.person.as_str());
            Some(Entry { registration, team, people: people.collect() })
        };
        of_edition.filter_map(entry).collect()
    }

    /// The people of all teams that entered an edition.
    pub fn participants(&self, edition: &Edition) -> BTreeSet<&str> {
        self.entries(edition).into_iter().flat_map(|entry| entry.people).collect()
    }

    /// The day on which classes are read for an edition: that of its deadline, or of the snapshot while it is open.
    ///
    /// One day for everybody, so that shares add up; late enough for everybody to have joined.
    pub fn class_day(&self, edition: &Edition) -> Date {
        edition.closes_at.min(self.as_of).utc_date()
    }

    /// How much of a person is of which class on a day; the shares add up to 1, and what no affiliation says is "unknown".
    pub fn classes(
        &self,
        person: &str,
        day: Date,
        dimension: Dimension,
        lists: &Lists,
    ) -> BTreeMap<&str, f64> {
        let mut classes = BTreeMap::new();
        let mut known = 0.0;
        let affiliations = self.person(person).map_or(&[][..], |person| &person.affiliations);
        for affiliation in affiliations.iter().filter(|affiliation| affiliation.holds(day)) {
            let class = self.class_of(affiliation, day, dimension, lists).unwrap_or(UNKNOWN);
            *classes.entry(class).or_insert(0.0) += affiliation.weight;
            known += affiliation.weight;
        }
        if known < 1.0 - 1e-9 {
            *classes.entry(UNKNOWN).or_insert(0.0) += 1.0 - known;
        }
        classes
    }

    /// The class that most of a person is of on a day, the first by name of several; none where nothing is known.
    ///
    /// For what takes one class per person; "undisclosed" is no class.
    pub fn main_class(&self, person: &str, day: Date, dimension: Dimension, lists: &Lists) -> Option<&str> {
        let mut main: Option<(&str, f64)> = None;
        for (class, weight) in self.classes(person, day, dimension, lists) {
            if is_known(class) && main.is_none_or(|(_, most)| weight > most) {
                main = Some((class, weight));
            }
        }
        main.map(|(class, _)| class)
    }

    fn class_of<'s>(
        &'s self,
        affiliation: &'s Affiliation,
        day: Date,
        dimension: Dimension,
        lists: &Lists,
    ) -> Option<&'s str> {
        let organization = || affiliation.organization.as_deref().and_then(|id| self.organization(id));
        match dimension {
            Dimension::CareerStage => Some(&affiliation.career_stage),
            Dimension::Country => {
                affiliation.country.as_deref().or_else(|| organization()?.country.as_deref())
            }
            Dimension::Organization => affiliation.organization.as_deref(),
            Dimension::Sector => self.sector(organization()?, day, lists),
            Dimension::BigTech => {
                let on_list = listed(organization()?, Scheme::BigTech, day, lists.big_tech.as_deref());
                Some(if on_list.is_some() { "big_tech" } else { "other" })
            }
        }
    }

    /// The sector of an organization on a day.
    pub fn sector<'s>(&self, organization: &'s Organization, day: Date, lists: &Lists) -> Option<&'s str> {
        listed(organization, Scheme::Sector, day, lists.sector.as_deref())
    }

    /// The scored submissions of every registration of an edition, 0 where there are none, in the order of the registrations.
    pub fn scored_by_entry(&self, edition: &Edition, task: Option<&str>) -> Vec<u64> {
        let mut counts: HashMap<&str, u64> = HashMap::new();
        for submission in
            self.submissions.iter().filter(|submission| submission.outcome == super::Outcome::Scored)
        {
            if task.is_none_or(|task| submission.task == task) {
                *counts.entry(&submission.registration).or_insert(0) += 1;
            }
        }
        let of_edition = self.registrations.iter().filter(|registration| registration.edition == edition.id);
        of_edition.map(|registration| counts.get(registration.id.as_str()).copied().unwrap_or(0)).collect()
    }

    /// The tasks of an edition.
    pub fn tasks_of<'s>(&'s self, edition: &'s Edition) -> impl Iterator<Item = &'s Task> {
        self.tasks.iter().filter(|task| task.edition == edition.id)
    }

    /// The submissions of an edition, the earliest first.
    pub fn submissions_of(&self, edition: &Edition) -> Vec<&Submission> {
        let entered = |submission: &&Submission| {
            self.registration(&submission.registration).is_some_and(|one| one.edition == edition.id)
        };
        let mut submissions: Vec<&Submission> = self.submissions.iter().filter(entered).collect();
        submissions.sort_by_key(|submission| (submission.submitted_at, &submission.id));
        submissions
    }

    /// The last moment of an edition's window that the snapshot knows of.
    pub fn end_of(&self, edition: &Edition) -> Timestamp {
        edition.closes_at.min(self.as_of)
    }
}

/// Whether a class says anything.
pub(crate) fn is_known(class: &str) -> bool {
    class != UNKNOWN && class != "undisclosed" && class != NOT_DISCLOSED
}

/// What a list says of an organization on a day: the named version, or the last one that says anything.
fn listed<'o>(
    organization: &'o Organization,
    scheme: Scheme,
    day: Date,
    version: Option<&str>,
) -> Option<&'o str> {
    organization
        .classes
        .iter()
        .filter(|class| class.scheme == scheme && class.holds(day))
        .filter(|class| version.is_none_or(|version| class.list_version == version))
        .max_by_key(|class| (&class.list_version, class.from))
        .map(|class| class.code.as_str())
}

/// For every team the first of those that it is one lineage with.
pub(super) fn lineages(records: &Records, teams: &HashMap<String, usize>) -> Vec<usize> {
    let mut sets = UnionFind::new(records.teams.len());
    for lineage in &records.lineages {
        if let (Some(from), Some(to)) = (teams.get(&lineage.from), teams.get(&lineage.to)) {
            sets.union(*from, *to);
        }
    }
    let mut first: HashMap<usize, usize> = HashMap::new();
    (0..records.teams.len()).map(|team| *first.entry(sets.find_mut(team)).or_insert(team)).collect()
}
