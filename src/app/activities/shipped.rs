//! What the program brings: ICATUS 2016, the scenarios of Ego4D and what they mean in it, and tables of time use.

use domain::framing::Told;
use domain::{Actor, Digest, Invalid, MappingId, Slug, TaxonomyId, Timestamp, VersionName};
use research::mappings as meanings;
use research::taxonomies as lists;
use research::time_use;
use storage::Conn;
use storage::activities::mappings::{self, Mapping};
use storage::activities::taxonomies::{self, Taxonomy};

use super::{populations, taxonomies as recording};
use crate::App;
use crate::authority::administrator;
use crate::failure::Outcome;

/// How much of it was not on record before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shipped {
    /// Versions of lists.
    pub taxonomies: usize,
    /// Mappings.
    pub mappings: usize,
    /// Populations.
    pub populations: usize,
}

/// Puts on record what the program brings and what is not there yet; for administrators and the program itself.
pub async fn record_shipped(app: &App, actor: &Actor) -> Outcome<Shipped> {
    if *actor != Actor::System {
        administrator(actor)?;
    }
    let now = app.now();
    let scenarios = meanings::Mapping::ego4d_scenarios();
    let brought = [
        taxonomy(app, now, "icatus", "2016", lists::ICATUS_2016)?,
        taxonomy(app, now, "ego4d-scenarios", scenarios.version(), meanings::EGO4D_SCENARIOS)?,
    ];
    let read = [lists::Taxonomy::icatus_2016().clone(), meanings::Mapping::list_of_ego4d_scenarios()];
    let mapping = app.sources.new_id::<MappingId>();
    let digest = Digest::of(time_use::SHIPPED);
    let told = |one: &time_use::ReferencePopulation| {
        let source = time_use::SOURCES.iter().find(|source| source.code == one.source);
        let told =
            source.map_or(("not_disclosed", "not_disclosed"), |source| (source.citation, source.licence));
        (told.0.to_owned(), told.1.to_owned())
    };
    let tables = populations::rows(app, time_use::shipped(), told, digest, None, now);
    let actor = actor.clone();
    app.db
        .write(move |conn| {
            let mut done = Shipped { taxonomies: 0, mappings: 0, populations: 0 };
            let mut ids = Vec::new();
            for (new, list) in brought.iter().zip(&read) {
                let known = taxonomies::versions(conn, &new.name)?;
                let known = known.into_iter().find(|known| known.version == new.version);
                ids.push(known.as_ref().map_or(new.id, |known| known.id));
                if known.is_none() {
                    recording::write(conn, &actor, new, list)?;
                    done.taxonomies += 1;
                }
            }
            if let [to, from] = ids.as_slice() {
                done.mappings += usize::from(map(conn, &actor, mapping, *from, *to, now)?);
            }
            done.populations = populations::write(conn, &actor, &tables, digest, now)?;
            Ok(done)
        })
        .await
}

/// A list that the program brings, as it is stored.
fn taxonomy(app: &App, now: Timestamp, name: &str, version: &str, bytes: &[u8]) -> Result<Taxonomy, Invalid> {
    let (title, source, licence, closed) = match name {
        "icatus" => (
            "International Classification of Activities for Time-Use Statistics",
            "United Nations, Statistical Papers, Series M No. 98, 2021; codes and titles",
            "not_disclosed",
            Told::Yes,
        ),
        _ => (
            "Scenarios of Ego4D",
            "EGO4D, the scenarios of ego4d.json; those with is_ad_hoc were added while recording",
            "not_disclosed",
            Told::No,
        ),
    };
    Ok(Taxonomy {
        id: app.sources.new_id::<TaxonomyId>(),
        name: Slug::parse(name)?,
        version: VersionName::parse(version)?,
        title: title.to_owned(),
        source: source.to_owned(),
        licence: licence.to_owned(),
        closed,
        effective_from: None,
        digest: Digest::of(bytes),
        recorded_by: None,
        recorded_at: now,
    })
}

/// Writes what the scenarios mean in ICATUS, unless that is on record.
fn map(
    conn: &mut Conn<'_>,
    actor: &Actor,
    id: MappingId,
    from: TaxonomyId,
    to: TaxonomyId,
    now: Timestamp,
) -> Outcome<bool> {
    let meaning = meanings::Mapping::ego4d_scenarios();
    let version = VersionName::parse(meaning.version())?;
    let known = mappings::from(conn, from)?;
    if known.iter().any(|one| one.to_taxonomy_id == to && one.version == version) {
        return Ok(false);
    }
    let new = Mapping {
        id,
        from_taxonomy_id: from,
        to_taxonomy_id: to,
        version,
        source: "a proposal of one coder".to_owned(),
        digest: Digest::of(meanings::EGO4D_SCENARIOS),
        recorded_by: None,
        recorded_at: now,
    };
    super::mappings::write(conn, actor, &new, meaning)?;
    Ok(true)
}
