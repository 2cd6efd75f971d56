//! The truths of the regression evaluators.

use super::Truth;

pub(crate) const TRUTHS: &[Truth] = &[
    Truth {
        evaluators: &["regression"],
        params: &[],
        main: "id,value\na1,2.5\na2,-1\na3,0\n",
        twin: "id,value\na1,1e9\na2,1e9\na3,1e9\n",
        canary: None,
    },
    Truth {
        evaluators: &["repetition_counting"],
        params: &[],
        main: "id,count\na1,2\na2,1\na3,10\n",
        twin: "id,count\na1,1e9\na2,1e9\na3,1e9\n",
        canary: None,
    },
];
