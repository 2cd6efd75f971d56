//! `classification_label`: one label per item, scored from the table of truth by prediction.

use sdk::evidence::{Averaging, Cell as ConfusionCell, Confusion, ConfusionMeasure, KappaWeights};
use sdk::roll::BatchedRoll;
use sdk::texts::{HowMany, read_texts};
use sdk::{
    AnnotationFaults, Evaluator, Evidence, Faults, Input, Inputs, Items, Limits, Manifest, Metric, Mode,
    Params, Prepared, Schema, SubmissionFaults,
};

use crate::classes::{Classes, classes_format, classes_param};
use crate::metric::{agreement, main_format, references, share, submission_format, unannotated_format};
use crate::truth::{NOUN, Truth};

/// The column of the labels.
const LABEL: &str = "label";

/// The evaluator of single labels.
#[derive(Debug)]
pub struct LabelClassification {
    manifest: Manifest,
}

/// The measures in the order of the metrics.
const MEASURES: [ConfusionMeasure; 16] = [
    ConfusionMeasure::Accuracy,
    ConfusionMeasure::BalancedAccuracy,
    ConfusionMeasure::F1(Averaging::Macro),
    ConfusionMeasure::F1(Averaging::Micro),
    ConfusionMeasure::F1(Averaging::Weighted),
    ConfusionMeasure::Precision(Averaging::Macro),
    ConfusionMeasure::Precision(Averaging::Micro),
    ConfusionMeasure::Precision(Averaging::Weighted),
    ConfusionMeasure::Recall(Averaging::Macro),
    ConfusionMeasure::Recall(Averaging::Micro),
    ConfusionMeasure::Recall(Averaging::Weighted),
    ConfusionMeasure::Jaccard(Averaging::Macro),
    ConfusionMeasure::Matthews,
    ConfusionMeasure::Kappa(KappaWeights::Equal),
    ConfusionMeasure::Kappa(KappaWeights::Linear),
    ConfusionMeasure::Kappa(KappaWeights::Quadratic),
];

fn metrics() -> Vec<Metric> {
    vec![
        share("accuracy", "The share of items whose label is right."),
        share("balanced_accuracy", "The mean recall over the classes that occur in the truth."),
        share("f1_macro", "The mean over classes of F1 = 2 tp / (2 tp + fp + fn)."),
        share("f1_micro", "F1 of the sums over classes; with one label per item it equals the accuracy."),
        share("f1_weighted", "The mean of F1 weighted by the items of the classes."),
        share("precision_macro", "The mean over classes of the precision tp / (tp + fp)."),
        share("precision_micro", "The precision of the sums over classes."),
        share("precision_weighted", "The mean of the precision weighted by the items of the classes."),
        share("recall_macro", "The mean over classes of the recall tp / (tp + fn)."),
        share("recall_micro", "The recall of the sums over classes."),
        share("recall_weighted", "The mean of the recall weighted by the items of the classes."),
        share("jaccard_macro", "The mean over classes of tp / (tp + fp + fn)."),
        agreement(
            "mcc",
            "The correlation coefficient of Matthews, for many classes after Gorodkin; 0 where it is 0/0.",
        ),
        agreement("cohen_kappa", "Cohen's kappa: 1 - disagreement / disagreement expected by chance."),
        agreement("cohen_kappa_linear", "Kappa in which a disagreement costs the distance of the classes."),
        agreement(
            "cohen_kappa_quadratic",
            "Kappa in which a disagreement costs the squared distance of the classes.",
        ),
    ]
}

const RULES: &str = "\
- Macro averages run over the classes that occur in the truth or in the predictions of the items that are scored; \
0/0 counts 0.
- A label that the annotations do not have is a class of its own and wrong; with listed classes it is refused.
- Distances of the weighted kappas count places in the listed order; without a list, places among the classes that \
occur, by name.
- Kappa is undefined where truth and predictions are of one and the same class.
- Labels are compared byte by byte: `A` is not `a`, and an empty label is a label.
- Modes: strict and reference are the same.";

