//! Figures of who takes part, drawn of what disclosure control has released and of nothing else.

use charts::{Axis, Bar, Bars, Column, Columns, Even, Line, Lines, Picture, Segment, brief};
use domain::Timestamp;

use super::drawn::{Drawn, Plan, Provenance, each_once, of, percent, shown};
use super::{Figure, RecordTables, Table};
use crate::disclosure::table::PublishedTable;
use crate::measure::{MeasureValue, Reading};

/// The most series that are told apart in one picture; the table has all.
const MOST_SERIES: usize = 6;

/// What everybody may see of a snapshot.
#[derive(Debug, Clone, Copy)]
pub struct Released<'a> {
    /// Measures, as they are released.
    pub values: &'a [MeasureValue],
    /// Tables of records.
    pub records: &'a RecordTables,
    /// The published tables of people by sector and by country, each with its name.
    pub tables: &'a [(&'a str, PublishedTable)],
}

impl<'a> Released<'a> {
    /// A measure as it is released, if it is.
    pub(super) fn value(&self, measure: &str) -> Option<&'a MeasureValue> {
        self.values.iter().find(|value| value.measure == measure)
    }
}

pub(super) fn concentration(released: &Released<'_>, provenance: &Provenance) -> Drawn {
    let value = released.value("P1");
    let rows = &released.records.curves.rows;
    let editions = each_once(rows.iter().filter_map(|row| row.first()).map(String::as_str));
    let gini = |edition: &str| {
        let is_of = |reading: &&Reading| {
            of(reading, "edition") == edition
                && of(reading, "over") == "active"
                && !reading.of.contains_key("task")
        };
        shown(value, "gini").find(is_of).and_then(Reading::value)
    };
    let line = |edition: &&str| {
        let point = |row: &Vec<String>| {
            let [own, teams, submissions] = row.as_slice() else { return None };
            (own == edition).then_some((teams.parse().ok()?, submissions.parse().ok()?))
        };
        let name = match gini(edition) {
            Some(gini) => format!("{edition} · Gini {gini:.2}"),
            None => (*edition).to_owned(),
        };
        Line {
            name,
            points: rows.iter().filter_map(point).collect(),
            said: Vec::new(),
            stepped: false,
            holds: false,
        }
    };
    let lines: Vec<Line> = editions.iter().rev().take(MOST_SERIES).rev().map(line).collect();
    Plan {
        key: Figure::Concentration.key(),
        number: Figure::Concentration.number(),
        title: "Concentration of submissions",
        description: format!(
            "Lorenz curves of {}: how many of all scored submissions the least active share of the teams sent. The further a curve hangs below the straight line, the fewer teams sent most.",
            counted(editions.len(), "edition")
        ),
        notes: vec!["Teams with a scored submission; editions with fewer than ten of them have no curve.".to_owned()],
        table: released.records.curves.clone(),
    }
    .drawn(provenance, |about| {
        let lines = Lines {
            about,
            x: Axis::between("share of teams, from the least active", 0.0, 1.0),
            y: Axis::between("share of scored submissions", 0.0, 1.0),
            even: Some(Even { from: (0.0, 0.0), to: (1.0, 1.0), name: "every team the same".to_owned() }),
            lines,
        };
        (!lines.lines.is_empty()).then(|| lines.draw())
    })
}

pub(super) fn sectors_and_countries(released: &Released<'_>, provenance: &Provenance) -> Drawn {
    let mut bars = Vec::new();
    let mut rows = Vec::new();
    let mut hidden = false;
    for (name, table) in released.tables {
        let kept = kept_classes(table);
        for (column, edition) in table.columns.iter().enumerate() {
            let total = table.column_totals.get(column).copied().unwrap_or(0);
            let cell =
                |row: usize| table.cells.get(row).and_then(|cells| cells.get(column)).copied().flatten();
            let told: u64 = (0..table.rows.len()).filter_map(cell).sum();
            let other: u64 = (0..table.rows.len()).filter(|row| !kept.contains(row)).filter_map(cell).sum();
            let mut segments: Vec<Segment> =
                kept.iter().map(|row| segment(&table.rows[*row], cell(*row).unwrap_or(0) as f64)).collect();
            segments.push(segment("others", other as f64));
            let rest = total.saturating_sub(told) as f64;
            hidden |= rest > 0.0;
            segments.push(Segment { name: "withheld".to_owned(), value: rest, hidden: true });
            bars.push(Bar {
                name: edition.clone(),
                segments,
                note: total.to_string(),
                group: (column == 0).then(|| (*name).to_owned()),
            });
            for (row, class) in table.rows.iter().enumerate() {
                let number = cell(row).map(|cell| cell.to_string()).unwrap_or_default();
                let state = if number.is_empty() { "withheld" } else { "exact" };
                rows.push(vec![(*name).to_owned(), class.clone(), edition.clone(), number, state.to_owned()]);
            }
        }
    }
    let close = shown(released.value("P7"), "share_of_entries")
        .filter_map(|one| Some(format!("{} {}", of(one, "edition"), percent(one.value()?))));
    let close: Vec<String> = close.collect();
    let mut notes = Vec::new();
    if hidden {
        notes.push(
            "Hatched: people of classes whose number is withheld; small classes are merged.".to_owned(),
        );
    }
    if !close.is_empty() {
        notes.push(format!(
            "Entries of teams close to the organizers, of those that say: {}.",
            close.join("; ")
        ));
    }
    let columns = ["table", "class", "edition", "people", "state"].map(str::to_owned).to_vec();
    Plan {
        key: Figure::SectorsAndCountries.key(),
        number: Figure::SectorsAndCountries.number(),
        title: "Sectors and countries",
        description: "How many of the people of every edition are of which sector and of which country, as far as that may be told.".to_owned(),
        notes,
        table: Table { columns, rows, withheld: None },
    }
    .drawn(provenance, |about| several(about, bars))
}

