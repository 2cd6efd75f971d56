//! What is documented of `ego4d_transcription`.

use sdk::{Format, Manifest, Schema};

use super::WER;
use crate::metric::reference;
use crate::tally::{metrics, sclite_reference};
use crate::timed::SilentEnds;

const ANNOTATIONS: &str = r#"{"clip-1": [
  {"channel": "1", "speaker": "0", "tb": 0.5, "te": 2.5, "txt": "put the cup down"},
  {"channel": "1", "speaker": "2", "tb": 3.0, "te": 4.0, "txt": "don't touch it"}]}"#;

const SUBMISSION: &str = r#"{"clip-1": [
  {"channel": "1", "tb": 0.6, "dur": 0.2, "word": "put"},
  {"channel": "1", "tb": 0.9, "dur": 0.1, "word": "a"},
  {"channel": "1", "tb": 1.2, "dur": 0.4, "word": "cup"},
  {"channel": "1", "tb": 3.1, "dur": 0.3, "word": "Don't"},
  {"channel": "1", "tb": 3.5, "dur": 0.3, "word": "touch"}]}"#;

const RULES: &str = "\
- A word belongs to the first segment of its clip that ends behind the middle of the word, and to the last one if there is \
none such. A word between two segments is an insertion in the later one.
- Both sides are compared in lower case, in strict mode also in composed form (NFC); line ends in a word are dropped. The \
channel is not looked at. Neither side goes through a list of spellings that count as alike (the public server's GLM \
filter).
- The cheapest alignment counts: a substitution costs 4, an insertion or a deletion 3. Of equally cheap alignments a word \
against a word is preferred, then an insertion.
- A clip without words is not a fault: all its words are deletions, and the result notes it. An unknown clip is one.

**Strict:** segments before the first and behind the last word of a submission count as deletions, unless `silent_ends` says \
otherwise; words count in the order of their beginnings; a row with several words is a fault.

**Reference:** such segments are not scored, words count in the order of the file, and of several words in a row the first \
counts. The public code takes a fixed column of sclite's printed table for `WER`: with a speaker's name of seven or more \
letters that is the share of insertions, where 100.0 percent of the words are right the share of wrong segments; it is \
rounded to one decimal there and not here.";

pub(super) fn manifest() -> Manifest {
    let format = |name: &str, description: &str, example: &str| Format {
        name: name.to_owned(),
        media_type: "application/json".to_owned(),
        optional: false,
        description: description.to_owned(),
        example: example.to_owned(),
    };
    Manifest {
        id: "ego4d_transcription".to_owned(),
        version: "1".to_owned(),
        title: "Ego4D audio-visual transcription".to_owned(),
        description: "Everything that the people in a first-person clip say is transcribed into words with times, whoever \
            says it."
            .to_owned(),
        annotations: vec![format(
            "main",
            "For every clip its transcribed segments: begin `tb` and end `te` in seconds of the clip, `speaker`, `txt`.",
            ANNOTATIONS,
        )],
        unannotated: Some(Format::unannotated(
            "application/json",
            "An object of the clips; what stands under them is not looked at.",
            r#"{"clip-1": {}}"#,
        )),
        submission: format(
            "submission",
            "For every clip a row per word: begin `tb` and duration `dur` in seconds of the clip, `channel`, `word`.",
            SUBMISSION,
        ),
        metrics: metrics(WER, "segment"),
        params: Schema(vec![SilentEnds::param("Reference mode always ignores them, as the public code does.")]),
        item: "segment".to_owned(),
        resampling_unit: "clip".to_owned(),
        rules: RULES.to_owned(),
        references: vec![
            reference(
                "Grauman et al., Ego4D: Around the World in 3,000 Hours of Egocentric Video (2022)",
                "https://arxiv.org/abs/2110.07058",
            ),
            reference("public evaluation code", "https://github.com/EGO4D/audio-visual"),
            sclite_reference(),
        ],
    }
}
