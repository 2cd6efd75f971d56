//! What holds of every answer and every line of the log, over real HTTP.

use std::hash::{BuildHasher as _, RandomState};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};
use test_support::{TestDatabase, block_on};

use crate::site::Site;

const PASSWORD: &str = "seven plain turtles walk slowly";

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .timeout_global(Some(Duration::from_secs(60)))
        .build()
        .new_agent()
}

/// An account with a password.
fn account(site: &Site, email: &str) {
    let file = site.path("password");
    std::fs::write(&file, PASSWORD).unwrap();
    let file = file.to_str().unwrap().to_owned();
    site.run(&["admin", "user", "create", email, "--name", "Ada", "--password-file", &file]);
}

#[test]
fn every_answer_has_its_headers_and_nothing_is_traced() {
    block_on(async {
        let site = Site::prepare(TestDatabase::sqlite(), 1)
            .with("HELDOUT_SERVER__PUBLIC_URL", "https://heldout.example.org");
        site.start_server();
        site.wait_until_ready();
        account(&site, "ada@example.org");
        let paths = [
            "/",
            "/sign-in",
            "/me",
            "/health",
            "/ready",
            "/metrics",
            "/openapi.json",
            "/api/v1/challenges",
            "/api/v1/me",
            "/api/v1/no-such-route",
            "/no-such-page",
            "/assets/style.css",
            "/problems/not_found",
            "/api/auth/login",
            "/.git/config",
        ];
        let mut kinds = std::collections::BTreeSet::new();
        for path in paths {
            let answer = agent().get(site.url(path)).header("Origin", "https://evil.example").call().unwrap();
            let header = |name: &str| {
                answer.headers().get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
            };
            kinds.insert(answer.status().as_u16());
            let policy = header("content-security-policy");
            for directive in
                ["default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"]
            {
                assert!(policy.contains(directive), "{path}: {policy}");
            }
            assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(header("referrer-policy"), "same-origin", "{path}");
            assert!(header("strict-transport-security").contains("includeSubDomains"), "{path}");
            assert!(!header("cache-control").is_empty(), "{path}");
            assert_eq!(header("access-control-allow-origin"), "", "{path}");
            let kind = header("content-type");
            assert!(
                kind.contains("json") || kind.contains("charset=utf-8") || header("content-length") == "0",
                "{path}: {kind:?}"
            );
        }
        assert!(kinds.len() >= 3, "the paths are answered in too few ways: {kinds:?}");

        let form = [("email", "ada@example.org"), ("password", PASSWORD), ("next", "/")];
        let signed_in = agent()
            .post(site.url("/sign-in"))
            .header("Origin", "https://heldout.example.org")
            .send_form(form)
            .unwrap();
        let cookies: Vec<&str> =
            signed_in.headers().get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap()).collect();
        let session = cookies
            .iter()
            .find(|cookie| cookie.starts_with("__Host-"))
            .unwrap_or_else(|| panic!("{signed_in:?}"));
        for attribute in ["Secure", "HttpOnly", "SameSite=", "Path=/"] {
            assert!(session.contains(attribute), "{attribute}: {cookies:?}");
        }

        let mut stream = TcpStream::connect(("127.0.0.1", site.port())).unwrap();
        write!(stream, "TRACE / HTTP/1.1\r\nHost: x\r\nX-Secret: echoed\r\nConnection: close\r\n\r\n")
            .unwrap();
        let mut traced = String::new();
        stream.read_to_string(&mut traced).unwrap();
        assert!(traced.starts_with("HTTP/1.1 4") && !traced.contains("echoed"), "{traced}");
    });
}

#[test]
fn a_parameter_counts_once() {
    block_on(async {
        let site = Site::start(TestDatabase::sqlite());
        assert_eq!(site.get("", "/api/v1/challenges?limit=1").status, 200);
        let twice = site.get("", "/api/v1/challenges?limit=1&limit=2");
        assert_eq!(twice.status, 422, "{twice:?}");
    });
}