/// The largest classes of a table, as many as are told apart.
fn kept_classes(table: &PublishedTable) -> Vec<usize> {
    let mut classes: Vec<usize> = (0..table.rows.len()).collect();
    classes.sort_by_key(|row| std::cmp::Reverse(table.row_totals.get(*row).copied().unwrap_or(0)));
    // Two tables share one picture, and the colours.
    classes.truncate(4);
    classes.sort_unstable();
    classes
}

pub(super) fn entry_and_retention(released: &Released<'_>, provenance: &Provenance) -> Drawn {
    let (value, table) = (released.value("P6"), Figure::EntryAndRetention.table(released));
    let editions = |who: &'static str| {
        each_once(
            shown(value, "newcomers").filter(move |one| of(one, "who") == who).map(|one| of(one, "edition")),
        )
    };
    let number = |statistic, who: &str, edition: &str| {
        shown(value, statistic)
            .find(|one| of(one, "who") == who && of(one, "edition") == edition)
            .and_then(Reading::value)
    };
    let mut bars = Vec::new();
    for (who, name) in [("people", "People"), ("organizations", "Organizations")] {
        for (place, edition) in editions(who).into_iter().enumerate() {
            let newcomers = number("newcomers", who, edition).unwrap_or(0.0);
            let retained = number("retention", who, edition);
            let mut segments = vec![segment("newcomers", newcomers)];
            match number("returners", who, edition) {
                Some(returners) => segments.push(segment("returners", returners)),
                None => segments.push(Segment {
                    name: "withheld".to_owned(),
                    value: number("participants", who, edition).unwrap_or(newcomers) - newcomers,
                    hidden: true,
                }),
            }
            bars.push(Bar {
                name: edition.to_owned(),
                segments,
                note: retained.map(|share| format!("{} come back", percent(share))).unwrap_or_default(),
                group: (place == 0).then(|| name.to_owned()),
            });
        }
    }
    Plan {
        key: Figure::EntryAndRetention.key(),
        number: Figure::EntryAndRetention.number(),
        title: "Entry and retention",
        description:
            "Newcomers and returners of every edition, and the share of its people who are in the next one."
                .to_owned(),
        notes: Vec::new(),
        table,
    }
    .drawn(provenance, |about| several(about, bars))
}

pub(super) fn pressure(released: &Released<'_>, provenance: &Provenance) -> Drawn {
    let (value, table) = (released.value("D1"), Figure::Pressure.table(released));
    // The newest edition that is over and large enough.
    let newest = shown(value, "hazard").map(|one| of(one, "edition")).last();
    let hour = |reading: &Reading| of(reading, "hours_to_deadline").parse::<u32>().ok();
    let mut hours: Vec<(u32, f64)> = shown(value, "hazard")
        .filter(|one| Some(of(one, "edition")) == newest)
        .filter_map(|one| Some((hour(one)?, one.value()?)))
        .collect();
    hours.sort_by_key(|(hour, _)| std::cmp::Reverse(*hour));
    let share =
        shown(value, "last_part_share").find(|one| Some(of(one, "edition")) == newest).and_then(|one| {
            Some(format!(
                "{} of all submissions came in the last part of the window; n = {} teams.",
                percent(one.value()?),
                one.n
            ))
        });
    let churn = shown(released.value("T9"), "ratio").find(|one| Some(of(one, "edition")) == newest);
    let churn = churn.and_then(Reading::value).map(|ratio| {
        format!("People joined and left teams in the last part {ratio:.1} times as often as at an even pace.")
    });
    Plan {
        key: Figure::Pressure.key(),
        number: Figure::Pressure.number(),
        title: "The last hours",
        description: format!(
            "For each of the last {} hours before the deadline{}: of the submissions that were still to come, the share that came in that hour.",
            hours.len(),
            newest.map(|edition| format!(" of {edition}")).unwrap_or_default()
        ),
        notes: share.into_iter().chain(churn).collect(),
        table,
    }
    .drawn(provenance, |about| {
        let columns = hours.iter().map(|(hour, share)| Column { name: hour.to_string(), value: Some(*share) });
        let columns = Columns {
            about,
            counted: "share of the submissions still to come".to_owned(),
            steps: format!("hours to the deadline{}", newest.map(|edition| format!(" of {edition}")).unwrap_or_default()),
            named_every: 12,
            columns: columns.collect(),
        };
        (!columns.columns.is_empty()).then(|| columns.draw())
    })
}

