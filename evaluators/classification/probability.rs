//! `classification_probability`: a probability for every class of every item.

use ndarray::Array2;
use sdk::evidence::{ClassAverage, Curve, CurveOutput, CurveRule};
use sdk::limits::Stopped;
use sdk::numbers::{Columns, read_numbers};
use sdk::roll::Roll;
use sdk::sheet::At;
use sdk::text::quoted;
use sdk::texts::HowMany;
use sdk::{
    AnnotationFaults, Code, Evaluator, Evidence, Fault, Faults, Input, Inputs, Items, Limits, Manifest,
    Metric, Mode, Param, ParamKind, ParamValue, Params, Prepared, Schema, SubmissionFaults,
};

use crate::classes::{Classes, classes_format, classes_param};
use crate::metric::{
    clip_param, loss, main_format, references, share, submission_format, unannotated_format,
};
use crate::ranking::{each_column, flat, ranked};
use crate::truth::{NOUN, Truth};

/// The column of the true labels.
const LABEL: &str = "label";

/// How far the probabilities of a row may be from a sum of one.
const SUM_TOLERANCE: f64 = 1e-3;

/// The evaluator of class probabilities.
#[derive(Debug)]
pub struct ProbabilityClassification {
    manifest: Manifest,
}

/// The metrics after the top-k accuracies, in the order of the evidence.
fn other_metrics() -> Vec<Metric> {
    vec![
        share(
            "accuracy_argmax_first",
            "The share of items whose first most probable class, in the order of the classes, is right.",
        ),
        loss(
            "log_loss",
            "nats",
            "The mean of -ln p of the true class, p clipped to [clip, 1 - clip]; rows are not renormalised.",
        ),
        Metric {
            maximum: Some(2.0),
            ..loss(
                "brier_multiclass",
                "squared probability",
                "The mean over items of the sum over classes of (p - y)^2.",
            )
        },
        share(
            "roc_auc_ovr_macro",
            "The mean over classes of the area under the ROC curve of the class against the rest.",
        ),
        share("roc_auc_ovr_weighted", "The same weighted by the items of the classes."),
        share(
            "roc_auc_ovo_macro",
            "The mean over pairs of classes of the area between the two, each class ranking the items of both (Hand and Till).",
        ),
        share("roc_auc_ovo_weighted", "The same weighted by the items of the pairs."),
        share(
            "average_precision_macro",
            "The mean over classes of the average precision, the sum of (R_n - R_(n-1)) P_n over distinct scores.",
        ),
        share("average_precision_weighted", "The same weighted by the items of the classes."),
        share("roc_auc_ovr_micro", "The area under the ROC curve of all probabilities together."),
        share("average_precision_micro", "The average precision of all probabilities together."),
    ]
}

fn metrics(top: &[f64]) -> Vec<Metric> {
    let description = "The share of items whose true class is among the k most probable ones.";
    let top = top.iter().map(|k| share(format!("top_{k}_accuracy"), description));
    top.chain(other_metrics()).collect()
}

const RULES: &str = "\
- Top-k: of equally probable classes the LAST in the order of the classes ranks first, as in the reference; \
`accuracy_argmax_first` takes the FIRST. The order is the listed one, otherwise that of the names.
- Every class must have a column, and there are no others; a class that does not occur in the truth must be listed.
- Strict: probabilities lie in [0, 1] and a row sums to 1 within 0.001. Reference: only the range is checked.
- Areas are by the trapezoid rule over distinct scores; equal scores give half credit.
- A class that does not occur among the items that are scored has no curve and is left out of the macro averages \
(reference mode: its average precision counts 0). An area needs two classes that occur.
- k of top-k may reach the number of classes; the accuracy is then 1.";

