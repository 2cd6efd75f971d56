//! The classes of a semantic segmentation: how many, which names, and which label the truth ignores.

use sdk::{AnnotationFaults, Code, Faults, Inputs, JsonReader, Limits};

/// The table that lists the classes.
pub(super) const TABLE: &str = "classes";

/// The most classes; the table of truth by prediction has their square.
const MOST_CLASSES: i64 = 2048;

/// The label of ignored pixels where none is given.
const IGNORED: u32 = 255;

/// The classes, labelled from 0.
#[derive(Debug, Clone)]
pub(super) struct Classes {
    names: Vec<String>,
    /// The label of pixels of the truth that do not count.
    pub(super) ignored: u32,
}

impl Classes {
    /// Reads `{"num_classes": 19, "names": [...], "ignore_index": 255}`, where a number or names suffice.
    pub(super) fn read(annotations: &Inputs<'_>, limits: &Limits) -> Result<Self, AnnotationFaults> {
        let file = annotations.require(TABLE)?.single()?;
        let classes = JsonReader::read(&file.bytes, limits, |reader| {
            let (mut number, mut names, mut ignored) = (None, None, IGNORED);
            reader.object(|reader, key| {
                match &**key {
                    "num_classes" => {
                        if let Some(read) = reader.integer()? {
                            if (1..=MOST_CLASSES).contains(&read) {
                                number = Some(read as usize);
                            } else {
                                let expected = format!("1 to {MOST_CLASSES} classes");
                                reader.fault(
                                    Code::OutOfRange,
                                    "there cannot be as many classes",
                                    expected,
                                    read.to_string(),
                                );
                            }
                        }
                    }
                    "ignore_index" => {
                        if let Some(read) = reader.integer()? {
                            // A negative label stands in no map: nothing is ignored.
                            ignored = u32::try_from(read).unwrap_or(u32::MAX);
                        }
                    }
                    "names" => {
                        let mut read: Vec<String> = Vec::new();
                        reader.array(|reader, _| {
                            if let Some(name) = reader.string()? {
                                if read.iter().any(|earlier| **earlier == *name) {
                                    let message = "two classes have one name";
                                    reader.fault(
                                        Code::DuplicateIds,
                                        message,
                                        "distinct names",
                                        format!("{name:?}"),
                                    );
                                }
                                read.push(name.into_owned());
                            }
                            Ok(())
                        })?;
                        if !(1..=MOST_CLASSES).contains(&(read.len() as i64)) {
                            let (expected, found) =
                                (format!("1 to {MOST_CLASSES} names"), read.len().to_string());
                            reader.fault(
                                Code::WrongShape,
                                "there cannot be as many classes",
                                expected,
                                found,
                            );
                        }
                        names = Some(read);
                    }
                    _ => reader.skip()?,
                }
                Ok(())
            })?;
            let names = match (names, number) {
                (Some(names), Some(number)) if names.len() != number => {
                    let found = format!("{} names", names.len());
                    reader.fault(
                        Code::WrongShape,
                        "every class has a name",
                        format!("{number} names"),
                        found,
                    );
                    names
                }
                (Some(names), _) => names,
                (None, Some(number)) => (0..number).map(|class| class.to_string()).collect(),
                (None, None) => {
                    reader.missing_field("num_classes");
                    Vec::new()
                }
            };
            if (ignored as usize) < names.len() {
                let message = "the ignored label is one of the classes";
                reader.fault(Code::OutOfRange, message, "another label", ignored.to_string());
            }
            Ok(Self { names, ignored })
        });
        classes.map_err(|faults: Faults| AnnotationFaults(faults.of_file(TABLE)))
    }

    /// How many classes there are.
    pub(super) fn count(&self) -> u32 {
        self.names.len() as u32
    }

    /// The names, or the labels where there are none.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }
}
