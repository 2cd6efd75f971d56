//! Numbers that may be absent.

use super::{JsonReader, Kind, Read};

impl JsonReader<'_, '_> {
    /// Reads a finite number, or `null` or `NaN` where nothing was measured.
    ///
    /// `NaN` is no JSON, but Python writes it; only files that are known to come from there should be read so.
    pub fn number_or_absent(&mut self) -> Read<Option<f64>> {
        match self.kind()? {
            Kind::Null => {
                self.word("null")?;
                Ok(Some(None))
            }
            Kind::NotFinite if self.bytes[self.at..].starts_with(b"NaN") => {
                self.word("NaN")?;
                Ok(Some(None))
            }
            _ => Ok(self.number()?.map(Some)),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::fault::Code;
    use crate::{JsonReader, Limits};

    #[test]
    fn what_was_not_measured_is_absent_and_not_zero() {
        let read = |text: &str| {
            let mut numbers = Vec::new();
            JsonReader::read(text.as_bytes(), &Limits::default(), |reader| {
                reader.array(|reader, _| {
                    numbers.push(reader.number_or_absent()?);
                    Ok(())
                })
            })
            .map(|_| numbers)
        };
        assert_eq!(read("[1.5, null, NaN]").unwrap(), [Some(Some(1.5)), Some(None), Some(None)]);
        for (text, code) in [
            ("[Infinity]", Code::NotFinite),
            ("[1e400]", Code::NotFinite),
            ("[\"1\"]", Code::NotANumber),
            ("[Na]", Code::InvalidJson),
        ] {
            assert_eq!(read(text).unwrap_err().faults[0].code, code, "{text}");
        }
    }
}
