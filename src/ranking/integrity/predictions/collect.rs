//! Gathers the digests of records, and makes one of them all.

use domain::Digest;
use sdk::Limits;
use sdk::roll::IdIndex;
use serde_json::Value;

use super::{NO_ANSWER, Predictions, Unreadable};
use crate::integrity::canonical::{canonical_cell, item_digest, submission_digest};

/// How often the clock is asked.
const STRIDE: usize = 4_096;

/// The fields by which the formats of tasks name what a record is of, the most telling first.
///
/// Other fields may hold numbers that are ids of items by chance, as the category of a box may.
const ID_FIELDS: [&str; 12] = [
    "id",
    "item",
    "q_uid",
    "image_id",
    "ImageID",
    "segment_name",
    "annotation_uid",
    "unique_id",
    "clip_uid",
    "video_uid",
    "video_id",
    "file_name",
];

/// The records of a file so far.
pub(super) struct Collector<'r> {
    items: Option<&'r IdIndex>,
    limits: &'r Limits,
    of_items: Vec<(u32, Digest)>,
    of_nothing: Vec<Digest>,
    frame: Vec<Digest>,
}

impl<'r> Collector<'r> {
    pub(super) fn new(items: &'r IdIndex, limits: &'r Limits) -> Self {
        Self { items: Some(items), limits, of_items: Vec::new(), of_nothing: Vec::new(), frame: Vec::new() }
    }

    /// One for the file of an item, in which no other item is looked for.
    pub(super) fn of_nothing(&self) -> Collector<'r> {
        Collector {
            items: None,
            limits: self.limits,
            of_items: Vec::new(),
            of_nothing: Vec::new(),
            frame: Vec::new(),
        }
    }

    /// The item of an id.
    pub(super) fn find(&self, id: &str) -> Option<u32> {
        self.items.and_then(|items| items.find(id)).and_then(|item| u32::try_from(item).ok())
    }

    /// The item that a file is named after: by its path or its name, with its extension or without.
    pub(super) fn item_of_file(&self, path: &str) -> Option<u32> {
        let without_extension = |name: &str| name.rsplit_once('.').map(|(stem, _)| stem.to_owned());
        let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
        [Some(path.to_owned()), without_extension(path), Some(name.to_owned()), without_extension(name)]
            .into_iter()
            .flatten()
            .find_map(|id| self.find(&id))
    }

    /// The field that names the item of a record with these fields, and the item.
    pub(super) fn item_of_record<'f>(
        &self,
        value_of: impl Fn(&str) -> Option<std::borrow::Cow<'f, str>>,
    ) -> Option<(&'static str, u32)> {
        ID_FIELDS.into_iter().find_map(|field| Some((field, self.find(&value_of(field)?)?)))
    }

    /// Adds a record of an item.
    pub(super) fn of_item(&mut self, item: u32, prediction: Digest) -> Result<(), Unreadable> {
        self.of_items.push((item, prediction));
        self.count()
    }

    /// Adds a record that names no item.
    pub(super) fn record(&mut self, path: &str, prediction: Digest) -> Result<(), Unreadable> {
        self.of_nothing.push(below(path, prediction));
        self.count()
    }

    /// Adds something that stands beside records.
    pub(super) fn frame(&mut self, path: &str, value: Digest) -> Result<(), Unreadable> {
        self.frame.push(below(path, value));
        self.count()
    }

    fn count(&self) -> Result<(), Unreadable> {
        let count = self.of_items.len() + self.of_nothing.len() + self.frame.len();
        if count as u64 > self.limits.records {
            return Err(Unreadable::TooLarge);
        }
        if count.is_multiple_of(STRIDE) {
            self.limits.check()?;
        }
        Ok(())
    }

    /// The digest of all, and the answers by item.
    pub(super) fn finish(mut self) -> Predictions {
        if self.of_items.is_empty() && self.of_nothing.is_empty() {
            self.of_nothing = self.frame;
        }
        self.of_items.sort_unstable();
        let ids = self.items.map(IdIndex::ids);
        let name = |item: u32| ids.and_then(|ids| ids.get(item as usize)).unwrap_or_default();
        // The records of no item have no name: no id of a task is empty.
        let named = self.of_items.iter().map(|(item, digest)| (name(*item), *digest));
        let digest = submission_digest(named.chain(self.of_nothing.iter().map(|digest| ("", *digest))));
        let answers = (!self.of_items.is_empty()).then(|| {
            let mut answers = vec![NO_ANSWER; self.items.map_or(0, IdIndex::len)];
            for records in self.of_items.chunk_by(|(one, _), (other, _)| one == other) {
                answers[records[0].0 as usize] = answer(records);
            }
            answers
        });
        Predictions { digest, answers }
    }
}

/// Four bytes that tell the records of an item from others: two of a thousand million pairs are taken for equal by chance.
fn answer(records: &[(u32, Digest)]) -> u32 {
    let together = submission_digest(records.iter().map(|(_, digest)| ("", *digest))).0;
    u32::from_le_bytes([together[0], together[1], together[2], together[3]]).max(NO_ANSWER + 1)
}

fn below(path: &str, digest: Digest) -> Digest {
    if path.is_empty() { digest } else { submission_digest([(path, digest)]) }
}

/// The digest of a prediction in its simplest form.
///
/// Text that reads as a number is one, an object with one field is the value of the field, and a list of objects has no order:
/// so the same table as CSV, as JSON lines and as one object by id is the same.
pub(super) fn prediction_digest(prediction: Value) -> Digest {
    item_digest(&simplest(prediction))
}

fn simplest(value: Value) -> Value {
    match value {
        Value::String(text) => canonical_cell(&text),
        Value::Array(values) => {
            let is_unordered = values.len() > 1 && values.iter().all(Value::is_object);
            let mut values: Vec<Value> = values.into_iter().map(simplest).collect();
            if is_unordered {
                values.sort_by_cached_key(item_digest);
            }
            Value::Array(values)
        }
        Value::Object(fields) => {
            let mut fields: serde_json::Map<String, Value> =
                fields.into_iter().map(|(name, value)| (name, simplest(value))).collect();
            let only = if fields.len() == 1 { fields.values_mut().next().map(Value::take) } else { None };
            only.unwrap_or(Value::Object(fields))
        }
        plain => plain,
    }
}
