//! Counts everything that the chosen scores need, item by item.

use sdk::Limits;
use sdk::evidence::Smoothing;
use sdk::limits::Stopped;

use crate::bleu::WordMatcher;
use crate::chrf::CharacterMatcher;
use crate::cider::{DocumentFrequencies, caption, caption_rouge};
use crate::rouge::Rouge;
use crate::scores::Score;
use crate::ter::Shifter;
use crate::tokenizer::Tokenizer;

/// Counts one item after another, in the same memory.
#[derive(Debug)]
pub(crate) struct Counter<'t> {
    scores: &'t [Score],
    frequencies: Option<&'t DocumentFrequencies>,
    words: WordMatcher,
    characters: CharacterMatcher,
    shifter: Shifter,
    rouge: Rouge,
    stemmed_rouge: Rouge,
}

impl<'t> Counter<'t> {
    pub(crate) fn new(scores: &'t [Score], frequencies: Option<&'t DocumentFrequencies>) -> Self {
        Self {
            scores,
            frequencies,
            words: WordMatcher::new(),
            characters: CharacterMatcher::new(),
            shifter: Shifter::default(),
            rouge: Rouge::new(false),
            stemmed_rouge: Rouge::new(true),
        }
    }

    /// Adds the columns of an item, score by score.
    pub(crate) fn count(
        &mut self,
        references: &[&str],
        hypothesis: &str,
        limits: &Limits,
        row: &mut Vec<f64>,
    ) -> Result<(), Stopped> {
        limits.check()?;
        let separated = |tokenizer: Tokenizer, lower: bool| {
            let separate = |text: &str| match lower {
                true => tokenizer.separate(&text.to_lowercase()).into_owned(),
                false => tokenizer.separate(text).into_owned(),
            };
            (references.iter().map(|reference| separate(reference)).collect::<Vec<_>>(), separate(hypothesis))
        };
        let captions =
            || (references.iter().map(|text| caption(text)).collect::<Vec<_>>(), caption(hypothesis));
        for score in self.scores {
            match *score {
                Score::Bleu { tokenizer, lower } => {
                    let (references, hypothesis) = separated(tokenizer, lower);
                    row.extend(self.words.count(&references, &hypothesis).columns());
                }
                Score::SentenceBleu => {
                    let (references, hypothesis) = separated(Tokenizer::Thirteen, false);
                    let counts = self.words.count(&references, &hypothesis);
                    row.push(counts.bleu(Smoothing::Exponential, true));
                }
                Score::ChrF { with_words } => {
                    let counts = self.characters.count(references, hypothesis, with_words);
                    row.extend_from_slice(&counts[..score.columns()]);
                }
                Score::Ter { normalized } => {
                    let tokenizer = if normalized { Tokenizer::Tercom } else { Tokenizer::Blanks };
                    let (mut references, hypothesis) = separated(tokenizer, true);
                    if normalized {
                        // sacreBLEU tokenizes references twice, which separates more: `it's,` becomes `it 's ,`.
                        references.iter_mut().for_each(|text| *text = tokenizer.separate(text).into_owned());
                    }
                    let edits = self.shifter.count(&references, &hypothesis, limits)?;
                    row.extend([edits.edits, edits.reference]);
                }
                Score::Rouge { stems: false } => row.extend(self.rouge.score(references, hypothesis)),
                Score::Rouge { stems: true } => row.extend(self.stemmed_rouge.score(references, hypothesis)),
                Score::Cider => {
                    let (references, hypothesis) = captions();
                    let cider =
                        |frequencies: &DocumentFrequencies| frequencies.cider(&references, &hypothesis);
                    row.push(self.frequencies.map_or(0.0, cider));
                }
                Score::CaptionBleu => {
                    let (references, hypothesis) = captions();
                    row.extend(self.words.count(&references, &hypothesis).columns());
                }
                Score::CaptionRouge => {
                    let (references, hypothesis) = captions();
                    row.push(caption_rouge(&references, &hypothesis));
                }
                Score::ExactMatch => row.push(f64::from(u8::from(references.contains(&hypothesis)))),
            }
        }
        Ok(())
    }
}
