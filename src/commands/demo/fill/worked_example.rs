//! A worked example of what can be on record about a dataset: the public facts about Ego4D, each with its source.
//!
//! Everything else in the demo is made up; this is not, and no challenge of the demo claims to be about it.
//! Hours by scenario were read off a published chart; a video can show several scenarios, so they illustrate and do not measure.

use app::activities::{ProfileDraft, Subject, record_profile, record_shipped};
use app::datasets::records::{AnnouncementDraft, ExclusionDraft, Json, PublicationDraft, ReviewDraft};
use app::datasets::{
    CitationDraft, DatasetDraft, VersionDraft, record_announcement, record_citation, record_dataset,
    record_exclusion_of_dataset, record_review, record_version,
};
use domain::integrity::Statement;
use domain::{Actor, Slug, Title, VersionName};

use super::Filling;

/// The short name of the dataset.
pub(super) const DATASET: &str = "ego4d";
pub(super) const PAPER: &str = "arXiv:2110.07058";
const UPDATES: &str = "EGO4D/docs, docs/updates.md";

/// Hours by scenario, from the published chart of the 25 longest; one of them has no scenario of that name.
const HOURS: [(&str, f64); 24] = [
    ("12", 445.0),
    ("4", 372.0),
    ("3", 351.0),
    ("7", 159.0),
    ("5", 107.0),
    ("22", 95.0),
    ("35", 86.0),
    ("59", 86.0),
    ("13", 81.0),
    ("73", 78.0),
    ("33", 78.0),
    ("83", 78.0),
    ("53", 72.0),
    ("20", 72.0),
    ("24", 72.0),
    ("128", 69.0),
    ("31", 69.0),
    ("95", 61.0),
    ("32", 61.0),
    ("90", 51.0),
    ("64", 51.0),
    ("8", 49.0),
    ("21", 49.0),
    ("91", 43.0),
];
/// The hours of all recordings.
const ALL_HOURS: f64 = 3670.0;

/// A version: its name, the one before, the day where it is public, hours where they are stated, where that is said.
type Version = (&'static str, Option<&'static str>, Option<&'static str>, Option<f64>, &'static str);

const VERSIONS: [Version; 3] = [
    (
        "1.0.0",
        None,
        Some("2022-02-17"),
        Some(ALL_HOURS),
        "facebookresearch/Ego4d, CHANGELOG; hours as EGO4D/docs state them",
    ),
    ("2.0", Some("1.0.0"), None, None, "EGO4D/docs, docs/updates.md: February 2023, no day"),
    ("2.1", Some("2.0"), None, None, "EGO4D/docs, docs/updates.md: no date"),
];

impl Filling<'_, '_> {
    /// Puts on record what the program brings and what is public about one dataset.
    pub(super) async fn record_worked_example(&self) -> anyhow::Result<()> {
        let (app, actor) = (&self.app, &Actor::System);
        record_shipped(app, actor).await?;
        let draft = DatasetDraft {
            name: Slug::parse(DATASET)?,
            title: Title::parse("Ego4D")?,
            conceptualization: Some(Statement::parse(
                "Daily life as those see it who live it, recorded by cameras on their heads.",
            )?),
            licence: Some(Title::parse("Ego4D licence, signed by each institution")?),
            source: Title::parse(PAPER)?,
        };
        record_dataset(app, actor, draft, None).await?;
        for (version, parent, released_on, hours, source) in VERSIONS {
            let draft = VersionDraft {
                version: VersionName::parse(version)?,
                released_on: released_on.map(str::parse).transpose()?,
                change_class: None,
                parent: parent.map(VersionName::parse).transpose()?,
                content_digest: None,
                hours,
                instances: None,
                participants: None,
                countries: hours.is_some().then_some(9),
                source: Title::parse(source)?,
            };
            record_version(app, actor, DATASET, draft, None).await?;
        }
        self.record_how_it_was_made().await?;
        let header = std::iter::once("code,share\n".to_owned());
        let rows = HOURS.iter().map(|(code, hours)| format!("{code},{:.6}\n", hours / ALL_HOURS));
        let table: String = header.chain(rows).collect();
        let draft = ProfileDraft {
            subject: Subject::Dataset(format!("{DATASET}@1.0.0")),
            taxonomy: "ego4d-scenarios@0.1.0".to_owned(),
            unit: "hours".to_owned(),
            method: "estimated".to_owned(),
            source: Title::parse(
                "EGO4D/docs, docs/media/image16.png and image7.png, bars read off, 4 hours either way",
            )?,
            is_public: true,
        };
        record_profile(app, actor, draft, table.as_bytes(), None).await?;
        Ok(())
    }

    /// What is public of its announcement, its reviews, what was left out of it, and its paper.
    async fn record_how_it_was_made(&self) -> anyhow::Result<()> {
        let (app, actor) = (&self.app, &Actor::System);
        let announcement = AnnouncementDraft {
            announced_on: "2021-10-13".to_owned(),
            source: PAPER.to_owned(),
            claims: Json(vec!["hundreds of scenarios".to_owned(), "74 locations in 9 countries".to_owned()]),
        };
        record_announcement(app, actor, DATASET, announcement, None).await?;
        let review = ReviewDraft {
            board: "review boards of the institutions that recorded".to_owned(),
            independence: "institutional".to_owned(),
            decision: "approved".to_owned(),
            reference: String::new(),
            decided_on: None,
            source: "EGO4D consortium, statement on privacy and ethics".to_owned(),
        };
        record_review(app, actor, DATASET, review, None).await?;
        let left_out = |stage: &str, scope: &str| ExclusionDraft {
            stage: stage.to_owned(),
            reason: "technical_defect".to_owned(),
            basis: "stated_policy".to_owned(),
            scope: scope.to_owned(),
            instances: None,
            hours: None,
            source: UPDATES.to_owned(),
        };
        for (stage, scope) in [
            (
                "benchmark_selection",
                "a video with frozen frames, one of varying resolution, several that are too short",
            ),
            ("split", "stereo videos, fewer than five, some of them of the test set"),
        ] {
            let place = (DATASET, "2.0");
            record_exclusion_of_dataset(app, actor, place, left_out(stage, scope), None).await?;
        }
        let citation = CitationDraft {
            publication: PublicationDraft {
                doi: None,
                arxiv: Some("2110.07058".to_owned()),
                title: "Ego4D: Around the World in 3,000 Hours of Egocentric Video".to_owned(),
                venue: "CVPR 2022".to_owned(),
                published_on: "2021-10-13".to_owned(),
            },
            function: "documents_self".to_owned(),
            version: None,
            seen_in: PAPER.to_owned(),
        };
        record_citation(app, actor, DATASET, citation).await?;
        Ok(())
    }
}
