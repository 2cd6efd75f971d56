//! What the measures of F say, in the form in which all measures are stored and shown.
//!
//! A divergence from time use never leaves here without its bounds and the intent gap beside it.

use ranking::Refusal;

use super::activities::Activities;
use super::bounds::divergence_bounds;
use super::coverage::Coverage;
use super::divergence::jensen_shannon;
use super::entropy::entropy;
use super::exclusions::ExclusionShares;
use super::granularity::Granularity;
use super::intent_gap::intent_gap;
use super::location::location_quotients;
use super::metric_weight::MetricWeight;
use super::profile::Profile;
use super::rank_sensitivity::RankSensitivity;
use super::revisions::{ClauseChanges, ScoreChange};
use super::score_by_activity::{ActivityScore, gap, shares_of_worst};
use crate::measure::{MeasureValue, Quantity, Reading, definition};
use crate::taxonomies::Level;
use crate::time_use::{CLASS_CODES, Day, ReferencePopulation};

/// F1: what the labels reach at each level of ICATUS.
pub fn coverage_value(levels: &[(Level, &Coverage)]) -> MeasureValue {
    let mut readings = Vec::new();
    for (level, coverage) in levels {
        let of = |reading: Reading| reading.of("level", level_name(*level));
        let count =
            |statistic: &str, count: usize| of(Reading::exact(statistic, coverage.classes, count as f64));
        readings.push(count("classes", coverage.classes));
        readings.push(count("reached_by_primary", coverage.by_primary));
        readings.push(count("reached_by_any", coverage.by_any));
        for (place, reached) in coverage.by_amount.iter().enumerate() {
            readings.push(count("reached_by_amount", *reached).of("amount", place.to_string()));
        }
        readings.extend(coverage.never.iter().map(|class| count("never_reached", 1).of("class", class)));
    }
    value("F1", readings)
}

/// F2, F3, F4, F5 and F5b of a profile over the classes of time use, against populations.
///
/// Of a population that does not separate sleep, waking hours have no value.
pub fn profile_values(
    profile: &Profile,
    references: &[(&ReferencePopulation, Day)],
) -> Result<Vec<MeasureValue>, Refusal> {
    let n = profile.portions().len();
    let gap = intent_gap(profile);
    let point = profile.point();
    let spread = entropy(&point)?;
    let (mut divergences, mut bounds, mut quotients) = (Vec::new(), Vec::new(), Vec::new());
    for (population, day) in references {
        let of = |reading: Reading| {
            let reading = reading.of("source", &population.source).of("country", &population.country);
            reading.of("years", &population.years).of("day", day_name(*day))
        };
        let Some(shares) = population.shares(*day) else {
            divergences.push(of(Reading::exact("divergence_bits", n, None)));
            continue;
        };
        let found = divergence_bounds(profile, &shares)?;
        let value = jensen_shannon(&point, &shares)?;
        let quantity = found.map_or(Quantity::Undefined, |found| Quantity::Bounded {
            value,
            lower: found.lower,
            upper: found.upper,
        });
        divergences.push(of(Reading::new("divergence_bits", n, quantity)));
        divergences.push(of(Reading::exact("intent_gap", n, gap.share())));
        bounds.push(of(Reading::exact("lower_bits", n, found.map(|found| found.lower))));
        bounds.push(of(Reading::exact("upper_bits", n, found.map(|found| found.upper))));
        let attained = found.map(|found| f64::from(u8::from(found.upper_is_attained)));
        bounds.push(of(Reading::exact("upper_is_attained", n, attained)));
        for (class, quotient) in CLASS_CODES.iter().zip(location_quotients(&point, &shares)?) {
            quotients.push(of(Reading::exact("location_quotient", n, quotient)).of("class", *class));
        }
    }
    Ok(vec![
        value(
            "F2",
            vec![
                Reading::exact("intent_gap", n, gap.share()),
                Reading::exact("intent_gap_of_labels", n, gap.share_of_labels()),
                Reading::exact("without_primary_class", n, share(profile.unplaced(), profile.total())),
            ],
        ),
        value(
            "F3",
            vec![
                Reading::exact("entropy_bits", n, spread.map(|spread| spread.bits)),
                Reading::exact("evenness", n, spread.and_then(|spread| spread.evenness)),
            ],
        ),
        value("F4", divergences),
        value("F5", bounds),
        value("F5b", quotients),
    ])
}

