//! The challenges of the demo: three tasks that run now, and last year's edition of the first.

use domain::challenge::ChallengeDraft;
use domain::phase::{
    AttributeKind, AttributeSpec, EvaluationLimits, EvaluationMode, FinalChoice, PhaseDraft,
};
use domain::quota::Quota;
use domain::ranking_rule::RankingRule;
use domain::split::{SplitRule, SplitSpec, Visibility};
use domain::{Codename, Invalid, Slug, Timestamp, Title};

use super::generate::{Deeds, Mixture, Moments, Queries, Task};

/// One edition of one task.
pub(crate) struct Edition {
    pub(crate) slug: &'static str,
    pub(crate) title: &'static str,
    summary: &'static str,
    about: &'static str,
    edition: &'static str,
    in_series: bool,
    pub(super) evaluator: &'static str,
    splits: Splits,
    /// How many days before the demo the phase opens and closes; it may close after it.
    pub(crate) opens: i64,
    pub(crate) closes: i64,
    pub(crate) task: Box<dyn Task>,
    pub(crate) entries: Vec<Entry>,
}

/// How often a team submits, and how good its first and last methods are.
pub(crate) struct Entry {
    pub(crate) group: &'static str,
    pub(crate) attempts: usize,
    pub(crate) first_skill: f64,
    pub(crate) last_skill: f64,
}

/// How the items are divided.
enum Splits {
    /// Some camera wearers are public, the others private.
    ByPart,
    /// Homes that are in the training data are public, new ones are not.
    ByHome,
}

/// The series of the query task.
pub(crate) const SERIES: (&str, &str, &str) = (
    "where-was-it",
    "Where was it?",
    "Questions that people ask about their own day, answered by a window of first-person video. \
     Each edition adds kinds of household work that the last one hardly showed.",
);

/// The codename of every phase.
pub(crate) const PHASE: &str = "test";

const COOKING_FIRST: Mixture = [5, 2, 1, 0, 0, 0];
const BALANCED: Mixture = [1, 1, 1, 1, 1, 1];

const TERMS: &str = "\
1. Submit as one team. A person is in one team per challenge.\n\
2. Do not label the test clips by hand.\n\
3. Describe your method in a sentence that somebody else could follow.\n\
4. The data show people at home. Do not try to find out who they are.\n";

fn entry(group: &'static str, attempts: usize, first_skill: f64, last_skill: f64) -> Entry {
    Entry { group, attempts, first_skill, last_skill }
}

/// All editions, in the order in which they open.
pub(crate) fn programme(seed: u64) -> Vec<Edition> {
    vec![
        Edition {
            slug: "where-was-it-1",
            title: "Where was it? First edition",
            summary: "Find the moment in a first-person video that answers a question about the day. Over.",
            about: "The first edition, mostly recorded in kitchens. Its results stay here for comparison.",
            edition: "First edition",
            in_series: true,
            evaluator: "ego4d_nlq",
            splits: Splits::ByPart,
            opens: 398,
            closes: 330,
            task: Box::new(Queries::generate(seed ^ 1, 16, &COOKING_FIRST)),
            entries: vec![
                entry("The organizers", 1, 0.14, 0.14),
                entry("Second Shelf", 3, 0.25, 0.42),
                entry("Compost", 3, 0.28, 0.38),
                entry("Odd Socks", 2, 0.2, 0.33),
            ],
        },
        Edition {
            slug: "where-was-it-2",
            title: "Where was it? Second edition",
            summary: "Find the moment in a first-person video that answers a question about the day.",
            about: "“Where did I last put the kettle?” The answer is a window of a clip of eight minutes, in seconds. \
                Up to five windows per question count, best first. Six kinds of household work have equal shares \
                in this edition.",
            edition: "Second edition",
            in_series: true,
            evaluator: "ego4d_nlq",
            splits: Splits::ByPart,
            opens: 44,
            closes: -60,
            task: Box::new(Queries::generate(seed ^ 2, 36, &BALANCED)),
            entries: vec![
                entry("The organizers", 1, 0.14, 0.14),
                entry("Kettle Whisperers", 4, 0.34, 0.6),
                entry("Second Shelf", 4, 0.45, 0.62),
                entry("Compost", 4, 0.38, 0.66),
                entry("Loose Screws", 3, 0.3, 0.5),
                entry("Odd Socks", 4, 0.36, 0.57),
                entry("Warm Hands", 3, 0.28, 0.46),
            ],
        },
        Edition {
            slug: "moments-at-home",
            title: "Moments at home",
            summary: "Find every time that something named is done at home, with its start and end.",
            about: "Twenty-four deeds, from `fill_kettle` to `brush_dog`. Detections are ranked by their score over all \
                clips; the task counts mean average precision at five overlaps.",
            edition: "",
            in_series: false,
            evaluator: "ego4d_mq",
            splits: Splits::ByPart,
            opens: 43,
            closes: -45,
            task: Box::new(Moments::generate(seed ^ 3, 60, &BALANCED)),
            entries: vec![
                entry("The organizers", 1, 0.16, 0.16),
                entry("Kettle Whisperers", 4, 0.3, 0.52),
                entry("Second Shelf", 3, 0.42, 0.56),
                entry("Loose Screws", 4, 0.4, 0.72),
                entry("Night Lamp", 4, 0.35, 0.7),
                entry("Warm Hands", 3, 0.3, 0.5),
            ],
        },
        Edition {
            slug: "hands-at-work",
            title: "Hands at work",
            summary: "Say what the hands do in a clip of four seconds: one of twenty-four deeds.",
            about: "Half of the clips come from homes that are also in the training data. The other half come from new \
                homes, and decide in the end.",
            edition: "",
            in_series: false,
            evaluator: "classification_label",
            splits: Splits::ByHome,
            opens: 42,
            closes: -30,
            task: Box::new(Deeds::generate(seed ^ 4, 48, &BALANCED)),
            entries: vec![
                entry("The organizers", 1, 0.2, 0.2),
                entry("Kettle Whisperers", 4, 0.5, 0.72),
                entry("Second Shelf", 3, 0.6, 0.74),
                entry("Compost", 4, 0.48, 0.78),
                entry("Loose Screws", 3, 0.45, 0.66),
                entry("Odd Socks", 3, 0.5, 0.7),
                entry("Warm Hands", 3, 0.55, 0.8),
                entry("Night Lamp", 4, 0.52, 0.76),
            ],
        },
    ]
}

