//! `segmentation_semantic`: a class for every pixel, scored from the table of truth by prediction.

mod classes;
mod image_info;
mod manifest;

use sdk::evidence::{Averaging, Cell, Confusion, ConfusionMeasure, NO_CLASS};
use sdk::{
    AnnotationFaults, Code, Evaluator, Evidence, Fault, Faults, Input, Inputs, Items, Limits, Manifest,
    Metric, Mode, Params, Prepared, SubmissionFaults,
};

use crate::label_map::{LabelMap, Pixels};
use crate::maps::Maps;
use classes::Classes;

/// The evaluator of semantic segmentation.
#[derive(Debug)]
pub struct SemanticSegmentation {
    manifest: Manifest,
}

impl SemanticSegmentation {
    /// The evaluator with its documentation.
    pub fn new() -> Self {
        Self { manifest: manifest::manifest() }
    }
}

impl Default for SemanticSegmentation {
    fn default() -> Self {
        Self::new()
    }
}

/// The measures in the order of the metrics.
const MEASURES: [ConfusionMeasure; 7] = [
    ConfusionMeasure::Jaccard(Averaging::Macro),
    ConfusionMeasure::Jaccard(Averaging::Present),
    ConfusionMeasure::Jaccard(Averaging::MacroAll),
    ConfusionMeasure::Jaccard(Averaging::Weighted),
    ConfusionMeasure::Accuracy,
    ConfusionMeasure::BalancedAccuracy,
    ConfusionMeasure::F1(Averaging::Macro),
];

impl Evaluator for SemanticSegmentation {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn prepare(
        &self,
        annotations: &Inputs<'_>,
        params: &Params,
        mode: Mode,
    ) -> Result<Box<dyn Prepared>, AnnotationFaults> {
        let limits = Limits::default();
        let classes = Classes::read(annotations, &limits)?;
        let main = annotations.require(Inputs::MAIN)?;
        let of_main = |faults: Faults| AnnotationFaults(faults.of_file(Inputs::MAIN));
        let prepared =
            |names: &[&str], images| PreparedMaps::new(names, images, classes.clone(), params, mode);
        if annotations.are_unannotated() {
            let sizes = image_info::read(main, &limits).map_err(of_main)?;
            let names: Vec<&str> = sizes.keys().map(String::as_str).collect();
            return Ok(Box::new(prepared(&names, sizes.values().copied().map(Truth::withheld).collect())));
        }
        let maps = Maps::open(main, &limits).map_err(of_main)?.without_common_folder(1);
        let mut faults = Faults::new();
        let mut images = Vec::with_capacity(maps.len());
        for position in 0..maps.len() {
            match maps.read(position, Pixels::Labels, None) {
                Ok(map) => images.push(Truth::of(&map, &classes, &mut faults)),
                Err(found) => faults.extend(found),
            }
        }
        if maps.len() == 0 {
            let message = "the annotations have no label map";
            faults.push(Fault::whole(Code::EmptySubmission, message, "a map for every image", "none"));
        }
        faults.or(()).map_err(of_main)?;
        Ok(Box::new(prepared(&maps.names().collect::<Vec<_>>(), images)))
    }
}

/// The true classes of an image.
#[derive(Debug)]
struct Truth {
    size: (usize, usize),
    /// Class and length, row after row; an ignored run has [`NO_CLASS`].
    runs: Vec<(u32, u32)>,
}

impl Truth {
    /// Of an image whose classes are held out no pixel counts.
    fn withheld(size: (usize, usize)) -> Self {
        Self { size, runs: vec![(NO_CLASS, (size.0 * size.1) as u32)] }
    }

    fn of(map: &LabelMap, classes: &Classes, faults: &mut Faults) -> Self {
        let mut runs = map.runs();
        let unknown = runs.iter().find(|(label, _)| *label != classes.ignored && *label >= classes.count());
        if let Some((label, _)) = unknown {
            faults.push_with(|| {
                let message = format!("a pixel has the label {label}, which is no class");
                let expected = format!("0 to {} or {} for ignored", classes.count() - 1, classes.ignored);
                Fault::whole(Code::UnknownLabel, message, expected, label.to_string())
            });
        }
        for (label, _) in &mut runs {
            if *label == classes.ignored {
                *label = NO_CLASS;
            }
        }
        Self { size: map.size(), runs }
    }
}

#[derive(Debug)]
struct PreparedMaps {
    items: Items,
    images: Vec<Truth>,
    classes: Classes,
    metrics: Vec<Metric>,
    measures: Vec<ConfusionMeasure>,
    mode: Mode,
}

