//! How much a team may submit.

use jiff::civil::ISOWeekDate;
use serde::{Deserialize, Serialize};

use crate::{Invalid, Timestamp};

/// The limits of a phase; an absent one does not limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Quota {
    /// Submissions per UTC day.
    pub per_day: Option<u32>,
    /// Submissions per UTC week, which begins on Monday.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_week: Option<u32>,
    /// Submissions per UTC month.
    pub per_month: Option<u32>,
    /// Submissions in the whole phase.
    pub total: Option<u32>,
    /// Submissions that wait or run at one time.
    pub concurrent: Option<u32>,
}

/// A span of time in which submissions are counted.
///
/// Its name is the key of the slot rows: `day:2026-11-22`, `week:2026-W47`, `month:2026-11`, `total`, `concurrent`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotaWindow {
    /// The key under which slots are counted.
    pub name: String,
    /// How many slots there are.
    pub limit: u32,
    /// When a used slot is free again, where time alone frees it.
    pub renews_at: Option<Timestamp>,
}

/// The largest limit that can be set: more is no limit at all.
pub const LARGEST: u32 = 100_000;

impl Quota {
    /// Checks the limits against each other.
    pub fn check(self) -> Result<Self, Invalid> {
        let named = [
            ("quota.per_day", self.per_day),
            ("quota.per_week", self.per_week),
            ("quota.per_month", self.per_month),
            ("quota.total", self.total),
            ("quota.concurrent", self.concurrent),
        ];
        for (field, limit) in named {
            if limit.is_some_and(|limit| limit == 0 || limit > LARGEST) {
                return Err(Invalid::new(
                    field,
                    format!("must be between 1 and {LARGEST}, or absent for no limit"),
                ));
            }
        }
        Ok(self)
    }

    /// The windows that a submission received at that moment counts in.
    pub fn windows(self, received_at: Timestamp) -> Vec<QuotaWindow> {
        let today = received_at.utc_date();
        let tomorrow = today.tomorrow().unwrap_or(today);
        let week = today.iso_week_date();
        let next_monday =
            week.last_of_week().and_then(ISOWeekDate::tomorrow).map_or(today, ISOWeekDate::date);
        let next_month = today.last_of_month().tomorrow().unwrap_or(today);
        let window = |name: String, limit: Option<u32>, renews_at| {
            limit.map(|limit| QuotaWindow { name, limit, renews_at })
        };
        [
            window(format!("day:{today}"), self.per_day, Some(Timestamp::start_of_utc_day(tomorrow))),
            window(
                format!("week:{:04}-W{:02}", week.year(), week.week()),
                self.per_week,
                Some(Timestamp::start_of_utc_day(next_monday)),
            ),
            window(
                format!("month:{:04}-{:02}", today.year(), today.month()),
                self.per_month,
                Some(Timestamp::start_of_utc_day(next_month)),
            ),
            window("total".into(), self.total, None),
            window(CONCURRENT.into(), self.concurrent, None),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

impl QuotaWindow {
    /// The field of a phase that sets its limit.
    pub fn field(&self) -> &'static str {
        match self.name.split_once(':') {
            Some(("day", _)) => "quota.per_day",
            Some(("week", _)) => "quota.per_week",
            Some(("month", _)) => "quota.per_month",
            _ if self.name == CONCURRENT => "quota.concurrent",
            _ => "quota.total",
        }
    }
}

/// The window of submissions that wait or run: its slots are freed when the submission ends.
pub const CONCURRENT: &str = "concurrent";

/// The first free slot of a window, given the slots in use in any order, each once.
///
/// Slots at or above `limit` count too: they were taken while it was higher, and a lowered limit is not exceeded by
/// giving away what lies below them.
pub fn first_free_slot(limit: u32, used: &[u32]) -> Option<u32> {
    let is_spent = u32::try_from(used.len()).map_or(true, |used| used >= limit);
    if is_spent { None } else { (0..limit).find(|slot| !used.contains(slot)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_months_are_those_of_utc() {
        let quota = Quota {
            per_day: Some(5),
            per_week: Some(20),
            per_month: Some(50),
            total: Some(100),
            concurrent: Some(2),
        };
        let late = Timestamp::parse("2026-12-31T23:59:59.999999Z").unwrap();
        let names: Vec<_> = quota.windows(late).into_iter().map(|window| window.name).collect();
        assert_eq!(names, ["day:2026-12-31", "week:2026-W53", "month:2026-12", "total", "concurrent"]);
        let fields: Vec<_> = quota.windows(late).iter().map(QuotaWindow::field).collect();
        let named = ["per_day", "per_week", "per_month", "total", "concurrent"];
        assert_eq!(fields, named.map(|name| format!("quota.{name}")));
        let renewals: Vec<_> = quota.windows(late).into_iter().map(|window| window.renews_at).collect();
        let new_year = Timestamp::parse("2027-01-01T00:00:00Z").unwrap();
        let monday = Timestamp::parse("2027-01-04T00:00:00Z").unwrap();
        assert_eq!(renewals, [Some(new_year), Some(monday), Some(new_year), None, None]);
    }

    #[test]
    fn an_absent_limit_has_no_window() {
        assert!(Quota::default().windows(Timestamp::parse("2026-01-01T00:00:00Z").unwrap()).is_empty());
    }

    #[test]
    fn freed_slots_are_used_again() {
        assert_eq!(first_free_slot(3, &[]), Some(0));
        assert_eq!(first_free_slot(3, &[2, 0]), Some(1));
        assert_eq!(first_free_slot(3, &[2, 0, 1]), None);
    }

    #[test]
    fn a_lowered_limit_counts_slots_beyond_it() {
        // Five were used of five, two came back, and then the limit was lowered: three are used of three.
        assert_eq!(first_free_slot(3, &[4, 2, 3]), None);
        assert_eq!(first_free_slot(3, &[4, 3]), Some(0));
        assert_eq!(first_free_slot(1, &[4, 2, 3]), None);
    }

    #[test]
    fn zero_is_refused() {
        assert!(Quota { per_day: Some(0), ..Quota::default() }.check().is_err());
    }
}
