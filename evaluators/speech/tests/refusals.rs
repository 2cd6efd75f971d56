//! What is wrong with a file is told: all of it, with its place.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use conformance::task::{codes, evaluate, prepare, told, values};
use sdk::{Faults, Mode};

const CLIPS: &str = r#"{"c": [{"channel": "1", "speaker": "s", "tb": 0, "te": 2, "txt": "a zanzibar"}]}"#;
const TRN: &str = "a { zanzibar / c } (s-1)\nd (s-2)\n";
const STM: &str = "f 1 s 0 2 a zanzibar\n";
const RTTM: &str = "SPEAKER f 1 0 5 <NA> <NA> zanzibar <NA> <NA>\n";
const PERSONS: &str = r#"{"videos": [{"video_uid": "v", "clips": [{"clip_uid": "c", "persons": [
    {"person_id": "a", "voice_segments": [{"start_time": 0, "end_time": 5, "person": "zanzibar"}]}]}]}]}"#;

fn judged(id: &str, truth: &str, submission: &str, mode: Mode) -> Result<sdk::Evidence, Faults> {
    let prepared = prepare(&heldout_speech::evaluators(), id, &[("main", truth)], &[], mode).unwrap();
    let judged = evaluate(prepared.as_ref(), submission);
    if let Err(faults) = &judged {
        assert!(!faults.to_string().contains("zanzibar"), "{faults}");
    }
    judged
}

fn refused(id: &str, truth: &str, submission: &str) -> Faults {
    judged(id, truth, submission, Mode::Strict).unwrap_err()
}

#[test]
fn transcripts_by_id() {
    let truth = "id,text\nu1,a zanzibar\nu2,\n";
    let faults = refused("asr", truth, "id,text\nu9,a\nu1,a\nu1,b\n");
    assert_eq!(told(&faults), ["unknown_ids line 2", "duplicate_ids line 4", "missing_ids"]);
    assert_eq!(codes(&refused("asr", truth, "id,words\nu1,a\n")), ["missing_column", "unexpected_column"]);
    assert_eq!(
        codes(&refused("asr", truth, r#"{"u1": 1, "u2": null}"#)),
        ["wrong_type", "wrong_type", "missing_ids", "missing_ids"]
    );
    let bad_truth =
        prepare(&heldout_speech::evaluators(), "asr", &[("main", "id,text\na,x\na,y\n")], &[], Mode::Strict);
    assert_eq!(codes(&bad_truth.unwrap_err()), ["duplicate_ids"]);
}

#[test]
fn lines_of_words() {
    let faults = refused("asr_trn", TRN, ";; comment\na b\na (s-3)\n{ a / b } (s-1)\n{ a (s-1)\n");
    let expected = [
        "wrong_shape line 2",
        "unknown_ids line 3",
        "wrong_shape line 4",
        "wrong_shape line 5",
        "duplicate_ids line 5",
        "missing_ids",
    ];
    assert_eq!(told(&faults), expected);
    // The public code takes the best of several answers and does not miss an utterance.
    let lenient = judged("asr_trn", TRN, "{ x / a } c (S-1)\n", Mode::Reference).unwrap();
    assert_eq!((values(&lenient)["wer"], values(&lenient)["sentences"]), (Some(0.0), Some(1.0)));
    let bad_truth = |text| {
        prepare(&heldout_speech::evaluators(), "asr_trn", &[("main", text)], &[], Mode::Strict).map(drop)
    };
    assert_eq!(
        told(&bad_truth("a { b (u-1)\nc (u-1)\nd\n").unwrap_err()),
        ["wrong_shape line 1", "duplicate_ids line 2", "wrong_shape line 3"]
    );
}

#[test]
fn words_with_times() {
    let ctm = "f 1 0.1\ng 1 0.1 0.2 a\nf 1 x 0.2 a\nf 1 -1 nan a\nf 1 0.1 0.2 @\nf 1 0.1 0.2 <ALT_BEGIN>\n";
    let faults = refused("asr_stm", STM, ctm);
    let expected = [
        "wrong_shape line 1",
        "unknown_ids line 2",
        "not_a_number line 3",
        "out_of_range line 4",
        "not_finite line 4",
        "wrong_shape line 5",
        "wrong_shape line 6",
    ];
    assert_eq!(told(&faults), expected);
    let bad_truth = |text| {
        prepare(&heldout_speech::evaluators(), "asr_stm", &[("main", text)], &[], Mode::Strict).map(drop)
    };
    let faults = bad_truth("f 1 s 2 1 a\nf 1 s\nf 1 s 0 1 { a\n").unwrap_err();
    assert_eq!(told(&faults), ["out_of_range line 1", "wrong_shape line 2", "wrong_shape line 3"]);
    let nothing_scored = bad_truth("f 1 s 0 1 IGNORE_TIME_SEGMENT_IN_SCORING\n").unwrap_err();
    assert_eq!(codes(&nothing_scored), ["empty_submission"]);
}

#[test]
fn words_of_clips() {
    let submission = r#"{"x": [], "c": [{"channel": "1", "tb": 0, "word": "a"}, {"channel": [], "tb": "0", "dur": true, "word": 1},
        {"channel": 1, "tb": -1, "dur": 0, "word": "a b"}, {"channel": "1", "tb": 0, "dur": 0, "word": "\n"}, 7], "c": []}"#;
    let faults = refused("ego4d_transcription", CLIPS, submission);
    let expected = [
        "unknown_ids /x",
        "missing_field /c/0",
        "wrong_type /c/1/channel",
        "not_a_number /c/1/tb",
        "not_a_number /c/1/dur",
        "wrong_type /c/1/word",
        "wrong_shape /c/2/word",
        "wrong_shape /c/3/word",
        "wrong_type /c/4",
        "duplicate_key /c",
    ];
    assert_eq!(told(&faults), expected);
    let out_of_range = r#"{"c": [{"channel": "1", "tb": -1, "dur": 0, "word": "a"}]}"#;
    assert_eq!(codes(&refused("ego4d_transcription", CLIPS, out_of_range)), ["out_of_range"]);
    assert!(judged("ego4d_transcription", CLIPS, out_of_range, Mode::Reference).is_ok());
}