/// F6: scores by activity of named entries, as `[entry][activity]`.
pub fn activity_score_value(
    entries: &[&str],
    activities: &Activities,
    scores: &[Vec<Option<ActivityScore>>],
    higher_is_better: bool,
) -> MeasureValue {
    let mut readings = Vec::new();
    for (entry, own) in entries.iter().zip(scores) {
        for (activity, score) in activities.names().iter().zip(own) {
            let quantity = match score.map(|score| (score.value, score.interval)) {
                None | Some((None, _)) => Quantity::Undefined,
                Some((Some(value), None)) => Quantity::Exact { value },
                Some((Some(value), Some(interval))) => {
                    Quantity::Estimated { value, lower: interval.lower, upper: interval.upper }
                }
            };
            // What has too few instances stands on none, and is withheld.
            let instances = score.map_or(0, |score| score.instances);
            readings.push(
                Reading::new("score", instances, quantity).of("entry", *entry).of("activity", activity),
            );
        }
        let counted = own.iter().flatten().map(|score| score.instances).sum();
        readings.push(Reading::exact("gap", counted, gap(own)).of("entry", *entry));
    }
    let worst = shares_of_worst(scores, higher_is_better);
    for (activity, share) in worst.into_iter().enumerate() {
        let instances = scores.iter().find_map(|own| own[activity]).map_or(0, |score| score.instances);
        let reading = Reading::exact("share_of_entries_worst_here", instances, share);
        readings.push(reading.of("activity", &activities.names()[activity]));
    }
    value("F6", readings)
}

/// F6b: what the activities weigh in a metric.
pub fn metric_weight_value(activities: &Activities, weights: &[MetricWeight]) -> MeasureValue {
    let readings = weights.iter().enumerate().map(|(activity, weight)| {
        let n = activities.instances(activity);
        let reading = match weight {
            MetricWeight::Share(share) => Reading::exact("share", n, *share),
            MetricWeight::Loss(loss) => Reading::exact("loss_without", n, *loss),
            MetricWeight::TooFew => Reading::exact("share", 0, None),
            MetricWeight::Undefined => Reading::exact("share", n, None),
        };
        reading.of("activity", &activities.names()[activity])
    });
    value("F6b", readings.collect())
}

/// F7: how much the order of named entries depends on the weights.
pub fn rank_sensitivity_value(entries: &[&str], found: &RankSensitivity) -> MeasureValue {
    let n = entries.len();
    let mut readings = Vec::new();
    for other in &found.reweighted {
        let of = |reading: Reading| reading.of("weights", &other.name);
        readings.push(of(Reading::exact("winner_changes", n, f64::from(u8::from(other.winner_changes)))));
        readings.push(of(Reading::exact("kendall_tau_b", n, other.tau)));
        for (entry, (rank, won)) in entries.iter().zip(other.ranks.iter().zip(&other.places_won)) {
            readings.push(of(Reading::exact("rank", n, *rank as f64)).of("entry", *entry));
            readings.push(of(Reading::exact("places_won", n, *won as f64)).of("entry", *entry));
        }
    }
    for (place, entry) in entries.iter().enumerate() {
        let of =
            |statistic: &str, value: Option<f64>| Reading::exact(statistic, n, value).of("entry", *entry);
        readings.push(of("rank_as_scored", Some(found.ranks[place] as f64)));
        readings.push(of("flip_distance", found.flip_distances[place]));
        readings.push(of("share_of_simplex", Some(found.win_shares[place])));
    }
    value("F7", readings)
}

