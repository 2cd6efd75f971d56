//! What happened where the server could not see it: before the challenge was here, or elsewhere.
//!
//! An entry has a source and stays as it was written. The log has an event for it that says when it was recorded and when it
//! happened, so that what the server saw and what people say are told apart.

use domain::event::EventKind;
use domain::{Actor, HistoryEntryId, Scope, Timestamp};
use jiff::civil::Date;
use serde_json::json;
use storage::events;
use storage::history::{self, HistoryEntry};

use super::manage_locked;
use crate::App;
use crate::authority::{person, see_challenge};
use crate::context::event;
use crate::datasets::production::texts;
use crate::failure::{Failure, FieldError, Outcome};
use crate::framing::record::wrong_codes;
use crate::idempotency::{Created, IdempotencyKey, create_once};

/// What somebody says that happened.
#[derive(Debug, Clone)]
pub struct HistoryDraft {
    /// What it was (`event.type`).
    pub event_type: String,
    /// When: `2021-10-13`, or `2021-10` or `2021` where no more is known.
    pub happened: String,
    /// What it was, in words; may be empty.
    pub words: String,
    /// Where that is known from.
    pub source: String,
}

/// Puts on record what happened; for who may change the challenge.
pub async fn record_history(
    app: &App,
    actor: &Actor,
    challenge: &str,
    draft: HistoryDraft,
    idempotency: Option<IdempotencyKey>,
) -> Outcome<Created<HistoryEntryId>> {
    let by = person(actor, Scope::Organize)?.user;
    let (now, id) = (app.now(), app.sources.new_id::<HistoryEntryId>());
    let (happened_on, exact_to) = check(&draft, now)?;
    let request = idempotency.map(|key| key.request(actor, "record_history"));
    let (actor, challenge) = (actor.clone(), challenge.to_owned());
    create_once(app, request, id, now, move |conn| {
        let managed = manage_locked(conn, &actor, &challenge)?;
        let entry = HistoryEntry {
            id,
            challenge_id: managed.id,
            event_type: draft.event_type.clone(),
            happened_on: happened_on.to_string(),
            exact_to: exact_to.to_owned(),
            words: draft.words.trim().to_owned(),
            source: draft.source.trim().to_owned(),
            recorded_by: by,
            recorded_at: now,
        };
        history::insert(conn, &entry)?;
        // Words may name people, so the log has none.
        let payload = [
            ("event_type", json!(entry.event_type)),
            ("happened_on", json!(entry.happened_on)),
            ("exact_to", json!(entry.exact_to)),
        ];
        let subject = format!("history_entry:{id}");
        let told = event(&actor, now, EventKind::HistoryRecorded, subject, Some(managed.id), payload);
        Ok(events::append(conn, told)?)
    })
    .await
}

/// A page of what is on record, oldest record first; for everybody who sees the challenge.
pub async fn list_history(
    app: &App,
    actor: &Actor,
    challenge: &str,
    after: Option<HistoryEntryId>,
    limit: u32,
) -> Outcome<Vec<HistoryEntry>> {
    let (actor, challenge) = (actor.clone(), challenge.to_owned());
    app.db
        .read(move |conn| {
            let seen = see_challenge(conn, &actor, &challenge)?;
            Ok(history::list(conn, seen.challenge.id, after, i64::from(limit))?)
        })
        .await
}

/// The first day of when it happened, and how exact that is.
fn check(draft: &HistoryDraft, now: Timestamp) -> Outcome<(Date, &'static str)> {
    let mut errors = texts(&[("words", &draft.words, 0), ("source", &draft.source, 1)]);
    errors.extend(wrong_codes(&[("event_type", "event.type", &draft.event_type)]));
    let happened = day_of(&draft.happened);
    match happened {
        None => {
            let rule = "must be a day (2021-10-13), a month (2021-10) or a year (2021)";
            errors.push(FieldError::new("happened", rule));
        }
        Some((day, _)) if day > now.utc_date() => {
            errors.push(FieldError::new("happened", "must not be later than now"));
        }
        Some(_) => {}
    }
    match happened {
        Some(happened) if errors.is_empty() => Ok(happened),
        _ => Err(Failure::invalid_fields(errors)),
    }
}

fn day_of(text: &str) -> Option<(Date, &'static str)> {
    let text = text.trim();
    let (whole, exact_to) = match text.len() {
        4 => (format!("{text}-01-01"), "year"),
        7 => (format!("{text}-01"), "month"),
        10 => (text.to_owned(), "day"),
        _ => return None,
    };
    Some((whole.parse().ok()?, exact_to))
}

#[cfg(test)]
mod tests {
    use domain::framing::NOT_DISCLOSED;

    use super::*;

    #[test]
    fn a_moment_is_as_exact_as_it_is_written() {
        let day = |text: &str| day_of(text).map(|(day, exact_to)| (day.to_string(), exact_to));
        assert_eq!(day("2021"), Some(("2021-01-01".to_owned(), "year")));
        assert_eq!(day(" 2021-10 "), Some(("2021-10-01".to_owned(), "month")));
        assert_eq!(day("2021-10-13"), Some(("2021-10-13".to_owned(), "day")));
        for wrong in ["", "21", "2021-13", "2021-02-30", "2021-10-13T00:00:00Z", "öööö"] {
            assert_eq!(day(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let now = Timestamp::parse("2026-03-01T12:00:00Z").unwrap();
        let draft = |event_type: &str, happened: &str, source: &str| HistoryDraft {
            event_type: event_type.into(),
            happened: happened.into(),
            words: String::new(),
            source: source.into(),
        };
        assert!(check(&draft("dataset.released", "2026-03-01", "A paper"), now).is_ok());
        let failure = check(&draft("dataset.relesed", "2026-03-02", " "), now).unwrap_err();
        let fields: Vec<&str> = failure.errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["source", "event_type", "happened"]);
        assert!(failure.errors[1].detail.contains("dataset.released"), "{failure:?}");
        assert!(check(&draft(NOT_DISCLOSED, "2026", "A paper"), now).is_err());
    }
}
