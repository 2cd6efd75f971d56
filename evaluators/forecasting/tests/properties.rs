//! Properties that hold for every submission: weights are copies, order means nothing, mangled files do no harm.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use conformance::task::{
    assert_close, evaluate, evidence_keeps_its_word, prepare, values, weights_are_copies,
};
use proptest::prelude::*;
use sdk::{Evidence, Mode, Prepared};
use serde_json::{Value, json};

/// A random instance of each task: numbers from which truth and answer are made.
#[derive(Debug, Clone)]
struct Instance {
    truth: Vec<u8>,
    answer: Vec<u8>,
}

fn instances() -> impl Strategy<Value = Vec<Instance>> {
    let instance = (prop::collection::vec(0..4_u8, 12), prop::collection::vec(0..4_u8, 40))
        .prop_map(|(truth, answer)| Instance { truth, answer });
    prop::collection::vec(instance, 1..5)
}

/// Instances by id, with truth and answer.
type Rows = Vec<(String, Value, Value)>;

/// Truth and answer of an instance; `number` is the position of the instance, for scores that are distinct.
type Make = fn(&Instance, usize) -> (Value, Value);

struct Task {
    id: &'static str,
    params: &'static [(&'static str, &'static str)],
    make: Make,
    /// Puts truths and answers, by id, into whole files.
    files: fn(Rows) -> (Value, Value),
}

const TASKS: [Task; 4] = [
    Task { id: "ego4d_sta", params: &[("top_k", "2")], make: short_term, files: frames },
    Task { id: "ego4d_lta", params: &[("actions", "3"), ("sequences", "2")], make: long_term, files: clips },
    Task { id: "ego4d_fhp", params: &[], make: hands, files: by_id },
    Task { id: "ego4d_locomotion", params: &[], make: locomotion, files: by_id },
];

fn by_id(rows: Rows) -> (Value, Value) {
    let (mut truth, mut answers) = (serde_json::Map::new(), serde_json::Map::new());
    for (id, of_truth, answer) in rows {
        truth.insert(id.clone(), of_truth);
        answers.insert(id, answer);
    }
    (Value::Object(truth), Value::Object(answers))
}

fn clips(rows: Rows) -> (Value, Value) {
    let (truth, answers) = by_id(rows);
    (json!({"clips": truth}), answers)
}

fn frames(rows: Rows) -> (Value, Value) {
    let annotations: Vec<Value> =
        rows.iter().map(|(id, objects, _)| json!({"uid": id, "objects": objects})).collect();
    let (_, answers) = by_id(rows);
    let submission = json!({"version": "1.0", "challenge": "ego4d_short_term_object_interaction_anticipation", "results": answers});
    (json!({"annotations": annotations}), submission)
}

fn short_term(instance: &Instance, number: usize) -> (Value, Value) {
    let object = |four: &[u8]| {
        let corner = f64::from(four[0]) * 20.0;
        json!({"box": [corner, corner, corner + 99.0, corner + 99.0], "noun_category_id": four[1] / 2,
            "verb_category_id": four[2] / 2, "time_to_contact": f64::from(four[3]) / 8.0})
    };
    let objects: Vec<Value> = instance.truth[..8].chunks(4).map(object).collect();
    let guesses: Vec<Value> = (instance.answer[..24].chunks(4).enumerate())
        .map(|(place, four)| {
            let mut guess = object(four);
            guess["score"] = json!(f64::from(four[0]) + 0.01 * place as f64 + 0.001 * number as f64);
            guess
        })
        .collect();
    (json!(objects), json!(guesses))
}

fn long_term(instance: &Instance, _: usize) -> (Value, Value) {
    let lists = |from: usize| vec![&instance.answer[from..from + 3], &instance.answer[from + 3..from + 6]];
    (
        json!({"verb": instance.truth[..3], "noun": instance.truth[3..6]}),
        json!({"verb": lists(0), "noun": lists(6)}),
    )
}

fn hands(instance: &Instance, _: usize) -> (Value, Value) {
    let truth: Vec<f64> =
        instance.truth.iter().cycle().take(20).map(|one| f64::from(one / 2) * 9.0).collect();
    (json!(truth), json!(instance.answer[..20]))
}

fn locomotion(instance: &Instance, _: usize) -> (Value, Value) {
    let walk = |numbers: &[u8]| {
        let samples: String = (numbers.chunks(3).enumerate())
            .map(|(frame, xyz)| {
                format!(" {} {} {} {} 0 0", frame + usize::from(xyz[0]), xyz[0], xyz[1], xyz[2])
            })
            .collect();
        json!({"traj": format!("0.1 -1.5 0.2 {}{samples}", numbers.len() / 3)})
    };
    (walk(&instance.truth), walk(&instance.answer[..9]))
}

impl Task {
    /// Every instance so many times, in an order.
    fn world(
        &self,
        instances: &[Instance],
        copies: &[u8],
        order: &[usize],
        mode: Mode,
    ) -> (Box<dyn Prepared>, Evidence) {
        let rows = order.iter().flat_map(|index| {
            let (truth, answer) = (self.make)(&instances[*index], *index);
            (0..copies[*index]).map(move |copy| (format!("{index}/{copy}_0"), truth.clone(), answer.clone()))
        });
        let (truth, submission) = (self.files)(rows.collect());
        let family = heldout_forecasting::evaluators();
        let prepared = prepare(&family, self.id, &[("main", &truth.to_string())], self.params, mode).unwrap();
        let evidence = evaluate(&*prepared, &submission.to_string()).unwrap();
        (prepared, evidence)
    }
}

fn config() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn whole_weights_are_copies(instances in instances(), counts in prop::collection::vec(0..3_u8, 4)) {
        let order: Vec<usize> = (0..instances.len()).collect();
        for task in &TASKS {
            for mode in [Mode::Strict, Mode::Reference] {
                weights_are_copies(&counts[..instances.len()], |copies| task.world(&instances, copies, &order, mode).1);
            }
        }
    }

    #[test]
    fn the_order_of_instances_changes_nothing(instances in instances(), turn in 0..4_usize) {
        let order: Vec<usize> = (0..instances.len()).collect();
        let mut other = order.clone();
        other.reverse();
        other.rotate_left(turn % instances.len());
        let once = vec![1; instances.len()];
        for task in &TASKS {
            let (prepared, evidence) = task.world(&instances, &once, &order, Mode::Strict);
            evidence_keeps_its_word(&*prepared, &evidence);
            assert_close(&values(&evidence), &values(&task.world(&instances, &once, &other, Mode::Strict).1));
        }
    }
}

#[test]
fn mangled_submissions_are_refused_or_scored() {
    conformance::mangled::is_refused_or_scored(&heldout_forecasting::evaluators());
}