/// F8: how fine the labels are.
pub fn granularity_value(found: &Granularity) -> MeasureValue {
    let of = |statistic: &str, value: Option<f64>| Reading::exact(statistic, found.labels, value);
    value(
        "F8",
        vec![
            of("labels", Some(found.labels as f64)),
            of("labels_per_hour", found.labels_per_hour),
            of("labels_per_group", found.labels_per_group),
            of("depth", found.depth),
            of("share_rare", found.rare),
            of("entropy_inside_groups_bits", found.entropy_inside_groups),
            of("verbs_per_noun", found.verbs_per_noun),
        ],
    )
}

/// F9: what was left out; `exclusions` is how many are on record, `unscoreable` the share of seconds without a possible score.
pub fn exclusion_value(found: &ExclusionShares, exclusions: usize, unscoreable: Option<f64>) -> MeasureValue {
    // That nothing is on record is itself the finding, and counts as one.
    let n = exclusions.max(1);
    let mut readings = vec![
        Reading::exact("share", n, found.share),
        Reading::exact("share_inferred_from_absence", n, found.inferred),
        Reading::exact("undisclosed", n, found.undisclosed as f64),
        Reading::exact("undecided", n, found.undecided as f64),
        Reading::exact("share_unscoreable", n, unscoreable),
    ];
    for (dimension, shares) in
        [("reason", &found.by_reason), ("stage", &found.by_stage), ("basis", &found.by_basis)]
    {
        readings.extend(
            shares.iter().map(|(code, share)| Reading::exact("share", n, *share).of(dimension, code)),
        );
    }
    value("F9", readings)
}

/// F10: what a revision changed in a guideline, and in the scores of submissions that stayed as they were.
pub fn revision_value(clauses: ClauseChanges, scores: &ScoreChange) -> MeasureValue {
    let n = scores.submissions.max(1);
    let (up, down) = scores.up_and_down;
    let count = |statistic: &str, count: usize| Reading::exact(statistic, n, count as f64);
    value(
        "F10",
        vec![
            count("clauses_added", clauses.added),
            count("clauses_removed", clauses.removed),
            count("clauses_changed", clauses.changed),
            count("clauses_kept", clauses.kept),
            count("submissions", scores.submissions),
            Reading::exact("mean_change", n, scores.mean),
            Reading::exact("standard_deviation_of_changes", n, scores.standard_deviation),
            count("submissions_up", up),
            count("submissions_down", down),
            Reading::exact("kendall_tau_b", n, scores.tau),
        ],
    )
}

/// F11: how far a task is from the data set that it was cut from, on the same labels.
pub fn narrowing_value(dataset: &[f64], task: &[f64]) -> Result<MeasureValue, Refusal> {
    let divergence = jensen_shannon(dataset, task)?;
    let mut readings = vec![Reading::exact("divergence_bits", dataset.len(), divergence)];
    for (label, quotient) in location_quotients(task, dataset)?.into_iter().enumerate() {
        readings.push(
            Reading::exact("location_quotient", dataset.len(), quotient).of("label", label.to_string()),
        );
    }
    Ok(value("F11", readings))
}

/// The readings under the measure's rules.
fn value(id: &str, readings: Vec<Reading>) -> MeasureValue {
    match definition(id) {
        Some(definition) => definition.value(readings),
        // A test finds every measure of this file; a value without definition would have no version.
        None => MeasureValue { measure: id.to_owned(), version: 0, readings },
    }
}

fn share(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

fn level_name(level: Level) -> &'static str {
    match level {
        Level::MajorDivision => "major_division",
        Level::Division => "division",
        Level::Group => "group",
    }
}

