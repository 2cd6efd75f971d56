//! A sparse table of truth by prediction, and the measures of agreement of its weighted sums.

use serde::{Deserialize, Serialize};

use super::Block;
use super::asked::Asked;
use super::score::{Score, Undefined};
use crate::sum::{LaneSum, Sum};

/// The class of a cell that has none: a missed positive has no predicted class, a false alarm no true one.
pub const NO_CLASS: u32 = u32::MAX;

/// Counts of (true class, predicted class) per item.
#[derive(Debug, Clone, PartialEq)]
pub struct Confusion {
    /// How many classes there are.
    pub classes: u32,
    /// Whether the order of the classes was declared: then a class that does not occur still takes its place in the
    /// distances of [`KappaWeights`]; otherwise only classes that occur do.
    pub ordered: bool,
    /// The counts.
    pub cells: Vec<Cell>,
    /// One output each.
    pub measures: Vec<ConfusionMeasure>,
}

/// How often an item shows a pair of classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// The item.
    pub item: u32,
    /// The true class, or [`NO_CLASS`].
    pub truth: u32,
    /// The predicted class, or [`NO_CLASS`].
    pub predicted: u32,
    /// How often.
    pub count: u32,
}

/// A measure of agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum ConfusionMeasure {
    /// The share of cells on the diagonal.
    Accuracy,
    /// The mean recall over classes that occur in the truth.
    BalancedAccuracy,
    /// True positives over predictions; zero where nothing is predicted.
    Precision(Averaging),
    /// True positives over positives; zero where there is no positive.
    Recall(Averaging),
    /// The harmonic mean of both.
    F1(Averaging),
    /// True positives over the union of positives and predictions.
    Jaccard(Averaging),
    /// The correlation coefficient of Matthews (of Gorodkin for many classes); zero where it is undefined.
    Matthews,
    /// Cohen's kappa.
    Kappa(KappaWeights),
}

/// How per-class values become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Averaging {
    /// The mean over classes that occur in truth or prediction.
    Macro,
    /// The mean over all classes; one that never occurs counts zero.
    MacroAll,
    /// From the sums over classes.
    Micro,
    /// The mean weighted by the positives of the classes.
    Weighted,
    /// The value of one class.
    Class(u32),
    /// The mean over classes that occur in the truth.
    Present,
}

/// What a disagreement costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum KappaWeights {
    /// The same for every pair of classes.
    Equal,
    /// The distance of the classes in their order.
    Linear,
    /// The square of the distance.
    Quadratic,
}

impl From<Confusion> for Block {
    fn from(block: Confusion) -> Self {
        Self::Confusion(block)
    }
}

/// Working memory of confusion tables.
#[derive(Debug, Default)]
pub(super) struct ConfusionScratch<const L: usize> {
    /// Hits, truth and predictions of every class.
    lanes: Vec<[LaneSum<L>; 3]>,
    classes: Vec<ClassSums>,
    places: Vec<f64>,
}

#[derive(Debug, Clone, Copy, Default)]
struct ClassSums {
    hits: Sum,
    truth: Sum,
    predicted: Sum,
}

impl ClassSums {
    fn occurs(self) -> bool {
        self.truth.total() > 0.0 || self.predicted.total() > 0.0
    }
}

/// The weighted sums of a table.
struct Sums<'a> {
    classes: &'a [ClassSums],
    /// Where each class stands in the distances between classes.
    places: &'a [f64],
    total: f64,
    hits: f64,
    linear: f64,
    quadratic: f64,
}

