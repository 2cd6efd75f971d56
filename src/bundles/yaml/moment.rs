//! Moments as organizers write them.
//!
//! ISO days and times, padded or not, with a space or a T, with or without a zone; and what python-dateutil makes of
//! numbers with the year last: month first, unless the first number can only be a day.
//! Without a zone it is UTC; a day is its midnight, because that is what the readers upstream take it for.

use domain::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};

/// Reads a moment; absent when the text is none.
pub fn parse_moment(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let day_end = text.find([' ', '\t', 'T', 't']).unwrap_or(text.len());
    let (day, rest) = text.split_at(day_end);
    let date = parse_day(day)?;
    let rest = rest.trim_start_matches([' ', '\t', 'T', 't']);
    let (time, offset) = if rest.is_empty() { (Time::midnight(), Offset::UTC) } else { parse_time(rest)? };
    let zoned = DateTime::from_parts(date, time).to_zoned(TimeZone::fixed(offset)).ok()?;
    Some(Timestamp::new(zoned.timestamp()))
}

fn parse_day(text: &str) -> Option<Date> {
    let separator = text.chars().find(|letter| !letter.is_ascii_digit())?;
    if !matches!(separator, '-' | '/' | '.') {
        return None;
    }
    let mut parts = text.split(separator);
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let (year, month, day) = if first.len() == 4 {
        (first, digits(second, 1..=2)?, digits(third, 1..=2)?)
    } else {
        let (first, second) = (digits(first, 1..=2)?, digits(second, 1..=2)?);
        if first > 12 { (third, second, first) } else { (third, first, second) }
    };
    // Before that nobody ran a challenge, and calendars part.
    let year = digits(year, 4..=4).filter(|year| *year >= 1900)?;
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// `7:00`, `07:00:00`, `23:59:59.999999`, each with a zone behind it or none.
fn parse_time(text: &str) -> Option<(Time, Offset)> {
    let zone_start = text.find(|letter: char| !(letter.is_ascii_digit() || letter == ':' || letter == '.'));
    let (clock, zone) = text.split_at(zone_start.unwrap_or(text.len()));
    let mut parts = clock.split(':');
    let (hour, minute) = (digits(parts.next()?, 1..=2)?, digits(parts.next()?, 2..=2)?);
    let (second, nanosecond) =
        match parts.next().map(|second| second.split_once('.').unwrap_or((second, "0"))) {
            None => (0, 0),
            Some((second, fraction)) => (digits(second, 1..=2)?, nanoseconds(fraction)?),
        };
    if parts.next().is_some() {
        return None;
    }
    let hour = i8::try_from(hour).ok()?;
    let time = Time::new(hour, i8::try_from(minute).ok()?, i8::try_from(second).ok()?, nanosecond).ok()?;
    Some((time, parse_zone(zone.trim())?))
}

fn nanoseconds(fraction: &str) -> Option<i32> {
    let is_number = !fraction.is_empty() && fraction.bytes().all(|digit| digit.is_ascii_digit());
    is_number
        .then(|| fraction.bytes().chain(std::iter::repeat(b'0')).take(9))?
        .try_fold(0_i32, |number, digit| number.checked_mul(10)?.checked_add(i32::from(digit - b'0')))
}

/// `Z`, `UTC`, `+00:00`, `-0700`, `+5`.
fn parse_zone(text: &str) -> Option<Offset> {
    if matches!(text.to_ascii_uppercase().as_str(), "" | "Z" | "UTC" | "GMT") {
        return Some(Offset::UTC);
    }
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = match rest.split_once(':') {
        Some((hours, minutes)) => (hours, minutes),
        None => rest.split_at_checked(rest.len().min(2))?,
    };
    let minutes = if minutes.is_empty() { 0 } else { digits(minutes, 2..=2)? };
    let seconds = i32::from(digits(hours, 1..=2)?) * 3_600 + i32::from(minutes) * 60;
    Offset::from_seconds(sign * seconds).ok()
}

fn digits(text: &str, length: std::ops::RangeInclusive<usize>) -> Option<i16> {
    let is_number = length.contains(&text.len()) && text.bytes().all(|digit| digit.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}