impl Edition {
    /// Whether it takes submissions on the day of the demo.
    pub(crate) fn is_running(&self) -> bool {
        self.closes < 0
    }

    /// Whether it is one of a series.
    pub(crate) fn is_in_series(&self) -> bool {
        self.in_series
    }

    /// How many days before the demo the organizer prepares it.
    pub(crate) fn prepared(&self) -> i64 {
        self.opens + 3
    }

    /// What the organizer says about the challenge.
    pub(crate) fn challenge(&self) -> Result<ChallengeDraft, Invalid> {
        let series = if self.in_series { Some(Slug::parse(SERIES.0)?) } else { None };
        let description = format!(
            "{}\n\nAll clips, questions and answers of this challenge are generated: it shows how the site works.\n",
            self.about
        );
        ChallengeDraft {
            slug: Slug::parse(self.slug)?,
            title: Title::parse(self.title)?,
            summary: self.summary.to_owned(),
            description,
            series,
            edition: self.edition.to_owned(),
            team_max_size: Some(5),
            terms: TERMS.to_owned(),
            tags: std::collections::BTreeSet::new(),
        }
        .check()
    }

    /// Its only phase, for a demo of that day.
    pub(crate) fn phase(&self, today: Timestamp) -> Result<PhaseDraft, Invalid> {
        PhaseDraft {
            codename: Codename::parse(PHASE)?,
            title: Title::parse("Test phase")?,
            description: String::new(),
            evaluator: self.evaluator.to_owned(),
            params: serde_json::Map::new(),
            mode: EvaluationMode::Strict,
            opens_at: days_before(today, self.opens),
            closes_at: Some(days_before(today, self.closes)),
            quota: Quota {
                per_day: Some(20),
                per_week: None,
                per_month: None,
                total: Some(500),
                concurrent: Some(4),
            },
            limits: EvaluationLimits { upload_bytes: 64 << 20, ..EvaluationLimits::default() },
            ranking: RankingRule::default(),
            final_choice: FinalChoice::Best,
            attributes: vec![AttributeSpec {
                name: "external_data".into(),
                label: "Which data beyond the training set did you use?".into(),
                kind: AttributeKind::Choice { choices: vec!["none".into(), "public".into(), "own".into()] },
                required: false,
            }],
            splits: self.split_specs()?,
            leaderboard_public: true,
            framing: Some(Box::new(self.framing())),
        }
        .check()
    }

    fn split_specs(&self) -> Result<Vec<SplitSpec>, Invalid> {
        let split = |codename: &str, visibility, rule| {
            Ok(SplitSpec { codename: Codename::parse(codename)?, visibility, rule })
        };
        match self.splits {
            Splits::ByPart => {
                let part = |value: &str| SplitRule::Attribute {
                    attribute: "part".into(),
                    values: vec![value.into()],
                };
                Ok(vec![
                    split("public", Visibility::Public, part("public"))?,
                    split("private", Visibility::Private, part("private"))?,
                ])
            }
            Splits::ByHome => {
                let home = |value: &str| SplitRule::Attribute {
                    attribute: "home".into(),
                    values: vec![value.into()],
                };
                Ok(vec![
                    split("familiar_homes", Visibility::Public, home("familiar"))?,
                    split("new_homes", Visibility::Private, home("new"))?,
                ])
            }
        }
    }
}

/// The moment that many days before another.
pub(crate) fn days_before(today: Timestamp, days: i64) -> Timestamp {
    today.plus_seconds(-86_400 * days)
}
