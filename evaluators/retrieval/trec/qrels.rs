//! Judgements: how relevant documents are for queries.

use std::collections::HashMap;

use sdk::primitives::seeded_hash::SeededHash;
use sdk::roll::IdIndex;
use sdk::rows::CsvRows;
use sdk::text::{open_text, quoted};
use sdk::{Code, Fault, Faults, Limits, Place};

use super::fields::{each_line, each_row, field_fault, is_csv};

/// The largest judgement: a gain of nDCG.
const MOST: i64 = 1_000_000;

/// The longest file of judgements: places of names are kept in 32 bits.
const MOST_BYTES: usize = u32::MAX as usize;

/// What is judged.
#[derive(Debug, Default)]
pub(super) struct Judgements {
    /// The queries in the order of their first lines.
    pub(super) ids: IdIndex,
    /// One for every query.
    pub(super) queries: Vec<Query>,
    /// The names of the documents, one after the other.
    names: String,
    pub(super) hasher: SeededHash,
}

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
    start: u32,
    length: u32,
    /// Below zero: in the pool, but not judged.
    pub(super) relevance: i64,
}

/// Reads lines `QUERY 0 DOCUMENT RELEVANCE`, or CSV with the columns `query`, `document` and `relevance`.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Judgements, Faults> {
    if bytes.len() > MOST_BYTES {
        let most = format!("at most {MOST_BYTES} bytes");
        return Err(Faults::one(Fault::whole(Code::TooLarge, "the qrels are too large", most, "more")));
    }
    let (mut faults, mut judgements, mut last) = (Faults::new(), Judgements::default(), None);
    each_judgement(bytes, limits, &mut faults, |fields, line, faults| {
        judgements.add(fields, &mut last, line, faults);
    })?;
    let Judgements { queries, names, .. } = &mut judgements;
    for query in &mut *queries {
        query.judged.sort_unstable_by(|a, b| (a.hash, a.name(names)).cmp(&(b.hash, b.name(names))));
    }
    if queries.iter().any(|query| query.has_repeated(names)) {
        refuse_repeated(bytes, limits, &mut faults)?;
    }
    if faults.is_empty() && judgements.ids.is_empty() {
        faults.push(Fault::whole(Code::EmptySubmission, "there is no judgement", "judgements", "none"));
    }
    faults.or(judgements)
}

/// Reads queries without judgements: lines that begin with a query, or CSV with the column `query`.
pub(super) fn read_topics(bytes: &[u8], limits: &Limits) -> Result<Judgements, Faults> {
    let text = open_text(bytes, limits, "queries")?;
    let (mut judgements, mut faults) = (Judgements::default(), Faults::new());
    let mut add = |id: &str| {
        if !id.is_empty() && judgements.ids.add(id).is_ok() {
            judgements.queries.push(Query::default());
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
    if faults.is_empty() && judgements.ids.is_empty() {
        faults.push(Fault::whole(Code::EmptySubmission, "there is no query", "queries", "none"));
    }
    faults.or(judgements)
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

impl Judgements {
    /// Adds a judgement; `last` is the query of the one before, since those of a query mostly stand together.
    fn add(
        &mut self,
        [id, name, relevance]: [&str; 3],
        last: &mut Option<usize>,
        line: u64,
        faults: &mut Faults,
    ) {
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
        let position = match *last {
            Some(last) if self.ids.ids()[last] == *id => last,
            _ => match self.ids.add(id) {
                Ok(new) => {
                    self.queries.push(Query::default());
                    new
                }
                Err(known) => known,
            },
        };
        *last = Some(position);
        let (hash, start) = (self.hasher.of(name.as_bytes()), self.names.len() as u32);
        self.names.push_str(name);
        self.queries[position].judged.push(Judged { hash, start, length: name.len() as u32, relevance });
    }

    /// The name of a judged document.
    pub(super) fn name(&self, judged: &Judged) -> &str {
        judged.name(&self.names)
    }
}

impl Judged {
    fn name<'n>(&self, names: &'n str) -> &'n str {
        &names[self.start as usize..self.start as usize + self.length as usize]
    }
}

impl Query {
    /// Whether a document is judged twice.
    fn has_repeated(&self, names: &str) -> bool {
        let same =
            |pair: &[Judged]| pair[0].hash == pair[1].hash && pair[0].name(names) == pair[1].name(names);
        self.judged.windows(2).any(same)
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
