//! The whole demo: filled through a server and its workers, looked at over HTTP, and started a second time.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use super::programme::PHASE;
use super::season::season;
use super::*;

/// Prepares the demo in a folder as a start of the program would; what it printed.
async fn start(folder: &Path) -> (Prepared, String) {
    let args = DemoArgs { folder: folder.to_owned(), listen: ([127, 0, 0, 1], 0).into(), public_url: None };
    let (mut input, mut out, mut err) = (std::io::empty(), Vec::new(), Vec::new());
    let mut io = Io { input: &mut input, out: &mut out, err: &mut err, attended: false };
    let prepared = prepare(&args, &sources::system(), &mut io).await.unwrap();
    (prepared, String::from_utf8(out).unwrap())
}

/// Serves the demo for as long as it takes to read all public leaderboards.
async fn leaderboards(prepared: Prepared) -> Vec<Vec<Value>> {
    let address = settings::address_of(prepared.listener.local_addr().unwrap());
    let Prepared { configuration, listener, .. } = prepared;
    let site = Site::start(&configuration, sources::system(), listener, CancellationToken::new()).unwrap();
    let read = tokio::task::spawn_blocking(move || {
        let board = |edition: &Edition| {
            let path = format!("api/v1/challenges/{}/phases/{PHASE}/leaderboard", edition.slug);
            let mut answer = ureq::get(format!("{address}/{path}")).call().unwrap();
            let board: Value = serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap();
            board["items"].as_array().unwrap().clone()
        };
        programme(SEED).iter().map(board).collect()
    });
    let boards = read.await.unwrap();
    site.stop().await.unwrap();
    boards
}

#[test]
fn a_demo_is_filled_once_and_kept() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("demo");
    wiring::runtime().unwrap().block_on(async {
        let (first, said) = start(&folder).await;
        assert!(said.starts_with("Filling "), "{said}");
        let demo = first.demo.clone();
        check_counts(&demo);
        check_samples(&folder);
        let boards = leaderboards(first).await;
        check_boards(&boards);

        let (second, said) = start(&folder).await;
        assert!(said.contains("its data are kept"), "{said}");
        assert_eq!(second.demo, demo);
        assert_eq!(leaderboards(second).await, boards, "a second start changes nothing");
    });
}

fn check_counts(demo: &Demo) {
    let today = sources::system().now();
    let editions = programme(SEED);
    let planned: Vec<_> = editions.iter().flat_map(|edition| season(SEED, edition, today)).collect();
    let broken = planned.iter().filter(|plan| plan.breakage.is_some()).count();
    assert_eq!((demo.counts.scored, demo.counts.invalid), (planned.len() - broken, broken));
    assert_eq!(demo.counts.challenges, editions.len());
    assert_eq!(demo.counts.teams, editions.iter().map(|edition| edition.entries.len()).sum::<usize>());
    assert_eq!(demo.counts.people, demo.accounts.len());
    assert_eq!(demo.accounts.len(), cast::PEOPLE.len());
}

fn check_samples(folder: &Path) {
    for edition in programme(SEED).iter().filter(|edition| edition.is_running()) {
        for name in samples::names(edition) {
            assert!(folder.join(&name).is_file(), "{name}");
        }
    }
}

fn check_boards(boards: &[Vec<Value>]) {
    for (edition, board) in programme(SEED).iter().zip(boards) {
        let expected: BTreeSet<&str> = edition.entries.iter().map(|entry| entry.group).collect();
        let teams: BTreeSet<&str> = board.iter().map(|row| row["team"]["name"].as_str().unwrap()).collect();
        assert_eq!(teams, expected, "{}", edition.slug);
        let baselines = board.iter().filter(|row| row["is_baseline"] == true).count();
        assert_eq!(baselines, 1, "{}", edition.slug);
    }
}