impl Confusion {
    pub(super) fn score<const L: usize>(
        &self,
        weights: &[[f64; L]],
        asked: &Asked,
        scratch: &mut ConfusionScratch<L>,
        outputs: &mut [[Score; L]],
    ) {
        let ConfusionScratch { lanes, classes, places } = scratch;
        lanes.clear();
        // The share on the diagonal needs no sums by class, which are what costs.
        let by_class = asked.among(&self.measures).any(|measure| *measure != ConfusionMeasure::Accuracy);
        lanes.resize(if by_class { self.classes as usize } else { 0 }, [LaneSum::default(); 3]);
        let [mut total, mut hits] = [LaneSum::default(); 2];
        for cell in &self.cells {
            let weights = weights[cell.item as usize].map(|weight| weight * f64::from(cell.count));
            if weights == [0.0; L] {
                continue;
            }
            total.add(weights);
            if cell.truth == cell.predicted && cell.truth != NO_CLASS {
                hits.add(weights);
            }
            if !by_class {
                continue;
            }
            if cell.truth != NO_CLASS {
                lanes[cell.truth as usize][1].add(weights);
            }
            if cell.predicted != NO_CLASS {
                lanes[cell.predicted as usize][2].add(weights);
            }
            if cell.truth == cell.predicted && cell.truth != NO_CLASS {
                lanes[cell.truth as usize][0].add(weights);
            }
        }
        for lane in 0..L {
            classes.clear();
            classes.extend(lanes.iter().map(|class| {
                let [hits, truth, predicted] = class.map(|sum| sum.lane(lane));
                ClassSums { hits, truth, predicted }
            }));
            places.clear();
            let mut occurring = 0.0;
            places.extend(classes.iter().map(|class| {
                let place = occurring;
                occurring += f64::from(u8::from(self.ordered || class.occurs()));
                place
            }));
            let (linear, quadratic) = self.distances(|item| weights[item][lane], places, asked);
            let (total, hits) = (total.lane(lane).total(), hits.lane(lane).total());
            let sums = Sums { classes, places, total, hits, linear, quadratic };
            for (output, measure) in asked.among(outputs.iter_mut().zip(&self.measures)) {
                output[lane] = match sums.total {
                    0.0 => Score::Undefined(Undefined::NoWeight),
                    _ => sums.measure(*measure),
                };
            }
        }
    }

    /// The weighted sums of the distances, and of their squares, between truth and prediction.
    fn distances(&self, weight_of: impl Fn(usize) -> f64, places: &[f64], asked: &Asked) -> (f64, f64) {
        let needed = |measure: &ConfusionMeasure| {
            matches!(measure, ConfusionMeasure::Kappa(KappaWeights::Linear | KappaWeights::Quadratic))
        };
        let [mut linear, mut quadratic] = [Sum::default(); 2];
        if asked.among(&self.measures).any(needed) {
            for cell in self.cells.iter().filter(|cell| cell.truth != NO_CLASS && cell.predicted != NO_CLASS)
            {
                let weight = weight_of(cell.item as usize) * f64::from(cell.count);
                let distance = (places[cell.truth as usize] - places[cell.predicted as usize]).abs();
                linear.add(weight * distance);
                quadratic.add(weight * distance * distance);
            }
        }
        (linear.total(), quadratic.total())
    }
}

