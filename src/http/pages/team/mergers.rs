//! A team becomes one with another: proposed and answered on the team's page.

use actix_web::{HttpResponse, web};
use app::teams::mergers::answer::{accept_merger, decline_merger, withdraw_merger};
use app::teams::mergers::list::MergerDetail;
use app::teams::mergers::propose::{OtherTeam, propose_merger};
use app::{App, Failure};
use domain::{Invalid, MergerId, TeamId, TeamName};

use super::{answer, text};
use crate::pages::form::Entered;
use crate::pages::format::Moment;
use crate::pages::redirect::{Done, see_other_done};
use crate::pages::viewer::Viewer;
use crate::problem::Problem;

/// A merger as its team reads it.
pub(super) struct MergerNote {
    pub(super) id: MergerId,
    pub(super) heading: String,
    pub(super) told: String,
    pub(super) at: Moment,
    pub(super) waits: bool,
    /// Whether this team is asked, and the other one would end.
    pub(super) is_asked: bool,
    pub(super) hindrances: Vec<String>,
}

impl MergerNote {
    pub(super) fn new(app: &App, found: MergerDetail, team: TeamId) -> Self {
        let MergerDetail { merger, from, into, hindrances } = found;
        let is_asked = into.id == team;
        let heading = match is_asked {
            true => format!("{} into this team", from.name),
            false => format!("This team into {}", into.name),
        };
        let told = match merger.answer.as_deref() {
            Some("accepted") => "Both are one.".to_owned(),
            Some("declined") => "It was declined.".to_owned(),
            Some(_) => "It was taken back.".to_owned(),
            None if is_asked => format!(
                "The captain of {} proposes it. If you accept, its members join your team, and what it sent in phases that are \
                 not over is yours, with what it used of the quota.",
                from.name
            ),
            None => format!("The captain of {} has not answered yet.", into.name),
        };
        Self {
            id: merger.id,
            heading,
            told,
            at: Moment::new(app, merger.answered_at.unwrap_or(merger.proposed_at)),
            waits: merger.answer.is_none(),
            is_asked,
            hindrances: hindrances.into_iter().map(|hindrance| hindrance.detail).collect(),
        }
    }
}

pub(super) async fn propose(
    app: web::Data<App>,
    viewer: Viewer,
    id: web::Path<TeamId>,
    entered: web::Form<Entered>,
) -> Result<HttpResponse, Problem> {
    let outcome = match TeamName::parse(text(&entered, "into")) {
        Ok(name) => propose_merger(&app, &viewer.actor, *id, OtherTeam::Named(name), None).await.map(drop),
        Err(invalid) => Err(Failure::from(Invalid::new("into", invalid.rule))),
    };
    answer(&app, viewer, *id, outcome, Done::MergerProposed, entered.into_inner()).await
}

pub(super) async fn answer_merger(
    app: web::Data<App>,
    viewer: Viewer,
    path: web::Path<(TeamId, MergerId)>,
    entered: web::Form<Entered>,
) -> Result<HttpResponse, Problem> {
    let (id, merger) = path.into_inner();
    let outcome = match text(&entered, "answer") {
        "accept" => match accept_merger(&app, &viewer.actor, merger).await {
            Ok(team) => return Ok(see_other_done(&format!("/teams/{team}"), Done::Merged)),
            Err(failure) => Err(failure),
        },
        "decline" => decline_merger(&app, &viewer.actor, merger).await,
        "withdraw" => withdraw_merger(&app, &viewer.actor, merger).await,
        _ => Err(Invalid::new("answer", "must be accept, decline or withdraw").into()),
    };
    answer(&app, viewer, id, outcome, Done::MergerEnded, entered.into_inner()).await
}
