//! Who may do what, for every route: the table in `authorization.toml` against the running server.
//!
//! A route of the OpenAPI document that has no row fails, and so does a row without a route.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::{Value, json};
use test_support::{TestDatabase, both_databases};

use crate::site::{Part, Site, open_phase};

both_databases!(every_route_lets_in_whom_its_row_says);

#[derive(Deserialize)]
struct Table {
    route: Vec<Row>,
}

/// What each role is answered with: `in` is anything but a refusal, a number is that status.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    /// The operation id in the OpenAPI document.
    operation: String,
    /// The path to call, with `$name` for objects of the fixture.
    path: String,
    /// The body to send, with the same names.
    #[serde(default)]
    body: String,
    /// Somebody without an account.
    anonymous: Expected,
    /// A person with a team of their own in the same challenge.
    outsider: Expected,
    /// A member, and the captain, of the team that the objects belong to.
    member: Expected,
    /// An owner of the challenge.
    organizer: Expected,
    /// An administrator of the site.
    admin: Expected,
    /// The least role in the challenge that is let in where its owner is; see [`Row::least`].
    least: Option<Role>,
}

/// A role in a challenge below its owners.
#[derive(Deserialize, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "snake_case")]
enum Role {
    Viewer,
    Reviewer,
    Admin,
    Owner,
}

impl Role {
    const BELOW_OWNER: [(Self, &str); 3] =
        [(Self::Viewer, "viewer"), (Self::Reviewer, "reviewer"), (Self::Admin, "admin")];
}

impl Row {
    /// The least role that is let in where the owner is: what the row says, or viewers for reading and admins for changing.
    fn least(&self, method: &str) -> Role {
        self.least.unwrap_or(if method == "GET" { Role::Viewer } else { Role::Admin })
    }

    /// Whether the route asks for a role in the challenge at all.
    fn asks_for_a_role(&self) -> bool {
        let is_for_anyone = self.outsider.fits(200) || self.outsider.name() == self.organizer.name();
        !is_for_anyone && !matches!(self.organizer, Expected::Status(401 | 403))
    }

    /// Whether the route is beyond somebody with a role in the challenge.
    fn is_refused(&self, role: Role, method: &str) -> bool {
        self.asks_for_a_role() && role < self.least(method)
    }

