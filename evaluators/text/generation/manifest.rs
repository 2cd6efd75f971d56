//! What is documented of `text_generation`.

use sdk::{Format, Manifest, Param, ParamKind, ParamValue, Reference, Schema};

use super::{CHOSEN, MOST_CHARACTERS, MOST_WORDS};
use crate::scores::{DEFAULT, SCORES};

const ANNOTATIONS: &str = r#"{"id": "s1", "references": ["The cat sat on the mat.", "A cat is sitting on a mat."]}
{"id": "s2", "references": ["She cuts the bread.", "Bread is cut."]}
"#;

const UNANNOTATED: &str = "{\"id\": \"s1\"}\n{\"id\": \"s2\"}\n";

const SUBMISSION: &str = r#"{"id": "s2", "text": "She cuts bread."}
{"id": "s1", "text": "The cat sits on the mat."}
"#;

const RULES: &str = "\
- BLEU, chrF and TER are those of sacreBLEU 2.6 with the signatures that the metrics state; BLEU takes the reference that is \
nearest in length (of equally near ones the shorter), chrF the reference with the best score, TER the fewest edits over the \
mean length of the references. `ter_norm_lc` tokenizes references twice, as sacreBLEU does.
- BLEU of a corpus is 0 where an order of n-grams up to 4 has none at all, also if everything is right; orders without a match \
are smoothed exponentially. Empty texts are valid answers.
- ROUGE is that of rouge_score 0.1.2: small letters, and everything but `a` to `z` and digits separates, **so that other scripts \
and letters with accents vanish**; with `_stem`, words of more than three letters are stemmed by the first stemmer of Porter as \
NLTK extends it. The best reference counts for each score. Lsum compares line by line.
- CIDEr-D, `coco_bleu` and `coco_rouge_l` are those of pycocoevalcap 1.2, of texts in small letters in which everything but \
letters, numbers and the underscore is a blank; there is no tokenizer of the Penn treebank as in the COCO server. How rare \
n-grams are is told by all items of the truth, also under weights; with a single item everything weighs nothing.
- `exact_match` compares as the texts stand.
- Modes: strict and reference are the same.";

fn reference(title: &str, url: &str) -> Reference {
    Reference { title: title.to_owned(), url: url.to_owned() }
}

pub(super) fn manifest() -> Manifest {
    let format = |name: &str, description: String, example: &str| Format {
        name: name.to_owned(),
        media_type: "application/jsonl".to_owned(),
        optional: false,
        description,
        example: example.to_owned(),
    };
    let by_default = SCORES.iter().filter(|(name, _)| DEFAULT.contains(name));
    let longest = format!("A text has at most {MOST_WORDS} words and {MOST_CHARACTERS} characters.");
    Manifest {
        id: "text_generation".to_owned(),
        version: "1".to_owned(),
        title: "Text generation: captions, narrations, translations".to_owned(),
        description: "For every item a text is written; it is compared with one or several references."
            .to_owned(),
        annotations: vec![format(
            "main",
            format!(
                "JSON lines with `id` and the list `references`; also CSV with one reference, or one JSON object \
                 `{{id: references}}`. {longest}"
            ),
            ANNOTATIONS,
        )],
        unannotated: Some(Format::unannotated(
            "application/jsonl",
            "The ids alone: JSON lines with `id`, CSV with such a column, or one JSON object by id; nothing else is looked at.",
            UNANNOTATED,
        )),
        submission: format(
            "submission",
            format!(
                "JSON lines with `id` and `text`, a row for every item in any order; also CSV with these columns, or one \
                 JSON object `{{id: text}}`. {longest}"
            ),
            SUBMISSION,
        ),
        metrics: by_default.flat_map(|(name, score)| score.metrics(name, "var")).collect(),
        params: Schema(vec![Param::new(
            CHOSEN,
            ParamKind::Texts,
            ParamValue::Texts(DEFAULT.map(str::to_owned).to_vec()),
            format!(
                "Which scores are measured, the one that ranks first: {}. Each costs its time.",
                SCORES.map(|(name, _)| name).join(", ")
            ),
        )]),
        item: "text".to_owned(),
        resampling_unit: "text".to_owned(),
        rules: RULES.to_owned(),
        references: vec![
            reference("sacreBLEU", "https://github.com/mjpost/sacrebleu"),
            reference(
                "Post: A Call for Clarity in Reporting BLEU Scores (2018)",
                "https://aclanthology.org/W18-6319/",
            ),
            reference("Popović: chrF (2015)", "https://aclanthology.org/W15-3049/"),
            reference(
                "Snover et al.: A Study of Translation Edit Rate (2006)",
                "https://aclanthology.org/2006.amta-papers.25/",
            ),
            reference("rouge_score", "https://github.com/google-research/google-research/tree/master/rouge"),
            reference("Vedantam, Zitnick, Parikh: CIDEr (2015)", "https://arxiv.org/abs/1411.5726"),
            reference("COCO caption evaluation", "https://github.com/salaniz/pycocoevalcap"),
        ],
    }
}
