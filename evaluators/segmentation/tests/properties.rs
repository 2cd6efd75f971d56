//! Weights mean what they say, and the order of files means nothing.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::collections::BTreeMap;

use conformance::task::{
    assert_close, evaluate, evidence_keeps_its_word, prepare, values, weights_are_copies,
};
use proptest::prelude::*;
use sdk::{Evidence, Mode};

/// A map of labels, and another one that is predicted for it.
type Pair = (Vec<u32>, Vec<u32>);

fn pair(labels: u32, pixels: usize) -> impl Strategy<Value = Pair> {
    let map = move || prop::collection::vec(0..labels, pixels);
    // Mostly right, so that there are matches.
    (map(), map(), prop::collection::vec(prop::bool::weighted(0.3), pixels)).prop_map(
        |(truth, other, differs)| {
            let found = truth.iter().zip(other).zip(differs);
            let found = found.map(|((truth, other), differs)| if differs { other } else { *truth }).collect();
            (truth, found)
        },
    )
}

/// One JSON object of entries that are given copies, in the order of the items or against it.
fn object(entries: impl DoubleEndedIterator<Item = (String, String)>, reversed: bool) -> String {
    let entries = entries.map(|(name, value)| format!("{name:?}: {value}"));
    let entries: Vec<String> = if reversed { entries.rev().collect() } else { entries.collect() };
    format!("{{{}}}", entries.join(", "))
}

/// The items with their copies, in order, each with a name that sorts as it stands.
fn copied<'p, T>(items: &'p [T], copies: &[u8]) -> Vec<(String, &'p T)> {
    let copied = items.iter().zip(copies).enumerate().flat_map(|(item, (value, copies))| {
        (0..*copies).map(move |copy| (format!("i{item:02}{copy}"), value))
    });
    copied.collect()
}

fn check(id: &str, tables: &[(&str, &str)], submission: &str, reversed: &str) -> Evidence {
    let family = heldout_segmentation::evaluators();
    let prepared = prepare(&family, id, tables, &[], Mode::Strict).unwrap();
    let evidence = evaluate(&*prepared, submission).unwrap();
    evidence_keeps_its_word(&*prepared, &evidence);
    let again = evaluate(&*prepared, reversed).unwrap();
    assert_eq!(values(&again), values(&evidence), "the order of the files");
    evidence
}

fn semantic(pairs: &[Pair], copies: &[u8]) -> Evidence {
    let items = copied(pairs, copies);
    let truth = object(items.iter().map(|(name, (truth, _))| (name.clone(), format!("[{truth:?}]"))), false);
    let found = |reversed| {
        object(items.iter().map(|(name, (_, found))| (name.clone(), format!("[{found:?}]"))), reversed)
    };
    let classes = r#"{"num_classes": 4, "ignore_index": 9}"#;
    check("segmentation_semantic", &[("main", &truth), ("classes", classes)], &found(false), &found(true))
}

