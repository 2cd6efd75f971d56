//! A challenge of the past as a record: what is public about the Ego4D challenges, each with its source. Nobody competes here.
//!
//! It shows what a researcher finds where not everything is made up: lanes of events, four labours of which two are told,
//! exclusions that nobody is on record as having decided.

use app::challenges::create::create_challenge;
use app::challenges::history::{HistoryDraft, record_history};
use app::challenges::publish::publish_challenge;
use app::datasets::records::SiteDraft;
use app::datasets::{BindingDraft, bind_framing, record_site};
use app::framing::list_framings;
use app::participation::snapshot::{MakeSnapshot, make_snapshot};
use app::phases::create::create_phase;
use domain::challenge::ChallengeDraft;
use domain::framing::{DecisionDraft, FramingDraft, NOT_DISCLOSED, Told};
use domain::phase::{EvaluationLimits, EvaluationMode, FinalChoice, PhaseDraft};
use domain::quota::Quota;
use domain::ranking_rule::RankingRule;
use domain::split::{SplitRule, SplitSpec, Visibility};
use domain::{Codename, Slug, Timestamp, Title};

use super::super::cast::ORGANIZER;
use super::Filling;
use super::worked_example::{DATASET, PAPER};

/// The short name of the challenge.
const SLUG: &str = "ego4d-on-record";

const DOCS: &str = "EGO4D/docs, docs/challenge.md";
const CHANGELOG: &str = "facebookresearch/Ego4d, CHANGELOG";
const UPDATES: &str = "EGO4D/docs, docs/updates.md";

/// What happened: its kind, when, what in words, and where that is said.
const HISTORY: [(&str, &str, &str, &str); 17] = [
    ("dataset.announced", "2021-10", "The paper is on arXiv.", PAPER),
    ("dataset.released", "2022-02-17", "Version 1.0.0 can be had under a licence.", CHANGELOG),
    ("dataset.corrected", "2022-02-24", "Who looks at the camera wearer was marked wrongly.", CHANGELOG),
    ("dataset.released", "2022-03-14", "Gaze is added.", CHANGELOG),
    ("dataset.corrected", "2022-03-15", "Two videos had been missing among the clips.", CHANGELOG),
    ("edition.closed", "2022-06-19", "The first edition: 5 tasks on the page of winners.", DOCS),
    ("edition.closed", "2022-10-24", "The second edition: 15 tasks.", DOCS),
    ("prize.announced", "2023", "3000, 2000 and 1000 US dollars for each challenge.", DOCS),
    (
        "dataset.released",
        "2023-02",
        "Version 2.0 with more annotations; the test set keeps its inputs.",
        UPDATES,
    ),
    ("instances.removed", "2023-02", "Videos with frozen frames or of varying resolution leave.", UPDATES),
    (
        "contestation.answered",
        "2023-02",
        "Somebody from outside had found windows of no length in the queries; they were annotated again.",
        UPDATES,
    ),
    ("edition.opened", "2023-02", "The third edition: 16 challenges.", DOCS),
    ("edition.closed", "2023-05-14", "Nothing is taken any more.", DOCS),
    ("edition.closed", "2024-06-17", "The day of the workshop.", DOCS),
    ("edition.opened", "2025-03-05", "9 challenges on Ego4D, 15 with those on Ego-Exo4D.", DOCS),
    ("prize.changed", "2025-03-05", "500, 300 and 200 US dollars.", DOCS),
    (
        "task.retired",
        "2025-03-05",
        "Seven tasks do not run, diarization and hand forecasting among them.",
        DOCS,
    ),
];

impl Filling<'_, '_> {
    /// Puts a challenge of the past on record, with what is public about it.
    pub(super) async fn record_public_challenge(&mut self) -> anyhow::Result<()> {
        let organizer = self.person(ORGANIZER).await?;
        let app = &self.app;
        create_challenge(app, &organizer, challenge()?, None).await?;
        create_phase(app, &organizer, SLUG, phase()?, None).await?;
        publish_challenge(app, &organizer, SLUG).await?;
        for (event_type, happened, words, source) in HISTORY {
            let draft = HistoryDraft {
                event_type: event_type.to_owned(),
                happened: happened.to_owned(),
                words: words.to_owned(),
                source: source.to_owned(),
            };
            record_history(app, &organizer, SLUG, draft, None).await?;
        }
        let unknown = || "unknown".to_owned();
        let site = SiteDraft {
            name: "74 places in 9 countries, together".to_owned(),
            country: None,
            participants: Some(931),
            hours: Some(3670.0),
            started_on: None,
            ended_on: None,
            compensation: "undisclosed".to_owned(),
            activity_selection: unknown(),
            bystander_regime: unknown(),
            participant_review: unknown(),
            disclosure: "public_document".to_owned(),
            source: format!("{PAPER}, abstract; other pages of the consortium count 923 and 926 people"),
        };
        record_site(app, &domain::Actor::System, (DATASET, "1.0.0"), None, site, None).await?;
        let framings = list_framings(app, &organizer, SLUG, PHASE).await?;
        if let Some(framing) = framings.first() {
            let binding = BindingDraft {
                dataset: Some(format!("{DATASET}@1.0.0")),
                guideline: None,
                taxonomy: Some("ego4d-scenarios@0.1.0".to_owned()),
            };
            bind_framing(app, &organizer, framing.full.framing.id, binding).await?;
        }
        let input = MakeSnapshot { challenge: SLUG.to_owned(), whole_series: false, as_of: None };
        make_snapshot(app, &organizer, input, None).await?;
        Ok(())
    }
}

