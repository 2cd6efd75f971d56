//! S2, function of citations: what the works that cite the dataset do with it, by year; and how many submissions come from models
//! that were pretrained on it (S2b).

use std::collections::BTreeMap;

use crate::measure::Reading;
use crate::measures::{Panel, Parameters, share_of};
use crate::snapshot::{Outcome, Snapshot};

/// Submissions are of people: fewer than so many declarations are not told.
const LEAST_DECLARATIONS: u64 = 5;

/// Uses in which the dataset is worked with, unlike a mention or a critique.
pub(super) fn is_use(function: &str) -> bool {
    matches!(
        function,
        "uses_for_training" | "uses_for_pretraining" | "uses_for_evaluation" | "extends" | "derives_dataset"
    )
}

pub(super) fn measure(snapshot: &Snapshot, _: &Parameters, panel: &mut Panel) {
    let mut years: BTreeMap<String, BTreeMap<&str, usize>> = BTreeMap::new();
    for citation in &snapshot.citations {
        for year in [citation.published.year().to_string(), "all".to_owned()] {
            *years.entry(year).or_default().entry(&citation.function).or_insert(0) += 1;
        }
    }
    for (year, functions) in years {
        let n: usize = functions.values().sum();
        let uses: usize =
            functions.iter().filter(|(function, _)| is_use(function)).map(|(_, count)| count).sum();
        panel.push(Reading::exact("use_share", n, share_of(uses as f64, n as f64)).of("year", &year));
        for (function, count) in functions {
            let reading = Reading::exact("share", n, share_of(count as f64, n as f64));
            panel.push(reading.of("year", &year).of("function", function));
        }
    }
    for edition in &snapshot.editions {
        let declared: Vec<bool> = snapshot
            .submissions_of(edition)
            .into_iter()
            .filter(|submission| submission.outcome == Outcome::Scored)
            .filter_map(|submission| submission.declaration.as_ref()?.pretrained_on_this_dataset)
            .collect();
        let pretrained = declared.iter().filter(|pretrained| **pretrained).count();
        let share = share_of(pretrained as f64, declared.len() as f64);
        let reading = Reading::exact("pretrained_on_this_dataset_share", declared.len(), share);
        panel.push(reading.of("edition", &edition.id).withheld_below(LEAST_DECLARATIONS));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::Quantity;
    use crate::measures::compute;
    use crate::snapshot::Declaration;
    use crate::snapshot::sample::{citation, three_editions};

    #[test]
    fn a_mention_is_no_use() {
        let mut records = three_editions();
        for (published, function) in
            [("2024-02-01", "background"), ("2024-05-01", "uses_for_evaluation"), ("2025-01-01", "critiques")]
        {
            records.citations.push(citation(published, "2025-06-01", function));
        }
        records.team("red", &[]);
        records.enter("red", "2024");
        for number in 0..5 {
            records.submit("red", "2024", "2024-04-01", 0.5).declaration = Some(Declaration {
                method_origin: "built_for_this_task".into(),
                pretrained_on_this_dataset: Some(number < 2),
                compute_band: None,
            });
        }
        let value = compute("S2", &Snapshot::new(records).unwrap(), &Parameters::default()).unwrap();
        let of = |statistic: &str, by: &str, class: &str| {
            let found = value
                .readings
                .iter()
                .find(|one| one.statistic == statistic && one.of.get(by).is_some_and(|of| of == class));
            found.unwrap().quantity
        };
        assert_eq!(of("use_share", "year", "2024"), Quantity::Exact { value: 0.5 });
        assert_eq!(of("use_share", "year", "all"), Quantity::Exact { value: 1.0 / 3.0 });
        assert_eq!(of("pretrained_on_this_dataset_share", "edition", "2024"), Quantity::Exact { value: 0.4 });
        assert_eq!(
            of("pretrained_on_this_dataset_share", "edition", "2023"),
            Quantity::Suppressed { fewer_than: 5 }
        );
    }
}
