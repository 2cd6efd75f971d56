//! A leaderboard as its reader sees it.

use std::collections::{BTreeMap, HashMap};

use domain::declaration::{Declaration, DisclosureClass};
use domain::metric::MetricSpec;
use domain::ranking_rule::{RankingMethod, RankingRule};
use domain::split::Visibility;
use domain::{
    Actor, AnnotationsId, Codename, EvaluationId, Invalid, SplitId, SubmissionId, TeamId, Timestamp,
};
use ranking::{Entry, Order, method};
use storage::boards::{self, BoardEntry, Candidate};
use storage::challenges::Challenge;
use storage::evaluations::{self, Score};
use storage::phases::{self, Phase, Split};
use storage::teams::mergers;
use storage::{Conn, declarations, remarks, submission_rules, submissions, teams};

use super::anonymity::conceal;
use super::release::{self, Shown};
use super::standings::{Election, deciding_split};
use super::statistics::{self, EntryStatistics, KeptStatistics};
use crate::App;
use crate::authority::see_phase;
use crate::failure::{Code, Failure, Outcome};
use crate::submissions::remarks::{Remarked, remarked_by_submission};

/// Which leaderboard is asked for.
#[derive(Debug, Clone, Default)]
pub struct ReadBoard {
    /// The split's codename; absent for the deciding one.
    pub split: Option<String>,
    /// A version of the annotations; absent for what stands now.
    pub annotations: Option<i32>,
    /// A moment in the past: what stood then.
    pub as_of: Option<Timestamp>,
    /// A class of entries: what would stand if only those counted that are in it.
    pub class: Option<DisclosureClass>,
}

/// A whole leaderboard.
#[derive(Debug, Clone)]
pub struct Board {
    /// The challenge.
    pub challenge: Challenge,
    /// The phase.
    pub phase: Phase,
    /// The split.
    pub split: Split,
    /// The splits that the reader may switch to.
    pub splits: Vec<Split>,
    /// What is measured, the ranking metric first.
    pub metrics: Vec<MetricSpec>,
    /// The version of the annotations in force, or the one asked for.
    pub annotations_version: Option<i32>,
    /// Whether the board was worked out from scores rather than read from standings.
    pub is_recomputed: bool,
    /// The moment as of which it stands, where that is not now.
    pub as_of: Option<Timestamp>,
    /// What its reader is shown of the scores.
    pub shown: Shown,
    /// Whether its reader is not told whose the entries are.
    pub is_anonymous: bool,
    /// What is known of it beyond the order, once it is computed; nothing for a recomputed board.
    pub statistics: Option<KeptStatistics>,
    /// The entries, best first.
    pub rows: Vec<BoardRow>,
}

/// One entry.
#[derive(Debug, Clone)]
pub struct BoardRow {
    /// Its rank, unless it has none by the phase's method; baselines are ranked among the entries.
    pub rank: Option<usize>,
    /// What a method of several metrics made of it.
    pub method_score: Option<f64>,
    /// Team, method and evaluation.
    pub entry: BoardEntry,
    /// The version of the annotations that the scores were made on.
    pub annotations_version: i32,
    /// The values, in the order of the board's metrics; absent where undefined.
    pub scores: Vec<Option<f64>>,
    /// What the score that ranks is uncertain by, once it is computed.
    pub statistics: Option<EntryStatistics>,
    /// What the team declares about how it came to be.
    pub declaration: Option<Declaration>,
    /// What the organizers say of it; notes are left out while entries are anonymous.
    pub remarked: Remarked,
}

impl Board {
    /// The entries that may be first: one where the first place is settled, none as long as nothing is known.
    pub fn contenders(&self) -> impl Iterator<Item = &BoardRow> {
        self.rows.iter().filter(|row| {
            row.statistics.as_ref().and_then(|found| found.ranks).is_some_and(|ranks| ranks.set.best == 1)
        })
    }
}