impl PreparedMaps {
    /// Images in the order of their names.
    fn new(names: &[&str], images: Vec<Truth>, classes: Classes, params: &Params, mode: Mode) -> Self {
        let items = Items::new(names.iter().map(|name| {
            let folder = name.rsplit_once('/').map_or(*name, |(folder, _)| folder);
            (*name, folder)
        }));
        let per_class = params.boolean("per_class").unwrap_or_default();
        let metrics = manifest::metrics(if per_class { classes.names() } else { &[] });
        let measures = MEASURES.into_iter();
        let of_classes = (0..metrics.len() - MEASURES.len())
            .flat_map(|class| [ConfusionMeasure::Jaccard(Averaging::Class(class as u32))]);
        let measures = measures.chain(of_classes).collect();
        Self { items, images, classes, metrics, measures, mode }
    }

    /// Refuses labels that are no class.
    ///
    /// The truth does not matter for that, so that nothing is told of where it is ignored.
    fn check(&self, name: &str, map: &LabelMap, faults: &mut Faults) {
        let count = self.classes.count();
        let Some(at) = map.labels.iter().position(|label| *label >= count) else { return };
        if self.mode == Mode::Reference {
            return;
        }
        faults.push_with(|| {
            let (label, x, y) = (map.labels[at], at % map.width, at / map.width);
            let message =
                format!("the pixel in column {x}, row {y} has the label {label}, which is no class");
            let fault = Fault::whole(
                Code::UnknownLabel,
                message,
                format!("a class from 0 to {}", count - 1),
                label.to_string(),
            );
            let fault = Fault { file: Some(name.to_owned()), ..fault };
            match label == self.classes.ignored {
                true => fault.hint("only the truth has ignored pixels; predict a class for every pixel"),
                false if label == count => {
                    fault.hint("classes are counted from 0; these may be counted from 1")
                }
                false => fault,
            }
        });
    }

    /// Adds how often every pair of classes stands at one pixel of an image.
    fn count(&self, item: usize, map: &LabelMap, table: &mut [u32], cells: &mut Vec<Cell>) {
        let classes = self.classes.count() as usize;
        // One more column for what is no class.
        let width = classes + 1;
        let mut rest = &map.labels[..];
        for (truth, length) in &self.images[item].runs {
            let (run, after) = rest.split_at(*length as usize);
            rest = after;
            if *truth != NO_CLASS {
                let row = &mut table[*truth as usize * width..(*truth as usize + 1) * width];
                for label in run {
                    row[(*label as usize).min(classes)] += 1;
                }
            }
        }
        for (truth, row) in (0..).zip(table.chunks_exact_mut(width)) {
            for (label, count) in row.iter_mut().enumerate().filter(|(_, count)| **count > 0) {
                let predicted = if label == classes { NO_CLASS } else { label as u32 };
                cells.push(Cell { item: item as u32, truth, predicted, count: *count });
                *count = 0;
            }
        }
    }
}

impl Prepared for PreparedMaps {
    fn items(&self) -> &Items {
        &self.items
    }

    fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    fn evaluate(&self, submission: &Input<'_>, limits: &Limits) -> Result<Evidence, SubmissionFaults> {
        let ids = self.items.ids();
        let known = |name: &str| ids.binary_search(name).is_ok();
        let maps = Maps::open(submission, limits)?.named_as(known);
        let mut faults = Faults::new();
        let positions = maps.find(ids.iter(), |_| false, &mut faults);
        let classes = self.classes.count() as usize;
        let mut table = vec![0; classes * (classes + 1)];
        let mut cells = Vec::new();
        for (item, position) in positions.into_iter().enumerate() {
            let Some(position) = position else { continue };
            limits.check().map_err(Faults::from)?;
            match maps.read(position, Pixels::Labels, Some(self.images[item].size)) {
                Ok(map) => {
                    self.check(&ids[item], &map, &mut faults);
                    self.count(item, &map, &mut table, &mut cells);
                }
                Err(found) => faults.extend(found),
            }
        }
        faults.or(())?;
        let mut evidence = Evidence::new(ids.len());
        let measures = self.measures.clone();
        let block =
            evidence.block(Confusion { classes: self.classes.count(), ordered: true, cells, measures });
        for (position, metric) in self.metrics.iter().enumerate() {
            evidence.metric(&metric.name, 1.0, block.output(position));
        }
        Ok(evidence)
    }
}
