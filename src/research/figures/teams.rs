//! Figures of teams over editions.

use std::collections::BTreeMap;

use charts::{Flow, Flows, Node, Stage};

use super::Figure;
use super::drawn::{Drawn, Plan, Provenance, of, percent, shown};
use super::participation::Released;
use crate::measure::Reading;

/// The most editions in a picture, from the newest; the table has all.
const MOST_EDITIONS: usize = 6;

pub(super) fn constellations(released: &Released<'_>, provenance: &Provenance) -> Drawn {
    let table = &released.records.constellations;
    let newest = table.rows.len().saturating_sub(MOST_EDITIONS);
    let rows = table.rows[newest..].to_vec();
    // What is withheld has no place in the picture; the dotted line beside it says that something is missing.
    let told: BTreeMap<&str, f64> =
        rows.iter().filter_map(|row| Some((row[0].as_str(), row[1].parse().ok()?))).collect();
    let stages: Vec<Stage> = rows
        .iter()
        .filter_map(|row| {
            let teams = *told.get(row[0].as_str())?;
            Some(Stage {
                name: row[0].clone(),
                nodes: vec![Node { name: format!("{teams} teams"), value: teams }],
            })
        })
        .collect();
    let place = |edition: &str| stages.iter().position(|stage| stage.name == edition);
    let flows = rows.iter().filter_map(|row| {
        let (from, to) = (place(&row[0])?, place(&row[2])?);
        (to == from + 1).then(|| Flow { stage: from, from: 0, to: 0, value: row[3].parse().ok() })
    });
    let flows: Vec<Flow> = flows.collect();
    let mut notes = vec![
        "A team is one with those that it was renamed from, merged with or split off. Who was in which team together is for researchers alone.".to_owned(),
    ];
    let persisting = shown(released.value("T7"), "persisting_share")
        .filter_map(|one| {
            Some(format!("{} to {}: {}", of(one, "edition"), of(one, "next"), percent(one.value()?)))
        })
        .collect::<Vec<_>>();
    if !persisting.is_empty() {
        notes.push(format!("Teams of which more than half come back together: {}.", persisting.join("; ")));
    }
    let size = |one: &Reading| Some(format!("{} {:.1}", of(one, "edition"), one.value()?));
    let sizes = shown(released.value("T1"), "mean_size").filter_map(size).collect::<Vec<_>>();
    if !sizes.is_empty() {
        notes.push(format!("People per team, on the average: {}.", sizes.join("; ")));
    }
    Plan {
        key: Figure::Constellations.key(),
        number: Figure::Constellations.number(),
        title: "Constellations",
        description:
            "The teams of every edition, and how many of them, under whatever name, are in the next one."
                .to_owned(),
        notes,
        table: table.clone(),
    }
    .drawn(provenance, |about| (!stages.is_empty()).then(|| Flows { about, stages, flows }.draw()))
}
