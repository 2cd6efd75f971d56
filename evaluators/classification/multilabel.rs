//! `classification_multilabel`: any number of labels per item, and a score for every class of every item.

use ndarray::{Array2, ArrayView1};
use sdk::evidence::{
    Averaging, Cell as ConfusionCell, ClassAverage, Confusion, ConfusionMeasure, Curve, CurveOutput,
    CurveRule, NO_CLASS,
};
use sdk::limits::Stopped;
use sdk::numbers::{Columns, read_numbers};
use sdk::roll::Roll;
use sdk::text::quoted;
use sdk::texts::HowMany;
use sdk::{
    AnnotationFaults, Code, Evaluator, Evidence, Fault, Faults, Input, Inputs, Items, Limits, Manifest,
    Metric, Mode, Params, Prepared, Schema, SubmissionFaults,
};

use crate::classes::{Classes, classes_format, classes_param};
use crate::metric::{
    error_share, loss, main_format, references, share, submission_format, threshold_param, unannotated_format,
};
use crate::ranking::{each_column, flat, ranked};
use crate::truth::{NOUN, Truth};

/// The column of the true labels.
const LABELS: &str = "labels";

/// The evaluator of several labels per item.
#[derive(Debug)]
pub struct MultiLabelClassification {
    manifest: Manifest,
}

/// The metrics in the order of the evidence: curves, the micro curve, means, decisions.
fn metrics(threshold: f64) -> Vec<Metric> {
    let at = |name: &str| format!("{name}_at_{threshold}");
    vec![
        share(
            "map_macro_present_classes",
            "The mean over classes with a positive of the average precision, the sum of (R_n - R_(n-1)) P_n over distinct scores.",
        ),
        share("map_macro_sklearn_all_classes", "The same over all classes; one without a positive counts 0."),
        share("map_weighted", "The mean of the average precision weighted by the positives of the classes."),
        share("map_micro", "The average precision of all scores together."),
        share(
            "lrap",
            "Label ranking average precision: the mean over items and their labels of the share of true labels among the classes that score at least as high; 1 for an item with no label or with all.",
        ),
        loss(
            "coverage_error",
            "classes",
            "The mean over items of how many classes score at least as high as the lowest true label; 0 for an item without label.",
        ),
        error_share(
            "label_ranking_loss",
            "The mean over items of the share of pairs of a true and a false label that are not in order, equal scores included; 0 for an item with no label or with all.",
        ),
        error_share(at("hamming_loss"), "The share of wrong decisions over items and classes."),
        share(at("subset_accuracy"), "The share of items all of whose decisions are right."),
        share(at("f1_samples"), "The mean over items of F1; 0 for an item with no label and no decision."),
        share(at("f1_micro"), "F1 of the decisions over all items and classes."),
        share(at("f1_macro"), "The mean of F1 over all classes; 0/0 counts 0."),
    ]
}

const RULES: &str = "\
- The primary metric leaves out classes without a positive, as the literature on Charades and AVA does; \
`map_macro_sklearn_all_classes` counts them 0, as scikit-learn does.
- Every class must have a column, and there are no others; a class that does not occur in the truth must be listed.
- Any finite score is accepted; a score of exactly the threshold is a yes.
- Modes: strict and reference are the same.";

impl MultiLabelClassification {
    /// The evaluator with its documentation.
    pub fn new() -> Self {
        let manifest = Manifest {
            id: "classification_multilabel".to_owned(),
            version: "1.0.0".to_owned(),
            title: "Multi-label classification".to_owned(),
            description: "Every item has any number of true labels, and every class gets a score.".to_owned(),
            annotations: vec![
                main_format(
                    "The columns `id` and `labels`; labels are separated by `|` and may be none (in JSON: a list).",
                    "id,labels\na1,cook|walk\na2,\n",
                ),
                classes_format("With it, classes without an item are known."),
            ],
            unannotated: Some(unannotated_format()),
            submission: submission_format(
                "The column `id` and one column per class, named as the class.",
                "id,cook,walk\na2,0.2,0.1\na1,0.7,0.4\n",
            ),
            metrics: metrics(0.5),
            params: Schema(vec![threshold_param(), classes_param()]),
            item: "item".to_owned(),
            resampling_unit: "item".to_owned(),
            rules: RULES.to_owned(),
            references: references(),
        };
        Self { manifest }
    }
}

