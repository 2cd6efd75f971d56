//! Evidence as bytes: compact, versioned, and safe to read whatever the bytes are.
//!
//! The bytes are a magic word, the version of the layout, a checksum, and the content in postcard's encoding.
//! A layout never changes once it is released: a new one gets a new version and the old one stays readable.

use ndarray::{Array1, Array2};
use serde::{Deserialize, Serialize};

use super::{
    Block, Cell, ClassQuotient, ClassQuotients, Columns, Confusion, ConfusionMeasure, Correlation, Curve,
    CurveClass, CurveOutput, CurveRule, Evidence, GroupedMean, Maximum, Mean, Median, MetricFormula,
    NO_CLASS, NO_GROUP, NO_ITEM, Note, Opaque, OperatingPoint, Pairs, Ratio, Reducer, Stats, Term,
};

const MAGIC: &[u8; 4] = b"HOEV";
const VERSION: u16 = 1;
const HEADER: usize = MAGIC.len() + 2 + 8;

/// Why bytes, or an evaluator's result, are no evidence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EvidenceError {
    /// The bytes do not begin like evidence.
    #[error("the bytes are no evidence")]
    NotEvidence,
    /// The bytes were written by a newer release.
    #[error("evidence of layout {0} is not known to this release")]
    UnknownVersion(u16),
    /// The bytes were changed or cut.
    #[error("the evidence is damaged: {0}")]
    Damaged(String),
    /// The parts contradict each other.
    #[error("the evidence contradicts itself: {0}")]
    Inconsistent(String),
}

impl Evidence {
    /// The evidence as bytes.
    pub fn to_bytes(&self) -> Result<Vec<u8>, EvidenceError> {
        let damaged = |error: postcard::Error| EvidenceError::Damaged(error.to_string());
        let mut bytes = vec![0; HEADER];
        bytes = postcard::to_extend(&WireEvidence::of(self), bytes).map_err(damaged)?;
        let checksum = checksum(&bytes[HEADER..]);
        bytes[..4].copy_from_slice(MAGIC);
        bytes[4..6].copy_from_slice(&VERSION.to_le_bytes());
        bytes[6..HEADER].copy_from_slice(&checksum.to_le_bytes());
        Ok(bytes)
    }

    /// The evidence of bytes that [`Evidence::to_bytes`] wrote, in this release or an earlier one.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, EvidenceError> {
        let Some((header, content)) = bytes.split_at_checked(HEADER) else {
            return Err(EvidenceError::NotEvidence);
        };
        if header[..4] != *MAGIC {
            return Err(EvidenceError::NotEvidence);
        }
        let version = u16::from_le_bytes([header[4], header[5]]);
        if version != VERSION {
            return Err(EvidenceError::UnknownVersion(version));
        }
        if header[6..] != checksum(content).to_le_bytes() {
            return Err(EvidenceError::Damaged("the checksum is wrong".to_owned()));
        }
        let wire: WireEvidence =
            postcard::from_bytes(content).map_err(|error| EvidenceError::Damaged(error.to_string()))?;
        let evidence = wire.into_evidence()?;
        evidence.check()?;
        Ok(evidence)
    }

    /// Whether all parts fit together; what was read from bytes and what an evaluator returns is checked so.
    pub fn check(&self) -> Result<(), EvidenceError> {
        for (position, block) in self.blocks.iter().enumerate() {
            block
                .check(self.items)
                .map_err(|problem| EvidenceError::Inconsistent(format!("block {position}: {problem}")))?;
        }
        for (position, metric) in self.metrics.iter().enumerate() {
            let exists = |term: &Term| match *term {
                Term::Output { block, output } => {
                    self.blocks.get(block as usize).is_some_and(|block| (output as usize) < block.outputs())
                }
                Term::Metric(earlier) => (earlier as usize) < position,
            };
            if metric.terms.is_empty() || !metric.terms.iter().all(exists) || !metric.factor.is_finite() {
                return Err(EvidenceError::Inconsistent(format!(
                    "metric {:?} has no such terms",
                    metric.name
                )));
            }
        }
        Ok(())
    }
}

