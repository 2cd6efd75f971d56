//! How populations spend their days is put on record, and read.

use domain::event::EventKind;
use domain::framing::NOT_DISCLOSED;
use domain::{Actor, Digest, PopulationId, Timestamp, Title, UserId};
use research::time_use::{self, CLASS_CODES, ReferencePopulation};
use serde_json::json;
use storage::activities::populations::{self, Population};
use storage::{Conn, events};

use super::imports::read;
use crate::App;
use crate::accounts::Country;
use crate::authority::administrator;
use crate::context::event;
use crate::failure::Outcome;

/// What the tables of a survey come with.
#[derive(Debug, Clone)]
pub struct Survey {
    /// What the survey is, and where its numbers were taken from.
    pub citation: Title,
    /// What is known of the terms of its reuse; none where nobody says.
    pub licence: Option<Title>,
}

/// A population with its minutes by class.
#[derive(Debug, Clone)]
pub struct PopulationDetail {
    /// The population.
    pub population: Population,
    /// Minutes per day by class.
    pub minutes: Vec<(String, f64)>,
}

/// Puts tables of a survey on record, from CSV as `research::time_use::read` takes it; for administrators, because whole
/// populations are what everybody is compared with. Gives how many are new.
pub async fn record_populations(app: &App, actor: &Actor, survey: Survey, bytes: &[u8]) -> Outcome<usize> {
    administrator(actor)?;
    let found = read(app, bytes, time_use::read).await?;
    let (now, digest) = (app.now(), Digest::of(bytes));
    let citation = survey.citation.as_str().to_owned();
    let licence = survey.licence.map_or_else(|| NOT_DISCLOSED.to_owned(), String::from);
    let told = |_: &ReferencePopulation| (citation.clone(), licence.clone());
    let rows = rows(app, &found, told, digest, actor.user(), now);
    let actor = actor.clone();
    app.db.write(move |conn| write(conn, &actor, &rows, digest, now)).await
}

type Row = (Population, Vec<(&'static str, f64)>);

/// Populations as they are stored, with what is told of their source.
pub(super) fn rows(
    app: &App,
    found: &[ReferencePopulation],
    told: impl Fn(&ReferencePopulation) -> (String, String),
    digest: Digest,
    by: Option<UserId>,
    now: Timestamp,
) -> Vec<Row> {
    let each = found.iter().map(|one| {
        let (citation, licence) = told(one);
        let population = Population {
            id: app.sources.new_id(),
            source: one.source.clone(),
            country: one.country.clone(),
            years: one.years.clone(),
            age: one.age.clone(),
            sex: one.sex.clone(),
            sleep: one.sleep,
            unclear: one.unclear,
            citation,
            licence,
            digest,
            recorded_by: by,
            recorded_at: now,
        };
        (population, CLASS_CODES.into_iter().zip(one.minutes).collect())
    });
    each.collect()
}

/// Writes those that are not on record, with an event if there are any.
pub(super) fn write(
    conn: &mut Conn<'_>,
    actor: &Actor,
    rows: &[Row],
    digest: Digest,
    now: Timestamp,
) -> Outcome<usize> {
    let mut new = 0;
    for (population, minutes) in rows {
        new += usize::from(populations::insert(conn, population, minutes)?);
    }
    if new > 0 {
        let payload = [("populations", json!(rows.len())), ("new", json!(new))];
        let subject = format!("time_use:{digest}");
        events::append(conn, event(actor, now, EventKind::PopulationsRecorded, subject, None, payload))?;
    }
    Ok(new)
}

/// A page of all populations, newest record first; of one country where it is named.
pub async fn list_populations(
    app: &App,
    country: Option<Country>,
    before: Option<PopulationId>,
    limit: u32,
) -> Outcome<Vec<PopulationDetail>> {
    app.db
        .read(move |conn| {
            let country = country.as_ref().map(Country::as_str);
            let found = populations::page(conn, country, before, i64::from(limit))?;
            let ids: Vec<PopulationId> = found.iter().map(|one| one.id).collect();
            let minutes = populations::minutes(conn, &ids)?;
            let of = |id| {
                let own = minutes.iter().filter(move |(population, ..)| *population == id);
                own.map(|(_, class, minutes)| (class.clone(), *minutes)).collect()
            };
            Ok(found
                .into_iter()
                .map(|population| PopulationDetail { minutes: of(population.id), population })
                .collect())
        })
        .await
}
