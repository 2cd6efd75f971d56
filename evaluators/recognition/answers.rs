//! Reads one number per id: a JSON object `{id: number}`, or CSV with a column of ids and one of numbers.

use sdk::rows::CsvRows;
use sdk::text::{open_text, quoted};
use sdk::{Code, Fault, Faults, File, JsonReader, Limits, Place, Slot};

/// The numbers that are answers, and what they are called.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Answers {
    /// The smallest number.
    pub(crate) first: i64,
    /// How many numbers there are.
    pub(crate) count: i64,
    /// What one of them is: `option`.
    pub(crate) noun: &'static str,
    /// The fault of another number.
    pub(crate) otherwise: Code,
    /// The columns that may hold the ids, of which the first is asked for.
    pub(crate) id_columns: &'static [&'static str],
    /// The column of the numbers.
    pub(crate) column: &'static str,
}

impl Answers {
    fn last(self) -> i64 {
        self.first + self.count - 1
    }

    fn wanted(self) -> String {
        format!("a whole number from {} to {}", self.first, self.last())
    }

    /// The number, if it is one of them; what is wrong with another one is reported.
    pub(crate) fn accept(self, number: i64, report: impl FnOnce(Fault)) -> Option<i64> {
        if (self.first..=self.last()).contains(&number) {
            return Some(number);
        }
        let message = format!("there is no {} {number}", self.noun);
        let fault = Fault::whole(self.otherwise, message, self.wanted(), number.to_string());
        report(match number == self.last() + 1 {
            true => fault.hint(format!("they are counted from {}", self.first)),
            false => fault,
        });
        None
    }

    /// The fault of a text that is no whole number.
    fn no_number(self, text: &str) -> Fault {
        let found = quoted(text);
        let message = format!("{found} is no {}", self.noun);
        let fault = Fault::whole(Code::WrongType, message, self.wanted(), found);
        match text.trim().as_bytes() {
            [letter] if letter.is_ascii_alphabetic() => {
                fault.hint(format!("numbers are wanted: A is {}, B is {}", self.first, self.first + 1))
            }
            _ if text.trim().parse::<f64>().is_ok() => fault.hint("write it without a fraction"),
            _ => fault,
        }
    }

    /// Reads answers; `row` gets each id with its number, where that is right, and says what is wrong with the id.
    pub(crate) fn read(
        self,
        file: &File<'_>,
        limits: &Limits,
        row: impl FnMut(&str, Option<i64>) -> Option<Fault>,
    ) -> Result<(), Faults> {
        match is_csv(file, limits)? {
            true => self.read_csv(&file.bytes, limits, row),
            false => self.read_json(&file.bytes, limits, row),
        }
    }

    /// Reads the ids of a file that has no answers: the keys of a JSON object, a list of objects with a field of ids, or
    /// CSV with such a column.
    pub(crate) fn read_ids(
        self,
        file: &File<'_>,
        limits: &Limits,
        mut row: impl FnMut(&str, Option<i64>) -> Option<Fault>,
    ) -> Result<(), Faults> {
        if is_csv(file, limits)? {
            let mut rows = CsvRows::open(&file.bytes, limits)?;
            let Some(id) = self.id_column(&mut rows) else { return Err(rows.into_faults()) };
            let mut faults = Faults::new();
            while let Some(record) = rows.next_row()? {
                if let Some(fault) = row(record.cell(id), None) {
                    faults.push(fault.at(Place::Line(record.line())));
                }
            }
            faults.extend(rows.into_faults());
            return faults.or(());
        }
        JsonReader::read(&file.bytes, limits, |reader| {
            if reader.at_object()? {
                let keys = reader.object(|reader, id| {
                    row(id, None).into_iter().for_each(|fault| reader.fault_with(|| fault));
                    reader.skip()
                });
                return keys.map(drop);
            }
            let list = reader.array(|reader, _| {
                let mut found = Slot::default();
                let object = reader.object(|reader, key| match self.id_columns.contains(&&**key) {
                    true => {
                        found.put(reader.string()?);
                        Ok(())
                    }
                    false => reader.skip(),
                })?;
                if object.is_some()
                    && let Some(id) = found.require(self.id_columns[0], reader)
                    && let Some(fault) = row(&id, None)
                {
                    reader.fault_with(|| fault);
                }
                Ok(())
            });
            list.map(drop)
        })
    }

    fn read_json(
        self,
        bytes: &[u8],
        limits: &Limits,
        mut row: impl FnMut(&str, Option<i64>) -> Option<Fault>,
    ) -> Result<(), Faults> {
        JsonReader::read(bytes, limits, |reader| {
            let read = reader.object(|reader, id| {
                let number = if reader.at_string()? {
                    let text = reader.string()?.unwrap_or_default();
                    reader.fault_with(|| match text.trim().parse::<i64>() {
                        Ok(_) => {
                            let message = format!("the {} is a text", self.noun);
                            Fault::whole(Code::WrongType, message, self.wanted(), quoted(&text))
                                .hint("write the number without quotes")
                        }
                        Err(_) => self.no_number(&text),
                    });
                    None
                } else {
                    reader.integer()?
                };
                let number =
                    number.and_then(|number| self.accept(number, |fault| reader.fault_with(|| fault)));
                if let Some(fault) = row(id, number) {
                    reader.fault_with(|| fault);
                }
                Ok(())
            });
            read.map(drop)
        })
    }

    /// The column of the ids; that there is none is recorded as a fault.
    fn id_column(self, rows: &mut CsvRows<'_, '_>) -> Option<usize> {
        let known = self.id_columns.iter().find(|name| rows.columns().iter().any(|column| column == *name));
        rows.require(known.unwrap_or(&self.id_columns[0]))
    }

    fn read_csv(
        self,
        bytes: &[u8],
        limits: &Limits,
        mut row: impl FnMut(&str, Option<i64>) -> Option<Fault>,
    ) -> Result<(), Faults> {
        let mut rows = CsvRows::open(bytes, limits)?;
        let id = self.id_column(&mut rows);
        let answer = rows.require(self.column);
        let (Some(id), Some(answer)) = (id, answer) else {
            return Err(rows.into_faults());
        };
        let mut faults = Faults::new();
        while let Some(record) = rows.next_row()? {
            let place = Place::Line(record.line());
            let text = record.cell(answer);
            let number = match text.trim().parse() {
                Ok(number) => self.accept(number, |fault| faults.push(fault.at(place.clone()))),
                Err(_) => {
                    faults.push(self.no_number(text).at(place.clone()));
                    None
                }
            };
            if let Some(fault) = row(record.cell(id), number) {
                faults.push(fault.at(place));
            }
        }
        faults.extend(rows.into_faults());
        faults.or(())
    }
}

/// Whether a file is CSV, by the ending of its name, or else by its first character.
fn is_csv(file: &File<'_>, limits: &Limits) -> Result<bool, Faults> {
    let text = open_text(&file.bytes, limits, "JSON or CSV")?;
    let extension = file.name.rsplit_once('.').map_or("", |(_, extension)| extension);
    Ok(match extension.to_ascii_lowercase().as_str() {
        "csv" => true,
        "json" => false,
        _ => !text.trim_start().starts_with(['{', '[']),
    })
}