impl Block {
    fn check(&self, items: usize) -> Result<(), &'static str> {
        let require = |holds: bool, problem: &'static str| if holds { Ok(()) } else { Err(problem) };
        let rows = |rows: usize| require(rows == items, "the rows are not one per item");
        match self {
            Self::Mean(block) => {
                rows(block.values.nrows())?;
                block.item_weights.as_ref().map_or(Ok(()), |weights| rows(weights.len()))
            }
            Self::Ratio(block) => {
                rows(block.numerators.nrows())?;
                rows(block.denominators.len())
            }
            Self::Stats(block) => {
                rows(block.columns.nrows())?;
                let columns = block.columns.ncols() as u32;
                let named = block.reducers.iter().flat_map(|reducer| reducer.columns());
                require(
                    named.max_by_key(|range| range.end).is_none_or(|range| range.end <= columns),
                    "a reducer names no column",
                )
            }
            Self::GroupedMean(block) => {
                rows(block.values.nrows())?;
                rows(block.groups.len())?;
                let known = |group: &u32| *group < block.group_count || *group == NO_GROUP;
                require(block.groups.iter().all(known), "an item has an unknown group")?;
                require(block.group_count < 1 << 24, "there are too many groups")
            }
            Self::Confusion(block) => {
                let known = |class: u32| class < block.classes || class == NO_CLASS;
                let fits =
                    |cell: &Cell| (cell.item as usize) < items && known(cell.truth) && known(cell.predicted);
                require(block.cells.iter().all(fits), "a cell has an unknown item or class")?;
                require(block.classes < 1 << 24, "there are too many classes")
            }
            Self::Curve(block) => {
                require((1..=32).contains(&block.thresholds), "there are not 1 to 32 thresholds")?;
                let within = |output: &CurveOutput| output.threshold < block.thresholds;
                require(block.outputs.iter().all(within), "an output names no threshold")?;
                let possible =
                    |output: &CurveOutput| !output.average.is_pairwise() || output.rule == CurveRule::RocArea;
                require(
                    block.outputs.iter().all(possible),
                    "only areas under the ROC curve have pairs of classes",
                )?;
                block.classes.iter().try_for_each(|class| class.check(items))
            }
            Self::Pairs(block) => {
                rows(block.left().len())?;
                rows(block.right().len())
            }
            Self::Opaque(block) => {
                let columns = block.replicates.as_ref().map_or(block.values.len(), Array2::ncols);
                require(columns == block.values.len(), "the replicates are not one column per value")
            }
            Self::Median(block) => rows(block.values().nrows()),
            Self::Maximum(block) => rows(block.values.nrows()),
            Self::ClassQuotients(block) => block.check(items),
            Self::OperatingPoint(block) => block.check(items),
        }
    }
}

impl CurveClass {
    fn check(&self, items: usize) -> Result<(), &'static str> {
        let require = |holds: bool, problem: &'static str| if holds { Ok(()) } else { Err(problem) };
        let known = |item: &u32| (*item as usize) < items || *item == NO_ITEM;
        let count = self.items.len();
        require(self.items.iter().all(known), "a prediction has an unknown item")?;
        require(self.hits.len() == count, "the hits are not one per prediction")?;
        require(
            self.ignored.is_empty() || self.ignored.len() == count,
            "the ignored are not one per prediction",
        )?;
        let in_runs: u64 = self.runs.iter().map(|run| u64::from(*run)).sum();
        require(self.runs.is_empty() || in_runs == count as u64, "the runs are not all predictions")?;
        require(!self.runs.contains(&0), "a run is empty")?;
        require(
            self.positives.iter().all(|(item, _)| (*item as usize) < items),
            "a positive has an unknown item",
        )
    }
}

/// FNV-1a, against damage by accident.
pub(crate) fn checksum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[derive(Serialize, Deserialize)]
struct WireEvidence {
    items: u64,
    blocks: Vec<WireBlock>,
    metrics: Vec<WireMetric>,
    notes: Vec<Note>,
}

