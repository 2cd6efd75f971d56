//! The public side of a phase in the formats of the field: Croissant, DataCite, PROV, Frictionless, a datasheet.
//!
//! They say what the framing says, who decided it, and what a snapshot's released measures are; what nobody has told is written as
//! "not disclosed". Nothing of the held-out annotations is in them but their digest in the framing, and nobody's name.

use domain::framing::{NOT_DISCLOSED, Told};
use domain::{Actor, Digest};
pub use research::exports::PublicRecord;
use research::exports::record::{
    Activity, Agent, Annotation, Collection, Framing, MeasureRecord, Organization, Statements, Table,
    TaskRecord,
};
use research::exports::{croissant, datacite, datapackage, datasheet, prov, shapes};
use research::measure::{MeasureValue, Reading};
use serde_json::Value;
use storage::framings::FullFraming;

use super::{label_of, list_framings};
use crate::App;
use crate::challenges::detail::{ChallengeDetail, read_challenge};
use crate::failure::{Code, Failure, Outcome};
use crate::participation::measures::{Released, as_csv, measure_columns, read_measures};
use crate::participation::snapshot::latest_snapshot;
use crate::phases::{PhaseDetail, read_phase};

/// The measures whose numbers stand in the documents themselves; the table has all.
const HEADLINES: [(&str, &[&str]); 4] = [
    ("P1", &["gini", "hhi", "effective_number"]),
    ("P4", &["share", "z"]),
    ("P5", &["silent_share", "silent_share_of_people"]),
    ("P6", &["newcomer_share", "retention"]),
];

/// A document about a phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Document {
    /// Croissant 1.1 with RAI, PROV and our own terms.
    Croissant,
    /// DataCite 4.5.
    DataCite,
    /// PROV-JSON.
    Prov,
    /// A Frictionless data package.
    DataPackage,
    /// The record behind all of them.
    Record,
    /// The datasheet as Markdown.
    Datasheet,
}

impl Document {
    /// The document of a file name.
    pub fn of_name(name: &str) -> Option<Self> {
        Some(match name {
            "croissant.json" => Self::Croissant,
            "datacite.json" => Self::DataCite,
            "prov.json" => Self::Prov,
            "datapackage.json" => Self::DataPackage,
            "datasheet.json" => Self::Record,
            "datasheet.md" => Self::Datasheet,
            _ => return None,
        })
    }

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Croissant => "application/ld+json",
            Self::Datasheet => "text/markdown; charset=utf-8",
            _ => "application/json",
        }
    }

    /// Writes it of a record.
    pub fn write(self, record: &PublicRecord) -> Outcome<Vec<u8>> {
        let pretty = |value: Value| serde_json::to_vec_pretty(&value).map_err(Failure::internal);
        match self {
            Self::Croissant => pretty(croissant(record)),
            Self::DataCite => pretty(datacite(record)),
            Self::Prov => pretty(prov(record)),
            Self::DataPackage if record.tables.is_empty() => Err(Failure::not_found()),
            Self::DataPackage => pretty(datapackage(record)),
            Self::Record => pretty(serde_json::to_value(&**record).map_err(Failure::internal)?),
            Self::Datasheet => Ok(datasheet(record).into_bytes()),
        }
    }
}

/// The shapes that Croissant documents of this server satisfy, as Turtle.
pub fn framing_shapes(app: &App) -> String {
    shapes::shapes(&site(app))
}

/// Everything public about a phase, for whoever sees it.
pub async fn read_record(app: &App, actor: &Actor, challenge: &str, phase: &str) -> Outcome<PublicRecord> {
    let challenge = read_challenge(app, actor, challenge).await?;
    let key = challenge.challenge.id.to_string();
    let phase = read_phase(app, actor, &key, phase).await?;
    let versions = list_framings(app, actor, &key, &phase.phase.id.to_string()).await?;
    let Some(framing) = versions.into_iter().next_back() else {
        return Err(Failure::new(
            Code::StateConflict,
            "nobody has recorded yet how the phase frames what it counts",
        ));
    };
    let mut record = written(app, &challenge, &phase, &framing.full);
    if let Some(snapshot) = latest_snapshot(app, actor, &key).await? {
        let (_, released) = read_measures(app, actor, snapshot.id, &[]).await?;
        record.snapshot = snapshot.id.to_string();
        record.measures = headlines(&released);
        record.tables = vec![table_of_measures(app, &snapshot.id.to_string(), &released)?];
    }
    PublicRecord::new(record).map_err(|faults| {
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        Failure::internal(format!("a record of our own does not hold together: {}", faults.join("; ")))
    })
}

fn site(app: &App) -> String {
    app.settings.server.public_url.as_str().trim_end_matches('/').to_owned()
}

