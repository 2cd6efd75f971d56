//! Organizers change a phase.

use domain::challenge::ChallengeState;
use domain::entry::statement;
use domain::event::{EventKind, NewEvent};
use domain::framing::FramingDraft;
use domain::phase::{AttributeSpec, EvaluationLimits, EvaluationMode, FinalChoice, PhaseDraft, WindowState};
use domain::quota::{CONCURRENT, Quota};
use domain::ranking_rule::RankingRule;
use domain::split::SplitSpec;
use domain::{Actor, AnnotationsId, Invalid, PhaseId, Scope, SplitId, Timestamp, Title, UserId};
use serde_json::{Map, Value, json};
use storage::phases::{self, Annotations, AnnotationsTable, Split};
use storage::{Conn, events, framings, jobs, quota, uncertainty};

use super::prepare::{Plan, prepare_tables};
use super::upload::{add_version, describe};
use super::{draft_of, rules};
use crate::App;
use crate::authority::{ManagedPhase, person, see_phase};
use crate::context::event;
use crate::failure::{Code, Failure, FieldError, Outcome};
use crate::framing::record::{self, Recording};
use crate::leaderboards::standings::refresh_team;

/// What is to change; what is absent stays. A phase keeps its codename.
#[derive(Debug, Clone, Default)]
pub struct PhaseChange {
    /// Its heading.
    pub title: Option<Title>,
    /// What it is for.
    pub description: Option<String>,
    /// The id of the evaluator.
    pub evaluator: Option<String>,
    /// The evaluator's parameters, all of them.
    pub params: Option<Map<String, Value>>,
    /// Which rules the evaluator follows.
    pub mode: Option<EvaluationMode>,
    /// When submissions are first taken.
    pub opens_at: Option<Timestamp>,
    /// When they are no longer taken, or never.
    pub closes_at: Option<Option<Timestamp>>,
    /// How much a team may submit, all of it.
    pub quota: Option<Quota>,
    /// How large, how long, how much memory, all of it.
    pub limits: Option<EvaluationLimits>,
    /// How entries are ranked, all of it.
    pub ranking: Option<RankingRule>,
    /// Which submission of a team counts.
    pub final_choice: Option<FinalChoice>,
    /// What teams say about their method, all of it.
    pub attributes: Option<Vec<AttributeSpec>>,
    /// The splits, all of them.
    pub splits: Option<Vec<SplitSpec>>,
    /// Whether participants see the leaderboard.
    pub leaderboard_public: Option<bool>,
    /// How it frames what it counts, all of it: a new version with a decision.
    pub framing: Option<Box<FramingDraft>>,
    /// Why, for everybody to read: dates on which people rely move for a reason only.
    pub reason: Option<String>,
}

impl PhaseChange {
    fn apply(self, present: &PhaseDraft) -> PhaseDraft {
        let present = present.clone();
        PhaseDraft {
            codename: present.codename,
            title: self.title.unwrap_or(present.title),
            description: self.description.unwrap_or(present.description),
            evaluator: self.evaluator.unwrap_or(present.evaluator),
            params: self.params.unwrap_or(present.params),
            mode: self.mode.unwrap_or(present.mode),
            opens_at: self.opens_at.unwrap_or(present.opens_at),
            closes_at: self.closes_at.unwrap_or(present.closes_at),
            quota: self.quota.unwrap_or(present.quota),
            limits: self.limits.unwrap_or(present.limits),
            ranking: self.ranking.unwrap_or(present.ranking),
            final_choice: self.final_choice.unwrap_or(present.final_choice),
            attributes: self.attributes.unwrap_or(present.attributes),
            splits: self.splits.unwrap_or(present.splits),
            leaderboard_public: self.leaderboard_public.unwrap_or(present.leaderboard_public),
            framing: self.framing.or(present.framing),
        }
    }
}

/// A phase before a change, read in one go.
struct Before {
    managed: ManagedPhase,
    splits: Vec<Split>,
    annotations: Option<Annotations>,
    framing: Option<Box<FramingDraft>>,
}

impl Before {
    /// Whether people may rely on what it says.
    fn is_published(&self) -> bool {
        self.managed.challenge.state != ChallengeState::Draft
    }