#[test]
fn the_log_tells_of_attempts_and_keeps_no_secret() {
    block_on(async {
        let site = Site::prepare(TestDatabase::sqlite(), 1)
            .with("HELDOUT_LOG__LEVEL", "info")
            .with("HELDOUT_LOG__FORMAT", "json");
        site.start_server();
        site.wait_until_ready();
        account(&site, "ada@example.org");
        let attempt = |password: &str| {
            site.post("", "/api/v1/sessions", &json!({"email": "ada@example.org", "password": password}))
        };
        let wrong = "a wrong guess that nobody may read";
        assert_eq!(attempt(wrong).status, 401);
        let pair = attempt(PASSWORD);
        assert!(pair.status < 300, "{pair:?}");
        let tokens: Vec<&str> =
            ["access_token", "refresh_token"].map(|name| pair.body[name].as_str().unwrap()).to_vec();
        assert_eq!(site.get(tokens[0], "/api/v1/me").status, 200);
        assert_eq!(site.get(tokens[0], "/api/v1/admin/users").status, 403);
        assert_eq!(site.get("", "/api/v1/no%0Aforged%20line%22%7D/me?token=in-the-address").status, 404);

        let log = site.log();
        let lines: Vec<Value> = log
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
            .collect();
        let told = |message: &str| lines.iter().filter(|line| line["message"] == message).collect::<Vec<_>>();
        for message in ["signing in failed", "signed in"] {
            let [line] = told(message)[..] else { panic!("{message}: {log}") };
            assert!(line["user.id"].is_string() && line["span"]["request.id"].is_string(), "{line}");
        }
        let statuses: Vec<u64> =
            told("answered").iter().filter_map(|line| line["http.status"].as_u64()).collect();
        for status in [200, 401, 403, 404] {
            assert!(statuses.contains(&status), "{status}: {statuses:?}");
        }
        for line in &lines {
            assert!(line["timestamp"].as_str().unwrap().ends_with('Z'), "{line}");
        }
        for secret in [PASSWORD, wrong, tokens[0], tokens[1], "in-the-address", "forged", "ada@example.org"] {
            assert!(!log.contains(secret), "{secret} is in the log:\n{log}");
        }
    });
}

/// Every table of the database in one digest, but for when tokens were last used.
const DIGEST: &str = "SELECT md5(string_agg(query_to_xml(format('SELECT * FROM %I AS t ORDER BY t::text', tablename), \
     false, true, '')::text, '' ORDER BY tablename)) FROM pg_tables \
     WHERE schemaname = 'public' AND tablename NOT IN ('sessions', 'api_tokens')";

/// A site with a challenge and a scored submission, nobody at work on it, and every route for these methods.
struct Quiet {
    site: Site,
    organizer: String,
    routes: Vec<(String, String)>,
}

impl Quiet {
    fn start(methods: &[&str]) -> Option<Self> {
        Some(Self::on(TestDatabase::postgres()?, methods, b"id,label\na,x\nb,y\n"))
    }

    fn on(database: TestDatabase, methods: &[&str], truth: &[u8]) -> Self {
        let site = Site::prepare(database, 0).with("HELDOUT_LOG__LEVEL", "debug");
        site.start_server();
        site.wait_until_ready();
        let organizer = site.person("organizer@example.org", "admin");
        let phase = site.labels(&organizer, "quiet", truth);
        site.enter(&organizer, "quiet", "ada");
        let submitted = site.submit(&organizer, &phase, "s.csv", b"id,label\na,x\nb,x\n", None).unwrap();
        let submission = submitted.body["id"].as_str().unwrap().to_owned();
        site.start_worker();
        site.finished(&organizer, &submission);
        site.kill_worker();
        let document = site.get("", "/openapi.json").body;
        let mut routes = Vec::new();
        for (path, operations) in document["paths"].as_object().unwrap() {
            let parts = path.split('/').map(|part| match part {
                "{challenge}" => "quiet",
                "{phase}" => "test",
                part if part.starts_with('{') => submission.as_str(),
                part => part,
            });
            let path = parts.collect::<Vec<_>>().join("/");
            let known = methods.iter().filter(|method| operations[method.to_lowercase()].is_object());
            routes.extend(known.map(|method| ((*method).to_owned(), path.clone())));
        }
        Self { site, organizer, routes }
    }

    fn digest(&self) -> String {
        self.site.psql(DIGEST)
    }
}

#[test]
fn reading_changes_nothing() {
    block_on(async {
        let Some(quiet) = Quiet::start(&["GET"]) else { return };
        let before = quiet.digest();
        let (mut found, mut changed) = (0, Vec::new());
        for (_, path) in &quiet.routes {
            for token in ["", quiet.organizer.as_str(), quiet.organizer.as_str()] {
                let answer = quiet.site.get(token, path);
                assert!(answer.status < 500, "{path}: {answer:?}");
                found += usize::from(answer.status == 200);
            }
            if quiet.digest() != before {
                changed.push(path);
                break;
            }
        }
        assert!(changed.is_empty(), "reading changed something: {changed:?}");
        assert!(quiet.routes.len() > 80 && found > 100, "{} routes, {found} answers", quiet.routes.len());
        // What does change something is seen.
        quiet.site.make(&quiet.organizer, "/api/v1/challenges", &json!({"slug": "more", "title": "More"}));
        assert_ne!(quiet.digest(), before);
    });
}

