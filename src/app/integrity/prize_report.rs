//! What organizers should know before prizes are given: who would receive them by the published rule, and what is known of these
//! entries.
//!
//! It is worked out anew from what stands whenever it is asked for, and gives nothing to anybody.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashSet};

use domain::ranking_rule::{BaselineRule, PrizeTerms, RankingMethod};
use domain::split::Visibility;
use domain::{Actor, Invalid, SubmissionId, TeamId};
use ranking::prizes::{Contender, PrizeRule, award};
use ranking::{Entry, Order};
use serde_json::{Map, Value};
use storage::integrity::{self, Flag, TeamRuling};
use storage::submissions;

use crate::App;
use crate::authority::see_phase;
use crate::failure::{Failure, Outcome};
use crate::leaderboards::compare::Estimate;
use crate::leaderboards::statistics::ranks_among;
use crate::leaderboards::{
    Board, BoardRow, CompareEntries, Interval, ReadBoard, compare_entries, read_leaderboard,
};

/// How many places are reported of a phase that names no prizes.
const USUAL_PLACES: usize = 3;
/// How many can be asked for.
const MOST_PLACES: usize = 50;
/// How many entries are reported at most.
const MOST_ENTRIES: usize = 200;
/// With how many baselines an entry is compared: the best ones.
const MOST_BASELINES: usize = 5;

/// Which report is asked for.
#[derive(Debug, Clone, Default)]
pub struct AskPrizeReport {
    /// The split's codename; absent for the first private one, which decides at the end, or the deciding one where none is private.
    pub split: Option<String>,
    /// How many places; absent for as many as have prizes.
    pub places: Option<usize>,
}

/// Who would receive the prizes, and what is known of them.
#[derive(Debug, Clone)]
pub struct PrizeReport {
    /// The board that decides.
    pub board: Board,
    /// The published rule.
    pub terms: PrizeTerms,
    /// Whether entries have to be better than the baselines.
    pub baseline_rule: BaselineRule,
    /// The places, from the first.
    pub places: Vec<ReportedPlace>,
    /// Why the rule cannot be carried out, where it cannot.
    pub hindrance: Option<String>,
    /// The entries that a place is at stake for, best first; those that are excluded stand among them.
    pub entries: Vec<ReportedEntry>,
}

/// Who would receive the prize of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedPlace {
    /// The place, from 1.
    pub place: usize,
    /// The submissions that share it; none where there are fewer entries than prizes.
    pub recipients: Vec<SubmissionId>,
    /// Whether a jury has to choose among them first.
    pub needs_jury: bool,
}

/// An entry that a place is at stake for.
#[derive(Debug, Clone)]
pub struct ReportedEntry {
    /// Its row on the board.
    pub row: BoardRow,
    /// The team's answers to the organizers' questions: the data it declares.
    pub attributes: Map<String, Value>,
    /// The flags about its team in the phase, with what they mean for it.
    pub flags: Vec<(Flag, Option<TeamRuling>)>,
    /// The best baselines, each with what the entry is better by.
    pub baselines: Vec<AgainstBaseline>,
    /// The other entries that the scores do not part it from.
    pub tied_with: Vec<SubmissionId>,
    /// Why it cannot receive a prize.
    pub exclusion: Option<Exclusion>,
}

/// Why an entry cannot receive a prize.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exclusion {
    /// An organizer's decision.
    Disqualified,
    /// It does not beat the baselines as the phase asks for.
    Baseline,
    /// It has no rank.
    Unranked,
}

impl Exclusion {
    /// The public name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Disqualified => "disqualified",
            Self::Baseline => "baseline",
            Self::Unranked => "unranked",
        }
    }
}

/// An entry beside a baseline.
#[derive(Debug, Clone)]
pub struct AgainstBaseline {
    /// The baseline.
    pub baseline: SubmissionId,
    /// By how much the entry is better, less than zero where it is worse; absent where one of them is undefined.
    pub better_by: Option<f64>,
    /// What the difference of the values is uncertain by.
    pub estimate: Option<Estimate>,
    /// Whether more of the metric is better: which sign of the estimate is good.
    pub higher_is_better: bool,
}

impl AgainstBaseline {
    /// Whether the entry beats the baseline as the phase asks for.
    pub fn is_beaten(&self, rule: BaselineRule) -> bool {
        match rule {
            BaselineRule::None => true,
            BaselineRule::Better => self.better_by.is_some_and(|better_by| better_by > 0.0),
            BaselineRule::SignificantlyBetter => self.interval().is_some_and(|ends| ends.lower > 0.0),
        }
    }

    /// The interval of [`AgainstBaseline::better_by`].
    pub fn interval(&self) -> Option<Interval> {
        let ends = self.estimate.as_ref().and_then(|estimate| estimate.difference.interval)?;
        let turned = Interval { lower: -ends.upper, upper: -ends.lower };
        Some(if self.higher_is_better { ends } else { turned })
    }
}

