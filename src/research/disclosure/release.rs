//! What of a measure everybody may see.
//!
//! The threshold of a single reading is not enough: the share of a class times the people counted is a number of people.
//! So readings of a class of people are not released at all; that is what the audited tables are for. A role that somebody has in the
//! making of a dataset, whether people or organizations are counted, and a stage that they reached are no such classes.
//! Of what is left, a count or a share is withheld where it is one of fewer than `k` units, or of all but fewer than `k`, or where
//! it gives that away together with another that is told (`subtraction`).

use super::subtraction::told_together;
use super::table::Policy;
use crate::measure::{Definition, MeasureValue, Privacy, Quantity, Reading};

/// What a reading may be of when everybody sees it: what is not a property of people.
const PUBLIC_DIMENSIONS: [&str; 10] =
    ["edition", "task", "next", "by", "who", "stage", "to", "role", "program", "informants"];

/// Counts of everybody who is at a place: nobody of their units is left.
const WHOLE_COUNTS: [&str; 4] = ["people", "teams", "participants", "raised"];

/// Counts of some of their units: the others are a count too.
const PART_COUNTS: [&str; 4] = ["newcomers", "returners", "answered", "upheld_or_partly"];

/// Numbers between 0 and 1 now and then that are no part of any units: what informants say on a scale.
const SCALES: [&str; 3] = ["index", "dimensions", "annotator_minus_manager"];

/// The readings that everybody may see, the others withheld; none of a measure that is for researchers or for nobody.
///
/// `is_over` says of an edition that nothing of it changes any more: only then are its totals released, once, because two versions
/// of a running total can be subtracted from each other.
pub fn release(
    definition: &Definition,
    value: &MeasureValue,
    policy: Policy,
    is_over: impl Fn(&str) -> bool,
) -> Option<MeasureValue> {
    let readings = match definition.privacy {
        Privacy::Restricted | Privacy::Never => return None,
        Privacy::Open | Privacy::TeamPublic => value.readings.clone(),
        Privacy::Aggregate => {
            let least = policy.k.max(definition.min_n);
            let alone: Vec<bool> =
                value.readings.iter().map(|reading| is_told(value, reading, policy.k, &is_over)).collect();
            let together = told_together(value, policy.k, &alone);
            let released = |(reading, is_told): (&Reading, bool)| match is_told {
                true => reading.clone().withheld_below(least),
                false => withheld(reading, least),
            };
            value.readings.iter().zip(together).map(released).collect()
        }
    };
    Some(MeasureValue { readings, ..value.clone() })
}

fn withheld(reading: &Reading, least: u64) -> Reading {
    Reading { n: 0, quantity: Quantity::Suppressed { fewer_than: least }, ..reading.clone() }
}

/// Whether a reading may be told, for all that it says by itself.
fn is_told(value: &MeasureValue, reading: &Reading, k: u64, is_over: impl Fn(&str) -> bool) -> bool {
    let of_classes = reading.of.keys().any(|dimension| !PUBLIC_DIMENSIONS.contains(&dimension.as_str()));
    let is_running =
        ["edition", "next"].iter().any(|name| reading.of.get(*name).is_some_and(|id| !is_over(id)));
    !of_classes && !is_running && (says_nothing(value, reading) || !is_of_few(reading, k))
}

/// Whether a reading follows from what it is of: everybody in the first edition is new.
fn says_nothing(value: &MeasureValue, reading: &Reading) -> bool {
    let first = value
        .readings
        .iter()
        .find(|one| one.statistic == "participants" && one.of.get("who") == reading.of.get("who"));
    value.measure == "P6"
        && ["newcomers", "newcomer_share"].contains(&reading.statistic.as_str())
        && first.is_some_and(|first| first.of == reading.of)
}

