//! Measures of what a phase counts: scores by activity, what activities weigh, whether other weights would make another winner,
//! and how far the scored items are from how people spend their days.
//!
//! They are questions to the labels, so small activities are merged ([`research::framing::parts`]), and who may ask is decided as for
//! slices of a leaderboard: organizers at any time, everybody else once the phase is closed, if its rule opens slices.
//! What they say of one standing never changes: it is computed once and kept under the standing's digest.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use domain::event::canonical_json;
use domain::metric::MetricSpec;
use domain::phase::{WindowState, window_at};
use domain::{
    Actor, Codename, Digest, EvaluationId, FramingId, Slug, SubmissionId, TeamId, TeamName, Timestamp,
};
use ranking::draws::Key;
use ranking::replicates::ReplicateError;
use ranking::resampling::Resampling;
use research::framing::activities::Activities;
use research::framing::panel::{MEASURES, PanelError, Shown, Standing, panel};
use research::framing::score_by_activity::ActivityScoreError;
use research::mappings::Mapping;
use research::measure::{Definition, MeasureValue, definition};
use research::time_use::{self, ReferencePopulation};
use sdk::{Evidence, Limits};
use serde_json::{Value, json};
use storage::framing_measures::{self, Asked, KeptStanding};
use storage::framings::{self, Framing};
use storage::phases::{self, Annotations, Phase, Split};
use storage::{Conn, evaluations};

use crate::App;
use crate::authority::see_phase;
use crate::failure::{Code, Failure, FieldError, Outcome};
use crate::leaderboards::estimate::evidence_of;
use crate::leaderboards::statistics::{REPLICATIONS, bootstrap_key};
use crate::leaderboards::{Board, BoardRow, ReadBoard, Shown as Scores, read_leaderboard};

/// How many entries are looked at, best first.
const MOST_ENTRIES: usize = 50;

/// How long one question may take.
const LONGEST: Duration = Duration::from_secs(90);

/// The country whose time use classes are weighed by, where none is named.
const COUNTRY: &str = "US";

/// The survey that countries are looked up in: the one with the most of them that says how much of a day is sleep.
const SURVEY: &str = "OECD";

/// The countries of recordings of daily life that have a table there; a split is held against all of them.
const COMPARED: [&str; 5] = ["US", "GB", "IN", "IT", "JP"];

/// The attribute that names activities, where none is named.
const ACTIVITY: &str = "activity";

/// What the values of an attribute are terms of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Terms {
    /// ICATUS 2016, by its codes.
    Icatus,
    /// The scenarios of Ego4D, by their numbers, and what the shipped mapping says of them.
    Ego4dScenarios,
}

impl Terms {
    /// The public name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Icatus => "icatus_2016",
            Self::Ego4dScenarios => "ego4d_scenarios",
        }
    }

    /// Reads the name.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Icatus, Self::Ego4dScenarios].into_iter().find(|known| known.as_str() == text)
    }

    fn mapping(self) -> &'static Mapping {
        match self {
            Self::Icatus => Mapping::icatus_itself(),
            Self::Ego4dScenarios => Mapping::ego4d_scenarios(),
        }
    }
}

/// What is asked.
#[derive(Debug, Clone, Default)]
pub struct ReadFramingMeasures {
    /// The split's codename; absent for the deciding one.
    pub split: Option<String>,
    /// The attribute of the items that says what they show.
    pub attribute: Option<String>,
    /// What its values are terms of; absent where they mean nothing but themselves.
    pub terms: Option<Terms>,
    /// The country whose time use classes are weighed by.
    pub country: Option<String>,
}

