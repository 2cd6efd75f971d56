//! What organizers told the people of a challenge.

use diesel::prelude::*;
use domain::announcement::{AnnouncementDraft, Audience};
use domain::entry::RegistrationState;
use domain::submission::SubmissionState;
use domain::team::TeamRole;
use domain::{AnnouncementId, ChallengeId, EmailAddress, TeamId, Timestamp, Title, UserId};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{announcements, memberships, phases, registrations, submissions, users};
use crate::types::Column;

/// An announcement as it is stored.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable)]
#[diesel(table_name = announcements)]
pub struct Announcement {
    /// Its id; later ones are larger.
    pub id: AnnouncementId,
    /// The challenge.
    pub challenge_id: ChallengeId,
    /// Its heading.
    pub title: Title,
    /// Its text, in Markdown.
    pub body: String,
    /// Who was sent it.
    pub audience: Audience,
    /// How many people that were.
    pub recipients: i32,
    /// Who posted it.
    pub posted_by: UserId,
    /// When.
    pub posted_at: Timestamp,
    /// When it was taken back.
    pub withdrawn_at: Option<Timestamp>,
}

/// Writes an announcement.
pub fn insert(
    conn: &mut Conn<'_>,
    (id, challenge): (AnnouncementId, ChallengeId),
    draft: &AnnouncementDraft,
    recipients: u32,
    (by, now): (UserId, Timestamp),
) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(announcements::table)
        .values((
            announcements::id.eq(id.sql()),
            announcements::challenge_id.eq(challenge.sql()),
            announcements::title.eq(draft.title.clone().sql()),
            announcements::body.eq(&draft.body),
            announcements::audience.eq(draft.audience.sql()),
            announcements::recipients.eq(i32::try_from(recipients).unwrap_or(i32::MAX)),
            announcements::posted_by.eq(by.sql()),
            announcements::posted_at.eq(now.sql()),
        ))
        .execute(c))?;
    Ok(())
}

/// The announcement of this id.
pub fn find(conn: &mut Conn<'_>, id: AnnouncementId) -> Result<Option<Announcement>, StoreError> {
    Ok(on!(conn, c => announcements::table
        .find(id.sql())
        .select(Announcement::as_select())
        .get_result(c)
        .optional())?)
}

/// The announcements of a challenge that stand, newest first; those before one of them.
pub fn list(
    conn: &mut Conn<'_>,
    challenge: ChallengeId,
    before: Option<AnnouncementId>,
    limit: i64,
) -> Result<Vec<Announcement>, StoreError> {
    Ok(on!(conn, c => {
        let mut query = announcements::table
            .filter(announcements::challenge_id.eq(challenge.sql()))
            .filter(announcements::withdrawn_at.is_null())
            .select(Announcement::as_select())
            .into_boxed();
        if let Some(before) = before {
            query = query.filter(announcements::id.lt(before.sql()));
        }
        query.order(announcements::id.desc()).limit(limit).load(c)
    })?)
}

/// Takes an announcement back; `false` when it was before.
pub fn withdraw(conn: &mut Conn<'_>, id: AnnouncementId, now: Timestamp) -> Result<bool, StoreError> {
    let changed = on!(conn, c => diesel::update(announcements::table.find(id.sql()))
        .filter(announcements::withdrawn_at.is_null())
        .set(announcements::withdrawn_at.eq(now.sql()))
        .execute(c))?;
    Ok(changed > 0)
}

/// The proven addresses of an audience as it is now, in the order of the accounts. Closed accounts get no mail.
pub fn addresses(
    conn: &mut Conn<'_>,
    challenge: ChallengeId,
    audience: Audience,
) -> Result<Vec<EmailAddress>, StoreError> {
    if audience == Audience::Nobody {
        return Ok(Vec::new());
    }
    let people: Vec<(UserId, EmailAddress)> = on!(conn, c => registrations::table
        .inner_join(users::table)
        .filter(registrations::challenge_id.eq(challenge.sql()))
        .filter(registrations::state.eq(RegistrationState::Admitted.sql()))
        .filter(users::disabled_at.is_null())
        .filter(users::email_verified_at.is_not_null())
        .order(users::id.asc())
        .select((users::id, users::email))
        .load(c))?;
    if audience == Audience::Participants {
        return Ok(people.into_iter().map(|(_, address)| address).collect());
    }
    let members: Vec<(UserId, TeamId, TeamRole)> = on!(conn, c => memberships::table
        .filter(memberships::challenge_id.eq(challenge.sql()))
        .filter(memberships::left_at.is_null())
        .select((memberships::user_id, memberships::team_id, memberships::role))
        .load(c))?;
    let submitted = if audience == Audience::WithoutSubmission {
        teams_with_submissions(conn, challenge)?
    } else {
        Vec::new()
    };
    let is_addressed = |user: UserId| {
        let mut places = members.iter().filter(|(member, ..)| *member == user);
        match audience {
            Audience::Captains => places.any(|(_, _, role)| *role == TeamRole::Captain),
            _ => !places.any(|(_, team, _)| submitted.binary_search(team).is_ok()),
        }
    };
    Ok(people.into_iter().filter(|(user, _)| is_addressed(*user)).map(|(_, address)| address).collect())
}

/// The teams of a challenge that have sent anything that was accepted, in the order of their ids.
fn teams_with_submissions(conn: &mut Conn<'_>, challenge: ChallengeId) -> Result<Vec<TeamId>, StoreError> {
    let mut teams: Vec<TeamId> = on!(conn, c => submissions::table
        .inner_join(phases::table)
        .filter(phases::challenge_id.eq(challenge.sql()))
        .filter(submissions::state.ne(SubmissionState::Uploading.sql()))
        .select(submissions::team_id)
        .distinct()
        .load(c))?;
    teams.sort_unstable();
    Ok(teams)
}
