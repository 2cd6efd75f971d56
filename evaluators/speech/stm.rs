//! `asr_stm`: words with times (CTM) against transcribed segments (STM), scored as sclite does.

mod ctm;
mod manifest;
mod segments;

use sdk::{
    AnnotationFaults, Evaluator, Evidence, Faults, Input, Inputs, Items, Limits, Manifest, Metric, Mode,
    Params, Prepared, SubmissionFaults,
};

use crate::sclite::{Aligner, Network, Options};
use crate::tally::{Share, Tally};
use crate::timed::{SilentEnds, Timing, shares};
use segments::Recordings;

/// The evaluator `asr_stm`.
#[derive(Debug)]
pub struct TimedTranscripts {
    manifest: Manifest,
}

impl TimedTranscripts {
    /// The evaluator with its documentation.
    #[expect(clippy::new_without_default, reason = "an evaluator is made once, by name")]
    pub fn new() -> Self {
        Self { manifest: manifest::manifest() }
    }
}

impl Evaluator for TimedTranscripts {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn prepare(
        &self,
        annotations: &Inputs<'_>,
        params: &Params,
        mode: Mode,
    ) -> Result<Box<dyn Prepared>, AnnotationFaults> {
        let options = Options::of(params);
        let read = || {
            let file = annotations.require(Inputs::MAIN)?.single()?;
            match annotations.are_unannotated() {
                true => Recordings::read_channels(file, options),
                false => Recordings::read(file, options),
            }
        };
        let recordings = read().map_err(|faults| AnnotationFaults(faults.of_file(Inputs::MAIN)))?;
        let silent_ends = SilentEnds::of(params);
        let metrics = self.manifest.metrics.clone();
        Ok(Box::new(PreparedRecordings { recordings, options, silent_ends, mode, metrics }))
    }
}

#[derive(Debug)]
struct PreparedRecordings {
    recordings: Recordings,
    options: Options,
    silent_ends: SilentEnds,
    mode: Mode,
    metrics: Vec<Metric>,
}

impl Prepared for PreparedRecordings {
    fn items(&self) -> &Items {
        &self.recordings.items
    }

    fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    fn evaluate(&self, submission: &Input<'_>, limits: &Limits) -> Result<Evidence, SubmissionFaults> {
        let words = ctm::read(submission.single()?, self, limits)?;
        let mut tally = Tally::new(self.recordings.items.len());
        let mut aligner = Aligner::default();
        let mut silent = 0;
        for (recording, words) in self.recordings.all.iter().zip(&words) {
            silent += u64::from(words.is_empty());
            let timings: Vec<Timing> = words.iter().map(|word| word.timing).collect();
            let shares = shares(&recording.spans, &timings, self.silent_ends);
            for (segment, share) in recording.segments.iter().zip(shares) {
                let (Some(item), Some(share)) = (segment.item, share) else { continue };
                // The truth was parsed once to be accepted.
                let Ok(reference) = Network::parse(&segment.text, self.options) else { continue };
                let options = self.options.of_hypothesis(self.mode);
                let hypothesis = Network::of_words(words[share].iter().map(|word| word.text), options);
                let counts = aligner.align(&reference, &hypothesis, limits).map_err(Faults::from)?;
                tally.put(item, counts);
            }
        }
        let mut evidence = tally.evidence("wer", Share::Errors);
        evidence.note(
            "recordings_without_words",
            silent,
            "the submission has no word for these channels of recordings: all their words are deletions",
        );
        Ok(evidence)
    }
}
