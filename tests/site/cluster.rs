//! The manifests of `k8s/`: valid, without secrets, and about the program as it is.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;
use test_support::{TestDatabase, block_on, promtool, python};

use crate::site::Site;

const TRUTH: &[u8] = b"id,label\na,x\nb,y\n";
const GUESS: &[u8] = b"id,label\na,x\nb,x\n";

/// What the manifests name, and the folder with their alert rules; `None`, said aloud, without the programs that read them.
fn rendered() -> Option<(Value, tempfile::TempDir)> {
    let python = python("kubernetes_validate")?;
    let out = tempfile::tempdir().unwrap();
    let run = Command::new(python)
        .args([here("tests/site/manifests.py"), here("k8s"), out.path().to_owned()])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{said}{}", String::from_utf8_lossy(&run.stderr));
    let named = std::fs::read(out.path().join("named.json")).unwrap();
    Some((serde_json::from_slice(&named).unwrap(), out))
}

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

#[test]
fn the_manifests_are_valid_and_give_every_process_settings_that_it_knows() {
    let Some((named, folder)) = rendered() else { return };
    let secret = folder.path().join("secret");
    std::fs::write(&secret, "postgres://heldout@database/heldout").unwrap();
    let (mut containers, mut variables) = (0, 0);
    for (overlay, pods) in named["containers"].as_object().unwrap() {
        for (pod, container) in pods.as_object().unwrap() {
            let mut check = Command::new(env!("CARGO_BIN_EXE_heldout"));
            check.arg("check-config").env_clear().current_dir(folder.path());
            for (name, value) in container["environment"].as_object().unwrap() {
                assert!(name.starts_with("HELDOUT_"), "{overlay}/{pod}: {name} is not ours");
                // Secrets are files of the cluster, or values that only it knows.
                let is_secret = name.ends_with("_FILE") || value == "";
                let value = if is_secret { secret.to_str().unwrap() } else { value.as_str().unwrap() };
                check.env(name, value);
                variables += 1;
            }
            let checked = check.output().unwrap();
            let said = String::from_utf8_lossy(&checked.stderr);
            assert!(checked.status.success(), "{overlay}/{pod}: {said}");
            containers += 1;
        }
    }
    assert!(containers >= 6 && variables > 60, "{containers} containers, {variables} variables: {named:#}");
}

#[test]
fn alerts_and_dashboard_name_what_is_measured() {
    let Some((named, _folder)) = rendered() else { return };
    let site = Site::start(TestDatabase::sqlite());
    let organizer = site.person("organizer@example.org", "admin");
    let phase = site.labels(&organizer, "measured", TRUTH);
    site.enter(&organizer, "measured", "ada");
    let submitted = site.submit(&organizer, &phase, "s.csv", GUESS, None).unwrap();
    site.finished(&organizer, submitted.body["id"].as_str().unwrap());
    site.post(
        "",
        "/api/v1/sessions",
        &serde_json::json!({"email": "a@example.org", "password": "no such one"}),
    );
    let measured = site.get("", "/metrics").text;

    let names: Vec<&str> = measured.lines().filter_map(|line| line.split(['{', ' ']).next()).collect();
    let wanted = named["measurements"].as_array().unwrap();
    assert!(wanted.len() > 10, "{wanted:?}");
    for name in wanted {
        assert!(names.contains(&name.as_str().unwrap()), "nothing measures {name}:\n{measured}");
    }
    // Routes that an alert asks for by name are routes of the server.
    let asked: String =
        named["expressions"].as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect();
    for route in ["/api/v1/challenges/{challenge}/phases/{phase}/submissions", "/api/v1/sessions", "/ready"] {
        assert!(
            asked.contains(route) && measured.contains(&format!("route=\"{route}\"")),
            "{route}\n{measured}"
        );
    }
}

#[test]
fn alerts_fire_on_trouble_and_on_nothing_else() {
    let (Some((named, folder)), Some(promtool)) = (rendered(), promtool()) else { return };
    let cases = std::fs::read_to_string(here("tests/site/alerts_test.yaml")).unwrap();
    for alert in named["alerts"].as_array().unwrap() {
        assert!(cases.contains(&format!("alertname=\"{}\"", alert.as_str().unwrap())), "{alert} has no case");
    }
    std::fs::write(folder.path().join("cases.yaml"), cases).unwrap();
    for arguments in [["check", "rules", "alerts.yaml"], ["test", "rules", "cases.yaml"]] {
        let run = Command::new(promtool).args(arguments).current_dir(folder.path()).output().unwrap();
        let said = [run.stdout, run.stderr].concat();
        assert!(run.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&said));
    }
}

