//! `retrieval`: documents ranked for queries, with the files and the measures of trec_eval.

mod fields;
mod manifest;
mod measures;
mod qrels;
mod run;

use ndarray::{Array1, Array2};
use sdk::evidence::{Mean, Reducer, Stats};
use sdk::{
    AnnotationFaults, Code, Evaluator, Evidence, Fault, Faults, Input, Inputs, Items, Limits, Manifest,
    Metric, Mode, Params, Prepared, SubmissionFaults,
};

use manifest::IN_BOTH;
use measures::{Measures, Settings};
use qrels::Judgements;

/// The evaluator of rankings.
#[derive(Debug)]
pub struct RankedRetrieval {
    manifest: Manifest,
}

impl RankedRetrieval {
    /// The evaluator with its documentation.
    pub fn new() -> Self {
        Self { manifest: manifest::manifest() }
    }
}

impl Default for RankedRetrieval {
    fn default() -> Self {
        Self::new()
    }
}

impl Evaluator for RankedRetrieval {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn prepare(
        &self,
        annotations: &Inputs<'_>,
        params: &Params,
        mode: Mode,
    ) -> Result<Box<dyn Prepared>, AnnotationFaults> {
        let settings = settings(params)?;
        let of_main = |faults: Faults| AnnotationFaults(faults.of_file(Inputs::MAIN));
        let file = annotations.require(Inputs::MAIN)?.single().map_err(of_main)?;
        let judgements = match annotations.are_unannotated() {
            true => qrels::read_topics(&file.bytes, &Limits::default()),
            false => qrels::read(&file.bytes, &Limits::default()),
        }
        .map_err(of_main)?;
        Ok(Box::new(PreparedQueries {
            items: Items::of_index(&judgements.ids),
            judgements,
            metrics: manifest::metrics(&settings.cutoffs),
            settings,
            only_in_both: params.text("queries") == Some(IN_BOTH),
            mode,
        }))
    }
}

fn settings(params: &Params) -> Result<Settings, Faults> {
    let cutoffs = params.numbers("cutoffs").unwrap_or_default();
    if let Some(cutoff) = cutoffs.iter().find(|cutoff| cutoff.fract() != 0.0) {
        let message = "cutoffs are whole numbers";
        let fault = Fault::whole(Code::InvalidParameter, message, "whole numbers", cutoff.to_string());
        return Err(Faults::one(fault));
    }
    Ok(Settings {
        cutoffs: cutoffs.iter().map(|cutoff| *cutoff as usize).collect(),
        relevance_level: params.integer("relevance_level").unwrap_or(1),
    })
}

#[derive(Debug)]
struct PreparedQueries {
    items: Items,
    judgements: Judgements,
    settings: Settings,
    /// Whether queries that the run lacks are left out instead of counting zero.
    only_in_both: bool,
    mode: Mode,
    metrics: Vec<Metric>,
}

/// The columns of what is added up, after one that counts queries.
const TOTALS: usize = 5;

impl Prepared for PreparedQueries {
    fn items(&self) -> &Items {
        &self.items
    }

    fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    fn evaluate(&self, submission: &Input<'_>, limits: &Limits) -> Result<Evidence, SubmissionFaults> {
        let run = run::read(&submission.single()?.bytes, &self.judgements.ids, limits)?;
        let mut faults = Faults::new();
        let queries = &self.judgements.queries;
        let (mut rows, mut counts) = (Vec::with_capacity(queries.len()), Vec::with_capacity(queries.len()));
        run.each_query(queries.len(), |at, entries| {
            limits.check().map_err(Faults::from)?;
            let query = &queries[at];
            let ranked = run.ranked(&self.judgements, query, entries, self.mode, &mut faults);
            rows.push(Measures::of(&ranked, query, &self.settings));
            counts.push(f64::from(u8::from(!self.only_in_both || !entries.is_empty())));
            Ok::<(), Faults>(())
        })?;
        faults.or(())?;
        let mut evidence = self.evidence(&rows, &Array1::from(counts));
        evidence.note(
            "unjudged_queries",
            run.unjudged_queries,
            "queries of the run that are not judged do not count",
        );
        Ok(evidence)
    }
}

impl PreparedQueries {
    fn evidence(&self, rows: &[Measures], counts: &Array1<f64>) -> Evidence {
        let columns = Measures::columns(&self.settings);
        let mut evidence = Evidence::new(rows.len());
        let means = Array2::from_shape_fn((rows.len(), columns), |(row, column)| rows[row].means[column]);
        let means = evidence.block(Mean { values: means, item_weights: Some(counts.clone()) });
        let totals = Array2::from_shape_fn((rows.len(), TOTALS), |(row, column)| {
            let Measures { log_precision, returned, relevant, relevant_returned, .. } = rows[row];
            counts[row] * [1.0, log_precision, returned, relevant, relevant_returned][column]
        });
        let mut reducers = vec![Reducer::ExponentialQuotient { numerator: 1, denominator: 0 }];
        reducers.extend([0, 2, 3, 4].map(|column| Reducer::Total { column }));
        let totals = evidence.block(Stats { columns: totals, reducers });
        let terms = (0..columns).map(|column| means.output(column));
        let terms = terms.chain((0..TOTALS).map(|output| totals.output(output)));
        for (metric, term) in self.metrics.iter().zip(terms) {
            evidence.metric(&metric.name, 1.0, term);
        }
        evidence
    }
}
