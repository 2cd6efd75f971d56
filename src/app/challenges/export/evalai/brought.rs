//! The bundle that a challenge came as, with what was changed here since.

use bundles::imported::{Audience, ImportedChallenge, ImportedPhase, Listing};
use domain::phase::PhaseDraft;
use domain::split::Visibility;

use super::{Present, page};
use crate::challenges::import::CameAs;

/// Brings the bundle to what the challenge says now; what of that has no place in it is told.
pub(super) fn changed(came: &CameAs<'_>, present: &Present, lost: &mut Vec<String>) -> ImportedChallenge {
    let mut imported = came.imported.clone();
    let (now, then) = (&present.draft, came.challenge);
    imported.title = now.title.clone();
    imported.summary.clone_from(&now.summary);
    imported.wants_publication = present.is_published;
    imported.entry.team_max_size = now.team_max_size;
    if now.description != then.description {
        // What is said of prizes and the like stands in the description here.
        imported.pages = vec![page("description", &now.description)];
        imported.listing = Listing { window: imported.listing.window, ..Listing::default() };
    }
    if now.terms != then.terms {
        imported.terms = page("terms_and_conditions", &now.terms);
    }
    for phase in &mut imported.phases {
        let own = present.phases.iter().find(|own| own.draft.codename == phase.codename);
        let planned = came.phases.iter().find(|planned| planned.codename == phase.codename);
        if let (Some(own), Some(planned)) = (own, planned) {
            change_phase(phase, planned, &own.draft, lost);
        }
    }
    for own in &present.phases {
        if !imported.phases.iter().any(|phase| phase.codename == own.draft.codename) {
            lost.push(format!("the phase {}, which was made here", own.draft.codename));
        }
    }
    imported
}

fn change_phase(phase: &mut ImportedPhase, then: &PhaseDraft, now: &PhaseDraft, lost: &mut Vec<String>) {
    phase.title = now.title.clone();
    phase.opens_at = now.opens_at;
    phase.closes_at = now.closes_at;
    phase.quota = now.quota;
    phase.limits = now.limits;
    phase.final_choice = now.final_choice;
    phase.has_public_boards = now.leaderboard_public;
    if now.description != then.description {
        phase.description = page("description", &now.description);
    }
    for board in &mut phase.boards {
        let Some(split) = now.splits.iter().find(|split| split.codename == board.codename) else { continue };
        if split.visibility != board.audience.visibility() {
            board.audience = match split.visibility {
                Visibility::Public => Audience::Everyone,
                Visibility::Private => Audience::Organizers,
            };
        }
    }
    for (is_changed, what) in [
        (now.attributes != then.attributes, "the questions about methods"),
        (now.ranking != then.ranking, "how entries are ranked"),
        (now.evaluator != then.evaluator || now.params != then.params, "what scores"),
        (now.splits.len() != then.splits.len(), "the splits"),
    ] {
        if is_changed {
            lost.push(format!("{what} in {}, as changed here: the bundle says what it said", now.codename));
        }
    }
}