#[test]
fn the_number_of_workers_follows_the_jobs_that_wait() {
    let (Some((named, _folder)), Some(database)) = (rendered(), TestDatabase::postgres()) else { return };
    let site = Site::prepare(database, 0);
    site.start_server();
    site.wait_until_ready();
    let organizer = site.person("organizer@example.org", "admin");
    let phase = site.labels(&organizer, "queued", TRUTH);
    site.enter(&organizer, "queued", "ada");
    // With no more than the rights that the README gives to the one who asks.
    let count = |role: &str| {
        let asked = format!("SET ROLE {role}; {}", named["queue"].as_str().unwrap());
        site.psql(&asked).lines().last().unwrap().trim().parse::<i64>().unwrap()
    };
    let readme = std::fs::read_to_string(here("k8s/README.md")).unwrap();
    let (_, after) = readme.split_once("```sql\n").unwrap();
    let (grants, _) = after.split_once("```").unwrap();
    // Roles are of the whole server, which other tests use as well.
    let role = format!("heldout_scaler_{}", std::process::id());
    site.psql(&grants.replace("heldout_scaler", &role));
    let before = count(&role);
    let ids: Vec<String> = (0..3)
        .map(|_| {
            let submitted = site.submit(&organizer, &phase, "s.csv", GUESS, None).unwrap();
            submitted.body["id"].as_str().unwrap().to_owned()
        })
        .collect();
    assert_eq!(count(&role), before + 3);
    site.start_worker();
    for id in &ids {
        site.finished(&organizer, id);
    }
    let begun = Instant::now();
    while count(&role) > 0 {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "the queue does not come to its end\n{}",
            site.log()
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    site.psql(&format!("DROP OWNED BY {role}; DROP ROLE {role}"));
}

#[test]
fn a_server_for_contestants_does_without_the_annotations() {
    block_on(async {
        let site = Site::prepare(TestDatabase::sqlite(), 0).with("HELDOUT_ANNOTATIONS__STORE", "folder");
        site.start_server();
        site.wait_until_ready();
        let organizer = site.person("organizer@example.org", "admin");
        let phase = site.labels(&organizer, "apart", TRUTH);
        let ada = site.person("ada@example.org", "member");
        site.enter(&ada, "apart", "ada");

        let site = site.with("HELDOUT_ANNOTATIONS__STORE", "elsewhere");
        site.start_server();
        site.wait_until_ready();
        let ready = site.get("", "/ready");
        assert_eq!((ready.status, &ready.body["annotations"]), (200, &Value::from("elsewhere")), "{ready:?}");
        let items = site.get(&organizer, &format!("/api/v1/{phase}/items"));
        let uploaded =
            site.post_parts(&organizer, &format!("/api/v1/{phase}/annotations"), &[("main", "t.csv", TRUTH)]);
        for refused in [items, uploaded] {
            assert_eq!(
                (refused.status, &refused.body["code"]),
                (421, &Value::from("annotations_elsewhere")),
                "{refused:?}"
            );
        }
        let submitted = site.submit(&ada, &phase, "s.csv", GUESS, None).unwrap();
        assert_eq!(submitted.status, 201, "{submitted:?}");
        let id = submitted.body["id"].as_str().unwrap();

        // What evaluates must have them, and says so before it takes a job.
        let without = site.command(&["worker"]).output().unwrap();
        assert!(!without.status.success() && String::from_utf8_lossy(&without.stderr).contains("elsewhere"));
        let inside = site.command(&["check-config"]).env("HELDOUT_WORKER__THREADS", "1").output().unwrap();
        assert!(
            !inside.status.success() && String::from_utf8_lossy(&inside.stderr).contains("worker.threads")
        );

        // What a crash left two days ago and what is being written now lie in the same folder.
        let leftovers = [("old", 3 * 86_400), ("new", 60)].map(|(name, age)| {
            let path = site.path("heldout-data/artifacts/incoming").join(name);
            let file = std::fs::File::create(&path).unwrap();
            file.set_modified(
                std::fs::metadata(site.path(".")).unwrap().modified().unwrap() - Duration::from_secs(age),
            )
            .unwrap();
            path
        });
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut worker = site
            .command(&["worker"])
            .env("HELDOUT_ANNOTATIONS__STORE", "folder")
            .env("HELDOUT_WORKER__LISTEN", format!("127.0.0.1:{port}"))
            .spawn()
            .unwrap();
        let scored = site.finished(&ada, id);
        let of_worker = |path: &str| {
            let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
            let mut answer = agent.get(format!("http://127.0.0.1:{port}{path}")).call().unwrap();
            (answer.status().as_u16(), answer.body_mut().read_to_string().unwrap())
        };
        let told = ["/health", "/ready", "/metrics", "/api/v1/challenges", "/"].map(of_worker);
        let begun = Instant::now();
        while leftovers[0].exists() {
            assert!(begun.elapsed() < Duration::from_secs(60), "what a crash left is not cleared away");
            std::thread::sleep(Duration::from_millis(50));
        }
        assert!(leftovers[1].exists(), "what is being written was cleared away");
        let ended = worker.kill().and_then(|()| worker.wait());
        assert_eq!(scored["state"], "scored", "{scored:#}");
        assert_eq!(told.each_ref().map(|(status, _)| *status), [200, 200, 200, 404, 404], "{told:?}");
        assert!(told[1].1.contains("\"annotations\":\"ready\""), "{}", told[1].1);
        assert!(told[2].1.contains("heldout_evaluation_seconds_count{"), "{}", told[2].1);
        assert!(told[2].1.contains("heldout_ready{part=\"annotations\"} 1"), "{}", told[2].1);
        ended.unwrap();
    });
}
