//! Reads a submission and measures each instance while it is read.

use ndarray::{Array2, ArrayViewMut1};
use sdk::{Code, Fault, Faults, JsonReader, Limits, Mode, Read, Slot};

use super::edit_distance::{Distances, equal_bits};
use super::{KINDS, LONGEST, PreparedLongTerm};
use crate::instances::Answered;

/// What a submission holds.
pub(super) struct Sent<'t> {
    pub(super) answered: Answered<'t>,
    /// Per instance the distance of verbs, nouns and actions, and the area under each.
    pub(super) values: Array2<f64>,
}

/// Several sequences of labels, one after the other.
#[derive(Default)]
struct Sequences {
    labels: Vec<i64>,
    /// Where each sequence ends.
    ends: Vec<usize>,
}

impl Sequences {
    fn get(&self, index: usize) -> &[i64] {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.labels[start..self.ends[index]]
    }

    fn clear(&mut self) {
        self.labels.clear();
        self.ends.clear();
    }
}

/// Reads a submission.
pub(super) fn read<'t>(
    task: &'t PreparedLongTerm,
    bytes: &[u8],
    limits: &Limits,
) -> Result<Sent<'t>, Faults> {
    let instances = &task.truth.instances;
    let mut sent = Sent {
        answered: instances.unanswered(),
        values: Array2::zeros((instances.items.len(), 2 * KINDS.len())),
    };
    let (mut verbs, mut nouns) = (Sequences::default(), Sequences::default());
    JsonReader::read(bytes, limits, |reader| {
        let object = reader.object(|reader, id| {
            let item = sent.answered.answer(id);
            let read = instance(reader, task, &mut verbs, &mut nouns)?;
            if let (Some(()), Some(item)) = (read, item) {
                measure(task, item, &verbs, &nouns, sent.values.row_mut(item));
            }
            Ok(())
        })?;
        if object.is_some() {
            sent.answered.refuse_missing(reader);
        }
        Ok(())
    })?;
    Ok(sent)
}

/// Reads the guesses for an instance; nothing if they have a fault.
fn instance(
    reader: &mut JsonReader<'_, '_>,
    task: &PreparedLongTerm,
    verbs: &mut Sequences,
    nouns: &mut Sequences,
) -> Read<()> {
    let (mut seen_verbs, mut seen_nouns) = (Slot::default(), Slot::default());
    let before = reader.fault_count();
    let object = reader.object(|reader, key| {
        match &**key {
            "verb" => seen_verbs.put(sequences(reader, task, verbs)?),
            "noun" => seen_nouns.put(sequences(reader, task, nouns)?),
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_none() {
        return Ok(None);
    }
    let both = seen_verbs.require("verb", reader).zip(seen_nouns.require("noun", reader));
    if both.is_some() && reader.fault_count() == before && nouns.ends.len() < verbs.ends.len() {
        let (expected, found) = (format!("{} sequences", verbs.ends.len()), format!("{}", nouns.ends.len()));
        reader.fault(Code::WrongShape, "there are fewer sequences of nouns than of verbs", expected, found);
    }
    Ok((reader.fault_count() == before).then_some(()))
}

/// Reads sequences of labels; strict mode wants as many, and as long ones, as the task says.
fn sequences(
    reader: &mut JsonReader<'_, '_>,
    task: &PreparedLongTerm,
    sequences: &mut Sequences,
) -> Read<()> {
    sequences.clear();
    let count = reader.array(|reader, _| {
        let length = reader.array(|reader, _| {
            sequences.labels.extend(reader.integer()?);
            Ok(())
        })?;
        sequences.ends.push(sequences.labels.len());
        if let Some(length) = length {
            wrong_length(reader, task.mode, length, task.actions, "actions");
        }
        Ok(())
    })?;
    if let Some(count) = count {
        wrong_length(reader, task.mode, count, task.sequences, "sequences");
    }
    Ok(count.map(|_| ()))
}

/// Records a list of the wrong length; the public code takes any but an empty one.
fn wrong_length(reader: &mut JsonReader<'_, '_>, mode: Mode, length: u64, wanted: usize, of: &str) {
    let right = match mode {
        Mode::Strict => length == wanted as u64,
        Mode::Reference => length > 0,
    };
    if !right {
        reader.fault_with(|| {
            let message = format!("{wanted} {of} are wanted here");
            let fault = Fault::whole(Code::WrongShape, message, format!("{wanted} {of}"), length.to_string());
            match (of, length) {
                ("sequences", 20) => fault.hint("a list of sequences: 5 lists of 20, not 20 lists of 5"),
                _ => fault,
            }
        });
    }
}

/// Measures the guesses for an instance: the best of them counts, for each length of the future by itself.
fn measure(
    task: &PreparedLongTerm,
    item: usize,
    verbs: &Sequences,
    nouns: &Sequences,
    mut row: ArrayViewMut1<'_, f64>,
) {
    let (true_verbs, true_nouns) = (task.truth.verbs(item), task.truth.nouns(item));
    let mut best = [const { Best::new() }; KINDS.len()];
    for guess in 0..verbs.ends.len() {
        let (verbs, nouns) = (verbs.get(guess), nouns.get(guess));
        let mut distances = [Distances::start(); KINDS.len()];
        let lengths = [verbs.len(), nouns.len(), verbs.len().min(nouns.len())];
        for index in 0..verbs.len().max(nouns.len()) {
            let equal_verbs = verbs.get(index).map_or(0, |verb| equal_bits(true_verbs, *verb));
            let equal_nouns = nouns.get(index).map_or(0, |noun| equal_bits(true_nouns, *noun));
            let equal = [equal_verbs, equal_nouns, equal_verbs & equal_nouns];
            for (kind, distances) in
                distances.iter_mut().enumerate().filter(|(kind, _)| index < lengths[*kind])
            {
                distances.read(equal[kind]);
                let seen = (index + 1).min(true_verbs.len());
                best[kind].see(index, distances.to_prefix(seen));
            }
        }
        for (kind, best) in best.iter_mut().enumerate() {
            best.finish(f64::from(distances[kind].to_prefix(true_verbs.len())) / lengths[kind] as f64);
        }
    }
    for (kind, best) in best.iter().enumerate() {
        row[kind] = best.whole;
        row[KINDS.len() + kind] = best.area(task.actions);
    }
}

/// The best guess for each length of the future.
struct Best {
    /// The smallest distance of the first elements, by their number less one.
    shorter: [u32; LONGEST],
    /// The smallest distance of all elements, as a share of their number.
    whole: f64,
}

impl Best {
    const fn new() -> Self {
        Self { shorter: [u32::MAX; LONGEST], whole: f64::INFINITY }
    }

    fn see(&mut self, index: usize, distance: u32) {
        if let Some(shortest) = self.shorter.get_mut(index) {
            *shortest = distance.min(*shortest);
        }
    }

    fn finish(&mut self, share: f64) {
        self.whole = self.whole.min(share);
    }

    /// The area under the distances as shares, by the trapezoid rule over so many lengths, of a width of one.
    fn area(&self, actions: usize) -> f64 {
        let shares: Vec<f64> = (self.shorter[..actions].iter().enumerate())
            .take_while(|(_, distance)| **distance != u32::MAX)
            .map(|(index, distance)| f64::from(*distance) / (index + 1) as f64)
            .collect();
        let trapezoids = shares.windows(2).map(|pair| (pair[0] + pair[1]) / 2.0);
        match shares.len() {
            0 | 1 => 0.0,
            count => trapezoids.sum::<f64>() / (count - 1) as f64,
        }
    }
}
