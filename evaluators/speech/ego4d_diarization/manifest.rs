//! What is documented of Ego4D's diarization.

use sdk::{Direction, Format, Manifest, Param, ParamKind, ParamValue, Schema};

use crate::metric::{error_percent, reference, seconds};

pub(super) const IGNORED_SPEAKERS: &str = "ignored_speakers";

const ANNOTATIONS: &str = r#"{"videos": [{"video_uid": "v1", "clips": [{"clip_uid": "c1", "persons": [
  {"person_id": "0", "voice_segments": [{"start_time": 0.0, "end_time": 5.0, "person": "0"}]},
  {"person_id": "1", "voice_segments": [{"start_time": 4.0, "end_time": 7.0, "person": "1"}]}]}]}]}"#;

const SUBMISSION: &str = r#"{"videos": [{"video_uid": "v1", "clips": [{"clip_uid": "c1", "persons": [
  {"person_id": "a", "voice_segments": [{"start_time": 0.1, "end_time": 4.3, "person": "a"}]},
  {"person_id": "b", "voice_segments": [{"start_time": 4.3, "end_time": 7.2, "person": "b"}]}]}]}]}"#;

const RULES: &str = "\
- In every clip each speaker of the system is taken for one true person, and no two for the same, so that the most seconds \
are correct. Names mean nothing beyond their clip.
- Where two speak at once each second counts twice; a speaker with two turns at once counts twice as well. There is no \
collar, and everything is evaluated.
- Begins and durations are rounded to six decimals; turns of at most a microsecond are dropped, as are those of the ignored \
speakers.
- The speaker of a turn is its `person`; `person_id` is not looked at.
- A clip without true speech has a rate of 0 if nothing is predicted, else of 100.
- A clip that the submission does not name is not a fault: all its speech is missed, and the result notes it. An unknown or \
repeated clip is one.

**Strict:** a turn that ends before it begins is a fault. **Reference:** it is dropped, as in the public code.";

/// Diarization with video.
pub(super) fn audio_visual() -> Manifest {
    Manifest {
        id: "ego4d_diarization".to_owned(),
        title: "Ego4D audio-visual diarization".to_owned(),
        description: "Who speaks when in a first-person clip, told from its sound and its pictures; the camera wearer is one \
            of the speakers."
            .to_owned(),
        ..common()
    }
}

/// Diarization without video.
pub(super) fn audio_only() -> Manifest {
    Manifest {
        id: "ego4d_diarization_audio_only".to_owned(),
        title: "Ego4D audio-only diarization".to_owned(),
        description: "Who speaks when in a first-person clip, told from its sound alone; the camera wearer is one of the \
            speakers."
            .to_owned(),
        ..common()
    }
}

fn common() -> Manifest {
    use Direction::{Higher, Lower};
    let format = |name: &str, description: &str, example: &str| Format {
        name: name.to_owned(),
        media_type: "application/json".to_owned(),
        optional: false,
        description: description.to_owned(),
        example: example.to_owned(),
    };
    Manifest {
        id: String::new(),
        version: "1".to_owned(),
        title: String::new(),
        description: String::new(),
        annotations: vec![format(
            "main",
            "The annotation file of the benchmark: for every person of a clip `voice_segments` with `start_time` and \
             `end_time` in seconds of the clip and `person`.",
            ANNOTATIONS,
        )],
        unannotated: Some(Format::unannotated(
            "application/json",
            "`av_test_unannotated.json` of the benchmark: the same videos and clips; `persons` is not looked at.",
            r#"{"videos": [{"video_uid": "v1", "clips": [{"clip_uid": "c1"}]}]}"#,
        )),
        submission: format(
            "submission",
            "The same shape, with names of your own for the persons.",
            SUBMISSION,
        ),
        metrics: vec![
            error_percent(
                "DER_mean%",
                "The mean over clips of the diarization error rate 100 (confusion + missed + false alarm) / total.",
            ),
            error_percent(
                "DER_total%",
                "The diarization error rate of all clips together: 100 (confusion + missed + false alarm) / total of their \
                 sums.",
            ),
            seconds("total", Higher, "Seconds of true speech."),
            seconds("confusion", Lower, "Seconds of the wrong speaker."),
            seconds("missed_detection", Lower, "Seconds of true speech that are missed."),
            seconds("false_alarm", Lower, "Seconds of speech that nobody speaks."),
        ],
        params: Schema(vec![Param::new(
            IGNORED_SPEAKERS,
            ParamKind::Texts,
            ParamValue::Texts(vec![":-1".to_owned()]),
            "Persons who are no speakers, on either side: the benchmark marks noise so.",
        )]),
        item: "clip".to_owned(),
        resampling_unit: "video".to_owned(),
        rules: RULES.to_owned(),
        references: vec![
            reference(
                "Grauman et al., Ego4D: Around the World in 3,000 Hours of Egocentric Video (2022)",
                "https://arxiv.org/abs/2110.07058",
            ),
            reference("public evaluation code", "https://github.com/EGO4D/audio-visual"),
            reference("pyannote.metrics", "https://github.com/pyannote/pyannote-metrics"),
        ],
    }
}