#[test]
fn what_is_refused_changes_nothing() {
    block_on(async {
        let Some(quiet) = Quiet::start(&["POST", "PUT", "PATCH", "DELETE"]) else { return };
        let outsider = quiet.site.person("outsider@example.org", "member");
        let mut before = quiet.digest();
        let mut refused = 0;
        for (method, path) in &quiet.routes {
            for token in ["", outsider.as_str()] {
                let answer = quiet.site.call(method, token, path, "{}");
                assert!(answer.status < 500, "{method} {path}: {answer:?}");
                let after = quiet.digest();
                if answer.status >= 400 {
                    assert_eq!(
                        after, before,
                        "{method} {path} was refused and changed something: {answer:?}"
                    );
                    refused += 1;
                }
                before = after;
            }
        }
        assert!(
            quiet.routes.len() > 80 && refused > 150,
            "{} routes, {refused} refusals",
            quiet.routes.len()
        );
    });
}

#[test]
fn no_answer_and_no_line_of_the_log_holds_a_label() {
    block_on(async {
        // 128 bits that nobody guesses, as a class of the held-out truth and as the name of an item.
        let random = || format!("{:016x}", RandomState::new().hash_one(0));
        let (label, group) = (random() + &random(), random() + &random());
        let truth = format!("id,label\na,{label}\nb,y\nc,{group}\n");
        let quiet = Quiet::on(TestDatabase::sqlite(), &["GET"], truth.as_bytes());
        let site = &quiet.site;
        let ada = site.person("ada@example.org", "member");
        site.enter(&ada, "quiet", "Byron");
        site.start_worker();
        let files: [&[u8]; 4] = [
            b"id,label\na,x\nb,y\nc,y\n",
            b"id,label\na,x\nb,y\n",
            b"id,label\na,x\nb,y\nc,z\nd,y\n",
            b"id;label\n\"",
        ];
        let mut answers = Vec::new();
        for file in files {
            let sent = site.submit(&ada, "challenges/quiet/phases/test", "s.csv", file, None).unwrap();
            let id = sent.body["id"].as_str().unwrap_or_default().to_owned();
            let ended = site.finished(&ada, &id);
            answers.push((id.clone(), sent.text + &ended.to_string()));
            for part in ["", "/scores", "/faults", "/items", "/file", "/log"] {
                let path = format!("/api/v1/submissions/{id}{part}");
                answers.push((path.clone(), site.get(&ada, &path).text));
            }
        }
        site.kill_worker();
        let pages = [
            "/",
            "/challenges/quiet",
            "/challenges/quiet/phases/test",
            "/challenges/quiet/phases/test/leaderboard",
            "/metrics",
            "/me",
        ];
        let routes = quiet.routes.iter().map(|(_, path)| path.as_str()).chain(pages);
        for path in routes {
            for token in ["", ada.as_str()] {
                answers.push((path.to_owned(), site.get(token, path).text));
            }
        }
        let worker = std::fs::read_to_string(site.path("worker.log")).unwrap();
        assert!(!worker.is_empty() && !site.log().is_empty(), "nothing was logged");
        answers.push(("the log of the server".to_owned(), site.log()));
        answers.push(("the log of the worker".to_owned(), worker));
        assert!(answers.len() > 150, "{}", answers.len());
        for (place, text) in &answers {
            assert!(!text.contains(&label) && !text.contains(&group), "{place} holds a label: {text}");
        }
        // The labels are where they belong, so they would have been found.
        let folders = std::fs::read_dir(site.path("heldout-data/artifacts/sha256")).unwrap();
        let files = folders.flat_map(|folder| std::fs::read_dir(folder.unwrap().path()).unwrap());
        let holders = files.filter(|file| {
            let kept = std::fs::read(file.as_ref().unwrap().path()).unwrap();
            kept.windows(label.len()).any(|bytes| bytes == label.as_bytes())
        });
        assert_eq!(holders.count(), 1, "the annotations are kept in one file");
    });
}
