//! `retrieval_matrix`: two sides that retrieve each other by a matrix of similarities (EPIC multi-instance retrieval).

mod manifest;
mod npy;
mod ranking;
mod shape;
mod table;

use ndarray::{Array1, Array2};
use sdk::evidence::Mean;
use sdk::{
    AnnotationFaults, Code, Evaluator, Evidence, Fault, Faults, Input, Inputs, Items, Limits, Manifest,
    Metric, Mode, Params, Prepared, SubmissionFaults,
};

use ranking::Ranking;
use table::Table;

/// The evaluator of similarity matrices.
#[derive(Debug)]
pub struct MatrixRetrieval {
    manifest: Manifest,
}

impl MatrixRetrieval {
    /// The evaluator with its documentation.
    pub fn new() -> Self {
        Self { manifest: manifest::manifest() }
    }
}

impl Default for MatrixRetrieval {
    fn default() -> Self {
        Self::new()
    }
}

impl Evaluator for MatrixRetrieval {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn prepare(
        &self,
        annotations: &Inputs<'_>,
        _params: &Params,
        _mode: Mode,
    ) -> Result<Box<dyn Prepared>, AnnotationFaults> {
        let of_main = |faults: Faults| AnnotationFaults(faults.of_file(Inputs::MAIN));
        let file = annotations.require(Inputs::MAIN)?.single().map_err(of_main)?;
        if annotations.are_unannotated() {
            let shape = shape::read(&file.bytes, &Limits::default()).map_err(of_main)?;
            return Ok(Box::new(PreparedMatrix::new(shape, None)));
        }
        let table = Table::read(&file.bytes, &Limits::default()).map_err(of_main)?;
        let mut faults = Faults::new();
        table.each_line(|line, at, values| check_relevancy(line, at, values, &mut faults));
        faults.or(()).map_err(of_main)?;
        Ok(Box::new(PreparedMatrix::new(table.shape(), Some(table.into_owned()))))
    }
}

impl PreparedMatrix {
    fn new((rows, columns): (usize, usize), relevancy: Option<Table<'static>>) -> Self {
        let ids = (0..rows).map(|row| format!("row_{row}"));
        let ids = ids.chain((0..columns).map(|column| format!("column_{column}")));
        let mut items = Items::ungrouped(ids.collect::<sdk::Ids>());
        let directions = (0..rows + columns).map(|item| [if item < rows { "v2t" } else { "t2v" }]);
        items.set_attribute("direction", directions);
        Self { items, shape: (rows, columns), relevancy, metrics: manifest::metrics() }
    }
}

/// What a list of values is: one row, or one column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Line {
    Row,
    Column,
}

impl Line {
    fn name(self, at: usize) -> String {
        match self {
            Self::Row => format!("row {at}"),
            Self::Column => format!("column {at}"),
        }
    }
}

fn check_relevancy(line: Line, at: usize, values: &[f64], faults: &mut Faults) {
    let name = || line.name(at);
    let outside = values.iter().zip(0_usize..).find(|(value, _)| !(0.0..=1.0).contains(*value));
    if let (Some((value, position)), Line::Row) = (outside, line) {
        faults.push_with(|| {
            let message = format!("the relevancy in {}, column {position} is no share", name());
            Fault::whole(Code::OutOfRange, message, "a number from 0 to 1", value.to_string())
        });
    }
    if !values.contains(&1.0) {
        faults.push_with(|| {
            let message = format!("nothing is fully relevant to {}", name());
            Fault::whole(Code::OutOfRange, message, "a relevancy of 1 in every row and column", "none")
        });
    }
}

#[derive(Debug)]
struct PreparedMatrix {
    items: Items,
    shape: (usize, usize),
    /// Nothing if it is held out.
    relevancy: Option<Table<'static>>,
    metrics: Vec<Metric>,
}

impl Prepared for PreparedMatrix {
    fn items(&self) -> &Items {
        &self.items
    }

    fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    fn evaluate(&self, submission: &Input<'_>, limits: &Limits) -> Result<Evidence, SubmissionFaults> {
        let similarity = Table::read(&submission.single()?.bytes, limits)?;
        let (rows, columns) = self.shape;
        refuse_other_shape((rows, columns), similarity.shape())?;
        let mut faults = Faults::new();
        similarity.each_row(|at, values| check_finite(at, values, &mut faults));
        faults.or(())?;
        let mut values = Array2::zeros((rows + columns, 2));
        let mut ranking = Ranking::default();
        let (mut item, mut stopped) = (0, Ok(()));
        let score_lines = |relevancy: &[f64], similarity: &[f64]| {
            if stopped.is_ok() {
                stopped = limits.check();
                let [gain, precision] = ranking.score(relevancy, similarity);
                values[[item, 0]] = gain;
                values[[item, 1]] = precision;
            }
            item += 1;
        };
        if let Some(relevancy) = &self.relevancy {
            relevancy.each_pair_of_lines(&similarity, score_lines);
        }
        stopped.map_err(Faults::from)?;
        let side = |is_row: bool| -> Array1<f64> {
            (0..rows + columns).map(|item| f64::from(u8::from((item < rows) == is_row))).collect()
        };
        let mut evidence = Evidence::new(rows + columns);
        let of_rows = evidence.block(Mean { values: values.clone(), item_weights: Some(side(true)) });
        let of_columns = evidence.block(Mean { values, item_weights: Some(side(false)) });
        let terms = [0, 1].map(|measure| [of_rows.output(measure), of_columns.output(measure)]);
        let means = [terms[0].to_vec(), terms[1].to_vec()].into_iter();
        let singles = terms.into_iter().flatten().map(|term| vec![term]);
        for (metric, terms) in self.metrics.iter().zip(means.chain(singles)) {
            evidence.metric_mean(&metric.name, 1.0, terms);
        }
        Ok(evidence)
    }
}

fn refuse_other_shape(wanted: (usize, usize), found: (usize, usize)) -> Result<(), Faults> {
    if wanted == found {
        return Ok(());
    }
    let fault = Fault::whole(
        Code::WrongShape,
        "the matrix has another shape than the task",
        format!("{} x {}", wanted.0, wanted.1),
        format!("{} x {}", found.0, found.1),
    );
    let transposed = (wanted.1, wanted.0) == found;
    Err(Faults::one(if transposed { fault.hint("the matrix is transposed") } else { fault }))
}

fn check_finite(row: usize, values: &[f64], faults: &mut Faults) {
    for (column, value) in values.iter().enumerate().filter(|(_, value)| !value.is_finite()) {
        faults.push_with(|| {
            let message = format!("the similarity in row {row}, column {column} is not finite");
            Fault::whole(Code::NotFinite, message, "a finite number", value.to_string())
        });
    }
}