    /// What is wrong with the answer to somebody with a role in the challenge.
    fn fault(&self, role: Role, name: &str, method: &str, answer: &crate::site::Answer) -> Option<String> {
        let fits = if self.is_refused(role, method) {
            answer.status == 403
        } else {
            // What was done once may be answered otherwise the next time, as the administrator is.
            self.organizer.fits(answer.status) || self.admin.fits(answer.status)
        };
        let text: String = answer.text.chars().take(200).collect();
        (!fits)
            .then(|| format!("{} as {name} of the challenge: found {} {text}", self.operation, answer.status))
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Expected {
    Status(u16),
    In(In),
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum In {
    In,
}

impl Expected {
    fn fits(&self, status: u16) -> bool {
        match self {
            Self::Status(expected) => *expected == status,
            Self::In(In::In) => status < 500 && ![401, 403, 404].contains(&status),
        }
    }

    fn name(&self) -> String {
        match self {
            Self::Status(status) => status.to_string(),
            Self::In(In::In) => "in".into(),
        }
    }
}

async fn every_route_lets_in_whom_its_row_says(database: TestDatabase) {
    let site = Site::start(database);
    let table: Table = toml::from_str(include_str!("authorization.toml")).unwrap();
    let routes = routes(&site);
    let listed: BTreeSet<&str> = table.route.iter().map(|row| row.operation.as_str()).collect();
    let served: BTreeSet<&str> = routes.keys().map(String::as_str).collect();
    assert_eq!(served, listed, "the routes served and the rows of authorization.toml differ");

    let admin = site.person("admin@example.org", "admin");
    let organizer = site.person("organizer@example.org", "member");
    let member = site.person("member@example.org", "member");
    let outsider = site.person("outsider@example.org", "member");
    let running = Role::BELOW_OWNER.map(|(role, name)| {
        let address = format!("{name}-of-challenges@example.org");
        (role, name, site.person(&address, "member"), address)
    });
    let mut wrong = Vec::new();
    for (number, row) in table.route.iter().enumerate() {
        let roles = [
            ("anonymous", "", &row.anonymous),
            ("outsider", outsider.as_str(), &row.outsider),
            ("member", member.as_str(), &row.member),
            ("organizer", organizer.as_str(), &row.organizer),
            ("admin", admin.as_str(), &row.admin),
        ];
        // Every row has objects of its own, so that what one route changes does not matter to another.
        let mut names = fixture(&site, number, &organizer, &member, &outsider);
        names.extend(flag(&site, row, &organizer, &member, &names));
        names.extend(research(&site, row, &organizer, &names));
        names.extend(merger(&site, row, &outsider, &names));
        let method = routes[&row.operation].as_str();
        let (path, body) = (fill(&row.path, &names), fill(&row.body, &names));
        for (_, name, _, address) in &running {
            let place = format!("/api/v1/challenges/{}/organizers/{address}", names["$challenge"]);
            let set = site.call("PUT", &organizer, &place, &json!({"role": name}).to_string());
            assert_eq!(set.status, 200, "{}", set.text);
        }
        // Those who are refused come first, and find everything as it was.
        for (role, name, token, _) in &running {
            if row.is_refused(*role, method) {
                wrong.extend(row.fault(*role, name, method, &site.call(method, token, &path, &body)));
            }
        }
        for (role, token, expected) in roles {
            let answer = site.call(method, token, &path, &body);
            if !expected.fits(answer.status) {
                wrong.push(format!(
                    "{} as {role}: expected {}, found {} {}",
                    row.operation,
                    expected.name(),
                    answer.status,
                    answer.text.chars().take(200).collect::<String>()
                ));
            }
        }
        for (role, name, token, _) in &running {
            if row.is_refused(*role, method) {
                continue;
            }
            wrong.extend(row.fault(*role, name, method, &site.call(method, token, &path, &body)));
        }
    }
    assert!(wrong.is_empty(), "{} cells are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// The operations of the API by id, with their methods.
fn routes(site: &Site) -> BTreeMap<String, String> {
    let document = site.get("", "/openapi.json").body;
    let mut routes = BTreeMap::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap_or_else(|| panic!("{method} {path} has no id"));
            routes.insert(id.to_owned(), method.to_uppercase());
        }
    }
    routes
}

/// A challenge with a team of the member and a scored submission, and the names of its objects.
fn fixture(
    site: &Site,
    number: usize,
    organizer: &str,
    member: &str,
    outsider: &str,
) -> BTreeMap<&'static str, String> {
    let slug = format!("c{number}");
    let mut phase = open_phase("classification_label");
    phase["final_choice"] = json!("chosen");
    let tables: [Part<'_>; 1] = [("main", "truth.csv", b"id,label\na,x\nb,y\n")];
    let path = site.challenge(organizer, &slug, &phase, &tables);
    let framing = site.get(organizer, &format!("/api/v1/{path}")).body["framing"]["id"].clone();
    site.enter(member, &slug, "Team of the member");
    site.enter(outsider, &slug, "Team of the outsider");
    let me = site.get(member, "/api/v1/me").body;
    let challenge = site.get(member, &format!("/api/v1/challenges/{slug}")).body;
    let accepted = site.submit(member, &path, "s.csv", b"id,label\na,x\nb,x\n", None).unwrap();
    let submission = accepted.body["id"].as_str().unwrap().to_owned();
    site.finished(member, &submission);
    let team = accepted.body["team"]["id"].as_str().unwrap().to_owned();
    let teams = site.get(organizer, &format!("/api/v1/challenges/{slug}/teams")).body;
    let rival = teams["items"].as_array().unwrap().iter().find(|one| one["id"] != team.as_str()).unwrap();
    BTreeMap::from([
        ("$number", number.to_string()),
        ("$challenge", slug),
        ("$challenge_id", challenge["id"].as_str().unwrap().to_owned()),
        ("$phase", "test".to_owned()),
        ("$rival", rival["id"].as_str().unwrap().to_owned()),
        ("$team", team),
        ("$framing", framing.as_str().unwrap().to_owned()),
        ("$submission", submission),
        ("$member", me["id"].as_str().unwrap().to_owned()),
        ("$missing", "00000000-0000-7000-8000-000000000000".to_owned()),
    ])
}

/// A flag about the member's team and one that sent the same, brought as far as a row needs: nobody decides or appeals twice.
fn flag(
    site: &Site,
    row: &Row,
    organizer: &str,
    member: &str,
    names: &BTreeMap<&'static str, String>,
) -> Option<(&'static str, String)> {
    let wanted = ["$flag", "$upheld", "$appealed"].into_iter().find(|name| row.path.contains(name))?;
    let (slug, team) = (&names["$challenge"], &names["$team"]);
    let copyist = site.person(&format!("copyist-of-{slug}@example.org"), "member");
    site.enter(&copyist, slug, "Team of the copyist");
    let phase = format!("challenges/{slug}/phases/test");
    let sent = site.submit(&copyist, &phase, "s.csv", b"id,label\na,x\nb,x\n", None).unwrap();
    site.finished(&copyist, sent.body["id"].as_str().unwrap());
    let begun = Instant::now();
    let id = loop {
        let found = site.get(organizer, &format!("/api/v1/{phase}/flags")).body;
        if let Some(id) = found["items"][0]["id"].as_str() {
            break id.to_owned();
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "no flag was raised");
        std::thread::sleep(Duration::from_millis(20));
    };
    let post = |token: &str, path: &str, body: Value| {
        let answer = site.call("POST", token, path, &body.to_string());
        assert_eq!(answer.status, 200, "{}", answer.text);
    };
    if wanted != "$flag" {
        post(
            organizer,
            &format!("/api/v1/flags/{id}/decision"),
            json!({"decision": "upheld", "reason": "the same"}),
        );
    }
    if wanted == "$appealed" {
        post(member, &format!("/api/v1/teams/{team}/flags/{id}/appeal"), json!({"text": "it is ours"}));
    }
    Some((wanted, id))
}

/// A merger that the outsider's team proposes to the member's.
fn merger(
    site: &Site,
    row: &Row,
    outsider: &str,
    names: &BTreeMap<&'static str, String>,
) -> Option<(&'static str, String)> {
    row.path.contains("$merger").then(|| {
        let path = format!("/api/v1/teams/{}/mergers", names["$rival"]);
        let made = site.make(outsider, &path, &json!({"into": names["$team"]}));
        ("$merger", made["id"].as_str().unwrap_or_default().to_owned())
    })
}

/// What a row of participation needs: a snapshot, a link, or a request of somebody who is in no other role.
fn research(
    site: &Site,
    row: &Row,
    organizer: &str,
    names: &BTreeMap<&'static str, String>,
) -> Option<(&'static str, String)> {
    let slug = &names["$challenge"];
    let names_of = ["$snapshot", "$research", "$access", "$link", "$webhook"];
    let wanted = names_of.into_iter().find(|name| row.path.contains(name))?;
    let asker = || site.person(&format!("asker-of-{slug}@example.org"), "researcher");
    let (token, path, body) = match wanted {
        "$snapshot" => (organizer.to_owned(), "snapshots", json!({})),
        "$link" => (organizer.to_owned(), "contestation-links", json!({"label": "somebody"})),
        "$webhook" => {
            // Nothing is ever sent: what it asks for does not happen here.
            let body = json!({"url": "https://9.9.9.9/hook", "kinds": ["challenge.archived"]});
            (organizer.to_owned(), "webhooks", body)
        }
        "$access" => (asker(), "access-requests", json!({"licence_version": "1.0"})),
        _ => {
            let study = json!({"title": "A study", "question": "Who comes back?", "institution": "Example University",
                "country": "PT", "ethics_board": "The board", "approval_reference": "12/26",
                "approval_until": "2199-01-01", "agreement_version": 1});
            (asker(), "research-requests", study)
        }
    };
    let made = site.make(&token, &format!("/api/v1/challenges/{slug}/{path}"), &body);
    Some((wanted, made["id"].as_str().unwrap_or_default().to_owned()))
}

fn fill(text: &str, names: &BTreeMap<&'static str, String>) -> String {
    // The longest names first: `$challenge_id` begins like `$challenge`.
    let mut names: Vec<_> = names.iter().collect();
    names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    names.into_iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value))
}

/// Foreign and missing objects are answered with the same bytes.
#[test]
fn foreign_and_missing_objects_look_alike() {
    let site = Site::start(TestDatabase::sqlite());
    let organizer = site.person("organizer@example.org", "member");
    let member = site.person("member@example.org", "member");
    let outsider = site.person("outsider@example.org", "member");
    let names = fixture(&site, 0, &organizer, &member, &outsider);
    site.make(&organizer, "/api/v1/challenges", &json!({"slug": "hidden", "title": "A draft"}));
    let pairs = [
        (
            format!("/api/v1/submissions/{}", names["$submission"]),
            format!("/api/v1/submissions/{}", names["$missing"]),
        ),
        (format!("/api/v1/teams/{}", names["$team"]), format!("/api/v1/teams/{}", names["$missing"])),
        ("/api/v1/challenges/hidden".into(), "/api/v1/challenges/nothing".into()),
        ("/api/v1/challenges/hidden/phases".into(), "/api/v1/challenges/nothing/phases".into()),
    ];
    for (foreign, missing) in pairs {
        let (foreign, missing) = (site.get(&outsider, &foreign), site.get(&outsider, &missing));
        let without_instance = |answer: &crate::site::Answer| {
            let mut body = answer.body.clone();
            if let Value::Object(body) = &mut body {
                body.retain(|key, _| key != "instance" && key != "request_id");
            }
            (answer.status, body)
        };
        assert_eq!(without_instance(&foreign), without_instance(&missing));
        assert_eq!(foreign.status, 404);
    }
}
