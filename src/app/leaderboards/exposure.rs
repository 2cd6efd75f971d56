//! The exposure meter of a phase: how much of a split the answers given so far can have revealed; for organizers.

use std::collections::BTreeMap;

use domain::metric::MetricSpec;
use domain::ranking_rule::ReleasePolicy;
use domain::split::Visibility;
use domain::{Actor, Codename, TeamId, TeamName, Timestamp};
use ranking::Order;
use ranking::exposure::{EVERY_DIGIT, Feedback, exposure};
use ranking::release::last_moment;
use storage::answers::{self, Answer};
use storage::phases::{self, Annotations, Phase, Split};
use storage::teams;

use super::standings::deciding_split;
use crate::App;
use crate::authority::see_phase;
use crate::failure::{Code, Failure, Outcome};

pub use ranking::exposure::{Exposure, ExposureLevel};

/// What the meter reads.
#[derive(Debug, Clone)]
pub struct ExposureMeter {
    /// The split.
    pub split: Codename,
    /// How many items it has.
    pub items: usize,
    /// The policy by which answers are given.
    pub release: ReleasePolicy,
    /// How many metrics an answer tells.
    pub metrics: usize,
    /// All teams together, as if they had told each other everything.
    pub total: Reading,
    /// Each team by itself, the most exposing first.
    pub teams: Vec<TeamReading>,
    /// What organizers may do about it, in sentences.
    pub advice: Vec<&'static str>,
}

/// What some answers can have revealed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// How many answers.
    pub answers: u64,
    /// At most, whatever is measured.
    pub at_most: Exposure,
    /// If every metric is a share of items that are right, and so has one level more than there are items.
    pub as_shares: Exposure,
}

/// The reading of one team.
#[derive(Debug, Clone, PartialEq)]
pub struct TeamReading {
    /// The team.
    pub team: TeamId,
    /// Its name.
    pub name: TeamName,
    /// What it was told.
    pub reading: Reading,
}

/// Reads the meter of a split, or of the one on which participants are answered.
pub async fn read_exposure(
    app: &App,
    actor: &Actor,
    challenge: &str,
    phase: &str,
    split: Option<String>,
) -> Outcome<ExposureMeter> {
    let now = app.now();
    let (actor, challenge, phase) = (actor.clone(), challenge.to_owned(), phase.to_owned());
    let (phase, annotations, splits, split, given, names) = app
        .db
        .read(move |conn| {
            let phase = see_phase(conn, &actor, &challenge, &phase)?.inspect(&actor)?;
            let annotations = phases::annotations_in_force(conn, phase.id)?
                .ok_or_else(|| Failure::new(Code::NoAnnotations, "the phase has no annotations yet"))?;
            let splits = phases::splits_of(conn, phase.id)?;
            let answered: Vec<Split> =
                splits.iter().filter(|split| split.visibility == Visibility::Public).cloned().collect();
            let chosen = match &split {
                Some(name) => splits.iter().find(|split| split.codename.as_str() == name),
                None => deciding_split(&answered).or_else(|| deciding_split(&splits)),
            };
            let chosen = chosen.cloned().ok_or_else(Failure::not_found)?;
            let is_answered = chosen.visibility == Visibility::Public;
            let given = if is_answered { answers::of_split(conn, phase.id, chosen.id)? } else { Vec::new() };
            let mut names = BTreeMap::new();
            for answer in &given {
                if !names.contains_key(&answer.team)
                    && let Some(team) = teams::find(conn, answer.team)?
                {
                    names.insert(answer.team, team.name);
                }
            }
            Ok::<_, Failure>((phase, annotations, splits, chosen, given, names))
        })
        .await?;
    let items = items_of(app, &phase, &annotations, &splits, &split).await?;
    let teller = Teller { phase: &phase, annotations: &annotations, items, now };
    let mut by_team: BTreeMap<TeamId, Vec<Answer>> = BTreeMap::new();
    for answer in given.into_iter().filter(|answer| teller.has_told(answer)) {
        by_team.entry(answer.team).or_default().push(answer);
    }
    let mut readings = Vec::new();
    let mut whole = (0, 0.0, 0.0);
    for (team, told) in by_team {
        let (at_most, as_shares) = teller.bits(&told)?;
        whole = (whole.0 + told.len() as u64, whole.1 + at_most, whole.2 + as_shares);
        let reading = teller.reading(told.len() as u64, at_most, as_shares)?;
        let Some(name) = names.get(&team).cloned() else { continue };
        readings.push(TeamReading { team, name, reading });
    }
    readings.sort_by(|one, other| other.reading.at_most.bits.total_cmp(&one.reading.at_most.bits));
    let total = teller.reading(whole.0, whole.1, whole.2)?;
    Ok(ExposureMeter {
        split: split.codename,
        items,
        release: phase.ranking.0.release,
        metrics: teller.metrics(),
        advice: advice(phase.ranking.0.release, total.as_shares.level, phase.quota().total.is_some()),
        total,
        teams: readings,
    })
}

