//! Weights mean what they say: masks are subsets, whole numbers are repetitions, and the order of rows means nothing.

use conformance::task::{evaluate, evidence_keeps_its_word, prepare, values, weights_are_copies};
use proptest::prelude::*;
use sdk::{Evidence, Mode};
use serde_json::{Map, Value, json};

/// A task made of items: the main table and the submission, in the order of the items or in another one.
struct Files {
    id: &'static str,
    params: Vec<(&'static str, &'static str)>,
    tables: Vec<(&'static str, String)>,
    submission: String,
}

impl Files {
    fn new(id: &'static str, truth: &Value, submission: &Value) -> Self {
        let tables = vec![("main", truth.to_string())];
        Self { id, params: Vec::new(), tables, submission: submission.to_string() }
    }

    fn evidence(&self) -> Evidence {
        let tables: Vec<(&str, &str)> =
            self.tables.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let family = heldout_recognition::evaluators();
        let prepared = prepare(&family, self.id, &tables, &self.params, Mode::Strict).unwrap();
        let evidence = evaluate(&*prepared, &self.submission).unwrap();
        evidence_keeps_its_word(&*prepared, &evidence);
        evidence
    }
}

/// Item `i` with its copies, by name.
fn named<'t, T>(items: &'t [T], copies: &[u8]) -> Vec<(String, &'t T)> {
    let of = |(number, (item, copies)): (usize, (&'t T, u8))| {
        (0..copies).map(move |copy| (format!("i{number:02}-{copy}"), item))
    };
    items.iter().zip(copies.iter().copied()).enumerate().flat_map(of).collect()
}

/// Checks weights, and that another order of the submission's rows changes nothing.
fn check<T>(items: &[T], counts: &[u8], files: impl Fn(&[(String, &T)], bool) -> Files) {
    let counts = &counts[..items.len()];
    let world = |copies: &[u8]| files(&named(items, copies), false).evidence();
    weights_are_copies(counts, world);
    let once = named(items, &vec![1; items.len()]);
    assert_eq!(
        values(&files(&once, true).evidence()),
        values(&files(&once, false).evidence()),
        "the order of rows"
    );
}

fn in_order<V>(mut rows: Vec<V>, reversed: bool) -> Vec<V> {
    if reversed {
        rows.reverse();
    }
    rows
}

fn object(rows: Vec<(String, Value)>) -> Value {
    // A map sorts its keys, so that names keep the order of the items, and another order is written by hand.
    Value::Object(rows.into_iter().collect::<Map<String, Value>>())
}

fn object_text(rows: &[(String, Value)]) -> String {
    let fields: Vec<String> = rows.iter().map(|(id, value)| format!("{}:{value}", json!(id))).collect();
    format!("{{{}}}", fields.join(","))
}

fn counts() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(0..4_u8, 12)
}

fn some<T: std::fmt::Debug>(item: impl Strategy<Value = T>) -> impl Strategy<Value = Vec<T>> {
    prop::collection::vec(item, 1..12)
}

