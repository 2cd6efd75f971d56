//! Addresses that are told what happens: in order, signed, again until they answer, and never inside a private network.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use heldout_server_tests::{ServerOptions, Stage, TestDatabase, TestServer, on_both_databases};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

const RIGHT: &str = "id,label\na,cook\nb,walk\nc,cook\nd,walk\n";
const PATH: &str = "/api/v1/challenges/stage/webhooks";

on_both_databases!(
    what_is_sent_twice_is_made_once,
    what_happens_is_told_in_order_and_signed,
    what_is_not_answered_is_told_again,
);

/// Somebody who is told.
struct Listener {
    url: String,
    /// What is answered.
    status: Arc<AtomicU16>,
    told: Receiver<Told>,
}

struct Told {
    event: String,
    delivery: String,
    signature: String,
    body: String,
}

impl Listener {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let status = Arc::new(AtomicU16::new(204));
        let (answers, (tell, told)) = (Arc::clone(&status), channel());
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                let mut connection = connection.unwrap();
                let mut reader = BufReader::new(connection.try_clone().unwrap());
                let mut headers = Vec::new();
                loop {
                    let mut line = String::new();
                    reader.read_line(&mut line).unwrap();
                    if line.trim().is_empty() {
                        break;
                    }
                    headers.push(line.trim().to_owned());
                }
                let header = |name: &str| {
                    let of = |line: &String| {
                        let (found, value) = line.split_once(':')?;
                        found.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
                    };
                    headers.iter().find_map(of).unwrap_or_default()
                };
                let mut body = vec![0; header("content-length").parse().unwrap()];
                reader.read_exact(&mut body).unwrap();
                let told = Told {
                    event: header("heldout-event"),
                    delivery: header("heldout-delivery"),
                    signature: header("heldout-signature"),
                    body: String::from_utf8(body).unwrap(),
                };
                let status = answers.load(Ordering::SeqCst);
                let answer =
                    format!("HTTP/1.1 {status} So\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                connection.write_all(answer.as_bytes()).unwrap();
                if tell.send(told).is_err() {
                    return;
                }
            }
        });
        Self { url, status, told }
    }

    fn next(&self) -> Told {
        self.told.recv_timeout(Duration::from_secs(60)).unwrap()
    }
}

fn what_is_sent_twice_is_made_once(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let challenge = "/api/v1/challenges/stage";
    let scored = stage.score(&stage.contestant, "", RIGHT)["id"].as_str().unwrap().to_owned();
    for (number, (path, body)) in [
        (PATH.to_owned(), json!({"url": Listener::start().url, "kinds": ["challenge.archived"]})),
        (format!("{challenge}/snapshots"), json!({})),
        (format!("{challenge}/access-requests"), json!({"licence_version": "1.0"})),
        (format!("/api/v1/submissions/{scored}/remarks"), json!({"kind": "note", "text": "Looked at."})),
    ]
    .into_iter()
    .enumerate()
    {
        let key = format!("once-{number}");
        let headers = [("Idempotency-Key", key.as_str()), ("Content-Type", "application/json")];
        let send = |body: &Value| stage.organizer.send("POST", &path, &headers, body.to_string());
        let first = send(&body).expect(201);
        assert_eq!(send(&body).expect(200), first, "{path}");
        // Without the key another one is made.
        if path.ends_with("remarks") {
            assert_eq!(stage.organizer.post(&path, &body).expect(201)["items"].as_array().unwrap().len(), 2);
        }
    }
}

fn is_genuine(secret: &str, told: &Told) -> bool {
    let (seconds, code) = told.signature.split_once(",v1=").unwrap();
    let seconds = seconds.strip_prefix("t=").unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("{seconds}.{}", told.body).as_bytes());
    mac.verify_slice(&hex::decode(code).unwrap()).is_ok()
}

