//! Tables of records that no measure has, as far as everybody may see them: what figures are drawn of beside released measures.
//!
//! No row is about a single person: decisions and exclusions stand by role and reason, and counts of people or teams that are below
//! `k`, or leave fewer than `k` others, are left out here and nowhere later.

use std::collections::{BTreeMap, BTreeSet};

use domain::Timestamp;

use super::Table;
use crate::disclosure::Policy;
use crate::measures::annotation::latitude::freedom;
use crate::measures::statistics::concentration::Concentration;
use crate::measures::statistics::lorenz;
use crate::snapshot::{Edition, Snapshot};

/// Decisions about one person or team: their number alone would be a number of people.
const ABOUT_SOMEBODY: [&str; 3] = ["access_grant", "access_refusal", "disqualification"];

/// The events that a life line has, each with its lane. What one person or team did, or was told, is not among them.
const LANES: [(&str, &[&str]); 4] = [
    (
        "production",
        &[
            "dataset.announced",
            "dataset.released",
            "dataset.corrected",
            "instances.removed",
            "site.opened",
            "site.closed",
            "ethics.approved",
            "ethics.renewed",
            "recruitment.started",
            "annotation.started",
            "annotation.ended",
            "vendor.contracted",
        ],
    ),
    (
        "framing",
        &[
            "guideline.published",
            "guideline.changed",
            "taxonomy.published",
            "decision.made",
            "decision.reversed",
            "framing.changed",
            "metric.changed",
            "evaluator.changed",
            "testset.frozen",
            "testset.changed",
            "rescore.run",
        ],
    ),
    (
        "competition",
        &[
            "edition.opened",
            "edition.closed",
            "edition.extended",
            "task.opened",
            "task.retired",
            "prize.announced",
            "prize.changed",
        ],
    ),
    ("uptake", &["licence.changed", "publication.seen", "derivative.seen"]),
];

/// What figures show of the records of a snapshot.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordTables {
    /// `edition`, `share_of_teams`, `share_of_submissions`: see [`lorenz_curves`].
    pub curves: Table,
    /// `lane`, `what`, `from`, `until`, `origin`: dated events, the earliest first; `origin` is empty where the server saw them.
    pub life_line: Table,
    /// `decided_by`, `kind`, `rationale`, `decisions`: decisions by the role of who took them.
    pub decisions: Table,
    /// `stage`, `reason`, `basis`, `exclusions`, `without_decision`, `hours`, `instances`.
    pub exclusions: Table,
    /// `program`, `dimension`, `informants`, `n`, `freedom` (0 to 3): latitude as one kind of informants has it.
    pub latitude: Table,
    /// `edition`, `teams`, `next`, `continued`: lineages of teams, and how many of them enter the next edition.
    pub constellations: Table,
}

impl RecordTables {
    /// The tables of a snapshot; editions with fewer than `least_teams` active teams have no curve.
    pub fn of(snapshot: &Snapshot, policy: Policy, least_teams: usize) -> Self {
        Self {
            curves: lorenz_curves(snapshot, least_teams),
            life_line: life_line(snapshot),
            decisions: decisions(snapshot),
            exclusions: exclusions(snapshot),
            latitude: latitude(snapshot, policy.k),
            constellations: constellations(snapshot, policy.k),
        }
    }

    /// Tables of nothing.
    pub fn empty() -> Self {
        let [curves, life_line, decisions, exclusions, latitude, constellations] =
            std::array::from_fn(|_| Table::empty());
        Self { curves, life_line, decisions, exclusions, latitude, constellations }
    }
}

fn table<const N: usize>(columns: [&str; N], rows: Vec<Vec<String>>, withheld: usize, least: u64) -> Table {
    Table {
        columns: columns.map(str::to_owned).to_vec(),
        rows,
        withheld: (withheld > 0).then_some((withheld, least)),
    }
}

