//! The clock of the demo while it is filled: it runs behind, and is moved through the past.
//!
//! A season of submissions takes weeks. The site is told that they pass, so that what it writes down —
//! dates, quotas, deadlines, the event log — fits together as it would after a real season.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use domain::{Clock, Timestamp};

/// A clock that runs behind another one by a changing time.
pub(crate) struct SeasonClock {
    present: Arc<dyn Clock>,
    behind_micros: AtomicI64,
}

impl SeasonClock {
    /// A clock that stands at `start`, or shows the present if that lies ahead.
    pub(crate) fn at(present: Arc<dyn Clock>, start: Timestamp) -> Self {
        let behind = present.now().as_micros() - start.as_micros();
        Self { present, behind_micros: AtomicI64::new(behind.max(0)) }
    }

    /// Moves ahead to a moment; never back, and never past the present.
    pub(crate) fn move_to(&self, moment: Timestamp) {
        let behind = (self.present.now().as_micros() - moment.as_micros()).max(0);
        self.behind_micros.fetch_min(behind, Ordering::SeqCst);
    }
}

impl Clock for SeasonClock {
    fn now(&self) -> Timestamp {
        let micros = self.present.now().as_micros() - self.behind_micros.load(Ordering::SeqCst);
        Timestamp::from_micros(micros).unwrap_or_else(|| self.present.now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Still(Timestamp);

    impl Clock for Still {
        fn now(&self) -> Timestamp {
            self.0
        }
    }

    #[test]
    fn it_moves_ahead_only_and_stops_at_the_present() {
        let present = Timestamp::parse("2026-05-31T12:00:00Z").unwrap();
        let before = |days: i64| present.plus_seconds(-86_400 * days);
        let clock = SeasonClock::at(Arc::new(Still(present)), before(400));
        assert_eq!(clock.now(), before(400));
        clock.move_to(before(40));
        clock.move_to(before(90));
        assert_eq!(clock.now(), before(40));
        clock.move_to(before(-1));
        assert_eq!(clock.now(), present);
    }
}
