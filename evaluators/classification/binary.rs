//! `classification_binary`: one score per item that says how much it is a positive.

use std::sync::Arc;

use sdk::evidence::{
    Averaging, Cell as ConfusionCell, ClassAverage, Confusion, ConfusionMeasure, Curve, CurveOutput,
    CurveRule,
};
use sdk::numbers::{Columns, read_numbers};
use sdk::roll::BatchedRoll;
use sdk::texts::HowMany;
use sdk::{
    AnnotationFaults, Code, Evaluator, Evidence, Fault, Faults, Input, Inputs, Items, Limits, Manifest,
    Metric, Mode, Param, ParamKind, ParamValue, Params, Prepared, Schema, SubmissionFaults,
};

use crate::classes::Classes;
use crate::metric::{
    agreement, clip_param, error_share, loss, main_format, references, share, submission_format,
    threshold_param, unannotated_format,
};
use crate::ranking::ranked;
use crate::truth::{NOUN, Truth};

/// The column of the true labels.
const LABEL: &str = "label";

/// The code of the positive label; that of the negative one is zero.
const POSITIVE: u32 = 1;

/// The evaluator of binary scores.
#[derive(Debug)]
pub struct BinaryClassification {
    manifest: Manifest,
}

/// What an organizer can set.
#[derive(Debug, Clone)]
struct Settings {
    positive: String,
    negative: String,
    threshold: f64,
    max_fpr: f64,
    clip: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            positive: "1".to_owned(),
            negative: "0".to_owned(),
            threshold: 0.5,
            max_fpr: 0.1,
            clip: f64::EPSILON,
        }
    }
}

impl Settings {
    fn of(params: &Params) -> Self {
        let default = Self::default();
        Self {
            positive: params.text("positive").map_or(default.positive, str::to_owned),
            negative: params.text("negative").map_or(default.negative, str::to_owned),
            threshold: params.number("threshold").unwrap_or(default.threshold),
            max_fpr: params.number("max_fpr").unwrap_or(default.max_fpr),
            clip: params.number("clip").unwrap_or(default.clip),
        }
    }

    /// The curve's outputs with their metrics.
    fn curve_metrics(&self) -> Vec<(CurveRule, ClassAverage, Metric)> {
        let max_fpr = self.max_fpr;
        let partial = CurveRule::PartialRocArea { max_false_positive_rate: max_fpr };
        vec![
            (
                CurveRule::RocArea,
                ClassAverage::Present,
                share(
                    "roc_auc",
                    "The area under the ROC curve, by the trapezoid rule over distinct scores; equal scores give half credit.",
                ),
            ),
            (
                CurveRule::DistinctThresholds,
                ClassAverage::All,
                share(
                    "average_precision",
                    "The sum of (R_n - R_(n-1)) P_n over distinct scores, not interpolated; 0 without a positive.",
                ),
            ),
            (
                partial,
                ClassAverage::Present,
                share(
                    format!("roc_auc_max_fpr_{max_fpr}"),
                    "The area up to the false positive rate `max_fpr`, standardised after McClish: 0.5 is chance, 1 is perfect.",
                ),
            ),
            (
                CurveRule::PrecisionRecallTrapezoid,
                ClassAverage::Present,
                share(
                    "pr_auc_trapezoid",
                    "The area under precision over recall by the trapezoid rule, from recall 0 with precision 1; it is too optimistic, and here for comparison.",
                ),
            ),
            (CurveRule::MaxF1, ClassAverage::All, share("f1_max", "The largest F1 at any threshold.")),
            (
                CurveRule::EqualErrorRate,
                ClassAverage::Present,
                error_share(
                    "eer_nearest",
                    "The mean of the false positive and the false negative rate at the corner of the ROC curve where they differ least; of equal ones the one with the highest score counts.",
                ),
            ),
        ]
    }

