//! Detection of many categories as LVIS scores it: only where annotators looked for a category does it count.

mod manifest;

use sdk::{
    AnnotationFaults, Evaluator, Evidence, Input, Inputs, Items, Limits, Manifest, Metric, Mode, Params,
    Prepared, SubmissionFaults,
};

use crate::dataset::{
    self, Dataset, Group, Kind, Reading, UnknownCategories, read_annotations, read_submission,
};
use crate::matching::{AreaRange, Rules};
use crate::ranking::{Detections, Ranking, descending};
use crate::scores::{AT_75, RangeCurves, coco_thresholds};

/// The evaluator `lvis_detection`.
#[derive(Debug)]
pub struct Lvis {
    manifest: Manifest,
}

impl Lvis {
    /// The evaluator.
    #[expect(clippy::new_without_default, reason = "an evaluator is made once, by name")]
    pub fn new() -> Self {
        Self { manifest: manifest::manifest() }
    }
}

/// How many detections of an image count by default.
const MOST: i64 = 300;

impl Evaluator for Lvis {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn prepare(
        &self,
        annotations: &Inputs<'_>,
        params: &Params,
        mode: Mode,
    ) -> Result<Box<dyn Prepared>, AnnotationFaults> {
        let drop_unknown = mode == Mode::Reference || params.text("unknown_categories") == Some("drop");
        let reading = Reading {
            kind: if params.text("shape") == Some("masks") { Kind::Masks } else { Kind::Boxes },
            mode,
            only: None,
            unknown_categories: match drop_unknown {
                true => UnknownCategories::Drop,
                false => UnknownCategories::Refuse,
            },
            empty_list: false,
            filled_boxes: false,
            federated: true,
            group: params.text("group").map_or(Group::Image, |field| Group::Field(field.to_owned())),
        };
        let main = annotations.require(Inputs::MAIN)?.single()?;
        let dataset = read_annotations(&main.bytes, &reading, annotations.are_unannotated())?;
        let most = params.integer("max_detections").unwrap_or(MOST) as usize;
        let rules = Rules { thresholds: coco_thresholds(), ranges: AreaRange::of_coco().to_vec() };
        Ok(Box::new(PreparedLvis { reading, dataset, rules, most, metrics: manifest::metrics(most) }))
    }
}

#[derive(Debug)]
struct PreparedLvis {
    reading: Reading,
    dataset: Dataset,
    rules: Rules,
    most: usize,
    metrics: Vec<Metric>,
}

impl Prepared for PreparedLvis {
    fn items(&self) -> &Items {
        &self.dataset.items
    }

    fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    fn evaluate(&self, submission: &Input<'_>, limits: &Limits) -> Result<Evidence, SubmissionFaults> {
        let file = submission.single()?;
        let sent = read_submission(&self.dataset, &self.reading, &file.bytes, limits)?;
        let mut evidence = Evidence::new(self.dataset.items.len());
        evidence.note(
            "unknown_categories_dropped",
            sent.unknown_categories,
            "detections with a category that the annotations do not list are dropped",
        );
        evidence.note(
            "boxes_far_beyond_image",
            sent.beyond_image,
            "boxes end far beyond their image: a box is [x, y, width, height], not two corners",
        );
        let mut chosen = best_of_images(&sent.detections, self.dataset.items.len(), self.most);
        chosen.retain(|one| self.was_looked_for(&sent.detections, *one as usize));
        let not_exhaustive = &self.dataset.looked_for.not_exhaustive;
        let ranked = Ranking {
            rules: &self.rules,
            names: &self.dataset.names,
            images: self.dataset.items.len(),
            objects: &self.dataset.objects,
            most: usize::MAX,
            fewer: &[],
            excused: &|category, image| not_exhaustive.binary_search(&(image, category)).is_ok(),
        }
        .rank(
            &sent.detections,
            chosen,
            dataset::similarity(&self.reading.kind, &self.dataset, &sent.shapes),
            limits,
        )
        .map_err(|stopped| SubmissionFaults(stopped.into()))?;

        let thresholds = self.rules.thresholds.len();
        let ranges: Vec<RangeCurves> = ranked
            .ranges
            .into_iter()
            .enumerate()
            .map(|(range, classes)| {
                let groups = if range == 0 { &self.dataset.frequencies[..] } else { &[] };
                RangeCurves::add(&mut evidence, classes, thresholds, groups)
            })
            .collect();
        let mut terms =
            vec![ranges[0].precision(), vec![ranges[0].precision_at(0)], vec![ranges[0].precision_at(AT_75)]];
        terms.extend(ranges[1..].iter().map(|range| range.precision()));
        terms.extend((0..self.dataset.frequencies.len()).map(|group| ranges[0].precision_within(group)));
        terms.extend(ranges.iter().map(|range| range.recall()));
        for (metric, terms) in self.metrics.iter().zip(terms) {
            evidence.metric_mean(&metric.name, 1.0, terms);
        }
        Ok(evidence)
    }
}

impl PreparedLvis {
    /// Whether the category of a detection is known to be in its image, or known to be absent.
    fn was_looked_for(&self, detections: &Detections, one: usize) -> bool {
        let (image, category) = (detections.images[one], detections.categories[one]);
        let with_objects = &self.dataset.objects.of_category[category as usize];
        with_objects.binary_search_by_key(&image, |(image, _)| *image).is_ok()
            || self.dataset.looked_for.absent.binary_search(&(image, category)).is_ok()
    }
}

/// The best detections of every image, over all categories, in the order of the file; of equal scores the earlier ones.
fn best_of_images(detections: &Detections, images: usize, most: usize) -> Vec<u32> {
    let mut counts = vec![0_usize; images];
    for image in &detections.images {
        counts[*image as usize] += 1;
    }
    let mut crowded: Vec<Vec<u32>> = vec![Vec::new(); images];
    let mut chosen = Vec::with_capacity(detections.len());
    for (one, image) in (0_u32..).zip(&detections.images) {
        match counts[*image as usize] > most {
            true => crowded[*image as usize].push(one),
            false => chosen.push(one),
        }
    }
    for mut of_image in crowded {
        of_image.sort_by_key(|one| descending(detections.scores[*one as usize]));
        of_image.truncate(most);
        chosen.extend(of_image);
    }
    chosen.sort_unstable();
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_keeps_its_best_detections_and_of_equals_the_earlier() {
        let detections = Detections {
            images: vec![0, 1, 0, 0, 0],
            categories: vec![0; 5],
            scores: vec![0.5, 0.1, 0.5, 0.9, 0.5],
            areas: vec![1.0; 5],
        };
        assert_eq!(best_of_images(&detections, 2, 3), [0, 1, 2, 3]);
        assert_eq!(best_of_images(&detections, 2, 4), [0, 1, 2, 3, 4]);
    }
}