    /// Dates that people rely on move for a stated reason, and never into the past: what was in time would be late.
    fn check_dates(
        &self,
        present: &PhaseDraft,
        wanted: &PhaseDraft,
        reason: Option<&str>,
        now: Timestamp,
    ) -> Outcome<()> {
        let (opening, ending) = (present.opens_at != wanted.opens_at, present.closes_at != wanted.closes_at);
        if !self.is_published() || !(opening || ending) {
            return Ok(());
        }
        let earliest = now.plus_seconds(-CLOCKS_DIFFER_SECONDS);
        if ending && wanted.closes_at.is_some_and(|closes_at| closes_at < earliest) {
            let rule = "must not lie in the past; `POST …/close` ends the phase now";
            return Err(Invalid::new("closes_at", rule).into());
        }
        if opening && wanted.opens_at < earliest {
            let rule = "must not lie in the past: the challenge is published";
            return Err(Invalid::new("opens_at", rule).into());
        }
        let has_opened = present.opens_at <= now;
        let opens_later = wanted.opens_at > present.opens_at;
        if reason.is_none() && (has_opened || opens_later) {
            let rule = "must say why, for everybody to read: people rely on the dates";
            return Err(Invalid::new("reason", rule).into());
        }
        Ok(())
    }
}

/// "Now" by the clock of whoever moves a date may be so long ago by the server's.
const CLOCKS_DIFFER_SECONDS: i64 = 60;

/// Ends a phase now, for a reason that everybody reads. One that is closed stays as it is.
pub async fn close_phase(
    app: &App,
    actor: &Actor,
    challenge: &str,
    phase: &str,
    reason: String,
) -> Outcome<()> {
    let (asking, key) = (actor.clone(), (challenge.to_owned(), phase.to_owned()));
    let managed = app.db.read(move |conn| see_phase(conn, &asking, &key.0, &key.1)?.manage(&asking)).await?;
    let now = app.now();
    match managed.phase.window_at(now) {
        WindowState::Upcoming => Err(Failure::new(Code::StateConflict, "the phase has not opened yet")),
        WindowState::Closed => Ok(()),
        WindowState::Open => {
            let change =
                PhaseChange { closes_at: Some(Some(now)), reason: Some(reason), ..Default::default() };
            update_phase(app, actor, challenge, phase, change).await
        }
    }
}

/// Changes a phase; where nothing differs, nothing happens.
///
/// Annotations in force must be good under the changed phase as well.
/// Where the evaluator, its parameters or its mode change, they become a new version:
/// scores of another measurement are then told apart, and a rescore makes the new ones.
pub async fn update_phase(
    app: &App,
    actor: &Actor,
    challenge: &str,
    phase: &str,
    change: PhaseChange,
) -> Outcome<()> {
    update_phase_on(app, actor, challenge, phase, change, None).await
}

/// The same together with new annotations, whose tables are in the store already: both are in force at once.
pub(crate) async fn update_phase_on(
    app: &App,
    actor: &Actor,
    challenge: &str,
    phase: &str,
    change: PhaseChange,
    tables: Option<Vec<AnnotationsTable>>,
) -> Outcome<()> {
    let (asking, challenge, key) = (actor.clone(), challenge.to_owned(), phase.to_owned());
    let before = app.db.read(move |conn| read_before(conn, &asking, &challenge, &key)).await?;
    let present = draft_of(&before.managed.phase, &before.splits, before.framing.clone());
    let reason = change.reason.as_deref().map(|reason| statement("reason", reason)).transpose()?;
    let wanted = change.apply(&present).check()?;
    let in_force = before.annotations.as_ref().map(|found| &found.tables.0);
    let tables = tables.filter(|tables| in_force != Some(tables));
    if wanted == present && tables.is_none() {
        return Ok(());
    }
    rules::check(&app.evaluators, &wanted)?;
    let now = app.now();
    before.check_dates(&present, &wanted, reason.as_deref(), now)?;
    if let Some(framing) = &wanted.framing {
        record::check(framing, now)?;
    }
    let (challenge, phase) = (before.managed.challenge.id, before.managed.phase.id);
    let next_version = match tables {
        Some(tables) => {
            let uploader = person(actor, Scope::Organize)?.user;
            Some(judge_new(app, &before, &wanted, tables, uploader, now).await?)
        }
        None => judge(app, &before, &wanted, now).await?,
    };
    let change = Change {
        recording: Recording::new(app, challenge, phase, actor, now),
        actor: actor.clone(),
        before,
        split_ids: wanted.splits.iter().map(|_| app.sources.new_id()).collect(),
        present,
        wanted,
        next_version,
        reason,
        now,
    };
    app.db.write(move |conn| change.apply(conn)).await
}

fn read_before(conn: &mut Conn<'_>, actor: &Actor, challenge: &str, phase: &str) -> Outcome<Before> {
    let managed = see_phase(conn, actor, challenge, phase)?.manage(actor)?;
    let splits = phases::splits_of(conn, managed.phase.id)?;
    let annotations = phases::annotations_in_force(conn, managed.phase.id)?;
    let framing = framings::in_force(conn, managed.phase.id)?;
    let framing = framing.map(|framing| framings::complete(conn, framing)).transpose()?;
    Ok(Before { managed, splits, annotations, framing: framing.map(|full| Box::new(full.draft)) })
}