fn what_happens_is_told_in_order_and_signed(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let (all, scores) = (Listener::start(), Listener::start());
    let made = stage.organizer.post(PATH, &json!({"url": all.url})).expect(201);
    let of_scores = json!({"url": scores.url, "kinds": ["submission.scored"]});
    let only_scores = stage.organizer.post(PATH, &of_scores).expect(201);
    let secret = made["secret"].as_str().unwrap();
    assert_ne!(made["secret"], only_scores["secret"]);
    let first = all.next();
    assert_eq!(first.event, "webhook.made");
    assert!(is_genuine(secret, &first), "{}", first.signature);
    assert!(!is_genuine(only_scores["secret"].as_str().unwrap(), &first));

    let scored = stage.score(&stage.contestant, "", RIGHT);
    let subject = format!("submission:{}", scored["id"].as_str().unwrap());
    let told = scores.next();
    let body: Value = serde_json::from_str(&told.body).unwrap();
    assert_eq!((told.event.as_str(), &body["event"]["subject"]), ("submission.scored", &json!(subject)));
    assert_eq!(told.delivery, format!("{}/{}", only_scores["id"].as_str().unwrap(), body["event"]["seq"]));
    // Everything since then, in the order of the log and as the log has it.
    let log = stage.organizer.get("/api/v1/challenges/stage/events?format=ndjson").text();
    let log: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let since = log.iter().position(|event| event["kind"] == "webhook.made").unwrap();
    for event in &log[since + 1..] {
        let told = all.next();
        let body: Value = serde_json::from_str(&told.body).unwrap();
        assert_eq!((&body["event"]["seq"], &body["event"]["hash"]), (&event["seq"], &event["hash"]));
        assert!(is_genuine(secret, &told));
    }

    // The secret is told once; who may not change the challenge does not see where it is told.
    let listed = stage.organizer.get(PATH).expect(200);
    assert_eq!(listed["items"].as_array().unwrap().len(), 2);
    assert!(!listed.to_string().contains("hos_"), "{listed}");
    assert_eq!(stage.contestant.get(PATH).problem(403), "forbidden");
    let webhook = format!("/api/v1/webhooks/{}", made["id"].as_str().unwrap());
    assert_eq!(stage.contestant.get(&format!("{webhook}/deliveries")).problem(404), "not_found");
    assert_eq!(stage.organizer.send("DELETE", &webhook, &[], "").status, 204);
    assert_eq!(stage.organizer.send("DELETE", &webhook, &[], "").status, 404);
    assert_eq!(stage.organizer.get(PATH).expect(200)["items"].as_array().unwrap().len(), 1);
}

fn what_is_not_answered_is_told_again(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let listener = Listener::start();
    listener.status.store(503, Ordering::SeqCst);
    let made = stage.organizer.post(PATH, &json!({"url": listener.url})).expect(201);
    let webhook = format!("/api/v1/webhooks/{}", made["id"].as_str().unwrap());
    let first = listener.next();
    assert_eq!(stage.organizer.post(&format!("{webhook}/resume"), &json!({})).problem(409), "state_conflict");
    let failures = || stage.organizer.get(PATH).expect(200)["items"][0]["failures"].clone();
    // What came of an attempt is recorded after it was answered, and the next one is counted from then.
    let recorded = |attempt: i32| {
        let begun = Instant::now();
        while failures() != json!(attempt) {
            assert!(begun.elapsed() < Duration::from_secs(60), "{}", failures());
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    for attempt in 2..=16 {
        recorded(attempt - 1);
        server.clock.advance_seconds(6 * 3600);
        let again = listener.next();
        assert_eq!((&again.delivery, &again.body), (&first.delivery, &first.body), "attempt {attempt}");
    }
    recorded(16);
    assert_eq!(stage.organizer.get(PATH).expect(200)["items"][0]["state"], "gave_up");
    let deliveries = stage.organizer.get(&format!("{webhook}/deliveries?limit=3")).expect(200);
    let newest = &deliveries["items"][0];
    assert_eq!((&newest["attempt"], &newest["status"]), (&json!(16), &json!(503)), "{deliveries}");
    assert!(newest["error"].as_str().unwrap().contains("503"), "{deliveries}");

    // It goes on where it gave up, and with what came meanwhile.
    listener.status.store(200, Ordering::SeqCst);
    stage.organizer.post(&format!("{webhook}/resume"), &json!({})).expect(200);
    assert_eq!(listener.next().delivery, first.delivery);
    assert_eq!([listener.next().event, listener.next().event], ["webhook.stopped", "webhook.resumed"]);
}

#[test]
fn nothing_inside_a_private_network_is_told() {
    let options = ServerOptions {
        settings: |settings| settings.webhooks.allow_private = false,
        ..ServerOptions::default()
    };
    let server = TestServer::start_with(TestDatabase::sqlite(), options);
    let stage = Stage::set(&server, json!({}));
    let make = |body: Value| stage.organizer.post(PATH, &body).expect(422)["errors"].clone();
    for inside in [
        "https://169.254.169.254/latest/meta-data",
        "https://localhost/",
        "https://2130706433/",
        "https://[::1]/",
    ] {
        let errors = make(json!({"url": inside}));
        assert_eq!(errors[0]["field"], "url", "{inside}");
        assert!(errors[0]["detail"].as_str().unwrap().contains("private"), "{inside}: {errors}");
    }
    let errors = make(json!({"url": "http://9.9.9.9/", "kinds": ["submission.scroed"]}));
    let fields: Vec<&Value> = errors.as_array().unwrap().iter().map(|error| &error["field"]).collect();
    assert_eq!(fields, ["kinds", "url"]);
    assert_eq!(stage.organizer.get(PATH).expect(200)["items"], json!([]));
    // Who may not name one does not learn what a name leads to.
    assert_eq!(stage.contestant.post(PATH, &json!({"url": "https://localhost/"})).problem(403), "forbidden");
}
