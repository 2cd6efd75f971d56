//! The NumPy array format: a header that says type, order and shape, and the elements.
//!
//! The header is believed only if the file has as many bytes as it promises.

use sdk::text::quoted;
use sdk::{Code, Fault, Faults};

const MAGIC: &[u8] = b"\x93NUMPY";

/// Whether bytes begin like a NumPy array.
pub(super) fn is_npy(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

/// A two-dimensional array.
#[derive(Debug)]
pub(super) struct Array<'b> {
    pub(super) shape: [usize; 2],
    pub(super) by_column: bool,
    pub(super) element: Element,
    pub(super) data: &'b [u8],
}

/// The type of the elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Element {
    Float64,
    Float32,
    Signed64,
    Signed32,
    Byte,
}

impl Element {
    fn of(described: &str) -> Option<Self> {
        Some(match described {
            "<f8" => Self::Float64,
            "<f4" => Self::Float32,
            "<i8" => Self::Signed64,
            "<i4" => Self::Signed32,
            "|u1" | "|b1" => Self::Byte,
            _ => return None,
        })
    }

    /// The size in bytes.
    pub(super) fn size(self) -> usize {
        match self {
            Self::Float64 | Self::Signed64 => 8,
            Self::Float32 | Self::Signed32 => 4,
            Self::Byte => 1,
        }
    }

    /// Reads elements that lie one after another.
    pub(super) fn read(self, bytes: &[u8], values: &mut Vec<f64>) {
        let (eights, _) = bytes.as_chunks::<8>();
        let (fours, _) = bytes.as_chunks::<4>();
        match self {
            Self::Float64 => values.extend(eights.iter().map(|bytes| f64::from_le_bytes(*bytes))),
            Self::Signed64 => values.extend(eights.iter().map(|bytes| i64::from_le_bytes(*bytes) as f64)),
            Self::Float32 => values.extend(fours.iter().map(|bytes| f64::from(f32::from_le_bytes(*bytes)))),
            Self::Signed32 => values.extend(fours.iter().map(|bytes| f64::from(i32::from_le_bytes(*bytes)))),
            Self::Byte => values.extend(bytes.iter().map(|byte| f64::from(*byte))),
        }
    }
}

/// Opens a two-dimensional array.
pub(super) fn open(bytes: &[u8]) -> Result<Array<'_>, Faults> {
    let damaged = |found: &str| {
        let message = "the file is no whole NumPy array";
        let fault = Fault::whole(Code::WrongFormat, message, "an array as numpy.save writes it", found);
        Faults::one(fault)
    };
    let (header, data) = split(bytes).ok_or_else(|| damaged("a cut or unknown header"))?;
    let header = Header::read(header).ok_or_else(|| damaged(&quoted(header)))?;
    let Some(element) = Element::of(header.described) else {
        let fault = Fault::whole(
            Code::WrongType,
            "the elements have a type that is not read",
            "float64, float32, int64, int32, uint8 or bool",
            quoted(header.described),
        );
        return Err(Faults::one(fault.hint("save with `numpy.save(path, array.astype(\"<f8\"))`")));
    };
    let [rows, columns] = header.shape[..] else {
        let found = format!("{} dimensions", header.shape.len());
        let message = "the array is not a matrix";
        return Err(Faults::one(Fault::whole(Code::WrongShape, message, "2 dimensions", found)));
    };
    let promised = rows.checked_mul(columns).and_then(|count| count.checked_mul(element.size()));
    if promised != Some(data.len()) || rows == 0 || columns == 0 {
        let expected = format!("the bytes of {rows} x {columns} elements, and some of them");
        let found = format!("{} bytes", data.len());
        let message = "the shape of the array is not that of its data";
        return Err(Faults::one(Fault::whole(Code::WrongShape, message, expected, found)));
    }
    if rows > u32::MAX as usize || columns > u32::MAX as usize {
        let message = "the array is too large";
        return Err(Faults::one(Fault::whole(Code::TooLarge, message, "fewer rows and columns", "more")));
    }
    Ok(Array { shape: [rows, columns], by_column: header.by_column, element, data })
}

