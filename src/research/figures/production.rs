//! Figures of how what is counted came to be: labour, decisions, what was left out, what annotators were free to do.

use std::collections::BTreeMap;

use charts::{Bar, Bars, Flow, Flows, Magnitude, Magnitudes, Node, Outline, Radar, Segment, Stage, brief};

use super::drawn::{Drawn, Plan, Provenance, each_once, of, percent, shown};
use super::participation::Released;
use super::{Figure, Table};
use crate::measure::Reading;

/// The four labours, each with its role in the making of a dataset.
const LABOURS: [(&str, &str); 4] = [
    ("camera_wearer", "Camera wearers"),
    ("annotator", "Annotators"),
    ("contestant", "Contestants"),
    ("citing_author", "Citing authors"),
];

/// The most nodes of a column; the smaller ones are one.
const MOST_NODES: usize = 8;

const OTHERS: &str = "others";

/// The dimensions of latitude, in the order in which they stand around the middle.
const DIMENSIONS: [&str; 12] = [
    "may_skip",
    "may_flag_unsure",
    "free_text",
    "may_propose_label",
    "may_question_guideline",
    "guideline_changed_after_question",
    "sees_other_annotations",
    "may_contact_wearer",
    "paid_for_questions",
    "rejection_penalty",
    "pace_pressure",
    "knows_purpose",
];

pub(super) fn labours(released: &Released<'_>, provenance: &Provenance) -> Drawn {
    let number = |measure: &'static str, statistic: &'static str, role: &'static str| {
        shown(released.value(measure), statistic).find(|one| of(one, "role") == role)
    };
    let exact = |reading: Option<&Reading>| reading.and_then(Reading::value).map(|value| (value, value));
    let (mut bars, mut rows) = (Vec::new(), Vec::new());
    for (role, name) in LABOURS {
        // How many there were is what the named share is of.
        let counted = number("A5", "named_share", role).map(|one| one.n as f64);
        let registered =
            shown(released.value("P5"), "people").filter(|one| of(one, "stage") == "registered").last();
        let people = match role {
            "contestant" => counted.or_else(|| registered.and_then(Reading::value)),
            _ => counted,
        };
        let hours = match role {
            // A range has no number of its own.
            "annotator" => released
                .value("A1")
                .into_iter()
                .flat_map(|value| &value.readings)
                .find(|one| one.statistic == "person_hours" && of(one, "program") == "all")
                .and_then(Reading::bounds),
            _ => None,
        };
        let answered = number("A4", "disclosed_share", role).and_then(Reading::value);
        let answered =
            answered.map_or_else(String::new, |share| format!(" · {} of questions answered", percent(share)));
        let facts = [
            ("people", people.map(|people| (people, people))),
            ("named", exact(number("A5", "named", role))),
            ("hours", hours),
        ];
        for (place, (what, bounds)) in facts.into_iter().enumerate() {
            let note = match bounds {
                Some((least, most)) if least < most => format!("{} to {}", brief(least), brief(most)),
                Some((value, _)) => brief(value),
                None => "not disclosed".to_owned(),
            };
            let [least, most] = match bounds {
                Some((least, most)) => [least.to_string(), most.to_string()],
                None => [String::new(), String::new()],
            };
            let state = if bounds.is_some() { "disclosed" } else { "not disclosed" };
            rows.push(vec![role.to_owned(), what.to_owned(), least, most, state.to_owned()]);
            bars.push(Magnitude {
                name: what.to_owned(),
                bounds,
                note,
                group: (place == 0).then(|| format!("{name}{answered}")),
            });
        }
    }
    let columns = ["role", "what", "lower", "upper", "state"].map(str::to_owned).to_vec();
    let is_told = bars.iter().any(|bar| bar.bounds.is_some());
    Plan {
        key: Figure::FourLabours.key(),
        number: Figure::FourLabours.number(),
        title: "Four labours",
        description: "How many people recorded, labelled, competed and cited, how many of them are named, and how many hours are stated, on a scale of powers of ten; hatched is what nobody has disclosed or what may not be told.".to_owned(),
        notes: vec!["Hours are those that contracts of annotation state, from the least to the most.".to_owned()],
        table: Table { columns, rows, withheld: None },
    }
    .drawn(provenance, |about| is_told.then(|| Magnitudes { about, bars }.draw()))
}

