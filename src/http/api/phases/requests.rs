//! What the phase routes take.

use app::Failure;
use app::failure::FieldErrors;
use app::phases::update::PhaseChange;
use domain::framing::FramingDraft;
use domain::phase::{AttributeSpec, EvaluationLimits, EvaluationMode, FinalChoice, PhaseDraft};
use domain::quota::Quota;
use domain::ranking_rule::RankingRule;
use domain::split::SplitSpec;
use domain::time::parse_deadline;
use domain::{Codename, Timestamp, Title};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::views::{AttributeShape, LimitsShape, QuotaShape, RankingShape, SplitShape};
use crate::api::framings::views::FramingShape;
use crate::api::given::{given, named, unread};

/// A new phase.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreatePhase {
    /// Its short name, unique in the challenge and kept for good.
    #[schema(example = "test")]
    codename: String,
    /// Its heading.
    title: String,
    /// What it is for, in Markdown.
    #[serde(default)]
    description: String,
    /// The id of the evaluator.
    #[schema(example = "ego4d_nlq")]
    evaluator: String,
    /// The evaluator's parameters, where they are not its defaults.
    #[serde(default)]
    #[schema(value_type = Object)]
    params: Map<String, Value>,
    /// `strict` (the specification) or `reference` (the public code, bugs included).
    #[serde(default)]
    #[schema(value_type = String, example = "strict")]
    mode: EvaluationMode,
    /// When submissions are first taken.
    #[schema(format = DateTime)]
    opens_at: String,
    /// From when on they are late, or a bare day, which ends when it is over anywhere on earth; null is never.
    #[schema(example = "2026-05-31")]
    closes_at: Option<String>,
    /// How much a team may submit.
    #[serde(default)]
    #[schema(value_type = QuotaShape)]
    quota: Quota,
    /// What one submission may use.
    #[serde(default)]
    #[schema(value_type = LimitsShape)]
    limits: EvaluationLimits,
    /// How entries are ranked.
    #[serde(default)]
    #[schema(value_type = RankingShape)]
    ranking: RankingRule,
    /// Which submission of a team counts: `best`, `latest` or `chosen`.
    #[serde(default)]
    #[schema(value_type = String, example = "best")]
    final_choice: FinalChoice,
    /// What teams say about their method beyond the standard fields.
    #[serde(default)]
    #[schema(value_type = Vec<AttributeShape>)]
    attributes: Vec<AttributeSpec>,
    /// The sets of items that are scored: at least one.
    #[schema(value_type = Vec<SplitShape>)]
    splits: Vec<SplitSpec>,
    /// Whether participants see the leaderboard; true when left out.
    #[serde(default = "yes")]
    leaderboard_public: bool,
    /// How it frames what it counts, and who decided that; until there is one, the phase takes no submissions.
    #[schema(value_type = Option<FramingShape>)]
    framing: Option<Box<FramingDraft>>,
}

fn yes() -> bool {
    true
}

/// What changes; what is left out stays, and what is there replaces all of what was there.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdatePhase {
    /// Its heading.
    title: Option<String>,
    /// What it is for, in Markdown.
    description: Option<String>,
    /// The id of the evaluator.
    evaluator: Option<String>,
    /// The evaluator's parameters.
    #[schema(value_type = Option<Object>)]
    params: Option<Map<String, Value>>,
    /// `strict` or `reference`.
    #[schema(value_type = Option<String>)]
    mode: Option<EvaluationMode>,
    /// When submissions are first taken.
    #[schema(format = DateTime)]
    opens_at: Option<String>,
    /// From when on they are late, a bare day, or null for never.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    closes_at: Option<Option<String>>,
    /// How much a team may submit.
    #[schema(value_type = Option<QuotaShape>)]
    quota: Option<Quota>,
    /// What one submission may use.
    #[schema(value_type = Option<LimitsShape>)]
    limits: Option<EvaluationLimits>,
    /// How entries are ranked.
    #[schema(value_type = Option<RankingShape>)]
    ranking: Option<RankingRule>,
    /// Which submission of a team counts.
    #[schema(value_type = Option<String>)]
    final_choice: Option<FinalChoice>,
    /// What teams say about their method.
    #[schema(value_type = Option<Vec<AttributeShape>>)]
    attributes: Option<Vec<AttributeSpec>>,
    /// The splits. Once submissions are scored on them they keep their items, and more may be added.
    #[schema(value_type = Option<Vec<SplitShape>>)]
    splits: Option<Vec<SplitSpec>>,
    /// Whether participants see the leaderboard.
    leaderboard_public: Option<bool>,
    /// How it frames what it counts: a new version, with its own decision.
    #[schema(value_type = Option<FramingShape>)]
    framing: Option<Box<FramingDraft>>,
    /// Why, for everybody to read: dates on which people rely move for a reason only.
    reason: Option<String>,
}

/// The end of a phase.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClosePhase {
    /// Why, for everybody to read: 1 to 4000 bytes.
    pub(super) reason: String,
}

impl CreatePhase {
    pub(super) fn parse(self) -> Result<PhaseDraft, Failure> {
        let mut errors = FieldErrors::default();
        let codename = errors.take(Codename::parse(&self.codename));
        let title = errors.take(Title::parse(&self.title).map_err(named("title")));
        let opens_at = errors.take(Timestamp::parse(&self.opens_at).map_err(named("opens_at")));
        let closes_at = self.closes_at.as_deref().map(parse_deadline).transpose().map_err(named("closes_at"));
        let closes_at = errors.take(closes_at);
        errors.finish()?;
        let (Some(codename), Some(title), Some(opens_at), Some(closes_at)) =
            (codename, title, opens_at, closes_at)
        else {
            return Err(unread());
        };
        Ok(PhaseDraft {
            codename,
            title,
            description: self.description,
            evaluator: self.evaluator,
            params: self.params,
            mode: self.mode,
            opens_at,
            closes_at,
            quota: self.quota,
            limits: self.limits,
            ranking: self.ranking,
            final_choice: self.final_choice,
            attributes: self.attributes,
            splits: self.splits,
            leaderboard_public: self.leaderboard_public,
            framing: self.framing,
        })
    }
}

impl UpdatePhase {
    pub(super) fn parse(self) -> Result<PhaseChange, Failure> {
        let mut errors = FieldErrors::default();
        let title = self.title.as_deref().map(Title::parse).transpose().map_err(named("title"));
        let title = errors.take(title);
        let opens_at = self.opens_at.as_deref().map(Timestamp::parse).transpose().map_err(named("opens_at"));
        let opens_at = errors.take(opens_at);
        let closes_at = match self.closes_at {
            Some(Some(text)) => parse_deadline(&text).map(|at| Some(Some(at))).map_err(named("closes_at")),
            Some(None) => Ok(Some(None)),
            None => Ok(None),
        };
        let closes_at = errors.take(closes_at);
        errors.finish()?;
        let (Some(title), Some(opens_at), Some(closes_at)) = (title, opens_at, closes_at) else {
            return Err(unread());
        };
        Ok(PhaseChange {
            title,
            description: self.description,
            evaluator: self.evaluator,
            params: self.params,
            mode: self.mode,
            opens_at,
            closes_at,
            quota: self.quota,
            limits: self.limits,
            ranking: self.ranking,
            final_choice: self.final_choice,
            attributes: self.attributes,
            splits: self.splits,
            leaderboard_public: self.leaderboard_public,
            framing: self.framing,
            reason: self.reason,
        })
    }
}