#[derive(Serialize, Deserialize)]
struct WireMetric {
    name: String,
    factor: f64,
    terms: Vec<WireTerm>,
}

#[derive(Serialize, Deserialize)]
enum WireTerm {
    Output(u32, u32),
    Metric(u32),
}

#[derive(Serialize, Deserialize)]
enum WireBlock {
    Mean { values: Vec<Numbers>, item_weights: Option<Numbers> },
    Ratio { numerators: Vec<Numbers>, denominators: Numbers },
    Stats { columns: Vec<Numbers>, reducers: Vec<Reducer> },
    GroupedMean { values: Vec<Numbers>, groups: Vec<u32>, group_count: u32 },
    Confusion { classes: u32, ordered: bool, cells: Vec<Cell>, measures: Vec<ConfusionMeasure> },
    Curve { classes: Vec<WireClass>, thresholds: u32, outputs: Vec<CurveOutput> },
    Pairs { left: Numbers, right: Numbers, measures: Vec<Correlation> },
    Opaque { values: Vec<f64>, replicates: Option<Vec<Numbers>> },
    Median { values: Vec<Numbers> },
    ClassQuotients(WireClassQuotients),
    OperatingPoint { precision: Vec<Numbers>, recall: Vec<Numbers>, nothing_is_best: bool },
    Maximum { values: Vec<Numbers> },
}

#[derive(Serialize, Deserialize)]
struct WireClassQuotients {
    classes: u32,
    rows: Vec<(u32, u32)>,
    columns: Vec<Numbers>,
    sets: Vec<Vec<u32>>,
    outputs: Vec<ClassQuotient>,
}

#[derive(Serialize, Deserialize)]
struct WireClass {
    name: String,
    /// One more than the item, so that the common case is short; zero for none.
    items: Vec<u32>,
    hits: Vec<u32>,
    ignored: Vec<u32>,
    runs: Vec<u32>,
    positives: Vec<(u32, u32)>,
}

/// A column of numbers in the shortest of three forms.
#[derive(Serialize, Deserialize)]
enum Numbers {
    /// Zeros and ones, eight to a byte.
    Bits { length: u64, bytes: Vec<u8> },
    /// Whole numbers.
    Counts(Vec<u32>),
    /// Any numbers.
    Floats(Vec<f64>),
}

impl Numbers {
    fn of<'n>(numbers: impl Iterator<Item = &'n f64> + Clone) -> Self {
        let bits_of = |number: &f64| number.to_bits();
        if numbers.clone().all(|number| bits_of(number) == bits_of(&0.0) || bits_of(number) == bits_of(&1.0))
        {
            let mut bytes = Vec::new();
            let mut length = 0_u64;
            for number in numbers {
                if length.is_multiple_of(8) {
                    bytes.push(0);
                }
                if let Some(last) = bytes.last_mut() {
                    *last |= u8::from(*number == 1.0) << (length % 8);
                }
                length += 1;
            }
            return Self::Bits { length, bytes };
        }
        let count = |number: &f64| {
            let count = *number as u32;
            (bits_of(&f64::from(count)) == bits_of(number)).then_some(count)
        };
        match numbers.clone().map(count).collect() {
            Some(counts) => Self::Counts(counts),
            None => Self::Floats(numbers.copied().collect()),
        }
    }

    fn into_vec(self) -> Result<Vec<f64>, EvidenceError> {
        match self {
            Self::Bits { length, bytes } if length.div_ceil(8) == bytes.len() as u64 => {
                Ok((0..length as usize).map(|bit| f64::from((bytes[bit / 8] >> (bit % 8)) & 1)).collect())
            }
            Self::Bits { .. } => Err(EvidenceError::Damaged("bits without their bytes".to_owned())),
            Self::Counts(counts) => Ok(counts.into_iter().map(f64::from).collect()),
            Self::Floats(floats) => Ok(floats),
        }
    }
}

