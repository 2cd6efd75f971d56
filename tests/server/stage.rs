//! A challenge that takes submissions, made through the API as an organizer would.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::client::{Answer, Client};
use crate::server::TestServer;

/// A published challenge with one phase, its organizer, and a contestant in a team.
///
/// The task is classification of four items, of which the first two are public.
pub struct Stage {
    /// Who runs it.
    pub organizer: Client,
    /// Who takes part.
    pub contestant: Client,
    /// The address of the phase.
    pub phase: String,
}

/// The truth of the four items.
pub const ANNOTATIONS: &str = "id,label\na,cook\nb,walk\nc,cook\nd,walk\n";
const ITEMS: &str = "item,group,part\na,v1,open\nb,v1,open\nc,v2,closed\nd,v2,closed\n";

impl Stage {
    /// Sets the stage; members of `phase` take the place of the usual ones.
    pub fn set(server: &TestServer, phase: Value) -> Self {
        let organizer = server.person("organizer");
        organizer.post("/api/v1/challenges", &json!({"slug": "stage", "title": "Stage"})).expect(201);
        let mut draft = json!({
            "codename": "test",
            "title": "Test",
            "evaluator": "classification_label",
            "opens_at": "2026-01-01T00:00:00Z",
            "leaderboard_public": true,
            "framing": serde_json::from_str::<Value>(test_support::FRAMING).unwrap(),
            "splits": [
                {"codename": "open", "visibility": "public", "rule": {"by": "attribute", "attribute": "part", "values": ["open"]}},
                {"codename": "all", "visibility": "private", "rule": {"by": "all"}},
            ],
        });
        for (name, value) in phase.as_object().unwrap() {
            draft[name] = value.clone();
        }
        organizer.post("/api/v1/challenges/stage/phases", &draft).expect(201);
        let phase = "/api/v1/challenges/stage/phases/test".to_owned();
        let tables = [
            ("main", Some("truth.csv"), ANNOTATIONS.as_bytes()),
            ("items", Some("items.csv"), ITEMS.as_bytes()),
        ];
        organizer.post_form(&format!("{phase}/annotations"), &[], &tables).expect(201);
        organizer.post("/api/v1/challenges/stage/publish", &json!({})).expect(200);
        let mut stage = Self { organizer, contestant: server.anonymous(), phase };
        stage.contestant = stage.join(server, "ada");
        stage
    }

    /// Somebody more who takes part, in a team of their own that has their name.
    pub fn join(&self, server: &TestServer, name: &str) -> Client {
        let contestant = server.person(name);
        let registration = "/api/v1/challenges/stage/registration";
        let registered = contestant.post(registration, &json!({}));
        assert!(registered.status < 300, "{}", registered.text());
        contestant.post("/api/v1/challenges/stage/teams", &json!({"name": name})).expect(201);
        contestant
    }

    /// Sends a file as a bare body.
    pub fn submit(&self, contestant: &Client, query: &str, file: &str) -> Answer {
        contestant.send("POST", &format!("{}/submissions?file_name=a.csv{query}", self.phase), &[], file)
    }

    /// Sends a file and waits until its evaluation has ended; the submission as its team sees it.
    pub fn score(&self, contestant: &Client, query: &str, file: &str) -> Value {
        let sent = self.submit(contestant, query, file).expect(201);
        wait_until_final(contestant, sent["id"].as_str().unwrap())
    }
}

/// Waits until nothing more happens to a submission by itself.
pub fn wait_until_final(client: &Client, submission: &str) -> Value {
    let begun = Instant::now();
    loop {
        let found = client.get(&format!("/api/v1/submissions/{submission}")).expect(200);
        if ["scored", "invalid", "failed", "cancelled"].contains(&found["state"].as_str().unwrap()) {
            return found;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "still {}", found["state"]);
        std::thread::sleep(Duration::from_millis(5));
    }
}
