//! The real command-line client of EvalAI, as its users have it, against a running site.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;
use test_support::{TestDatabase, both_databases, evalai};

use crate::site::{Site, open_phase};

both_databases!(the_real_client_works);

const TRUTH: &[u8] = b"id,label\na,x\nb,y\nc,x\nd,y\n";
const SUBMISSION: &str = "id,label\na,x\nb,y\nc,x\nd,x\n";

/// The client asks the package index at every start which version is the newest; the answer is the present one.
const NEWEST: &str = r#"
import requests

ask = requests.Session.request

class Newest:
    def json(self):
        return {"releases": {"1.3.18": []}}

def request(self, method, url, **more):
    return Newest() if url.endswith("/evalai/json") else ask(self, method, url, **more)

requests.Session.request = request
"#;

/// The client with a home of its own.
struct Client {
    python: PathBuf,
    home: tempfile::TempDir,
}

impl Client {
    fn new(python: PathBuf) -> Self {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join("sitecustomize.py"), NEWEST).unwrap();
        Self { python, home }
    }

    fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.home.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    /// Runs a command with these answers to its questions; whether it ended well, and what it printed.
    fn run(&self, arguments: &str, answers: &str) -> (bool, String) {
        let mut child = Command::new(&self.python)
            .args(["-c", "from evalai.main import main; main()"])
            .args(arguments.split(' '))
            .current_dir(self.home.path())
            .env("HOME", self.home.path())
            .env("PYTHONPATH", self.home.path())
            .env("LC_ALL", "C.UTF-8")
            .env("TZ", "UTC")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(answers.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let printed = [output.stdout, output.stderr].concat();
        let printed = String::from_utf8_lossy(&printed).into_owned();
        assert!(!printed.contains("Traceback"), "evalai {arguments}: {printed}");
        (output.status.success(), printed)
    }

    /// A command that must end well and say this.
    #[track_caller]
    fn says(&self, arguments: &str, answers: &str, words: &str) -> String {
        let (ended_well, printed) = self.run(arguments, answers);
        assert!(ended_well && printed.contains(words), "evalai {arguments}: no {words:?} in {printed}");
        printed
    }

    /// A command that must be refused with this sentence.
    #[track_caller]
    fn is_refused(&self, arguments: &str, answers: &str, words: &str) {
        let (ended_well, printed) = self.run(arguments, answers);
        assert!(!ended_well && printed.contains(words), "evalai {arguments}: no {words:?} in {printed}");
    }
}

/// The number behind these words.
fn number_after(printed: &str, words: &str) -> String {
    let rest = printed.split(words).nth(1).unwrap_or_else(|| panic!("no {words:?} in {printed}"));
    rest.trim_start().chars().take_while(char::is_ascii_digit).collect()
}