pub(super) fn record_ladder(released: &Released<'_>, provenance: &Provenance) -> Drawn {
    let (value, table) = (released.value("D3"), Figure::RecordLadder.table(released));
    let moment = |reading: &Reading| Timestamp::parse(of(reading, "at")).ok();
    let mut records: Vec<(Timestamp, &Reading)> =
        shown(value, "record").filter_map(|one| Some((moment(one)?, one))).collect();
    records.sort_by_key(|(at, _)| *at);
    // Different metrics have no common axis: the one of the newest record is drawn, and the table has all.
    let metric = records.last().map_or("", |(_, reading)| of(reading, "metric"));
    records.retain(|(_, reading)| of(reading, "metric") == metric);
    let mut stretches: Vec<(&str, &str)> = Vec::new();
    for (_, reading) in &records {
        let stretch = (of(reading, "task"), of(reading, "annotations"));
        if !stretches.contains(&stretch) {
            stretches.push(stretch);
        }
    }
    let tasks = each_once(stretches.iter().map(|(task, _)| *task)).len();
    let (shown_stretches, first) =
        (stretches.iter().rev().take(MOST_SERIES).rev(), records.first().map(|(at, _)| *at));
    let days = |at: Timestamp| first.map_or(0.0, |first| at.seconds_since(first) / 86_400.0);
    let line = |stretch: &(&str, &str)| {
        let own =
            || records.iter().filter(move |(_, one)| (of(one, "task"), of(one, "annotations")) == *stretch);
        let last = own().next_back().and_then(|(_, one)| one.value()).unwrap_or(0.0);
        let (task, number) = (stretch.0, brief(last));
        let said = |(at, one): &(Timestamp, &Reading)| {
            format!("{task}: {}, {}", brief(one.value().unwrap_or(0.0)), at.utc_date())
        };
        let mut points: Vec<(f64, f64)> =
            own().filter_map(|(at, one)| Some((days(*at), one.value()?))).collect();
        // A record stands until other annotations make another ruler.
        let begun = points.first().map_or(0.0, |point| point.0);
        let next = records
            .iter()
            .filter(|(_, one)| of(one, "task") == task && of(one, "annotations") != stretch.1)
            .map(|(at, _)| days(*at))
            .find(|at| *at > begun);
        if let Some(next) = next {
            points.push((next, last));
        }
        Line {
            name: if tasks > 1 { format!("{task} {number}") } else { number },
            points,
            said: own().map(said).collect(),
            stepped: true,
            holds: next.is_none(),
        }
    };
    let lines: Vec<Line> = shown_stretches.map(line).collect();
    let last = records.last().map(|(at, _)| *at);
    Plan {
        key: Figure::RecordLadder.key(),
        number: Figure::RecordLadder.number(),
        title: "The record ladder",
        description: format!(
            "Every public score that was better than all before it, by {metric}. A new line begins where the annotations changed: across that, scores do not compare."
        ),
        notes: vec![format!("{} on comparable stretches of {}.", counted(records.len(), "record"), counted(tasks, "task"))],
        table,
    }
    .drawn(provenance, |about| {
        let (first, last) = (first?, last?);
        let span = days(last).max(1.0);
        let named = (0..5).map(|place| {
            let share = f64::from(place) / 4.0;
            (span * share, first.plus_seconds((span * share * 86_400.0) as i64).utc_date().to_string())
        });
        let x = Axis { name: String::new(), range: Some((0.0, span)), named: named.collect() };
        Some(Lines { about, x, y: Axis::open(metric), lines, even: None }.draw())
    })
}

