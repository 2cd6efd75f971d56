//! A scored submission is compared with those of other teams, and with its own team's; what is seen becomes flags.
//!
//! A submission is compared with what stands for every other team at that time, and by the digest of its predictions with
//! everything that was ever scored in the phase. The worker does the reading and counting; here is what it needs and what is kept.

use std::collections::HashSet;

use domain::event::EventKind;
use domain::integrity::FlagKind;
use domain::{Actor, Digest, EvaluationId, FlagId, SubmissionId, TeamId, Timestamp};
use ranking::integrity::Fingerprint;
use ranking::integrity::probing::FLAGGED_SUBMISSIONS;
use serde_json::json;
use storage::evaluations::{self, Evaluation};
use storage::integrity::{self, Examination, Examinee, NewFlag};
use storage::phases::{self, Annotations, Phase, Split};
use storage::submissions::{self, Submission};
use storage::{Conn, events};

use super::evidence::{FlagEvidence, SamePredictions};
use crate::App;
use crate::context::event;
use crate::failure::{Failure, Outcome};
use crate::leaderboards::standings::{deciding_split, order_of};

/// How many of a team's newest submissions patterns are looked for in.
pub const MOST_OF_A_TEAM: i64 = 64;

/// The fewest items in which patterns of probing mean anything: less than one per cent of them is less than one item below.
pub const FEWEST_ITEMS_FOR_PROBING: usize = 100;

/// The most items of which something is kept; larger tasks are compared by the digest of all predictions alone.
pub const MOST_ITEMS: usize = 500_000;

/// How many flags one submission can raise: one that is like those of more teams is flagged with the first of them.
const MOST_FLAGS: usize = 32;

/// A scored submission that is to be compared with others.
#[derive(Debug, Clone)]
pub struct Examining {
    /// The evaluation that counts.
    pub evaluation: Evaluation,
    /// The submission.
    pub submission: Submission,
    /// Its phase.
    pub phase: Phase,
    /// The annotations that the evaluation was made on.
    pub annotations: Annotations,
    /// The splits of the phase.
    pub splits: Vec<Split>,
    /// The metric that ranks, and whether more of it is better.
    pub metric: Option<(String, bool)>,
}

/// What a submission is compared with.
#[derive(Debug, Clone, Default)]
pub struct Neighbours {
    /// What stands for other teams.
    pub standing: Vec<Examinee>,
    /// The newest of its own team, newest first.
    pub own: Vec<Examinee>,
}

/// What was found out about a submission.
#[derive(Debug, Clone)]
pub struct Examined {
    /// The digest of its predictions.
    pub predictions: Digest,
    /// What is kept of every item.
    pub fingerprint: Option<Vec<u8>>,
    /// The evaluations of other teams that it was compared with.
    pub compared: Vec<EvaluationId>,
    /// What seems wrong.
    pub suspicions: Vec<Suspicion>,
}

/// Something that an organizer should look at, unless that has been said already.
#[derive(Debug, Clone)]
pub struct Suspicion {
    /// What it is.
    pub kind: FlagKind,
    /// The other team, for what is between two.
    pub other_team: Option<TeamId>,
    /// How sure it is.
    pub evidence: FlagEvidence,
    /// The submissions.
    pub submissions: Vec<SubmissionId>,
}

/// The oldest scored submission that was not compared yet, but for those of these evaluations.
///
/// An evaluation that counts no more is forgotten; the one in its place waits as well.
pub async fn next_examination(app: &App, but_not: &HashSet<EvaluationId>) -> Outcome<Option<Examining>> {
    loop {
        let skipped = but_not.clone();
        let found = app.db.read(move |conn| due(conn, &skipped)).await?;
        match found {
            None => return Ok(None),
            Some(Due::Examine(examining)) => return Ok(Some(*examining)),
            Some(Due::Superseded(evaluation)) => {
                app.db.write(move |conn| Ok::<_, Failure>(integrity::forget(conn, evaluation)?)).await?;
            }
        }
    }
}

enum Due {
    Examine(Box<Examining>),
    Superseded(EvaluationId),
}

fn due(conn: &mut Conn<'_>, but_not: &HashSet<EvaluationId>) -> Outcome<Option<Due>> {
    let limit = i64::try_from(but_not.len()).unwrap_or(i64::MAX - 1) + 1;
    let waiting = integrity::due(conn, limit)?;
    let Some(next) = waiting.into_iter().find(|one| !but_not.contains(&one.evaluation)) else {
        return Ok(None);
    };
    let submission = submissions::find(conn, next.submission)?.ok_or_else(Failure::not_found)?;
    if submission.evaluation_id != Some(next.evaluation) {
        return Ok(Some(Due::Superseded(next.evaluation)));
    }
    let evaluation = evaluations::find(conn, next.evaluation)?.ok_or_else(Failure::not_found)?;
    let phase = phases::find(conn, submission.phase_id)?.ok_or_else(Failure::not_found)?;
    let annotations = phases::annotations(conn, evaluation.annotations_id)?.ok_or_else(Failure::not_found)?;
    let splits = phases::splits_of(conn, phase.id)?;
    let (order, _) = order_of(conn, &phase)?;
    let metric = order.keys().first().map(|key| (key.metric.clone(), key.higher_is_better));
    Ok(Some(Due::Examine(Box::new(Examining { evaluation, submission, phase, annotations, splits, metric }))))
}

