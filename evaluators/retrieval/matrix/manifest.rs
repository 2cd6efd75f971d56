//! The documentation of `retrieval_matrix`.

use sdk::{Format, Manifest, Metric, Reference, Schema};

const RULES: &str = "\
- Rows retrieve columns (`v2t`, videos to texts) and columns retrieve rows (`t2v`); `avg` is the mean of both directions.
- nDCG: the gain is the relevancy, discounted by log2(rank + 1), over that of the best ranking; both are counted for as \
many of the first as have a relevancy above 0.
- mAP: at every item of relevancy 1 the sum of the relevancies up to there over the rank; the mean of these. That partly \
relevant items count in the sum is what the public code does.
- Of equal similarities the first item is first, as in the public code where its sort is stable.
- Every row and every column has an item of relevancy 1, otherwise the truth is refused.
- A weight counts how often an item asks; what it is asked for stays the same.
- Modes: strict and reference are the same.";

/// The metrics in the order of the evidence.
pub(super) fn metrics() -> Vec<Metric> {
    let measures = [("nDCG", "normalised discounted cumulative gain"), ("mAP", "average precision")];
    let directions = [("v2t", "rows that retrieve columns"), ("t2v", "columns that retrieve rows")];
    let mut metrics: Vec<Metric> = measures
        .iter()
        .map(|(measure, _)| {
            let description = format!("The mean of `v2t_{measure}` and `t2v_{measure}`.");
            Metric::fraction(format!("avg_{measure}"), description)
        })
        .collect();
    for (measure, name) in measures {
        metrics.extend(directions.map(|(direction, of)| {
            Metric::fraction(format!("{direction}_{measure}"), format!("The mean {name} over {of}."))
        }));
    }
    metrics
}

pub(super) fn manifest() -> Manifest {
    Manifest {
        id: "retrieval_matrix".to_owned(),
        version: "1.0.0".to_owned(),
        title: "Retrieval by similarity matrix (EPIC multi-instance retrieval)".to_owned(),
        description: "Two sides, such as videos and texts, retrieve each other; several items can be relevant, and partly.".to_owned(),
        annotations: vec![Format {
            name: "main".to_owned(),
            media_type: "application/octet-stream".to_owned(),
            optional: false,
            description: "The relevancy of every column for every row, from 0 to 1: a NumPy array (`.npy` of float64, \
                float32, int64, int32, uint8 or bool), or CSV without a header."
                .to_owned(),
            example: "1,0,0.5\n0.5,1,0\n0,0.5,1\n1,0,0\n".to_owned(),
        }],
        unannotated: Some(Format::unannotated(
            "application/json",
            "How many `rows` and `columns` the matrix has: the items of the two lists that a test set publishes.",
            "{\"rows\": 4, \"columns\": 3}\n",
        )),
        submission: Format {
            name: "submission".to_owned(),
            media_type: "application/octet-stream".to_owned(),
            optional: false,
            description: "Similarities in the same shape; larger is more similar.".to_owned(),
            example: "0.9,0.1,0.4\n0.2,0.8,-0.3\n0.1,0.7,0.6\n0.5,0.1,0.2\n".to_owned(),
        },
        metrics: metrics(),
        params: Schema::default(),
        item: "row or column that asks".to_owned(),
        resampling_unit: "row or column".to_owned(),
        rules: RULES.to_owned(),
        references: vec![
            Reference {
                title: "Damen et al.: Rescaling egocentric vision (IJCV 2022)".to_owned(),
                url: "https://arxiv.org/abs/2006.13256".to_owned(),
            },
            Reference {
                title: "Joint-Part-of-Speech-Embeddings".to_owned(),
                url: "https://github.com/mwray/Joint-Part-of-Speech-Embeddings".to_owned(),
            },
        ],
    }
}
