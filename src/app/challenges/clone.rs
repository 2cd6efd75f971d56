//! A challenge becomes a new draft: the next edition, with all that its organizers said about this one.

use std::collections::BTreeSet;

use domain::entry::EntryRules;
use domain::framing::{DecisionDraft, FramingDraft};
use domain::phase::PhaseDraft;
use domain::{Actor, ChallengeId, Scope, Slug, Timestamp, Title, UserId};
use storage::challenges::entry as entry_rules;
use storage::events;
use storage::phases::{self, Annotations};

use super::create::ChallengeRecord;
use super::entry::rules_told;
use super::export::{ChallengeBundle, bundle_of};
use crate::App;
use crate::authority::{see_challenge, verified_person};
use crate::failure::{Code, Failure, Outcome};
use crate::framing::record;
use crate::idempotency::{Created, IdempotencyKey, create_once};
use crate::phases::create::{PhaseRecord, fresh_salt};
use crate::phases::prepare::{Plan, prepare_tables};
use crate::phases::rules;
use crate::phases::upload::{add_version, describe, version_told};

/// What is to be otherwise than in the challenge that is cloned.
#[derive(Debug, Clone)]
pub struct CloneChallenge {
    /// The new part of the address.
    pub slug: Slug,
    /// The new heading; absent for the same.
    pub title: Option<Title>,
    /// Which edition; absent for the same.
    pub edition: Option<String>,
    /// How many days later everything takes place; negative for earlier.
    pub shift_days: i32,
    /// Whether the held-out annotations in force are those of the new challenge too.
    pub annotations: bool,
}

/// A phase of the challenge that is cloned.
struct SourcePhase {
    draft: PhaseDraft,
    split_salt: String,
    annotations: Option<Annotations>,
}

/// Makes a draft of the actor's like a challenge that they may change, in one transaction.
///
/// It has the texts, terms, tags, series, rules of entry, phases, splits and parameters of the other one; nobody who takes part
/// there, no guests, no organizers but the actor, no submissions.
/// What the phases count is proposed as it was framed there, but nobody has decided it for this challenge yet.
/// Annotations are the same files under the same digests, judged anew by the evaluator; phases that keep theirs keep the secret
/// of their hash splits, because under another one items whose scores were shown would be held back, and the other way round.
pub async fn clone_challenge(
    app: &App,
    actor: &Actor,
    source: &str,
    wanted: CloneChallenge,
    idempotency: Option<IdempotencyKey>,
) -> Outcome<Created<ChallengeId>> {
    let owner = verified_person(actor, Scope::Organize)?.user;
    let (asking, key) = (actor.clone(), source.to_owned());
    let (source, bundle, salts, entry) = app
        .db
        .read(move |conn| {
            let managed = see_challenge(conn, &asking, &key)?.manage(&asking)?.0;
            let bundle = bundle_of(conn, &managed)?;
            let mut kept = Vec::new();
            for phase in phases::list(conn, managed.id)? {
                kept.push((phase.split_salt.clone(), phases::annotations_in_force(conn, phase.id)?));
            }
            let entry = entry_rules::rules(conn, &managed)?;
            Ok::<_, Failure>((managed.id, bundle, kept, entry))
        })
        .await?;

    let seconds = i64::from(wanted.shift_days) * 86_400;
    let ChallengeBundle { challenge, phases: entries } = bundle;
    let phases: Vec<SourcePhase> = entries
        .into_iter()
        .zip(salts)
        .map(|(entry, (split_salt, annotations))| {
            let annotations = annotations.filter(|_| wanted.annotations);
            SourcePhase { draft: entry.draft.shifted(seconds), split_salt, annotations }
        })
        .collect();
    let challenge = domain::challenge::ChallengeDraft {
        slug: wanted.slug,
        title: wanted.title.unwrap_or(challenge.title),
        edition: wanted.edition.unwrap_or(challenge.edition),
        ..challenge
    };
    let made = ChallengeRecord::new(app, owner, challenge.check()?);
    let (now, id) = (app.now(), made.id);
    let mut written = Vec::with_capacity(phases.len());
    for phase in phases {
        written.push(clone_phase(app, actor, (id, owner), phase, now).await?);
    }
    let entry = shifted(entry, seconds).check()?;

    let request = idempotency.map(|key| key.request(actor, &format!("clone_challenge:{source}")));
    let actor = actor.clone();
    create_once(app, request, id, now, move |conn| {
        let mut told = made.write(conn, &actor, now, Some(source))?;
        if entry != EntryRules::open() {
            entry_rules::set(conn, id, &entry, now)?;
            told.push(rules_told(&actor, id, &entry, now));
        }
        for ((phase, annotations), position) in written.iter().zip(0..) {
            told.extend(phase.write(conn, position)?);
            if let Some(new) = annotations {
                let version = add_version(conn, new)?;
                told.push(version_told(&actor, id, new, version));
            }
        }
        told.into_iter().try_for_each(|told| Ok(events::append(conn, told)?))
    })
    .await
}

/// The new phase, with its annotations where it keeps them, before either is written.
async fn clone_phase(
    app: &App,
    actor: &Actor,
    (challenge, owner): (ChallengeId, UserId),
    source: SourcePhase,
    now: Timestamp,
) -> Outcome<(PhaseRecord, Option<Annotations>)> {
    let framing = source.draft.framing.map(|framing| Box::new(undecided(*framing)));
    let draft = PhaseDraft { framing, ..source.draft }.check()?;
    // What evaluators accept may have changed since the other phase was made.
    rules::check(&app.evaluators, &draft)?;
    if let Some(framing) = &draft.framing {
        record::check(framing, now)?;
    }
    let salt = if source.annotations.is_some() { source.split_salt } else { fresh_salt(app) };
    let record = PhaseRecord::new(app, actor, challenge, draft.clone(), salt.clone(), now);
    let Some(kept) = source.annotations else { return Ok((record, None)) };
    let tables = kept.tables.0;
    let prepared = prepare_tables(app, Plan::of_draft(&draft, &salt), &tables).await?;
    let unknown = rules::unknown_metrics(&draft.ranking, &rules::metric_specs(prepared.prepared.metrics()));
    if !unknown.is_empty() {
        let detail =
            format!("the phase {} ranks by what its evaluator does not tell any more", draft.codename);
        return Err(Failure::new(Code::AnnotationsInvalid, detail).with_errors(unknown));
    }
    let new = describe(&prepared, app.sources.new_id(), record.id(), tables, owner, now);
    Ok((record, Some(Annotations { note: kept.note, ..new })))
}

/// The same framing, on record as one that nobody has decided.
fn undecided(framing: FramingDraft) -> FramingDraft {
    let decision = DecisionDraft { authority_basis: "default".to_owned(), ..DecisionDraft::default() };
    FramingDraft { decision, ..framing }
}

/// The same rules for later; guests were asked to the other challenge.
fn shifted(rules: EntryRules, seconds: i64) -> EntryRules {
    EntryRules {
        entries_close_at: rules.entries_close_at.map(|at| at.plus_seconds(seconds)),
        teams_freeze_at: rules.teams_freeze_at.map(|at| at.plus_seconds(seconds)),
        guests: BTreeSet::new(),
        ..rules
    }
}
