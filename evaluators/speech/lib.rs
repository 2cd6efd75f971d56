#![doc = include_str!("README.md")]
#![deny(missing_docs)]

mod asr;
mod diarization;
mod edit;
mod ego4d_diarization;
mod lines;
mod metric;
mod normalizer;
mod sclite;
mod stm;
mod tally;
mod timed;
mod transcription;
mod trn;

pub use asr::Transcripts;
pub use diarization::Diarization;
pub use ego4d_diarization::EgocentricDiarization;
pub use stm::TimedTranscripts;
pub use transcription::Transcription;
pub use trn::TrnTranscripts;

/// All evaluators of this family.
pub fn evaluators() -> Vec<Box<dyn sdk::Evaluator>> {
    vec![
        Box::new(Transcripts::new()),
        Box::new(TrnTranscripts::new()),
        Box::new(TimedTranscripts::new()),
        Box::new(Transcription::new()),
        Box::new(Diarization::new()),
        Box::new(EgocentricDiarization::audio_visual()),
        Box::new(EgocentricDiarization::audio_only()),
    ]
}
