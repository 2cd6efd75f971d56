//! `diarization`: who speaks when, in RTTM with a UEM, scored as pyannote.metrics does.

mod manifest;
mod rttm;
mod scoring;
mod speakers;
mod turns;
mod uem;

use ndarray::Array2;
use sdk::evidence::{Reducer, Stats};
use sdk::limits::Stopped;
use sdk::roll::IdIndex;
use sdk::{
    AnnotationFaults, Code, Evaluator, Evidence, Fault, Faults, Input, Inputs, Items, Limits, Manifest,
    Metric, Mode, Params, Prepared, SubmissionFaults,
};

pub(crate) use scoring::{Judge, Seconds};
use scoring::{collars, overlaps, purity};
pub(crate) use speakers::Speakers;
pub(crate) use turns::{Cover, Stretch, Turn, in_order};

/// The name of the table of what is evaluated.
const UEM: &str = "uem";

/// The evaluator `diarization`.
#[derive(Debug)]
pub struct Diarization {
    manifest: Manifest,
}

impl Diarization {
    /// The evaluator with its documentation.
    #[expect(clippy::new_without_default, reason = "an evaluator is made once, by name")]
    pub fn new() -> Self {
        Self { manifest: manifest::manifest() }
    }
}

impl Evaluator for Diarization {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn prepare(
        &self,
        annotations: &Inputs<'_>,
        params: &Params,
        mode: Mode,
    ) -> Result<Box<dyn Prepared>, AnnotationFaults> {
        let collar = params.number(manifest::COLLAR).unwrap_or(manifest::DEFAULT_COLLAR);
        let recordings = Recordings::read(annotations)?;
        Ok(Box::new(PreparedDiarization { recordings, collar, mode, metrics: manifest::metrics(collar) }))
    }
}

/// The truth.
#[derive(Debug, Default)]
struct Recordings {
    items: Items,
    index: IdIndex,
    turns: Vec<Vec<Turn>>,
    /// What is evaluated of each recording; nothing where everything is.
    evaluated: Option<Vec<Cover>>,
}

impl Recordings {
    fn read(annotations: &Inputs<'_>) -> Result<Self, AnnotationFaults> {
        let of_table = |table: &'static str| move |faults: Faults| AnnotationFaults(faults.of_file(table));
        let mut index = IdIndex::default();
        let mut names: Vec<String> = Vec::new();
        if annotations.are_unannotated() {
            let main = annotations.require(Inputs::MAIN).and_then(Input::single);
            let evaluated = main.and_then(|file| uem::read(file, &mut index, &mut names));
            let evaluated = Some(evaluated.map_err(of_table(Inputs::MAIN))?);
            let turns = vec![Vec::new(); names.len()];
            return Ok(Self { items: Items::ungrouped(names), index, turns, evaluated });
        }
        let evaluated = match annotations.get(UEM) {
            Some(table) => {
                let read = table.single().and_then(|file| uem::read(file, &mut index, &mut names));
                Some(read.map_err(of_table(UEM))?)
            }
            None => None,
        };
        let main =
            annotations.require(Inputs::MAIN).and_then(Input::single).map_err(of_table(Inputs::MAIN))?;
        let read =
            rttm::read(main, Mode::Strict, &Limits::default(), |name, line, faults| match index.add(name) {
                Err(position) => Some(position),
                Ok(_) if evaluated.is_some() => {
                    faults.push_with(|| rttm::unknown(name, "a recording of the UEM", line));
                    None
                }
                Ok(position) => {
                    names.push(name.to_owned());
                    Some(position)
                }
            });
        let (mut turns, _) = read.map_err(of_table(Inputs::MAIN))?;
        if names.is_empty() {
            let message = "the annotations have no turn of a speaker";
            let fault = Fault::whole(Code::EmptySubmission, message, "at least one SPEAKER line", "none");
            return Err(of_table(Inputs::MAIN)(Faults::one(fault)));
        }
        turns.resize(names.len(), Vec::new());
        Ok(Self { items: Items::ungrouped(names), index, turns, evaluated })
    }
}

#[derive(Debug)]
struct PreparedDiarization {
    recordings: Recordings,
    collar: f64,
    mode: Mode,
    metrics: Vec<Metric>,
}

impl Prepared for PreparedDiarization {
    fn items(&self) -> &Items {
        &self.recordings.items
    }

    fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    fn evaluate(&self, submission: &Input<'_>, limits: &Limits) -> Result<Evidence, SubmissionFaults> {
        let truth = &self.recordings;
        let (mut system, empty_turns) =
            rttm::read(submission.single()?, self.mode, limits, |name, line, faults| {
                let found = truth.index.find(name);
                if found.is_none() {
                    faults.push_with(|| rttm::unknown(name, "a recording of the task", line));
                }
                found
            })?;
        system.resize(truth.items.len(), Vec::new());
        let mut columns = Array2::zeros((truth.items.len(), COLUMNS));
        let mut judge = Judge::default();
        for (item, (truth_turns, system_turns)) in truth.turns.iter().zip(&system).enumerate() {
            let evaluated = truth.evaluated.as_ref().map(|covers| &covers[item]);
            let row = self
                .compare(&mut judge, truth_turns, system_turns, evaluated, limits)
                .map_err(Faults::from)?;
            columns.row_mut(item).assign(&ndarray::arr1(&row));
        }
        let mut evidence = self.evidence(columns);
        let silent = system.iter().filter(|turns| turns.is_empty()).count() as u64;
        evidence.note(
            "recordings_without_speech",
            silent,
            "the submission has no turn in these recordings: all their speech is missed",
        );
        evidence.note("turns_without_duration", empty_turns, "turns that last no time are dropped");
        Ok(evidence)
    }
}

/// The columns of one way of counting seconds.
const TOTAL: u32 = 0;
const CORRECT: u32 = 1;
const CONFUSION: u32 = 2;
const MISSED: u32 = 3;
const FALSE_ALARM: u32 = 4;
const ERRORS: u32 = 5;
const PER_WAY: u32 = 6;

/// The ways in which seconds are counted: all, without collars, without overlaps.
const WAYS: usize = 3;
const JACCARD: u32 = WAYS as u32 * PER_WAY;
const PURITY: u32 = JACCARD + 2;
const COVERAGE: u32 = PURITY + 2;
const DETECTION: u32 = COVERAGE + 2;
const COLUMNS: usize = DETECTION as usize + 2;

fn columns_of(seconds: &Seconds) -> [f64; PER_WAY as usize] {
    [seconds.total, seconds.correct, seconds.confusion, seconds.missed, seconds.false_alarm, seconds.errors()]
}

impl PreparedDiarization {
    fn compare(
        &self,
        judge: &mut Judge,
        truth: &[Turn],
        system: &[Turn],
        evaluated: Option<&Cover>,
        limits: &Limits,
    ) -> Result<[f64; COLUMNS], Stopped> {
        let everything = || Cover::of(truth.iter().chain(system).map(|turn| turn.stretch));
        let seconds = judge.seconds(truth, system, evaluated, limits)?;
        let jaccard = judge.jaccard(truth, system, evaluated, limits)?;
        let mut row = Vec::with_capacity(COLUMNS);
        row.extend(columns_of(&seconds));
        let inside = evaluated.cloned().unwrap_or_else(everything);
        for left_out in [collars(truth, self.collar), overlaps(truth)] {
            let rest = inside.without(&left_out);
            row.extend(columns_of(&judge.seconds(truth, system, Some(&rest), limits)?));
        }
        // The public code takes purity and coverage of the whole recording, whatever is evaluated of it.
        let evaluated = evaluated.filter(|_| self.mode == Mode::Strict);
        let purity_of_clusters = purity(truth, system, evaluated, limits)?;
        let coverage = purity(system, truth, evaluated, limits)?;
        for share in [jaccard, purity_of_clusters, coverage] {
            row.extend([share.part, share.whole]);
        }
        row.extend([seconds.detection_errors, seconds.speech]);
        let mut columns = [0.0; COLUMNS];
        columns.copy_from_slice(&row);
        Ok(columns)
    }

    fn evidence(&self, columns: Array2<f64>) -> Evidence {
        let rate = |errors, total| Reducer::ErrorRate { errors, total };
        let share = |part| Reducer::QuotientOrOne { numerator: part, denominator: part + 1 };
        let mut reducers = Vec::new();
        for way in 0..WAYS as u32 {
            let first = way * PER_WAY;
            reducers.push(rate(first + ERRORS, first + TOTAL));
            let columns = [TOTAL, CORRECT, CONFUSION, MISSED, FALSE_ALARM];
            reducers.extend(columns.map(|column| Reducer::Total { column: first + column }));
            if way == 0 {
                reducers.extend([
                    share(JACCARD),
                    share(PURITY),
                    share(COVERAGE),
                    rate(DETECTION, DETECTION + 1),
                ]);
            }
        }
        let mut evidence = Evidence::new(columns.nrows());
        let block = evidence.block(Stats { columns, reducers });
        for (output, metric) in self.metrics.iter().enumerate() {
            evidence.metric(&metric.name, 1.0, block.output(output));
        }
        evidence
    }
}
