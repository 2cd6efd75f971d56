//! Moments in time.

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, ToSpan};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Invalid;

/// A moment in UTC with microsecond precision: what both databases can hold without loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(jiff::Timestamp);

impl Timestamp {
    /// The moment, cut to whole microseconds.
    pub fn new(moment: jiff::Timestamp) -> Self {
        let micros = moment.as_microsecond();
        Self(jiff::Timestamp::from_microsecond(micros).unwrap_or(moment))
    }

    /// The moment that many microseconds after 1970-01-01T00:00:00Z, if it is representable.
    pub fn from_micros(micros: i64) -> Option<Self> {
        jiff::Timestamp::from_microsecond(micros).ok().map(Self)
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    pub fn as_micros(self) -> i64 {
        self.0.as_microsecond()
    }

    /// Whole seconds since 1970-01-01T00:00:00Z.
    pub fn as_seconds(self) -> i64 {
        self.0.as_second()
    }

    /// The underlying moment.
    pub fn to_jiff(self) -> jiff::Timestamp {
        self.0
    }

    /// Reads RFC 3339 text (`2026-11-22T07:00:00Z`, any offset).
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        text.parse::<jiff::Timestamp>()
            .map(Self::new)
            .map_err(|_| Invalid::new("time", "must be an RFC 3339 time such as 2026-11-22T07:00:00Z"))
    }

    /// The moment `seconds` later (earlier when negative), held at the ends of time.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        self.0
            .checked_add(SignedDuration::from_secs(seconds))
            .map_or(if seconds < 0 { Self(jiff::Timestamp::MIN) } else { Self(jiff::Timestamp::MAX) }, Self)
    }

    /// Seconds from `earlier` to this moment; negative when it is later.
    pub fn seconds_since(self, earlier: Self) -> f64 {
        (self.as_micros() - earlier.as_micros()) as f64 / 1e6
    }

    /// The day on the UTC calendar.
    pub fn utc_date(self) -> Date {
        self.0.to_zoned(TimeZone::UTC).date()
    }

    /// The first moment of a UTC day.
    pub fn start_of_utc_day(date: Date) -> Self {
        date.to_zoned(TimeZone::UTC).map_or(Self(jiff::Timestamp::MAX), |zoned| Self::new(zoned.timestamp()))
    }

    /// The first moment at which a day is over everywhere on earth:
    /// midnight at its end in UTC-12, which is noon of the next day in UTC.
    ///
    /// A deadline "31 May, anywhere on earth" is this moment, and the window is half-open:
    /// what arrives exactly then is late.
    pub fn end_of_day_anywhere_on_earth(date: Date) -> Self {
        let west = TimeZone::fixed(Offset::constant(-12));
        date.checked_add(1.day())
            .and_then(|next| next.to_zoned(west))
            .map_or(Self(jiff::Timestamp::MAX), |zoned| Self::new(zoned.timestamp()))
    }
}

impl std::fmt::Display for Timestamp {
    /// RFC 3339 in UTC with six decimals: fixed width, so that text sorts as time.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.6}", self.0)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// A deadline as organizers write it.
///
/// `2026-05-31T23:59:59Z` is that moment; the bare day `2026-05-31` is the end of that day anywhere on earth.
pub fn parse_deadline(text: &str) -> Result<Timestamp, Invalid> {
    if let Ok(date) = text.parse::<Date>()
        && text.len() == "2026-05-31".len()
    {
        return Ok(Timestamp::end_of_day_anywhere_on_earth(date));
    }
    Timestamp::parse(text).map_err(|_| {
        Invalid::new(
            "deadline",
            "must be an RFC 3339 time (2026-05-31T23:59:59Z) or a day (2026-05-31: its end anywhere on earth)",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_day_ends_at_noon_utc_of_the_next_day() {
        let deadline = parse_deadline("2026-05-31").unwrap();
        assert_eq!(deadline.to_string(), "2026-06-01T12:00:00.000000Z");
    }

    #[test]
    fn text_sorts_as_time() {
        let early = Timestamp::parse("2026-05-31T10:00:00Z").unwrap();
        let late = early.plus_seconds(1);
        assert!(early < late && early.to_string() < late.to_string());
        assert_eq!(Timestamp::parse(&late.to_string()).unwrap(), late);
    }

    #[test]
    fn an_offset_is_the_same_moment() {
        assert_eq!(
            Timestamp::parse("2026-05-31T12:00:00+02:00").unwrap(),
            Timestamp::parse("2026-05-31T10:00:00Z").unwrap()
        );
    }

    #[test]
    fn rubbish_is_refused() {
        for text in ["", "tomorrow", "2026-13-01", "2026-05-31 23:59"] {
            assert!(parse_deadline(text).is_err(), "{text}");
        }
    }
}
