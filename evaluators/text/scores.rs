//! The scores of generated text that an organizer can choose.

use sdk::Metric;
use sdk::evidence::{BleuCounts, Reducer, Smoothing};

use crate::chrf::{self, BETA, CHARACTER_ORDERS, WORD_ORDERS};
use crate::rouge;
use crate::tokenizer::Tokenizer;

/// A score, or several that are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Score {
    Bleu { tokenizer: Tokenizer, lower: bool },
    ChrF { with_words: bool },
    Ter { normalized: bool },
    Rouge { stems: bool },
    Cider,
    SentenceBleu,
    CaptionBleu,
    CaptionRouge,
    ExactMatch,
}

/// All scores by the names with which they are chosen, in the order in which they are reported.
pub(crate) const SCORES: [(&str, Score); 16] = [
    ("bleu", Score::Bleu { tokenizer: Tokenizer::Thirteen, lower: false }),
    ("bleu_lc", Score::Bleu { tokenizer: Tokenizer::Thirteen, lower: true }),
    ("bleu_intl", Score::Bleu { tokenizer: Tokenizer::International, lower: false }),
    ("bleu_none", Score::Bleu { tokenizer: Tokenizer::Blanks, lower: false }),
    ("bleu_char", Score::Bleu { tokenizer: Tokenizer::Characters, lower: false }),
    ("sentence_bleu", Score::SentenceBleu),
    ("chrf", Score::ChrF { with_words: false }),
    ("chrf++", Score::ChrF { with_words: true }),
    ("ter", Score::Ter { normalized: false }),
    ("ter_norm_lc", Score::Ter { normalized: true }),
    ("rouge", Score::Rouge { stems: false }),
    ("rouge_stem", Score::Rouge { stems: true }),
    ("cider_d", Score::Cider),
    ("coco_bleu", Score::CaptionBleu),
    ("coco_rouge_l", Score::CaptionRouge),
    ("exact_match", Score::ExactMatch),
];

/// Those that are reported unless an organizer chooses.
pub(crate) const DEFAULT: [&str; 8] =
    ["bleu", "chrf", "chrf++", "ter", "rouge", "rouge_stem", "cider_d", "exact_match"];

/// The names of the ROUGE scores, in the order of their values.
const ROUGE: [&str; rouge::SCORES] = ["rouge1", "rouge2", "rougeL", "rougeLsum"];

impl Score {
    /// How many columns of evidence it has.
    pub(crate) fn columns(self) -> usize {
        match self {
            Self::Bleu { .. } | Self::CaptionBleu => BleuCounts::COLUMNS,
            Self::ChrF { .. } => 3 * self.chrf_orders() as usize,
            Self::Ter { .. } => 2,
            Self::Rouge { .. } => rouge::SCORES,
            Self::Cider | Self::SentenceBleu | Self::CaptionRouge | Self::ExactMatch => 1,
        }
    }

    fn chrf_orders(self) -> u32 {
        const { assert!(chrf::COLUMNS == 3 * (CHARACTER_ORDERS + WORD_ORDERS)) };
        let words = if self == (Self::ChrF { with_words: true }) { WORD_ORDERS } else { 0 };
        (CHARACTER_ORDERS + words) as u32
    }

    /// The metrics: factor and reducer, with columns that begin with `first`; `ones` is a column of ones.
    pub(crate) fn reducers(self, first: u32, ones: u32) -> Vec<(f64, Reducer)> {
        let mean = |column| Reducer::Quotient { numerator: column, denominator: ones };
        match self {
            Self::Bleu { .. } => vec![(100.0, Reducer::Bleu { first, smoothing: Smoothing::Exponential })],
            Self::SentenceBleu => vec![(100.0, mean(first))],
            Self::ChrF { .. } => {
                vec![(100.0, Reducer::ChrF { first, orders: self.chrf_orders(), beta: BETA })]
            }
            Self::Ter { .. } => vec![(100.0, Reducer::ErrorRate { errors: first, total: first + 1 })],
            Self::Rouge { .. } => (0..rouge::SCORES as u32).map(|score| (1.0, mean(first + score))).collect(),
            Self::CaptionBleu => {
                (1..=4).map(|orders| (1.0, Reducer::CaptionBleu { first, orders })).collect()
            }
            Self::Cider | Self::CaptionRouge | Self::ExactMatch => vec![(1.0, mean(first))],
        }
    }