/// Measures of what a phase counts.
#[derive(Debug, Clone)]
pub struct FramingMeasures {
    /// The challenge.
    pub challenge: Slug,
    /// The phase.
    pub phase: Codename,
    /// The split.
    pub split: Codename,
    /// The metric that ranks.
    pub metric: MetricSpec,
    /// The framing in force, with its version.
    pub framing: Option<(FramingId, i32)>,
    /// The digest of the annotations.
    pub annotations: Digest,
    /// What stood, by its digest.
    pub standing: Digest,
    /// The attribute that names activities.
    pub attribute: String,
    /// What its values are terms of.
    pub terms: Option<Terms>,
    /// The country, where classes are weighed by time use.
    pub country: Option<String>,
    /// The entries that were looked at, best first; readings name them by the team.
    pub entries: Vec<StandingEntry>,
    /// Entries that were not: below the first fifty, or evaluated on other annotations.
    pub left_out: usize,
    /// The measures.
    pub values: Vec<(&'static Definition, MeasureValue)>,
}

/// An entry of a standing.
#[derive(Debug, Clone)]
pub struct StandingEntry {
    /// The team, whose id readings carry.
    pub team: TeamId,
    /// Its name now.
    pub team_name: TeamName,
    /// The submission that stands.
    pub submission: SubmissionId,
    /// Whether it is a baseline.
    pub is_baseline: bool,
    /// The rank on the leaderboard.
    pub rank: Option<usize>,
}

/// Reads the measures of what stands on a phase's leaderboard, or computes them.
pub async fn read_framing_measures(
    app: &App,
    actor: &Actor,
    challenge: &str,
    phase: &str,
    asked: ReadFramingMeasures,
) -> Outcome<FramingMeasures> {
    let now = app.now();
    let (reader, in_challenge, key) = (actor.clone(), challenge.to_owned(), phase.to_owned());
    let basis = app.db.read(move |conn| basis(conn, &reader, &in_challenge, &key, now)).await?;
    let read = ReadBoard { split: asked.split.clone(), ..ReadBoard::default() };
    let board = read_leaderboard(app, actor, challenge, phase, read).await?;
    let Some(metric) = board.metrics.first().cloned() else {
        return Err(Failure::new(Code::NoAnnotations, "nothing is measured yet"));
    };
    let attribute = asked.attribute.unwrap_or_else(|| ACTIVITY.to_owned());
    let (country, references) = references(asked.terms, asked.country)?;
    let rows: Vec<&BoardRow> = board
        .rows
        .iter()
        .filter(|row| row.entry.annotations == basis.annotations.id)
        .take(MOST_ENTRIES)
        .collect();
    let ids: Vec<EvaluationId> = rows.iter().map(|row| row.entry.evaluation).collect();
    let digests = app.db.read(move |conn| evidence_digests(conn, &ids)).await?;
    let entries: Vec<(StandingEntry, Digest)> =
        rows.iter().map(|row| entry(row)).zip(digests.iter().copied()).collect();
    let framing = basis.framing.as_ref().map(|framing| (framing.id, framing.version));
    let annotations = basis.annotations.digest;
    let kept = standing(&board, &metric, framing, annotations, &entries);
    let parameters = json!({
        "attribute": attribute,
        "terms": asked.terms.map(Terms::as_str),
        "country": country,
        "replicates": REPLICATIONS.get(),
        // One changed formula makes another question of all: what is kept under a digest is complete.
        "measures": MEASURES.iter().filter_map(|id| definition(id)).map(|one| (one.id, one.version)).collect::<BTreeMap<_, _>>(),
    });
    let digest = Digest::of(canonical_json(&parameters).as_bytes());
    let stood = kept.digest;
    let found = app.db.read(move |conn| computed(conn, stood, digest)).await?;
    let values = match found {
        Some(values) => values,
        None => {
            let question = Question { attribute: &attribute, terms: asked.terms, references };
            let values = compute(app, basis, &board, &metric, &entries, question).await?;
            keep(app, kept, (parameters, digest), values.clone(), now).await?;
            values
        }
    };
    let defined = |value: MeasureValue| Some((definition(&value.measure)?, value));
    Ok(FramingMeasures {
        challenge: board.challenge.slug.clone(),
        phase: board.phase.codename.clone(),
        split: board.split.codename.clone(),
        metric,
        framing,
        annotations,
        standing: stood,
        attribute,
        terms: asked.terms,
        country,
        left_out: board.rows.len() - entries.len(),
        entries: entries.into_iter().map(|(entry, _)| entry).collect(),
        values: values.into_iter().filter_map(defined).collect(),
    })
}

/// What a question is answered of.
struct Basis {
    phase: Phase,
    splits: Vec<Split>,
    annotations: Annotations,
    framing: Option<Framing>,
}

/// Lets those pass who may ask, and reads what the answer is made of.
fn basis(conn: &mut Conn<'_>, actor: &Actor, challenge: &str, phase: &str, now: Timestamp) -> Outcome<Basis> {
    let seen = see_phase(conn, actor, challenge, phase)?;
    if !seen.challenge.is_organizer() {
        let phase = &seen.phase;
        if !phase.leaderboard_public {
            return Err(Failure::not_found());
        }
        let is_open = phase.ranking.0.open_slices
            && window_at(phase.opens_at, phase.closes_at, now) == WindowState::Closed
            && Scores::to(phase, false, now) == Scores::Everything;
        if !is_open {
            let detail = "results by activity are for the organizers of the challenge until the phase is over and its rule opens them";
            return Err(Failure::new(Code::Forbidden, detail));
        }
    }
    let phase = seen.phase;
    let annotations = phases::annotations_in_force(conn, phase.id)?
        .ok_or_else(|| Failure::new(Code::NoAnnotations, "the phase has no annotations yet"))?;
    Ok(Basis {
        splits: phases::splits_of(conn, phase.id)?,
        framing: framings::in_force(conn, phase.id)?,
        annotations,
        phase,
    })
}

/// The populations that a mapped split is held against, that of the country first.
fn references(
    terms: Option<Terms>,
    country: Option<String>,
) -> Outcome<(Option<String>, Vec<&'static ReferencePopulation>)> {
    let refused = |field: &str, detail: String| Failure::invalid_fields(vec![FieldError::new(field, detail)]);
    if terms.is_none() {
        return match country {
            None => Ok((None, Vec::new())),
            Some(_) => Err(refused("country", "must be given with terms".to_owned())),
        };
    }
    let country = country.unwrap_or_else(|| COUNTRY.to_owned());
    let of =
        |country: &str| time_use::shipped().iter().find(|one| one.source == SURVEY && one.country == country);
    let Some(first) = of(&country) else {
        let known: Vec<&str> = time_use::shipped()
            .iter()
            .filter(|one| one.source == SURVEY)
            .map(|one| one.country.as_str())
            .collect();
        return Err(refused("country", format!("must be one of {}", known.join(", "))));
    };
    let others = COMPARED.into_iter().filter(|other| *other != country).filter_map(of);
    let references = std::iter::once(first).chain(others).collect();
    Ok((Some(country), references))
}

fn entry(row: &BoardRow) -> StandingEntry {
    StandingEntry {
        team: row.entry.team,
        team_name: row.entry.team_name.clone(),
        submission: row.entry.submission,
        is_baseline: row.entry.is_baseline,
        rank: row.rank,
    }
}

fn evidence_digests(conn: &mut Conn<'_>, ids: &[EvaluationId]) -> Outcome<Vec<Digest>> {
    let find = |id: &EvaluationId| {
        let found = evaluations::find(conn, *id)?.ok_or_else(Failure::not_found)?;
        Ok(found.evidence)
    };
    ids.iter().map(find).collect()
}

/// What stands, in the one form that its digest is of.
fn standing(
    board: &Board,
    metric: &MetricSpec,
    framing: Option<(FramingId, i32)>,
    annotations: Digest,
    entries: &[(StandingEntry, Digest)],
) -> KeptStanding {
    let entries = entries.iter().map(
        |(entry, evidence)| json!({"team": entry.team, "submission": entry.submission, "evidence": evidence}),
    );
    let contents = json!({
        "phase": board.phase.id,
        "split": board.split.id,
        "metric": metric.name,
        "framing": framing.map(|(id, _)| id),
        "annotations_digest": annotations,
        "entries": entries.collect::<Vec<Value>>(),
    });
    KeptStanding { digest: Digest::of(canonical_json(&contents).as_bytes()), phase: board.phase.id, contents }
}

/// What was computed before of a standing; all of it or nothing, because it is kept at once.
fn computed(conn: &mut Conn<'_>, standing: Digest, parameters: Digest) -> Outcome<Option<Vec<MeasureValue>>> {
    let mut found = Vec::new();
    for measure in MEASURES.iter().filter_map(|id| definition(id)) {
        if let Some(text) = framing_measures::find(conn, standing, asked(measure, parameters))? {
            found.push(serde_json::from_str(&text).map_err(Failure::internal)?);
        }
    }
    Ok((!found.is_empty()).then_some(found))
}

fn asked(measure: &Definition, parameters: Digest) -> Asked<'_> {
    Asked { measure: measure.id, version: i32::try_from(measure.version).unwrap_or(i32::MAX), parameters }
}