    /// The measures at the threshold with their metrics.
    fn threshold_metrics(&self) -> Vec<(ConfusionMeasure, Metric)> {
        let named = |name: &str| format!("{name}_at_{}", self.threshold);
        let positive = Averaging::Class(POSITIVE);
        vec![
            (ConfusionMeasure::Accuracy, share(named("accuracy"), "The share of right decisions.")),
            (
                ConfusionMeasure::F1(positive),
                share(named("f1"), "F1 = 2 tp / (2 tp + fp + fn) of the positives."),
            ),
            (
                ConfusionMeasure::Precision(positive),
                share(named("precision"), "tp / (tp + fp); 0 if nothing is called positive."),
            ),
            (ConfusionMeasure::Recall(positive), share(named("recall"), "tp / (tp + fn).")),
            (
                ConfusionMeasure::Matthews,
                agreement(named("mcc"), "The correlation coefficient of Matthews; 0 where it is 0/0."),
            ),
        ]
    }

    fn mean_metrics() -> Vec<Metric> {
        vec![
            loss(
                "log_loss",
                "nats",
                "The mean of -ln p of the true label, p and 1 - p clipped to [clip, 1 - clip].",
            ),
            error_share("brier", "The mean of (score - label)^2."),
        ]
    }

    fn metrics(&self) -> Vec<Metric> {
        let curve = self.curve_metrics().into_iter().map(|(_, _, metric)| metric);
        let decisions = self.threshold_metrics().into_iter().map(|(_, metric)| metric);
        curve.chain(Self::mean_metrics()).chain(decisions).collect()
    }
}

const RULES: &str = "\
- Any finite score is accepted. `log_loss` and `brier` are undefined where a score lies outside [0, 1], and the rest \
is not.
- Areas and rates are undefined where only one of the two labels occurs. `average_precision` and `f1_max` are 0 without \
a positive, as in the reference.
- A score of exactly the threshold is a positive.
- Corners of the ROC curve are those that the reference's `roc_curve` keeps: a point between two equal steps is none.
- Modes: strict and reference are the same.";

impl BinaryClassification {
    /// The evaluator with its documentation.
    pub fn new() -> Self {
        let settings = Settings::default();
        let text = |name: &str, default: &str, description: &str| {
            Param::new(name, ParamKind::Text, ParamValue::Text(default.to_owned()), description)
        };
        let manifest = Manifest {
            id: "classification_binary".to_owned(),
            version: "1.0.0".to_owned(),
            title: "Binary classification".to_owned(),
            description:
                "Every item is a positive or a negative, and gets a score: the higher, the more positive."
                    .to_owned(),
            annotations: vec![main_format(
                "The columns `id` and `label`; a label is `1` (positive) or `0` (negative), or what the parameters say.",
                "id,label\na1,1\na2,0\n",
            )],
            unannotated: Some(unannotated_format()),
            submission: submission_format("The columns `id` and `score`.", "id,score\na2,0.125\na1,0.75\n"),
            metrics: settings.metrics(),
            params: Schema(vec![
                text("positive", &settings.positive, "The label of a positive."),
                text("negative", &settings.negative, "The label of a negative."),
                threshold_param(),
                Param::new(
                    "max_fpr",
                    ParamKind::Number { minimum: 1e-6, maximum: 0.999_999 },
                    ParamValue::Number(settings.max_fpr),
                    "The largest false positive rate of the partial area.",
                ),
                clip_param(),
            ]),
            item: "item".to_owned(),
            resampling_unit: "item".to_owned(),
            rules: RULES.to_owned(),
            references: references(),
        };
        Self { manifest }
    }
}

impl Default for BinaryClassification {
    fn default() -> Self {
        Self::new()
    }
}

impl Evaluator for BinaryClassification {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn prepare(
        &self,
        annotations: &Inputs<'_>,
        params: &Params,
        _mode: Mode,
    ) -> Result<Box<dyn Prepared>, AnnotationFaults> {
        let settings = Settings::of(params);
        if settings.positive == settings.negative {
            let message = "the positive and the negative label are the same";
            let fault = Fault::whole(Code::InvalidParameter, message, "two labels", &settings.positive);
            return Err(AnnotationFaults(Faults::one(fault)));
        }
        let classes: Classes = [&settings.negative, &settings.positive].into_iter().collect();
        let mut positives = Vec::new();
        let truth = Truth::read(annotations, LABEL, HowMany::Label, |id, texts, at, faults| {
            for text in texts {
                positives.extend(classes.require(text, id, at, faults).map(|code| code == POSITIVE));
            }
        })?;
        // Only where labels are left out are there too few.
        positives.resize(truth.items.len(), false);
        let metrics = settings.metrics();
        let positives = positives.into();
        Ok(Box::new(PreparedBinary { truth, positives, settings, metrics, columns: "score".to_owned() }))
    }
}

