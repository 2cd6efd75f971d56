//! Lists of challenges: by where they stand in time, by words, by who runs them.

use diesel::dsl::{exists, not, sql};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use domain::challenge::ChallengeState;
use domain::entry::{Admission, Openness};
use domain::{ChallengeId, Slug, Tag, Timestamp, UserId};

use super::Challenge;
use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{
    challenge_tags, challenges, entry_guests, organizers, phases, registrations, series, users,
};
use crate::types::Column;

/// Where a challenge stands in time, which its phases decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// A phase takes submissions.
    Open,
    /// None does yet; also when there is no phase yet.
    Upcoming,
    /// None does any more, or the challenge is archived.
    Closed,
}

/// Which challenges a list holds.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only those that this person runs, drafts included; absent for all that are published.
    pub organized_by: Option<UserId>,
    /// Who looks: they also find unlisted and private challenges that they registered for or are a guest of.
    pub viewer: Option<UserId>,
    /// Only those that stand so.
    pub standing: Option<Standing>,
    /// Only those whose slug, title or summary holds this text, whatever its case.
    pub text: Option<String>,
    /// Only those that have all of these tags.
    pub tags: Vec<Tag>,
    /// Only editions of this series.
    pub series: Option<Slug>,
    /// Only those with a phase that this evaluator scores.
    pub evaluator: Option<String>,
    /// Only those that are seen so.
    pub openness: Option<Openness>,
    /// Only those that are entered so.
    pub admission: Option<Admission>,
    /// Only those older than this one.
    pub before: Option<ChallengeId>,
}