/// Tries the annotations in force under the changed phase; gives the version that they become, if they become one.
async fn judge(
    app: &App,
    before: &Before,
    wanted: &PhaseDraft,
    now: Timestamp,
) -> Outcome<Option<Annotations>> {
    let phase = &before.managed.phase;
    let Some(in_force) = &before.annotations else { return Ok(None) };
    let present = Plan::of(phase, &before.splits);
    let plan = Plan::of_draft(wanted, &phase.split_salt);
    let mut metrics = in_force.metrics.0.clone();
    let mut next_version = None;
    if plan != present {
        let prepared = prepare_tables(app, plan.clone(), &in_force.tables.0).await?;
        metrics = rules::metric_specs(prepared.prepared.metrics());
        if !plan.measures_the_same(&present) {
            let id: AnnotationsId = app.sources.new_id();
            let tables = in_force.tables.0.clone();
            let note = format!("version {} under changed settings of the phase", in_force.version);
            let described = describe(&prepared, id, phase.id, tables, in_force.uploaded_by, now);
            next_version = Some(Annotations { note, ..described });
        }
    }
    let unknown = rules::unknown_metrics(&wanted.ranking, &metrics);
    if unknown.is_empty() { Ok(next_version) } else { Err(Failure::invalid_fields(unknown)) }
}

/// Tries new tables under the changed phase; gives the version that they become.
async fn judge_new(
    app: &App,
    before: &Before,
    wanted: &PhaseDraft,
    tables: Vec<AnnotationsTable>,
    uploader: UserId,
    now: Timestamp,
) -> Outcome<Annotations> {
    let phase = &before.managed.phase;
    let prepared = prepare_tables(app, Plan::of_draft(wanted, &phase.split_salt), &tables).await?;
    let metrics = rules::metric_specs(prepared.prepared.metrics());
    let unknown = rules::unknown_metrics(&wanted.ranking, &metrics);
    if !unknown.is_empty() {
        return Err(Failure::invalid_fields(unknown));
    }
    Ok(describe(&prepared, app.sources.new_id(), phase.id, tables, uploader, now))
}

/// A change that was judged good, on its way into the database.
struct Change {
    recording: Recording,
    actor: Actor,
    before: Before,
    present: PhaseDraft,
    wanted: PhaseDraft,
    next_version: Option<Annotations>,
    split_ids: Vec<SplitId>,
    reason: Option<String>,
    now: Timestamp,
}

impl Change {
    fn apply(&self, conn: &mut Conn<'_>) -> Outcome<()> {
        let id = self.before.managed.phase.id;
        self.hold_still(conn, id)?;
        self.keep_what_is_used(conn, id)?;
        self.change_splits(conn, id)?;
        phases::update(conn, id, &self.wanted, self.now)?;
        let version = match &self.next_version {
            Some(next) => Some(add_version(conn, next)?),
            None => None,
        };
        self.hand_over(conn, id)?;
        self.refresh_boards(conn, id)?;
        let fields = differences(&self.present, &self.wanted);
        let payload = [
            ("fields", json!(fields)),
            ("opens_at", json!(self.wanted.opens_at)),
            ("closes_at", json!(self.wanted.closes_at)),
            ("annotations_version", json!(version)),
            ("reason", json!(self.reason)),
        ];
        let challenge = Some(self.before.managed.challenge.id);
        let told =
            event(&self.actor, self.now, EventKind::PhaseUpdated, format!("phase:{id}"), challenge, payload);
        let framed = self.frame(conn)?;
        std::iter::once(told).chain(framed).try_for_each(|told| Ok(events::append(conn, told)?))
    }

    /// Records a new framing where one is said, or where what it was decided about is measured otherwise.
    fn frame(&self, conn: &mut Conn<'_>) -> Outcome<Vec<NewEvent>> {
        let (present, wanted) = (&self.present, &self.wanted);
        let is_measured_alike = present.evaluator == wanted.evaluator
            && present.params == wanted.params
            && present.mode == wanted.mode
            && present.ranking.primary == wanted.ranking.primary;
        let Some(framing) = &wanted.framing else { return Ok(Vec::new()) };
        let kind = match &present.framing {
            None => "task_create",
            Some(_) if !is_measured_alike => "metric_change",
            Some(before) if before != framing => "guideline_change",
            Some(_) => return Ok(Vec::new()),
        };
        let annotations = self.next_version.as_ref().or(self.before.annotations.as_ref());
        let annotations = annotations.map(|found| found.digest);
        Ok(self.recording.write(conn, kind, wanted, framing, annotations)?.to_vec())
    }

