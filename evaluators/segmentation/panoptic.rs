//! `segmentation_panoptic`: things and stuff, every pixel in one segment, scored by panoptic quality.

mod categories;
mod image_info;
mod manifest;
mod results;

use std::collections::HashMap;

use ndarray::Array2;
use sdk::evidence::{ClassQuotient, ClassQuotients, ClassValue};
use sdk::{
    AnnotationFaults, Evaluator, Evidence, Faults, Input, Inputs, Items, Limits, Manifest, Metric, Mode,
    Params, Prepared, SubmissionFaults,
};

use categories::Categories;
use results::{Results, Segmented};

/// The evaluator of panoptic segmentation.
#[derive(Debug)]
pub struct PanopticSegmentation {
    manifest: Manifest,
}

impl PanopticSegmentation {
    /// The evaluator with its documentation.
    pub fn new() -> Self {
        Self { manifest: manifest::manifest() }
    }
}

impl Default for PanopticSegmentation {
    fn default() -> Self {
        Self::new()
    }
}

impl Evaluator for PanopticSegmentation {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn prepare(
        &self,
        annotations: &Inputs<'_>,
        _params: &Params,
        _mode: Mode,
    ) -> Result<Box<dyn Prepared>, AnnotationFaults> {
        let limits = Limits::default();
        let of_main = |faults: Faults| AnnotationFaults(faults.of_file(Inputs::MAIN));
        let main = annotations.require(Inputs::MAIN)?;
        if annotations.are_unannotated() {
            let (categories, images) = image_info::read(main, &limits).map_err(of_main)?;
            return Ok(Box::new(PreparedPanoptic::new(categories, images)));
        }
        let results = Results::open(main, &limits).map_err(of_main)?;
        let categories = Categories::of(results.categories.as_deref()).map_err(of_main)?;
        let mut faults = Faults::new();
        let mut images = Vec::with_capacity(results.images.len());
        for (position, image) in results.images.iter().enumerate() {
            let segmented = results.segmented(position, &categories, None, &mut faults);
            images.extend(segmented.map(|segmented| (image.id.clone(), segmented)));
        }
        faults.or(()).map_err(of_main)?;
        Ok(Box::new(PreparedPanoptic::new(categories, images)))
    }
}

#[derive(Debug)]
struct PreparedPanoptic {
    items: Items,
    positions: HashMap<String, usize>,
    images: Vec<Segmented>,
    categories: Categories,
    metrics: Vec<Metric>,
}

/// What is added up of an image and a category: the overlaps of matches, matches, false positives, misses.
type Sums = [f64; 4];

impl Prepared for PreparedPanoptic {
    fn items(&self) -> &Items {
        &self.items
    }

    fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    fn evaluate(&self, submission: &Input<'_>, limits: &Limits) -> Result<Evidence, SubmissionFaults> {
        let results = Results::open(submission, limits)?;
        let mut faults = Faults::new();
        let mut predicted = vec![None; self.images.len()];
        for (position, image) in results.images.iter().enumerate() {
            match self.positions.get(&image.id) {
                Some(item) => predicted[*item] = Some(position),
                None => faults.push_with(|| results.unknown_image(position)),
            }
        }
        let (mut rows, mut columns) = (Vec::new(), Vec::new());
        for (item, (truth, position)) in self.images.iter().zip(&predicted).enumerate() {
            limits.check().map_err(Faults::from)?;
            let Some(position) = position else {
                faults.push_with(|| results::missing_image(&self.items.ids()[item], self.images.len()));
                continue;
            };
            let found = results.segmented(*position, &self.categories, Some(truth.size), &mut faults);
            if let (Some(found), true) = (found, faults.is_empty()) {
                for (category, sums) in self.match_segments(truth, &found) {
                    rows.push((item as u32, category));
                    columns.extend(sums);
                }
            }
        }
        faults.or(())?;
        Ok(self.evidence(rows, columns))
    }
}

impl PreparedPanoptic {
    /// The task of images by their ids, which are distinct.
    fn new(categories: Categories, images: Vec<(String, Segmented)>) -> Self {
        Self {
            items: Items::ungrouped(images.iter().map(|(id, _)| id).collect::<sdk::Ids>()),
            positions: images.iter().zip(0..).map(|((id, _), at)| (id.clone(), at)).collect(),
            images: images.into_iter().map(|(_, segmented)| segmented).collect(),
            categories,
            metrics: manifest::metrics(),
        }
    }