/// A page of challenges, newest first, each with where it stands now.
pub fn list(
    conn: &mut Conn<'_>,
    filter: &Filter,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<(Challenge, Standing)>, StoreError> {
    let ids = matching(conn, filter, now, limit)?;
    let rows: Vec<Challenge> = on!(conn, c => challenges::table
        .filter(challenges::id.eq_any(ids.iter().map(Column::sql)))
        .order(challenges::id.desc())
        .select(Challenge::as_select())
        .load(c))?;
    type Window = (ChallengeId, Timestamp, Option<Timestamp>);
    let windows: Vec<Window> = on!(conn, c => phases::table
        .filter(phases::challenge_id.eq_any(ids.iter().map(Column::sql)))
        .select((phases::challenge_id, phases::opens_at, phases::closes_at))
        .load(c))?;
    let with_standing = |challenge: Challenge| {
        let own = windows.iter().filter(|window| window.0 == challenge.id).map(|window| (window.1, window.2));
        let standing = standing(challenge.state, own, now);
        (challenge, standing)
    };
    Ok(rows.into_iter().map(with_standing).collect())
}

/// Where a challenge stands now.
pub fn standing_of(
    conn: &mut Conn<'_>,
    challenge: &Challenge,
    now: Timestamp,
) -> Result<Standing, StoreError> {
    let windows: Vec<(Timestamp, Option<Timestamp>)> = on!(conn, c => phases::table
        .filter(phases::challenge_id.eq(challenge.id.sql()))
        .select((phases::opens_at, phases::closes_at))
        .load(c))?;
    Ok(standing(challenge.state, windows.into_iter(), now))
}

/// Where a challenge with these windows stands; the same rule as the filter's, in words of Rust.
pub(super) fn standing(
    state: ChallengeState,
    windows: impl Iterator<Item = (Timestamp, Option<Timestamp>)> + Clone,
    now: Timestamp,
) -> Standing {
    let is_over = |closes_at: Option<Timestamp>| closes_at.is_some_and(|closes_at| closes_at <= now);
    if state == ChallengeState::Archived {
        Standing::Closed
    } else if windows.clone().any(|(opens_at, closes_at)| opens_at <= now && !is_over(closes_at)) {
        Standing::Open
    } else if windows.clone().next().is_none() || windows.clone().any(|(opens_at, _)| opens_at > now) {
        Standing::Upcoming
    } else {
        Standing::Closed
    }
}

/// The challenges that a filter lets through, newest first.
pub(super) fn matching(
    conn: &mut Conn<'_>,
    filter: &Filter,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<ChallengeId>, StoreError> {
    Ok(on!(conn, c => {
        let own_phases = || phases::table.filter(phases::challenge_id.eq(challenges::id));
        let is_open = || exists(own_phases()
            .filter(phases::opens_at.le(now.sql()))
            .filter(phases::closes_at.is_null().or(phases::closes_at.gt(Some(now.sql())).assume_not_null())));
        let opens_later = || exists(own_phases().filter(phases::opens_at.gt(now.sql())));
        let is_registered = |viewer: UserId| exists(registrations::table
            .filter(registrations::challenge_id.eq(challenges::id))
            .filter(registrations::user_id.eq(viewer.sql())));
        let is_guest = |viewer: UserId| exists(entry_guests::table
            .filter(entry_guests::challenge_id.eq(challenges::id))
            .filter(entry_guests::email_key.eq_any(users::table
                .filter(users::id.eq(viewer.sql()))
                .filter(users::email_verified_at.is_not_null())
                .select(users::email_key))));
        let is_archived = || challenges::state.eq(ChallengeState::Archived.sql());

        let mut query = challenges::table.select(challenges::id).into_boxed();
        query = match filter.organized_by {
            None => {
                let published = query.filter(challenges::state.ne(ChallengeState::Draft.sql()));
                let is_public = challenges::openness.eq(Openness::Public.sql());
                match filter.viewer {
                    None => published.filter(is_public),
                    Some(viewer) => published.filter(is_public.or(is_registered(viewer)).or(is_guest(viewer))),
                }
            }
            Some(user) => query.filter(exists(organizers::table
                .filter(organizers::challenge_id.eq(challenges::id))
                .filter(organizers::user_id.eq(user.sql())))),
        };
        query = match filter.standing {
            None => query,
            Some(Standing::Open) => query.filter(not(is_archived())).filter(is_open()),
            Some(Standing::Upcoming) => query
                .filter(not(is_archived()))
                .filter(not(is_open()))
                .filter(opens_later().or(not(exists(own_phases())))),
            Some(Standing::Closed) => query.filter(is_archived().or(
                exists(own_phases()).and(not(is_open())).and(not(opens_later())))),
        };
        if let Some(text) = &filter.text {
            query = query.filter(
                sql::<Bool>("lower(challenges.slug || ' ' || challenges.title || ' ' || challenges.summary) LIKE lower(")
                    .bind::<Text, _>(containing(text))
                    .sql(") ESCAPE '\\'"));
        }
        for tag in &filter.tags {
            query = query.filter(exists(challenge_tags::table
                .filter(challenge_tags::challenge_id.eq(challenges::id))
                .filter(challenge_tags::tag.eq(tag.sql()))));
        }
        if let Some(slug) = &filter.series {
            query = query.filter(exists(series::table
                .filter(series::id.nullable().eq(challenges::series_id))
                .filter(series::slug.eq(slug.sql()))));
        }
        if let Some(evaluator) = &filter.evaluator {
            query = query.filter(exists(own_phases().filter(phases::evaluator.eq(evaluator))));
        }
        if let Some(openness) = filter.openness {
            query = query.filter(challenges::openness.eq(openness.sql()));
        }
        if let Some(admission) = filter.admission {
            query = query.filter(challenges::admission.eq(admission.sql()));
        }
        if let Some(before) = filter.before {
            query = query.filter(challenges::id.lt(before.sql()));
        }
        query.order(challenges::id.desc()).limit(limit).load(c)
    })?)
}

/// The pattern of texts that hold `text` as it stands.
fn containing(text: &str) -> String {
    let mut pattern = String::from("%");
    for letter in text.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}
