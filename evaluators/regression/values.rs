//! Reading numbers by id.

use sdk::numbers::{Columns, read_numbers};
use sdk::roll::{BatchedRoll, IdIndex, repeated};
use sdk::sheet::At;
use sdk::text::quoted;
use sdk::texts::{HowMany, read_texts};
use sdk::{Code, Fault, Faults, File, Limits};

/// What numbers a column has.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    /// Its name.
    pub(crate) name: &'static str,
    /// What is wrong with a number, if something is: a message, and what is expected.
    pub(crate) wrong: fn(f64) -> Option<(&'static str, &'static str)>,
}

impl Column {
    /// The column `value`, in which every finite number is right.
    pub(crate) const VALUE: Self = Self { name: "value", wrong: |_| None };

    /// The number of a row, or NaN: a number that is none has been told of, one that is wrong is told of here.
    fn number(self, id: &str, number: Option<&[f64]>, at: At, faults: &mut Faults) -> f64 {
        let Some([number]) = number else { return f64::NAN };
        if let Some((message, expected)) = (self.wrong)(*number) {
            faults.push_with(|| {
                let message = format!("the {} of the id {} {message}", self.name, quoted(id));
                Fault::whole(Code::OutOfRange, message, expected, number.to_string()).at(at.place(id))
            });
        }
        *number
    }
}

/// What an item is called in a message.
const NOUN: &str = "id";

/// What the truth says: the positions of the ids, and their numbers.
pub(crate) fn read_truth(
    file: &File<'_>,
    column: Column,
    limits: &Limits,
) -> Result<(IdIndex, Vec<f64>), Faults> {
    let (mut index, mut numbers, mut faults) = (IdIndex::default(), Vec::new(), Faults::new());
    let name = column.name.to_owned();
    read_numbers(file, &Columns::single(&name), limits, &mut faults, |id, number, at, faults| {
        match index.add(id) {
            Ok(_) => numbers.push(column.number(id, number, at, faults)),
            Err(_) => faults.push_with(|| repeated(NOUN, id).at(at.place(id))),
        }
    })?;
    if faults.is_empty() && index.is_empty() {
        faults.push(Fault::whole(Code::EmptySubmission, "there is no row", "a row for every item", "none"));
    }
    faults.or((index, numbers))
}

/// The ids of a file without numbers, each with a zero.
pub(crate) fn read_ids(
    file: &File<'_>,
    column: Column,
    limits: &Limits,
) -> Result<(IdIndex, Vec<f64>), Faults> {
    let (mut index, mut faults) = (IdIndex::default(), Faults::new());
    read_texts(file, column.name, HowMany::Nothing, limits, &mut faults, |(id, _, at), faults| {
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
    column: Column,
    index: &IdIndex,
    limits: &Limits,
) -> Result<Vec<f64>, Faults> {
    let mut faults = Faults::new();
    let mut numbers = vec![0.0; index.len()];
    let mut roll = BatchedRoll::new(index, NOUN);
    let name = column.name.to_owned();
    read_numbers(file, &Columns::single(&name), limits, &mut faults, |id, number, at, faults| {
        // The item of a number that is none is called all the same, so that it is not missing as well.
        let number = column.number(id, number, at, faults);
        roll.add((id, at, number), faults, |item, number| numbers[item] = number);
    })?;
    roll.close(index.ids(), &mut faults, |item, number| numbers[item] = number);
    faults.or(numbers)
}