pub(super) fn decisions(released: &Released<'_>, provenance: &Provenance) -> Drawn {
    let table = &released.records.decisions;
    let counted: Vec<([&str; 3], f64)> = table
        .rows
        .iter()
        .filter_map(|row| Some(([row[0].as_str(), row[1].as_str(), row[2].as_str()], row[3].parse().ok()?)))
        .collect();
    let names = ["who decided", "about what", "for what reason"];
    let mut stages: Vec<Stage> = names
        .iter()
        .enumerate()
        .map(|(place, name)| stage(name, counted.iter().map(|(of, n)| (of[place], *n))))
        .collect();
    let mut flows: Vec<Flow> = Vec::new();
    for (of, count) in &counted {
        for (from, pair) in of.windows(2).enumerate() {
            let (one, other) = (node(&stages[from], pair[0]), node(&stages[from + 1], pair[1]));
            let known = flows.iter_mut().find(|flow| (flow.stage, flow.from, flow.to) == (from, one, other));
            match known {
                Some(flow) => flow.value = flow.value.map(|value| value + count),
                None => flows.push(Flow { stage: from, from: one, to: other, value: Some(*count) }),
            }
        }
    }
    // No record says which decision a metric follows from, so no band leads to it.
    let metrics = metrics(released);
    if !metrics.nodes.is_empty() && !counted.is_empty() {
        stages.push(metrics);
    }
    let mut notes = vec!["Decisions about a single person or team are left out. Metrics stand beside the chain with their best public score: which decision made them count is on record for each framing.".to_owned()];
    if let Some(share) =
        shown(released.value("A3"), "affected_not_informed_share").next().and_then(Reading::value)
    {
        notes.push(format!(
            "In {} of the decisions somebody is on record as affected and not informed.",
            percent(share)
        ));
    }
    Plan {
        key: Figure::DecisionChain.key(),
        number: Figure::DecisionChain.number(),
        title: "The decision chain",
        description: "Who decided, by role, what the decisions were about, which reasons were given, and by which metrics scores are ranked in the end.".to_owned(),
        notes,
        table: table.clone(),
    }
    .drawn(provenance, |about| (!counted.is_empty()).then(|| Flows { about, stages, flows }.draw()))
}

/// The metrics of public records, each with the last of them.
fn metrics(released: &Released<'_>) -> Stage {
    let mut best: BTreeMap<&str, (&str, f64)> = BTreeMap::new();
    for record in shown(released.value("D3"), "record") {
        let last = best.entry(of(record, "metric")).or_insert(("", 0.0));
        if let Some(value) = record.value().filter(|_| of(record, "at") >= last.0) {
            *last = (of(record, "at"), value);
        }
    }
    let node = |(metric, (_, value)): (&str, (_, f64))| Node {
        name: format!("{metric} {}", brief(value)),
        value: 1.0,
    };
    Stage { name: "ranked by".to_owned(), nodes: best.into_iter().take(MOST_NODES).map(node).collect() }
}

/// A column of the largest classes, and one node for the others.
fn stage<'c>(name: &str, classes: impl Iterator<Item = (&'c str, f64)>) -> Stage {
    let mut sums: BTreeMap<&str, f64> = BTreeMap::new();
    for (class, count) in classes {
        *sums.entry(class).or_insert(0.0) += count;
    }
    let mut sums: Vec<(&str, f64)> = sums.into_iter().collect();
    sums.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(other.0)));
    let rest: f64 = sums.iter().skip(MOST_NODES).map(|(_, count)| count).sum();
    sums.truncate(MOST_NODES);
    let mut nodes: Vec<Node> =
        sums.into_iter().map(|(class, value)| Node { name: class.replace('_', " "), value }).collect();
    if rest > 0.0 {
        nodes.push(Node { name: OTHERS.to_owned(), value: rest });
    }
    Stage { name: name.to_owned(), nodes }
}

/// The place of a class in its column: its own, or that of the others, which is the last.
fn node(stage: &Stage, class: &str) -> usize {
    let name = class.replace('_', " ");
    stage.nodes.iter().position(|node| node.name == name).unwrap_or(stage.nodes.len() - 1)
}