async fn keep(
    app: &App,
    kept: KeptStanding,
    (parameters, digest): (Value, Digest),
    values: Vec<MeasureValue>,
    now: Timestamp,
) -> Outcome<()> {
    app.db
        .write(move |conn| {
            framing_measures::keep_standing(conn, &kept, now)?;
            for value in &values {
                let Some(measure) = definition(&value.measure) else { continue };
                let readings = serde_json::to_string(value).map_err(Failure::internal)?;
                let asked = asked(measure, digest);
                framing_measures::keep(conn, kept.digest, asked, &parameters, &readings, now)?;
            }
            Ok(())
        })
        .await
}

/// What is asked of the items.
struct Question<'a> {
    attribute: &'a str,
    terms: Option<Terms>,
    references: Vec<&'static ReferencePopulation>,
}

async fn compute(
    app: &App,
    basis: Basis,
    board: &Board,
    metric: &MetricSpec,
    entries: &[(StandingEntry, Digest)],
    question: Question<'_>,
) -> Outcome<Vec<MeasureValue>> {
    let Basis { phase, splits, annotations, .. } = basis;
    let _turn = app.reweigher.turn().await?;
    let prepared = app.prepared.get(app, &phase, &annotations, &splits).await?;
    let place = splits.iter().position(|split| split.id == board.split.id);
    let mask = place.and_then(|place| prepared.masks.get(place)).ok_or_else(Failure::not_found)?;
    let split = Resampling::of_items(&prepared.items, &mask.to_vec(), &phase.ranking.0.resampling)
        .map_err(Failure::internal)?;
    let labels = Activities::of_attribute(&prepared.items, question.attribute).map_err(|error| {
        let known: Vec<&str> = prepared.items.attributes().iter().map(|known| known.name.as_str()).collect();
        let detail = format!("cannot be used: {error}; they have {}", listed(&known));
        Failure::invalid_fields(vec![FieldError::new("attribute", detail)])
    })?;
    let mut evidence = Vec::with_capacity(entries.len());
    for (entry, digest) in entries {
        let bytes = app.artifacts.read(*digest, u64::MAX).await?;
        let name = metric.name.clone();
        let read = tokio::task::spawn_blocking(move || evidence_of(&bytes, &name)).await;
        let (alone, _) = read.map_err(Failure::internal)?.map_err(Failure::internal)?;
        evidence.push((entry.team.to_string(), alone));
    }
    let job = Job {
        evidence,
        metric: metric.clone(),
        split,
        labels,
        key: bootstrap_key(&phase, &board.split),
        terms: question.terms,
        references: question.references,
    };
    tokio::task::spawn_blocking(move || job.run()).await.map_err(Failure::internal)?
}

