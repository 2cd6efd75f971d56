//! S7, entrenchment panel: numbers of the other measures of this family side by side, with the tools, datasets and terms that hang on
//! the dataset. There is no sum of them.

use super::convergence::by_lineage;
use super::functions::is_use;
use super::portability;
use super::survival::lineages;
use super::versions::versions_in_use;
use crate::measure::Reading;
use crate::measures::participation::editions_of;
use crate::measures::statistics::concentration::Concentration;
use crate::measures::statistics::survival::kaplan_meier;
use crate::measures::{Panel, Parameters, share_of};
use crate::snapshot::Snapshot;

/// What comes from what teams told is withheld below five of them, as in S6.
const LEAST_TEAMS: u64 = 5;

pub(super) fn measure(snapshot: &Snapshot, _: &Parameters, panel: &mut Panel) {
    let citations = snapshot.citations.len();
    let uses = snapshot.citations.iter().filter(|citation| is_use(&citation.function)).count();
    panel.push(Reading::exact("citations", citations, citations as f64).of("measure", "S1"));
    panel.push(
        Reading::exact("use_share", citations, share_of(uses as f64, citations as f64)).of("measure", "S2"),
    );
    let (latest, known) = versions_in_use(snapshot);
    panel.push(
        Reading::exact("submissions_on_latest_version_share", known, share_of(latest as f64, known as f64))
            .of("measure", "S3"),
    );
    let last = snapshot.editions.last();
    if let Some(edition) = last {
        let counts = by_lineage(snapshot, edition);
        let hhi = Concentration::of(counts.values().copied()).map(|spread| spread.herfindahl());
        panel.push(
            Reading::exact("task_hhi", counts.len(), hhi).of("measure", "S4").of("edition", &edition.id),
        );
        let (brought, told) = portability::counts(snapshot, edition);
        let share = Reading::exact("brought_share", told, share_of(brought as f64, told as f64))
            .withheld_below(LEAST_TEAMS);
        panel.push(share.of("measure", "S6").of("edition", &edition.id));
    }
    let lifetimes = editions_of(&lineages(snapshot));
    let steps = kaplan_meier(&lifetimes);
    // Without a task that ended all last.
    let after_one = steps.iter().take_while(|step| step.time <= 1.0).last().map_or(1.0, |step| step.survival);
    let survival = (!lifetimes.is_empty()).then_some(after_one);
    panel.push(
        Reading::exact("tasks_beyond_one_edition_share", lifetimes.len(), survival).of("measure", "S5"),
    );
    let of_last = |task: &&crate::snapshot::Task| last.is_some_and(|edition| task.edition == edition.id);
    let tools: u32 = snapshot.tasks.iter().filter(of_last).map(|task| task.bound_tools).sum();
    let imported = snapshot.terms.iter().filter(|term| term.imported_elsewhere > 0).count();
    for (statistic, n, value) in [
        ("bound_tools", tools as usize, f64::from(tools)),
        ("derivatives", snapshot.derivatives.len(), snapshot.derivatives.len() as f64),
        ("terms_imported_elsewhere", snapshot.terms.len(), imported as f64),
    ] {
        panel.push(Reading::exact(statistic, n, value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::compute;
    use crate::snapshot::sample::{citation, three_editions};

    #[test]
    fn numbers_stand_side_by_side_and_nothing_adds_them_up() {
        let mut records = three_editions();
        records.citations.push(citation("2024-01-01", "2024-02-01", "extends"));
        records.tasks[2].bound_tools = 3;
        let value = compute("S7", &Snapshot::new(records).unwrap(), &Parameters::default()).unwrap();
        let found: Vec<(&str, Option<f64>)> =
            value.readings.iter().map(|one| (one.statistic.as_str(), one.value())).collect();
        let expected = [
            ("citations", Some(1.0)),
            ("use_share", Some(1.0)),
            ("submissions_on_latest_version_share", None),
            ("task_hhi", None),
            ("brought_share", None),
            ("tasks_beyond_one_edition_share", Some(1.0)),
            ("bound_tools", Some(3.0)),
            ("derivatives", Some(0.0)),
            ("terms_imported_elsewhere", Some(0.0)),
        ];
        assert_eq!(found, expected);
    }
}