impl ProbabilityClassification {
    /// The evaluator with its documentation.
    pub fn new() -> Self {
        let top = vec![1.0, 3.0, 5.0];
        let manifest = Manifest {
            id: "classification_probability".to_owned(),
            version: "1.0.0".to_owned(),
            title: "Classification by probabilities".to_owned(),
            description: "Every item has one true label, and every class gets a probability.".to_owned(),
            annotations: vec![
                main_format("The columns `id` and `label`.", "id,label\na1,cook\na2,walk\n"),
                classes_format("With it, classes without an item are known, and its order breaks ties."),
            ],
            unannotated: Some(unannotated_format()),
            submission: submission_format(
                "The column `id` and one column per class, named as the class.",
                "id,cook,walk\na2,0.2,0.8\na1,0.7,0.3\n",
            ),
            metrics: metrics(&top),
            params: Schema(vec![
                Param::new(
                    "top_k",
                    ParamKind::Numbers { minimum: 1.0, maximum: 1e6, most: 16 },
                    ParamValue::Numbers(top),
                    "The whole numbers k of the metrics `top_k_accuracy`; the first one ranks.",
                ),
                clip_param(),
                classes_param(),
            ]),
            item: "item".to_owned(),
            resampling_unit: "item".to_owned(),
            rules: RULES.to_owned(),
            references: references(),
        };
        Self { manifest }
    }
}

impl Default for ProbabilityClassification {
    fn default() -> Self {
        Self::new()
    }
}

impl Evaluator for ProbabilityClassification {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn prepare(
        &self,
        annotations: &Inputs<'_>,
        params: &Params,
        mode: Mode,
    ) -> Result<Box<dyn Prepared>, AnnotationFaults> {
        let top = params.numbers("top_k").unwrap_or_default().to_vec();
        if let Some(k) = top.iter().find(|k| k.fract() != 0.0) {
            let fault = Fault::whole(
                Code::InvalidParameter,
                "top_k takes whole numbers",
                "whole numbers",
                k.to_string(),
            );
            return Err(AnnotationFaults(Faults::one(fault)));
        }
        let listed = Classes::listed(annotations, params)?;
        let declared = listed.is_some();
        let mut classes = listed.unwrap_or_default();
        let mut labels: Vec<u32> = Vec::new();
        let truth = Truth::read(annotations, LABEL, HowMany::Label, |id, texts, at, faults| {
            for text in texts {
                let code = if declared {
                    classes.require(text, id, at, faults)
                } else {
                    Some(classes.code_or_add(text))
                };
                labels.extend(code);
            }
        })?;
        let classes = if declared { classes } else { classes.sorted(&mut labels) };
        classes.refuse_unlisted(annotations)?;
        // Only where labels are left out are there too few.
        labels.resize(truth.items.len(), 0);
        let clip = params.number("clip").unwrap_or(f64::EPSILON);
        Ok(Box::new(PreparedProbabilities {
            truth,
            classes,
            labels,
            metrics: metrics(&top),
            top,
            clip,
            mode,
        }))
    }
}

#[derive(Debug)]
struct PreparedProbabilities {
    truth: Truth,
    classes: Classes,
    /// The label of every item, as a code of `classes`.
    labels: Vec<u32>,
    top: Vec<f64>,
    clip: f64,
    mode: Mode,
    metrics: Vec<Metric>,
}

impl PreparedProbabilities {
    /// Reads one row of probabilities per item.
    fn read(&self, submission: &Input<'_>, limits: &Limits) -> Result<Array2<f64>, Faults> {
        let mut table = Array2::zeros((self.labels.len(), self.classes.len()));
        let mut faults = Faults::new();
        let mut roll = Roll::new(&self.truth.index, NOUN);
        let names: Vec<String> = self.classes.names().iter().map(str::to_owned).collect();
        let columns = Columns::of(&names);
        read_numbers(submission.single()?, &columns, limits, &mut faults, |id, numbers, at, faults| {
            let item = roll.call(id, || at.place(id), faults);
            if let Some(numbers) = numbers {
                self.check_row(id, numbers, at, faults);
                if let Some(item) = item {
                    table.row_mut(item).iter_mut().zip(numbers).for_each(|(slot, number)| *slot = *number);
                }
            }
        })?;
        roll.close(self.truth.items.ids(), &mut faults);
        faults.or(table)
    }

    fn check_row(&self, id: &str, row: &[f64], at: At, faults: &mut Faults) {
        if let Some((class, number)) = (0..).zip(row).find(|(_, number)| !(0.0..=1.0).contains(*number)) {
            faults.push_with(|| {
                let class: usize = class;
                let name = quoted(&self.classes.names()[class]);
                let message = format!("the value of {name} of the id {} is no probability", quoted(id));
                Fault::whole(Code::OutOfRange, message, "a number from 0 to 1", number.to_string())
                    .at(at.place(id))
            });
            return;
        }
        let sum: f64 = row.iter().sum();
        if self.mode == Mode::Strict && (sum - 1.0).abs() > SUM_TOLERANCE {
            faults.push_with(|| {
                let message = format!("the probabilities of the id {} do not sum to 1", quoted(id));
                let expected = format!("a sum of 1 within {SUM_TOLERANCE}");
                Fault::whole(Code::OutOfRange, message, expected, sum.to_string()).at(at.place(id))
            });
        }
    }