    /// Locks the phase, and refuses when it is not any more as it was judged.
    fn hold_still(&self, conn: &mut Conn<'_>, id: PhaseId) -> Outcome<()> {
        phases::lock(conn, id)?;
        let challenge = self.before.managed.challenge.id.to_string();
        let now = read_before(conn, &self.actor, &challenge, &id.to_string())?;
        let version = |annotations: &Option<Annotations>| annotations.as_ref().map(|found| found.id);
        let is_still = draft_of(&now.managed.phase, &now.splits, now.framing) == self.present
            && version(&now.annotations) == version(&self.before.annotations);
        if is_still {
            return Ok(());
        }
        Err(Failure::new(Code::StateConflict, "somebody else changed the phase meanwhile; read it again"))
    }

    /// A quota is not lowered below what some team has used of it: who submitted more would have broken a rule after the
    /// fact. What runs at one time ends by itself, so that limit may go down.
    fn keep_what_is_used(&self, conn: &mut Conn<'_>, id: PhaseId) -> Outcome<()> {
        let before = self.present.quota.windows(self.now);
        for window in self.wanted.quota.windows(self.now) {
            let was = before.iter().find(|present| present.name == window.name);
            if window.name == CONCURRENT || was.is_some_and(|was| was.limit <= window.limit) {
                continue;
            }
            let used = quota::most_used(conn, id, &window.name)?;
            if used > window.limit {
                let detail = format!("must not be below {used}: a team has used so many in {}", window.name);
                return Err(Failure::invalid_fields(vec![FieldError::new(window.field(), detail)]));
            }
        }
        Ok(())
    }

    /// Splits are told apart by codename. Once they count for somebody, their items stay and none goes away.
    fn change_splits(&self, conn: &mut Conn<'_>, phase: PhaseId) -> Outcome<()> {
        let frozen = phases::is_in_use(conn, phase)?;
        let refuse = |codename| {
            let detail = format!("must keep {codename} as it is: submissions are scored on it");
            Failure::invalid_fields(vec![FieldError::new("splits", detail)])
        };
        for split in &self.before.splits {
            if !self.wanted.splits.iter().any(|wanted| wanted.codename == split.codename) {
                if frozen {
                    return Err(refuse(&split.codename));
                }
                phases::remove_split(conn, split.id)?;
            }
        }
        for ((wanted, new_id), position) in self.wanted.splits.iter().zip(&self.split_ids).zip(0..) {
            match self.before.splits.iter().find(|split| split.codename == wanted.codename) {
                Some(split) if frozen && split.rule.0 != wanted.rule => return Err(refuse(&split.codename)),
                Some(split) => phases::replace_split(conn, split.id, wanted, position)?,
                None => phases::insert_split(conn, *new_id, phase, wanted, position)?,
            }
        }
        Ok(())
    }

    /// What waits goes with the phase where others evaluate it from now on.
    fn hand_over(&self, conn: &mut Conn<'_>, id: PhaseId) -> Outcome<()> {
        let changed = phases::find(conn, id)?.ok_or_else(Failure::not_found)?;
        let elsewhere = changed.evaluated_elsewhere();
        if elsewhere != self.before.managed.phase.evaluated_elsewhere() {
            jobs::elsewhere::hand_over(conn, id, elsewhere)?;
        }
        Ok(())
    }

    /// Works the standings out anew where their rule has changed.
    fn refresh_boards(&self, conn: &mut Conn<'_>, id: PhaseId) -> Outcome<()> {
        let (present, wanted) = (&self.present, &self.wanted);
        if present.ranking.resampling != wanted.ranking.resampling {
            uncertainty::forget(conn, id)?;
        }
        let same_standings = present.ranking == wanted.ranking
            && present.final_choice == wanted.final_choice
            && present.splits == wanted.splits
            && self.next_version.is_none();
        if !same_standings {
            let changed = phases::find(conn, id)?.ok_or_else(Failure::not_found)?;
            for team in phases::teams_with_scores(conn, id)? {
                refresh_team(conn, &changed, team)?;
            }
        }
        Ok(phases::touch_boards(conn, id)?)
    }
}

/// The names of the fields that differ.
fn differences(present: &PhaseDraft, wanted: &PhaseDraft) -> Vec<&'static str> {
    let fields = [
        ("title", present.title != wanted.title),
        ("description", present.description != wanted.description),
        ("evaluator", present.evaluator != wanted.evaluator),
        ("params", present.params != wanted.params),
        ("mode", present.mode != wanted.mode),
        ("opens_at", present.opens_at != wanted.opens_at),
        ("closes_at", present.closes_at != wanted.closes_at),
        ("quota", present.quota != wanted.quota),
        ("limits", present.limits != wanted.limits),
        ("ranking", present.ranking != wanted.ranking),
        ("final_choice", present.final_choice != wanted.final_choice),
        ("attributes", present.attributes != wanted.attributes),
        ("splits", present.splits != wanted.splits),
        ("leaderboard_public", present.leaderboard_public != wanted.leaderboard_public),
        ("framing", present.framing != wanted.framing),
    ];
    fields.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
}