impl Default for MultiLabelClassification {
    fn default() -> Self {
        Self::new()
    }
}

impl Evaluator for MultiLabelClassification {
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
        let mut labels: Vec<Vec<u32>> = Vec::new();
        let truth = Truth::read(annotations, LABELS, HowMany::Labels, |id, texts, at, faults| {
            let mut codes: Vec<u32> = Vec::with_capacity(texts.len());
            for text in texts {
                let code = if declared {
                    classes.require(text, id, at, faults)
                } else {
                    Some(classes.code_or_add(text))
                };
                if code.is_some_and(|code| codes.contains(&code)) {
                    faults.push_with(|| {
                        let message = format!("the label {} stands twice", quoted(text));
                        Fault::whole(Code::DuplicateKey, message, "distinct labels", quoted(text))
                            .at(at.place(id))
                    });
                }
                codes.extend(code);
            }
            labels.push(codes);
        })?;
        let classes = if declared { classes } else { classes.sorted(labels.iter_mut().flatten()) };
        classes.refuse_unlisted(annotations)?;
        if classes.len() == 0 {
            let message = "no item has a label, and no classes are listed";
            let fault = Fault::whole(Code::UnknownLabel, message, "at least one class", "none");
            return Err(AnnotationFaults(Faults::one(fault)));
        }
        let mut positives = Array2::from_elem((labels.len(), classes.len()), false);
        for (mut row, codes) in positives.rows_mut().into_iter().zip(&labels) {
            codes.iter().for_each(|code| row[*code as usize] = true);
        }
        let threshold = params.number("threshold").unwrap_or(0.5);
        Ok(Box::new(PreparedMultiLabel { truth, classes, positives, threshold, metrics: metrics(threshold) }))
    }
}

#[derive(Debug)]
struct PreparedMultiLabel {
    truth: Truth,
    classes: Classes,
    /// Whether an item (row) has a label (column).
    positives: Array2<bool>,
    threshold: f64,
    metrics: Vec<Metric>,
}

impl PreparedMultiLabel {
    fn read(&self, submission: &Input<'_>, limits: &Limits) -> Result<Array2<f64>, Faults> {
        let mut table = Array2::zeros(self.positives.raw_dim());
        let mut faults = Faults::new();
        let mut roll = Roll::new(&self.truth.index, NOUN);
        let names: Vec<String> = self.classes.names().iter().map(str::to_owned).collect();
        let columns = Columns::of(&names);
        read_numbers(submission.single()?, &columns, limits, &mut faults, |id, numbers, at, faults| {
            if let (Some(item), Some(numbers)) = (roll.call(id, || at.place(id), faults), numbers) {
                table.row_mut(item).iter_mut().zip(numbers).for_each(|(slot, number)| *slot = *number);
            }
        })?;
        roll.close(self.truth.items.ids(), &mut faults);
        faults.or(table)
    }

    fn curves(&self, table: &Array2<f64>, limits: &Limits) -> Result<Curve, Faults> {
        let mut classes = Vec::with_capacity(self.classes.len());
        each_column(table, |class, scores| {
            limits.check()?;
            let entry = |item: usize| (item as u32, self.positives[[item, class]]);
            classes.push(ranked(&self.classes.names()[class], scores, entry));
            Ok::<(), Stopped>(())
        })?;
        let averages = [ClassAverage::Present, ClassAverage::All, ClassAverage::Support];
        Ok(Curve { classes, thresholds: 1, outputs: averages.map(average_precision).to_vec() })
    }

    fn micro_curve(&self, table: &Array2<f64>) -> Curve {
        let classes = self.classes.len();
        let entry = |at: usize| {
            let place = [at / classes, at % classes];
            (place[0] as u32, self.positives[place])
        };
        let outputs = vec![average_precision(ClassAverage::Present)];
        Curve { classes: vec![ranked("all", flat(table), entry)], thresholds: 1, outputs }
    }

