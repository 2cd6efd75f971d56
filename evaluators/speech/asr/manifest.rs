//! What is documented of `asr`.

use sdk::{Direction, Format, Manifest, Metric, Schema};

use crate::metric::{bounded_error_rate, count, error_rate, reference};
use crate::normalizer::Normalizer;

const RULES: &str = "\
- Words are separated by blanks; a run of two or more white spaces is one blank, and white space at the ends does not \
count. A single tab, line end or hard space inside is part of its word. Characters are those of the transcript without \
the white space at its ends, blanks included.
- Words and characters are compared as they stand after the chosen normalizer: `A` is not `a`, and a composed `é` is \
not a decomposed one unless the normalizer makes them so.
- Rates are sums of edits over sums of lengths, not means of the utterances' rates.
- The number of edits is unique; of several shortest edit scripts the one of RapidFuzz is counted, which decides how \
edits divide into substitutions, deletions and insertions.
- An empty reference is allowed; its words are insertions. Where all references together are empty, `wer` and `cer` are \
the number of insertions, `mer` and `wil` are 1 if there is any insertion and else 0.
- An empty transcript is a valid answer: all its words are deletions.
- Modes: strict and reference are the same.";

fn metrics() -> Vec<Metric> {
    use Direction::{Higher, Lower};
    vec![
        error_rate(
            "wer",
            "Word error rate: (substitutions + deletions + insertions) / words of the references.",
        ),
        error_rate("cer", "Character error rate: the same in characters, blanks included."),
        bounded_error_rate("mer", "Match error rate: word edits / (hits + word edits)."),
        bounded_error_rate(
            "wil",
            "Word information lost: 1 - hits / reference words x hits / hypothesis words.",
        ),
        Metric::fraction("wip", "Word information preserved: 1 - wil."),
        bounded_error_rate("sentence_error_rate", "The share of utterances with any word edit."),
        count("words", "words", Higher, "The words of the references."),
        count("errors", "words", Lower, "Substitutions, deletions and insertions of words."),
        count("hits", "words", Higher, "Words that are right."),
        count("substitutions", "words", Lower, "Words that stand for another."),
        count("deletions", "words", Lower, "Words of the references that are left out."),
        count("insertions", "words", Lower, "Words that no reference has."),
        count("characters", "characters", Higher, "The characters of the references."),
        count("char_hits", "characters", Higher, "Characters that are right."),
        count("char_substitutions", "characters", Lower, "Characters that stand for another."),
        count("char_deletions", "characters", Lower, "Characters of the references that are left out."),
        count("char_insertions", "characters", Lower, "Characters that no reference has."),
    ]
}

pub(super) fn manifest() -> Manifest {
    let format = |name: &str, description: &str, example: &str| Format {
        name: name.to_owned(),
        media_type: "text/csv".to_owned(),
        optional: false,
        description: description.to_owned(),
        example: example.to_owned(),
    };
    Manifest {
        id: "asr".to_owned(),
        version: "1".to_owned(),
        title: "Speech recognition: transcripts".to_owned(),
        description: "Every utterance is transcribed; the transcripts are compared with the true ones word by word and \
            character by character, as jiwer does."
            .to_owned(),
        annotations: vec![format(
            "main",
            "The columns `id` and `text`; also as JSON lines with these names, or as one JSON object `{id: text}`.",
            "id,text\nu1,put the cup down\nu2,don't touch it\n",
        )],
        unannotated: Some(Format::unannotated(
            "text/csv",
            "The ids alone: CSV with the column `id`, JSON lines with `id`, or one JSON object by id; nothing else is looked \
             at.",
            "id\nu1\nu2\n",
        )),
        submission: format(
            "submission",
            "The columns `id` and `text`, a row for every utterance in any order; also as JSON lines with these names, or \
             as one JSON object `{id: text}`.",
            "id,text\nu2,don't touch\nu1,put a cup down there\n",
        ),
        metrics: metrics(),
        params: Schema(vec![Normalizer::param()]),
        item: "utterance".to_owned(),
        resampling_unit: "utterance".to_owned(),
        rules: RULES.to_owned(),
        references: vec![
            reference("jiwer 4", "https://github.com/jitsi/jiwer"),
            reference(
                "Morris, Maier, Green: From WER and RIL to MER and WIL (2004)",
                "https://www.isca-archive.org/interspeech_2004/morris04_interspeech.html",
            ),
        ],
    }
}