/// The record without what a snapshot says.
fn written(app: &App, challenge: &ChallengeDetail, phase: &PhaseDetail, full: &FullFraming) -> TaskRecord {
    let undisclosed = || "not disclosed".to_owned();
    let said = |text: &str| if text.trim().is_empty() { undisclosed() } else { text.to_owned() };
    let (site, draft) = (site(app), &full.draft);
    let (slug, codename) = (challenge.challenge.slug.as_str(), phase.phase.codename.as_str());
    let url = format!("{site}/challenges/{slug}");
    let framing = format!("{site}/api/v1/framings/{}", full.framing.id);
    let decider = format!("{framing}#decider");
    let title = format!("{}: {}", challenge.challenge.title, phase.phase.title);
    let published = challenge.challenge.published_at.unwrap_or(challenge.challenge.created_at).utc_date();
    let annotations = phase.annotations_version.unwrap_or(0);
    let version = format!("{}.{annotations}.0", full.framing.version);
    let unscoreable = match draft.unscoreable.is_empty() {
        true => vec![NOT_DISCLOSED.to_owned()],
        false => draft.unscoreable.iter().cloned().collect(),
    };
    let told = |answer: Told| match answer {
        Told::Yes => Some(true),
        Told::No => Some(false),
        Told::NotDisclosed => None,
    };
    let organizers =
        Organization { name: format!("The organizers of {}", challenge.challenge.title), url: url.clone() };
    let cannot: Vec<String> = unscoreable
        .iter()
        .map(|code| format!("Cannot be scored: {}.", label_of("framing.unscoreable", code)))
        .collect();
    TaskRecord {
        name: format!("{slug}-{codename}"),
        description: said(&challenge.challenge.summary),
        license: url.clone(),
        snapshot: format!("framing {}", full.framing.id),
        published,
        created: None,
        citation: format!(
            "{title}. Framing version {}, annotations version {annotations}. {url}",
            full.framing.version
        ),
        keywords: vec!["benchmark task".to_owned(), phase.phase.evaluator.clone()],
        creators: vec![organizers],
        publisher: Organization { name: "Heldout".to_owned(), url: site.clone() },
        permitted_purpose: None,
        collection: Collection {
            summary: undisclosed(),
            types: Vec::new(),
            missing: undisclosed(),
            raw: undisclosed(),
            timeframe: None,
            preprocessing: Vec::new(),
            manipulation: undisclosed(),
            imputation: undisclosed(),
        },
        annotation: Annotation {
            protocol: format!(
                "Labels: {}. A label is the reading of: {}. Items that people read differently: {}. No label: {}. Everything else is not disclosed.",
                label_of("framing.label_source", &draft.label_source),
                label_of("perspective", &draft.perspective),
                label_of("framing.ambiguity_policy", &draft.ambiguity_policy),
                label_of("framing.negative_rule", &draft.negative_rule),
            ),
            platforms: Vec::new(),
            analysis: Vec::new(),
            per_item: undisclosed(),
            demographics: vec![undisclosed()],
            machine_tools: Vec::new(),
        },
        statements: Statements {
            use_cases: vec![said(&draft.stated_goal)],
            limitations: cannot,
            biases: Vec::new(),
            social_impact: undisclosed(),
            sensitive: Vec::new(),
            maintenance: undisclosed(),
        },
        framing: Framing {
            id: framing.clone(),
            version: u32::try_from(full.framing.version).unwrap_or(1),
            unit: draft.unit.clone(),
            instance_rule: said(&draft.instance_rule),
            label_source: draft.label_source.clone(),
            label_count: draft.label_count.map(u64::from),
            perspective: draft.perspective.clone(),
            intent_recorded: told(draft.intent_recorded),
            affect_recorded: told(draft.affect_recorded),
            temporal_direction: draft.temporal_direction.clone(),
            closed_world: told(draft.closed_world),
            unscoreable,
            imagined_user: said(&draft.imagined_user),
            decided_by: decider.clone(),
        },
        exclusions: Vec::new(),
        measures: Vec::new(),
        mapping: None,
        derived_from: Vec::new(),
        activities: vec![Activity {
            id: format!("{framing}#decision"),
            label: format!("the decision on framing version {}", full.framing.version),
            started: None,
            ended: Some(full.decision.decided_at.utc_date()),
            agents: vec![decider.clone()],
        }],
        agents: vec![Agent {
            id: decider,
            label: label_of("decider_role", &full.decision.decider_role),
            // Who decides is in the chain as its organizer; in which sector nobody has said.
            role: "organizer".to_owned(),
            sector: NOT_DISCLOSED.to_owned(),
            acts_for: None,
        }],
        tables: Vec::new(),
        title,
        url,
        version,
        site,
    }
}

/// The released numbers that stand in the documents themselves.
fn headlines(released: &[Released]) -> Vec<MeasureRecord> {
    let mut found = Vec::new();
    for (measure, statistics) in HEADLINES {
        let Some(one) = released.iter().find(|one| one.definition.id == measure) else { continue };
        let readings = one.value.iter().flat_map(|value: &MeasureValue| &value.readings);
        for reading in readings.filter(|reading| statistics.contains(&reading.statistic.as_str())) {
            let Some(value) = reading.value() else { continue };
            found.push(MeasureRecord {
                id: format!("{measure}.{}", reading.statistic),
                version: one.definition.version,
                value: Some(value),
                bounds: reading.bounds(),
                unit: one.definition.unit.to_owned(),
                reference: Some(of_what(reading)).filter(|of| !of.is_empty()),
            });
        }
    }
    found
}

fn of_what(reading: &Reading) -> String {
    let of: Vec<String> = reading.of.iter().map(|(dimension, of)| format!("{dimension} {of}")).collect();
    of.join(", ")
}

/// The table of all released measures of a snapshot: the same bytes that its address answers with.
fn table_of_measures(app: &App, snapshot: &str, released: &[Released]) -> Outcome<Table> {
    let file =
        as_csv(snapshot, released.iter().filter_map(|one| Some((one.definition, one.value.as_ref()?))))?;
    Ok(Table {
        name: "measures".to_owned(),
        description: "What everybody may see of the measures on the snapshot, a row for each number."
            .to_owned(),
        path: format!("{}/api/v1/snapshots/{snapshot}/measures?format=csv", site(app)),
        bytes: file.len() as u64,
        sha256: Digest::of(&file).to_string(),
        held_out: false,
        parquet: Some(format!("{}/api/v1/snapshots/{snapshot}/measures?format=parquet", site(app))),
        key: None,
        columns: measure_columns(),
    })
}
