//! The exposure meter: what answers can have revealed, by the policy under which they were given.

use heldout_server_tests::{Stage, TestServer, on_both_databases};
use serde_json::{Value, json};

const RIGHT: &str = "id,label\na,cook\nb,walk\nc,cook\nd,walk\n";

on_both_databases!(
    every_answer_adds_what_its_digits_can_tell,
    a_ladder_tells_less_and_what_is_hidden_tells_nothing,
);

fn meter(stage: &Stage, query: &str) -> Value {
    stage.organizer.get(&format!("{}/exposure{query}", stage.phase)).expect(200)
}

fn every_answer_adds_what_its_digits_can_tell(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let empty = meter(&stage, "");
    assert_eq!(
        (&empty["split"], &empty["items"], &empty["total"]["answers"]),
        (&json!("open"), &json!(2), &json!(0))
    );
    assert_eq!((&empty["total"]["at_most"]["bits"], &empty["advice"]), (&json!(0.0), &json!([])));
    let rival = stage.join(server, "eve");
    stage.score(&stage.contestant, "", RIGHT);
    stage.score(&stage.contestant, "", RIGHT);
    stage.score(&rival, "", RIGHT);
    stage.score(&rival, "", "id,label\n");
    let read = meter(&stage, "");
    let metrics = read["metrics"].as_f64().unwrap();
    assert!(metrics >= 1.0);
    assert_eq!(read["total"]["answers"], 3, "faults say nothing of labels");
    // 53 binary digits an answer and metric; on two items a share has three levels.
    assert_eq!(read["total"]["at_most"]["bits"], 3.0 * 53.0 * metrics);
    let shares = read["total"]["as_shares"]["bits"].as_f64().unwrap();
    assert!((shares - 3.0 * metrics * 3.0_f64.log2()).abs() < 1e-9, "{shares}");
    assert_eq!(read["total"]["at_most"]["level"], "exhausted");
    let names: Vec<_> = read["teams"].as_array().unwrap().iter().map(|team| &team["team"]["name"]).collect();
    assert_eq!(names, ["ada", "eve"], "the most exposing first");
    assert!(read["advice"].as_array().unwrap().len() >= 4, "{read:#}");
    // Nobody was answered on the private split.
    assert_eq!(meter(&stage, "?split=all")["total"]["answers"], 0);
    let path = format!("{}/exposure", stage.phase);
    assert_eq!(stage.contestant.get(&path).problem(403), "forbidden");
}

fn a_ladder_tells_less_and_what_is_hidden_tells_nothing(server: &TestServer) {
    let stage = Stage::set(server, json!({"ranking": {"release": {"policy": "rounded", "decimals": 1}}}));
    stage.score(&stage.contestant, "", RIGHT);
    let read = meter(&stage, "");
    let metrics = read["metrics"].as_f64().unwrap();
    let bits = read["total"]["at_most"]["bits"].as_f64().unwrap();
    assert!(bits > 0.0 && bits < 53.0 * metrics, "{bits}");
    let hidden = json!({"ranking": {"release": {"policy": "hidden"}}});
    stage.organizer.patch(&stage.phase, &hidden).expect(200);
    assert_eq!(meter(&stage, "")["total"]["answers"], 0);
}