/// Whether a number tells of fewer than `k` units, or of all but fewer than `k`; none is few.
fn is_of_few(reading: &Reading, k: u64) -> bool {
    let Some(value) = reading.value() else { return false };
    let (few, n, statistic) = (k as f64, reading.n as f64, reading.statistic.as_str());
    if SCALES.contains(&statistic) {
        return false;
    }
    if WHOLE_COUNTS.contains(&statistic) {
        return value < few;
    }
    let part = match PART_COUNTS.contains(&statistic) {
        true => value,
        false if (0.0..=1.0).contains(&value) => value * n,
        false => return false,
    };
    part < few - 1e-9 || n - part < few - 1e-9
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::definition;

    const POLICY: Policy = Policy::DEFAULT;

    fn value(measure: &str, readings: Vec<Reading>) -> MeasureValue {
        MeasureValue { measure: measure.to_owned(), version: 1, readings }
    }

    fn shown(measure: &str, reading: Reading) -> Option<f64> {
        let value = value(measure, vec![reading]);
        release(definition(measure).unwrap(), &value, POLICY, |edition| edition == "over").unwrap().readings
            [0]
        .value()
    }

    #[test]
    fn a_share_of_few_and_of_all_but_few_is_withheld() {
        let share = |part: u64, n: u64| {
            Reading::exact("share", n as usize, part as f64 / n as f64).of("edition", "over")
        };
        for (part, n, is_shown) in
            [(5, 60, true), (4, 60, false), (0, 60, false), (55, 60, true), (56, 60, false)]
        {
            assert_eq!(shown("P4", share(part, n)).is_some(), is_shown, "{part} of {n}");
        }
        assert_eq!(shown("P4", share(2, 4)), None, "too few altogether");
    }

    #[test]
    fn running_editions_and_classes_of_people_are_withheld() {
        let half = || Reading::exact("share", 60, 0.5);
        assert_eq!(shown("P4", half().of("edition", "over")), Some(0.5));
        assert_eq!(shown("P4", half().of("edition", "running")), None);
        assert_eq!(shown("P3", half().of("edition", "over").of("country", "AT")), None);
    }

    #[test]
    fn what_is_withheld_does_not_say_of_how_many() {
        let reading = Reading::exact("share", 60, 0.05).of("edition", "over");
        let found =
            release(definition("P4").unwrap(), &value("P4", vec![reading]), POLICY, |_| true).unwrap();
        assert_eq!(found.readings[0].n, 0);
        assert!(matches!(found.readings[0].quantity, Quantity::Suppressed { .. }));
    }

    /// What is told of several readings of one measure, by their places.
    fn told(measure: &str, readings: Vec<Reading>) -> Vec<bool> {
        let value = value(measure, readings);
        let found = release(definition(measure).unwrap(), &value, POLICY, |_| true).unwrap();
        found.readings.iter().map(|reading| reading.value().is_some() && reading.n > 0).collect()
    }

    #[test]
    fn a_count_that_leaves_few_others_is_withheld_as_a_small_one_is() {
        let of = |reading: Reading, edition: &str| reading.of("edition", edition).of("who", "people");
        let newcomers = |count: u64, n: usize| {
            let all = |edition| of(Reading::exact("participants", n, n as f64), edition);
            let readings =
                vec![all("2023"), all("2024"), of(Reading::exact("newcomers", n, count as f64), "2024")];
            told("P6", readings)[2]
        };
        assert_eq!([30, 5, 55].map(|count| newcomers(count, 60)), [true; 3]);
        assert_eq!([0, 4, 56, 58, 60].map(|count| newcomers(count, 60)), [false; 5]);
        // Everybody is new in the first edition: that is no finding about anybody.
        let first = |statistic| of(Reading::exact(statistic, 60, 60.0), "2023");
        assert_eq!(told("P6", vec![first("participants"), first("newcomers")]), [true, true]);
    }

    #[test]
    fn who_comes_back_after_a_gap_is_not_found_by_subtraction() {
        let of = |statistic: &str, edition: &str, count: f64| {
            Reading::exact(statistic, 60, count).of("edition", edition).of("who", "people")
        };
        let readings = |retained: f64| {
            let all = ["2022", "2023", "2024"].map(|edition| of("participants", edition, 60.0));
            let mut readings = all.to_vec();
            readings.extend([of("returners", "2024", 30.0), of("retention", "2023", retained / 60.0)]);
            readings
        };
        assert_eq!(told("P6", readings(20.0))[3..], [true, true], "ten of them skipped an edition");
        assert_eq!(told("P6", readings(28.0))[3..], [true, false], "two of them did");
        assert_eq!(told("P6", readings(30.0))[3..], [true, false], "nobody did");
        // Who was in the first edition and is in the second has had no time for a gap.
        let mut second = readings(20.0);
        second.extend([of("returners", "2023", 25.0), of("retention", "2022", 25.0 / 60.0)]);
        assert_eq!(told("P6", second)[5..], [true, true]);
    }

    #[test]
    fn stages_of_a_funnel_are_told_where_enough_stay_behind() {
        let funnel = |counts: [usize; 5]| {
            let stages = ["requested", "granted", "registered", "submitted", "public"];
            let of = |reading: Reading| reading.of("edition", "2024");
            let people = |(stage, count): (&str, usize)| {
                of(Reading::exact("people", count, count as f64)).of("stage", stage)
            };
            let mut readings: Vec<Reading> = stages.into_iter().zip(counts).map(people).collect();
            for (place, stage) in stages.iter().enumerate().skip(1) {
                let (before, both) = (counts[place - 1], counts[place].min(counts[place - 1]));
                let share = Reading::exact("passed_on", before, both as f64 / before as f64);
                readings.push(of(share).of("stage", stages[place - 1]).of("to", *stage));
            }
            told("P5", readings)
        };
        // Requested, granted, registered, submitted, public; then from each to the next.
        let all = funnel([100, 90, 60, 40, 20]);
        assert_eq!(all[..5], [true; 5]);
        assert_eq!(
            all[5..],
            [true, true, true, true][..].iter().enumerate().map(|(place, _)| place != 1).collect::<Vec<_>>(),
            "nobody registered without access, and that is few"
        );
        let few_stay = funnel([100, 90, 60, 58, 20]);
        assert_eq!(few_stay[..5], [true, true, true, false, true], "two registered and never submitted");
        assert_eq!(few_stay[7..], [false, false], "and no share says so");
        let nobody_stays = funnel([100, 90, 60, 60, 20]);
        assert_eq!(nobody_stays[..5], [true, true, true, false, true]);
        assert_eq!(funnel([100, 90, 60, 40, 3])[..5], [true, true, true, true, false]);
    }

    #[test]
    fn shares_and_medians_do_not_give_away_who_was_silent() {
        let of = |reading: Reading| reading.of("edition", "2024");
        let readings = |submitted: usize| {
            vec![
                of(Reading::exact("teams", 60, 60.0)),
                of(Reading::exact("silent_share", 60, (60 - submitted) as f64 / 60.0)),
                of(Reading::exact("median_days_to_first_submission", submitted, 12.5)),
            ]
        };
        assert_eq!(told("P5", readings(40)), [true; 3]);
        assert_eq!(
            told("P5", readings(58)),
            [true, false, false],
            "the median of 58 of 60 is of all but two"
        );
        let relations = |known: usize| {
            vec![
                of(Reading::exact("share_of_entries", known, 0.5)),
                of(Reading::exact("undisclosed_share", 60, (60 - known) as f64 / 60.0)),
            ]
        };
        assert_eq!(told("P7", relations(40)), [true, true]);
        assert_eq!(told("P7", relations(58)), [false, false]);
        assert_eq!(told("P7", relations(60)), [true, false]);
    }

    #[test]
    fn roles_and_kinds_of_informants_are_told_where_enough_of_them_speak() {
        let index = |n: usize, value: f64| {
            vec![Reading::exact("index", n, value).of("program", "p").of("informants", "annotator")]
        };
        assert_eq!(told("A2", index(5, 0.1)), [true], "a low index is no small share");
        assert_eq!(told("A2", index(4, 2.0)), [false]);
        let objections = |raised: usize, answered: f64, upheld: f64| {
            let of =
                |statistic: &str, value: f64| Reading::exact(statistic, raised, value).of("role", "critic");
            told(
                "A8",
                vec![of("raised", raised as f64), of("answered", answered), of("upheld_or_partly", upheld)],
            )
        };
        assert_eq!(objections(30, 20.0, 10.0), [true; 3]);
        assert_eq!(objections(30, 28.0, 10.0), [true, false, true]);
        assert_eq!(objections(30, 20.0, 17.0), [true, true, false], "three were answered and not upheld");
        // A sector is a class of people, whoever it is of.
        let sector = Reading::exact("share", 60, 0.5).of("edition", "2024").of("sector", "academia");
        assert_eq!(told("P3", vec![sector]), [false]);
    }

    #[test]
    fn what_is_for_researchers_is_not_released() {
        let restricted = definition("P9").unwrap();
        assert_eq!(release(restricted, &value("P9", Vec::new()), POLICY, |_| true), None);
    }
}
