//! `ego4d_diarization` and `ego4d_diarization_audio_only`: who speaks when in a first-person clip.

mod clips;
mod manifest;

use ndarray::Array2;
use sdk::evidence::{Mean, Reducer, Stats};
use sdk::roll::IdIndex;
use sdk::{
    AnnotationFaults, Evaluator, Evidence, Faults, Input, Inputs, Items, Limits, Manifest, Metric, Mode,
    Params, Prepared, SubmissionFaults,
};

use crate::diarization::{Judge, Seconds, Turn};
use clips::{Clip, Reading};

/// An evaluator of Ego4D's diarization.
#[derive(Debug)]
pub struct EgocentricDiarization {
    manifest: Manifest,
}

impl EgocentricDiarization {
    /// Audio-visual diarization.
    pub fn audio_visual() -> Self {
        Self { manifest: manifest::audio_visual() }
    }

    /// Diarization from audio only.
    pub fn audio_only() -> Self {
        Self { manifest: manifest::audio_only() }
    }
}

impl Evaluator for EgocentricDiarization {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn prepare(
        &self,
        annotations: &Inputs<'_>,
        params: &Params,
        mode: Mode,
    ) -> Result<Box<dyn Prepared>, AnnotationFaults> {
        let ignored = params.texts(manifest::IGNORED_SPEAKERS).unwrap_or_default().to_vec();
        let read = || Truth::read(annotations, &ignored, mode);
        let truth = read().map_err(|faults| AnnotationFaults(faults.of_file(Inputs::MAIN)))?;
        Ok(Box::new(PreparedClips { truth, ignored, mode, metrics: self.manifest.metrics.clone() }))
    }
}

#[derive(Debug, Default)]
struct Truth {
    items: Items,
    index: IdIndex,
    turns: Vec<Vec<Turn>>,
}

impl Truth {
    fn read(annotations: &Inputs<'_>, ignored: &[String], mode: Mode) -> Result<Self, Faults> {
        let file = annotations.require(Inputs::MAIN)?.single()?;
        let mut index = IdIndex::default();
        let (mut ids, mut turns) = (Vec::new(), Vec::new());
        let limits = Limits::default();
        let reading = Reading { ignored, mode, unannotated: annotations.are_unannotated() };
        clips::read(file, reading, &limits, |clip: Clip<'_>, reader| {
            if index.add(clip.id).is_err() {
                reader.fault_with(|| clips::repeated_clip(clip.id));
                return;
            }
            ids.push((clip.id.to_owned(), clip.video.to_owned()));
            turns.push(clip.turns);
        })?;
        if ids.is_empty() {
            return Err(Faults::one(clips::no_clip()));
        }
        Ok(Self { items: Items::new(ids), index, turns })
    }
}

#[derive(Debug)]
struct PreparedClips {
    truth: Truth,
    ignored: Vec<String>,
    mode: Mode,
    metrics: Vec<Metric>,
}

impl Prepared for PreparedClips {
    fn items(&self) -> &Items {
        &self.truth.items
    }

    fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    fn evaluate(&self, submission: &Input<'_>, limits: &Limits) -> Result<Evidence, SubmissionFaults> {
        let mut system: Vec<Option<Vec<Turn>>> = vec![None; self.truth.items.len()];
        let reading = Reading { ignored: &self.ignored, mode: self.mode, unannotated: false };
        clips::read(submission.single()?, reading, limits, |clip: Clip<'_>, reader| {
            match self.truth.index.find(clip.id).map(|item| &mut system[item]) {
                Some(slot @ None) => *slot = Some(clip.turns),
                Some(Some(_)) => reader.fault_with(|| clips::repeated_clip(clip.id)),
                None => reader.fault_with(|| clips::unknown_clip(clip.id)),
            }
        })?;
        let missing = system.iter().filter(|turns| turns.is_none()).count() as u64;
        let mut columns = Array2::zeros((self.truth.items.len(), COLUMNS));
        let mut rates = Array2::zeros((self.truth.items.len(), 1));
        let mut judge = Judge::default();
        for (item, (truth, system)) in self.truth.turns.iter().zip(&system).enumerate() {
            let system = system.as_deref().unwrap_or_default();
            let seconds = judge.seconds(truth, system, None, limits).map_err(Faults::from)?;
            columns.row_mut(item).assign(&ndarray::arr1(&columns_of(&seconds)));
            rates[[item, 0]] = seconds.error_rate();
        }
        let mut evidence = evidence(rates, columns);
        evidence.note(
            "missing_clips",
            missing,
            "the submission does not name these clips: all their speech is missed",
        );
        Ok(evidence)
    }
}

const ERRORS: u32 = 0;
const TOTAL: u32 = 1;
const CONFUSION: u32 = 2;
const MISSED: u32 = 3;
const FALSE_ALARM: u32 = 4;
const COLUMNS: usize = 5;

fn columns_of(seconds: &Seconds) -> [f64; COLUMNS] {
    [seconds.errors(), seconds.total, seconds.confusion, seconds.missed, seconds.false_alarm]
}

fn evidence(rates: Array2<f64>, columns: Array2<f64>) -> Evidence {
    let mut evidence = Evidence::new(columns.nrows());
    let mean = evidence.block(Mean::new(rates));
    let total = |column| Reducer::Total { column };
    let reducers = vec![
        Reducer::ErrorRate { errors: ERRORS, total: TOTAL },
        total(TOTAL),
        total(CONFUSION),
        total(MISSED),
        total(FALSE_ALARM),
    ];
    let sums = evidence.block(Stats { columns, reducers });
    evidence.metric("DER_mean%", 100.0, mean.output(0));
    evidence.metric("DER_total%", 100.0, sums.output(0));
    for (output, name) in ["total", "confusion", "missed_detection", "false_alarm"].into_iter().enumerate() {
        evidence.metric(name, 1.0, sums.output(output + 1));
    }
    evidence
}
