//! Versions of lists of terms are put on record, and read.

use domain::event::EventKind;
use domain::framing::{NOT_DISCLOSED, Told};
use domain::{Actor, Digest, Invalid, Slug, TaxonomyId, Title, UserId, VersionName};
use jiff::civil::Date;
use research::nearest::nearest;
use research::taxonomies as lists;
use serde_json::json;
use storage::activities::taxonomies::{self, Taxonomy, Term};
use storage::{Conn, events};

use super::imports::{read, recorder};
use crate::App;
use crate::context::event;
use crate::failure::{Code, Failure, Outcome};
use crate::idempotency::{Created, IdempotencyKey, create_once};

/// What is said of a version of a list besides its terms.
#[derive(Debug, Clone)]
pub struct TaxonomyDraft {
    /// The list.
    pub name: Slug,
    /// Its version.
    pub version: VersionName,
    /// What people read.
    pub title: Title,
    /// Where it was published.
    pub source: Title,
    /// Under which terms it may be used; none where nobody says.
    pub licence: Option<Title>,
    /// Whether nothing can be added to it.
    pub closed: Told,
    /// The first day on which it holds.
    pub effective_from: Option<Date>,
}

/// A version of a list with its terms.
#[derive(Debug, Clone)]
pub struct TaxonomyDetail {
    /// The version.
    pub taxonomy: Taxonomy,
    /// Its terms, in its order.
    pub terms: Vec<Term>,
}

/// Puts a version of a list on record, from CSV with the columns `code`, `title` and, where there are any, `parent` and `origin`.
///
/// The first version of a list makes it its recorder's; further ones are theirs, or an administrator's, to record.
pub async fn record_taxonomy(
    app: &App,
    actor: &Actor,
    draft: TaxonomyDraft,
    bytes: &[u8],
    idempotency: Option<IdempotencyKey>,
) -> Outcome<Created<TaxonomyId>> {
    let by = recorder(actor)?;
    let name = full_name(&draft.name, &draft.version);
    let list = read(app, bytes, move |bytes, limits| lists::Taxonomy::read(&name, bytes, limits)).await?;
    let (now, id) = (app.now(), app.sources.new_id::<TaxonomyId>());
    let new = Taxonomy {
        id,
        name: draft.name,
        version: draft.version,
        title: draft.title.into(),
        source: draft.source.into(),
        licence: draft.licence.map_or_else(|| NOT_DISCLOSED.to_owned(), String::from),
        closed: draft.closed,
        effective_from: draft.effective_from.map(|day| day.to_string()),
        digest: Digest::of(bytes),
        recorded_by: by,
        recorded_at: now,
    };
    let request = idempotency.map(|key| key.request(actor, "record_taxonomy"));
    let actor = actor.clone();
    create_once(app, request, id, now, move |conn| write(conn, &actor, &new, &list)).await
}

/// Writes a version of a list, with its event.
pub(super) fn write(
    conn: &mut Conn<'_>,
    actor: &Actor,
    new: &Taxonomy,
    list: &lists::Taxonomy,
) -> Outcome<()> {
    let before = taxonomies::versions(conn, &new.name)?;
    let owner = before.first().and_then(|first| first.recorded_by);
    owned(!before.is_empty(), owner, actor)?;
    if before.iter().any(|version| version.version == new.version) {
        return Err(Failure::new(Code::StateConflict, "this version is on record already"));
    }
    let terms: Vec<Term> = list
        .terms()
        .iter()
        .map(|term| Term {
            code: term.code.clone(),
            title: term.title.clone(),
            parent: term.parent.map(|parent| list.terms()[parent].code.clone()),
            origin: term.origin.clone().unwrap_or_else(|| NOT_DISCLOSED.to_owned()),
        })
        .collect();
    taxonomies::insert(conn, new, &terms)?;
    let payload = [("terms", json!(terms.len())), ("digest", json!(new.digest))];
    let subject = format!("taxonomy:{}", new.id);
    let told = event(actor, new.recorded_at, EventKind::TaxonomyPublished, subject, None, payload);
    Ok(events::append(conn, told)?)
}

/// Lets those add to something on record who began it, and administrators.
pub(crate) fn owned(exists: bool, owner: Option<UserId>, actor: &Actor) -> Outcome<()> {
    let own = owner.is_some() && owner == actor.user();
    if !exists || own || actor.runs_the_site() || *actor == Actor::System {
        return Ok(());
    }
    Err(Failure::new(Code::Forbidden, "somebody else put this on record; what follows is theirs to add"))
}

/// A page of all versions of all lists, newest record first.
pub async fn list_taxonomies(app: &App, before: Option<TaxonomyId>, limit: u32) -> Outcome<Vec<Taxonomy>> {
    app.db.read(move |conn| Ok(taxonomies::page(conn, before, i64::from(limit))?)).await
}

/// A version of a list with its terms, by id or as `name@version`.
pub async fn read_taxonomy(app: &App, key: &str) -> Outcome<TaxonomyDetail> {
    let key = key.to_owned();
    app.db
        .read(move |conn| {
            let taxonomy = look_up(conn, &key)?.ok_or_else(Failure::not_found)?;
            Ok(TaxonomyDetail { terms: taxonomies::terms(conn, taxonomy.id)?, taxonomy })
        })
        .await
}

/// How messages and addresses name a version of a list.
pub(super) fn full_name(name: &Slug, version: &VersionName) -> String {
    format!("{name}@{version}")
}

fn look_up(conn: &mut Conn<'_>, key: &str) -> Outcome<Option<Taxonomy>> {
    if let Ok(id) = key.parse::<TaxonomyId>() {
        return Ok(taxonomies::find(conn, id)?);
    }
    let Some((name, version)) = key.split_once('@') else { return Ok(None) };
    let Ok(name) = Slug::parse(name) else { return Ok(None) };
    let versions = taxonomies::versions(conn, &name)?;
    Ok(versions.into_iter().find(|found| found.version.as_str() == version))
}

/// The version of a list that a field names; where there is none, what was probably meant.
pub(crate) fn find_taxonomy(conn: &mut Conn<'_>, field: &str, key: &str) -> Outcome<Taxonomy> {
    const MOST: i64 = 2_000;
    if let Some(found) = look_up(conn, key)? {
        return Ok(found);
    }
    let known: Vec<String> = taxonomies::page(conn, None, MOST)?
        .iter()
        .map(|taxonomy| full_name(&taxonomy.name, &taxonomy.version))
        .collect();
    let near = nearest(key, known.iter().map(String::as_str));
    Err(Invalid::new(field, rule("a taxonomy on record, as name@version", &near)).into())
}

/// What something must be, with what is near to what was given.
pub(crate) fn rule(expected: &str, near: &[&str]) -> String {
    if near.is_empty() {
        return format!("must be {expected}");
    }
    format!("must be {expected}; did you mean {}?", near.join(" or "))
}

/// A version of a list as `research` computes with it.
pub(super) fn as_list(conn: &mut Conn<'_>, taxonomy: &Taxonomy) -> Outcome<lists::Taxonomy> {
    let terms = taxonomies::terms(conn, taxonomy.id)?;
    let records = terms.into_iter().map(|term| {
        let origin = term.told_origin().map(str::to_owned);
        (term.code, term.title, term.parent, origin)
    });
    Ok(lists::Taxonomy::of_records(&full_name(&taxonomy.name, &taxonomy.version), records))
}
