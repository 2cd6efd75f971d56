//! Open Images once more, by the book: plain lists, two stages, and the whole curve.

use std::collections::BTreeSet;

use conformance::task;
use heldout_detection::evaluators;
use proptest::prelude::*;
use sdk::Mode;

use crate::world::{CATEGORIES, Seen, World, shares, world};

/// The classes of a category: a ladle is a cup too.
fn classes(category: usize) -> Vec<usize> {
    if category == 2 { vec![2, 0] } else { vec![category] }
}

fn area(a: [f64; 4]) -> f64 {
    (a[2] - a[0]) * (a[3] - a[1])
}

fn shared(a: [f64; 4], b: [f64; 4]) -> f64 {
    (a[2].min(b[2]) - a[0].max(b[0])).max(0.0) * (a[3].min(b[3]) - a[1].max(b[1])).max(0.0)
}

/// The first position of the largest value.
fn argmax(values: &[f64]) -> usize {
    let largest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    values.iter().position(|value| *value == largest).unwrap()
}

/// Scores with whether they are right, and how many objects there are, of one class in one image.
fn judge(
    detections: &[(f64, [f64; 4])],
    single: &[[f64; 4]],
    groups: &[[f64; 4]],
    count_groups: bool,
) -> Vec<(f64, bool)> {
    let mut right = vec![false; detections.len()];
    let mut in_group = vec![false; detections.len()];
    if !single.is_empty() {
        let mut found = vec![false; single.len()];
        for (at, (_, one)) in detections.iter().enumerate() {
            let overlaps: Vec<f64> = single
                .iter()
                .map(|other| shared(*one, *other) / (area(*one) + area(*other) - shared(*one, *other)))
                .collect();
            let best = argmax(&overlaps);
            if overlaps[best] >= 0.5 && !found[best] {
                found[best] = true;
                right[at] = true;
            }
        }
    }
    let mut score_of_group = vec![0.0_f64; groups.len()];
    if !groups.is_empty() {
        for (at, (score, one)) in detections.iter().enumerate() {
            let within: Vec<f64> = groups.iter().map(|group| shared(*one, *group) / area(*one)).collect();
            let best = argmax(&within);
            if !right[at] && within[best] >= 0.5 {
                in_group[at] = true;
                score_of_group[best] = score_of_group[best].max(*score);
            }
        }
    }
    let mut judged: Vec<(f64, bool)> = Vec::new();
    for (at, (score, _)) in detections.iter().enumerate() {
        if !in_group[at] {
            judged.push((*score, right[at]));
        }
    }
    if count_groups {
        judged.extend(score_of_group.into_iter().filter(|score| *score > 0.0).map(|score| (score, true)));
    }
    judged
}

/// The area under the envelope of precision over recall.
fn average_precision(mut judged: Vec<(f64, bool)>, objects: usize) -> f64 {
    judged.sort_by(|a, b| b.0.partial_cmp(&a.0).unwrap());
    let (mut recall, mut precision) = (vec![0.0], vec![0.0]);
    let mut right = 0;
    for (seen, (_, hit)) in judged.iter().enumerate() {
        right += usize::from(*hit);
        recall.push(right as f64 / objects as f64);
        precision.push(right as f64 / (seen + 1) as f64);
    }
    recall.push(1.0);
    precision.push(0.0);
    for at in (0..precision.len() - 1).rev() {
        precision[at] = precision[at].max(precision[at + 1]);
    }
    (1..recall.len()).map(|at| (recall[at] - recall[at - 1]) * precision[at]).sum()
}

/// The mean over classes with objects; nothing without any.
fn by_the_book(world: &World, count_groups: bool) -> Option<f64> {
    let mut values = Vec::new();
    for class in 0..CATEGORIES.len() {
        let (mut judged, mut objects) = (Vec::new(), 0);
        for (number, image) in world.images.iter().enumerate() {
            let of_class = |wanted: bool| -> Vec<[f64; 4]> {
                let boxes = image.objects.iter().filter(|(_, group)| *group == wanted);
                boxes
                    .filter(|(seen, _)| classes(seen.category).contains(&class))
                    .map(|(seen, _)| shares(seen))
                    .collect()
            };
            let (single, groups) = (of_class(false), of_class(true));
            objects += single.len() + if count_groups { groups.len() } else { 0 };
            let mut looked_for: BTreeSet<usize> = BTreeSet::new();
            for (category, known) in image.known.iter().enumerate() {
                match known {
                    // Absent: with cups all ladles are absent.
                    1 => looked_for.extend(if category == 0 { vec![0, 2] } else { vec![category] }),
                    2 => looked_for.extend(classes(category)),
                    _ => {}
                }
            }
            if single.is_empty() && groups.is_empty() && !looked_for.contains(&class) {
                continue;
            }
            let detections: Vec<(f64, [f64; 4])> = image
                .detections
                .iter()
                .enumerate()
                .filter(|(_, seen): &(usize, &Seen)| seen.category == class)
                .map(|(rank, seen)| (distinct(number, rank), shares(seen)))
                .collect();
            judged.extend(judge(&detections, &single, &groups, count_groups));
        }
        if objects > 0 {
            values.push(average_precision(judged, objects));
        }
    }
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// A score that no other detection has: the public code leaves the order of equal ones open.
fn distinct(image: usize, rank: usize) -> f64 {
    (16 - rank) as f64 / 16.0 - image as f64 / 1024.0
}

fn ours(world: &World, groups: &str) -> Option<f64> {
    let mut files = world.open_images(&world.once());
    let mut rows: Vec<String> = files.submission.lines().map(str::to_owned).collect();
    let mut at = 1;
    for (number, image) in world.images.iter().enumerate() {
        for rank in 0..image.detections.len() {
            let mut cells: Vec<String> = rows[at].split(',').map(str::to_owned).collect();
            cells[2] = distinct(number, rank).to_string();
            rows[at] = cells.join(",");
            at += 1;
        }
    }
    files.submission = rows.join("\n");
    let params = [("groups", groups)];
    let prepared =
        task::prepare(&evaluators(), "open_images_detection", &files.tables(), &params, Mode::Strict)
            .unwrap();
    let evidence = task::evaluate(prepared.as_ref(), &files.submission).unwrap();
    task::values(&evidence)["mAP@0.5"]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_evaluator_agrees_with_the_book(world in world()) {
        for (groups, count_groups) in [("count", true), ("ignore", false)] {
            match (ours(&world, groups), by_the_book(&world, count_groups)) {
                (Some(ours), Some(book)) => prop_assert!((ours - book).abs() <= 1e-12, "{}: {} and {}", groups, ours, book),
                (ours, book) => prop_assert_eq!(ours, book),
            }
        }
    }
}
