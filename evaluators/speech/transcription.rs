//! `ego4d_transcription`: audio-visual transcription, words with times against the transcribed segments of a clip.

mod annotations;
mod manifest;
mod submission;

use sdk::roll::IdIndex;
use sdk::{
    AnnotationFaults, Evaluator, Evidence, Faults, Input, Inputs, Items, Limits, Manifest, Metric, Mode,
    Params, Prepared, SubmissionFaults,
};
use unicode_normalization::UnicodeNormalization;

use crate::sclite::{Aligner, Network, Options};
use crate::tally::{Share, Tally};
use crate::timed::{SilentEnds, Span, Timing, shares};

/// The metric that ranks.
const WER: &str = "WER";

/// The evaluator `ego4d_transcription`.
#[derive(Debug)]
pub struct Transcription {
    manifest: Manifest,
}

impl Transcription {
    /// The evaluator with its documentation.
    #[expect(clippy::new_without_default, reason = "an evaluator is made once, by name")]
    pub fn new() -> Self {
        Self { manifest: manifest::manifest() }
    }
}

impl Evaluator for Transcription {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn prepare(
        &self,
        annotations: &Inputs<'_>,
        params: &Params,
        mode: Mode,
    ) -> Result<Box<dyn Prepared>, AnnotationFaults> {
        let read = || {
            let file = annotations.require(Inputs::MAIN)?.single()?;
            annotations::read(file, annotations.are_unannotated(), mode)
        };
        let clips = read().map_err(|faults| AnnotationFaults(faults.of_file(Inputs::MAIN)))?;
        let silent_ends = match mode {
            Mode::Strict => SilentEnds::of(params),
            Mode::Reference => SilentEnds::Ignored,
        };
        Ok(Box::new(PreparedClips { clips, silent_ends, mode, metrics: self.manifest.metrics.clone() }))
    }
}

/// The transcribed segments of a clip, in the order of their beginnings.
#[derive(Debug, Default)]
struct Clip {
    /// The item of the first segment; the others follow.
    first_item: usize,
    spans: Vec<Span>,
    texts: Vec<Box<str>>,
}

#[derive(Debug, Default)]
struct Clips {
    items: Items,
    all: Vec<Clip>,
    index: IdIndex,
    /// How long the longest name of a speaker is.
    longest_speaker: usize,
}

/// The form in which words are compared.
fn comparable(text: &str, mode: Mode) -> String {
    let lower = text.to_lowercase();
    match mode {
        Mode::Strict => lower.nfc().collect(),
        Mode::Reference => lower,
    }
}

#[derive(Debug)]
struct PreparedClips {
    clips: Clips,
    silent_ends: SilentEnds,
    mode: Mode,
    metrics: Vec<Metric>,
}

impl Prepared for PreparedClips {
    fn items(&self) -> &Items {
        &self.clips.items
    }

    fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    fn evaluate(&self, submission: &Input<'_>, limits: &Limits) -> Result<Evidence, SubmissionFaults> {
        let words = submission::read(submission.single()?, self, limits)?;
        let mut tally = Tally::new(self.clips.items.len());
        let mut aligner = Aligner::default();
        let options = Options { case_sensitive: true, ..Options::default() };
        let mut silent = 0;
        for (clip, words) in self.clips.all.iter().zip(&words) {
            silent += u64::from(words.is_empty());
            let timings: Vec<Timing> = words.iter().map(|word| word.timing).collect();
            let shares = shares(&clip.spans, &timings, self.silent_ends);
            for ((item, text), share) in (clip.first_item..).zip(&clip.texts).zip(shares) {
                // The truth was parsed once to be accepted.
                let (Some(share), Ok(reference)) = (share, Network::parse(text, options)) else { continue };
                let hypothesis = Network::of_words(words[share].iter().map(|word| &*word.text), options);
                let counts = aligner.align(&reference, &hypothesis, limits).map_err(Faults::from)?;
                tally.put(item, counts);
            }
        }
        let share = match self.mode {
            Mode::Strict => Share::Errors,
            Mode::Reference => self.share_that_is_read(&tally),
        };
        let mut evidence = tally.evidence(WER, share);
        evidence.note(
            "clips_without_words",
            silent,
            "the submission has no word for these clips: all their words are deletions",
        );
        Ok(evidence)
    }
}

impl PreparedClips {
    /// What the public code takes for the word error rate: the ninth text between blanks in a line of sclite's table.
    ///
    /// A name of a speaker that is as long as the head of the line, or longer, moves all texts on by one, and a share of 100.0 that
    /// touches the line before it moves them back.
    fn share_that_is_read(&self, tally: &Tally) -> Share {
        const HEAD: usize = "Sum/Avg".len();
        let moved_on = self.clips.longest_speaker >= HEAD;
        let moved_back = tally.percent_correct().is_some_and(|percent| format!("{percent:.1}") == "100.0");
        match (moved_on, moved_back) {
            (true, false) => Share::Insertions,
            (false, true) => Share::SentenceErrors,
            (true, true) | (false, false) => Share::Errors,
        }
    }
}
