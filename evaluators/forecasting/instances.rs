//! Instances that files name by a key, and what becomes of keys that are missing or that nobody knows.

use std::collections::HashMap;

use sdk::text::quoted;
use sdk::{Code, Evidence, Fault, Items, JsonReader};

/// The instances of a task.
#[derive(Debug, Default)]
pub(crate) struct Instances {
    /// The instances as items.
    pub(crate) items: Items,
    by_id: HashMap<String, u32>,
}

impl Instances {
    /// Instances in their order; their ids are distinct.
    pub(crate) fn new(items: Items) -> Self {
        let by_id = items.ids().iter().enumerate().map(|(item, id)| (id.to_owned(), item as u32)).collect();
        Self { items, by_id }
    }

    /// The instances that a submission answers, none of them so far.
    pub(crate) fn unanswered(&self) -> Answered<'_> {
        Answered { instances: self, answered: vec![false; self.items.len()], unknown: 0 }
    }
}

/// Which instances a submission has answered.
pub(crate) struct Answered<'t> {
    instances: &'t Instances,
    answered: Vec<bool>,
    unknown: u64,
}

impl Answered<'_> {
    /// The item of a key, which is answered herewith.
    pub(crate) fn answer(&mut self, id: &str) -> Option<usize> {
        let item = self.instances.by_id.get(id).map(|item| *item as usize);
        match item {
            Some(item) => self.answered[item] = true,
            None => self.unknown += 1,
        }
        item
    }

    /// Whether an item has been answered.
    pub(crate) fn has(&self, item: usize) -> bool {
        self.answered[item]
    }

    /// How many items have no answer.
    pub(crate) fn missing(&self) -> u64 {
        self.answered.iter().filter(|answered| !**answered).count() as u64
    }

    /// Records the key at the current place as a fault.
    pub(crate) fn refuse_unknown(reader: &mut JsonReader<'_, '_>, id: &str) {
        reader.fault_with(|| {
            let found = quoted(id);
            let message = format!("{found} is no instance of this split");
            Fault::whole(Code::UnknownIds, message, "an instance of this split", found)
                .hint("are these the ids of another split?")
        });
    }

    /// Records every instance without an answer as a fault.
    pub(crate) fn refuse_missing(&self, reader: &mut JsonReader<'_, '_>) {
        let stranger = self.unknown > 0 && !self.answered.contains(&true);
        let ids = self.instances.items.ids().iter().zip(&self.answered);
        for (id, _) in ids.filter(|(_, answered)| !**answered) {
            reader.fault_with(|| {
                let message = format!("the instance {id:?} has no answer");
                let fault = Fault::whole(Code::MissingIds, message, "an answer for every instance", "none");
                match stranger {
                    true => {
                        fault.hint("no id of the file is of this split: are they those of another split?")
                    }
                    false => fault,
                }
            });
        }
    }

    /// Notes how many keys were passed over because nobody knows them.
    pub(crate) fn note_unknown(&self, evidence: &mut Evidence) {
        evidence.note(
            "unknown_ids_ignored",
            self.unknown,
            "answers for instances that are not scored here are ignored",
        );
    }
}