/// The Lorenz curve of scored submissions over active teams, for every edition with enough of them.
///
/// A curve of ten teams shows the count of each, which the leaderboard shows too; below ten it is withheld as P1 is.
pub fn lorenz_curves(snapshot: &Snapshot, least_teams: usize) -> Table {
    let (mut rows, mut withheld) = (Vec::new(), 0);
    for edition in &snapshot.editions {
        let counts = snapshot.scored_by_entry(edition, None);
        let active = counts.iter().filter(|count| **count > 0).map(|count| *count as f64);
        let Some(spread) = Concentration::of(active) else { continue };
        if spread.units() < least_teams {
            withheld += 1;
            continue;
        }
        for point in lorenz::curve(&spread) {
            rows.push(vec![edition.id.clone(), point.units.to_string(), point.total.to_string()]);
        }
    }
    table(["edition", "share_of_teams", "share_of_submissions"], rows, withheld, least_teams as u64)
}

fn life_line(snapshot: &Snapshot) -> Table {
    let mut dated: Vec<(Timestamp, [String; 5])> = Vec::new();
    let mut add = |lane: &str, what: &str, from: Timestamp, until: Option<Timestamp>, origin: &str| {
        let until = until.map(|until| until.utc_date().to_string()).unwrap_or_default();
        let row = [lane, what, &from.utc_date().to_string(), &until, origin].map(str::to_owned);
        dated.push((from, row));
    };
    for event in &snapshot.events {
        let lane = LANES.iter().find(|(_, kinds)| kinds.contains(&event.kind.as_str()));
        if let Some((lane, _)) = lane {
            let origin = event.origin.as_deref().filter(|origin| *origin != "system").unwrap_or_default();
            add(lane, &event.kind.replace('.', " "), event.occurred_at, None, origin);
        }
    }
    for version in &snapshot.dataset_versions {
        add("production", &version.id, version.released_at, None, "");
    }
    for decision in &snapshot.decisions {
        if let Some(at) = decision.decided_at.filter(|_| !ABOUT_SOMEBODY.contains(&decision.kind.as_str())) {
            add("framing", &decision.kind.replace('_', " "), at, None, "");
        }
    }
    for edition in snapshot.editions.iter().filter(|edition| edition.opens_at <= snapshot.as_of) {
        add("competition", &edition.id, edition.opens_at, Some(snapshot.end_of(edition)), "");
    }
    // Citations are many: each year stands for those of it.
    let mut years: BTreeMap<i16, (Timestamp, usize)> = BTreeMap::new();
    for citation in &snapshot.citations {
        let at = Timestamp::start_of_utc_day(citation.published);
        let year = years.entry(citation.published.year()).or_insert((at, 0));
        *year = (year.0.min(at), year.1 + 1);
    }
    for (at, count) in years.into_values() {
        add("uptake", &format!("{count} citing in the year"), at, None, "");
    }
    dated.sort();
    let rows = dated.into_iter().map(|(_, row)| row.to_vec()).collect();
    table(["lane", "what", "from", "until", "origin"], rows, 0, 0)
}

fn decisions(snapshot: &Snapshot) -> Table {
    let mut counts: BTreeMap<[&str; 3], usize> = BTreeMap::new();
    for decision in &snapshot.decisions {
        if !ABOUT_SOMEBODY.contains(&decision.kind.as_str()) {
            let row = [decision.decider_role.as_str(), &decision.kind, &decision.rationale];
            *counts.entry(row).or_insert(0) += 1;
        }
    }
    let row = |(of, count): ([&str; 3], usize)| {
        of.into_iter().map(str::to_owned).chain([count.to_string()]).collect()
    };
    let rows = counts.into_iter().map(row).collect();
    table(["decided_by", "kind", "rationale", "decisions"], rows, 0, 0)
}