/// Puts the report together; for organizers.
pub async fn prize_report(
    app: &App,
    actor: &Actor,
    challenge: &str,
    phase: &str,
    asked: AskPrizeReport,
) -> Outcome<PrizeReport> {
    if asked.places.is_some_and(|places| !(1..=MOST_PLACES).contains(&places)) {
        return Err(Invalid::new("places", format!("must be between 1 and {MOST_PLACES}")).into());
    }
    let (asker, keys) = (actor.clone(), (challenge.to_owned(), phase.to_owned()));
    let disqualified: HashSet<TeamId> = app
        .db
        .read(move |conn| {
            let phase = see_phase(conn, &asker, &keys.0, &keys.1)?.inspect(&asker)?;
            Ok::<_, Failure>(integrity::disqualified(conn, phase.id)?.into_iter().collect())
        })
        .await?;
    let board = deciding_board(app, actor, challenge, phase, asked.split).await?;
    let rule = &board.phase.ranking.0;
    let (terms, baseline_rule) = (rule.prizes, rule.baseline);
    let declared = if terms.places == 0 { USUAL_PLACES } else { usize::from(terms.places) };
    let places = asked.places.unwrap_or(declared);
    let order = Order::new(rule, &board.metrics);

    // Whoever is excluded makes room, and then more entries may have a place at stake.
    let mut known: BTreeMap<usize, ReportedEntry> = BTreeMap::new();
    let (places, hindrance) = loop {
        let is_excluded = |place: &usize| known.get(place).is_some_and(|entry| entry.exclusion.is_some());
        let is_ranked = |place: &usize| is_ranked(&board, &order, &board.rows[*place]);
        let field: Vec<usize> = (0..board.rows.len())
            .filter(|place| !board.rows[*place].entry.is_baseline && is_ranked(place) && !is_excluded(place))
            .collect();
        let contenders = contenders(app, &board, &order, &field).await?;
        let at_stake = contenders
            .iter()
            .rposition(|one| one.rank <= places || one.rank_set.is_some_and(|(best, _)| best <= places))
            .map_or(0, |last| last + 1);
        let last = at_stake.checked_sub(1).map(|last| field[last]);
        let unknown: Vec<usize> = (0..=last.unwrap_or(0))
            .filter(|place| {
                last.is_some() && !board.rows[*place].entry.is_baseline && !known.contains_key(place)
            })
            .collect();
        if unknown.is_empty() {
            break give(&board, &field, &contenders, places);
        }
        if known.len() + unknown.len() > MOST_ENTRIES {
            break (Vec::new(), Some(format!("a place is at stake for more than {MOST_ENTRIES} entries")));
        }
        for place in unknown {
            let row = &board.rows[place];
            let baselines = against_baselines(app, actor, &board, &order, row).await?;
            let exclusion = if disqualified.contains(&row.entry.team) {
                Some(Exclusion::Disqualified)
            } else if !is_ranked(&place) {
                Some(Exclusion::Unranked)
            } else if !baselines.iter().all(|one| one.is_beaten(baseline_rule)) {
                Some(Exclusion::Baseline)
            } else {
                None
            };
            known.insert(place, reported(app, &board, row, baselines, exclusion).await?);
        }
    };
    let mut entries: Vec<ReportedEntry> = known.into_values().collect();
    tie(&board, &order, &mut entries);
    Ok(PrizeReport { terms, baseline_rule, places, hindrance, entries, board })
}

/// The board that decides about prizes.
async fn deciding_board(
    app: &App,
    actor: &Actor,
    challenge: &str,
    phase: &str,
    split: Option<String>,
) -> Outcome<Board> {
    let read =
        |split| read_leaderboard(app, actor, challenge, phase, ReadBoard { split, ..ReadBoard::default() });
    let is_named = split.is_some();
    let board = read(split).await?;
    let private = board.splits.iter().find(|split| split.visibility == Visibility::Private);
    match private {
        Some(private) if !is_named => read(Some(private.codename.to_string())).await,
        _ => Ok(board),
    }
}

/// Whether the scores, and the tie-breakers, part two entries.
fn is_tied(board: &Board, order: &Order, one: &BoardRow, other: &BoardRow) -> bool {
    match board.phase.ranking.0.method {
        RankingMethod::Primary => {
            order.compare_values(&entry(board, order, one), &entry(board, order, other)) == Ordering::Equal
        }
        _ => one.rank == other.rank,
    }
}

/// Whether an entry has a rank, and a value in the metric that ranks.
fn is_ranked(board: &Board, order: &Order, row: &BoardRow) -> bool {
    row.rank.is_some() && entry(board, order, row).values.first().is_none_or(Option::is_some)
}