    /// Matches the segments of an image; what there is to add up, in the order of the categories.
    fn match_segments(&self, truth: &Segmented, found: &Segmented) -> Vec<(u32, Sums)> {
        let shared = shared_pixels(truth, found);
        let of_void = |segment: usize| shared.get(&(0, segment as u32 + 1)).copied().unwrap_or(0);
        let mut sums: HashMap<u32, Sums> = HashMap::new();
        let mut truth_matched = vec![false; truth.segments.len()];
        let mut found_matched = vec![false; found.segments.len()];
        let mut pairs: Vec<(&(u32, u32), &u64)> =
            shared.iter().filter(|((true_one, found_one), _)| *true_one > 0 && *found_one > 0).collect();
        pairs.sort_unstable();
        for ((true_one, found_one), both) in pairs {
            let (true_one, found_one) = (*true_one as usize - 1, *found_one as usize - 1);
            let (a, b) = (&truth.segments[true_one], &found.segments[found_one]);
            if a.crowd || a.category != b.category {
                continue;
            }
            let union = a.area + b.area - both - of_void(found_one);
            // More than half: a segment has at most one match.
            if 2 * both > union {
                let sums = sums.entry(a.category).or_default();
                sums[0] += *both as f64 / union as f64;
                sums[1] += 1.0;
                truth_matched[true_one] = true;
                found_matched[found_one] = true;
            }
        }
        // Of several crowds of a category the last one listed counts.
        let mut crowds: HashMap<u32, u32> = HashMap::new();
        for (position, segment) in truth.segments.iter().enumerate() {
            if segment.crowd {
                crowds.insert(segment.category, position as u32 + 1);
            } else if !truth_matched[position] {
                sums.entry(segment.category).or_default()[3] += 1.0;
            }
        }
        for (position, segment) in found.segments.iter().enumerate().filter(|(at, _)| !found_matched[*at]) {
            let crowd = crowds.get(&segment.category);
            let of_crowd = crowd.and_then(|crowd| shared.get(&(*crowd, position as u32 + 1)));
            let excused = of_void(position) + of_crowd.copied().unwrap_or(0);
            if 2 * excused <= segment.area {
                sums.entry(segment.category).or_default()[2] += 1.0;
            }
        }
        let mut sums: Vec<(u32, Sums)> = sums.into_iter().collect();
        sums.sort_unstable_by_key(|(category, _)| *category);
        sums
    }

    fn evidence(&self, rows: Vec<(u32, u32)>, columns: Vec<f64>) -> Evidence {
        let mut evidence = Evidence::new(self.items.len());
        let (overlap, hits) = (vec![(0, 1.0)], vec![(1, 1.0)]);
        let counts = vec![(1, 1.0), (2, 1.0), (3, 1.0)];
        let segments = vec![(1, 1.0), (2, 0.5), (3, 0.5)];
        let mean = |numerator: &Vec<_>, denominator: &Vec<_>| ClassValue::Mean {
            numerator: numerator.clone(),
            denominator: denominator.clone(),
        };
        let values =
            [mean(&overlap, &segments), mean(&overlap, &hits), mean(&hits, &segments), ClassValue::Count];
        let outputs = (0..3).flat_map(|set| {
            let counts = &counts;
            values.clone().map(|value| ClassQuotient { set, counts: counts.clone(), value })
        });
        let block = ClassQuotients {
            classes: self.categories.len() as u32,
            columns: Array2::from_shape_fn((rows.len(), 4), |(row, column)| columns[4 * row + column]),
            rows,
            sets: self.categories.sets(),
            outputs: outputs.collect(),
        };
        let block = evidence.block(block);
        for (output, metric) in self.metrics.iter().enumerate() {
            evidence.metric(&metric.name, 1.0, block.output(output));
        }
        evidence
    }
}

/// How many pixels every pair of segments shares, as one more than their positions; 0 stands for void.
fn shared_pixels(truth: &Segmented, found: &Segmented) -> HashMap<(u32, u32), u64> {
    let mut shared = HashMap::new();
    let (mut truth, mut found) = (truth.runs.iter().copied(), found.runs.iter().copied());
    let (mut of_truth, mut of_found) = (truth.next(), found.next());
    while let (Some((a, a_left)), Some((b, b_left))) = (of_truth, of_found) {
        let both = a_left.min(b_left);
        *shared.entry((a, b)).or_insert(0) += u64::from(both);
        of_truth = if a_left > both { Some((a, a_left - both)) } else { truth.next() };
        of_found = if b_left > both { Some((b, b_left - both)) } else { found.next() };
    }
    shared
}
