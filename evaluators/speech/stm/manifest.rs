//! What is documented of `asr_stm`.

use sdk::{Format, Manifest, Schema};

use crate::sclite::Options;
use crate::tally::{SCLITE_RULES, metrics, sclite_reference};
use crate::timed::SilentEnds;

const RULES: &str = "\
- A word belongs to the first segment of its channel that ends behind the middle of the word, and to the last one if there \
is none such. A word between two segments is an insertion in the later one.
- A segment with the text `IGNORE_TIME_SEGMENT_IN_SCORING` takes its words out of the scoring.
- Words count in the order of their beginnings in strict mode, in that of the file in reference mode.
- A channel of a recording without any word is not a fault, since the format cannot say that nothing was said: all its words \
are deletions, and the result notes it.
- Alternatives in a submission (`<ALT_BEGIN>`) are refused in both modes.";

pub(super) fn manifest() -> Manifest {
    let format = |name: &str, description: &str, example: &str| Format {
        name: name.to_owned(),
        media_type: "text/plain".to_owned(),
        optional: false,
        description: description.to_owned(),
        example: example.to_owned(),
    };
    let mut params = Options::params();
    params.push(SilentEnds::param(""));
    Manifest {
        id: "asr_stm".to_owned(),
        version: "1".to_owned(),
        title: "Speech recognition: words with times (STM, CTM)".to_owned(),
        description: "Recordings are transcribed into words with times; they are handed to the transcribed segments in time \
            and aligned with their words, as NIST's sclite does."
            .to_owned(),
        annotations: vec![format(
            "main",
            "STM: a line per segment with recording, channel, speaker, begin and end in seconds, optionally labels in \
             angle brackets, and the words. A choice is written `{ a / b c }`, nothing `@`; lines that begin with `;;` are \
             comments.",
            "talk1 1 anna 0.0 2.5 <o,f0> put { um / uh / @ } the cup down\ntalk1 1 ben 3.0 4.0 don't touch it\n",
        )],
        unannotated: Some(Format::unannotated(
            "text/plain",
            "The UEM of the recordings, or their names with channels alone.",
            "talk1 1 0.00 10.00\n",
        )),
        submission: format(
            "submission",
            "CTM: a line per word with recording, channel, begin and duration in seconds, the word, and optionally what is \
             sure of it (not looked at).",
            "talk1 1 0.2 0.3 put\ntalk1 1 0.6 0.1 a\ntalk1 1 0.8 0.4 cup\ntalk1 1 3.1 0.3 don't 0.98\ntalk1 1 3.5 0.3 touch\n",
        ),
        metrics: metrics("wer", "segment"),
        params: Schema(params),
        item: "segment".to_owned(),
        resampling_unit: "recording".to_owned(),
        rules: format!("{SCLITE_RULES}{RULES}"),
        references: vec![sclite_reference()],
    }
}
