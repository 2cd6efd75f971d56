//! Runs: documents that a system returns for queries, with scores.

use std::borrow::Cow;
use std::collections::HashSet;

use sdk::primitives::order::ascending_key;
use sdk::roll::IdIndex;
use sdk::rows::finite_number;
use sdk::text::{open_text, quoted};
use sdk::{Code, Fault, Faults, Limits, Mode, Place};

use super::fields::{each_line, each_row, field_fault, is_csv};
use super::qrels::{Judgements, Query};

/// The longest run: places in it are kept in 32 bits.
const MOST_BYTES: usize = u32::MAX as usize;

/// The relevance of a document that is not in the pool.
pub(super) const NOT_IN_POOL: i64 = i64::MIN;

/// A run.
#[derive(Debug)]
pub(super) struct Run<'t> {
    /// Where the names of the documents stand: the file itself, or names that were unpacked from it.
    names: Cow<'t, str>,
    entries: Vec<Entry>,
    /// Which entries stand together and are of one query; in the order of the queries.
    parts: Vec<Part>,
    /// How many queries are not of the task.
    pub(super) unjudged_queries: u64,
}

/// Entries that stand together.
#[derive(Debug, Clone, Copy)]
struct Part {
    query: u32,
    start: u32,
    end: u32,
}

/// A returned document.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    score: f64,
    start: u32,
    length: u32,
}

/// Reads lines `QUERY Q0 DOCUMENT RANK SCORE TAG`, or CSV with the columns `query`, `document` and `score`.
pub(super) fn read<'t>(bytes: &'t [u8], queries: &IdIndex, limits: &Limits) -> Result<Run<'t>, Faults> {
    let text = open_text(bytes, limits, "a run")?;
    if text.len() > MOST_BYTES {
        let most = format!("at most {MOST_BYTES} bytes");
        return Err(Faults::one(Fault::whole(Code::TooLarge, "the run is too large", most, "more")));
    }
    let mut faults = Faults::new();
    let mut reading = Reading {
        queries,
        entries: Vec::new(),
        parts: Vec::new(),
        unjudged: HashSet::new(),
        last: (String::new(), None),
    };
    let names = if is_csv(text) {
        let mut names = String::new();
        let columns = ["query", "document", "score"];
        each_row(bytes, columns, limits, &mut faults, |[id, name, score], line, faults| {
            let start = names.len() as u32;
            names.push_str(name);
            reading.entry(id, (start, name), score, line, faults);
        })?;
        Cow::Owned(names)
    } else {
        let names = "query Q0 document rank score tag";
        each_line(text, names, limits, &mut faults, |[id, _, name, _, score, _], line, faults| {
            let start = (name.as_ptr() as usize - text.as_ptr() as usize) as u32;
            reading.entry(id, (start, name), score, line, faults);
        })?;
        Cow::Borrowed(text)
    };
    let Reading { entries, mut parts, unjudged, .. } = reading;
    // A stable order: of one query the parts stay as they stand in the file.
    parts.sort_by_key(|part| part.query);
    if faults.is_empty() && entries.is_empty() {
        faults.push(
            Fault::whole(
                Code::UnknownIds,
                "no query of the run is one of the task",
                "queries of the task",
                format!("{} other queries", unjudged.len()),
            )
            .hint("the run may be for the queries of another split"),
        );
    }
    faults.or(Run { names, entries, parts, unjudged_queries: unjudged.len() as u64 })
}

/// What was read so far.
struct Reading<'p> {
    queries: &'p IdIndex,
    entries: Vec<Entry>,
    parts: Vec<Part>,
    unjudged: HashSet<String>,
    /// Lines of a query mostly stand together.
    last: (String, Option<u32>),
}

impl Reading<'_> {
    fn entry(&mut self, id: &str, (start, name): (u32, &str), score: &str, line: u64, faults: &mut Faults) {
        if id != self.last.0 {
            self.last.0.clear();
            self.last.0.push_str(id);
            self.last.1 = self.queries.find(id).map(|query| query as u32);
            if self.last.1.is_none() {
                self.unjudged.insert(id.to_owned());
            }
        }
        match (finite_number(score), self.last.1) {
            (Ok(score), Some(query)) => {
                let at = self.entries.len() as u32;
                match self.parts.last_mut() {
                    Some(part) if part.query == query => part.end = at + 1,
                    _ => self.parts.push(Part { query, start: at, end: at + 1 }),
                }
                // Zero has one sign.
                self.entries.push(Entry { score: score + 0.0, start, length: name.len() as u32 });
            }
            (Ok(_), None) => {}
            (Err(code), _) => {
                faults.push_with(|| field_fault(code, line, "the score", "a finite number", score));
            }
        }
    }
}

