//! The documentation of `regression`.

use sdk::{Direction, Format, Manifest, Metric, Reference, Schema};

const RULES: &str = "\
- Every item has a finite number; an error is the prediction minus the truth.
- `r2` and `explained_variance` where the truth does not vary: 1 if there is no error (for the latter: if errors do not \
vary), else 0. `r2` of a single item is undefined.
- Correlations are undefined where one side does not vary. Equal values share their mean rank (Spearman), and Kendall's \
is tau-b.
- `mape` divides by 2.2e-16 where the truth is 0, and by no less elsewhere.
- The median of an even number of errors is the mean of the middle two.
- Whole weights mean as many copies of an item; ranks of other weights are those of so many parts.
- There are no ties that a file's order could break. Modes: strict and reference are the same.";

/// A metric that grows with the errors.
fn error(name: &str, description: &str) -> Metric {
    Metric {
        unit: "the truth's".to_owned(),
        direction: Direction::Lower,
        maximum: None,
        ..Metric::fraction(name, description)
    }
}

/// A coefficient that is 1 at best.
fn coefficient(name: &str, minimum: Option<f64>, description: &str) -> Metric {
    Metric { unit: "coefficient".to_owned(), minimum, ..Metric::fraction(name, description) }
}

/// The metrics in the order of the evidence.
pub(crate) fn metrics() -> Vec<Metric> {
    let correlation = Some(-1.0);
    vec![
        error("mae", "The mean absolute error."),
        error("rmse", "The square root of the mean squared error."),
        coefficient(
            "r2",
            None,
            "The coefficient of determination, 1 - squared errors / squared deviations of the truth from its mean.",
        ),
        coefficient("pearson", correlation, "Pearson's correlation."),
        coefficient("spearman", correlation, "Spearman's correlation: Pearson's of the ranks."),
        coefficient(
            "kendall_tau_b",
            correlation,
            "Kendall's tau-b: pairs in the same order minus pairs in the opposite one, over the geometric mean of pairs untied on either side.",
        ),
        Metric { unit: "the truth's, squared".to_owned(), ..error("mse", "The mean squared error.") },
        error("median_absolute_error", "The median absolute error."),
        error("max_error", "The largest absolute error."),
        Metric {
            unit: "fraction".to_owned(),
            ..error("mape", "The mean of absolute errors over the size of the truth.")
        },
        coefficient("explained_variance", None, "1 - variance of the errors / variance of the truth."),
        Metric {
            minimum: None,
            ..error("bias", "The mean error, prediction minus truth; best at 0, whatever its sign.")
        },
    ]
}

pub(crate) fn manifest() -> Manifest {
    Manifest {
        id: "regression".to_owned(),
        version: "1.0.0".to_owned(),
        title: "Regression".to_owned(),
        description: "Every item has one true number, and one is predicted for it.".to_owned(),
        annotations: vec![Format {
            name: "main".to_owned(),
            media_type: "text/csv".to_owned(),
            optional: false,
            description: "The columns `id` and `value`; JSON lines with these names, or one JSON object of numbers by id.".to_owned(),
            example: "id,value\na1,2.5\na2,-1\na3,0.75\n".to_owned(),
        }],
        unannotated: Some(Format::unannotated(
            "text/csv",
            "The ids alone: CSV with the column `id`, JSON lines with `id`, or one JSON object by id; nothing else is looked \
             at.",
            "id\na1\na2\na3\n",
        )),
        submission: Format {
            name: "submission".to_owned(),
            media_type: "text/csv".to_owned(),
            optional: false,
            description: "The same with predicted numbers, in any order.".to_owned(),
            example: "id,value\na3,0.5\na1,2\na2,-0.5\n".to_owned(),
        },
        metrics: metrics(),
        params: Schema::default(),
        item: "item".to_owned(),
        resampling_unit: "item".to_owned(),
        rules: RULES.to_owned(),
        references: vec![
            Reference {
                title: "scikit-learn 1.9, regression metrics".to_owned(),
                url: "https://scikit-learn.org/stable/modules/model_evaluation.html".to_owned(),
            },
            Reference {
                title: "SciPy 1.17, pearsonr, spearmanr, kendalltau".to_owned(),
                url: "https://docs.scipy.org/doc/scipy/reference/stats.html".to_owned(),
            },
        ],
    }
}
