//! Ego4D Future Hand Prediction: where the hands will be in the frames up to the contact.

mod manifest;
mod submission;

use ndarray::Array2;
use sdk::evidence::{Reducer, Stats};
use sdk::{
    AnnotationFaults, Code, Evaluator, Evidence, Faults, Input, Inputs, Items, JsonReader, Limits, Manifest,
    Metric, Mode, Params, Prepared, SubmissionFaults,
};

use crate::instances::Instances;
use submission::Sent;

/// The coordinates of an instance: both hands, left first, at each of [`TIMES`].
const COORDINATES: usize = 20;
/// Three frames before the contact, the last one before it, and that of the contact.
const TIMES: usize = COORDINATES / 4;
/// What the coordinates are, for a person.
const MEANING: &str = "left x, left y, right x, right y of five frames";
/// The metrics besides their sum: of each hand over all frames, then in the frame of the contact.
const NAMES: [&str; 4] = ["L_MDisp", "R_MDisp", "L_CDisp", "R_CDisp"];

/// The evaluator `ego4d_fhp`.
#[derive(Debug)]
pub struct FutureHands {
    manifest: Manifest,
}

impl FutureHands {
    /// The evaluator.
    #[expect(clippy::new_without_default, reason = "an evaluator is made once, by name")]
    pub fn new() -> Self {
        Self { manifest: manifest::manifest() }
    }
}

impl Evaluator for FutureHands {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn prepare(
        &self,
        annotations: &Inputs<'_>,
        params: &Params,
        mode: Mode,
    ) -> Result<Box<dyn Prepared>, AnnotationFaults> {
        let main = annotations.require(Inputs::MAIN)?.single()?;
        let (instances, hands) = read(&main.bytes, annotations.are_unannotated())?;
        let views = params.number("views").unwrap_or(30.0);
        Ok(Box::new(PreparedHands { instances, hands, views, metrics: self.manifest.metrics.clone(), mode }))
    }
}

#[derive(Debug)]
struct PreparedHands {
    instances: Instances,
    /// The true coordinates of every instance.
    hands: Vec<[f64; COORDINATES]>,
    /// Over how many views of a clip a coordinate was summed.
    views: f64,
    metrics: Vec<Metric>,
    mode: Mode,
}

impl Prepared for PreparedHands {
    fn items(&self) -> &Items {
        &self.instances.items
    }

    fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    fn evaluate(&self, submission: &Input<'_>, limits: &Limits) -> Result<Evidence, SubmissionFaults> {
        let file = submission.single()?;
        let sent = submission::read(self, &file.bytes, limits)?;
        let mut evidence = Evidence::new(self.hands.len());
        evidence.note(
            "missing_ids_ignored",
            sent.answered.missing(),
            "instances without an answer leave the score, as in the public code",
        );
        let averages =
            !sent.averaged && self.views > 1.0 && sent.largest > 0.0 && sent.largest < LARGEST_AVERAGE;
        evidence.note(
            "looks_averaged",
            u64::from(averages),
            format!(
                "no value of the file is above {LARGEST_AVERAGE} although each is the sum over {} views; if they are \
                 averages, say so by a key \"averaged\" with the value true",
                self.views
            ),
        );
        let columns = self.displacements(&sent);
        let reducers = (0..NAMES.len() as u32)
            .map(|metric| Reducer::Quotient { numerator: 2 * metric, denominator: 2 * metric + 1 })
            .collect();
        let stats = evidence.block(Stats { columns, reducers });
        let all = (0..NAMES.len()).map(|output| stats.output(output)).collect();
        evidence.metric_mean("Total", NAMES.len() as f64, all);
        for (output, name) in NAMES.into_iter().enumerate() {
            evidence.metric(name, 1.0, stats.output(output));
        }
        Ok(evidence)
    }
}

/// A file of sums in which no coordinate is above this has every hand in a corner of the picture.
const LARGEST_AVERAGE: f64 = 2000.0;

impl PreparedHands {
    /// For each metric the sum of distances and their number, by item.
    fn displacements(&self, sent: &Sent<'_>) -> Array2<f64> {
        let divisor = if sent.averaged { 1.0 } else { self.views };
        let mut columns = Array2::zeros((self.hands.len(), 2 * NAMES.len()));
        for (item, (truth, predicted)) in self.hands.iter().zip(&sent.hands).enumerate() {
            if !sent.answered.has(item) {
                continue;
            }
            let mut row = columns.row_mut(item);
            let points = truth.chunks_exact(2).zip(predicted.chunks_exact(2)).enumerate();
            // A hand that is not visible stands at 0, 0.
            for (point, (true_point, predicted)) in points.filter(|(_, (point, _))| *point != [0.0, 0.0]) {
                let (time, hand) = (point / 2, point % 2);
                let along = |axis: usize| true_point[axis] - predicted[axis] / divisor;
                let distance = (along(1) * along(1) + along(0) * along(0)).sqrt();
                let over = [hand, NAMES.len() / 2 + hand];
                let in_contact = usize::from(time + 1 == TIMES);
                for metric in &over[..1 + in_contact] {
                    row[2 * metric] += distance;
                    row[2 * metric + 1] += 1.0;
                }
            }
        }
        columns
    }
}

/// Reads the truth; without annotations the names of the instances alone.
fn read(bytes: &[u8], unannotated: bool) -> Result<(Instances, Vec<[f64; COORDINATES]>), Faults> {
    let limits = Limits::default();
    let (mut ids, mut hands) = (Vec::new(), Vec::new());
    JsonReader::read(bytes, &limits, |reader| {
        let object = reader.object(|reader, id| {
            ids.push(id.clone().into_owned());
            if unannotated {
                hands.push([0.0; COORDINATES]);
                return reader.skip();
            }
            hands.extend(reader.numbers::<COORDINATES>(MEANING)?);
            Ok(())
        })?;
        if object.is_some() && ids.is_empty() {
            reader.fault(Code::EmptySubmission, "the annotations hold no instance", "an instance", "none");
        }
        Ok(())
    })?;
    // An instance is called after its clip and its frame.
    let clips: Vec<&str> = ids.iter().map(|id| id.rsplit_once('_').map_or(&**id, |(clip, _)| clip)).collect();
    let mut items = Items::new(ids.iter().zip(&clips));
    items.set_attribute("clip", clips.iter().map(Some));
    Ok((Instances::new(items), hands))
}
