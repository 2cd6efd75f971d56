//! The truths of the retrieval evaluators.

use super::{CANARY, Truth};

pub(crate) const TRUTHS: &[Truth] = &[
    Truth {
        evaluators: &["retrieval"],
        params: &[],
        main: "q1 0 d1 2\nq1 0 zanzibar 1\nq2 0 d1 0\n",
        twin: "q1 0 zanzibar 0\nq1 0 d9 1\nq2 0 d3 3\nq2 0 d1 -1\n",
        canary: CANARY,
    },
    Truth {
        evaluators: &["retrieval"],
        params: &[("queries", "in_both"), ("cutoffs", "2,1"), ("relevance_level", "2")],
        main: "q1 0 d1 2\nq1 0 zanzibar 1\nq2 0 d1 0\n",
        twin: "q1 0 zanzibar 0\nq2 0 d3 3\n",
        canary: CANARY,
    },
    Truth {
        evaluators: &["retrieval_matrix"],
        params: &[],
        main: "1,0,0.5\n0.5,1,0\n0,0.5,1\n1,0,0\n",
        twin: "0,1,0\n1,0,0\n0.25,0,1\n0,0,1\n",
        canary: None,
    },
];