/// What a submission is to be compared with; a baseline is compared with nothing, since everybody may send it.
pub async fn neighbours(app: &App, examining: &Examining) -> Outcome<Neighbours> {
    if examining.submission.is_baseline {
        return Ok(Neighbours::default());
    }
    let (phase, team) = (examining.phase.id, examining.submission.team_id);
    let annotations = examining.annotations.id;
    let split = deciding_split(&examining.splits).map(|split| split.id);
    app.db
        .read(move |conn| {
            let standing = match split {
                Some(split) => integrity::standing(conn, split, annotations, team)?,
                None => Vec::new(),
            };
            let own = integrity::of_team(conn, phase, team, annotations, MOST_OF_A_TEAM - 1)?;
            Ok(Neighbours { standing, own })
        })
        .await
}

/// What is kept of every item of a submission that was compared before.
pub async fn fingerprint(app: &App, of: Examinee) -> Outcome<Option<Fingerprint>> {
    let kept =
        app.db.read(move |conn| Ok::<_, Failure>(integrity::fingerprint(conn, of.evaluation_id)?)).await?;
    kept.map(|bytes| Fingerprint::from_bytes(&bytes).map_err(Failure::internal)).transpose()
}

/// Keeps what was found out and raises flags; `false` when more has come to be compared with meanwhile, and nothing was kept.
pub async fn record_examination(app: &App, examining: &Examining, examined: Examined) -> Outcome<bool> {
    let now = app.now();
    let ids: Vec<FlagId> = (0..MOST_FLAGS).map(|_| app.sources.new_id()).collect();
    let examining = examining.clone();
    app.db.write(move |conn| record(conn, &examining, &examined, &ids, now)).await
}

fn record(
    conn: &mut Conn<'_>,
    examining: &Examining,
    examined: &Examined,
    ids: &[FlagId],
    now: Timestamp,
) -> Outcome<bool> {
    let Examining { evaluation, submission, phase, annotations, splits, .. } = examining;
    integrity::lock_phase(conn, phase.id)?;
    if !submission.is_baseline
        && let Some(split) = deciding_split(splits)
    {
        let standing = integrity::standing(conn, split.id, annotations.id, submission.team_id)?;
        if standing.iter().any(|one| !examined.compared.contains(&one.evaluation_id)) {
            return Ok(false);
        }
    }
    let kept = Examination {
        evaluation_id: evaluation.id,
        submission_id: submission.id,
        phase_id: phase.id,
        team_id: submission.team_id,
        annotations_id: annotations.id,
        predictions: examined.predictions,
        fingerprint: examined.fingerprint.clone(),
        examined_at: now,
    };
    if !integrity::examined(conn, &kept)? || submission.is_baseline {
        return Ok(true);
    }
    let flags = new_flags(conn, examining, examined, ids)?;
    for flag in &flags {
        integrity::raise(conn, flag, now)?;
    }
    for flag in &flags {
        let payload = [
            ("kind", json!(flag.kind)),
            ("teams", json!([Some(flag.teams.0), flag.teams.1].into_iter().flatten().collect::<Vec<_>>())),
            ("submissions", json!(flag.submissions)),
        ];
        let subject = format!("flag:{}", flag.id);
        let challenge = Some(phase.challenge_id);
        events::append(conn, event(&Actor::System, now, EventKind::FlagRaised, subject, challenge, payload))?;
    }
    Ok(true)
}

/// The flags that are not waiting already.
fn new_flags(
    conn: &mut Conn<'_>,
    examining: &Examining,
    examined: &Examined,
    ids: &[FlagId],
) -> Outcome<Vec<NewFlag>> {
    let Examining { submission, phase, .. } = examining;
    let team = submission.team_id;
    let same = integrity::same_predictions(conn, phase.id, examined.predictions, team)?;
    let copies = same.iter().map(|copy| Suspicion {
        kind: FlagKind::ExactDuplicate,
        other_team: Some(copy.team),
        evidence: FlagEvidence::SamePredictions(SamePredictions {
            predictions: examined.predictions,
            same_file: copy.artifact.is_some() && copy.artifact == submission.artifact,
        }),
        submissions: vec![copy.submission, submission.id],
    });
    // Of two that are the same it need not be said that they are alike.
    let is_new = |suspicion: &&Suspicion| {
        suspicion.kind != FlagKind::NearDuplicate
            || same.iter().all(|copy| Some(copy.team) != suspicion.other_team)
    };
    let mut flags: Vec<NewFlag> = Vec::new();
    for suspicion in copies.chain(examined.suspicions.iter().filter(is_new).cloned()) {
        let Some(id) = ids.get(flags.len()) else { break };
        if suspicion.other_team.is_none() && !says_more(conn, examining, &suspicion)? {
            continue;
        }
        let flag = NewFlag {
            id: *id,
            phase: phase.id,
            kind: suspicion.kind,
            teams: (team, suspicion.other_team),
            evidence: serde_json::to_value(&suspicion.evidence).map_err(Failure::internal)?,
            submissions: suspicion.submissions,
        };
        if !integrity::is_waiting(conn, &flag)? {
            flags.push(flag);
        }
    }
    Ok(flags)
}

/// Whether a pattern holds enough submissions that no flag of the kind was about: a pattern is told of once, and again only when it
/// has gone on.
fn says_more(conn: &mut Conn<'_>, examining: &Examining, suspicion: &Suspicion) -> Outcome<bool> {
    let team = examining.submission.team_id;
    let known = integrity::already_flagged(conn, examining.phase.id, team, suspicion.kind)?;
    let new = suspicion.submissions.iter().filter(|submission| !known.contains(submission)).count();
    Ok(new >= FLAGGED_SUBMISSIONS)
}
