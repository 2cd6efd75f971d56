//! What a single value is besides its text: YAML 1.1's words and numbers, as PyYAML resolves them.

use super::Scalar;

impl Scalar {
    /// Whether it stands for nothing.
    pub fn is_null(&self) -> bool {
        self.is_plain && matches!(self.text.as_str(), "" | "~" | "null" | "Null" | "NULL")
    }

    /// Yes or no, in the words of YAML 1.1; a quoted word counts, because the readers upstream take it too.
    pub fn flag(&self) -> Option<bool> {
        match self.text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "1" => Some(true),
            "false" | "no" | "off" | "0" => Some(false),
            _ => None,
        }
    }

    /// A whole number; `5.0` is one, and so is `"5"`.
    pub fn integer(&self) -> Option<i64> {
        let text = self.text.trim();
        let digits = text.strip_prefix('+').unwrap_or(text).trim_end_matches("_");
        if let Ok(number) = digits.replace('_', "").parse::<i64>() {
            return Some(number);
        }
        let (whole, fraction) = digits.split_once('.')?;
        fraction.bytes().all(|digit| digit == b'0').then(|| whole.parse().ok()).flatten()
    }

    /// A finite number.
    pub fn number(&self) -> Option<f64> {
        self.text.trim().parse::<f64>().ok().filter(|number| number.is_finite())
    }

    /// What it is, for a message.
    pub(super) fn kind(&self) -> &'static str {
        if self.is_null() {
            "nothing"
        } else if !self.is_plain {
            "a text"
        } else if matches!(
            self.text.to_ascii_lowercase().as_str(),
            "true" | "false" | "yes" | "no" | "on" | "off"
        ) {
            "true or false"
        } else if self.number().is_some() {
            "a number"
        } else {
            "a text"
        }
    }
}
