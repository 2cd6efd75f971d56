//! Faults of parts of a value that show only when the whole of it is known.

use std::fmt::Display;

use super::{JsonReader, pointer};
use crate::fault::{Fault, Place};

impl JsonReader<'_, '_> {
    /// Records a fault of a part of the value that was just read; `steps` lead there, as `/3/box`.
    pub fn fault_below(&mut self, steps: impl Display, fault: impl FnOnce() -> Fault) {
        let path = &self.path;
        self.faults.push_with(|| fault().at(Place::Pointer(format!("{}{steps}", pointer(path)))));
    }
}

#[cfg(test)]
mod tests {
    use crate::fault::{Code, Fault, Place};
    use crate::{JsonReader, Limits};

    #[test]
    fn the_pointer_leads_to_the_part() {
        let faults = JsonReader::read(br#"{"a": [1, 1]}"#, &Limits::default(), |reader| {
            reader.object(|reader, _| {
                reader.array(|reader, _| reader.skip())?;
                reader.fault_below("/1", || Fault::whole(Code::DuplicateIds, "again", "once", "twice"));
                Ok(())
            })
        })
        .unwrap_err();
        assert_eq!(faults.faults[0].place, Place::Pointer("/a/1".to_owned()));
    }
}