/// The text of the header, and the data.
fn split(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let rest = bytes.strip_prefix(MAGIC)?;
    let (version, rest) = rest.split_at_checked(2)?;
    let (length, rest) = match version[0] {
        1 => {
            let (length, rest) = rest.split_first_chunk::<2>()?;
            (usize::from(u16::from_le_bytes(*length)), rest)
        }
        2 | 3 => {
            let (length, rest) = rest.split_first_chunk::<4>()?;
            (u32::from_le_bytes(*length) as usize, rest)
        }
        _ => return None,
    };
    let (header, data) = rest.split_at_checked(length)?;
    Some((std::str::from_utf8(header).ok()?, data))
}

/// What the header says: a Python dictionary with three keys.
struct Header<'h> {
    described: &'h str,
    by_column: bool,
    shape: Vec<usize>,
}

impl<'h> Header<'h> {
    fn read(text: &'h str) -> Option<Self> {
        let mut rest = text.trim().strip_prefix('{')?.strip_suffix('}')?.trim();
        let (mut described, mut by_column, mut shape) = (None, None, None);
        while !rest.is_empty() {
            let (key, after) = quoted_text(rest)?;
            let value = after.trim_start().strip_prefix(':')?.trim_start();
            rest = match key {
                "descr" => {
                    let (text, after) = quoted_text(value)?;
                    described = Some(text);
                    after
                }
                "fortran_order" => {
                    let (word, truth) = [("True", true), ("False", false)]
                        .into_iter()
                        .find(|(word, _)| value.starts_with(word))?;
                    by_column = Some(truth);
                    &value[word.len()..]
                }
                "shape" => {
                    let (list, after) = value.strip_prefix('(')?.split_once(')')?;
                    let sides = list.split(',').map(str::trim).filter(|side| !side.is_empty());
                    shape = Some(sides.map(|side| side.parse().ok()).collect::<Option<Vec<usize>>>()?);
                    after
                }
                _ => return None,
            };
            rest = rest.trim_start();
            rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
        }
        Some(Self { described: described?, by_column: by_column?, shape: shape? })
    }
}

/// A text in single or double quotes, and what follows it.
fn quoted_text(text: &str) -> Option<(&str, &str)> {
    let quote = text.chars().next().filter(|quote| matches!(quote, '\'' | '"'))?;
    text[1..].split_once(quote)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An array with this header.
    fn npy(header: &str, data: &[u8]) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend([1, 0]);
        bytes.extend((header.len() as u16).to_le_bytes());
        bytes.extend(header.as_bytes());
        bytes.extend(data);
        bytes
    }

    fn code(header: &str, data: &[u8]) -> Code {
        open(&npy(header, data)).unwrap_err().faults[0].code
    }

    #[test]
    fn headers_as_numpy_writes_them() {
        let bytes = npy("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 2), }          \n", &[0; 8]);
        let array = open(&bytes).unwrap();
        assert_eq!((array.shape, array.by_column, array.element), ([1, 2], true, Element::Float32));
    }

    #[test]
    fn headers_that_lie_are_refused() {
        let of = |shape: &str| format!("{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}}}");
        assert_eq!(code(&of("(2, 2)"), &[0; 31]), Code::WrongShape);
        assert_eq!(code(&of("(2, 2)"), &[0; 33]), Code::WrongShape);
        assert_eq!(code(&of("(4294967296, 4294967296)"), &[0; 8]), Code::WrongShape);
        assert_eq!(code(&of("(18446744073709551615, 2)"), &[0; 8]), Code::WrongShape);
        assert_eq!(code(&of("(99999999999999999999, 2)"), &[0; 8]), Code::WrongFormat);
        assert_eq!(code(&of("(0, 2)"), &[]), Code::WrongShape);
        assert_eq!(code(&of("(1,)"), &[0; 8]), Code::WrongShape);
        assert_eq!(code(&of("(-1, 1)"), &[0; 8]), Code::WrongFormat);
        assert_eq!(
            code("{'descr': '|O', 'fortran_order': False, 'shape': (1, 1)}", &[0; 8]),
            Code::WrongType
        );
        assert_eq!(
            code("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1, 1)}", &[0; 8]),
            Code::WrongFormat
        );
        assert_eq!(code("{'descr': '<f8'}", &[0; 8]), Code::WrongFormat);
        assert_eq!(open(b"\x93NUMPY\x01\x00\xff\xff{}").unwrap_err().faults[0].code, Code::WrongFormat);
        assert_eq!(open(b"\x93NUMPY\x09").unwrap_err().faults[0].code, Code::WrongFormat);
    }
}