fn columns_of(array: &Array2<f64>) -> Vec<Numbers> {
    array.columns().into_iter().map(|column| Numbers::of(column.iter())).collect()
}

fn numbers_of(columns: &Columns) -> Vec<Numbers> {
    (0..columns.ncols()).map(|column| Numbers::of(columns.column(column).iter())).collect()
}

/// An array of columns that must all have the same length; without columns there is one empty row per item.
fn array_of(columns: Vec<Numbers>, rows: usize) -> Result<Array2<f64>, EvidenceError> {
    let columns: Vec<Vec<f64>> = columns.into_iter().map(Numbers::into_vec).collect::<Result<_, _>>()?;
    if columns.iter().any(|column| column.len() != rows) {
        return Err(EvidenceError::Damaged("columns of different lengths".to_owned()));
    }
    Ok(Array2::from_shape_fn((rows, columns.len()), |(row, column)| columns[column][row]))
}

impl WireEvidence {
    fn of(evidence: &Evidence) -> Self {
        let metrics = evidence.metrics.iter().map(|metric| WireMetric {
            name: metric.name.clone(),
            factor: metric.factor,
            terms: metric
                .terms
                .iter()
                .map(|term| match *term {
                    Term::Output { block, output } => WireTerm::Output(block, output),
                    Term::Metric(earlier) => WireTerm::Metric(earlier),
                })
                .collect(),
        });
        Self {
            items: evidence.items as u64,
            blocks: evidence.blocks.iter().map(WireBlock::of).collect(),
            metrics: metrics.collect(),
            notes: evidence.notes.clone(),
        }
    }

    fn into_evidence(self) -> Result<Evidence, EvidenceError> {
        // Without this a few bytes could claim items that no memory holds.
        let items = u32::try_from(self.items)
            .map_err(|_| EvidenceError::Damaged("too many items".to_owned()))? as usize;
        let metrics = self.metrics.into_iter().map(|metric| MetricFormula {
            name: metric.name,
            factor: metric.factor,
            terms: metric
                .terms
                .into_iter()
                .map(|term| match term {
                    WireTerm::Output(block, output) => Term::Output { block, output },
                    WireTerm::Metric(earlier) => Term::Metric(earlier),
                })
                .collect(),
        });
        Ok(Evidence {
            items,
            metrics: metrics.collect(),
            blocks: self.blocks.into_iter().map(|block| block.into_block(items)).collect::<Result<_, _>>()?,
            notes: self.notes,
        })
    }
}

impl WireBlock {
    fn of(block: &Block) -> Self {
        match block {
            Block::Mean(block) => Self::Mean {
                values: numbers_of(&block.values),
                item_weights: block.item_weights.as_ref().map(|weights| Numbers::of(weights.iter())),
            },
            Block::Ratio(block) => Self::Ratio {
                numerators: columns_of(&block.numerators),
                denominators: Numbers::of(block.denominators.iter()),
            },
            Block::Stats(block) => {
                Self::Stats { columns: numbers_of(&block.columns), reducers: block.reducers.clone() }
            }
            Block::GroupedMean(block) => Self::GroupedMean {
                values: columns_of(&block.values),
                groups: block.groups.clone(),
                group_count: block.group_count,
            },
            Block::Confusion(block) => Self::Confusion {
                classes: block.classes,
                ordered: block.ordered,
                cells: block.cells.clone(),
                measures: block.measures.clone(),
            },
            Block::Curve(block) => Self::Curve {
                classes: block.classes.iter().map(WireClass::of).collect(),
                thresholds: block.thresholds,
                outputs: block.outputs.clone(),
            },
            Block::Pairs(block) => Self::Pairs {
                left: Numbers::of(block.left().iter()),
                right: Numbers::of(block.right().iter()),
                measures: block.measures().to_vec(),
            },
            Block::Opaque(block) => Self::Opaque {
                values: block.values.clone(),
                replicates: block.replicates.as_ref().map(columns_of),
            },
            Block::Median(block) => Self::Median { values: numbers_of(block.values()) },
            Block::Maximum(block) => Self::Maximum { values: numbers_of(&block.values) },
            Block::OperatingPoint(block) => Self::OperatingPoint {
                precision: columns_of(&block.precision),
                recall: columns_of(&block.recall),
                nothing_is_best: block.nothing_is_best,
            },
            Block::ClassQuotients(block) => Self::ClassQuotients(WireClassQuotients {
                classes: block.classes,
                rows: block.rows.clone(),
                columns: columns_of(&block.columns),
                sets: block.sets.clone(),
                outputs: block.outputs.clone(),
            }),
        }
    }