/// The codename of the phase.
const PHASE: &str = "queries-2022";

fn challenge() -> anyhow::Result<ChallengeDraft> {
    let draft = ChallengeDraft {
        slug: Slug::parse(SLUG)?,
        title: Title::parse("The Ego4D challenges, on record")?,
        summary: "No competition: public facts about a benchmark of daily life, each with its source.".to_owned(),
        description: "Everything else in this demo is invented. What stands here is public: it was read from the paper, the pages and \
                      the change log of the dataset, and every entry names its source. What nobody has said is *not disclosed*. \
                      The place to begin is the [timeline](/challenges/ego4d-on-record/timeline), then \
                      [four labours](/challenges/ego4d-on-record/production) and \
                      [what settles](/challenges/ego4d-on-record/solidification)."
            .to_owned(),
        series: None,
        edition: "2022 to 2025".to_owned(),
        team_max_size: None,
        terms: String::new(),
        tags: std::collections::BTreeSet::new(),
    };
    Ok(draft.check()?)
}

fn phase() -> anyhow::Result<PhaseDraft> {
    let draft = PhaseDraft {
        codename: Codename::parse(PHASE)?,
        title: Title::parse("Natural language queries, 2022")?,
        description: "What was asked then. The held-out annotations are not here, and nothing can be sent."
            .to_owned(),
        evaluator: "ego4d_nlq".to_owned(),
        params: serde_json::Map::new(),
        mode: EvaluationMode::Reference,
        opens_at: Timestamp::parse("2022-03-16T00:00:00Z")?,
        closes_at: Some(Timestamp::parse("2022-06-01T00:00:00Z")?),
        quota: Quota { per_day: None, per_week: None, per_month: None, total: None, concurrent: Some(1) },
        limits: EvaluationLimits::default(),
        ranking: RankingRule::default(),
        final_choice: FinalChoice::Best,
        attributes: Vec::new(),
        splits: vec![SplitSpec {
            codename: Codename::parse("test")?,
            visibility: Visibility::Public,
            rule: SplitRule::All,
        }],
        leaderboard_public: true,
        framing: Some(Box::new(framing())),
    };
    Ok(draft.check()?)
}

/// What can be read of how the task frames daily life; who decided it is not on record.
fn framing() -> FramingDraft {
    let unsaid = || NOT_DISCLOSED.to_owned();
    FramingDraft {
        unit: "segment".to_owned(),
        instance_rule: "A window of a clip that answers a question made from one of thirteen templates."
            .to_owned(),
        label_source: "template".to_owned(),
        label_count: Some(13),
        perspective: "third_party_annotator".to_owned(),
        intent_recorded: Told::NotDisclosed,
        affect_recorded: Told::No,
        speech_recorded: Told::NotDisclosed,
        temporal_direction: "past".to_owned(),
        closed_world: Told::Yes,
        negative_rule: unsaid(),
        ambiguity_policy: unsaid(),
        imagined_user: "Somebody who asks what happened in a past that was filmed.".to_owned(),
        imagined_application: "memory_aid".to_owned(),
        stated_goal: "Say when in a video the answer to a question is to be seen.".to_owned(),
        goal_source: PAPER.to_owned(),
        unscoreable: std::collections::BTreeSet::new(),
        decision: DecisionDraft {
            decider_role: unsaid(),
            authority_basis: unsaid(),
            rationale_code: unsaid(),
            rationale: String::new(),
            alternatives: Vec::new(),
            parties: std::collections::BTreeSet::new(),
            decided_at: None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_on_record_can_be_kept() {
        challenge().unwrap();
        phase().unwrap();
        assert_eq!(framing().check(), Ok(()));
    }
}
