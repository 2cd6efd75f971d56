//! What sclite's summary counts, as evidence: one row per utterance or segment.

use ndarray::Array2;
use sdk::evidence::{Reducer, Stats};
use sdk::{Direction, Evidence, Metric};

use crate::metric::{count, error_percent};
use crate::sclite::Counts;

const CORRECT: u32 = 0;
const SUBSTITUTIONS: u32 = 1;
const DELETIONS: u32 = 2;
const INSERTIONS: u32 = 3;
const ERRORS: u32 = 4;
const WORDS: u32 = 5;
const WRONG: u32 = 6;
const SCORED: u32 = 7;
const COLUMNS: usize = 8;

/// The counts of every item; an item without counts is not scored at all.
#[derive(Debug)]
pub(crate) struct Tally {
    columns: Array2<f64>,
}

/// A share of the words that a summary line prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Share {
    Errors,
    Insertions,
    SentenceErrors,
}

impl Tally {
    pub(crate) fn new(items: usize) -> Self {
        Self { columns: Array2::zeros((items, COLUMNS)) }
    }

    pub(crate) fn put(&mut self, item: usize, counts: Counts) {
        let Counts { correct, substitutions, deletions, insertions } = counts;
        let errors = counts.errors();
        let row =
            [correct, substitutions, deletions, insertions, errors, counts.words(), u32::from(errors > 0), 1];
        for (cell, count) in self.columns.row_mut(item).iter_mut().zip(row) {
            *cell = f64::from(count);
        }
    }

    /// The percentage of correct words over all items; nothing without a word.
    pub(crate) fn percent_correct(&self) -> Option<f64> {
        let sums = self.columns.sum_axis(ndarray::Axis(0));
        let words = sums[WORDS as usize];
        (words > 0.0).then(|| 100.0 * sums[CORRECT as usize] / words)
    }

    /// The evidence, in which the metric that ranks has the given name.
    pub(crate) fn evidence(self, ranking: &str, share: Share) -> Evidence {
        let quotient = |numerator, denominator| Reducer::Quotient { numerator, denominator };
        let total = |column| Reducer::Total { column };
        let ranked = match share {
            Share::Errors => quotient(ERRORS, WORDS),
            Share::Insertions => quotient(INSERTIONS, WORDS),
            Share::SentenceErrors => quotient(WRONG, SCORED),
        };
        let metrics = [
            (ranking, 100.0, ranked),
            ("sentence_error_rate", 100.0, quotient(WRONG, SCORED)),
            ("sentences", 1.0, total(SCORED)),
            ("words", 1.0, total(WORDS)),
            ("correct", 1.0, total(CORRECT)),
            ("substitutions", 1.0, total(SUBSTITUTIONS)),
            ("deletions", 1.0, total(DELETIONS)),
            ("insertions", 1.0, total(INSERTIONS)),
            ("errors", 1.0, total(ERRORS)),
            ("sentence_errors", 1.0, total(WRONG)),
        ];
        let mut evidence = Evidence::new(self.columns.nrows());
        let reducers = metrics.iter().map(|(_, _, reducer)| *reducer).collect();
        let block = evidence.block(Stats { columns: self.columns, reducers });
        for (output, (name, factor, _)) in metrics.into_iter().enumerate() {
            evidence.metric(name, factor, block.output(output));
        }
        evidence
    }
}

/// The metrics of [`Tally::evidence`], for items that are called so.
pub(crate) fn metrics(ranking: &str, item: &str) -> Vec<Metric> {
    use Direction::{Higher, Lower};
    let sentence_error_rate = format!("100 times the share of {item}s with any edit.");
    vec![
        error_percent(
            ranking,
            "Word error rate: 100 (substitutions + deletions + insertions) / words of the reference.",
        ),
        Metric { maximum: Some(100.0), ..error_percent("sentence_error_rate", sentence_error_rate) },
        count("sentences", item, Higher, format!("The {item}s that are scored.")),
        count(
            "words",
            "words",
            Higher,
            "The words of the reference; where it offers alternatives, those of the one that fits best.",
        ),
        count("correct", "words", Higher, "Words that are right."),
        count("substitutions", "words", Lower, "Words that stand for another."),
        count("deletions", "words", Lower, "Words of the reference that are left out."),
        count("insertions", "words", Lower, "Words that the reference does not have."),
        count("errors", "words", Lower, "Substitutions, deletions and insertions."),
        count("sentence_errors", item, Lower, format!("The {item}s with any edit.")),
    ]
}

/// What both readers of sclite's formats have in common with the reference.
pub(crate) const SCLITE_RULES: &str = "\
- The cheapest alignment counts: a substitution costs 4, an insertion or a deletion 3. Of equally cheap alignments a word \
against a word is preferred, then an insertion.
- Where the reference offers alternatives, `{ um / uh / @ }`, the one that makes the alignment cheapest counts; `@` stands \
for nothing and is free to leave out.
- A star at the end of a word is no part of it, nor is what follows a semicolon; in upper and lower case only the letters \
of ASCII are alike.
- Strict mode refuses alternatives in the submission, with which an answer could be several answers at once; reference \
mode takes the best of them, as the public code does.
";

/// The tool that is followed.
pub(crate) fn sclite_reference() -> sdk::Reference {
    crate::metric::reference("sclite, NIST Scoring Toolkit", "https://github.com/usnistgov/SCTK")
}