impl Run<'_> {
    /// Calls with every one of so many queries and its documents, in the order of the queries.
    pub(super) fn each_query<E>(
        &self,
        queries: usize,
        mut query_read: impl FnMut(usize, &[Entry]) -> Result<(), E>,
    ) -> Result<(), E> {
        let (mut parts, mut gathered) = (self.parts.as_slice(), Vec::new());
        for query in 0..queries {
            let own = parts.iter().take_while(|part| part.query as usize == query).count();
            let (of_query, rest) = parts.split_at(own);
            parts = rest;
            gathered.clear();
            for part in of_query {
                gathered.extend_from_slice(&self.entries[part.start as usize..part.end as usize]);
            }
            query_read(query, &gathered)?;
        }
        Ok(())
    }

    fn name(&self, entry: &Entry) -> &str {
        &self.names[entry.start as usize..entry.start as usize + entry.length as usize]
    }

    /// The relevance of the documents that are returned for a query, best score first; of equal scores the name that
    /// sorts last is first.
    ///
    /// A document that is returned twice is a fault.
    pub(super) fn ranked(
        &self,
        judgements: &Judgements,
        query: &Query,
        entries: &[Entry],
        mode: Mode,
        faults: &mut Faults,
    ) -> Vec<i64> {
        let hash = |entry| judgements.hasher.of(self.name(entry).as_bytes());
        let mut by_hash: Vec<(u64, u32)> =
            entries.iter().zip(0..).map(|(entry, at)| (hash(entry), at)).collect();
        by_hash.sort_unstable();
        for same in by_hash.chunk_by(|a, b| a.0 == b.0).filter(|same| same.len() > 1) {
            self.refuse_repeated(same, entries, faults);
        }
        let mut relevance = vec![NOT_IN_POOL; entries.len()];
        let mut judged = query.judged.iter().peekable();
        for (hash, at) in by_hash {
            while judged.next_if(|judged| judged.hash < hash).is_some() {}
            let name = self.name(&entries[at as usize]);
            // Names of one hash are next to each other, in no order.
            let same = judged.clone().take_while(|judged| judged.hash == hash);
            if let Some(judged) = same.into_iter().find(|judged| judgements.name(judged) == name) {
                relevance[at as usize] = judged.relevance;
            }
        }
        let score = |entry: &Entry| match mode {
            Mode::Strict => entry.score,
            // The public code keeps scores in 32 bits, so that scores become equal which are not.
            Mode::Reference => f64::from(entry.score as f32),
        };
        let mut order: Vec<(u64, u32)> =
            entries.iter().zip(0..).map(|(entry, at)| (!ascending_key(score(entry)), at)).collect();
        order.sort_unstable();
        for equal in order.chunk_by_mut(|a, b| a.0 == b.0).filter(|equal| equal.len() > 1) {
            let name = |(_, at): &(u64, u32)| self.name(&entries[*at as usize]);
            equal.sort_unstable_by(|a, b| name(b).cmp(name(a)));
        }
        order.into_iter().map(|(_, at)| relevance[at as usize]).collect()
    }

    fn refuse_repeated(&self, same_hash: &[(u64, u32)], entries: &[Entry], faults: &mut Faults) {
        let mut positions: Vec<u32> = same_hash.iter().map(|(_, at)| *at).collect();
        positions.sort_unstable_by_key(|at| (self.name(&entries[*at as usize]), *at));
        let name = |at: u32| self.name(&entries[at as usize]);
        for pair in positions.windows(2).filter(|pair| name(pair[0]) == name(pair[1])) {
            faults.push_with(|| {
                let entry = &entries[pair[1] as usize];
                let message = format!("the document {} stands twice for its query", quoted(self.name(entry)));
                let fault = Fault::whole(Code::DuplicateIds, message, "every document once", "another line");
                match &self.names {
                    Cow::Borrowed(text) => {
                        let before = text.as_bytes()[..entry.start as usize].iter();
                        fault.at(Place::Line(1 + before.filter(|byte| **byte == b'\n').count() as u64))
                    }
                    // Of unpacked names the lines are not kept.
                    Cow::Owned(_) => fault,
                }
            });
        }
    }
}
