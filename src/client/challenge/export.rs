//! `challenge export`: writes a folder that `challenge apply` takes.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use bundles::{AnnotationsFile, BundleFolder, ChallengeBundle, PhaseEntry};
use domain::challenge::ChallengeDraft;
use domain::phase::PhaseDraft;
use domain::{Slug, Timestamp};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::remote::{self, RemoteChallenge, RemotePhase};
use crate::{Client, ClientError, status};

/// What is read of a challenge.
#[derive(Deserialize)]
struct ChallengeFields {
    slug: Slug,
    title: domain::Title,
    #[serde(default)]
    summary: String,
    #[serde(default)]
    description: String,
    series: Option<Slug>,
    #[serde(default)]
    edition: String,
    team_max_size: Option<u32>,
    #[serde(default)]
    terms: String,
    #[serde(default)]
    tags: BTreeSet<domain::Tag>,
}

/// What is read of a phase.
#[derive(Deserialize)]
struct PhaseFields {
    title: domain::Title,
    #[serde(default)]
    description: String,
    evaluator: String,
    #[serde(default)]
    params: Map<String, Value>,
    mode: domain::phase::EvaluationMode,
    opens_at: Timestamp,
    closes_at: Option<Timestamp>,
    #[serde(default)]
    quota: domain::quota::Quota,
    #[serde(default)]
    limits: domain::phase::EvaluationLimits,
    #[serde(default)]
    ranking: domain::ranking_rule::RankingRule,
    final_choice: domain::phase::FinalChoice,
    #[serde(default)]
    attributes: Vec<domain::phase::AttributeSpec>,
    splits: Vec<domain::split::SplitSpec>,
    leaderboard_public: bool,
    framing: Option<Box<domain::framing::FramingDraft>>,
}

/// Writes the challenge into `folder`, or into a new folder of its name.
pub fn export(client: &mut Client<'_>, slug: &str, folder: Option<PathBuf>) -> Result<(), ClientError> {
    let slug =
        Slug::parse(slug).map_err(|invalid| ClientError::Usage(format!("the slug {}", invalid.rule)))?;
    let folder = folder.unwrap_or_else(|| PathBuf::from(slug.as_str()));
    let target = folder.join(bundles::FILE_NAME);
    if target.exists() {
        return Err(ClientError::Usage(format!("{} is there already", target.display())));
    }
    let Some((remote, state)) = remote::read(&client.api()?, &slug)? else {
        return Err(ClientError::Usage(format!("there is no challenge {slug} that you may export")));
    };
    let bundle = BundleFolder { path: folder.clone(), bundle: bundle_of(remote)?, publish: state != "draft" };
    std::fs::create_dir_all(&folder).map_err(ClientError::file("create", &folder))?;
    for (name, text) in bundle.to_files()? {
        write(client, &folder.join(name), &text)?;
    }
    if bundle.bundle.phases.iter().any(|phase| !phase.annotations.is_empty()) {
        writeln!(
            client.terminal.err,
            "annotations are named by their digests; they do not leave the server"
        )?;
    }
    Ok(())
}

fn write(client: &mut Client<'_>, path: &Path, text: &str) -> Result<(), ClientError> {
    std::fs::write(path, text).map_err(ClientError::file("write", path))?;
    writeln!(client.terminal.out, "{}", path.display())?;
    Ok(())
}

fn bundle_of(remote: RemoteChallenge) -> Result<ChallengeBundle, ClientError> {
    let fields: ChallengeFields = status::understood(&Value::Object(remote.challenge))?;
    let challenge = ChallengeDraft {
        slug: fields.slug,
        title: fields.title,
        summary: fields.summary,
        description: fields.description,
        series: fields.series,
        edition: fields.edition,
        team_max_size: fields.team_max_size,
        terms: fields.terms,
        tags: fields.tags,
    };
    let phases = remote.phases.into_iter().map(entry_of).collect::<Result<_, _>>()?;
    Ok(ChallengeBundle { challenge, phases })
}

fn entry_of(remote: RemotePhase) -> Result<PhaseEntry, ClientError> {
    let fields: PhaseFields = status::understood(&Value::Object(remote.fields))?;
    let codename = domain::Codename::parse(&remote.codename)
        .map_err(|invalid| ClientError::NotUnderstood(invalid.to_string()))?;
    let draft = PhaseDraft {
        codename,
        title: fields.title,
        description: fields.description,
        evaluator: fields.evaluator,
        params: fields.params,
        mode: fields.mode,
        opens_at: fields.opens_at,
        closes_at: fields.closes_at,
        quota: fields.quota,
        limits: fields.limits,
        ranking: fields.ranking,
        final_choice: fields.final_choice,
        attributes: fields.attributes,
        splits: fields.splits,
        leaderboard_public: fields.leaderboard_public,
        framing: fields.framing,
    };
    let annotations = remote
        .annotations
        .into_iter()
        .map(|table| AnnotationsFile {
            table: table.table,
            file: table.file,
            digest: table.digest,
            size_bytes: None,
        })
        .collect();
    Ok(PhaseEntry { draft, annotations })
}