/// Reads a leaderboard.
///
/// Private splits and boards that are not public are for organizers; others get "not found".
pub async fn read_leaderboard(
    app: &App,
    actor: &Actor,
    challenge: &str,
    phase: &str,
    asked: ReadBoard,
) -> Outcome<Board> {
    let now = app.now();
    let (actor, challenge, phase) = (actor.clone(), challenge.to_owned(), phase.to_owned());
    app.db.read(move |conn| board(conn, &actor, &challenge, &phase, &asked, now)).await
}

pub(super) fn board(
    conn: &mut Conn<'_>,
    actor: &Actor,
    challenge: &str,
    phase: &str,
    asked: &ReadBoard,
    now: Timestamp,
) -> Outcome<Board> {
    if asked.as_of.is_some_and(|moment| moment > now) {
        return Err(Invalid::new("as_of", "must not be in the future").into());
    }
    if asked.as_of.is_some() && asked.annotations.is_some() {
        return Err(Invalid::new("as_of", "cannot be asked together with annotations").into());
    }
    let seen = see_phase(conn, actor, challenge, phase)?;
    let is_organizer = seen.challenge.is_organizer();
    let (challenge, phase) = (seen.challenge.challenge, seen.phase);
    if !phase.leaderboard_public && !is_organizer {
        return Err(Failure::not_found());
    }
    let all_splits = phases::splits_of(conn, phase.id)?;
    let visible: Vec<Split> = all_splits
        .iter()
        .filter(|split| {
            is_organizer || split.visibility == Visibility::Public || phase.published_at.is_some()
        })
        .cloned()
        .collect();
    let split = match &asked.split {
        Some(name) => {
            Codename::parse(name).ok().and_then(|name| visible.iter().find(|split| split.codename == name))
        }
        None => deciding_split(&visible),
    };
    let split = split.cloned().ok_or_else(Failure::not_found)?;
    let shown = Shown::to(&phase, is_organizer, now);
    // Nobody looks further than they are shown.
    let as_of = [asked.as_of, shown.moment()].into_iter().flatten().min();
    let mut versions = phases::annotations_versions(conn, phase.id)?;
    versions.sort_by_key(|found| found.version);
    let counting = match asked.annotations {
        Some(version) => {
            let found = versions.iter().find(|found| found.version == version);
            Some(found.ok_or_else(|| Invalid::new("annotations", "must be a version of this phase"))?)
        }
        None => versions.iter().rfind(|found| as_of.is_none_or(|moment| found.created_at <= moment)),
    };
    let is_recomputed = asked.annotations.is_some() || as_of.is_some() || asked.class.is_some();
    let declared = declarations::of_phase(conn, phase.id)?;
    let metrics = counting.map_or_else(Vec::new, |found| found.metrics.0.clone());
    let is_anonymous = !is_organizer && submission_rules::of_phase(conn, phase.id)?.is_anonymous_at(now);
    let mut entries = match shown {
        Shown::Nothing { .. } => Vec::new(),
        _ if is_recomputed => {
            let evaluations = match (as_of, counting) {
                (Some(moment), _) => evaluations::counting_at(conn, phase.id, moment)?,
                (None, _) if asked.annotations.is_none() => evaluations::counting_at(conn, phase.id, now)?,
                (None, Some(found)) => evaluations::newest_on(conn, phase.id, found.id)?,
                (None, None) => Vec::new(),
            };
            let is_in_class =
                |id: SubmissionId| asked.class.as_ref().is_none_or(|class| class.holds(declared.get(&id)));
            let mut counting_ones = evaluations;
            counting_ones.retain(|(submission, _)| is_in_class(*submission));
            recompute(conn, &phase, Election::on(&phase, &all_splits, counting, as_of), counting_ones, as_of)?
        }
        _ => boards::entries(conn, split.id)?,
    };
    if is_anonymous {
        entries.iter_mut().try_for_each(|entry| conceal(entry, &phase))?;
    }
    let order = Order::new(&phase.ranking.0, &metrics);
    let metrics = primary_first(metrics, &order);
    let version_of = |id| versions.iter().find(|found| found.id == id).map_or(0, |found| found.version);
    let mut rows = Ranked { rule: &phase.ranking.0, order: &order, metrics: &metrics, shown }
        .rows(conn, split.id, entries, version_of)?;
    let mut remarked = remarked_by_submission(&remarks::of_phase(conn, phase.id)?);
    for row in &mut rows {
        row.declaration = declared.get(&row.entry.submission).copied();
        row.remarked = remarked.remove(&row.entry.submission).unwrap_or_default();
        if is_anonymous {
            row.remarked.notes.clear();
        }
    }
    let primary = order.keys().first().map(|key| key.metric.as_str());
    let statistics = match (is_recomputed, shown) {
        (true, _) | (_, Shown::Nothing { .. }) => None,
        (false, _) => statistics::of_board(conn, split.id, primary)?.map(|kept| kept.shown(shown)),
    };
    if let Some(kept) = &statistics {
        let by_submission: HashMap<_, _> =
            kept.statistics.entries.iter().map(|entry| (entry.submission, entry)).collect();
        for row in &mut rows {
            row.statistics = by_submission.get(&row.entry.submission).map(|found| (*found).clone());
        }
    }
    Ok(Board {
        statistics,
        challenge,
        split,
        splits: visible,
        annotations_version: counting.map(|found| found.version),
        metrics,
        is_recomputed,
        as_of,
        shown,
        is_anonymous,
        rows,
        phase,
    })
}

