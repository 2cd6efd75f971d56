//! The speakers of a recording.

use std::borrow::Cow;
use std::collections::HashMap;

use sdk::text::quoted;
use sdk::{Code, Fault};

/// How many speakers a side may name in a recording.
const MOST_SPEAKERS: usize = 500;

/// The speakers of a recording.
#[derive(Debug, Default)]
pub(crate) struct Speakers<'f> {
    numbers: HashMap<Cow<'f, str>, u32>,
}

impl<'f> Speakers<'f> {
    /// The number of a speaker, in the order of first turns.
    pub(crate) fn add(&mut self, name: impl Into<Cow<'f, str>>) -> u32 {
        let next = self.numbers.len() as u32;
        *self.numbers.entry(name.into()).or_insert(next)
    }

    pub(crate) fn are_too_many(&self) -> bool {
        self.numbers.len() > MOST_SPEAKERS
    }

    /// For each number the place of the speaker in the order of names.
    pub(crate) fn places(&self) -> Vec<u32> {
        let mut names: Vec<(&str, u32)> =
            self.numbers.iter().map(|(name, number)| (&**name, *number)).collect();
        names.sort_unstable();
        let mut places = vec![0; names.len()];
        for (place, (_, number)) in (0..).zip(names) {
            places[number as usize] = place;
        }
        places
    }

    /// The fault that a recording has too many speakers.
    pub(crate) fn too_many(recording: &str) -> Fault {
        let message = format!("{} has too many speakers", quoted(recording));
        Fault::whole(Code::TooLarge, message, format!("at most {MOST_SPEAKERS} speakers"), "more")
    }
}
