//! Judgements: how relevant documents are for queries.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};

use sdk::rows::CsvRows;
use sdk::text::{open_text, quoted};
use sdk::{Code, Fault, Faults, Limits, Place};

use super::fields::{each_line, each_row, field_fault, is_csv};

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

/// Reads lines `QUERY 0 DOCUMENT RELEVANCE`, or CSV with the columns `query`, `document` and `relevance`: the queries in
/// the order of their first lines, and their judgements.
pub(super) fn read(
    bytes: &[u8],
    hasher: &RandomState,
    limits: &Limits,
) -> Result<(Vec<String>, Vec<Query>), Faults> {
    let mut faults = Faults::new();
    let mut reading = Reading { hasher, ids: Vec::new(), queries: Vec::new(), positions: HashMap::new() };
    each_judgement(bytes, limits, &mut faults, |fields, line, faults| {
        reading.judgement(fields, line, faults);
    })?;
    let Reading { ids, mut queries, .. } = reading;
    for query in &mut queries {
        query.judged.sort_unstable_by(|a, b| (a.hash, &a.name).cmp(&(b.hash, &b.name)));
    }
    if queries.iter().any(Query::has_repeated) {
        refuse_repeated(bytes, limits, &mut faults)?;
    }
    if faults.is_empty() && ids.is_empty() {
        faults.push(Fault::whole(Code::EmptySubmission, "there is no judgement", "judgements", "none"));
    }
    faults.or((ids, queries))
}

/// Reads queries without judgements: lines that begin with a query, or CSV with the column `query`.
pub(super) fn read_topics(bytes: &[u8], limits: &Limits) -> Result<(Vec<String>, Vec<Query>), Faults> {
    let text = open_text(bytes, limits, "queries")?;
    let (mut ids, mut faults) = (Vec::new(), Faults::new());
    let mut seen = HashSet::new();
    let mut add = |id: &str| {
        if !id.is_empty() && seen.insert(id.to_owned()) {
            ids.push(id.to_owned());
        }
    };
    if text.lines().next().is_some_and(|header| header.split(',').any(|name| name.trim() == "query")) {
        let mut rows = CsvRows::open(bytes, limits)?;
        if let Some(query) = rows.require("query") {
            while let Some(row) = rows.next_row()? {
                add(row.cell(query));
            }
        }
        faults.extend(rows.into_faults());
    } else {
        text.lines().for_each(|line| add(line.split_ascii_whitespace().next().unwrap_or_default()));
    }
    if faults.is_empty() && ids.is_empty() {
        faults.push(Fault::whole(Code::EmptySubmission, "there is no query", "queries", "none"));
    }
    let queries = ids.iter().map(|_| Query::default()).collect();
    faults.or((ids, queries))
}

/// Calls with query, document and relevance of every line.
fn each_judgement(
    bytes: &[u8],
    limits: &Limits,
    faults: &mut Faults,
    mut read: impl FnMut([&str; 3], u64, &mut Faults),
) -> Result<(), Faults> {
    let text = open_text(bytes, limits, "qrels")?;
    if is_csv(text) {
        return each_row(bytes, ["query", "document", "relevance"], limits, faults, read);
    }
    let names = "query 0 document relevance";
    each_line(text, names, limits, faults, |[id, _, name, relevance], line, faults| {
        read([id, name, relevance], line, faults);
    })
}

/// What was read so far.
struct Reading<'h> {
    hasher: &'h RandomState,
    ids: Vec<String>,
    queries: Vec<Query>,
    positions: HashMap<Box<str>, usize>,
}

impl Reading<'_> {
    fn judgement(&mut self, [id, name, relevance]: [&str; 3], line: u64, faults: &mut Faults) {
        let relevance = match relevance.trim().parse::<i64>() {
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
        let position = match self.positions.get(id) {
            Some(position) => *position,
            None => {
                self.positions.insert(id.into(), self.queries.len());
                self.ids.push(id.to_owned());
                self.queries.push(Query::default());
                self.queries.len() - 1
            }
        };
        let hash = self.hasher.hash_one(name);
        self.queries[position].judged.push(Judged { hash, name: name.into(), relevance });
    }
}

impl Query {
    /// Whether a document is judged twice.
    fn has_repeated(&self) -> bool {
        self.judged.windows(2).any(|pair| pair[0].hash == pair[1].hash && pair[0].name == pair[1].name)
    }
}

/// Finds the lines of documents that are judged twice; it is known that there are some.
fn refuse_repeated(bytes: &[u8], limits: &Limits, faults: &mut Faults) -> Result<(), Faults> {
    let mut first: HashMap<(Box<str>, Box<str>), u64> = HashMap::new();
    // Lines that are wrong were told before.
    let mut told = Faults::new();
    each_judgement(bytes, limits, &mut told, |[id, name, _], line, _| {
        let earlier = *first.entry((id.into(), name.into())).or_insert(line);
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