#[test]
fn turns_of_speakers() {
    let rttm = "SPEAKER f 1 0 5 <NA>\nWORD f 1 0 5\nLEXEME f 1 0 5 hi lex s <NA>\nSPEAKER g 1 0 5 <NA> <NA> s <NA>\nSPEAKER f 1 -1 -2 <NA> <NA> s <NA>\nSPEAKER f 1 x inf <NA> <NA> s <NA>\n";
    let faults = refused("diarization", RTTM, rttm);
    let expected = [
        "wrong_shape line 1",
        "wrong_shape line 2",
        "unknown_ids line 4",
        "out_of_range line 5",
        "out_of_range line 5",
        "not_a_number line 6",
        "not_finite line 6",
    ];
    assert_eq!(told(&faults), expected);
    let crowd: String =
        (0..600).map(|speaker| format!("SPEAKER f 1 0 5 <NA> <NA> s{speaker} <NA> <NA>\n")).collect();
    assert_eq!(codes(&refused("diarization", RTTM, &crowd))[0], "too_large");
    let tables = [("main", "SPEAKER f 1 0 5 <NA> <NA> s <NA>\n"), ("uem", "g 1 0 5\ng 1 5\nh 1 5 4\n")];
    let faults = prepare(&heldout_speech::evaluators(), "diarization", &tables, &[], Mode::Strict)
        .map(drop)
        .unwrap_err();
    assert_eq!(told(&faults), ["wrong_shape line 2", "out_of_range line 3"]);
    let tables = [tables[0], ("uem", "g 1 0 5\n")];
    let faults = prepare(&heldout_speech::evaluators(), "diarization", &tables, &[], Mode::Strict)
        .map(drop)
        .unwrap_err();
    assert_eq!(told(&faults), ["unknown_ids line 1"]);
    assert_eq!(faults.faults[0].file.as_deref(), Some("main"));
}

#[test]
fn turns_of_persons() {
    let submission = r#"{"videos": [{"video_uid": "v", "clips": [
        {"clip_uid": "c", "persons": [{"voice_segments": [{"start_time": 5, "end_time": 0, "person": "a"}, {"start_time": 0, "person": "a"}]}]},
        {"clip_uid": "c", "persons": []}, {"clip_uid": "d", "persons": []}, {"persons": []}]}, {"clips": []}]}"#;
    let faults = refused("ego4d_diarization", PERSONS, submission);
    assert_eq!(
        codes(&faults),
        ["out_of_range", "missing_field", "missing_field", "duplicate_ids", "unknown_ids", "missing_field"]
    );
    assert_eq!(codes(&refused("ego4d_diarization", PERSONS, "{}")), ["missing_field"]);
    let silent = judged("ego4d_diarization", PERSONS, r#"{"videos": []}"#, Mode::Strict).unwrap();
    assert_eq!(
        (values(&silent)["DER_mean%"], silent.notes()[0].code.as_str()),
        (Some(100.0), "missing_clips")
    );
}
