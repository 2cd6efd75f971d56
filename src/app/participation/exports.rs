//! A researcher is handed an export: made on the spot, under pseudonyms of its own, and not kept.
//!
//! Rows are about people who consent to it now, however old the snapshot is. Each of them finds the export on their own page.

use std::collections::{BTreeMap, BTreeSet};

use domain::event::EventKind;
use domain::{Actor, ChallengeId, Digest, ExportId, Invalid, ResearchRequestId, Scope, SnapshotId, UserId};
use research::disclosure::pseudonym::ExportKey;
use research::graphs::{Graph, Projection};
pub use research::measures::Parameters;
use research::measures::teams::Constellations;
use research::snapshot::{Dimension, Lists, Snapshot};
use serde_json::json;
use storage::participation::{consents, exports, people, requests};
use storage::{Conn, events};

use super::measures::{compute_once, wanted_definitions};
use super::requests::PURPOSE;
use super::snapshot::{POLICY, PersonKeys, load, person_keys, scope_of, see_snapshot, who};
use crate::App;
use crate::authority::person;
use crate::context::event;
use crate::failure::{Code, Failure, Outcome};

/// What an export holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportKind {
    /// Measures as JSON, those for researchers too.
    Measures,
    /// A row per stay of a person in a team, as CSV.
    People,
    /// People and teams as GraphML.
    GraphMl,
    /// People and teams as GEXF.
    Gexf,
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct MakeExport {
    /// The request that was approved.
    pub request: ResearchRequestId,
    /// The snapshot, of the same challenge.
    pub snapshot: SnapshotId,
    /// What it holds.
    pub kind: ExportKind,
    /// Which measures; all where none are named.
    pub measures: Vec<String>,
    /// What the measures may choose.
    pub parameters: Parameters,
}

/// A file, on its way to whoever asked.
#[derive(Debug)]
pub struct MadeExport {
    /// What is kept of it.
    pub export: exports::Export,
    /// The file.
    pub bytes: Vec<u8>,
    /// What it is.
    pub kind: ExportKind,
}

impl ExportKind {
    /// The stored and public name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Measures => "measures",
            Self::People => "people",
            Self::GraphMl => "graphml",
            Self::Gexf => "gexf",
        }
    }

    /// Reads the name.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let all = [Self::Measures, Self::People, Self::GraphMl, Self::Gexf];
        let found = all.into_iter().find(|kind| kind.as_str() == text);
        found.ok_or_else(|| Invalid::new("kind", "must be measures, people, graphml or gexf"))
    }

    /// The media type of the file, and the end of its name.
    pub fn media_type(self) -> (&'static str, &'static str) {
        match self {
            Self::Measures => ("application/json", "json"),
            Self::People => ("text/csv; charset=utf-8", "csv"),
            Self::GraphMl => ("application/xml", "graphml"),
            Self::Gexf => ("application/xml", "gexf"),
        }
    }
}

/// Makes an export; for whoever asked, once the request is approved and while the ethics approval lasts.
pub async fn make_export(app: &App, actor: &Actor, input: MakeExport) -> Outcome<MadeExport> {
    let user = person(actor, Scope::Read)?.user;
    let (now, id, key) =
        (app.now(), app.sources.new_id::<ExportId>(), ExportKey::from_bytes(app.sources.random()));
    let (asker, wanted) = (actor.clone(), input.clone());
    let export_key = key.clone();
    let (snapshot, rows) = app
        .db
        .read(move |conn| {
            allowed(conn, user, wanted.request, now.utc_date())?;
            let (_, snapshot) = see_snapshot(conn, &asker, wanted.snapshot)?;
            let request = requests::find(conn, wanted.request)?.ok_or_else(Failure::not_found)?;
            if request.challenge_id != snapshot.challenge {
                return Err(Invalid::new("snapshot", "must be of the challenge of the request").into());
            }
            let rows = match wanted.kind {
                ExportKind::Measures => None,
                _ => Some((load(conn, &snapshot)?, consenting(conn, &snapshot, &export_key)?)),
            };
            Ok::<_, Failure>((snapshot, rows))
        })
        .await?;
    let (bytes, about) = match rows {
        None => {
            let found =
                compute_once(app, &snapshot, &wanted_definitions(&input.measures)?, &input.parameters)
                    .await?;
            let values: Vec<_> = found.values.into_iter().map(|(_, value)| value).collect();
            let file = json!({
                "snapshot": {"id": snapshot.id, "digest": snapshot.digest, "as_of": snapshot.as_of},
                "parameters": input.parameters,
                "measures": values,
            });
            (serde_json::to_vec_pretty(&file).map_err(Failure::internal)?, Vec::new())
        }
        Some((loaded, consenting)) => {
            let kind = input.kind;
            tokio::task::spawn_blocking(move || rows_about(&loaded, consenting, &key, kind))
                .await
                .map_err(Failure::internal)??
        }
    };
    let export = exports::Export {
        id,
        request: input.request,
        snapshot: snapshot.id,
        kind: input.kind.as_str().to_owned(),
        digest: Digest::of(&bytes),
        people: i32::try_from(about.len()).unwrap_or(i32::MAX),
        made_at: now,
    };
    let (actor, kept, challenge) = (actor.clone(), export.clone(), snapshot.challenge);
    app.db
        .write(move |conn| {
            allowed(conn, user, kept.request, now.utc_date())?;
            let users: Vec<UserId> = about.iter().map(|(user, _)| *user).collect();
            if consents::who_consents(conn, &users, PURPOSE)?.len() != users.len() {
                return Err(Failure::new(Code::StateConflict, "somebody has just withdrawn: ask again"));
            }
            exports::insert(conn, &kept, &about)?;
            let payload = [
                ("request", json!(kept.request)),
                ("snapshot", json!(kept.snapshot)),
                ("kind", json!(kept.kind)),
                ("digest", json!(kept.digest)),
                ("people", json!(kept.people)),
            ];
            let told =
                event(&actor, now, EventKind::ExportMade, format!("export:{id}"), Some(challenge), payload);
            Ok::<_, Failure>(events::append(conn, told)?)
        })
        .await?;
    Ok(MadeExport { export, bytes, kind: input.kind })
}

