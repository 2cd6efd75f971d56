//! Figures of what a phase counts, drawn of measures on a standing.

use std::collections::BTreeMap;

use charts::{Bump, Cell, Course, Heat, Mark, Range, Ranges, Row};

use super::Table;
use super::drawn::{Drawn, Plan, Provenance, each_once, of, percent, shown};
use crate::measure::{MeasureValue, Reading};
use crate::time_use::{self, CLASS_CODES, Day};

/// The most entries in a picture; the table has all.
const MOST_ENTRIES: usize = 14;

/// The most activities in a heat map.
const MOST_ACTIVITIES: usize = 10;

/// The entries of a bump chart that are drawn in colours: the first ones, and those who win somewhere.
const MOST_IN_COLOUR: usize = 5;

/// The figures that follow from measures of a standing; the numbers are those of the list of figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StandingFigure {
    /// 3: what share of the items every class of activities is, beside its share of waking hours.
    Activities,
    /// 4: the divergence from time use between its bounds.
    Divergence,
    /// 6: scores by activity.
    ScoreByActivity,
    /// 7: the order under other weights.
    OtherWeights,
}

impl StandingFigure {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 4] =
        [Self::Activities, Self::Divergence, Self::ScoreByActivity, Self::OtherWeights];

    /// The short name in addresses.
    pub fn key(self) -> &'static str {
        match self {
            Self::Activities => "activities",
            Self::Divergence => "divergence",
            Self::ScoreByActivity => "score-by-activity",
            Self::OtherWeights => "other-weights",
        }
    }

    /// The figure of a short name.
    pub fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|figure| figure.key() == key)
    }

    /// Draws the figure; `names` are those of entries, by the id that readings carry.
    pub fn draw(
        self,
        values: &[MeasureValue],
        names: &BTreeMap<String, String>,
        decimals: u8,
        provenance: &Provenance,
    ) -> Drawn {
        let values = named(values, names);
        match self {
            Self::Activities => activities(&values, provenance),
            Self::Divergence => divergence(&values, provenance),
            Self::ScoreByActivity => score_by_activity(&values, decimals, provenance),
            Self::OtherWeights => other_weights(&values, provenance),
        }
    }
}

/// The values with names of entries for their ids.
fn named(values: &[MeasureValue], names: &BTreeMap<String, String>) -> Vec<MeasureValue> {
    let mut values = values.to_vec();
    for reading in values.iter_mut().flat_map(|value| &mut value.readings) {
        if let Some(entry) = reading.of.get_mut("entry")
            && let Some(name) = names.get(entry)
        {
            entry.clone_from(name);
        }
    }
    values
}

fn find<'v>(values: &'v [MeasureValue], measure: &str) -> Option<&'v MeasureValue> {
    values.iter().find(|value| value.measure == measure)
}

fn table(values: &[MeasureValue], measure: &str, statistics: &[&str]) -> Table {
    find(values, measure).map_or_else(Table::empty, |value| {
        Table::of(value, |reading| statistics.is_empty() || statistics.contains(&reading.statistic.as_str()))
    })
}

/// What people call the classes of time use; other parts keep their names.
fn class_name(code: &str) -> &str {
    match code {
        "1" => "Employment",
        "2-3" => "Household, own use",
        "4" => "Care",
        "5" => "Volunteering",
        "6" => "Learning",
        "7" => "Social life, religion",
        "8" => "Culture, leisure, sport",
        "9" => "Self-care",
        other => other,
    }
}

