//! The golden cases and the real data of the family.

use conformance::golden::{Case, Expected, Outcome, Strict, Walk, case_of, real, run};
use conformance::shared;
use sdk::Mode;

const TRANSCRIPTION: &str = "ego4d/transcription";
const DIARIZATION: &str = "ego4d/diarization";

#[test]
fn golden_cases_agree() {
    Walk::of(heldout_speech::evaluators())
        .folder("general/asr")
        .folder("general/diar")
        .folder(TRANSCRIPTION)
        .folder(DIARIZATION)
        .printed_with(TRANSCRIPTION, 1)
        .strict(TRANSCRIPTION, "edge-corr-100-shifts-the-column", Strict::Scored("WER", 25.0))
        .strict(TRANSCRIPTION, "edge-word-outside-segments", Strict::Scored("WER", 25.0))
        .strict(TRANSCRIPTION, "edge-long-speaker-id-shifts-the-column", Strict::Scored("WER", 50.0))
        .strict(TRANSCRIPTION, "edge-empty-submission", Strict::Refused("empty_submission"))
        .strict(TRANSCRIPTION, "edge-extra-clip-in-hypothesis", Strict::Refused("unknown_ids"))
        .strict(TRANSCRIPTION, "edge-missing-field", Strict::Refused("missing_field"))
        .strict(DIARIZATION, "edge-reversed-segment", Strict::Refused("out_of_range"))
        .strict(DIARIZATION, "edge-missing-clip", Strict::Scored("DER_mean%", 50.0))
        .agrees_with_at_least(500);
}

#[test]
fn silent_ends_are_deletions_unless_they_are_ignored() {
    for (case, wer) in [
        ("edge-leading-reference-segment-without-words", 100.0 / 3.0),
        ("edge-trailing-reference-segments-without-words", 200.0 / 3.0),
    ] {
        let Some(folder) = shared(&format!("golden/{TRANSCRIPTION}/{case}")) else { return };
        let by_default = Case { params: serde_json::Map::new(), ..case_of(TRANSCRIPTION) };
        let submission = folder.join(&by_default.submission);
        let outcome = run(&heldout_speech::evaluators(), &by_default, &folder, &submission, Mode::Strict);
        let Outcome::Scored(scores) = outcome else { panic!("{case}: {outcome:?}") };
        assert!((scores["WER"].unwrap() - wer).abs() < 1e-9, "{case}: {scores:?}");
    }
}

/// Compares with sclite's counts of real data.
fn agrees_with_sclite(name: &str, evaluator: &str, annotations: &str, submission: &str, mode: Mode) {
    let Some(folder) = shared(&format!("data/real/{name}")) else { return };
    let case = Case {
        golden: name.to_owned(),
        evaluator: evaluator.to_owned(),
        params: serde_json::Map::new(),
        annotations: [("main".to_owned(), annotations.to_owned())].into(),
        submission: submission.to_owned(),
        metrics: [("*".to_owned(), "*".to_owned())].into(),
    };
    let outcome = run(&heldout_speech::evaluators(), &case, &folder, &folder.join(submission), mode);
    let Outcome::Scored(scores) = outcome else { panic!("{outcome:?}") };
    let expected = Expected::read(&folder.join("expected.json")).0;
    assert!(expected.len() >= 8);
    for (metric, value) in expected {
        assert_eq!(scores[&metric], value, "{metric}: {scores:?}");
    }
}

#[test]
fn real_transcripts_with_alternatives_have_the_counts_of_sclite() {
    // The hypotheses of this test offer alternatives as well, which strict mode refuses.
    agrees_with_sclite("asr_sctk", "asr_trn", "annotations.trn", "submission.trn", Mode::Reference);
}

#[test]
fn real_words_with_times_have_the_counts_of_sclite() {
    for mode in [Mode::Strict, Mode::Reference] {
        agrees_with_sclite("asr_lvc", "asr_stm", "annotations.stm", "submission.ctm", mode);
    }
}

#[test]
fn real_recordings_have_the_values_of_the_public_code() {
    for name in ["diar_rt", "diar_dscore"] {
        real(&heldout_speech::evaluators(), &case_of("general/diar"), name, 1e-12, 20);
    }
}
