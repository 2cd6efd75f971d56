//! Rows of MOTChallenge text: `frame,id,x,y,width,height,...`, one box each.

use sdk::rows::finite_number;
use sdk::text::{open_text, quoted};
use sdk::{Code, Fault, Faults, Limits, Mode, Place};

use crate::boxes::{Box4, FARTHEST, from_size, whole};

/// A box as it stands on a line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    /// Counted from 1.
    pub(super) frame: u32,
    pub(super) track: i64,
    pub(super) at: Box4,
    /// The seventh field: whether a true box counts, or how sure a tracker is.
    pub(super) seventh: f64,
    /// The eighth field, where there is one and it is a class.
    pub(super) class: Option<i64>,
}

/// What the rows of a file must have.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape<'a> {
    /// The file, where there are several.
    pub(super) file: Option<&'a str>,
    /// How many fields there are at least.
    pub(super) fields: usize,
    /// What they are, for a message.
    pub(super) columns: &'static str,
    /// Whether the eighth field is a class; in MOT15 it is a coordinate in space.
    pub(super) classes: bool,
    /// The last frame, where it is known.
    pub(super) last_frame: Option<u32>,
    pub(super) mode: Mode,
}

impl Shape<'_> {
    /// Records a fault of a line.
    pub(super) fn fault(self, faults: &mut Faults, line: u64, fault: impl FnOnce() -> Fault) {
        faults.push_with(|| {
            let mut fault = fault().at(Place::Line(line));
            fault.file = self.file.map(str::to_owned);
            fault
        });
    }

    /// Reads every row; lines with faults are passed over, and so are empty ones.
    ///
    /// A file without any row is right: nothing was found in the sequence.
    pub(super) fn read(
        self,
        bytes: &[u8],
        limits: &Limits,
        faults: &mut Faults,
        mut each: impl FnMut(u64, Row, &mut Faults),
    ) -> Result<(), Faults> {
        let of_file = |faults: Faults| match self.file {
            Some(file) => faults.of_file(file),
            None => faults,
        };
        if bytes.trim_ascii().is_empty() {
            return Ok(());
        }
        let text = match open_text(bytes, limits, "comma-separated text") {
            Ok(text) => text,
            Err(found) => {
                faults.extend(of_file(found));
                return Ok(());
            }
        };
        for (line, content) in (1_u64..).zip(text.lines()) {
            if line.is_multiple_of(4096) {
                limits.check()?;
            }
            if line > limits.records.min(u64::from(u32::MAX)) {
                let most = format!("at most {} lines", limits.records);
                let fault = Fault::whole(Code::TooLarge, "the file has too many lines", most, "more");
                return Err(of_file(Faults::one(fault.at(Place::Line(line)))));
            }
            if content.trim_ascii().is_empty() {
                continue;
            }
            if let Some(row) = self.row(line, content, faults) {
                each(line, row, faults);
            }
        }
        Ok(())
    }

    /// Reads a row; every field is looked at, whatever is wrong with another.
    fn row(self, line: u64, content: &str, faults: &mut Faults) -> Option<Row> {
        let mut texts = [""; 8];
        let mut found = 0;
        for field in content.split(',') {
            if let Some(text) = texts.get_mut(found) {
                *text = field;
            }
            found += 1;
        }
        // Some writers end a line with a comma.
        if found > 1 && content.ends_with(',') {
            found -= 1;
        }
        if found < self.fields {
            self.fault(faults, line, || self.too_few(content, found));
            return None;
        }
        let before = faults.fault_count;
        let mut numbers = [0.0; 8];
        let looked_at = found.min(if self.classes { 8 } else { 7 });
        for (column, text) in texts[..looked_at].iter().enumerate() {
            match finite_number(text) {
                Ok(number) => numbers[column] = number,
                Err(code) => self.fault(faults, line, || not_a_number(column, text, code)),
            }
        }
        if faults.fault_count > before {
            return None;
        }
        let frame = self.frame(line, numbers[0], faults);
        let track = self.whole(line, 1, numbers[1], faults);
        let at = self.bounds(line, [numbers[2], numbers[3], numbers[4], numbers[5]], faults);
        let class = match looked_at {
            8 => Some(self.whole(line, 7, numbers[7], faults)),
            _ => None,
        };
        let class = match class {
            Some(class) => Some(class?),
            None => None,
        };
        Some(Row { frame: frame?, track: track?, at: at?, seventh: numbers[6], class })
    }

    fn too_few(self, content: &str, found: usize) -> Fault {
        let message = format!("the row has too few fields; they are {}", self.columns);
        let expected = format!("at least {} fields", self.fields);
        let fault = Fault::whole(Code::MissingColumn, message, expected, format!("{found} fields"));
        match found == 1 && content.split_ascii_whitespace().count() > 1 {
            true => fault.hint("fields are separated by commas, not by blanks"),
            false => fault,
        }
    }

    /// The public code cuts what is behind the point off; a fraction is a mistake nevertheless.
    fn whole(self, line: u64, column: usize, number: f64, faults: &mut Faults) -> Option<i64> {
        let number = if self.mode == Mode::Reference { number.trunc() } else { number };
        if whole(number).is_none() {
            self.fault(faults, line, || {
                let message = format!("the {} is no whole number", COLUMNS[column]);
                Fault::whole(Code::WrongType, message, "a whole number", number.to_string())
            });
        }
        whole(number)
    }

    fn frame(self, line: u64, number: f64, faults: &mut Faults) -> Option<u32> {
        let frame = self.whole(line, 0, number, faults)?;
        let last = self.last_frame.unwrap_or(u32::MAX - 1);
        if (1..=i64::from(last)).contains(&frame) {
            return Some(frame as u32);
        }
        self.fault(faults, line, || {
            let fault = Fault::whole(
                Code::OutOfRange,
                format!("there is no frame {frame} in this sequence"),
                format!("a frame from 1 to {last}"),
                frame.to_string(),
            );
            if frame == 0 { fault.hint("frames are counted from 1") } else { fault }
        });
        None
    }

    fn bounds(self, line: u64, numbers: [f64; 4], faults: &mut Faults) -> Option<Box4> {
        let far = numbers.iter().find(|number| number.abs() > FARTHEST);
        let negative = numbers[2..].iter().find(|size| **size < 0.0 && self.mode == Mode::Strict);
        if let Some(number) = far {
            self.fault(faults, line, || {
                let message = "a coordinate is too large".to_owned();
                let expected = format!("pixels between -{FARTHEST} and {FARTHEST}");
                Fault::whole(Code::OutOfRange, message, expected, number.to_string())
            });
            return None;
        }
        if let Some(size) = negative {
            self.fault(faults, line, || {
                let expected = "a width and a height of 0 or more";
                Fault::whole(Code::OutOfRange, "a box has a negative side", expected, size.to_string())
                    .hint("a box is left, top, width, height")
            });
            return None;
        }
        Some(from_size(numbers))
    }
}

/// The names of the fields that are looked at.
const COLUMNS: [&str; 8] = ["frame", "id", "left side", "top", "width", "height", "seventh field", "class"];

fn not_a_number(column: usize, text: &str, code: Code) -> Fault {
    let found = quoted(text.trim());
    let message = format!("the {} is no finite number", COLUMNS[column]);
    Fault::whole(code, message, "a finite number", found)
}