fn activities(values: &[MeasureValue], provenance: &Provenance) -> Drawn {
    let quotients = find(values, "F5b");
    let first = quotients.and_then(|value| value.readings.iter().find(|one| of(one, "day") == "waking"));
    let population = first
        .and_then(|one| time_use::population(of(one, "source"), of(one, "country"), of(one, "years")))
        .and_then(|population| Some((population, population.shares(Day::Waking)?)));
    let gap = shown(find(values, "F2"), "intent_gap").next().and_then(Reading::value);
    let unplaced = shown(find(values, "F2"), "without_primary_class").next().and_then(Reading::value);
    let mut ranges = Vec::new();
    if let Some((population, shares)) = &population {
        let is_own = |one: &&Reading| of(one, "day") == "waking" && of(one, "country") == population.country;
        for (place, code) in CLASS_CODES.iter().enumerate() {
            let quotient = shown(quotients, "location_quotient")
                .filter(is_own)
                .find(|one| of(one, "class") == *code)
                .and_then(Reading::value);
            let weight = shown(find(values, "F6b"), "share")
                .find(|one| of(one, "activity") == *code)
                .and_then(Reading::value);
            let mut marks = vec![Mark { series: 0, value: shares[place] }];
            marks.extend(quotient.map(|quotient| Mark { series: 1, value: quotient * shares[place] }));
            marks.extend(weight.map(|value| Mark { series: 2, value }));
            let note = quotient.map_or_else(|| "withheld".to_owned(), |quotient| format!("× {quotient:.2}"));
            ranges.push(Range { name: class_name(code).to_owned(), marks, bounds: None, note });
        }
        if let Some(share) = unplaced {
            let marks = vec![Mark { series: 1, value: share }];
            ranges.push(Range { name: "in no class".to_owned(), marks, bounds: None, note: percent(share) });
        }
    }
    let country = population.map(|(population, _)| population.country.clone()).unwrap_or_default();
    let mut notes = Vec::new();
    if let Some(gap) = gap {
        notes.push(format!(
            "The class of {} of the items is not fixed by their labels: it depends on what the activity is for. Points follow primary classes; the bounds of the divergence count the rest.",
            percent(gap)
        ));
    }
    Plan {
        key: StandingFigure::Activities.key(),
        number: 3,
        title: "Which everyday life counts",
        description: format!(
            "The share of waking hours in {country} that every class of activities has, the share of the scored items, and, where the metric is a sum, of the score. The factor says how many times as much there is in the items."
        ),
        notes,
        table: table(values, "F5b", &[]),
    }
    .drawn(provenance, |about| {
        let mut series = vec![format!("waking hours ({country})"), "items".to_owned()];
        if ranges.iter().flat_map(|range| &range.marks).any(|mark| mark.series == 2) {
            series.push("score".to_owned());
        }
        let ranges = Ranges { about, measured: "share".to_owned(), series, ranges };
        (!ranges.ranges.is_empty()).then(|| ranges.draw())
    })
}

fn divergence(values: &[MeasureValue], provenance: &Provenance) -> Drawn {
    let readings = find(values, "F4").into_iter().flat_map(|value| &value.readings);
    let ranges: Vec<Range> = readings
        .filter(|one| one.statistic == "divergence_bits" && of(one, "day") == "waking")
        .filter_map(|one| {
            let (lower, upper) = one.bounds()?;
            let marks = one.value().map(|value| Mark { series: 0, value }).into_iter().collect();
            let name = format!("{} {}", of(one, "country"), of(one, "years"));
            Some(Range {
                name,
                marks,
                bounds: Some((lower, upper)),
                note: format!("{lower:.3} – {upper:.3}"),
            })
        })
        .collect();
    let gap = shown(find(values, "F2"), "intent_gap").next().and_then(Reading::value);
    let gap = gap
        .map(|gap| format!("Intent gap: the labels do not fix the class of {} of the items.", percent(gap)));
    Plan {
        key: StandingFigure::Divergence.key(),
        number: 4,
        title: "Divergence from time use",
        description: "How far the scored items are from how people of several countries spend their waking hours, as a Jensen-Shannon divergence: 0 is the same, 1 is nothing in common. The band holds every value that the labels allow; the point follows primary classes.".to_owned(),
        notes: gap.into_iter().collect(),
        table: table(values, "F4", &[]),
    }
    .drawn(provenance, |about| {
        let series = vec!["by primary classes".to_owned()];
        let ranges = Ranges { about, measured: "bit".to_owned(), series, ranges };
        (!ranges.ranges.is_empty()).then(|| ranges.draw())
    })
}