    fn means(&self, table: &Array2<f64>) -> Array2<f64> {
        let mut means = Array2::zeros((table.nrows(), 6));
        let rows = table.rows().into_iter().zip(self.positives.rows());
        for (mut mean, (scores, labels)) in means.rows_mut().into_iter().zip(rows) {
            let row = Row { scores, labels };
            let ranking = row.ranking();
            let decisions = row.decisions(self.threshold);
            ranking.iter().chain(&decisions).zip(&mut mean).for_each(|(value, slot)| *slot = *value);
        }
        means
    }

    /// The decisions that are not true negatives.
    fn confusion(&self, table: &Array2<f64>) -> Confusion {
        let mut cells = Vec::new();
        for ((item, class), score) in table.indexed_iter() {
            let code = |yes: bool| if yes { class as u32 } else { NO_CLASS };
            let (truth, predicted) = (code(self.positives[[item, class]]), code(*score >= self.threshold));
            if truth != NO_CLASS || predicted != NO_CLASS {
                cells.push(ConfusionCell { item: item as u32, truth, predicted, count: 1 });
            }
        }
        let measures =
            vec![ConfusionMeasure::F1(Averaging::Micro), ConfusionMeasure::F1(Averaging::MacroAll)];
        Confusion { classes: self.classes.len() as u32, ordered: true, cells, measures }
    }
}

fn average_precision(average: ClassAverage) -> CurveOutput {
    CurveOutput { rule: CurveRule::DistinctThresholds, threshold: 0, average }
}

/// The scores and the labels of an item.
struct Row<'r> {
    scores: ArrayView1<'r, f64>,
    labels: ArrayView1<'r, bool>,
}

impl Row<'_> {
    fn scores_of(&self, label: bool) -> impl Iterator<Item = f64> {
        self.scores.iter().zip(&self.labels).filter(move |(_, is)| **is == label).map(|(score, _)| *score)
    }

    /// Label ranking average precision, coverage and ranking loss.
    fn ranking(&self) -> [f64; 3] {
        let classes = self.scores.len() as f64;
        let labels = self.scores_of(true).count() as f64;
        let lowest = self.scores_of(true).fold(f64::INFINITY, f64::min);
        let coverage = self.scores.iter().filter(|score| **score >= lowest).count() as f64;
        if labels == 0.0 || labels == classes {
            return [1.0, coverage, 0.0];
        }
        let (mut precision, mut disorder) = (0.0, 0.0);
        for own in self.scores_of(true) {
            let right = self.scores_of(true).filter(|other| *other >= own).count() as f64;
            let wrong = self.scores_of(false).filter(|other| *other >= own).count() as f64;
            precision += right / (right + wrong);
            disorder += wrong;
        }
        [precision / labels, coverage, disorder / (labels * (classes - labels))]
    }

    /// Hamming loss, whether all decisions are right, and F1.
    fn decisions(&self, threshold: f64) -> [f64; 3] {
        let (mut hits, mut wrong) = (0.0, 0.0);
        for (score, label) in self.scores.iter().zip(&self.labels) {
            match (*score >= threshold, *label) {
                (true, true) => hits += 1.0,
                (false, false) => {}
                (true, false) | (false, true) => wrong += 1.0,
            }
        }
        let f1 = if hits == 0.0 { 0.0 } else { 2.0 * hits / (2.0 * hits + wrong) };
        [wrong / self.scores.len() as f64, f64::from(u8::from(wrong == 0.0)), f1]
    }
}

impl Prepared for PreparedMultiLabel {
    fn items(&self) -> &Items {
        &self.truth.items
    }

    fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    fn evaluate(&self, submission: &Input<'_>, limits: &Limits) -> Result<Evidence, SubmissionFaults> {
        let table = self.read(submission, limits)?;
        let mut evidence = Evidence::new(table.nrows());
        let curves = evidence.block(self.curves(&table, limits)?);
        let micro = evidence.block(self.micro_curve(&table));
        let means = evidence.block(sdk::evidence::Mean::new(self.means(&table)));
        let decisions = evidence.block(self.confusion(&table));
        let terms = (0..3)
            .map(|output| curves.output(output))
            .chain([micro.output(0)])
            .chain((0..6).map(|column| means.output(column)))
            .chain((0..2).map(|output| decisions.output(output)));
        for (metric, term) in self.metrics.iter().zip(terms) {
            evidence.metric(&metric.name, 1.0, term);
        }
        Ok(evidence)
    }
}