fn day_name(day: Day) -> &'static str {
    match day {
        Day::All => "all",
        Day::Waking => "waking",
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Array1;

    use super::*;
    use crate::framing::exclusions::exclusion_shares;
    use crate::framing::granularity::granularity;
    use crate::framing::rank_sensitivity::ActivityTable;
    use crate::framing::revisions::{clause_changes, score_change};
    use crate::mappings::Mapping;
    use crate::time_use;

    fn find<'v>(value: &'v MeasureValue, statistic: &str) -> &'v Reading {
        value.readings.iter().find(|reading| reading.statistic == statistic).unwrap()
    }

    #[test]
    fn a_divergence_comes_with_its_bounds_and_the_intent_gap() {
        let amounts = [("4", 3.0), ("31", 1.0), ("73", 2.0)];
        let profile =
            Profile::new(Mapping::ego4d_scenarios(), amounts, time_use::CLASSES, time_use::class_of).unwrap();
        let oecd = time_use::population("OECD", "US", "2019").unwrap();
        let atus = time_use::population("ATUS", "US", "2012-2016").unwrap();
        let values = profile_values(&profile, &[(oecd, Day::Waking), (atus, Day::Waking)]).unwrap();
        let ids: Vec<&str> = values.iter().map(|value| value.measure.as_str()).collect();
        assert_eq!(ids, ["F2", "F3", "F4", "F5", "F5b"]);
        assert!(values.iter().all(|value| value.version > 0));
        let divergence = find(&values[2], "divergence_bits");
        let Quantity::Bounded { value: Some(value), lower, upper } = divergence.quantity else { panic!() };
        assert!(
            lower <= value
                && value <= upper
                && (divergence.n, divergence.of["day"].as_str()) == (3, "waking")
        );
        assert_eq!(find(&values[2], "intent_gap").value(), Some(5.0 / 6.0));
        assert_eq!(values[2].readings[2].quantity, Quantity::Undefined, "ATUS does not separate sleep here");
        assert_eq!(values[4].readings.len(), time_use::CLASSES);
        assert_eq!(find(&values[0], "without_primary_class").value(), Some(2.0 / 6.0));
    }

    #[test]
    fn few_instances_are_withheld() {
        let weights = vec![Array1::ones(40), Array1::zeros(40)];
        let activities = Activities::new(vec!["a".into(), "b".into()], weights, 40).unwrap();
        let score = ActivityScore { instances: 40, value: Some(0.5), interval: None };
        let scores = activity_score_value(&["t"], &activities, &[vec![Some(score), None]], true);
        assert_eq!(scores.readings[0].value(), Some(0.5));
        assert_eq!(scores.readings[1].quantity, Quantity::Suppressed { fewer_than: 10 });
        let weights = metric_weight_value(&activities, &[MetricWeight::Share(1.0), MetricWeight::TooFew]);
        assert_eq!(weights.readings[1].quantity, Quantity::Suppressed { fewer_than: 10 });
    }

    #[test]
    fn every_measure_is_defined() {
        let table = ActivityTable::new(vec![vec![1.0, 0.0], vec![0.0, 0.9]], &[1.0, 1.0], true).unwrap();
        let found = table.sensitivity(&[], ranking::draws::Key::from_u64(1)).unwrap();
        let exclusions = exclusion_shares(1.0, &[]).unwrap();
        let coverage = crate::framing::coverage::coverage(Mapping::ego4d_scenarios(), 2, &[]);
        let values = [
            coverage_value(&[(Level::Division, &coverage)]),
            rank_sensitivity_value(&["a", "b"], &found),
            granularity_value(&granularity(&[], 1.0, None).unwrap()),
            exclusion_value(&exclusions, 0, None),
            revision_value(clause_changes(&[], &[]), &score_change(&[], &[]).unwrap()),
            narrowing_value(&[1.0, 1.0], &[1.0, 0.0]).unwrap(),
        ];
        let ids: Vec<&str> = values.iter().map(|value| value.measure.as_str()).collect();
        assert_eq!(ids, ["F1", "F7", "F8", "F9", "F10", "F11"]);
        assert!(values.iter().all(|value| definition(&value.measure).is_some()));
        assert_eq!(find(&values[1], "flip_distance").value(), Some(0.0));
        let never = values[0].readings.iter().filter(|reading| reading.statistic == "never_reached");
        assert_eq!(never.count(), 11);
        assert_eq!(find(&values[5], "location_quotient").value(), Some(2.0));
    }
}