pub(super) fn funnel(released: &Released<'_>, provenance: &Provenance) -> Drawn {
    let (value, table) = (released.value("P5"), Figure::Funnel.table(released));
    let editions = each_once(shown(value, "people").map(|one| of(one, "edition")));
    let stages = [
        ("requested", "asked for the data"),
        ("granted", "were let in"),
        ("registered", "registered"),
        ("submitted", "had a scored submission"),
        ("public", "had a public score"),
    ];
    let mut bars = Vec::new();
    for edition in editions.iter().rev().take(4).rev() {
        let mut first = true;
        for (stage, name) in stages {
            let found = shown(value, "people")
                .find(|one| of(one, "edition") == *edition && of(one, "stage") == stage);
            let Some(people) = found.and_then(Reading::value) else { continue };
            let passed = shown(value, "passed_on")
                .find(|one| of(one, "edition") == *edition && of(one, "stage") == stage)
                .and_then(Reading::value);
            let on = passed.map(|share| format!(" · {} go on", percent(share))).unwrap_or_default();
            bars.push(Bar {
                name: name.to_owned(),
                segments: vec![segment("", people)],
                note: format!("{people}{on}"),
                group: std::mem::take(&mut first).then(|| (*edition).to_owned()),
            });
        }
    }
    Plan {
        key: Figure::Funnel.key(),
        number: Figure::Funnel.number(),
        title: "From asking to a public score",
        description: "How many people of an edition asked for the data, were let in, registered, had a scored submission and a public score. The stages are no sieve: somebody can be at one without having been at the one before.".to_owned(),
        notes: Vec::new(),
        table,
    }
    .drawn(provenance, |about| several(about, bars))
}

fn segment(name: &str, value: f64) -> Segment {
    Segment { name: name.to_owned(), value, hidden: false }
}

fn several(about: charts::About, bars: Vec<Bar>) -> Option<Picture> {
    (!bars.is_empty()).then(|| Bars { about, bars }.draw())
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disclosure::Policy;
    use crate::measures::{Parameters, compute};
    use crate::snapshot::Snapshot;
    use crate::snapshot::sample::three_editions;

    fn provenance() -> Provenance {
        Provenance { snapshot: "s-42".into(), as_of: "2024-06-01".into() }
    }

    #[test]
    fn where_nothing_may_be_shown_nothing_is_drawn() {
        let records = RecordTables::empty();
        let released = Released { values: &[], records: &records, tables: &[] };
        for figure in Figure::ALL {
            let drawn = figure.draw(&released, &provenance());
            assert_eq!((drawn.picture, drawn.key), (None, figure.key()));
            assert!(drawn.notes[0].contains("nothing yet") && drawn.notes.last().unwrap().contains("s-42"));
        }
    }

    #[test]
    fn what_is_released_is_drawn_with_its_names_and_its_snapshot() {
        let mut records = three_editions();
        for team in 1..13 {
            let id = format!("team {team}");
            records.team(&id, &[]);
            records.enter(&id, "2024");
            for place in 0..team {
                records.submit(&id, "2024", "2024-04-01", f64::from(team * 10 + place));
            }
        }
        let snapshot = Snapshot::new(records).unwrap();
        let values = ["P1", "D3"].map(|id| compute(id, &snapshot, &Parameters::default()).unwrap());
        let records = RecordTables::of(&snapshot, Policy::DEFAULT, 10);
        let released = Released { values: &values, records: &records, tables: &[] };
        let drawn = Figure::Concentration.draw(&released, &provenance());
        let text = drawn.picture.unwrap().standalone();
        assert!(
            text.contains("2024 · Gini 0.") && text.contains("Snapshot s-42, as of 2024-06-01."),
            "{text}"
        );
        assert_eq!(drawn.table.rows.len(), 13, "a point for every team and the beginning");
        let ladder = Figure::RecordLadder.draw(&released, &provenance());
        let records = ladder.table.rows.iter().filter(|row| row.contains(&"record".to_owned())).count();
        let marks = ladder.picture.unwrap().inline().matches("<circle").count();
        assert_eq!(marks, records, "a mark for every record");
    }

    #[test]
    fn hidden_cells_are_hatched_and_their_numbers_nowhere() {
        let table = PublishedTable {
            rows: vec!["academia".into(), "industry".into(), "other (merged)".into()],
            columns: vec!["2024".into()],
            cells: vec![vec![Some(31)], vec![None], vec![None]],
            row_totals: vec![31, 17, 12],
            column_totals: vec![60],
        };
        let records = RecordTables::empty();
        let released = Released { values: &[], records: &records, tables: &[("People by sector", table)] };
        let drawn = Figure::SectorsAndCountries.draw(&released, &provenance());
        let text = drawn.picture.unwrap().inline();
        assert!(text.contains("-hatch)") && text.contains("withheld: 29"), "{text}");
        assert!(text.contains("academia 31") && !text.contains("industry: "), "{text}");
        assert_eq!(drawn.table.rows[1], ["People by sector", "industry", "2024", "", "withheld"]);
    }
}
