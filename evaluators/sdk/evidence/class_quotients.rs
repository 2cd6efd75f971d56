//! Means over classes of quotients of the classes' sums: panoptic quality, precision and recall by class.

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use super::Block;
use super::asked::Asked;
use super::score::{Score, Undefined, each_lane};
use crate::sum::{LaneSum, Sum};

/// Facts of items by class, sparse, whose weighted sums are divided class by class and then averaged.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassQuotients {
    /// How many classes there are.
    pub classes: u32,
    /// The item and the class of every row; an item may have several rows of one class.
    pub rows: Vec<(u32, u32)>,
    /// One row each.
    pub columns: Array2<f64>,
    /// The sets of classes that outputs average over.
    pub sets: Vec<Vec<u32>>,
    /// What is computed.
    pub outputs: Vec<ClassQuotient>,
}

/// An output: for every class of a set that counts, a quotient of two combinations of its sums; and the mean of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClassQuotient {
    /// The position of the set of classes.
    pub set: u32,
    /// A class counts if this combination of its sums is above zero.
    pub counts: Combination,
    /// What is computed of the classes that count.
    pub value: ClassValue,
}

/// What is computed of the classes that count.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum ClassValue {
    /// The mean of the quotients; nothing over nothing is zero.
    Mean {
        /// What is divided.
        numerator: Combination,
        /// What it is divided by.
        denominator: Combination,
    },
    /// How many classes count.
    Count,
}

/// A sum of columns, each times a factor.
pub type Combination = Vec<(u32, f64)>;

impl From<ClassQuotients> for Block {
    fn from(block: ClassQuotients) -> Self {
        Self::ClassQuotients(block)
    }
}

impl ClassQuotients {
    pub(super) fn check(&self, items: usize) -> Result<(), &'static str> {
        let require = |holds: bool, problem: &'static str| if holds { Ok(()) } else { Err(problem) };
        require(self.rows.len() == self.columns.nrows(), "the rows are not one per item and class")?;
        require(self.classes < 1 << 24, "there are too many classes")?;
        let known = |(item, class): &(u32, u32)| (*item as usize) < items && *class < self.classes;
        require(self.rows.iter().all(known), "a row has an unknown item or class")?;
        let mut members = self.sets.iter().flatten();
        require(members.all(|class| *class < self.classes), "a set has an unknown class")?;
        let fits = |combination: &Combination| {
            let columns = self.columns.ncols();
            combination.iter().all(|(column, factor)| (*column as usize) < columns && factor.is_finite())
        };
        let sound = |output: &ClassQuotient| {
            let divided = match &output.value {
                ClassValue::Mean { numerator, denominator } => fits(numerator) && fits(denominator),
                ClassValue::Count => true,
            };
            divided && fits(&output.counts) && (output.set as usize) < self.sets.len()
        };
        require(self.outputs.iter().all(sound), "an output names no column or set")
    }

    pub(super) fn score<const L: usize>(
        &self,
        weights: &[[f64; L]],
        asked: &Asked,
        sums: &mut Vec<LaneSum<L>>,
        outputs: &mut [[Score; L]],
    ) {
        let columns = self.columns.ncols();
        sums.clear();
        sums.resize(self.classes as usize * columns, LaneSum::default());
        for ((item, class), row) in self.rows.iter().zip(self.columns.rows()) {
            let weights = &weights[*item as usize];
            if *weights == [0.0; L] {
                continue;
            }
            let start = *class as usize * columns;
            for (sum, value) in sums[start..start + columns].iter_mut().zip(row) {
                sum.add_weighted(weights, *value);
            }
        }
        for (output, quotient) in asked.among(outputs.iter_mut().zip(&self.outputs)) {
            *output = each_lane(|lane| self.value(quotient, sums, lane));
        }
    }

    fn value<const L: usize>(&self, output: &ClassQuotient, sums: &[LaneSum<L>], lane: usize) -> Score {
        let columns = self.columns.ncols();
        let of = |class: u32, combination: &Combination| -> f64 {
            let start = class as usize * columns;
            let terms = combination.iter();
            terms.map(|(column, factor)| factor * sums[start + *column as usize].lane(lane).total()).sum()
        };
        let set = &self.sets[output.set as usize];
        let mut mean = Sum::default();
        let mut count = 0_u32;
        for class in set.iter().filter(|class| of(**class, &output.counts) > 0.0) {
            count += 1;
            if let ClassValue::Mean { numerator, denominator } = &output.value {
                let (numerator, denominator) = (of(*class, numerator), of(*class, denominator));
                mean.add(if denominator == 0.0 { 0.0 } else { numerator / denominator });
            }
        }
        match (&output.value, count) {
            (_, 0) => Score::Undefined(Undefined::NoWeight),
            (ClassValue::Mean { .. }, count) => Score::of(mean.total() / f64::from(count)),
            (ClassValue::Count, count) => Score::Value(f64::from(count)),
        }
    }
}
