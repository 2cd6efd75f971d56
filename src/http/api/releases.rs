//! What a reader is told of scores that are not shown, or not as they are.

use app::leaderboards::Shown;
use domain::Timestamp;
use domain::ranking_rule::ReleasePolicy;
use serde::Serialize;
use utoipa::ToSchema;

/// What a reader is shown of the scores of a phase.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReleaseView {
    /// The phase's policy, which holds for participants until the result is published.
    #[schema(value_type = Object, example = json!({"policy": "rounded", "decimals": 2}))]
    policy: ReleasePolicy,
    /// What this reader is shown: `everything`, `rounded`, `steps` (a ladder's), `as_of` (what there was at a moment) or
    /// `nothing`.
    #[schema(example = "everything")]
    shown: &'static str,
    /// The moment as of which scores are shown, or before which nothing is; null where there is none.
    #[schema(value_type = Option<String>, format = DateTime)]
    moment: Option<Timestamp>,
}

impl ReleaseView {
    pub(crate) fn new(policy: ReleasePolicy, shown: Shown) -> Self {
        let (name, moment) = match shown {
            Shown::Everything => ("everything", None),
            Shown::Rounded(_) => ("rounded", None),
            Shown::Steps => ("steps", None),
            Shown::AsOf(moment) => ("as_of", Some(moment)),
            Shown::Nothing { until } => ("nothing", until),
        };
        Self { policy, shown: name, moment }
    }
}