async fn the_real_client_works(database: TestDatabase) {
    let Some(python) = evalai() else { return };
    let site = Site::prepare(database, 1).with("HELDOUT_ACCOUNTS__VERIFICATION_REQUIRED", "false");
    site.start_server();
    site.wait_until_ready();
    let organizer = site.person("organizer@example.org", "member");
    site.challenge(&organizer, "words", &open_phase("classification_label"), &[("main", "truth.csv", TRUTH)]);
    let account = json!({"email": "ada@example.org", "name": "Ada", "password": "a long enough passphrase"});
    assert_eq!(site.post("", "/api/v1/accounts", &account).status, 202);
    let first = |path: &str| site.get(&organizer, path).body["results"][0]["id"].as_i64().unwrap();
    let challenge = first("/api/challenges/challenge/all/all/all");
    let phase = first(&format!("/api/challenges/challenge/{challenge}/challenge_phase"));
    let splits = site.get(&organizer, &format!("/api/challenges/{challenge}/challenge_phase_split")).body;
    let split = splits[0]["id"].as_i64().unwrap();

    let client = Client::new(python);
    client.says(&format!("host -sh {}", site.url("")), "", "is set as the host url");
    client.is_refused("login", "ada@example.org\nnot this one\n", "Unable to log in");
    client.says("login", "ada@example.org\na long enough passphrase\n", "Logged in successfully");
    client.says("challenges", "", "The words challenge");
    client.says("challenges ongoing", "", "The words challenge");
    client.says("challenges past", "", "no challenges found");
    client.says(&format!("challenge {challenge}"), "", "Evaluation Details");
    client.is_refused("challenge 999999", "", "Challenge does not exist!");
    let of_phase = format!("challenge {challenge} phase {phase}");
    client.says(&of_phase, "", "Code Name : test");
    client.says(&format!("{of_phase} splits"), "", "Dataset Split");

    let submission = client.file("preds.csv", SUBMISSION.as_bytes());
    let submit = format!("{of_phase} submit --file {}", submission.display());
    client.is_refused(&submit, "n\nn\n", "You haven't participated");
    client.says("teams create participant", "Ada's team\ny\nn\n", "successfully created");
    client.is_refused("teams create participant", "Ada's team\ny\nn\n", "already exists");
    // The numbers of one's own teams are known to their owner alone, so the client's token asks.
    let token = std::fs::read_to_string(client.home.path().join(".evalai/token.json")).unwrap();
    let token: serde_json::Value = serde_json::from_str(&token).unwrap();
    let teams = site.get(token["token"].as_str().unwrap(), "/api/participants/participant_team").body;
    let team = teams["results"][0]["id"].as_i64().unwrap();
    let participate = format!("challenge {challenge} participate {team}");
    client.says(&participate, "y\n", "is now participating");
    client.is_refused(&participate, "y\n", "Team already exists");

    let sent = client.says(&submit, "n\nn\n", "is successfully submitted");
    let sent = number_after(&sent, "with the ID");
    let submitted = follow(&client, &sent);
    assert!(submitted.contains("finished"), "{submitted}");
    let result = client.says(&format!("submission {sent} result"), "", "accuracy");
    let result: serde_json::Value = serde_json::from_str(&result).unwrap();
    assert_eq!(result[0]["all"]["accuracy"], 0.75);
    client.says(&format!("{of_phase} submissions"), "", "Ada's team");
    client.says(&format!("challenge {challenge} leaderboard {split}"), "", "0.75");
    let key = format!("submission_files/submission_{sent}/input/preds.csv");
    let url = format!("{}?bucket=any&key={key}", site.url("/"));
    client.says(&format!("download_file {url}"), "", "is successfully downloaded");

    let mut large = SUBMISSION.as_bytes().to_vec();
    large.resize(21 * 1024 * 1024, b'\n');
    let large = client.file("large.csv", &large);
    let sent = client.says(
        &format!("{of_phase} submit --large --file {}", large.display()),
        "n\nn\n",
        "is successfully submitted",
    );
    let submitted = follow(&client, &number_after(&sent, "with the id"));
    assert!(submitted.contains("finished"), "{submitted}");

    let truth = client.file("new-truth.csv", SUBMISSION.as_bytes());
    annotate(&client, &of_phase, &truth, &organizer);
}

/// Follows a submission with the client until it has ended.
fn follow(client: &Client, submission: &str) -> String {
    let begun = Instant::now();
    loop {
        let printed = client.says(&format!("submission {submission}"), "", "Submission Status");
        if ["finished", "failed", "cancelled"].iter().any(|word| printed.contains(word)) {
            return printed;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{printed}");
    }
}

/// Sends annotations: as a participant in vain, then as the organizer.
fn annotate(client: &Client, of_phase: &str, truth: &Path, organizer: &str) {
    let command = format!("{of_phase} submit --annotation --file {}", truth.display());
    client.is_refused(&command, "", "for the organizers");
    client.says(&format!("set_token {organizer}"), "", "successfully set");
    client.says("challenges --host", "", "The words challenge");
    client.says(&command, "", "is successfully uploaded");
}
