//! What is documented of `diarization`.

use sdk::{Direction, Format, Manifest, Metric, Param, ParamKind, ParamValue, Schema};

use super::UEM;
use crate::metric::{bounded_error_rate, error_rate, reference, seconds};

pub(super) const COLLAR: &str = "collar";
pub(super) const DEFAULT_COLLAR: f64 = 0.25;

const RULES: &str = "\
- In every recording each speaker of the system is taken for one true speaker, and no two for the same, so that the most \
seconds are correct (the optimal assignment; ties as in SciPy).
- Where two speak at once each second counts twice. A speaker with two turns at once counts twice as well.
- Turns of at most a microsecond are dropped, and the result notes those that last no time at all.
- Without `uem` everything is evaluated from the first to the last turn of either side; with it every recording of the \
truth needs a line there, and what lies outside is not looked at.
- A collar is given by its seconds on **each** side of a beginning or end of a true turn, as in NIST's md-eval; \
pyannote.metrics calls twice of it the collar.
- A recording without any turn in the submission is not a fault: all its speech is missed, and the result notes it. An \
unknown recording is one.
- A rate without any true speech is 0 if there is no error and else 1; `jer`, `purity` and `coverage` are 1 where nobody \
speaks.
- Only lines of type SPEAKER are looked at; the channel is not.
- Purity and coverage are taken of what is evaluated; in reference mode of the whole recording, as the public code does.
- A turn that begins before 0 or lasts less than 0 is a fault in strict mode and dropped or cut in reference mode.";

/// The metrics with a collar of so many seconds on each side.
pub(super) fn metrics(collar: f64) -> Vec<Metric> {
    let mut metrics = Vec::new();
    let ways = [
        (String::new(), "of everything that is evaluated"),
        (format!("collar{collar}_"), "without the collars around the beginnings and ends of true turns"),
        ("nooverlap_".to_owned(), "without the stretches in which two true turns overlap"),
    ];
    for (prefix, what) in ways {
        let is_first = prefix.is_empty();
        metrics.extend(way(&prefix, what));
        if is_first {
            metrics.extend([
                bounded_error_rate(
                    "jer",
                    "Jaccard error rate: the mean over true speakers of 1 - intersection over union with the speaker of \
                     the system taken for them, 1 for those whom nobody is taken for.",
                ),
                Metric::fraction(
                    "purity",
                    "The share of the system's speech in which its speakers are the true speaker whom each is most.",
                ),
                Metric::fraction(
                    "coverage",
                    "The share of true speech in which true speakers are the speaker of the system whom each is most.",
                ),
                error_rate(
                    "detection_error_rate",
                    "Seconds in which somebody speaks on one side and nobody on the other / seconds of true speech.",
                ),
            ]);
        }
    }
    metrics
}

fn way(prefix: &str, what: &str) -> Vec<Metric> {
    use Direction::{Higher, Lower};
    let name = |name: &str| format!("{prefix}{name}");
    vec![
        error_rate(
            &name("der"),
            format!("Diarization error rate: (confusion + missed detection + false alarm) / total, {what}."),
        ),
        seconds(&name("total"), Higher, format!("Seconds of true speech, {what}.")),
        seconds(&name("correct"), Higher, format!("Seconds of the right speaker, {what}.")),
        seconds(&name("confusion"), Lower, format!("Seconds of the wrong speaker, {what}.")),
        seconds(&name("missed_detection"), Lower, format!("Seconds of true speech that are missed, {what}.")),
        seconds(&name("false_alarm"), Lower, format!("Seconds of speech that nobody speaks, {what}.")),
    ]
}

pub(super) fn manifest() -> Manifest {
    let format = |name: &str, optional: bool, description: &str, example: &str| Format {
        name: name.to_owned(),
        media_type: "text/plain".to_owned(),
        optional,
        description: description.to_owned(),
        example: example.to_owned(),
    };
    Manifest {
        id: "diarization".to_owned(),
        version: "1".to_owned(),
        title: "Speaker diarization".to_owned(),
        description: "Who speaks when: every recording is divided into turns of speakers, whose names mean nothing beyond \
            their recording."
            .to_owned(),
        annotations: vec![
            format(
                "main",
                false,
                "RTTM: a line per turn with type, recording, channel, begin and duration in seconds, and in the eighth field \
                 the speaker.",
                "SPEAKER talk1 1 0.00 5.00 <NA> <NA> anna <NA> <NA>\nSPEAKER talk1 1 4.00 3.00 <NA> <NA> ben <NA> <NA>\n",
            ),
            format(
                UEM,
                true,
                "UEM: what is evaluated, a line per stretch with recording, channel, begin and end in seconds.",
                "talk1 1 0.00 10.00\n",
            ),
        ],
        unannotated: Some(Format::unannotated(
            "text/plain",
            "The UEM of the recordings, as the main table.",
            "talk1 1 0.00 10.00\n",
        )),
        submission: format(
            "submission",
            false,
            "RTTM: a line per turn.",
            "SPEAKER talk1 1 0.10 4.20 <NA> <NA> s1 <NA> <NA>\nSPEAKER talk1 1 4.30 2.90 <NA> <NA> s2 <NA> <NA>\n",
        ),
        metrics: metrics(DEFAULT_COLLAR),
        params: Schema(vec![Param::new(
            COLLAR,
            ParamKind::Number { minimum: 0.0, maximum: 10.0 },
            ParamValue::Number(DEFAULT_COLLAR),
            "The seconds on each side of a beginning or end of a true turn that the metrics named `collar…` leave out.",
        )]),
        item: "recording".to_owned(),
        resampling_unit: "recording".to_owned(),
        rules: RULES.to_owned(),
        references: vec![
            reference("pyannote.metrics 4", "https://github.com/pyannote/pyannote-metrics"),
            reference("Ryant et al., Second DIHARD Challenge Evaluation Plan (2019)", "https://dihardchallenge.github.io/dihard2/"),
        ],
    }
}