/// Refuses whoever has no approval that lasts.
fn allowed(
    conn: &mut Conn<'_>,
    user: UserId,
    id: ResearchRequestId,
    today: jiff::civil::Date,
) -> Outcome<()> {
    let request = requests::find(conn, id)?.filter(|request| request.requested_by == user);
    let request = request.ok_or_else(Failure::not_found)?;
    let refused = |detail: &str| Err(Failure::new(Code::ExportNotApproved, detail));
    match request.decision.as_deref() {
        None => refused("the organizers have not decided about the request yet"),
        Some("approved") if request.approval_until < today.to_string() => {
            refused("the approval of the ethics board is over")
        }
        Some("approved") => Ok(()),
        Some(_) => refused("the request was refused"),
    }
}

/// Those who consent now, by their pseudonym in the snapshot: who they are, and their pseudonym in the export.
type Consenting = BTreeMap<String, (UserId, String)>;

fn consenting(
    conn: &mut Conn<'_>,
    snapshot: &storage::participation::snapshots::Snapshot,
    key: &ExportKey,
) -> Outcome<Consenting> {
    let challenges: Vec<ChallengeId> = scope_of(conn, snapshot)?;
    let everybody = who(conn, &challenges, snapshot.as_of)?;
    let users = consents::who_consents(conn, &everybody, PURPOSE)?;
    let people = people::of_accounts(conn, &users)?;
    let (there, here) = (person_keys(&snapshot.secret, &people), PersonKeys::new(key, &people));
    let pair = |user: &UserId| Some((there.of(*user)?.to_owned(), (*user, here.of(*user)?.to_owned())));
    Ok(users.iter().filter_map(pair).collect())
}

/// Whom a file has rows about, and under which pseudonyms.
type About = Vec<(UserId, String)>;

/// A file of rows, and whom it is about.
fn rows_about(
    snapshot: &Snapshot,
    consenting: Consenting,
    key: &ExportKey,
    kind: ExportKind,
) -> Outcome<(Vec<u8>, About)> {
    let mut about: BTreeMap<UserId, String> = BTreeMap::new();
    let mut teams: Vec<(String, BTreeSet<String>)> = Vec::new();
    let mut table = csv::Writer::from_writer(Vec::new());
    let heads = ["person", "edition", "team", "joined", "left", "country", "sector", "career_stage"];
    table.write_record(heads).map_err(Failure::internal)?;
    let lists = Lists::default();
    for edition in &snapshot.editions {
        let day = snapshot.class_day(edition);
        for entry in snapshot.entries(edition) {
            let team = key.pseudonym(&entry.team.id);
            let mut members = BTreeSet::new();
            for stay in &entry.team.memberships {
                let Some((user, pseudonym)) = consenting.get(&stay.person) else { continue };
                if !entry.people.contains(stay.person.as_str()) {
                    continue;
                }
                let class = |dimension| {
                    snapshot.main_class(&stay.person, day, dimension, &lists).unwrap_or("unknown")
                };
                // The month is enough to see who was there when, and too little to find somebody by a day.
                let month = |moment: domain::Timestamp| moment.utc_date().strftime("%Y-%m").to_string();
                let row = [
                    pseudonym.as_str(),
                    &edition.id,
                    &team,
                    &month(stay.joined_at),
                    &stay.left_at.map(month).unwrap_or_default(),
                    class(Dimension::Country),
                    class(Dimension::Sector),
                    class(Dimension::CareerStage),
                ];
                table.write_record(row).map_err(Failure::internal)?;
                about.insert(*user, pseudonym.clone());
                members.insert(pseudonym.clone());
            }
            teams.push((team, members));
        }
    }
    let least = POLICY.k as usize;
    if about.len() < least {
        let detail = format!("fewer than {least} people of the snapshot consent: their rows would name them");
        return Err(Failure::new(Code::TooFewPeople, detail));
    }
    let graph = || {
        let named = teams.iter().filter(|(_, members)| !members.is_empty());
        let named =
            named.map(|(team, members)| (team.as_str(), members.iter().map(String::as_str).collect()));
        Graph::new(&Constellations::new(named), Projection::PeopleAndTeams)
    };
    let bytes = match kind {
        ExportKind::GraphMl => graph().graphml().map_err(Failure::internal)?,
        ExportKind::Gexf => graph().gexf().map_err(Failure::internal)?,
        ExportKind::People | ExportKind::Measures => table.into_inner().map_err(Failure::internal)?,
    };
    Ok((bytes, about.into_iter().collect()))
}