/// Coarse scores, so that many are equal.
fn coarse() -> impl Strategy<Value = f64> {
    (-2..3_i8).prop_map(f64::from)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn options(items in some((0..5_i64, 0..5_i64)), counts in counts()) {
        check(&items, &counts, |items, reversed| {
            let truth = items.iter().map(|(id, (truth, _))| (id.clone(), json!(truth))).collect();
            let sent = items.iter().map(|(id, (_, sent))| (id.clone(), json!(sent))).collect();
            Files { submission: object_text(&in_order(sent, reversed)), ..Files::new("mcq", &object(truth), &json!(0)) }
        });
    }

    #[test]
    fn clips(items in some((any::<bool>(), 0..240_i64, -50.0..300.0_f64)), counts in counts()) {
        for (id, field) in [("ego4d_pnr", "pnr_frame"), ("ego4d_oscc", "state_change")] {
            check(&items, &counts, |items, reversed| {
                let clip = |(id, (changes, frame, _)): &(String, &(bool, i64, f64))| {
                    json!({"unique_id": id, "state_change": changes, "parent_start_sec": 1.5, "parent_end_sec": 9.5,
                           "parent_start_frame": 45, "parent_end_frame": 285,
                           "parent_pnr_frame": changes.then_some(frame + 45)})
                };
                let row = |(id, (_, _, frame)): &(String, &(bool, i64, f64))| match field {
                    "pnr_frame" => json!({"unique_id": id, field: frame}),
                    _ => json!({"unique_id": id, field: *frame > 100.0}),
                };
                let rows = in_order(items.iter().map(row).collect(), reversed);
                Files::new(id, &json!({"clips": items.iter().map(clip).collect::<Vec<_>>()}), &Value::from(rows))
            });
        }
    }

    #[test]
    fn levels(
        items in some((0..4_u8, prop::array::uniform4(coarse()), prop::array::uniform4(prop::array::uniform4(coarse())))),
        counts in counts(),
    ) {
        check(&items, &counts, |items, reversed| {
            let column = |of: &dyn Fn(usize) -> Value| Value::from_iter((0..items.len()).map(of));
            let truth = json!({"videos": column(&|item| json!(items[item].0)), "gt_annotations": column(&|item| json!(items[item].1.0))});
            let order = in_order((0..items.len()).collect::<Vec<_>>(), reversed);
            let sent = json!({"videos": column(&|row| json!(items[order[row]].0)),
                "ego_model_predictions": column(&|row| json!(items[order[row]].1.1)),
                "exo_model_predictions": column(&|row| json!(items[order[row]].1.2))});
            Files::new("egoexo_proficiency", &truth, &sent)
        });
    }

    #[test]
    fn keysteps(items in some((0..3_i64, 0..3_i64)), counts in counts()) {
        check(&items, &counts, |items, reversed| {
            let segment = |(id, (truth, _)): &(String, &(i64, i64))| json!({"ego_segment_name": id, "label_id": truth});
            let sent = items.iter().map(|(id, (_, sent))| (id.clone(), json!(sent))).collect();
            let truth = json!({"segments": items.iter().map(segment).collect::<Vec<_>>()});
            Files { submission: object_text(&in_order(sent, reversed)), ..Files::new("egoexo_keystep", &truth, &json!(0)) }
        });
    }

    #[test]
    fn procedures(
        items in some((0..2_u8, prop::array::uniform5((any::<bool>(), prop::array::uniform3(coarse()))))),
        counts in counts(),
        by_scenario in any::<bool>(),
    ) {
        check(&items, &counts, |items, reversed| {
            let (mut takes, mut results) = (Map::new(), Vec::new());
            for (id, (scenario, answers)) in items {
                let right = |subtask: usize| if answers[subtask].0 { json!(["a", "c"]) } else { json!(["b"]) };
                let scores = |subtask: usize| {
                    let [a, b, c] = answers[subtask].1;
                    json!({"a": a, "b": b, "c": c})
                };
                let segment = json!({"segment_id": 0, "previous_keysteps": right(0), "optional_keystep": answers[1].0,
                    "procedural_mistake": answers[2].0, "missing_keysteps": right(3), "future_keysteps": right(4)});
                let scenario = format!("scenario {scenario}");
                let take = json!({"scenario": scenario, "keysteps": ["a", "b", "c"], "segments": [segment]});
                takes.insert(id.clone(), take);
                results.push((id.clone(), json!({"0": {"previous_keysteps": scores(0), "optional_keystep": answers[1].1[0],
                    "procedural_mistake": answers[2].1[0], "missing_keysteps": scores(3), "future_keysteps": scores(4)}})));
            }
            let results = object_text(&in_order(results, reversed));
            Files {
                params: if by_scenario { vec![("average", "scenario")] } else { Vec::new() },
                submission: format!("{{\"results\":{results}}}"),
                ..Files::new("egoexo_procedure", &json!({"takes": takes}), &json!(0))
            }
        });
    }

    #[test]
    fn kitchens(
        items in some((0..3_u8, 0..4_u8, 0..3_u8, prop::array::uniform3(coarse()), prop::array::uniform4(coarse()))),
        counts in counts(),
    ) {
        for (id, challenge) in [("epic_c1", "action_recognition"), ("epic_c3", "action_anticipation")] {
            check(&items, &counts, |items, reversed| {
                let mut main = "narration_id,participant_id,video_id,verb_class,noun_class\n".to_owned();
                let mut results = Vec::new();
                for (id, (verb, noun, participant, verbs, nouns)) in items {
                    main += &format!("{id},P{participant},V{participant},{verb},{noun}\n");
                    let scores = |scores: &[f64]| object(
                        scores.iter().enumerate().map(|(class, score)| (class.to_string(), json!(score))).collect(),
                    );
                    results.push((id.clone(), json!({"verb": scores(verbs), "noun": scores(nouns)})));
                }
                let results = object_text(&in_order(results, reversed));
                let head = format!(r#""version":"0.2","challenge":"{challenge}","sls_pt":1,"sls_tl":1,"sls_td":1"#);
                let tables = [("main", main.as_str()), ("unseen_participants", "participant_id\nP1\n"),
                    ("tail_verbs", "verb\n2\n"), ("tail_nouns", "noun\n0\n3\n")];
                Files {
                    id,
                    params: vec![("verbs", "3"), ("nouns", "4"), ("actions", "5")],
                    tables: tables.into_iter().map(|(name, text)| (name, text.to_owned())).collect(),
                    submission: format!("{{{head},\"results\":{results}}}"),
                }
            });
        }
    }
}

#[test]
fn mangled_submissions_are_refused_or_scored() {
    conformance::mangled::is_refused_or_scored(&heldout_recognition::evaluators());
}