impl LabelClassification {
    /// The evaluator with its documentation.
    pub fn new() -> Self {
        let manifest = Manifest {
            id: "classification_label".to_owned(),
            version: "1.0.0".to_owned(),
            title: "Classification by label".to_owned(),
            description: "Every item has one true label, and one label is predicted for it.".to_owned(),
            annotations: vec![
                main_format("The columns `id` and `label`.", "id,label\na1,cook\na2,walk\n"),
                classes_format(
                    "With it, labels outside the list are refused, and its order counts in the kappas.",
                ),
            ],
            unannotated: Some(unannotated_format()),
            submission: submission_format("The columns `id` and `label`.", "id,label\na2,walk\na1,walk\n"),
            metrics: metrics(),
            params: Schema(vec![classes_param()]),
            item: "item".to_owned(),
            resampling_unit: "item".to_owned(),
            rules: RULES.to_owned(),
            references: references(),
        };
        Self { manifest }
    }
}

impl Default for LabelClassification {
    fn default() -> Self {
        Self::new()
    }
}

impl Evaluator for LabelClassification {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn prepare(
        &self,
        annotations: &Inputs<'_>,
        params: &Params,
        _mode: Mode,
    ) -> Result<Box<dyn Prepared>, AnnotationFaults> {
        let listed = Classes::listed(annotations, params)?;
        let declared = listed.is_some();
        let mut classes = listed.unwrap_or_default();
        let mut labels = Vec::new();
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
        // Only where labels are left out are there too few.
        labels.resize(truth.items.len(), 0);
        Ok(Box::new(PreparedLabels { truth, classes, declared, labels, metrics: metrics() }))
    }
}

#[derive(Debug)]
struct PreparedLabels {
    truth: Truth,
    classes: Classes,
    /// Whether the organizer listed the classes.
    declared: bool,
    /// The label of every item, as a code of `classes`.
    labels: Vec<u32>,
    metrics: Vec<Metric>,
}

impl Prepared for PreparedLabels {
    fn items(&self) -> &Items {
        &self.truth.items
    }

    fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    fn evaluate(&self, submission: &Input<'_>, limits: &Limits) -> Result<Evidence, SubmissionFaults> {
        let mut classes = self.classes.clone();
        let mut predicted = vec![0_u32; self.labels.len()];
        let mut faults = Faults::new();
        let mut roll = BatchedRoll::new(&self.truth.index, NOUN);
        let file = submission.single()?;
        read_texts(file, LABEL, HowMany::Label, limits, &mut faults, |(id, texts, at), faults| {
            for text in texts {
                let code = if self.declared {
                    classes.require(text, id, at, faults)
                } else {
                    Some(classes.code_or_add(text))
                };
                // The item of a refused label is called all the same, so that it is not missing as well.
                let row = (id, at, code.unwrap_or_default());
                roll.add(row, faults, |item, code| predicted[item] = code);
            }
        })?;
        roll.close(self.truth.items.ids(), &mut faults, |item, code| predicted[item] = code);
        faults.or(())?;

        // The order of the classes must not depend on the order of rows.
        let places =
            if self.declared { (0..classes.len() as u32).collect() } else { classes.places_by_name() };
        let cells = (0_u32..).zip(self.labels.iter().zip(&predicted)).map(|(item, (truth, predicted))| {
            let (truth, predicted) = (places[*truth as usize], places[*predicted as usize]);
            ConfusionCell { item, truth, predicted, count: 1 }
        });
        let mut evidence = Evidence::new(self.labels.len());
        let block = evidence.block(Confusion {
            classes: classes.len() as u32,
            ordered: self.declared,
            cells: cells.collect(),
            measures: MEASURES.to_vec(),
        });
        for (position, metric) in self.metrics.iter().enumerate() {
            evidence.metric(&metric.name, 1.0, block.output(position));
        }
        Ok(evidence)
    }
}
