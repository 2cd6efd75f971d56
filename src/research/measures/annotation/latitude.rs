//! A2, latitude index: how free annotators were, as annotators say and as managers say.
//!
//! The mean of the dimensions that an informant role speaks of, each 0 (none), 1 (nominal), 2 (used) or 3 (decisive).
//! For two dimensions, the penalty for rejected work and the pressure of pace, much of it is little freedom: they count from the
//! other end. What is unknown is left out and counted.
//! Roles are never averaged: how far they are apart is a finding.

use std::collections::BTreeMap;

use crate::measure::Reading;
use crate::measures::statistics::quantiles::mean;
use crate::measures::{Panel, Parameters};
use crate::snapshot::{Latitude, Program, Snapshot};

const DECISIVE: f64 = 3.0;

/// How much freedom a statement stands for, 0 to 3; none where it is unknown.
pub(crate) fn freedom(latitude: &Latitude) -> Option<f64> {
    let value = match latitude.value.as_str() {
        "none" => 0.0,
        "nominal" => 1.0,
        "used" => 2.0,
        "decisive" => DECISIVE,
        _ => return None,
    };
    let is_constraint = matches!(latitude.dimension.as_str(), "rejection_penalty" | "pace_pressure");
    Some(if is_constraint { DECISIVE - value } else { value })
}

/// The index of a programme for each informant role, with the fewest informants of a dimension and how many dimensions they speak of.
pub(super) fn by_role(program: &Program) -> BTreeMap<&str, (f64, u32, usize)> {
    let mut roles: BTreeMap<&str, (Vec<f64>, u32)> = BTreeMap::new();
    for latitude in &program.latitude {
        if let Some(freedom) = freedom(latitude) {
            let role = roles.entry(&latitude.informant_role).or_insert((Vec::new(), u32::MAX));
            role.0.push(freedom);
            role.1 = role.1.min(latitude.informants);
        }
    }
    let index = |(role, (values, informants)): (_, (Vec<f64>, u32))| {
        Some((role, (mean(&values)?, informants, values.len())))
    };
    roles.into_iter().filter_map(index).collect()
}

pub(super) fn measure(snapshot: &Snapshot, _: &Parameters, panel: &mut Panel) {
    for program in &snapshot.programs {
        let roles = by_role(program);
        for (role, (index, informants, dimensions)) in &roles {
            let of = |reading: Reading| reading.of("program", &program.id).of("informants", *role);
            panel.push(of(Reading::exact("index", *informants as usize, *index)));
            panel.push(of(Reading::exact("dimensions", *informants as usize, *dimensions as f64)));
        }
        if let (Some(annotators), Some(managers)) = (roles.get("annotator"), roles.get("annotation_manager"))
        {
            let informants = annotators.1.min(managers.1) as usize;
            let reading = Reading::exact("annotator_minus_manager", informants, annotators.0 - managers.0);
            panel.push(reading.of("program", &program.id));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::Quantity;
    use crate::measures::compute;
    use crate::snapshot::sample::{at, latitude, program};

    #[test]
    fn annotators_and_managers_are_told_apart_and_four_informants_not_at_all() {
        let mut labels = program("labels");
        labels.latitude = vec![
            latitude("may_skip", "nominal", "annotator", 6),
            latitude("pace_pressure", "decisive", "annotator", 5),
            latitude("free_text", "unknown", "annotator", 2),
            latitude("may_skip", "decisive", "annotation_manager", 5),
            latitude("may_skip", "used", "organizer", 4),
        ];
        let mut records = crate::snapshot::Records::empty(at("2025-12-31"));
        records.programs.push(labels);
        let value = compute("A2", &Snapshot::new(records).unwrap(), &Parameters::default()).unwrap();
        let of = |statistic: &str, role: Option<&str>| {
            let found = value.readings.iter().find(|one| {
                one.statistic == statistic && one.of.get("informants").map(String::as_str) == role
            });
            found.unwrap().quantity
        };
        assert_eq!(of("index", Some("annotator")), Quantity::Exact { value: 0.5 });
        assert_eq!(of("dimensions", Some("annotator")), Quantity::Exact { value: 2.0 });
        assert_eq!(of("annotator_minus_manager", None), Quantity::Exact { value: -2.5 });
        assert_eq!(of("index", Some("organizer")), Quantity::Suppressed { fewer_than: 5 });
    }
}
