//! From ids to items, and the roll on which every item is called exactly once.

use sdk::roll::IdIndex;
use sdk::text::quoted;
use sdk::{Code, Fault, Faults};

/// The ids of a task by their positions.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    ids: Vec<String>,
    index: IdIndex,
}

impl Ids {
    /// Adds an id and returns its position; nothing if it is there already.
    pub(crate) fn add(&mut self, id: &str) -> Option<u32> {
        let position = self.index.add(id).ok()?;
        self.ids.push(id.to_owned());
        Some(position as u32)
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
///
/// It tells what is wrong with a call and leaves it to the caller whether that is a fault: reference mode lets some pass.
#[derive(Debug)]
pub(crate) struct Roll<'t> {
    ids: &'t Ids,
    called: Vec<bool>,
    missing: usize,
    /// What is called, in a message.
    noun: &'static str,
}

impl<'t> Roll<'t> {
    pub(crate) fn new(ids: &'t Ids, noun: &'static str) -> Self {
        Self { ids, called: vec![false; ids.len()], missing: ids.len(), noun }
    }

    /// Calls an id.
    pub(crate) fn call(&mut self, id: &str) -> Call {
        match self.ids.index.find(id) {
            None => Call::Unknown,
            Some(item) if self.called[item] => Call::Again(item as u32),
            Some(item) => {
                self.called[item] = true;
                self.missing -= 1;
                Call::First(item as u32)
            }
        }
    }

    /// One fault for every item that was not called.
    pub(crate) fn missing(&self) -> Faults {
        let mut faults = Faults::new();
        let (missing, all) = (self.missing, self.ids.len());
        for (id, _) in self.ids.ids.iter().zip(&self.called).filter(|(_, called)| !**called) {
            faults.push_with(|| {
                let message = format!("nothing is predicted for the {} {}", self.noun, quoted(id));
                let (expected, found) =
                    (format!("a prediction for every {}", self.noun), format!("none for {missing} of {all}"));
                Fault::whole(Code::MissingIds, message, expected, found)
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

/// The fault that an id is none of the task.
pub(crate) fn unknown(noun: &str, id: &str) -> Fault {
    let message = format!("the {noun} {} is not one of this task", quoted(id));
    Fault::whole(Code::UnknownIds, message, format!("a {noun} of the task"), quoted(id))
        .hint(format!("the {noun}s are those of this split; another split has others"))
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
        let mut roll = Roll::new(&ids, "clip");
        let calls = ["b", "x", "b", "c"].map(|id| roll.call(id));
        assert_eq!(calls, [Call::First(1), Call::Unknown, Call::Again(1), Call::First(2)]);
        let missing = roll.missing();
        assert_eq!((missing.fault_count, missing.faults[0].found.as_str()), (1, "none for 1 of 3"));
    }
}