    /// The columns of means: top-k hits, the first argmax, log-loss and Brier score.
    fn means(&self, table: &Array2<f64>) -> Array2<f64> {
        let top = self.top.len();
        let mut means = Array2::zeros((self.labels.len(), top + 3));
        for ((mut mean, row), label) in means.rows_mut().into_iter().zip(table.rows()).zip(&self.labels) {
            let label = *label as usize;
            let own = row[label];
            let better = row.iter().filter(|other| **other > own).count();
            let tied_before = row.iter().take(label).filter(|other| **other == own).count();
            let tied_after = row.iter().skip(label + 1).filter(|other| **other == own).count();
            for (slot, k) in mean.iter_mut().zip(&self.top) {
                *slot = f64::from(u8::from(((better + tied_after) as f64) < *k));
            }
            mean[top] = f64::from(u8::from(better + tied_before == 0));
            mean[top + 1] = -own.clamp(self.clip, 1.0 - self.clip).ln();
            mean[top + 2] =
                (0..).zip(&row).map(|(class, p)| (p - f64::from(u8::from(class == label))).powi(2)).sum();
        }
        means
    }

    /// The curves of every class against the rest.
    fn curves(&self, table: &Array2<f64>, limits: &Limits) -> Result<Curve, Faults> {
        let mut classes = Vec::with_capacity(self.classes.len());
        each_column(table, |class, scores| {
            limits.check()?;
            let entry = |item: usize| (item as u32, self.labels[item] as usize == class);
            classes.push(ranked(&self.classes.names()[class], scores, entry));
            Ok::<(), Stopped>(())
        })?;
        let absent = if self.mode == Mode::Reference { ClassAverage::All } else { ClassAverage::Present };
        let output = |rule, average| CurveOutput { rule, threshold: 0, average };
        Ok(Curve {
            classes,
            thresholds: 1,
            outputs: vec![
                output(CurveRule::RocArea, ClassAverage::Present),
                output(CurveRule::RocArea, ClassAverage::Support),
                output(CurveRule::RocArea, ClassAverage::Pairs),
                output(CurveRule::RocArea, ClassAverage::PairsSupport),
                output(CurveRule::DistinctThresholds, absent),
                output(CurveRule::DistinctThresholds, ClassAverage::Support),
            ],
        })
    }

    /// The curve of all probabilities together.
    fn micro_curve(&self, table: &Array2<f64>) -> Curve {
        let classes = self.classes.len();
        let entry = |at: usize| {
            let (item, class) = (at / classes, at % classes);
            (item as u32, self.labels[item] as usize == class)
        };
        let output = |rule| CurveOutput { rule, threshold: 0, average: ClassAverage::Present };
        Curve {
            classes: vec![ranked("all", flat(table), entry)],
            thresholds: 1,
            outputs: vec![output(CurveRule::RocArea), output(CurveRule::DistinctThresholds)],
        }
    }
}

impl Prepared for PreparedProbabilities {
    fn items(&self) -> &Items {
        &self.truth.items
    }

    fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    fn evaluate(&self, submission: &Input<'_>, limits: &Limits) -> Result<Evidence, SubmissionFaults> {
        let table = self.read(submission, limits)?;
        let mut evidence = Evidence::new(self.labels.len());
        let means = evidence.block(sdk::evidence::Mean::new(self.means(&table)));
        let curves = evidence.block(self.curves(&table, limits)?);
        let micro = evidence.block(self.micro_curve(&table));
        let terms = (0..self.top.len() + 3)
            .map(|column| means.output(column))
            .chain((0..6).map(|output| curves.output(output)))
            .chain((0..2).map(|output| micro.output(output)));
        for (metric, term) in self.metrics.iter().zip(terms) {
            evidence.metric(&metric.name, 1.0, term);
        }
        Ok(evidence)
    }
}
