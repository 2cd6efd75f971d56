//! Tasks made of small texts.

use conformance::task::{Values, codes, evaluate, prepare, told, values};
use sdk::{Evidence, Mode, Prepared};
use serde_json::{Value, json};

/// An evaluator that has read its main table.
pub(crate) fn task(id: &str, truth: &Value, mode: Mode) -> Box<dyn Prepared> {
    with_params(id, truth, &[], mode)
}

/// The same with parameters.
pub(crate) fn with_params(id: &str, truth: &Value, params: &[(&str, &str)], mode: Mode) -> Box<dyn Prepared> {
    let family = heldout_recognition::evaluators();
    prepare(&family, id, &[("main", &truth.to_string())], params, mode).unwrap()
}

/// The faults of annotations.
pub(crate) fn refused_truth(id: &str, truth: &str) -> Vec<&'static str> {
    let family = heldout_recognition::evaluators();
    let faults = prepare(&family, id, &[("main", truth)], &[], Mode::Strict).unwrap_err();
    assert!(faults.faults.iter().all(|fault| fault.file.as_deref() == Some("main")), "{faults}");
    codes(&faults)
}

/// The values of a submission in strict mode.
pub(crate) fn scores(id: &str, truth: &Value, submission: &Value) -> Values {
    values(&sent(&*task(id, truth, Mode::Strict), submission))
}

/// The evidence of a submission.
pub(crate) fn sent(prepared: &dyn Prepared, submission: &Value) -> Evidence {
    evaluate(prepared, &submission.to_string()).unwrap()
}

/// The faults of a submission.
pub(crate) fn faults(prepared: &dyn Prepared, submission: &str) -> Vec<String> {
    told(&evaluate(prepared, submission).unwrap_err())
}

/// The codes of the notes of evidence with their counts.
pub(crate) fn notes(evidence: &Evidence) -> Vec<(&str, u64)> {
    evidence.notes().iter().map(|note| (note.code.as_str(), note.count)).collect()
}

/// Clips for PNR and OSCC: the third and later numbers are the frame of the change, if there is one.
pub(crate) fn clips(clips: &[(&str, &str, Option<i64>)]) -> Value {
    let clip = |(id, video, change): &(&str, &str, Option<i64>)| {
        json!({"unique_id": id, "video_uid": video, "clip_uid": format!("{id}-clip"),
               "parent_start_sec": 10.0, "parent_end_sec": 18.0, "parent_start_frame": 300, "parent_end_frame": 540,
               "state_change": change.is_some(), "parent_pnr_frame": change})
    };
    json!({"clips": clips.iter().map(clip).collect::<Vec<_>>()})
}
