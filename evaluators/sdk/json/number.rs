//! Numbers: the grammar of JSON, values exact to the last bit.

use super::{JsonReader, Stop};

/// A number with its text.
pub(super) struct Number<'a> {
    pub(super) value: f64,
    pub(super) text: &'a str,
}

/// Powers of ten that a 64-bit float holds exactly.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
];

impl<'a> JsonReader<'a, '_> {
    /// Reads the number that begins here.
    pub(super) fn raw_number(&mut self) -> Result<Number<'a>, Stop> {
        let start = self.at;
        let negative = self.bytes[self.at] == b'-';
        self.at += usize::from(negative);
        let mut digits = 0_u64;
        let whole = self.digits(&mut digits)?;
        if whole > 1 && self.bytes[self.at - whole] == b'0' {
            self.at -= whole - 1;
            return Err(self.syntax("no digit after a leading zero"));
        }
        let mut decimals = 0;
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            decimals = self.digits(&mut digits)?;
        }
        let exponent = matches!(self.bytes.get(self.at), Some(b'e' | b'E'));
        if exponent {
            self.at += 1;
            if let Some(b'+' | b'-') = self.bytes.get(self.at) {
                self.at += 1;
            }
            self.digits(&mut 0)?;
        }
        let text = &self.text[start..self.at];
        // Fifteen digits and a power of ten are both exact, so that their quotient is rounded only once.
        let value = if !exponent && whole + decimals <= 15 {
            let magnitude = digits as f64 / POWERS[decimals];
            if negative { -magnitude } else { magnitude }
        } else {
            text.parse().unwrap_or(f64::NAN)
        };
        Ok(Number { value, text })
    }

    /// Passes one digit or more and returns how many; `value` wraps beyond 19 of them.
    #[inline]
    fn digits(&mut self, value: &mut u64) -> Result<usize, Stop> {
        let start = self.at;
        while let Some(byte @ b'0'..=b'9') = self.bytes.get(self.at) {
            *value = value.wrapping_mul(10).wrapping_add(u64::from(byte - b'0'));
            self.at += 1;
        }
        if self.at == start { Err(self.syntax("a digit")) } else { Ok(self.at - start) }
    }
}
