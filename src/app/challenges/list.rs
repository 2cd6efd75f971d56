//! Lists of challenges.

use domain::entry::{Admission, Openness};
use domain::{Actor, ChallengeId, Scope, Slug, Tag};
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
    /// Only those that have all of these tags.
    pub tags: Vec<Tag>,
    /// Only editions of this series.
    pub series: Option<Slug>,
    /// Only those with a phase that this evaluator scores.
    pub evaluator: Option<String>,
    /// Only those that are seen so.
    pub openness: Option<Openness>,
    /// Only those that are entered so.
    pub admission: Option<Admission>,
    /// Only those older than this one.
    pub before: Option<ChallengeId>,
    /// At most so many.
    pub limit: u32,
}

impl ListChallenges {
    /// The same as the storage asks it.
    pub(super) fn filter(self, actor: &Actor) -> Outcome<Filter> {
        let organized_by = if self.organized { Some(person(actor, Scope::Read)?.user) } else { None };
        let text = self.text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        Ok(Filter {
            organized_by,
            viewer: actor.user(),
            standing: self.standing,
            text,
            tags: self.tags,
            series: self.series,
            evaluator: self.evaluator,
            openness: self.openness,
            admission: self.admission,
            before: self.before,
        })
    }
}

/// A page of challenges that the actor may see, newest first.
pub async fn list_challenges(
    app: &App,
    actor: &Actor,
    asked: ListChallenges,
) -> Outcome<Vec<(Challenge, Standing)>> {
    let (now, limit) = (app.now(), i64::from(asked.limit));
    let filter = asked.filter(actor)?;
    app.db.read(move |conn| Ok(challenges::list(conn, &filter, now, limit)?)).await
}
