//! Reading numbers by id.

use sdk::numbers::{Columns, read_numbers};
use sdk::roll::{BatchedRoll, IdIndex, repeated};
use sdk::texts::{HowMany, read_texts};
use sdk::{Code, Fault, Faults, File, Limits};

/// The column of the numbers.
const VALUE: &str = "value";

/// What an item is called in a message.
const NOUN: &str = "id";

/// What the truth says: the positions of the ids, and their numbers.
pub(crate) fn read_truth(file: &File<'_>, limits: &Limits) -> Result<(IdIndex, Vec<f64>), Faults> {
    let (mut index, mut numbers, mut faults) = (IdIndex::default(), Vec::new(), Faults::new());
    let value = VALUE.to_owned();
    read_numbers(file, &Columns::single(&value), limits, &mut faults, |id, number, at, faults| match index
        .add(id)
    {
        Ok(_) => numbers.push(number.map_or(f64::NAN, |number| number[0])),
        Err(_) => faults.push_with(|| repeated(NOUN, id).at(at.place(id))),
    })?;
    if faults.is_empty() && index.is_empty() {
        faults.push(Fault::whole(Code::EmptySubmission, "there is no row", "a row for every item", "none"));
    }
    faults.or((index, numbers))
}

/// The ids of a file without numbers, each with a zero.
pub(crate) fn read_ids(file: &File<'_>, limits: &Limits) -> Result<(IdIndex, Vec<f64>), Faults> {
    let (mut index, mut faults) = (IdIndex::default(), Faults::new());
    read_texts(file, VALUE, HowMany::Nothing, limits, &mut faults, |(id, _, at), faults| {
        if index.add(id).is_err() {
            faults.push_with(|| repeated(NOUN, id).at(at.place(id)));
        }
    })?;
    if faults.is_empty() && index.is_empty() {
        faults.push(Fault::whole(Code::EmptySubmission, "there is no row", "a row for every item", "none"));
    }
    let zeros = vec![0.0; index.len()];
    faults.or((index, zeros))
}

/// What a submission predicts, in the order of the ids.
pub(crate) fn read_predictions(
    file: &File<'_>,
    index: &IdIndex,
    limits: &Limits,
) -> Result<Vec<f64>, Faults> {
    let mut faults = Faults::new();
    let mut numbers = vec![0.0; index.len()];
    let mut roll = BatchedRoll::new(index, NOUN);
    let value = VALUE.to_owned();
    read_numbers(file, &Columns::single(&value), limits, &mut faults, |id, number, at, faults| {
        // The item of a number that is none is called all the same, so that it is not missing as well.
        let number = number.map_or(f64::NAN, |number| number[0]);
        roll.add((id, at, number), faults, |item, number| numbers[item] = number);
    })?;
    roll.close(index.ids(), &mut faults, |item, number| numbers[item] = number);
    faults.or(numbers)
}
