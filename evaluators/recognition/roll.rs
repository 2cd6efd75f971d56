//! From ids to items, and the roll on which every item is called exactly once.

use std::collections::HashMap;

use sdk::text::quoted;
use sdk::{Code, Fault, Faults};

/// The ids of a task by their positions.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    ids: Vec<String>,
    positions: HashMap<String, u32>,
}

impl Ids {
    /// Adds an id and returns its position; nothing if it is there already.
    pub(crate) fn add(&mut self, id: &str) -> Option<u32> {
        let position = self.ids.len() as u32;
        if self.positions.contains_key(id) {
            return None;
        }
        self.positions.insert(id.to_owned(), position);
        self.ids.push(id.to_owned());
        Some(position)
    }

    /// The ids, in order.
    pub(crate) fn all(&self) -> &[String] {
        &self.ids
    }

    /// How many ids there are.
    pub(crate) fn len(&self) -> usize {
        self.ids.len()
    }
}

/// What calling an id says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    /// The item, called for the first time.
    First(u32),
    /// The item has been called before.
    Again(u32),
    /// There is no such item.
    Unknown,
}

/// Which items a submission has named so far.
#[derive(Debug)]
pub(crate) struct Roll<'t> {
    ids: &'t Ids,
    called: Vec<bool>,
    missing: usize,
}

impl<'t> Roll<'t> {
    pub(crate) fn new(ids: &'t Ids) -> Self {
        Self { ids, called: vec![false; ids.len()], missing: ids.len() }
    }

    /// Calls an id.
    pub(crate) fn call(&mut self, id: &str) -> Call {
        match self.ids.positions.get(id) {
            None => Call::Unknown,
            Some(item) if self.called[*item as usize] => Call::Again(*item),
            Some(item) => {
                self.called[*item as usize] = true;
                self.missing -= 1;
                Call::First(*item)
            }
        }
    }

    /// One fault for every item that was not called.
    pub(crate) fn missing(&self) -> Faults {
        let mut faults = Faults::new();
        let (missing, all) = (self.missing, self.ids.len());
        for (id, _) in self.ids.ids.iter().zip(&self.called).filter(|(_, called)| !**called) {
            faults.push_with(|| {
                let message = format!("nothing is predicted for {}", quoted(id));
                let found = format!("none for {missing} of {all}");
                Fault::whole(Code::MissingIds, message, "one prediction for every id", found)
            });
        }
        faults
    }
}

/// The faults of a reading and of the roll together.
///
/// Where the reading broke off (text that is no JSON), that something is missing says nothing; nor where faults are told
/// and nobody was called at all: such a file is of another split or task.
pub(crate) fn complete<T>(read: Result<T, Faults>, roll: &Roll<'_>) -> Result<T, Faults> {
    match read {
        Ok(value) => roll.missing().or(value),
        Err(mut faults) => {
            let broken = |fault: &Fault| BREAKS.contains(&fault.code);
            let nobody = roll.missing == roll.ids.len();
            if !nobody && !faults.faults.iter().any(broken) {
                faults.extend(roll.missing());
            }
            Err(faults)
        }
    }
}

/// The codes of faults after which a file is not read to its end.
const BREAKS: [Code; 10] = [
    Code::InvalidJson,
    Code::InvalidCsv,
    Code::InvalidUtf8,
    Code::WrongFormat,
    Code::TooDeep,
    Code::TooLarge,
    Code::EmptySubmission,
    Code::MissingColumn,
    Code::Timeout,
    Code::WrongChallenge,
];

/// The fault that an id stands a second time.
pub(crate) fn repeated(id: &str) -> Fault {
    let message = format!("{} stands twice", quoted(id));
    Fault::whole(Code::DuplicateIds, message, "every id once", "the id again")
}

/// The fault that an id is none of the task.
pub(crate) fn unknown(id: &str) -> Fault {
    let message = format!("{} is no id of this task", quoted(id));
    Fault::whole(Code::UnknownIds, message, "an id of the task", quoted(id))
        .hint("the ids are those of the test split; another split has others")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_is_called_once() {
        let mut ids = Ids::default();
        assert_eq!(
            (ids.add("a"), ids.add("b"), ids.add("a"), ids.add("c")),
            (Some(0), Some(1), None, Some(2))
        );
        let mut roll = Roll::new(&ids);
        let calls = ["b", "x", "b", "c"].map(|id| roll.call(id));
        assert_eq!(calls, [Call::First(1), Call::Unknown, Call::Again(1), Call::First(2)]);
        let missing = roll.missing();
        assert_eq!((missing.fault_count, missing.faults[0].found.as_str()), (1, "none for 1 of 3"));
    }
}