fn listed(names: &[&str]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

/// Everything that a computation needs, on its way to another thread.
struct Job {
    evidence: Vec<(String, Evidence)>,
    metric: MetricSpec,
    split: Resampling,
    labels: Activities,
    key: Key,
    terms: Option<Terms>,
    references: Vec<&'static ReferencePopulation>,
}

impl Job {
    fn run(&self) -> Outcome<Vec<MeasureValue>> {
        let begun = Instant::now();
        let limits = Limits::default().stop_when(move || begun.elapsed() >= LONGEST);
        let entries: Vec<(&str, &Evidence)> =
            self.evidence.iter().map(|(team, evidence)| (team.as_str(), evidence)).collect();
        let standing = Standing {
            entries: &entries,
            metric: &self.metric.name,
            higher_is_better: self.metric.higher_is_better,
            decimals: self.metric.decimals,
            split: &self.split,
            key: self.key,
            replications: REPLICATIONS,
        };
        let shown = Shown {
            labels: &self.labels,
            mapping: self.terms.map(Terms::mapping),
            references: &self.references,
        };
        panel(&standing, &shown, &limits).map_err(refused)
    }
}

fn refused(error: PanelError) -> Failure {
    match error {
        PanelError::TooSmall => {
            Failure::new(Code::SliceTooSmall, format!("nothing can be told apart by this attribute: {error}"))
        }
        PanelError::Unmapped(error) => {
            Failure::invalid_fields(vec![FieldError::new("terms", format!("does not fit: {error}"))])
        }
        PanelError::Scores(ActivityScoreError::Replicates(ReplicateError::Stopped(_))) => {
            Failure::new(Code::Unavailable, "there are too many items to be drawn in time")
        }
        other => Failure::internal(other),
    }
}