    fn into_block(self, items: usize) -> Result<Block, EvidenceError> {
        Ok(match self {
            Self::Mean { values, item_weights } => Block::Mean(Mean {
                values: array_of(values, items)?.into(),
                item_weights: item_weights.map(Numbers::into_vec).transpose()?.map(Array1::from),
            }),
            Self::Ratio { numerators, denominators } => Block::Ratio(Ratio {
                numerators: array_of(numerators, items)?,
                denominators: Array1::from(denominators.into_vec()?),
            }),
            Self::Stats { columns, reducers } => {
                Block::Stats(Stats { columns: array_of(columns, items)?.into(), reducers })
            }
            Self::GroupedMean { values, groups, group_count } => {
                Block::GroupedMean(GroupedMean { values: array_of(values, items)?, groups, group_count })
            }
            Self::Confusion { classes, ordered, cells, measures } => {
                Block::Confusion(Confusion { classes, ordered, cells, measures })
            }
            Self::Curve { classes, thresholds, outputs } => Block::Curve(Curve {
                classes: classes.into_iter().map(WireClass::into_class).collect(),
                thresholds,
                outputs,
            }),
            Self::Pairs { left, right, measures } => {
                let (left, right) = (left.into_vec()?, right.into_vec()?);
                if left.len() != right.len() {
                    return Err(EvidenceError::Damaged("pairs of different lengths".to_owned()));
                }
                Block::Pairs(Pairs::new(left, right, measures))
            }
            Self::OperatingPoint { precision, recall, nothing_is_best } => {
                let (precision, recall) = (array_of(precision, items)?, array_of(recall, items)?);
                Block::OperatingPoint(OperatingPoint { precision, recall, nothing_is_best })
            }
            Self::ClassQuotients(WireClassQuotients { classes, rows, columns, sets, outputs }) => {
                let columns = array_of(columns, rows.len())?;
                Block::ClassQuotients(ClassQuotients { classes, rows, columns, sets, outputs })
            }
            Self::Maximum { values } => Block::Maximum(Maximum { values: array_of(values, items)?.into() }),
            Self::Median { values } => Block::Median(Median::new(array_of(values, items)?)),
            Self::Opaque { values, replicates } => {
                let replicates = replicates.map(|columns| {
                    let columns: Vec<Vec<f64>> =
                        columns.into_iter().map(Numbers::into_vec).collect::<Result<_, _>>()?;
                    let rows = columns.first().map_or(0, Vec::len);
                    array_of(columns.into_iter().map(Numbers::Floats).collect(), rows)
                });
                Block::Opaque(Opaque { values, replicates: replicates.transpose()? })
            }
        })
    }
}

impl WireClass {
    fn of(class: &CurveClass) -> Self {
        Self {
            name: class.name.clone(),
            items: class.items.iter().map(|item| item.wrapping_add(1)).collect(),
            hits: class.hits.clone(),
            ignored: class.ignored.clone(),
            runs: class.runs.clone(),
            positives: class.positives.clone(),
        }
    }

    fn into_class(self) -> CurveClass {
        CurveClass {
            name: self.name,
            items: self.items.into_iter().map(|item| item.wrapping_sub(1)).collect(),
            hits: self.hits,
            ignored: self.ignored,
            runs: self.runs,
            positives: self.positives,
        }
    }
}
