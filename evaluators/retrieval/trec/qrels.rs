//! Judgements: how relevant documents are for queries.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use sdk::text::{open_text, quoted};
use sdk::{Code, Fault, Faults, Limits, Place};

use super::fields::{each_line, field_fault};

/// The largest judgement: a gain of nDCG.
const MOST: i64 = 1_000_000;

/// The judged documents of a query.
#[derive(Debug, Default)]
pub(super) struct Query {
    /// In the order of the hashes of their names.
    pub(super) judged: Vec<Judged>,
}

/// A judged document.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) hash: u64,
    pub(super) name: Box<str>,
    /// Below zero: in the pool, but not judged.
    pub(super) relevance: i64,
}

/// Reads `QUERY 0 DOCUMENT RELEVANCE` lines: the queries in the order of their first lines, and their judgements.
pub(super) fn read(
    bytes: &[u8],
    hasher: &RandomState,
    limits: &Limits,
) -> Result<(Vec<String>, Vec<Query>), Faults> {
    let text = open_text(bytes, limits, "qrels")?;
    let mut faults = Faults::new();
    let (mut ids, mut queries): (Vec<String>, Vec<Query>) = (Vec::new(), Vec::new());
    let mut positions: HashMap<&str, usize> = HashMap::new();
    each_line(text, "query 0 document relevance", limits, &mut faults, |fields, line, faults| {
        let [id, _, name, relevance] = fields;
        let relevance = match relevance.parse::<i64>() {
            Ok(relevance) if relevance <= MOST => relevance,
            Ok(_) => {
                let expected = format!("at most {MOST}");
                faults
                    .push_with(|| field_fault(Code::OutOfRange, line, "the relevance", &expected, relevance));
                return;
            }
            Err(_) => {
                let expected = "a whole number";
                faults
                    .push_with(|| field_fault(Code::NotANumber, line, "the relevance", expected, relevance));
                return;
            }
        };
        let position = *positions.entry(id).or_insert_with(|| {
            ids.push(id.to_owned());
            queries.push(Query::default());
            queries.len() - 1
        });
        let hash = hasher.hash_one(name);
        queries[position].judged.push(Judged { hash, name: name.into(), relevance });
    })?;
    for query in &mut queries {
        query.judged.sort_unstable_by(|a, b| (a.hash, &a.name).cmp(&(b.hash, &b.name)));
    }
    if queries.iter().any(Query::has_repeated) {
        refuse_repeated(text, limits, &mut faults)?;
    }
    faults.or((ids, queries))
}

impl Query {
    /// Whether a document is judged twice.
    fn has_repeated(&self) -> bool {
        self.judged.windows(2).any(|pair| pair[0].hash == pair[1].hash && pair[0].name == pair[1].name)
    }
}

/// Finds the lines of documents that are judged twice; it is known that there are some.
fn refuse_repeated(text: &str, limits: &Limits, faults: &mut Faults) -> Result<(), Faults> {
    let mut first: HashMap<(&str, &str), u64> = HashMap::new();
    // Lines that are wrong were told before.
    let mut told = Faults::new();
    each_line(text, "", limits, &mut told, |[id, _, name, _], line, _| {
        let earlier = *first.entry((id, name)).or_insert(line);
        if earlier != line {
            faults.push_with(|| {
                let (query, name) = (quoted(id), quoted(name));
                let message = format!("the document {name} is judged twice for the query {query}");
                let found = format!("another on line {earlier}");
                Fault::whole(Code::DuplicateIds, message, "one judgement", found).at(Place::Line(line))
            });
        }
    })
}
