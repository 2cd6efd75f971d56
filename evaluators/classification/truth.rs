//! The held-out side: the items of a task and their labels.

use sdk::{AnnotationFaults, Code, Fault, Faults, File, Inputs, Items, Limits};

use crate::index::{IdIndex, repeated_id};
use crate::sheet::{At, Cell, read_texts};

/// The ids of the annotations, with their index.
#[derive(Debug)]
pub(crate) struct Truth {
    pub(crate) items: Items,
    pub(crate) index: IdIndex,
}

impl Truth {
    /// Reads the main table: calls `labels` with the labels of every item, in order.
    pub(crate) fn read(
        annotations: &Inputs<'_>,
        column: &str,
        cell: Cell,
        labels: impl FnMut(&str, &[&str], At, &mut Faults),
    ) -> Result<Self, AnnotationFaults> {
        let read = || Self::read_main(annotations.require(Inputs::MAIN)?.single()?, column, cell, labels);
        read().map_err(|faults| AnnotationFaults(faults.of_file(Inputs::MAIN)))
    }

    fn read_main(
        file: &File<'_>,
        column: &str,
        cell: Cell,
        mut labels: impl FnMut(&str, &[&str], At, &mut Faults),
    ) -> Result<Self, Faults> {
        let (mut ids, mut places, mut faults) = (Vec::new(), Vec::new(), Faults::new());
        read_texts(file, column, cell, &Limits::default(), &mut faults, |id, texts, at, faults| {
            ids.push(id.to_owned());
            places.push(at);
            labels(id, texts, at, faults);
        })?;
        let (index, repeated) = IdIndex::of(&ids);
        for position in repeated {
            faults.push_with(|| repeated_id(&ids[position], places[position]));
        }
        if ids.is_empty() && faults.is_empty() {
            let message = "the annotations have no item";
            faults.push(Fault::whole(Code::EmptySubmission, message, "at least one row", "none"));
        }
        faults.or(())?;
        Ok(Self { items: Items::ungrouped(ids), index })
    }
}
