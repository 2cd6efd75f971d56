//! The documentation of `retrieval`.

use sdk::{Format, Manifest, Metric, Param, ParamKind, ParamValue, Reference, Schema};

/// Queries that the run lacks count zero.
const JUDGED: &str = "judged";

/// Queries that the run lacks are left out.
pub(super) const IN_BOTH: &str = "in_both";

const RULES: &str = "\
- Documents are ranked by score, the highest first; of equal scores the document whose name sorts last (byte by byte) is \
first. The column of ranks is not read.
- Scores are 64-bit floats, as in trec_eval 10; in reference mode 32-bit ones, as in trec_eval 9 and pytrec_eval, so that \
scores become equal that are not.
- A document without judgement is not relevant; a negative judgement says that it was in the pool and not judged.
- A judged query that the run lacks counts 0 (`trec_eval -c`), unless `queries = in_both`. A query without a relevant \
document counts 0. Queries of the run that are not judged do not count.
- A document stands once for a query.
- The gain of nDCG is the judgement, its discount log2(rank + 1); `relevance_level` does not change it.
- The 11 points of `11pt_avg` are shares of the relevant documents, rounded to whole documents.";

/// The metrics in the order of the evidence.
pub(super) fn metrics(cutoffs: &[usize]) -> Vec<Metric> {
    let mut metrics: Vec<Metric> = [
        ("map", "The mean of average precision: the precision at every relevant document that is returned, over all relevant ones."),
        ("recip_rank", "The mean of 1 / rank of the first relevant document."),
        ("ndcg", "The mean of the discounted cumulative gain over that of the best ranking, all documents counted."),
        ("Rprec", "The mean of the precision after as many documents as are relevant."),
        ("bpref", "The mean share of judged documents that are not relevant and rank after relevant ones, R of each at most."),
        ("infAP", "The mean of average precision as inferred from a sampled pool."),
        ("11pt_avg", "The mean of interpolated precision at the recalls 0, 0.1 .. 1."),
        ("set_F", "The mean of the F-measure of all returned documents."),
    ]
    .map(|(name, description)| Metric::fraction(name, description))
    .into();
    let gain = |cutoff: &usize| {
        let description = format!("nDCG after {cutoff} documents, the best ranking cut there as well.");
        Metric::fraction(format!("ndcg_cut_{cutoff}"), description)
    };
    if let Some((first, rest)) = cutoffs.split_first() {
        metrics.insert(0, gain(first));
        for cutoff in cutoffs {
            metrics.extend([
                Metric::fraction(
                    format!("P_{cutoff}"),
                    format!("The mean precision after {cutoff} documents."),
                ),
                Metric::fraction(
                    format!("recall_{cutoff}"),
                    format!("The mean recall after {cutoff} documents."),
                ),
                Metric::fraction(
                    format!("success_{cutoff}"),
                    format!("The share of queries with a relevant document among the first {cutoff}."),
                ),
            ]);
        }
        metrics.extend(rest.iter().map(gain));
    }
    metrics.push(Metric::fraction(
        "gm_map",
        "The geometric mean of average precision; below 0.00001 it counts as that.",
    ));
    let counts = [
        ("num_q", "queries", "How many queries count."),
        ("num_ret", "documents", "How many documents are returned."),
        ("num_rel", "documents", "How many documents are relevant."),
        ("num_rel_ret", "documents", "How many relevant documents are returned."),
    ];
    metrics.extend(counts.map(|(name, unit, description)| Metric {
        unit: unit.to_owned(),
        maximum: None,
        decimals: 0,
        ..Metric::fraction(name, description)
    }));
    metrics
}

pub(super) fn manifest() -> Manifest {
    let cutoffs = [10, 1, 5, 20, 100];
    Manifest {
        id: "retrieval".to_owned(),
        version: "1.0.0".to_owned(),
        title: "Ranked retrieval (TREC)".to_owned(),
        description: "For every query, documents are returned and ranked by score; some are judged."
            .to_owned(),
        annotations: vec![Format {
            name: "main".to_owned(),
            media_type: "text/plain".to_owned(),
            optional: false,
            description:
                "Qrels: lines of a query, an unused field, a document and its relevance, separated by blanks."
                    .to_owned(),
            example: "q1 0 d1 2\nq1 0 d2 0\nq1 0 d3 1\nq2 0 d1 1\n".to_owned(),
        }],
        unannotated: Some(Format::unannotated(
            "text/plain",
            "The queries: lines that begin with one, such as a file of topics, or CSV with the column `query`.",
            "q1 which knife cuts bread\nq2 how long do eggs boil\n",
        )),
        submission: Format {
            name: "submission".to_owned(),
            media_type: "text/plain".to_owned(),
            optional: false,
            description: "A run: lines of a query, `Q0`, a document, a rank (not read), a score and a tag."
                .to_owned(),
            example: "q1 Q0 d3 1 9.5 mine\nq1 Q0 d1 2 8.25 mine\nq2 Q0 d7 1 0.5 mine\n".to_owned(),
        },
        metrics: metrics(&cutoffs),
        params: Schema(vec![
            Param::new(
                "cutoffs",
                ParamKind::Numbers { minimum: 1.0, maximum: 1e6, most: 16 },
                ParamValue::Numbers(cutoffs.map(|cutoff| cutoff as f64).to_vec()),
                "After how many documents measures are taken (whole numbers); nDCG after the first of them ranks.",
            ),
            Param::new(
                "relevance_level",
                ParamKind::Integer { minimum: 1, maximum: 1000 },
                ParamValue::Integer(1),
                "From which judgement on a document is relevant, for all measures but nDCG.",
            ),
            Param::new(
                "queries",
                ParamKind::Choice { choices: vec![JUDGED.to_owned(), IN_BOTH.to_owned()] },
                ParamValue::Text(JUDGED.to_owned()),
                "Which queries count: all that are judged, or those that the run has as well.",
            ),
        ]),
        item: "query".to_owned(),
        resampling_unit: "query".to_owned(),
        rules: RULES.to_owned(),
        references: vec![
            Reference {
                title: "trec_eval".to_owned(),
                url: "https://github.com/usnistgov/trec_eval".to_owned(),
            },
            Reference {
                title: "Buckley and Voorhees: Retrieval evaluation with incomplete information (SIGIR 2004)"
                    .to_owned(),
                url: "https://doi.org/10.1145/1008992.1009000".to_owned(),
            },
        ],
    }
}
