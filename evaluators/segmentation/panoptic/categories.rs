//! The categories of a panoptic task: which there are, and which of them are things.

use std::collections::HashMap;

use sdk::{Code, Fault, Faults, Place};

/// The categories in the order of the annotations.
#[derive(Debug)]
pub(super) struct Categories {
    positions: HashMap<i64, u32>,
    are_things: Vec<bool>,
}

/// A category as it is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Category {
    pub(super) id: i64,
    pub(super) is_thing: bool,
}

impl Categories {
    /// The categories of annotations.
    pub(super) fn of(listed: Option<&[Category]>) -> Result<Self, Faults> {
        let Some(listed) = listed else {
            let message = "the field \"categories\" is missing";
            let fault = Fault::whole(Code::MissingField, message, "a list of categories", "none");
            return Err(Faults::one(fault.at(Place::Pointer(String::new()))));
        };
        let mut faults = Faults::new();
        let mut categories = Self { positions: HashMap::new(), are_things: Vec::new() };
        for (at, category) in listed.iter().enumerate() {
            if categories.positions.insert(category.id, at as u32).is_some() {
                let message = format!("two categories have the id {}", category.id);
                let fault =
                    Fault::whole(Code::DuplicateIds, message, "distinct ids", category.id.to_string());
                faults.push(fault.at(Place::Pointer(format!("/categories/{at}/id"))));
            }
            categories.are_things.push(category.is_thing);
        }
        if listed.is_empty() {
            let fault = Fault::whole(Code::WrongShape, "there is no category", "categories", "none");
            faults.push(fault.at(Place::Pointer("/categories".to_owned())));
        }
        faults.or(categories)
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.are_things.len()
    }

    /// The position of a category.
    pub(super) fn position(&self, id: i64) -> Option<u32> {
        self.positions.get(&id).copied()
    }

    /// All categories, things and stuff.
    pub(super) fn sets(&self) -> Vec<Vec<u32>> {
        let all = || 0..self.len() as u32;
        let thing = |category: &u32| self.are_things[*category as usize];
        vec![all().collect(), all().filter(thing).collect(), all().filter(|one| !thing(one)).collect()]
    }
}
