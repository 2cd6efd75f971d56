//! Figures of how a dataset and its tasks become what others build on: the life line, uptake, and what may be claimed.

use std::collections::BTreeMap;

use charts::{Axis, Lane, Lanes, Line, Lines, Mark, Moment, Range, Ranges, brief};
use jiff::civil::Date;

use super::drawn::{Drawn, Plan, Provenance, each_once, of, percent, shown};
use super::participation::Released;
use super::{Figure, Table};
use crate::measure::{Reading, definition};

/// The most moments in a lane of a picture, from the newest; the table has all.
const MOST_MOMENTS: usize = 24;

/// The most series that are told apart in one picture.
const MOST_SERIES: usize = 6;

/// What is claimed of challenges, and the share that says how far it holds; each lies between 0 and 1.
const CLAIMS: [(&str, &str, &str); 10] = [
    ("Few teams send most", "P1", "gini_corrected"),
    ("Teams register and stay silent", "P5", "silent_share"),
    ("New people come", "P6", "newcomer_share"),
    ("People stay", "P6", "retention"),
    ("Those close to organizers compete", "P7", "share_of_entries"),
    ("Sectors work together", "P4", "share"),
    ("How it was made is known", "A4", "disclosed_share"),
    ("Labels lack documentation", "A9", "undocumented_share"),
    ("Who cites it uses it", "S2", "use_share"),
    ("The tasks are solved", "D6", "saturation"),
];

pub(super) fn life_line(released: &Released<'_>, provenance: &Provenance) -> Drawn {
    let table = &released.records.life_line;
    let day = |text: &str| text.parse::<Date>().ok().map(days);
    let moment = |row: &Vec<String>| {
        let told_later = !row[4].is_empty();
        Some(Moment { name: row[1].clone(), at: day(&row[2])?, until: day(&row[3]), told_later })
    };
    let lane = |name: &str| {
        let own: Vec<Moment> = table.rows.iter().filter(|row| row[0] == name).filter_map(moment).collect();
        let newest = own.len().saturating_sub(MOST_MOMENTS);
        Lane { name: name.to_owned(), moments: own[newest..].to_vec() }
    };
    let lanes: Vec<Lane> = ["production", "framing", "competition", "uptake"].map(lane).to_vec();
    let moments = || lanes.iter().flat_map(|lane| &lane.moments);
    let ends = moments().flat_map(|moment| [moment.at, moment.until.unwrap_or(moment.at)]);
    let range = ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), at| (low.min(at), high.max(at)));
    let later = table.rows.iter().filter(|row| !row[4].is_empty()).count();
    let mut notes = vec!["Open marks were written down afterwards, from a source; full ones are on record from when they were.".to_owned()];
    if later > 0 {
        notes.push(format!("{later} of {} were written down afterwards.", table.rows.len()));
    }
    if table.rows.len() > moments().count() {
        notes.push("The picture has the newest of each lane; the table has all.".to_owned());
    }
    Plan {
        key: Figure::LifeLine.key(),
        number: Figure::LifeLine.number(),
        title: "Life line",
        description: "What happened to the dataset, to what the tasks count, in the competition and with what came of it, in lanes over one axis of time.".to_owned(),
        notes,
        table: table.clone(),
    }
    .drawn(provenance, |about| {
        (range.0 <= range.1).then(|| Lanes { about, range, named: years(range), lanes }.draw())
    })
}

/// Days since the beginning of the year 1970.
fn days(date: Date) -> f64 {
    f64::from(date.since(Date::constant(1970, 1, 1)).map_or(0, |span| span.get_days()))
}

/// The beginnings of years in a range of days, at most eight of them; the range's own where it has none.
fn years(range: (f64, f64)) -> Vec<(f64, String)> {
    let beginnings: Vec<(f64, String)> = (1970_i16..=9998)
        .filter_map(|year| Some((days(Date::new(year, 1, 1).ok()?), year.to_string())))
        .skip_while(|(at, _)| *at < range.0)
        .take_while(|(at, _)| *at <= range.1)
        .collect();
    let every = beginnings.len().div_ceil(8).max(1);
    beginnings.into_iter().step_by(every).collect()
}