/// Segments of a map: id 0 is void, and the category of an id is one of three.
fn segments(map: &[u32], with_crowds: bool) -> String {
    let mut ids: Vec<u32> = map.iter().copied().filter(|id| *id > 0).collect();
    ids.sort_unstable();
    ids.dedup();
    let listed: Vec<String> = ids
        .iter()
        .map(|id| {
            let crowd = u8::from(with_crowds && *id == 5);
            format!(r#"{{"id": {id}, "category_id": {}, "iscrowd": {crowd}}}"#, id % 3)
        })
        .collect();
    format!("[{}]", listed.join(", "))
}

fn panoptic(pairs: &[Pair], copies: &[u8]) -> Evidence {
    let items = copied(pairs, copies);
    let list = |of_truth: bool, reversed: bool| {
        let entries = items.iter().map(|(name, (truth, found))| {
            let map = if of_truth { truth } else { found };
            let segments = segments(map, of_truth);
            format!(r#"{{"image_id": {name:?}, "label_map": [{map:?}], "segments_info": {segments}}}"#)
        });
        let entries: Vec<String> = if reversed { entries.rev().collect() } else { entries.collect() };
        entries.join(", ")
    };
    let categories = r#"[{"id": 0, "isthing": 1}, {"id": 1, "isthing": 0}, {"id": 2, "isthing": 1}]"#;
    let truth = format!(r#"{{"annotations": [{}], "categories": {categories}}}"#, list(true, false));
    let found = |reversed| format!(r#"{{"annotations": [{}]}}"#, list(false, reversed));
    check("segmentation_panoptic", &[("main", &truth)], &found(false), &found(true))
}

/// Videos of one object: the first frame shows it, and three more are scored.
fn objects(videos: &[Vec<Pair>], copies: &[u8]) -> Evidence {
    let items = copied(videos, copies);
    let frames = |of_truth: bool, reversed: bool| {
        let frames = items.iter().flat_map(|(name, frames)| {
            let scored = frames.iter().enumerate().map(move |(at, (truth, found))| {
                (format!("{name}/{}", at + 1), format!("[{:?}]", if of_truth { truth } else { found }))
            });
            let given =
                [(format!("{name}/0"), "[[1]]".to_owned()), (format!("{name}/9"), "[[1]]".to_owned())];
            given.into_iter().chain(scored).collect::<Vec<_>>()
        });
        let frames: Vec<(String, String)> = frames.collect();
        object(frames.into_iter(), reversed)
    };
    check("vos", &[("main", &frames(true, false))], &frames(false, false), &frames(false, true))
}

/// What there is of one item of a correspondence: whether it is visible, how many columns its masks have, a confidence.
type Seen = (bool, usize, usize, bool);

fn correspondence(seen: &[Seen], copies: &[u8]) -> Evidence {
    let items = copied(seen, copies);
    let mask = |width: usize, height: usize, columns: usize| {
        format!(
            r#"{{"size": [{height}, {width}], "counts": [0, {}, {}]}}"#,
            columns * height,
            (width - columns) * height
        )
    };
    let takes = object(
        items.iter().map(|(name, (visible, columns, _, _))| {
            let shown = if *visible { format!(r#""0": {}"#, mask(4, 2, *columns)) } else { String::new() };
            let marked = mask(4, 2, 1);
            let masks = format!(r#"{{"o": {{"aria": {{"0": {marked}}}, "cam": {{{shown}}}}}}}"#);
            (
                name.clone(),
                format!(r#"{{"masks": {masks}, "annotated_frames": {{"o": {{"aria": [], "cam": [0]}}}}}}"#),
            )
        }),
        false,
    );
    let results = |reversed| {
        let takes = items.iter().map(|(name, (_, _, columns, sure))| {
            let confidence = if *sure { 0.9 } else { 0.2 };
            let prediction =
                format!(r#"{{"pred_mask": {}, "confidence": {confidence}}}"#, mask(480, 240, columns * 120));
            (name.clone(), format!(r#"{{"masks": {{"o": {{"aria_cam": {{"0": {prediction}}}}}}}}}"#))
        });
        let results = object(takes, reversed);
        // The other direction has nothing annotated, but its frames are asked for all the same.
        let other = object(
            items.iter().map(|(name, (visible, ..))| {
                let prediction = format!(r#""0": {{"pred_mask": {}, "confidence": 0.5}}"#, mask(480, 240, 0));
                let frames = if *visible { prediction } else { String::new() };
                (name.clone(), format!(r#"{{"masks": {{"o": {{"cam_aria": {{{frames}}}}}}}}}"#))
            }),
            reversed,
        );
        format!(r#"{{"ego-exo": {{"results": {results}}}, "exo-ego": {{"results": {other}}}}}"#)
    };
    let truth = format!(r#"{{"annotations": {takes}}}"#);
    check("egoexo_correspondence", &[("main", &truth)], &results(false), &results(true))
}

fn counts() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(0..3_u8, 5)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn semantic_weights_are_copies(pairs in prop::collection::vec(pair(4, 6), 1..5), counts in counts()) {
        weights_are_copies(&counts[..pairs.len()], |copies| semantic(&pairs, copies));
    }

    #[test]
    fn panoptic_weights_are_copies(pairs in prop::collection::vec(pair(7, 12), 1..5), counts in counts()) {
        weights_are_copies(&counts[..pairs.len()], |copies| panoptic(&pairs, copies));
    }

    #[test]
    fn video_weights_are_copies(
        videos in prop::collection::vec(prop::collection::vec(pair(2, 6), 3), 1..5),
        counts in counts(),
    ) {
        weights_are_copies(&counts[..videos.len()], |copies| objects(&videos, copies));
    }

    #[test]
    fn correspondence_weights_are_copies(
        seen in prop::collection::vec((any::<bool>(), 0..5_usize, 0..5_usize, any::<bool>()), 1..5),
        counts in counts(),
    ) {
        weights_are_copies(&counts[..seen.len()], |copies| correspondence(&seen, copies));
    }
}

#[test]
fn every_class_can_have_a_metric() {
    let family = heldout_segmentation::evaluators();
    let tables = [("main", r#"{"a": [[0, 1, 1]]}"#), ("classes", r#"{"names": ["floor", "cup", "none"]}"#)];
    let prepared =
        prepare(&family, "segmentation_semantic", &tables, &[("per_class", "true")], Mode::Strict).unwrap();
    let found = values(&evaluate(&*prepared, r#"{"a": [[0, 0, 1]]}"#).unwrap());
    let of_classes = ["IoU_floor", "IoU_cup", "IoU_none"].map(|name| (name.to_owned(), found[name]));
    let wanted = [("IoU_floor", Some(0.5)), ("IoU_cup", Some(0.5)), ("IoU_none", None)];
    let wanted: BTreeMap<String, Option<f64>> = wanted.map(|(name, value)| (name.to_owned(), value)).into();
    assert_close(&of_classes.into_iter().collect(), &wanted);
}