#[derive(Debug)]
struct PreparedBinary {
    truth: Truth,
    /// Whether an item is a positive.
    positives: Arc<[bool]>,
    settings: Settings,
    metrics: Vec<Metric>,
    columns: String,
}

impl PreparedBinary {
    fn read(&self, submission: &Input<'_>, limits: &Limits) -> Result<Vec<f64>, Faults> {
        let mut scores = vec![0.0; self.positives.len()];
        let mut faults = Faults::new();
        let mut roll = BatchedRoll::new(&self.truth.index, NOUN);
        let columns = Columns::single(&self.columns);
        read_numbers(submission.single()?, &columns, limits, &mut faults, |id, numbers, at, faults| {
            let score = numbers.map_or(f64::NAN, |numbers| numbers[0]);
            roll.add((id, at, score), faults, |item, score| scores[item] = score);
        })?;
        roll.close(self.truth.items.ids(), &mut faults, |item, score| scores[item] = score);
        faults.or(scores)
    }
}

/// Log-loss and Brier score of an item; not a number where the score is no probability.
fn losses(score: f64, positive: bool, clip: f64) -> [f64; 2] {
    if !(0.0..=1.0).contains(&score) {
        return [f64::NAN; 2];
    }
    let (probability, label) = if positive { (score, 1.0) } else { (1.0 - score, 0.0) };
    [-probability.clamp(clip, 1.0 - clip).ln(), (score - label) * (score - label)]
}

impl Prepared for PreparedBinary {
    fn items(&self) -> &Items {
        &self.truth.items
    }

    fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    fn evaluate(&self, submission: &Input<'_>, limits: &Limits) -> Result<Evidence, SubmissionFaults> {
        let scores = Arc::new(self.read(submission, limits)?);
        let items = || (0_u32..).zip(self.positives.iter().copied().zip(scores.iter().copied()));
        let mut evidence = Evidence::new(scores.len());

        let (rules, curve_metrics): (Vec<_>, Vec<_>) = (self.settings.curve_metrics().into_iter())
            .map(|(rule, average, metric)| (CurveOutput { rule, threshold: 0, average }, metric.name))
            .unzip();
        let curve = evidence.block(Curve {
            classes: vec![ranked("positive", &scores, |item| (item as u32, self.positives[item]))],
            thresholds: 1,
            outputs: rules,
        });
        for (position, name) in curve_metrics.into_iter().enumerate() {
            evidence.metric(name, 1.0, curve.output(position));
        }

        // Two numbers per item that follow from its score, which takes half the memory.
        let (kept, positives, clip) = (Arc::clone(&scores), Arc::clone(&self.positives), self.settings.clip);
        let means = sdk::evidence::Columns::computed((scores.len(), 2), move |item, row| {
            row.copy_from_slice(&losses(kept[item], positives[item], clip));
        });
        evidence.means(1.0, Settings::mean_metrics().into_iter().map(|metric| metric.name), means);

        let cells = items().map(|(item, (positive, score))| {
            let predicted = u32::from(score >= self.settings.threshold);
            ConfusionCell { item, truth: u32::from(positive), predicted, count: 1 }
        });
        let (measures, names): (Vec<_>, Vec<_>) = self
            .settings
            .threshold_metrics()
            .into_iter()
            .map(|(measure, metric)| (measure, metric.name))
            .unzip();
        let table = evidence.block(Confusion { classes: 2, ordered: true, cells: cells.collect(), measures });
        for (position, name) in names.into_iter().enumerate() {
            evidence.metric(name, 1.0, table.output(position));
        }
        Ok(evidence)
    }
}