pub(super) fn uptake(released: &Released<'_>, provenance: &Provenance) -> Drawn {
    let value = released.value("S2");
    let of_year = || shown(value, "share").filter(|one| of(one, "year") != "all");
    let mut years: Vec<&str> = each_once(of_year().map(|one| of(one, "year")));
    years.sort_unstable();
    let line = |function: &&str| {
        let mut sum = 0.0;
        let points = years.iter().map(|year| {
            let found = of_year().find(|one| of(one, "function") == *function && of(one, "year") == *year);
            sum += found.map_or(0.0, |one| one.value().unwrap_or(0.0) * one.n as f64).round();
            (year.parse().unwrap_or(0.0), sum)
        });
        let points: Vec<(f64, f64)> = points.collect();
        Line {
            name: format!("{} {sum:.0}", function.replace('_', " ")),
            points,
            said: Vec::new(),
            stepped: false,
            holds: true,
        }
    };
    let mut lines: Vec<Line> = each_once(of_year().map(|one| of(one, "function"))).iter().map(line).collect();
    lines.sort_by(|one, other| last(other).total_cmp(&last(one)));
    lines.truncate(MOST_SERIES);
    let mut notes = Vec::new();
    let versions = shown(released.value("S3"), "share").filter(|one| of(one, "by") == "citations");
    let versions: Vec<String> = versions
        .filter_map(|one| Some(format!("{} {}", of(one, "version"), percent(one.value()?))))
        .collect();
    if !versions.is_empty() {
        notes.push(format!("Versions that citing works use, where they say: {}.", versions.join("; ")));
    }
    let survival = shown(released.value("S5"), "survival").last();
    if let Some((editions, share)) = survival.and_then(|one| Some((of(one, "editions"), one.value()?))) {
        notes.push(format!("{} of the tasks live longer than {editions} editions.", percent(share)));
    }
    let named = years.iter().filter_map(|year| Some((year.parse().ok()?, (*year).to_owned()))).collect();
    Plan {
        key: Figure::Uptake.key(),
        number: Figure::Uptake.number(),
        title: "Uptake",
        description: "Works that cite the dataset, added up by the year of their publication, by what they cite it for.".to_owned(),
        notes,
        table: Table::of_several(released.values, &[("S2", &["share", "use_share"]), ("S3", &["share", "median_age_in_years"]), ("S5", &["survival", "retired"])]),
    }
    .drawn(provenance, |about| {
        let x = Axis { name: "year".to_owned(), range: None, named };
        let lines = Lines { about, x, y: Axis::open("works so far"), lines, even: None };
        (!lines.lines.is_empty()).then(|| lines.draw())
    })
}

fn last(line: &Line) -> f64 {
    line.points.last().map_or(0.0, |point| point.1)
}

pub(super) fn claims(released: &Released<'_>, provenance: &Provenance) -> Drawn {
    let mut ranges = Vec::new();
    let mut absent = Vec::new();
    for (claim, measure, statistic) in CLAIMS {
        let title = definition(measure).map_or("", |definition| definition.title);
        let Some(reading) = newest(released, measure, statistic) else {
            absent.push(format!("{claim} ({measure})"));
            continue;
        };
        let (Some(value), bounds) = (reading.value(), reading.bounds()) else { continue };
        let between =
            bounds.map(|(low, high)| format!(" [{}, {}]", brief(low), brief(high))).unwrap_or_default();
        ranges.push((
            Range {
                name: claim.to_owned(),
                marks: vec![Mark { series: 0, value }],
                bounds,
                note: format!("{measure}: {}{between}", brief(value)),
            },
            format!("{claim}: {title}, {}, n = {}", statistic.replace('_', " "), reading.n),
        ));
    }
    let mut notes: Vec<String> = vec!["A number says how far a claim holds, and none says that it is true. Of editions the newest that may be told.".to_owned()];
    notes.extend(ranges.iter().map(|(_, said)| format!("{said}.")));
    if !absent.is_empty() {
        notes.push(format!("Not on record, or not to be told: {}.", absent.join("; ")));
    }
    let mut chosen: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (_, measure, statistic) in CLAIMS {
        chosen.entry(measure).or_default().push(statistic);
    }
    let chosen: Vec<(&str, &[&str])> = chosen.iter().map(|(measure, of)| (*measure, of.as_slice())).collect();
    Plan {
        key: Figure::Claims.key(),
        number: Figure::Claims.number(),
        title: "Claims and what is measured",
        description: "What is claimed of challenges, beside the share that was measured and the bounds in which it lies.".to_owned(),
        notes,
        table: Table::of_several(released.values, &chosen),
    }
    .drawn(provenance, |about| {
        let ranges: Vec<Range> = ranges.into_iter().map(|(range, _)| range).collect();
        let ranges = Ranges { about, measured: "share".to_owned(), series: vec!["measured".to_owned()], ranges };
        (!ranges.ranges.is_empty()).then(|| ranges.draw())
    })
}

/// The last reading that may be told and is of nothing smaller than an edition, of people or of everything.
fn newest<'v>(released: &Released<'v>, measure: &str, statistic: &str) -> Option<&'v Reading> {
    let readings = released.value(measure).into_iter().flat_map(|value| &value.readings);
    let is_whole = |reading: &&Reading| {
        reading.of.iter().all(|(dimension, of)| match dimension.as_str() {
            "edition" | "task" | "metric" | "annotations" | "ceiling" => {
                measure == "D6" || dimension == "edition"
            }
            "over" => of == "active",
            "who" => of == "people",
            "role" | "year" => of == "all",
            _ => false,
        })
    };
    let mut readings = readings.filter(|reading| reading.statistic == statistic && reading.value().is_some());
    readings.rfind(is_whole)
}
