//! The golden cases and the real data of the family.

use conformance::golden::{Case, Expected, Outcome, Walk, case_of, run};
use conformance::shared;
use sdk::Mode;

#[test]
fn golden_cases_agree() {
    Walk::of(heldout_text::evaluators())
        .folder("general/squad")
        .folder("general/nlg")
        .agrees_with_at_least(380);
}

#[test]
fn real_answers_have_the_values_of_the_public_code() {
    let Some(folder) = shared("data/real/squad_preds") else { return };
    for system in ["nlnet", "bidaf"] {
        let case = Case { submission: format!("{system}.json"), ..case_of("general/squad") };
        let submission = folder.join(&case.submission);
        let outcome = run(&heldout_text::evaluators(), &case, &folder, &submission, Mode::Strict);
        let Outcome::Scored(scores) = outcome else { panic!("{outcome:?}") };
        let expected = Expected::read(&folder.join(format!("expected_{system}.json"))).0;
        assert!(expected.len() >= 3);
        for (metric, value) in expected {
            let (ours, expected) = (scores[&metric].unwrap(), value.unwrap());
            assert!(
                (ours - expected).abs() <= 1e-12 * expected,
                "{system}: {metric} is {ours}, not {expected}"
            );
        }
    }
}
