//! What readers of a measure can subtract: sizes of groups that lie in each other.
//!
//! Sixty who registered and fifty-eight of them who submitted are two who did not, though neither number is small.
//! So every reading that gives away the size of a group is held against those before it: two groups of which one may lie in the
//! other are both told only where they are at least `k` apart.

use std::collections::BTreeMap;

use crate::measure::{MeasureValue, Reading};

/// The stages of the funnel which nobody reaches without the one before.
const NESTED: [(&str, &str); 3] =
    [("requested", "granted"), ("registered", "submitted"), ("submitted", "public")];

/// The group that a number gives away, what it may lie in or contain, and how many are in it.
struct Size {
    /// Groups of one family may lie in each other.
    family: String,
    group: String,
    count: u64,
}

/// For each reading of a measure whether it may be told beside those before it that are; `is_told` says what is told at all.
///
/// `whole` are the readings before anything was withheld.
pub(super) fn told_together(whole: &MeasureValue, k: u64, is_told: &[bool]) -> Vec<bool> {
    let mut told: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
    let decide = |(reading, is_told): (&Reading, &bool)| {
        let sizes = sizes(whole, reading);
        let apart = |size: &Size| {
            let others = told.get(&size.family).into_iter().flatten();
            others.clone().all(|(group, count)| *group == size.group || count.abs_diff(size.count) >= k)
        };
        let holds = *is_told && sizes.iter().all(apart) && !tells_of_some(whole, reading, k);
        if holds {
            for Size { family, group, count } in sizes {
                told.entry(family).or_default().insert(group, count);
            }
        }
        holds
    };
    whole.readings.iter().zip(is_told).map(decide).collect()
}

fn of<'r>(reading: &'r Reading, dimension: &str) -> &'r str {
    reading.of.get(dimension).map_or("", String::as_str)
}

/// How many of its units a share is of.
fn part(reading: &Reading) -> u64 {
    (reading.value().unwrap_or(0.0) * reading.n as f64).round() as u64
}

fn sizes(whole: &MeasureValue, reading: &Reading) -> Vec<Size> {
    let edition = of(reading, "edition");
    let in_family = |family: String, groups: &[(&str, u64)]| -> Vec<Size> {
        let size = |(group, count): &(&str, u64)| Size {
            family: family.clone(),
            group: (*group).to_owned(),
            count: *count,
        };
        groups.iter().map(size).collect()
    };
    let n = reading.n;
    match (whole.measure.as_str(), reading.statistic.as_str()) {
        ("P5", "teams") => in_family(format!("teams {edition}"), &[("registered", n)]),
        ("P5", "silent_share") => {
            in_family(format!("teams {edition}"), &[("registered", n), ("scored", n - part(reading).min(n))])
        }
        ("P5", "median_days_to_first_submission") => {
            let group = submitted(whole, edition, "silent_share", n);
            in_family(format!("teams {edition}"), &[(group, n)])
        }
        ("P5", "silent_share_of_people") => {
            in_family(format!("people {edition}"), &[("registered", n), ("scored", n - part(reading).min(n))])
        }
        ("P5", "people") if of(reading, "stage") == "submitted" => {
            let group = submitted(whole, edition, "silent_share_of_people", n);
            in_family(format!("people {edition}"), &[(group, n)])
        }
        ("P5", "people") => in_family(format!("people {edition}"), &[(of(reading, "stage"), n)]),
        ("P5", "passed_on") => {
            let (stage, to) = (of(reading, "stage"), of(reading, "to"));
            let people = part(reading);
            let named = |stage, count| match stage {
                "submitted" => submitted(whole, edition, "silent_share_of_people", count),
                other => other,
            };
            let together = format!("{stage} and {to}");
            let both = if NESTED.contains(&(stage, to)) { named(to, people) } else { &together };
            in_family(format!("people {edition}"), &[(named(stage, n), n), (both, people)])
        }
        ("P6", "newcomers") => returning(whole, reading, edition, n - part_of_count(reading)),
        ("P6", "newcomer_share") => returning(whole, reading, edition, n - part(reading).min(n)),
        ("P6", "returners") => returning(whole, reading, edition, part_of_count(reading)),
        ("P6", "retention") => match next_edition(whole, reading) {
            Some(next) => returning(whole, reading, next, part(reading)),
            None => Vec::new(),
        },
        ("A8", "raised") => in_family(of(reading, "role").to_owned(), &[("raised", n)]),
        ("A8", statistic @ ("answered" | "upheld_or_partly")) => {
            in_family(of(reading, "role").to_owned(), &[("raised", n), (statistic, part_of_count(reading))])
        }
        _ => Vec::new(),
    }
}

/// What those who submitted are called: those who were scored, where they are as many. That nobody failed altogether is what the
/// board shows, and tells of nobody.
fn submitted(whole: &MeasureValue, edition: &str, silent: &str, count: u64) -> &'static str {
    let silent = whole.readings.iter().find(|one| one.statistic == silent && of(one, "edition") == edition);
    let scored = silent.map(|silent| silent.n - part(silent).min(silent.n));
    if scored == Some(count) { "scored" } else { "submitted" }
}

/// A count as the part of the units that it is.
fn part_of_count(reading: &Reading) -> u64 {
    (reading.value().unwrap_or(0.0) as u64).min(reading.n)
}

/// Those who return to an edition, and those of them who were in the one before it: the difference came back after a gap.
///
/// In the second edition both are the same people.
fn returning(whole: &MeasureValue, reading: &Reading, into: &str, count: u64) -> Vec<Size> {
    let who = of(reading, "who");
    let is_retained = reading.statistic == "retention" && editions(whole, who).get(1) != Some(&into);
    let group = if is_retained { "without a gap" } else { "returners" };
    vec![Size { family: format!("{who} into {into}"), group: group.to_owned(), count }]
}

fn editions<'v>(whole: &'v MeasureValue, who: &str) -> Vec<&'v str> {
    let own = whole.readings.iter().filter(|one| one.statistic == "participants" && of(one, "who") == who);
    own.map(|one| of(one, "edition")).collect()
}

fn next_edition<'v>(whole: &'v MeasureValue, reading: &Reading) -> Option<&'v str> {
    let editions = editions(whole, of(reading, "who"));
    let place = editions.iter().position(|edition| *edition == of(reading, "edition"))?;
    editions.get(place + 1).copied()
}

/// Whether a share gives away a few of those whom it is not of: its units are fewer than a number that is told elsewhere.
fn tells_of_some(whole: &MeasureValue, reading: &Reading, k: u64) -> bool {
    let same = |statistic: &str| {
        let edition = of(reading, "edition");
        whole.readings.iter().find(|one| one.statistic == statistic && of(one, "edition") == edition)
    };
    match (whole.measure.as_str(), reading.statistic.as_str()) {
        // Relations are those of all entries but of the ones that do not say, and how many entries there are is told with P5.
        ("P7", "share_of_entries") => {
            same("undisclosed_share").is_some_and(|all| (1..k).contains(&(all.n.saturating_sub(reading.n))))
        }
        // Who is at a stage without having been at the one before.
        ("P5", "passed_on") => {
            let (stage, to) = (of(reading, "stage"), of(reading, "to"));
            let next = whole.readings.iter().find(|one| {
                one.statistic == "people"
                    && of(one, "stage") == to
                    && of(one, "edition") == of(reading, "edition")
            });
            let outside = next.map_or(0, |next| next.n.saturating_sub(part(reading)));
            outside < k && !(outside == 0 && NESTED.contains(&(stage, to)))
        }
        _ => false,
    }
}
