//! The truths of the classification evaluators.

use super::{CANARY, Truth};

pub(crate) const TRUTHS: &[Truth] = &[
    Truth {
        evaluators: &["classification_label"],
        params: &[],
        main: "id,label\na1,cook\na2,zanzibar\na3,walk\n",
        twin: "id,label\na1,walk\na2,walk\na3,zanzibar\n",
        canary: CANARY,
    },
    Truth {
        evaluators: &["classification_label"],
        params: &[("classes", "cook,walk,zanzibar")],
        main: "id,label\na1,cook\na2,zanzibar\na3,walk\n",
        twin: "id,label\na1,walk\na2,walk\na3,walk\n",
        canary: CANARY,
    },
    Truth {
        evaluators: &["classification_probability"],
        params: &[],
        main: "id,label\na1,cook\na2,walk\na3,walk\n",
        twin: "id,label\na1,walk\na2,cook\na3,cook\n",
        canary: None,
    },
    Truth {
        evaluators: &["classification_binary"],
        params: &[],
        main: "id,label\na1,1\na2,0\na3,1\n",
        twin: "id,label\na1,0\na2,1\na3,0\n",
        canary: None,
    },
    Truth {
        evaluators: &["classification_multilabel"],
        params: &[],
        main: "id,labels\na1,cook|walk\na2,\na3,rest\n",
        twin: "id,labels\na1,\na2,rest\na3,rest|cook|walk\n",
        canary: None,
    },
];