fn entry(board: &Board, order: &Order, row: &BoardRow) -> Entry {
    let value = |name: &str| {
        let place = board.metrics.iter().position(|metric| metric.name == name)?;
        row.scores.get(place).copied().flatten()
    };
    Entry {
        values: order.keys().iter().map(|key| value(&key.metric)).collect(),
        received_at: row.entry.received_at,
    }
}

async fn against_baselines(
    app: &App,
    actor: &Actor,
    board: &Board,
    order: &Order,
    row: &BoardRow,
) -> Outcome<Vec<AgainstBaseline>> {
    let higher_is_better = order.keys().first().is_none_or(|key| key.higher_is_better);
    let mut found = Vec::new();
    for baseline in board.rows.iter().filter(|row| row.entry.is_baseline).take(MOST_BASELINES) {
        let asked = CompareEntries {
            split: Some(board.split.codename.to_string()),
            first: row.entry.submission,
            second: baseline.entry.submission,
        };
        let (challenge, phase) = (board.challenge.id.to_string(), board.phase.id.to_string());
        let compared = compare_entries(app, actor, &challenge, &phase, asked).await?;
        found.push(AgainstBaseline {
            baseline: baseline.entry.submission,
            better_by: compared
                .difference
                .map(|difference| if higher_is_better { difference } else { -difference }),
            estimate: compared.estimate,
            higher_is_better,
        });
    }
    Ok(found)
}

async fn reported(
    app: &App,
    board: &Board,
    row: &BoardRow,
    baselines: Vec<AgainstBaseline>,
    exclusion: Option<Exclusion>,
) -> Outcome<ReportedEntry> {
    let (phase, team, submission) = (board.phase.id, row.entry.team, row.entry.submission);
    let (attributes, flags) = app
        .db
        .read(move |conn| {
            let attributes = submissions::find(conn, submission)?.map(|found| found.attributes.0);
            let mut flags = Vec::new();
            for flag in integrity::about_team(conn, phase, team)? {
                let ruling =
                    integrity::rulings_of(conn, flag.id)?.into_iter().find(|ruling| ruling.team == team);
                flags.push((flag, ruling));
            }
            Ok::<_, Failure>((attributes.unwrap_or_default(), flags))
        })
        .await?;
    Ok(ReportedEntry { row: row.clone(), attributes, flags, baselines, tied_with: Vec::new(), exclusion })
}

/// Says of every entry that can receive a prize which others it is equal to.
fn tie(board: &Board, order: &Order, entries: &mut [ReportedEntry]) {
    let eligible: Vec<BoardRow> =
        entries.iter().filter(|entry| entry.exclusion.is_none()).map(|entry| entry.row.clone()).collect();
    for entry in entries.iter_mut().filter(|entry| entry.exclusion.is_none()) {
        let own = entry.row.entry.submission;
        let tied = eligible
            .iter()
            .filter(|other| other.entry.submission != own && is_tied(board, order, &entry.row, other));
        entry.tied_with = tied.map(|other| other.entry.submission).collect();
    }
}

/// What the prize rule looks at, of those rows of the board that nothing excludes so far, in their order.
async fn contenders(app: &App, board: &Board, order: &Order, field: &[usize]) -> Outcome<Vec<Contender>> {
    let rows: Vec<&BoardRow> = field.iter().map(|place| &board.rows[*place]).collect();
    let ranks = match board.phase.ranking.0.prizes.rule {
        // Among those who can receive a prize: whoever is excluded stands in nobody's way.
        PrizeRule::ShareIfIndistinguishable => {
            let entries = rows.iter().map(|row| row.entry.clone()).collect();
            ranks_among(app, board.phase.id, board.split.id, entries).await?
        }
        PrizeRule::Earliest | PrizeRule::Split | PrizeRule::Jury => vec![None; rows.len()],
    };
    let mut contenders: Vec<Contender> = Vec::with_capacity(rows.len());
    for (place, row) in rows.iter().enumerate() {
        let rank = match place.checked_sub(1) {
            Some(above) if is_tied(board, order, rows[above], row) => contenders[above].rank,
            _ => place + 1,
        };
        contenders.push(Contender {
            rank,
            received_at: row.entry.received_at,
            rank_set: ranks[place].map(|known| (known.set.best, known.set.worst)),
        });
    }
    Ok(contenders)
}

/// Carries the published rule out.
fn give(
    board: &Board,
    field: &[usize],
    contenders: &[Contender],
    places: usize,
) -> (Vec<ReportedPlace>, Option<String>) {
    match award(board.phase.ranking.0.prizes.rule, places, contenders) {
        Ok(awarded) => {
            let submission = |contender: &usize| board.rows[field[*contender]].entry.submission;
            let reported = awarded.into_iter().map(|place| ReportedPlace {
                place: place.place,
                recipients: place.recipients.iter().map(submission).collect(),
                needs_jury: place.needs_jury,
            });
            (reported.collect(), None)
        }
        Err(refusal) => (Vec::new(), Some(refusal.to_string())),
    }
}