pub(super) fn exclusions(released: &Released<'_>, provenance: &Provenance) -> Drawn {
    let table = &released.records.exclusions;
    let hours = |row: &Vec<String>| row[5].parse::<f64>().ok();
    let mut bars = Vec::new();
    for stage in each_once(table.rows.iter().map(|row| row[0].as_str())) {
        let of_stage = || table.rows.iter().filter(move |row| row[0] == stage);
        for (place, reason) in each_once(of_stage().map(|row| row[1].as_str())).into_iter().enumerate() {
            let own = || of_stage().filter(move |row| row[1] == reason);
            let segments = own().filter_map(|row| {
                let (name, value) = (row[2].replace('_', " "), hours(row)?);
                Some(Segment { name, value, hidden: false })
            });
            let sum = |column: usize| own().filter_map(|row| row[column].parse::<f64>().ok()).sum::<f64>();
            let (entries, undecided) = (sum(3), sum(4));
            let size = match own().any(|row| hours(row).is_some()) {
                true => format!("{} h", brief(sum(5))),
                false => "hours not told".to_owned(),
            };
            let undecided = if undecided > 0.0 {
                format!(" · {undecided} of {entries} undecided")
            } else {
                String::new()
            };
            bars.push(Bar {
                name: reason.replace('_', " "),
                segments: segments.collect(),
                note: format!("{size}{undecided}"),
                group: (place == 0).then(|| stage.replace('_', " ")),
            });
        }
    }
    let untold = table.rows.iter().filter(|row| hours(row).is_none()).count();
    let undecided = shown(released.value("A4"), "exclusions_without_decision_share").next();
    let mut notes = Vec::new();
    if let Some(share) = undecided.and_then(Reading::value) {
        notes.push(format!("{} of all exclusions have no decision on record.", percent(share)));
    }
    if untold > 0 {
        notes.push(format!(
            "{untold} lines of the register have no hours: nobody has told how much was left out."
        ));
    }
    Plan {
        key: Figure::Exclusions.key(),
        number: Figure::Exclusions.number(),
        title: "The register of exclusions",
        description: "Hours that were left out, by the stage at which that happened, the reason, and what the statement rests on.".to_owned(),
        notes,
        table: table.clone(),
    }
    .drawn(provenance, |about| (!bars.is_empty()).then(|| Bars { about, bars }.draw()))
}

pub(super) fn latitude(released: &Released<'_>, provenance: &Provenance) -> Drawn {
    let table = &released.records.latitude;
    let mean = |role: &str, dimension: &str| {
        let values: Vec<f64> = table
            .rows
            .iter()
            .filter(|row| row[1] == dimension && row[2] == role)
            .filter_map(|row| row[4].parse().ok())
            .collect();
        crate::measures::statistics::quantiles::mean(&values)
    };
    let outline = |role: &str| Outline {
        name: role.replace('_', " "),
        values: DIMENSIONS.iter().map(|dimension| mean(role, dimension)).collect(),
    };
    let outlines: Vec<Outline> =
        each_once(table.rows.iter().map(|row| row[2].as_str())).into_iter().map(outline).collect();
    let indices = shown(released.value("A2"), "index").count();
    let mut notes = vec!["The middle stands for no freedom. Penalties for rejected work and pressure of pace are turned round, so that outwards is always freer.".to_owned()];
    if indices > 0 {
        notes.push(format!("The means of {indices} programmes and kinds of informants are measure A2."));
    }
    Plan {
        key: Figure::Latitude.key(),
        number: Figure::Latitude.number(),
        title: "Latitude of annotators",
        description: "What annotators were free to do, in twelve dimensions, as annotators say and as others say of them; each outline is one kind of informants, on the average of the programmes.".to_owned(),
        notes,
        table: table.clone(),
    }
    .drawn(provenance, |about| {
        let spokes = DIMENSIONS.map(|dimension| dimension.replace('_', " ")).to_vec();
        let rings = ["nominal", "used", "decisive"].map(str::to_owned).to_vec();
        (!outlines.is_empty()).then(|| Radar { about, spokes, rings, outlines }.draw())
    })
}
