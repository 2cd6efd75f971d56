//! Lists of challenges.

use domain::{Actor, ChallengeId, Scope};
use storage::challenges::{self, Challenge, Filter, Standing};

use crate::App;
use crate::authority::person;
use crate::failure::Outcome;

/// Which challenges are asked for.
#[derive(Debug, Clone, Default)]
pub struct ListChallenges {
    /// Only those that the actor helps to run, drafts included.
    pub organized: bool,
    /// Only those that stand so.
    pub standing: Option<Standing>,
    /// Only those whose slug, title or summary holds this text.
    pub text: Option<String>,
    /// Only those older than this one.
    pub before: Option<ChallengeId>,
    /// At most so many.
    pub limit: u32,
}

/// A page of challenges that the actor may see, newest first.
pub async fn list_challenges(
    app: &App,
    actor: &Actor,
    asked: ListChallenges,
) -> Outcome<Vec<(Challenge, Standing)>> {
    let now = app.now();
    let organized_by = if asked.organized { Some(person(actor, Scope::Read)?.user) } else { None };
    let text = asked.text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let filter =
        Filter { organized_by, viewer: actor.user(), standing: asked.standing, text, before: asked.before };
    app.db.read(move |conn| Ok(challenges::list(conn, &filter, now, i64::from(asked.limit))?)).await
}
