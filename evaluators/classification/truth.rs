//! The held-out side: the items of a task and their labels.

use std::borrow::Cow;

use sdk::roll::{IdIndex, repeated};
use sdk::sheet::At;
use sdk::texts::{HowMany, read_texts};
use sdk::{AnnotationFaults, Code, Fault, Faults, File, Ids, Inputs, Items, Limits};

/// What an item is called in a message.
pub(crate) const NOUN: &str = "id";

/// The ids of the annotations, with their index.
#[derive(Debug)]
pub(crate) struct Truth {
    pub(crate) items: Items,
    pub(crate) index: IdIndex,
}

impl Truth {
    /// Reads the main table: calls `labels` with the labels of every item, in order, or with none where they are left out.
    pub(crate) fn read(
        annotations: &Inputs<'_>,
        column: &str,
        how_many: HowMany,
        labels: impl FnMut(&str, &[Cow<'_, str>], At, &mut Faults),
    ) -> Result<Self, AnnotationFaults> {
        let how_many = if annotations.are_unannotated() { HowMany::Nothing } else { how_many };
        let read = || Self::read_main(annotations.require(Inputs::MAIN)?.single()?, column, how_many, labels);
        read().map_err(|faults| AnnotationFaults(faults.of_file(Inputs::MAIN)))
    }

    fn read_main(
        file: &File<'_>,
        column: &str,
        how_many: HowMany,
        mut labels: impl FnMut(&str, &[Cow<'_, str>], At, &mut Faults),
    ) -> Result<Self, Faults> {
        let (mut ids, mut faults) = (Ids::default(), Faults::new());
        let limits = Limits::default();
        read_texts(file, column, how_many, &limits, &mut faults, |(id, texts, at), faults| {
            ids.push(id);
            labels(id, texts, at, faults);
        })?;
        let (index, twice) = IdIndex::of(ids);
        if !twice.is_empty() {
            // Where they stand is read again, so that only a file with such a fault needs memory for its places.
            let (mut position, mut next) = (0, twice.iter().peekable());
            read_texts(file, column, how_many, &limits, &mut Faults::new(), |(id, _, at), _| {
                if next.next_if_eq(&&position).is_some() {
                    faults.push_with(|| repeated(NOUN, id).at(at.place(id)));
                }
                position += 1;
            })?;
        }
        if index.is_empty() && faults.is_empty() {
            let message = "the annotations have no item";
            faults.push(Fault::whole(Code::EmptySubmission, message, "at least one row", "none"));
        }
        faults.or(())?;
        Ok(Self { items: Items::of_index(&index), index })
    }
}