/// How many items of the annotations in force a split has.
async fn items_of(
    app: &App,
    phase: &Phase,
    annotations: &Annotations,
    splits: &[Split],
    split: &Split,
) -> Outcome<usize> {
    let prepared = app.prepared.get(app, phase, annotations, splits).await?;
    let mask = splits.iter().position(|one| one.id == split.id).and_then(|place| prepared.masks.get(place));
    let items = mask.map_or(0, |mask| mask.iter().filter(|weight| **weight > 0.0).count());
    Ok(items.max(1))
}

/// How a phase tells scores.
struct Teller<'a> {
    phase: &'a Phase,
    annotations: &'a Annotations,
    items: usize,
    now: Timestamp,
}

impl Teller<'_> {
    /// Whether an answer has been told by now. That a result was published later tells no more about what came before.
    fn has_told(&self, answer: &Answer) -> bool {
        match self.phase.ranking.0.release {
            ReleasePolicy::Hidden => false,
            ReleasePolicy::Delayed { until } => self.now >= until,
            ReleasePolicy::Periodic { from, seconds } => {
                last_moment(self.now, from, seconds).is_some_and(|moment| answer.finished_at <= moment)
            }
            ReleasePolicy::Ladder { .. } | ReleasePolicy::LadderFixed { .. } => answer.is_new.is_some(),
            ReleasePolicy::Exact | ReleasePolicy::Rounded { .. } => true,
        }
    }

    /// How many metrics an answer tells: a ladder tells the one that ranks.
    fn metrics(&self) -> usize {
        if self.phase.ranking.0.release.is_ladder() { 1 } else { self.annotations.metrics.0.len() }
    }

    /// Bits of a team's answers: at most, and if every metric is a share of the items.
    fn bits(&self, told: &[Answer]) -> Outcome<(f64, f64)> {
        let answers = told.len() as u64;
        let shares = self.items as f64 + 1.0;
        let of = |feedback: Feedback| feedback.bits().map_err(Failure::internal);
        match self.phase.ranking.0.release {
            ReleasePolicy::LadderFixed { steps } => {
                let levels = u64::from(steps).saturating_mul(self.primary_range() as u64);
                let at_most = of(Feedback::Grid { answers, steps: levels })?;
                let as_shares = of(Feedback::Grid { answers, steps: levels.min(self.items as u64) })?;
                Ok((at_most, as_shares))
            }
            ReleasePolicy::Ladder { .. } => {
                let improvements = told.iter().filter(|answer| answer.is_new == Some(true)).count() as u64;
                let of_levels = |levels| of(Feedback::Improvements { answers, improvements, levels });
                Ok((of_levels(EVERY_DIGIT)?, of_levels(shares)?))
            }
            policy => {
                let (mut at_most, mut as_shares) = (0.0, 0.0);
                for metric in &self.annotations.metrics.0 {
                    let levels = match policy {
                        ReleasePolicy::Rounded { decimals } => {
                            (range_of(metric) * 10_f64.powi(i32::from(decimals)) + 1.0).min(EVERY_DIGIT)
                        }
                        _ => EVERY_DIGIT,
                    };
                    at_most += of(Feedback::Levels { answers, levels })?;
                    as_shares += of(Feedback::Levels { answers, levels: levels.min(shares) })?;
                }
                Ok((at_most, as_shares))
            }
        }
    }

    fn primary_range(&self) -> f64 {
        let order = Order::new(&self.phase.ranking.0, &self.annotations.metrics.0);
        let primary = order.keys().first();
        let metric = primary
            .and_then(|key| self.annotations.metrics.0.iter().find(|metric| metric.name == key.metric));
        metric.map_or(1.0, range_of)
    }

    fn reading(&self, answers: u64, at_most: f64, as_shares: f64) -> Outcome<Reading> {
        let of = |bits| exposure(bits, self.items).map_err(Failure::internal);
        Ok(Reading { answers, at_most: of(at_most)?, as_shares: of(as_shares)? })
    }
}

/// How far the values of a metric reach: 100 for per cent, else 1, which holds for every share.
fn range_of(metric: &MetricSpec) -> f64 {
    if metric.unit == "%" { 100.0 } else { 1.0 }
}

/// What organizers may do, by how much can have been revealed.
fn advice(release: ReleasePolicy, level: ExposureLevel, has_total: bool) -> Vec<&'static str> {
    let mut advice = Vec::new();
    if level >= ExposureLevel::Moderate && matches!(release, ReleasePolicy::Exact) {
        advice.push("Round what is shown: every decimal less takes 3.3 bits from every answer and metric.");
    }
    if level >= ExposureLevel::Moderate && !release.is_ladder() && !matches!(release, ReleasePolicy::Hidden) {
        advice.push("Let a ladder answer only improvements, so that most answers tell next to nothing.");
    }
    if level >= ExposureLevel::Moderate && !has_total {
        advice.push("Set a total quota: without one the answers of a team are not bounded.");
    }
    if level >= ExposureLevel::High {
        advice.push(
            "Let a private split decide that nobody is answered on, and put fresh items into the public one.",
        );
    }
    if level == ExposureLevel::Exhausted {
        advice.push("Scores on this split no longer say how methods do on fresh items: annotate a new one.");
    }
    advice
}