/// How entries become rows.
struct Ranked<'a> {
    rule: &'a RankingRule,
    order: &'a Order,
    metrics: &'a [MetricSpec],
    shown: Shown,
}

impl Ranked<'_> {
    /// Puts the entries in order and beside what is shown of their scores; what is not shown decides nothing.
    fn rows(
        &self,
        conn: &mut Conn<'_>,
        split: SplitId,
        entries: Vec<BoardEntry>,
        version_of: impl Fn(AnnotationsId) -> i32,
    ) -> Outcome<Vec<BoardRow>> {
        let ids: Vec<EvaluationId> = entries.iter().map(|entry| entry.evaluation).collect();
        let answers = release::answers(conn, self.shown, split, &ids)?;
        let primary = self.order.keys().first().map(|key| key.metric.as_str());
        let mut by_evaluation: HashMap<EvaluationId, HashMap<String, Option<f64>>> = HashMap::new();
        for Score { evaluation_id, metric, value, .. } in evaluations::scores_on_split(conn, split, &ids)? {
            let is_primary = primary == Some(metric.as_str());
            let value = value.and_then(|value| {
                release::value_shown(self.shown, &answers, evaluation_id, is_primary, value)
            });
            by_evaluation.entry(evaluation_id).or_default().insert(metric, value);
        }
        let value = |evaluation: EvaluationId, metric: &str| -> Option<f64> {
            by_evaluation.get(&evaluation).and_then(|scores| scores.get(metric)).copied().flatten()
        };
        let mut placed: Vec<(Entry, BoardEntry)> = entries
            .into_iter()
            .map(|entry| {
                let keys = self.order.keys().iter();
                let values = keys.map(|key| value(entry.evaluation, &key.metric)).collect();
                (Entry { values, received_at: entry.received_at }, entry)
            })
            .collect();
        placed.sort_by(|a, b| self.order.compare(&a.0, &b.0).then(a.1.submission.cmp(&b.1.submission)));
        let (keys, entries): (Vec<Entry>, Vec<BoardEntry>) = placed.into_iter().unzip();
        let places = self.places(&keys, &entries, value);
        let mut rows: Vec<BoardRow> = entries
            .into_iter()
            .zip(places)
            .map(|(entry, (rank, method_score))| BoardRow {
                rank,
                method_score,
                annotations_version: version_of(entry.annotations),
                scores: self.metrics.iter().map(|metric| value(entry.evaluation, &metric.name)).collect(),
                statistics: None,
                declaration: None,
                remarked: Remarked::default(),
                entry,
            })
            .collect();
        // Equal ones keep the order of the primary metric, and those without a rank are last.
        rows.sort_by_key(|row| row.rank.unwrap_or(usize::MAX));
        Ok(rows)
    }

    /// Rank and score of every entry by the phase's method, entries and keys being in the order of the primary metric.
    fn places(
        &self,
        keys: &[Entry],
        entries: &[BoardEntry],
        value: impl Fn(EvaluationId, &str) -> Option<f64>,
    ) -> Vec<(Option<usize>, Option<f64>)> {
        if self.rule.method == RankingMethod::Primary {
            return self.order.ranks(keys).into_iter().map(|rank| (Some(rank), None)).collect();
        }
        let metrics = method::metrics_of(self.rule, self.metrics);
        let column = |metric: &&MetricSpec| {
            entries.iter().map(|entry| value(entry.evaluation, &metric.name)).collect()
        };
        match method::placings(self.rule, &metrics, metrics.iter().map(column).collect()) {
            Ok(placings) => placings
                .into_iter()
                .map(|placing| (placing.map(|placing| placing.rank), placing.map(|placing| placing.score)))
                .collect(),
            // A method that means nothing for these values, such as factors of negative ones, ranks nobody.
            Err(_) => vec![(None, None); entries.len()],
        }
    }
}

