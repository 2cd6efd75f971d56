//! Masks as run lengths in the columns of an image, as COCO writes them.

use sdk::text::quoted;
use sdk::{Code, JsonReader, Read};

use crate::mask::Mask;

/// The most pixels of one mask.
const MOST_PIXELS: u64 = 1 << 26;

/// The longest list of runs.
const MOST_RUNS: usize = 1 << 22;

/// Runs of an image, column after column: pixels outside of the object first, then inside, and so on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rle {
    pub(crate) width: usize,
    pub(crate) height: usize,
    /// They sum to the pixels of the image.
    pub(crate) counts: Vec<u32>,
}

impl Rle {
    /// Reads `{"size": [height, width], "counts": "..."}`; the counts are packed text or a list of numbers.
    pub(crate) fn read(reader: &mut JsonReader<'_, '_>) -> Read<Self> {
        let before = reader.fault_count();
        let (mut size, mut counts) = (None, None);
        let mut seen = [false; 2];
        let object = reader.object(|reader, key| {
            match &**key {
                "size" => {
                    seen[0] = true;
                    size = read_size(reader)?;
                }
                "counts" => {
                    seen[1] = true;
                    counts = read_counts(reader)?;
                }
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        if object.is_some() {
            for (name, _) in ["size", "counts"].iter().zip(seen).filter(|(_, seen)| !seen) {
                reader.missing_field(name);
            }
        }
        let (Some((height, width)), Some(counts)) = (size, counts) else { return Ok(None) };
        let covered: u64 = counts.iter().map(|count| u64::from(*count)).sum();
        if covered != (width * height) as u64 {
            let expected = format!("{} pixels", width * height);
            let found = format!("{covered}");
            reader.fault(Code::WrongShape, "the runs do not cover the image", expected, found);
        }
        Ok((reader.fault_count() == before).then_some(Self { width, height, counts }))
    }

    /// The first and the end of every run inside the object, counted down the columns.
    pub(crate) fn runs(&self) -> impl Iterator<Item = (usize, usize)> {
        let mut end = 0;
        let ends = self.counts.iter().map(move |count| {
            let start = end;
            end += *count as usize;
            (start, end)
        });
        ends.skip(1).step_by(2).filter(|(start, end)| start < end)
    }

    /// The pixels.
    pub(crate) fn mask(&self) -> Mask {
        let mut mask = Mask::empty(self.width, self.height);
        for (start, end) in self.runs() {
            mask.fill_column_run(start, end - start);
        }
        mask
    }

    /// The runs of these pixels, `(start, end)` in order, in an image of that size.
    pub(crate) fn of_runs(
        (width, height): (usize, usize),
        runs: impl Iterator<Item = (usize, usize)>,
    ) -> Self {
        let mut counts = Vec::new();
        let mut at = 0;
        for (start, end) in runs {
            if start == at && !counts.is_empty() {
                // The run goes on where the one before ended.
                if let Some(last) = counts.last_mut() {
                    *last += (end - start) as u32;
                }
            } else {
                counts.extend([(start - at) as u32, (end - start) as u32]);
            }
            at = end;
        }
        counts.push((width * height - at) as u32);
        Self { width, height, counts }
    }
}

pub(crate) fn read_size(reader: &mut JsonReader<'_, '_>) -> Read<(usize, usize)> {
    let mut sides = [0_u64; 2];
    let mut read = 0;
    let Some(length) = reader.array(|reader, index| {
        let Some(slot) = sides.get_mut(index as usize) else { return reader.skip() };
        if let Some(side) = reader.integer()? {
            match u64::try_from(side) {
                Ok(side @ 1..=MOST_PIXELS) => {
                    *slot = side;
                    read += 1;
                }
                _ => {
                    let expected = format!("1 to {MOST_PIXELS}");
                    reader.fault(Code::OutOfRange, "an image has no such side", expected, side.to_string());
                }
            }
        }
        Ok(())
    })?
    else {
        return Ok(None);
    };
    if length != 2 {
        let found = format!("{length} values");
        reader.fault(Code::WrongShape, "a size is a height and a width", "[height, width]", found);
        return Ok(None);
    }
    let [height, width] = sides;
    if read == 2 && height * width > MOST_PIXELS {
        let found = format!("{height} x {width}");
        reader.fault(
            Code::TooLarge,
            "the image is too large",
            format!("at most {MOST_PIXELS} pixels"),
            found,
        );
        return Ok(None);
    }
    Ok((read == 2).then_some((height as usize, width as usize)))
}

fn read_counts(reader: &mut JsonReader<'_, '_>) -> Read<Vec<u32>> {
    if reader.at_string()? {
        let Some(text) = reader.string()? else { return Ok(None) };
        let counts = unpack(text.as_bytes());
        if counts.is_none() {
            let message = "the counts are no packed run lengths";
            reader.fault(Code::OutOfRange, message, "counts as COCO packs them", quoted(&text));
        }
        return Ok(counts);
    }
    let mut counts = Some(Vec::new());
    let list = reader.array(|reader, _| {
        let count = reader.integer()?.and_then(|count| u32::try_from(count).ok());
        match (count, &mut counts) {
            (Some(count), Some(counts)) if counts.len() < MOST_RUNS => counts.push(count),
            (Some(_), Some(_)) => {
                counts = None;
                reader.fault(
                    Code::TooLarge,
                    "there are too many runs",
                    format!("at most {MOST_RUNS}"),
                    "more",
                );
            }
            (None, Some(_)) => {
                counts = None;
                reader.fault(Code::OutOfRange, "a run has a length", "whole numbers from 0 up", "another");
            }
            (_, None) => {}
        }
        Ok(())
    })?;
    Ok(list.and(counts))
}

/// The counts that a text packs: five bits to a letter, the lowest first, and from the third on as a difference to the
/// one before the last.
fn unpack(text: &[u8]) -> Option<Vec<u32>> {
    /// Letters of one number: enough for any difference of two counts.
    const MOST_LETTERS: u32 = 7;
    let mut counts: Vec<u32> = Vec::with_capacity(text.len() / 2);
    let mut letters = text.iter();
    let mut next = letters.next();
    while next.is_some() {
        let (mut number, mut shift) = (0_i64, 0);
        while let Some(letter) = next {
            let bits = letter.checked_sub(48).filter(|bits| *bits < 64)?;
            if shift >= 5 * MOST_LETTERS {
                return None;
            }
            number |= i64::from(bits & 0x1f) << shift;
            shift += 5;
            next = letters.next();
            if bits & 0x20 == 0 {
                if bits & 0x10 != 0 {
                    number |= -1 << shift;
                }
                break;
            }
            // The text ends within a number.
            next?;
        }
        if counts.len() > 2 {
            number += i64::from(counts[counts.len() - 2]);
        }
        if counts.len() == MOST_RUNS {
            return None;
        }
        counts.push(u32::try_from(number).ok()?);
    }
    Some(counts)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use sdk::Limits;

    use super::*;

    /// Packs counts, in the words of the reference.
    fn packed(counts: &[u32]) -> String {
        let mut text = String::new();
        for (at, count) in counts.iter().enumerate() {
            let mut number = i64::from(*count);
            if at > 2 {
                number -= i64::from(counts[at - 2]);
            }
            let mut more = true;
            while more {
                let mut letter = number & 0x1f;
                number >>= 5;
                more = if letter & 0x10 == 0 { number != 0 } else { number != -1 };
                if more {
                    letter |= 0x20;
                }
                text.push(char::from(letter as u8 + 48));
            }
        }
        text
    }

    fn read(text: &str) -> Result<Option<Rle>, sdk::Faults> {
        JsonReader::read(text.as_bytes(), &Limits::default(), Rle::read)
    }

    fn code(text: &str) -> Code {
        read(text).unwrap_err().faults[0].code
    }

    #[test]
    fn packed_text_and_lists_mean_the_same() {
        let counts = [3, 2, 1, 4, 2];
        let text = format!(r#"{{"size": [3, 4], "counts": "{}"}}"#, packed(&counts).replace('\\', "\\\\"));
        let list = r#"{"counts": [3, 2, 1, 4, 2], "size": [3, 4]}"#;
        let rle = read(&text).unwrap().unwrap();
        assert_eq!(Some(&rle), read(list).unwrap().as_ref());
        assert_eq!(rle.runs().collect::<Vec<_>>(), [(3, 5), (6, 10)]);
        assert_eq!(rle.mask().count(), 6);
        assert!(rle.mask().has(1, 0) && rle.mask().has(3, 0) && !rle.mask().has(1, 2));
    }

    #[test]
    fn runs_that_lie_are_refused() {
        assert_eq!(code(r#"{"size": [3, 4], "counts": [3, 2]}"#), Code::WrongShape);
        assert_eq!(code(r#"{"size": [3, 4], "counts": [-1, 13]}"#), Code::OutOfRange);
        assert_eq!(code(r#"{"size": [3, 4], "counts": [4294967295, 4294967295, 14]}"#), Code::WrongShape);
        assert_eq!(code(r#"{"size": [3, 4], "counts": "oooooooooo"}"#), Code::OutOfRange);
        assert_eq!(code(r#"{"size": [3, 4], "counts": "\u0001"}"#), Code::OutOfRange);
        assert_eq!(code(r#"{"size": [1000000, 1000000], "counts": "0"}"#), Code::TooLarge);
        assert_eq!(code(r#"{"size": [0, 4], "counts": "0"}"#), Code::OutOfRange);
        assert_eq!(code(r#"{"size": [3], "counts": "0"}"#), Code::WrongShape);
        assert_eq!(code(r#"{"size": [3, 4]}"#), Code::MissingField);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_packed_is_unpacked(counts in prop::collection::vec(prop_oneof![0..40_u32, any::<u32>()], 0..20)) {
            prop_assert_eq!(unpack(packed(&counts).as_bytes()), Some(counts));
        }

        #[test]
        fn any_text_is_counts_or_none(text in prop::collection::vec(any::<u8>(), 0..40)) {
            unpack(&text);
        }
    }
}
