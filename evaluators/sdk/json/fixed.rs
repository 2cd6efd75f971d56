//! Lists of a fixed length: boxes, points, vectors.

use super::{JsonReader, Read};
use crate::fault::Code;

impl JsonReader<'_, '_> {
    /// Reads a list of exactly `N` finite numbers; `meaning` says what they are, as `[x1, y1, x2, y2]`.
    pub fn numbers<const N: usize>(&mut self, meaning: &str) -> Read<[f64; N]> {
        let mut numbers = [0.0; N];
        let mut right = 0;
        let Some(length) = self.array(|reader, index| match numbers.get_mut(index as usize) {
            Some(slot) => {
                if let Some(number) = reader.number()? {
                    *slot = number;
                    right += 1;
                }
                Ok(())
            }
            None => reader.skip(),
        })?
        else {
            return Ok(None);
        };
        if length != N as u64 {
            let message = format!("{N} numbers are wanted here, {meaning}");
            self.fault(Code::WrongShape, message, meaning, format!("{length} values"));
            return Ok(None);
        }
        Ok((right == N).then_some(numbers))
    }
}

#[cfg(test)]
mod tests {
    use crate::fault::Code;
    use crate::{JsonReader, Limits};

    #[test]
    fn a_list_has_its_length_and_only_numbers() {
        let limits = Limits::default();
        let read = |text: &'static str| {
            JsonReader::read(text.as_bytes(), &limits, |reader| reader.numbers::<3>("[x, y, z]"))
        };
        assert_eq!(read("[1, 2.5, -3]").unwrap(), Some([1.0, 2.5, -3.0]));
        for (text, code) in [
            ("[1, 2]", Code::WrongShape),
            ("[1, 2, 3, 4]", Code::WrongShape),
            ("[1, true, 3]", Code::NotANumber),
            ("[1, NaN, 3]", Code::NotFinite),
            ("{}", Code::WrongType),
        ] {
            assert_eq!(read(text).unwrap_err().faults[0].code, code, "{text}");
        }
    }
}
