//! A1, annotation labour: hours of work by programme, per hour of footage, per instance, and as years around the clock.
//!
//! What is stated as a range stays one; a contract whose hours nobody states makes the sum a lower bound only, which is said by the
//! share of contracts that state them.
//! The hours of a vendor with fewer than ten workers are given as a band, powers of ten, because they are nearly one person's.

use crate::measure::{Quantity, Reading};
use crate::measures::{Panel, Parameters, share_of};
use crate::snapshot::{Program, Snapshot};

/// Fewer workers of one vendor than this are told in bands.
const LEAST_WORKERS: u32 = 10;
/// The hours of a year of 365 days around the clock.
const HOURS_OF_A_YEAR: f64 = 8_760.0;

pub(super) fn measure(snapshot: &Snapshot, _: &Parameters, panel: &mut Panel) {
    let (mut all, mut stated_all, mut contracts_all) = ((0.0, 0.0), 0, 0);
    for program in &snapshot.programs {
        let stated = program.contracts.iter().filter(|contract| contract.person_hours.is_some()).count();
        contracts_all += program.contracts.len();
        stated_all += stated;
        let of = |reading: Reading| reading.of("program", &program.id).of("stage", &program.stage);
        let share = share_of(stated as f64, program.contracts.len() as f64);
        panel.push(of(Reading::exact("share_of_contracts_with_hours", program.contracts.len(), share)));
        let Some(hours) = hours(program) else { continue };
        all = (all.0 + hours.0, all.1 + hours.1);
        let mut push = |statistic, divisor: f64| {
            let quantity = bounded((hours.0 / divisor, hours.1 / divisor));
            panel.push(of(Reading::new(statistic, stated, quantity)));
        };
        push("person_hours", 1.0);
        push("years_around_the_clock", HOURS_OF_A_YEAR);
        if let Some(footage) = program.footage_hours.filter(|footage| *footage > 0.0) {
            push("per_hour_of_footage", footage);
        }
        if let Some(instances) = program.instances.filter(|instances| *instances > 0) {
            push("per_instance", instances as f64);
        }
    }
    if stated_all > 0 {
        panel.push(Reading::new("person_hours", stated_all, bounded(all)).of("program", "all"));
        let years = bounded((all.0 / HOURS_OF_A_YEAR, all.1 / HOURS_OF_A_YEAR));
        panel.push(Reading::new("years_around_the_clock", stated_all, years).of("program", "all"));
        let share = share_of(stated_all as f64, contracts_all as f64);
        panel
            .push(Reading::exact("share_of_contracts_with_hours", contracts_all, share).of("program", "all"));
    }
}

/// The least and the most hours of a programme's contracts that state any, small vendors in bands; none where none does.
fn hours(program: &Program) -> Option<(f64, f64)> {
    let of_contract = program.contracts.iter().filter_map(|contract| {
        let is_small = contract.workers.is_some_and(|(_, most)| most < LEAST_WORKERS);
        let (least, most) = contract.person_hours?;
        Some(if is_small { (band(least).0, band(most).1) } else { (least, most) })
    });
    of_contract.reduce(|sum, one| (sum.0 + one.0, sum.1 + one.1))
}

/// The powers of ten around an amount; below 1 from 0.
fn band(hours: f64) -> (f64, f64) {
    let mut above = 1.0;
    while above <= hours {
        above *= 10.0;
    }
    (if above > 1.0 { above / 10.0 } else { 0.0 }, above)
}

fn bounded((lower, upper): (f64, f64)) -> Quantity {
    if lower == upper {
        Quantity::Exact { value: lower }
    } else {
        Quantity::Bounded { value: None, lower, upper }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::compute;
    use crate::snapshot::Contract;
    use crate::snapshot::sample::{at, program};

    fn contract(workers: Option<(u32, u32)>, person_hours: Option<(f64, f64)>) -> Contract {
        Contract { vendor: None, workers, person_hours, living_wage_ratio: None }
    }

    #[test]
    fn ranges_add_up_and_what_is_not_stated_is_told() {
        let mut records = crate::snapshot::Records::empty(at("2025-12-31"));
        let mut labels = program("labels");
        labels.contracts = vec![
            contract(Some((40, 60)), Some((200_000.0, 250_000.0))),
            contract(None, Some((12_800.0, 12_800.0))),
            contract(None, None),
        ];
        labels.footage_hours = Some(3_670.0);
        records.programs.push(labels);
        let value = compute("A1", &Snapshot::new(records).unwrap(), &Parameters::default()).unwrap();
        let of = |statistic: &str| {
            let found =
                value.readings.iter().find(|one| one.of["program"] == "labels" && one.statistic == statistic);
            found.unwrap().quantity
        };
        assert_eq!(of("person_hours"), Quantity::Bounded { value: None, lower: 212_800.0, upper: 262_800.0 });
        // 262800 hours are thirty years.
        let Quantity::Bounded { upper, .. } = of("years_around_the_clock") else { panic!() };
        assert_eq!(upper, 30.0);
        assert_eq!(of("share_of_contracts_with_hours"), Quantity::Exact { value: 2.0 / 3.0 });
        let Quantity::Bounded { lower, .. } = of("per_hour_of_footage") else { panic!() };
        assert_eq!(lower, 212_800.0 / 3_670.0);
    }

    #[test]
    fn the_hours_of_a_few_people_are_a_band() {
        let mut few = program("few");
        few.contracts = vec![contract(Some((2, 9)), Some((350.0, 350.0)))];
        assert_eq!(hours(&few), Some((100.0, 1_000.0)));
        few.contracts[0].workers = Some((2, 10));
        assert_eq!(hours(&few), Some((350.0, 350.0)));
        assert_eq!([0.0, 1.0, 10.0].map(band), [(0.0, 1.0), (1.0, 10.0), (10.0, 100.0)]);
    }
}