fn score_by_activity(values: &[MeasureValue], decimals: u8, provenance: &Provenance) -> Drawn {
    let value = find(values, "F6");
    let scores =
        || value.into_iter().flat_map(|value| &value.readings).filter(|one| one.statistic == "score");
    let entries = each_once(scores().map(|one| of(one, "entry")));
    let activities = each_once(scores().map(|one| of(one, "activity")));
    let column = |activity: &&str| {
        let n = scores().find(|one| of(one, "activity") == *activity).map_or(0, |one| one.n);
        (class_name(activity).to_owned(), format!("n = {n}"))
    };
    let cell = |entry: &str, activity: &str| {
        let found = scores().find(|one| of(one, "entry") == entry && of(one, "activity") == activity);
        Cell { value: found.and_then(Reading::value), interval: found.and_then(Reading::bounds) }
    };
    let shown_activities = &activities[..activities.len().min(MOST_ACTIVITIES)];
    let row = |entry: &&str| Row {
        name: (*entry).to_owned(),
        cells: shown_activities.iter().map(|activity| cell(entry, activity)).collect(),
    };
    let rows: Vec<Row> = entries.iter().take(MOST_ENTRIES).map(row).collect();
    let mut notes = vec![
        "n is the number of items; intervals are of 95 % from replicates of groups of items. Activities with fewer than 10 items of 5 groups are merged.".to_owned(),
    ];
    if entries.len() > MOST_ENTRIES || activities.len() > MOST_ACTIVITIES {
        notes.push(format!(
            "The picture has {} of {} entries and {} of {} activities; the table has all.",
            rows.len(),
            entries.len(),
            shown_activities.len(),
            activities.len()
        ));
    }
    Plan {
        key: StandingFigure::ScoreByActivity.key(),
        number: 6,
        title: "Score by activity",
        description:
            "The score of every entry on the items of each activity alone; a stronger shade is more."
                .to_owned(),
        notes,
        table: table(values, "F6", &[]),
    }
    .drawn(provenance, |about| {
        let heat = Heat { about, columns: shown_activities.iter().map(column).collect(), rows, decimals };
        (!heat.rows.is_empty()).then(|| heat.draw())
    })
}

fn other_weights(values: &[MeasureValue], provenance: &Provenance) -> Drawn {
    let value = find(values, "F7");
    let number = |statistic: &'static str, entry: &str, weights: &str| {
        shown(value, statistic)
            .find(|one| of(one, "entry") == entry && of(one, "weights") == weights)
            .and_then(Reading::value)
    };
    let weights = each_once(shown(value, "rank").map(|one| of(one, "weights")));
    let mut courses: Vec<Course> = each_once(shown(value, "rank_as_scored").map(|one| of(one, "entry")))
        .into_iter()
        .filter_map(|entry| {
            let mut ranks = vec![number("rank_as_scored", entry, "")? as usize];
            for weights in &weights {
                ranks.push(number("rank", entry, weights)? as usize);
            }
            let flip = match number("flip_distance", entry, "") {
                Some(0.0) => "wins".to_owned(),
                Some(distance) => percent(distance),
                None => "never".to_owned(),
            };
            let simplex = number("share_of_simplex", entry, "").map(percent).unwrap_or_default();
            Some(Course {
                name: entry.to_owned(),
                stands_out: ranks.contains(&1),
                ranks,
                facts: vec![flip, simplex],
            })
        })
        .collect();
    courses.sort_by_key(|course| course.ranks.first().copied().unwrap_or(usize::MAX));
    courses.truncate(MOST_ENTRIES);
    for course in courses.iter_mut().filter(|course| course.stands_out).skip(MOST_IN_COLOUR) {
        course.stands_out = false;
    }
    let name = |weights: &&str| match *weights {
        "uniform" => "all activities alike".to_owned(),
        "time_use" => "as in a waking day".to_owned(),
        other => other.replace('_', " "),
    };
    let changes: Vec<String> = shown(value, "winner_changes")
        .filter(|one| one.value() == Some(1.0))
        .map(|one| name(&of(one, "weights")))
        .collect();
    let finding = match changes.as_slice() {
        [] => "The first place is the same under all of these weights.".to_owned(),
        changes => format!("Another entry is first, or shares the first place: {}.", changes.join("; ")),
    };
    Plan {
        key: StandingFigure::OtherWeights.key(),
        number: 7,
        title: "Would another day win?",
        description: format!(
            "The order of entries as their scores by activity make it when activities weigh what they weigh in the task, and when they weigh otherwise. {finding}"
        ),
        notes: vec![
            finding.clone(),
            "Weight to move: the least share of the weight that must move between activities before an entry is level with the winner. Of all weights: the share of all weightings under which it wins, of 20,000 drawn.".to_owned(),
        ],
        table: table(values, "F7", &[]),
    }
    .drawn(provenance, |about| {
        let orders = std::iter::once("as scored".to_owned()).chain(weights.iter().map(name)).collect();
        let facts = ["weight to move", "of all weights"].map(str::to_owned).to_vec();
        let bump = Bump { about, orders, facts, courses };
        (!bump.courses.is_empty()).then(|| bump.draw())
    })
}
