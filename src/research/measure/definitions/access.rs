//! Who is let in: the definitions of G.

use crate::measure::Definition;
use crate::measure::Privacy::*;

pub(super) const DEFINITIONS: &[Definition] = &[
    Definition {
        id: "G1",
        version: 1,
        title: "Access selectivity",
        formula: "granted / requested, by sector and country group, with Wilson interval",
        data: "access_request",
        unit: "share",
        source: "Wilson 1927",
        privacy: Aggregate,
        rule: "aggregate",
        min_n: 5,
        counted: "requests",
    },
    Definition {
        id: "G2",
        version: 1,
        title: "Access delay",
        formula: "Kaplan-Meier days to decision, by group",
        data: "access_request",
        unit: "days",
        source: "Kaplan and Meier 1958",
        privacy: Aggregate,
        rule: "aggregate",
        min_n: 5,
        counted: "requests",
    },
    Definition {
        id: "G3",
        version: 1,
        title: "Resource threshold",
        formula: "share of top-10 entries by compute band; odds of top-10 per band",
        data: "submission_declaration",
        unit: "share; OR",
        source: "own",
        privacy: Aggregate,
        rule: "aggregate, >=10",
        min_n: 10,
        counted: "entries",
    },
    Definition {
        id: "G4",
        version: 1,
        title: "Licence and expiry",
        formula: "licence versions, days of validity, lapsed before deadline",
        data: "access_request",
        unit: "days",
        source: "own",
        privacy: Open,
        rule: "open",
        min_n: 0,
        counted: "units",
    },
];
