//! A framing to begin with: from what the evaluator says about itself, and from a file that says more.

use std::collections::BTreeSet;

use domain::Actor;
use domain::framing::{DecisionDraft, FramingDraft, NOT_DISCLOSED, Told};
use research::imports::framing::{FramingFile, read_framing};
use sdk::Manifest;

use crate::App;
use crate::activities::imports;
use crate::authority::see_phase;
use crate::failure::Outcome;
use crate::phases::evaluator_of;

/// What an organizer might say about a phase, for them to correct; for those who may change it.
///
/// What the manifest does not tell is not guessed: it is `not_disclosed`.
pub async fn propose_framing(
    app: &App,
    actor: &Actor,
    challenge: &str,
    phase: &str,
) -> Outcome<FramingDraft> {
    let (actor, challenge, phase) = (actor.clone(), challenge.to_owned(), phase.to_owned());
    let phase = app
        .db
        .read(move |conn| {
            Ok::<_, crate::Failure>(see_phase(conn, &actor, &challenge, &phase)?.manage(&actor)?.phase)
        })
        .await?;
    Ok(propose(evaluator_of(&app.evaluators, &phase.evaluator)?.manifest()))
}

/// The same, with what a file says laid over it: fields and values as CSV, or Croissant; nothing is recorded.
pub async fn propose_framing_of_file(
    app: &App,
    actor: &Actor,
    challenge: &str,
    phase: &str,
    file: &[u8],
) -> Outcome<FramingFile> {
    let proposal = propose_framing(app, actor, challenge, phase).await?;
    imports::read(app, file, move |bytes, limits| read_framing(bytes, limits, &proposal)).await
}

/// The framing that the manifest of an evaluator suggests.
pub fn propose(manifest: &Manifest) -> FramingDraft {
    let unsaid = || NOT_DISCLOSED.to_owned();
    let first_sentence = manifest.description.split_inclusive(". ").next().unwrap_or_default().trim();
    let goal = if first_sentence.is_empty() { manifest.title.as_str() } else { first_sentence };
    FramingDraft {
        unit: unit_of(&manifest.item).unwrap_or(NOT_DISCLOSED).to_owned(),
        instance_rule: format!("One {}, scored on its own.", manifest.item),
        label_source: unsaid(),
        label_count: None,
        perspective: unsaid(),
        intent_recorded: Told::NotDisclosed,
        affect_recorded: Told::NotDisclosed,
        speech_recorded: Told::NotDisclosed,
        temporal_direction: unsaid(),
        closed_world: Told::NotDisclosed,
        negative_rule: unsaid(),
        ambiguity_policy: unsaid(),
        imagined_user: String::new(),
        imagined_application: unsaid(),
        stated_goal: goal.chars().take(500).collect(),
        goal_source: manifest.references.first().map(|reference| reference.url.clone()).unwrap_or_default(),
        unscoreable: BTreeSet::new(),
        // Who takes this as it is lets the software decide, and the record says so.
        decision: DecisionDraft { authority_basis: "default".to_owned(), ..DecisionDraft::default() },
    }
}

/// The code of the unit that items of this name are (`framing.unit`).
fn unit_of(item: &str) -> Option<&'static str> {
    Some(match item {
        "query" | "segment" | "interval" | "window" => "segment",
        "clip" | "video" | "session" => "clip",
        "image" | "frame" | "point" => "point",
        "track" | "sequence" => "track",
        "utterance" => "utterance",
        "trajectory" => "trajectory",
        "pose" | "person" => "pose",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Timestamp;

    #[test]
    fn every_built_in_evaluator_suggests_a_framing_that_is_accepted() {
        let evaluators = registry::Registry::built_in();
        for evaluator in evaluators.iter() {
            let manifest = evaluator.manifest();
            let framing = propose(manifest);
            framing.check().unwrap_or_else(|invalid| panic!("{}: {invalid}", manifest.id));
            super::super::record::check(&framing, Timestamp::from_micros(0).unwrap()).unwrap();
        }
    }
}
