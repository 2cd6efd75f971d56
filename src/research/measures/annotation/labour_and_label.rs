//! A7, labour and label: whether programmes with more latitude, or better pay, have other labels.
//!
//! Spearman's rank correlation over programmes, shown from eight on. A correlation over a handful of programmes of one dataset says
//! nothing of causes.

use crate::measure::Reading;
use crate::measures::statistics::quantiles::mean;
use crate::measures::{Panel, Parameters};
use crate::snapshot::{Program, Snapshot};

/// Spearman's rho: the correlation of ranks, ties at their mean rank; none for fewer than two pairs, and where one side is all ties.
pub fn spearman(pairs: &[(f64, f64)]) -> Option<f64> {
    let first = mean_ranks(&pairs.iter().map(|(x, _)| *x).collect::<Vec<_>>());
    let second = mean_ranks(&pairs.iter().map(|(_, y)| *y).collect::<Vec<_>>());
    let centre = mean(&first)?;
    let product =
        |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| (a - centre) * (b - centre)).sum::<f64>();
    let scale = libm::sqrt(product(&first, &first) * product(&second, &second));
    (scale > 0.0).then(|| product(&first, &second) / scale)
}

/// The rank of each value, from 1; equal values share the mean of their ranks.
fn mean_ranks(values: &[f64]) -> Vec<f64> {
    let rank = |value: &f64| {
        let below = values.iter().filter(|other| *other < value).count() as f64;
        let equal = values.iter().filter(|other| *other == value).count() as f64;
        below + (equal + 1.0) / 2.0
    };
    values.iter().map(rank).collect()
}

/// A number of a programme, where it is known, and what it is called.
type Aspect = (&'static str, fn(&Program) -> Option<f64>);

pub(super) fn measure(snapshot: &Snapshot, _: &Parameters, panel: &mut Panel) {
    let labour: [Aspect; 2] = [
        ("latitude", |program| super::latitude::by_role(program).get("annotator").map(|(index, ..)| *index)),
        ("living_wage_ratio", |program| {
            mean(
                &program
                    .contracts
                    .iter()
                    .filter_map(|contract| contract.living_wage_ratio)
                    .collect::<Vec<_>>(),
            )
        }),
    ];
    let labels: [Aspect; 3] = [
        ("agreement", |program| program.agreement),
        ("unsure_share", |program| program.unsure_share),
        ("other_share", |program| program.other_share),
    ];
    for (work, of_work) in labour {
        for (label, of_label) in labels {
            let both =
                snapshot.programs.iter().filter_map(|program| Some((of_work(program)?, of_label(program)?)));
            let pairs: Vec<(f64, f64)> = both.collect();
            panel.push(
                Reading::exact("rho", pairs.len(), spearman(&pairs)).of("labour", work).of("label", label),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::Quantity;
    use crate::measures::compute;
    use crate::snapshot::Records;
    use crate::snapshot::sample::{at, latitude, program};

    #[test]
    fn only_the_order_counts() {
        assert_eq!(spearman(&[(1.0, 1.0), (2.0, 10.0), (3.0, 100.0)]), Some(1.0));
        assert_eq!(spearman(&[(1.0, 3.0), (2.0, 2.0), (3.0, 1.0)]), Some(-1.0));
        // Without ties rho is 1 - 6 sum d^2 / (n (n^2 - 1)).
        let rho = spearman(&[(1.0, 2.0), (2.0, 1.0), (3.0, 4.0), (4.0, 3.0)]).unwrap();
        assert!((rho - (1.0 - 6.0 * 4.0 / 60.0)).abs() < 1e-15);
        assert_eq!((spearman(&[(1.0, 1.0), (1.0, 2.0)]), spearman(&[])), (None, None));
        assert_eq!(mean_ranks(&[5.0, 1.0, 5.0]), [2.5, 1.0, 2.5]);
    }

    #[test]
    fn seven_programmes_are_too_few() {
        let of = |count: usize| {
            let mut records = Records::empty(at("2025-12-31"));
            for number in 0..count {
                let mut one = program(&format!("p{number}"));
                let value = ["none", "nominal", "used", "decisive"][number % 4];
                one.latitude = vec![latitude("may_skip", value, "annotator", 5)];
                one.agreement = Some((number % 4) as f64 / 4.0);
                records.programs.push(one);
            }
            compute("A7", &Snapshot::new(records).unwrap(), &Parameters::default()).unwrap().readings[0]
                .quantity
        };
        assert_eq!(of(7), Quantity::Suppressed { fewer_than: 8 });
        let Quantity::Exact { value } = of(8) else { panic!() };
        assert!((value - 1.0).abs() < 1e-12);
    }
}
