//! Pauses and deadlines that move.

use domain::PauseId;
use domain::entry::RegistrationState;
use domain::split::SplitRule;
use heldout_app::challenges::archive::archive_challenge;
use heldout_app::challenges::changes::list_changes;
use heldout_app::challenges::entry::{Verdict, decide_registration};
use heldout_app::idempotency::Created;
use heldout_app::pauses::{begin_pause, end_pause, list_pauses};
use heldout_app::phases::read_phase;
use heldout_app::phases::update::{PhaseChange, close_phase, update_phase};
use heldout_app::submissions::submit::admit;
use heldout_app::teams::form::form_team;
use heldout_app::{Code, Failure};
use test_support::TestDatabase;

use crate::bench::{Bench, id_of, split};

test_support::both_databases!(
    nothing_is_taken_while_a_pause_lasts,
    dates_that_people_rely_on_move_for_a_reason_and_not_into_the_past,
);

fn code<T: std::fmt::Debug>(outcome: Result<T, Failure>) -> Code {
    outcome.unwrap_err().code
}

async fn nothing_is_taken_while_a_pause_lasts(database: TestDatabase) {
    let bench = Bench::new(database);
    let owner = bench.person("owner").await;
    let id = bench.challenge(&owner, None).await;
    bench.phase(&owner, vec![split("all", SplitRule::All)]).await;
    let ada = bench.participant("ada").await;
    let looms = domain::TeamName::parse("Looms").unwrap();
    form_team(&bench.app, &ada, "kitchen", looms, None).await.unwrap();
    let submits = || admit(&bench.app, &ada, "kitchen", "test", None);
    let pause = async |actor, phase: Option<&'static str>, reason| {
        let begun = begin_pause(&bench.app, actor, ("kitchen", phase), reason, None).await;
        begun.map(Created::into_inner)
    };
    submits().await.unwrap();

    let whole = pause(&owner, None, " The disk is full. ").await.unwrap();
    let refusal = submits().await.unwrap_err();
    assert_eq!((refusal.code, refusal.detail.as_str()), (Code::SubmissionsPaused, "The disk is full."));
    assert_eq!(code(pause(&owner, None, "Again.").await), Code::StateConflict);
    bench.clock.forward(60);
    let of_phase = pause(&owner, Some("test"), "A wrong label.").await.unwrap();
    assert_eq!(code(pause(&owner, Some("test"), "Again.").await), Code::StateConflict);
    assert_eq!(code(pause(&ada, None, "I am not ready.").await), Code::Forbidden);
    assert_eq!(code(pause(&owner, Some("nothing"), "A wrong label.").await), Code::NotFound);
    assert_eq!(code(pause(&owner, None, " ").await), Code::InvalidField);

    let end = async |actor, id: PauseId| end_pause(&bench.app, actor, "kitchen", id).await;
    assert_eq!(code(end(&ada, whole).await), Code::Forbidden);
    end(&owner, whole).await.unwrap();
    assert_eq!(code(end(&owner, whole).await), Code::NotFound);
    assert_eq!(submits().await.unwrap_err().detail, "A wrong label.");
    end(&owner, of_phase).await.unwrap();
    submits().await.unwrap();

    let kept = list_pauses(&bench.app, &domain::Actor::Anonymous, "kitchen", None, 50).await.unwrap();
    let told: Vec<_> = kept.iter().map(|pause| (pause.id, pause.ended_at.is_some())).collect();
    assert_eq!(told, [(of_phase, true), (whole, true)]);
    let events = bench.events(id).await;
    let pauses: Vec<_> = events.iter().filter(|kind| kind.starts_with("pause.")).collect();
    assert_eq!(pauses, [&"pause.begun", &"pause.begun", &"pause.ended", &"pause.ended"]);
    archive_challenge(&bench.app, &owner, "kitchen").await.unwrap();
    assert_eq!(code(pause(&owner, None, "For good.").await), Code::StateConflict);
}

async fn dates_that_people_rely_on_move_for_a_reason_and_not_into_the_past(database: TestDatabase) {
    let bench = Bench::new(database);
    let owner = bench.person("owner").await;
    bench.challenge(&owner, None).await;
    bench.phase(&owner, vec![split("all", SplitRule::All)]).await;
    let now = bench.app.now();
    let moved = async |seconds: Option<i64>, reason: Option<&str>| {
        let closes_at = Some(seconds.map(|seconds| now.plus_seconds(seconds)));
        let change = PhaseChange { closes_at, reason: reason.map(str::to_owned), ..Default::default() };
        update_phase(&bench.app, &owner, "kitchen", "test", change).await
    };
    let refused = async |seconds, reason| moved(seconds, reason).await.unwrap_err().errors[0].field.clone();
    assert_eq!(refused(Some(3600), None).await, "reason");
    assert_eq!(refused(Some(3600), Some(" ")).await, "reason");
    assert_eq!(refused(Some(-3600), Some("It is over.")).await, "closes_at");
    moved(Some(3600), Some("Exams.")).await.unwrap();
    // What stays where it is needs no reason.
    moved(Some(3600), None).await.unwrap();

    let opened = async |seconds: i64, reason: Option<&str>| {
        let opens_at = Some(now.plus_seconds(seconds));
        let change = PhaseChange { opens_at, reason: reason.map(str::to_owned), ..Default::default() };
        update_phase(&bench.app, &owner, "kitchen", "test", change).await
    };
    let refused = async |seconds, reason| opened(seconds, reason).await.unwrap_err().errors[0].field.clone();
    assert_eq!(refused(-3600, Some("It was open before.")).await, "opens_at");
    assert_eq!(refused(600, None).await, "reason");
    opened(600, Some("The server moves.")).await.unwrap();
    assert_eq!(refused(900, None).await, "reason");
    // Who waits for it is glad when it opens earlier.
    opened(-30, None).await.unwrap();

    let close = async |actor, reason: &str| {
        close_phase(&bench.app, actor, "kitchen", "test", reason.to_owned()).await
    };
    let ada = bench.participant("ada").await;
    assert_eq!(code(close(&ada, "I have submitted.").await), Code::Forbidden);
    close(&owner, "The labels leaked.").await.unwrap();
    close(&owner, "The labels leaked.").await.unwrap();
    let closed = read_phase(&bench.app, &owner, "kitchen", "test").await.unwrap();
    assert_eq!(closed.phase.closes_at, Some(now));
    // Everybody reads why, newest first; and of a ban that there was one, but not of whom.
    let ban = Verdict::new(RegistrationState::Banned, "Two accounts.").unwrap();
    decide_registration(&bench.app, &owner, "kitchen", id_of(&ada), ban).await.unwrap();
    let told = list_changes(&bench.app, &domain::Actor::Anonymous, "kitchen", None, 50).await.unwrap();
    let reasons: Vec<_> = told.iter().filter_map(|change| change.details.get("reason")).collect();
    assert_eq!(reasons, ["The labels leaked.", "The server moves.", "Exams."]);
    assert_eq!((told[0].kind.as_str(), &told[0].subject), ("registration.decided", &None));
    assert_eq!(serde_json::Value::from(told[0].details.clone()), serde_json::json!({"to": "banned"}));
    let older = list_changes(&bench.app, &ada, "kitchen", Some(told[1].seq), 50).await.unwrap();
    assert_eq!(older, told[2..]);
}