    /// The documentation of the metrics, in the order of the reducers.
    ///
    /// `references` is how many references the items have, as in a signature of sacreBLEU.
    pub(crate) fn metrics(self, name: &str, references: &str) -> Vec<Metric> {
        let percent = |name: &str, text: String| Metric { decimals: 2, ..Metric::percent(name, text) };
        match self {
            Self::Bleu { tokenizer, lower } => {
                let (case, tok) = (if lower { "lc" } else { "mixed" }, signature_of(tokenizer));
                let text = format!(
                    "BLEU of the corpus: the brevity penalty times the geometric mean of the precisions of n-grams up to 4. \
                     Signature: `nrefs:{references}|case:{case}|eff:no|tok:{tok}|smooth:exp|version:2.6.0`."
                );
                vec![percent(name, text)]
            }
            Self::SentenceBleu => {
                let text = format!(
                    "The mean over items of their BLEU, with effective order. Signature: \
                     `nrefs:{references}|case:mixed|eff:yes|tok:13a|smooth:exp|version:2.6.0`."
                );
                vec![percent("sentence_bleu_mean", text)]
            }
            Self::ChrF { with_words } => {
                let words = if with_words { 2 } else { 0 };
                let text = format!(
                    "chrF of the corpus: the F-score, recall weighing twice, of n-grams of characters up to 6{}. \
                     Signature: `nrefs:{references}|case:mixed|eff:yes|nc:6|nw:{words}|space:no|version:2.6.0`.",
                    if with_words { " and of words up to 2" } else { "" }
                );
                vec![percent(name, text)]
            }
            Self::Ter { normalized } => {
                let norm = if normalized { "yes" } else { "no" };
                let text = format!(
                    "Translation edit rate: 100 edits and shifts / words of the references. Signature: \
                     `nrefs:{references}|case:lc|tok:tercom|norm:{norm}|punct:yes|asian:no|version:2.6.0`."
                );
                vec![Metric { direction: sdk::Direction::Lower, maximum: None, ..percent(name, text) }]
            }
            Self::Rouge { stems } => {
                let (suffix, of) = if stems { ("_stem", " of stems") } else { ("", "") };
                let what = [
                    "single words",
                    "pairs of words",
                    "the longest common subsequence",
                    "the same, line by line,",
                ];
                let metric = |(name, what): (&str, &str)| {
                    let text =
                        format!("The mean over items of the F-score of {what}{of}, with the best reference.");
                    Metric::fraction(format!("{name}{suffix}_f"), text)
                };
                ROUGE.into_iter().zip(what).map(metric).collect()
            }
            Self::Cider => {
                let text = "CIDEr-D: 10 times the mean over items of the clipped cosine of n-grams up to 4, weighted by how \
                    rare they are among the items of the truth.";
                vec![Metric { unit: "CIDEr".to_owned(), maximum: Some(10.0), ..Metric::fraction(name, text) }]
            }
            Self::CaptionBleu => {
                let metric = |orders: u32| {
                    let text =
                        format!("BLEU up to n-grams of {orders}, of captions as the COCO evaluation has it.");
                    Metric::fraction(format!("coco_bleu{orders}"), text)
                };
                (1..=4).map(metric).collect()
            }
            Self::CaptionRouge => {
                let text = "The mean over items of ROUGE-L of captions as the COCO evaluation has it: recall weighs 1.2 times, \
                    and precision and recall are each of the best reference.";
                vec![Metric::fraction(name, text)]
            }
            Self::ExactMatch => {
                vec![Metric::fraction(
                    name,
                    "The share of items that equal one of their references to the letter.",
                )]
            }
        }
    }
}

fn signature_of(tokenizer: Tokenizer) -> &'static str {
    match tokenizer {
        Tokenizer::Thirteen => "13a",
        Tokenizer::International => "intl",
        Tokenizer::Characters => "char",
        Tokenizer::Blanks => "none",
        Tokenizer::Tercom => "tercom",
    }
}