impl Sums<'_> {
    fn measure(&self, measure: ConfusionMeasure) -> Score {
        let precision = |class: &ClassSums| part(class.hits.total(), class.predicted.total());
        let recall = |class: &ClassSums| part(class.hits.total(), class.truth.total());
        let f1 =
            |class: &ClassSums| part(2.0 * class.hits.total(), class.truth.total() + class.predicted.total());
        let jaccard = |class: &ClassSums| {
            let hits = class.hits.total();
            part(hits, class.truth.total() + class.predicted.total() - hits)
        };
        match measure {
            ConfusionMeasure::Accuracy => Score::quotient(self.hits, self.total),
            ConfusionMeasure::BalancedAccuracy => {
                self.mean_where(|class| class.truth.total() > 0.0, recall, |_| 1.0)
            }
            ConfusionMeasure::Precision(averaging) => self.average(averaging, precision),
            ConfusionMeasure::Recall(averaging) => self.average(averaging, recall),
            ConfusionMeasure::F1(averaging) => self.average(averaging, f1),
            ConfusionMeasure::Jaccard(averaging) => self.average(averaging, jaccard),
            ConfusionMeasure::Matthews => self.matthews(),
            ConfusionMeasure::Kappa(weights) => self.kappa(weights),
        }
    }

    fn average(&self, averaging: Averaging, value: impl Fn(&ClassSums) -> f64) -> Score {
        match averaging {
            Averaging::Macro => self.mean_where(|class| class.occurs(), value, |_| 1.0),
            Averaging::MacroAll => self.mean_where(|_| true, value, |_| 1.0),
            Averaging::Present => self.mean_where(|class| class.truth.total() > 0.0, value, |_| 1.0),
            Averaging::Weighted => {
                self.mean_where(|class| class.occurs(), value, |class| class.truth.total())
            }
            Averaging::Micro => {
                let mut all = ClassSums::default();
                for class in self.classes {
                    all.hits.add(class.hits.total());
                    all.truth.add(class.truth.total());
                    all.predicted.add(class.predicted.total());
                }
                Score::of(value(&all))
            }
            Averaging::Class(class) => match self.classes.get(class as usize) {
                Some(class) if class.occurs() => Score::of(value(class)),
                _ => Score::Undefined(Undefined::NoWeight),
            },
        }
    }

    fn mean_where(
        &self,
        counts: impl Fn(&ClassSums) -> bool,
        value: impl Fn(&ClassSums) -> f64,
        weight: impl Fn(&ClassSums) -> f64,
    ) -> Score {
        let (mut sum, mut total) = (Sum::default(), Sum::default());
        for class in self.classes.iter().filter(|class| counts(class)) {
            sum.add(weight(class) * value(class));
            total.add(weight(class));
        }
        Score::quotient(sum.total(), total.total())
    }

    fn matthews(&self) -> Score {
        let dot = |product: fn(&ClassSums) -> f64| self.classes.iter().map(product).collect::<Sum>().total();
        let truth_by_predicted = dot(|class| class.truth.total() * class.predicted.total());
        let truth_squared = dot(|class| class.truth.total().powi(2));
        let predicted_squared = dot(|class| class.predicted.total().powi(2));
        let squared = self.total * self.total;
        let covariance = self.hits * self.total - truth_by_predicted;
        let spread = (squared - predicted_squared) * (squared - truth_squared);
        Score::of(if spread == 0.0 { 0.0 } else { covariance / spread.sqrt() })
    }

    fn kappa(&self, weights: KappaWeights) -> Score {
        let observed = match weights {
            KappaWeights::Equal => self.total - self.hits,
            KappaWeights::Linear => self.linear,
            KappaWeights::Quadratic => self.quadratic,
        };
        match self.expected_cost(weights) / self.total {
            0.0 => Score::Undefined(Undefined::OneClass),
            expected => Score::of(1.0 - observed / expected),
        }
    }

    /// What truth and prediction would cost together if they had nothing to do with each other, times the total.
    ///
    /// Its time is linear in the classes, whose number a submission decides.
    fn expected_cost(&self, weights: KappaWeights) -> f64 {
        let sum_of = |value: fn(f64, &ClassSums) -> f64| -> f64 {
            self.places
                .iter()
                .zip(self.classes)
                .map(|(place, class)| value(*place, class))
                .collect::<Sum>()
                .total()
        };
        let truth = sum_of(|_, class| class.truth.total());
        let predicted = sum_of(|_, class| class.predicted.total());
        match weights {
            KappaWeights::Equal => {
                truth * predicted - sum_of(|_, class| class.truth.total() * class.predicted.total())
            }
            KappaWeights::Linear => {
                // Every step between neighbours is paid by the pairs that stand on its two sides.
                let (mut truth_below, mut predicted_below) = (0.0, 0.0);
                let mut cost = Sum::default();
                let steps = self.places.windows(2).map(|pair| pair[1] - pair[0]);
                for (class, step) in self.classes.iter().zip(steps) {
                    truth_below += class.truth.total();
                    predicted_below += class.predicted.total();
                    cost.add(step * truth_below * (predicted - predicted_below));
                    cost.add(step * predicted_below * (truth - truth_below));
                }
                cost.total()
            }
            KappaWeights::Quadratic => {
                let truth_squares = sum_of(|place, class| place * place * class.truth.total());
                let predicted_squares = sum_of(|place, class| place * place * class.predicted.total());
                let truth_places = sum_of(|place, class| place * class.truth.total());
                let predicted_places = sum_of(|place, class| place * class.predicted.total());
                truth_squares * predicted + predicted_squares * truth - 2.0 * truth_places * predicted_places
            }
        }
    }
}

/// A part of a whole; nothing of nothing is zero.
fn part(part: f64, whole: f64) -> f64 {
    if whole == 0.0 { 0.0 } else { part / whole }
}