fn exclusions(snapshot: &Snapshot) -> Table {
    #[derive(Default)]
    struct LeftOut {
        entries: usize,
        undecided: usize,
        hours: Option<f64>,
        instances: Option<u64>,
    }
    let mut sums: BTreeMap<[&str; 3], LeftOut> = BTreeMap::new();
    for exclusion in &snapshot.exclusions {
        let sum = sums.entry([&exclusion.stage, &exclusion.reason, &exclusion.basis]).or_default();
        sum.entries += 1;
        sum.undecided += usize::from(exclusion.decision.is_none());
        if let Some(hours) = exclusion.hours {
            *sum.hours.get_or_insert(0.0) += hours;
        }
        if let Some(instances) = exclusion.instances {
            *sum.instances.get_or_insert(0) += instances;
        }
    }
    let row = |(of, sum): ([&str; 3], LeftOut)| {
        let hours = sum.hours.map(|hours| hours.to_string()).unwrap_or_default();
        let instances = sum.instances.map(|instances| instances.to_string()).unwrap_or_default();
        let numbers = [sum.entries.to_string(), sum.undecided.to_string(), hours, instances];
        of.into_iter().map(str::to_owned).chain(numbers).collect()
    };
    let rows = sums.into_iter().map(row).collect();
    let columns = ["stage", "reason", "basis", "exclusions", "without_decision", "hours", "instances"];
    table(columns, rows, 0, 0)
}

/// What at least `k` informants of one role say; of fewer the row says nothing but that there is one.
fn latitude(snapshot: &Snapshot, k: u64) -> Table {
    let (mut rows, mut withheld) = (Vec::new(), 0);
    for (place, program) in snapshot.programs.iter().enumerate() {
        let name = format!("{} {}", place + 1, program.stage.replace('_', " "));
        for said in &program.latitude {
            let Some(freedom) = freedom(said) else { continue };
            if u64::from(said.informants) < k {
                withheld += 1;
                continue;
            }
            let [dimension, role] = [&said.dimension, &said.informant_role].map(Clone::clone);
            rows.push(vec![name.clone(), dimension, role, said.informants.to_string(), freedom.to_string()]);
        }
    }
    table(["program", "dimension", "informants", "n", "freedom"], rows, withheld, k)
}

/// Lineages of teams in every edition that is over, and how many of them are in the next one.
///
/// Whatever a reader can subtract has at least `k` lineages: those that go on, that do not, and that are new in the next edition; and
/// the number of lineages differs from that of entries, which is published too, by none or by at least `k`.
fn constellations(snapshot: &Snapshot, k: u64) -> Table {
    let of_edition = |edition: &Edition| {
        let entries = snapshot.entries(edition);
        let lineages: BTreeSet<&str> =
            entries.iter().filter_map(|entry| snapshot.lineage_of(&entry.team.id)).collect();
        let joined = (entries.len() - lineages.len()) as u64;
        let told = lineages.len() as u64 >= k && (joined == 0 || joined >= k);
        let over = edition.closes_at <= snapshot.as_of;
        (lineages, told && over)
    };
    let editions: Vec<_> = snapshot.editions.iter().map(of_edition).collect();
    let (mut rows, mut withheld) = (Vec::new(), 0);
    for (place, (lineages, is_told)) in editions.iter().enumerate() {
        let mut number = |value: usize, is_told: bool| {
            withheld += usize::from(!is_told);
            if is_told { value.to_string() } else { String::new() }
        };
        let teams = number(lineages.len(), *is_told);
        let mut row = vec![snapshot.editions[place].id.clone(), teams, String::new(), String::new()];
        if let Some((others, is_next_told)) = editions.get(place + 1) {
            let continued = lineages.intersection(others).count();
            let parts = [continued, lineages.len() - continued, others.len() - continued];
            let tell = *is_told && *is_next_told && parts.iter().all(|part| *part as u64 >= k);
            row[2].clone_from(&snapshot.editions[place + 1].id);
            row[3] = number(continued, tell);
        }
        rows.push(row);
    }
    table(["edition", "teams", "next", "continued"], rows, withheld, k)
}
