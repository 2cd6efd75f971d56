//! One challenge, as its reader sees it.

use std::collections::BTreeSet;

use domain::entry::RegistrationState;
use domain::{Actor, ChallengeRole, Tag};
use storage::challenges::registrations::{self, Registration};
use storage::challenges::series::{self, Series};
use storage::challenges::tags;
use storage::challenges::terms::{self, Terms};
use storage::challenges::{Challenge, Standing, standing_of};
use storage::teams::{self, Team};

use crate::App;
use crate::authority::see_challenge;
use crate::failure::Outcome;

/// A challenge with what belongs to it.
#[derive(Debug, Clone)]
pub struct ChallengeDetail {
    /// The challenge.
    pub challenge: Challenge,
    /// Where it stands in time.
    pub standing: Standing,
    /// The series it is an edition of.
    pub series: Option<Series>,
    /// The words by which it is found.
    pub tags: BTreeSet<Tag>,
    /// The terms in force.
    pub terms: Option<Terms>,
    /// What the reader is in it.
    pub role: Option<ChallengeRole>,
    /// The reader's own registration.
    pub registration: Option<Registration>,
    /// The reader's own team.
    pub team: Option<Team>,
}

impl ChallengeDetail {
    /// Whether the reader may take part: registered and admitted, with the terms in force accepted.
    pub fn is_registered(&self) -> bool {
        let is_admitted = |registration: &Registration| registration.state == RegistrationState::Admitted;
        self.registration.as_ref().is_some_and(is_admitted) && self.has_accepted_terms()
    }

    /// Whether the reader has accepted the terms in force, if there are any.
    pub fn has_accepted_terms(&self) -> bool {
        let accepted = self.registration.as_ref().and_then(|registration| registration.terms_id);
        self.terms.as_ref().is_none_or(|terms| accepted == Some(terms.id))
    }

    /// The edition, where the title does not end with it already.
    pub fn edition_beside_title(&self) -> Option<&str> {
        let edition = self.challenge.edition.as_str();
        let is_said = self.challenge.title.as_str().to_lowercase().ends_with(&edition.to_lowercase());
        (!is_said).then_some(edition)
    }
}

/// Reads a challenge by its id or slug.
pub async fn read_challenge(app: &App, actor: &Actor, challenge: &str) -> Outcome<ChallengeDetail> {
    let now = app.now();
    let (actor, challenge) = (actor.clone(), challenge.to_owned());
    app.db
        .read(move |conn| {
            let seen = see_challenge(conn, &actor, &challenge)?;
            let (role, challenge) = (seen.role, seen.challenge);
            let series = match challenge.series_id {
                Some(id) => series::find(conn, id)?,
                None => None,
            };
            let (registration, team) = match actor.user() {
                Some(user) => (
                    registrations::find(conn, challenge.id, user)?,
                    teams::of_person(conn, challenge.id, user)?.map(|(team, _)| team),
                ),
                None => (None, None),
            };
            Ok(ChallengeDetail {
                standing: standing_of(conn, &challenge, now)?,
                series,
                tags: tags::of(conn, challenge.id)?,
                terms: terms::in_force(conn, challenge.id)?,
                role,
                registration,
                team,
                challenge,
            })
        })
        .await
}