/// What stands if these evaluations count, as an election on a version of the annotations or up to a moment says.
fn recompute(
    conn: &mut Conn<'_>,
    phase: &Phase,
    election: Option<Election>,
    counting: Vec<(SubmissionId, EvaluationId)>,
    as_of: Option<Timestamp>,
) -> Outcome<Vec<BoardEntry>> {
    let Some(election) = election else { return Ok(Vec::new()) };
    let counting: HashMap<SubmissionId, EvaluationId> = counting.into_iter().collect();
    let moves = match as_of {
        Some(_) => mergers::moves_in(conn, phase.id)?,
        None => mergers::Moves::default(),
    };
    let mut of_teams: BTreeMap<TeamId, Vec<Candidate>> = BTreeMap::new();
    for team in boards::teams_with_scores(conn, phase.id)? {
        for candidate in boards::candidates(conn, phase.id, team, as_of)? {
            let team_then = as_of.map_or(team, |moment| moves.team_at(candidate.submission, team, moment));
            of_teams.entry(team_then).or_default().push(candidate);
        }
    }
    let mut entries = Vec::new();
    for (team, mut candidates) in of_teams {
        for candidate in &mut candidates {
            candidate.evaluation = counting.get(&candidate.submission).copied();
        }
        candidates.retain(|candidate| candidate.evaluation.is_some());
        let Some((submission, evaluation)) = election.elect(conn, team, &candidates)? else {
            continue;
        };
        let (Some(team), Some(submission), Some(evaluation)) = (
            teams::find(conn, team)?,
            submissions::find(conn, submission)?,
            evaluations::find(conn, evaluation)?,
        ) else {
            return Err(Failure::new(Code::Internal, "a row that a score belongs to is missing"));
        };
        entries.push(BoardEntry {
            team: team.id,
            team_name: team.name,
            submission: submission.id,
            evaluation: evaluation.id,
            received_at: submission.received_at.unwrap_or(submission.created_at),
            is_baseline: submission.is_baseline,
            method: submission.method,
            attributes: submission.attributes,
            evaluator_version: evaluation.evaluator_version,
            mode: evaluation.mode,
            annotations: evaluation.annotations_id,
            scored_count: i32::try_from(candidates.len()).unwrap_or(i32::MAX),
        });
    }
    Ok(entries)
}

fn primary_first(mut metrics: Vec<MetricSpec>, order: &Order) -> Vec<MetricSpec> {
    if let Some(primary) = order.keys().first()
        && let Some(place) = metrics.iter().position(|metric| metric.name == primary.metric)
    {
        metrics[..=place].rotate_right(1);
    }
    metrics
}
