//! A contestant and an organizer use nothing but pages.

use heldout_server_tests::{Answer, Client, Stage, TestServer, on_both_databases, wait_until_final};
use serde_json::json;

use crate::markup::assert_inert;
use crate::{HTML, open, send_form};

on_both_databases!(a_team_takes_part);

const PHASE: &str = "/challenges/stage/phases/test";

/// Sends the form with a file; the id of the submission is where the answer leads.
fn submit(client: &Client, file: &[u8], more: &[(&str, &str)]) -> Answer {
    let mut parts: Vec<(&str, Option<&str>, &[u8])> =
        more.iter().map(|(name, value)| (*name, None, value.as_bytes())).collect();
    parts.push(("visibility", None, b"public"));
    parts.push(("file", Some("answers.csv"), file));
    client.post_form(&format!("{PHASE}/submit"), &[HTML], &parts)
}

#[track_caller]
fn submission_of(answer: &Answer) -> String {
    assert_eq!(answer.status, 303, "{}", answer.text());
    let location = answer.header("location");
    location.strip_prefix("/submissions/").and_then(|rest| rest.split('?').next()).unwrap().to_owned()
}

fn a_team_takes_part(server: &TestServer) {
    let asked = json!([{"name": "external_data", "label": "Data from elsewhere?", "type": "boolean", "required": true}]);
    let stage = Stage::set(server, json!({"attributes": asked, "quota": {"per_day": 5}}));

    // From the challenge to a team.
    let grace = server.person("grace");
    assert!(open(&grace, "/challenges/stage").contains("Register for this challenge"));
    let registered = send_form(&grace, "/challenges/stage/register", "", &[]);
    assert_eq!(registered.header("location"), "/challenges/stage/team?done=registered");
    let taken = send_form(&grace, "/challenges/stage/team", "", &[("name", "ADA")]);
    assert!(taken.status == 409 && taken.text().contains("value=\"ADA\""), "{}", taken.text());
    let formed = send_form(&grace, "/challenges/stage/team", "", &[("name", "Compilers")]);
    let team = formed.header("location").split('?').next().unwrap().to_owned();
    assert!(team.starts_with("/teams/"), "{}", formed.text());
    let invited = send_form(&grace, &format!("{team}/invitations"), "", &[("email", "joan@example.org")]);
    assert_eq!(invited.status, 303, "{}", invited.text());
    assert_inert(&open(&grace, &team));

    // The invited one joins.
    let joan = server.person("joan");
    let me = open(&joan, "/me");
    let begin = me.find("/invitations/").unwrap_or_else(|| panic!("no invitation: {me}"));
    let invitation = me[begin..].split('"').next().unwrap().to_owned();
    assert!(open(&joan, &invitation).contains("Compilers"));
    let early = send_form(&joan, &invitation, "", &[("answer", "accept")]);
    assert!(early.status == 403 && early.text().contains("Register"), "{}", early.text());
    send_form(&joan, "/challenges/stage/register", "", &[]);
    assert_eq!(send_form(&joan, &invitation, "", &[("answer", "accept")]).status, 303);

    // A submission without an answer, one with a wrong file, a good one.
    let form = open(&grace, &format!("{PHASE}/submit"));
    assert!(
        form.contains("Data from elsewhere?") && form.contains("<strong>5</strong> of 5 today"),
        "{form}"
    );
    let refused = submit(&grace, b"id,label\n", &[("method.name", "<i>Mark I</i>")]);
    assert_eq!(refused.status, 422, "{}", refused.text());
    let page = refused.text();
    assert!(page.contains("is asked for by the organizers") && page.contains("&#60;i&#62;Mark I"), "{page}");
    assert_inert(&page);
    let none = grace.post_form(&format!("{PHASE}/submit"), &[HTML], &[("file", Some(""), b"")]);
    assert!(none.status == 422 && none.text().contains("must be chosen"), "{}", none.text());

    let answered = [("attributes.external_data", "false"), ("method.name", "Mark I"), ("request", "key-1")];
    let wrong = submission_of(&submit(
        &grace,
        b"id,label\na,cook\na,walk\nb,fly\n",
        &[("attributes.external_data", "true")],
    ));
    wait_until_final(&grace, &wrong);
    let page = open(&grace, &format!("/submissions/{wrong}"));
    assert!(page.contains("What is wrong with the file") && page.contains("line 3"), "{page}");
    assert_inert(&page);
    let good = b"id,label\na,cook\nb,walk\nc,cook\nd,cook\n";
    let sent = submit(&grace, good, &answered);
    let scored = submission_of(&sent);
    assert_eq!(
        submission_of(&submit(&grace, good, &answered)),
        scored,
        "a second click submits nothing twice"
    );
    wait_until_final(&grace, &scored);
    let page = open(&joan, &format!("/submissions/{scored}"));
    assert!(page.contains("It has its scores") && page.contains("<strong>4</strong> of 5 today"), "{page}");
    assert!(!page.contains("http-equiv=\"refresh\"") && !page.contains("organizers only"), "{page}");
    assert!(open(&server.anonymous(), &format!("{PHASE}/leaderboard")).contains("Mark I"));
    assert!(open(&grace, &format!("{PHASE}/submissions")).contains(&wrong));

    // Nobody else sees it.
    let foreign = stage.contestant.send("GET", &format!("/submissions/{scored}"), &[HTML], Vec::new());
    assert_eq!(foreign.status, 404);
    let visitor = server.anonymous().send("GET", &format!("/submissions/{scored}"), &[HTML], Vec::new());
    assert_eq!(visitor.header("location"), format!("/sign-in?next=/submissions/{scored}"));

    // The organizer looks, reruns and rescores.
    let organizer = &stage.organizer;
    assert!(open(organizer, "/challenges/stage/organize").contains("in force"));
    let list = open(organizer, &format!("{PHASE}/organize?state=invalid"));
    assert!(list.contains(&wrong) && !list.contains(&scored), "{list}");
    assert_inert(&list);
    assert_eq!(send_form(organizer, &format!("/submissions/{wrong}/rerun"), "", &[]).status, 303);
    assert_eq!(send_form(organizer, &format!("{PHASE}/rescore"), "", &[]).status, 303);
    for path in [format!("{PHASE}/organize"), "/challenges/stage/organize".to_owned()] {
        assert_eq!(grace.send("GET", &path, &[HTML], Vec::new()).status, 403, "{path}");
    }
    assert_eq!(send_form(&grace, &format!("{PHASE}/rescore"), "", &[]).status, 403);

    // The team takes it back.
    let empty = send_form(&grace, &format!("/submissions/{scored}/withdraw"), "", &[("reason", " ")]);
    assert!(empty.status == 422 && empty.text().contains("reason-fault"), "{}", empty.text());
    let withdrawn =
        send_form(&grace, &format!("/submissions/{scored}/withdraw"), "", &[("reason", "wrong <file>")]);
    assert_eq!(withdrawn.status, 303);
    assert!(open(&grace, &format!("/submissions/{scored}")).contains("wrong &#60;file&#62;"));
    assert!(!open(&server.anonymous(), &format!("{PHASE}/leaderboard")).contains("Mark I"));
}
