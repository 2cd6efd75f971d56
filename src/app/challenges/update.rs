//! Organizers change what a challenge says.

use std::collections::BTreeSet;

use domain::challenge::ChallengeDraft;
use domain::event::EventKind;
use domain::{Actor, Slug, Tag, Title};
use serde_json::json;
use storage::challenges::{self, Challenge};
use storage::events;

use super::{draft_of, manage_locked, series, terms};
use crate::App;
use crate::context::event;
use crate::failure::{Failure, Outcome};

/// What is to change; what is absent stays. A challenge keeps its slug, so that addresses stay good.
#[derive(Debug, Clone, Default)]
pub struct ChallengeChange {
    /// Its heading.
    pub title: Option<Title>,
    /// One or two sentences for lists.
    pub summary: Option<String>,
    /// The page text.
    pub description: Option<String>,
    /// The series it is an edition of, or none.
    pub series: Option<Option<Slug>>,
    /// Which edition.
    pub edition: Option<String>,
    /// The most people a team may have, or no limit; teams that are larger already stay as they are.
    pub team_max_size: Option<Option<u32>>,
    /// The terms; another text is a new version, which everybody has to accept anew.
    pub terms: Option<String>,
    /// The words by which it is found, all of them.
    pub tags: Option<BTreeSet<Tag>>,
}

impl ChallengeChange {
    fn apply(&self, present: &ChallengeDraft) -> ChallengeDraft {
        let change = self.clone();
        ChallengeDraft {
            slug: present.slug.clone(),
            title: change.title.unwrap_or_else(|| present.title.clone()),
            summary: change.summary.unwrap_or_else(|| present.summary.clone()),
            description: change.description.unwrap_or_else(|| present.description.clone()),
            series: change.series.unwrap_or_else(|| present.series.clone()),
            edition: change.edition.unwrap_or_else(|| present.edition.clone()),
            team_max_size: change.team_max_size.unwrap_or(present.team_max_size),
            terms: change.terms.unwrap_or_else(|| present.terms.clone()),
            tags: change.tags.unwrap_or_else(|| present.tags.clone()),
        }
    }
}

/// Changes a challenge; where nothing differs, nothing happens.
pub async fn update_challenge(
    app: &App,
    actor: &Actor,
    challenge: &str,
    change: ChallengeChange,
) -> Outcome<Challenge> {
    let (now, terms_id) = (app.now(), app.sources.new_id());
    let (actor, challenge) = (actor.clone(), challenge.to_owned());
    app.db
        .write(move |conn| {
            let found = manage_locked(conn, &actor, &challenge)?;
            let present = draft_of(conn, &found)?;
            let wanted = change.apply(&present).check()?;
            if wanted == present {
                return Ok(found);
            }
            let series = if wanted.series == present.series {
                found.series_id
            } else {
                series::find_for_edition(conn, &actor, wanted.series.as_ref())?
            };
            challenges::update(conn, found.id, &wanted, series, now)?;
            challenges::tags::set(conn, found.id, &wanted.tags)?;
            let published = terms::publish_if_changed(conn, terms_id, found.id, &wanted.terms, now)?;
            let updated = challenges::find(conn, found.id)?.ok_or_else(Failure::not_found)?;

            let payload = [("fields", json!(differences(&present, &wanted)))];
            let subject = format!("challenge:{}", found.id);
            let told = event(&actor, now, EventKind::ChallengeUpdated, subject, Some(found.id), payload);
            events::append(conn, told)?;
            terms::tell(conn, &actor, published.as_ref())?;
            Ok(updated)
        })
        .await
}

/// The names of the fields that differ.
fn differences(present: &ChallengeDraft, wanted: &ChallengeDraft) -> Vec<&'static str> {
    let fields = [
        ("title", present.title != wanted.title),
        ("summary", present.summary != wanted.summary),
        ("description", present.description != wanted.description),
        ("series", present.series != wanted.series),
        ("edition", present.edition != wanted.edition),
        ("team_max_size", present.team_max_size != wanted.team_max_size),
        ("terms", present.terms != wanted.terms),
        ("tags", present.tags != wanted.tags),
    ];
    fields.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
}
