//! Leaderboards: both formats, what readers have already, pages, and who sees what.

use std::io::Read as _;
use std::time::{Duration, Instant};

use app::verify::verify;
use flate2::read::GzDecoder;
use heldout_server_tests::{Answer, Client, Stage, TestServer, on_both_databases};
use serde_json::{Value, json};
use storage::{StoreError, boards, phases, uncertainty};

on_both_databases!(
    a_board_is_read_and_known_until_it_changes,
    a_compressed_board_is_the_same_board,
    text_in_csv_does_nothing,
    private_boards_do_not_exist_for_others,
    a_board_comes_in_pages,
    changed_replicates_are_found,
);

const RIGHT: &str = "id,label\na,cook\nb,walk\nc,cook\nd,walk\n";
const HALF: &str = "id,label\na,cook\nb,cook\nc,cook\nd,walk\n";

fn board(stage: &Stage) -> String {
    format!("{}/leaderboard", stage.phase)
}

fn places(client: &Client, path: &str) -> Vec<(u64, String, Value)> {
    let board = client.get(path).expect(200);
    let place = |item: &Value| {
        let team = item["team"]["name"].as_str().unwrap().to_owned();
        (item["rank"].as_u64().unwrap(), team, item["scores"]["accuracy"].clone())
    };
    board["items"].as_array().unwrap().iter().map(place).collect()
}

/// The board once its statistics are those of its present entries: it changes no more by itself.
fn described(reader: &Client, path: &str) -> Answer {
    let begun = Instant::now();
    loop {
        let answer = reader.get(path);
        let board = answer.json();
        if board["uncertainty"]["board_version"] == board["board_version"] {
            return answer;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{board:#}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn a_compressed_board_is_the_same_board(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    stage.score(&stage.contestant, "", HALF);
    let reader = server.anonymous();
    let plain = described(&reader, &board(&stage));
    assert_eq!(plain.headers.get("Content-Encoding"), None);
    for accepted in ["gzip", "gzip, deflate, br, zstd", "identity;q=0.5, gzip"] {
        let packed = reader.send("GET", &board(&stage), &[("Accept-Encoding", accepted)], "");
        assert_eq!(packed.header("Content-Encoding"), "gzip", "{accepted}");
        assert_eq!(packed.header("ETag"), plain.header("ETag"));
        assert!(packed.header("Vary").contains("Accept-Encoding"));
        let mut unpacked = Vec::new();
        GzDecoder::new(&packed.body[..]).read_to_end(&mut unpacked).unwrap();
        assert_eq!(unpacked, plain.body);
    }
    let refused = reader.send("GET", &board(&stage), &[("Accept-Encoding", "gzip;q=0")], "");
    assert_eq!(refused.body, plain.body);
}

fn a_board_is_read_and_known_until_it_changes(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let reader = server.anonymous();
    let eve = stage.join(server, "eve");
    stage.score(&stage.contestant, "", HALF);
    assert_eq!(places(&reader, &board(&stage)), [(1, "ada".into(), json!(0.5))]);

    let answer = described(&reader, &board(&stage));
    assert_eq!(answer.header("Cache-Control"), "public, max-age=0, must-revalidate");
    let tag = answer.header("ETag").to_owned();
    let known = |tag: &str| reader.send("GET", &board(&stage), &[("If-None-Match", tag)], "");
    let unchanged = known(&tag);
    assert_eq!((unchanged.status, unchanged.body.len(), unchanged.header("ETag")), (304, 0, tag.as_str()));

    // A change is seen by the very next reader.
    stage.score(&eve, "", RIGHT);
    assert_eq!(known(&tag).status, 200);
    let expected = [(1, "eve".into(), json!(1.0)), (2, "ada".into(), json!(0.5))];
    assert_eq!(places(&reader, &board(&stage)), expected);
    let team = reader.get(&board(&stage)).expect(200)["items"][0]["team"]["id"].clone();
    let renamed = eve.patch(&format!("/api/v1/teams/{}", team.as_str().unwrap()), &json!({"name": "adam"}));
    renamed.expect(200);
    assert_eq!(places(&reader, &board(&stage))[0].1, "adam");
}

fn text_in_csv_does_nothing(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let formula = "&method_name=%3DHYPERLINK(%22http://evil.example%22)%2C%0A1";
    stage.score(&stage.contestant, formula, HALF);
    let answer = server.anonymous().get(&format!("{}?format=csv", board(&stage)));
    assert_eq!(answer.header("Content-Type"), "text/csv; charset=utf-8");
    let text = answer.text();
    let (heading, row) = text.split_once("\r\n").unwrap();
    assert!(heading.starts_with("rank,team,team_id,submission_id,is_baseline,method,"), "{heading}");
    assert!(heading.contains(",accuracy,"), "{heading}");
    assert!(row.contains("\"'=HYPERLINK(\"\"http://evil.example\"\"),\n1\""), "{row}");
    assert!(row.contains(",0.5,") && row.ends_with("\r\n"), "{row}");
}

fn private_boards_do_not_exist_for_others(server: &TestServer) {
    let stage = Stage::set(server, json!({"leaderboard_public": false}));
    let status = |client: &Client, split: &str| client.get(&format!("{}{split}", board(&stage))).status;
    for split in ["", "?split=open", "?split=all", "?split=none"] {
        assert_eq!(status(&server.anonymous(), split), 404, "{split}");
        assert_eq!(status(&stage.contestant, split), 404, "{split}");
    }
    assert_eq!(status(&stage.organizer, "?split=all"), 200);
    stage.organizer.patch(&stage.phase, &json!({"leaderboard_public": true})).expect(200);
    assert_eq!(status(&server.anonymous(), ""), 200);
    assert_eq!(status(&server.anonymous(), "?split=all"), 404);
    let seen = stage.organizer.get(&format!("{}?split=all", board(&stage)));
    assert_eq!((seen.status, seen.header("Cache-Control")), (200, "private, max-age=0, must-revalidate"));
    assert_eq!(status(&server.anonymous(), "?split=all"), 404, "what an organizer has read stays theirs");
}

fn a_board_comes_in_pages(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    stage.score(&stage.contestant, "", HALF);
    for name in ["bob", "eve"] {
        stage.score(&stage.join(server, name), "", RIGHT);
    }
    let reader = server.anonymous();
    let first = reader.get(&format!("{}?limit=2", board(&stage))).expect(200);
    assert_eq!(first["items"].as_array().unwrap().len(), 2);
    let next = first["next"].as_str().unwrap();
    let rest = places(&reader, &format!("{}?limit=2&cursor={next}", board(&stage)));
    assert_eq!(rest, [(3, "ada".into(), json!(0.5))]);
    let refused = |query: &str| reader.get(&format!("{}?{query}", board(&stage))).status;
    for query in ["limit=0", "limit=9999", "cursor=x", "format=xml", "annotations=7", "surprise=1"] {
        assert_eq!(refused(query), 422, "{query}");
    }
    assert_eq!(places(&reader, &format!("{}?annotations=1", board(&stage))).len(), 3);
}

/// Replicates that somebody has touched are not what the evidence gives.
fn changed_replicates_are_found(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    stage.score(&stage.contestant, "", HALF);
    described(&server.anonymous(), &board(&stage));
    let verified = server.block_on(verify(&server.app, true, &|_, _| {})).unwrap();
    assert_eq!((verified.redrawn, verified.findings), (1, vec![]));

    let turning = server.app.db.write(|conn| {
        let phase = phases::every(conn)?.remove(0).id;
        let splits = phases::splits_of(conn, phase)?;
        let mut kept = Vec::new();
        for split in &splits {
            let standing: Vec<_> =
                boards::entries(conn, split.id)?.into_iter().map(|entry| entry.evaluation).collect();
            kept.extend(uncertainty::on_split(conn, split.id, "accuracy", &standing)?);
        }
        uncertainty::forget(conn, phase)?;
        for vector in &mut kept {
            // The one group of the public split leaves nothing to chance.
            vector.vector.first_mut().into_iter().for_each(|byte| *byte ^= 1);
            uncertainty::insert(conn, vector)?;
        }
        Ok::<_, StoreError>(kept.iter().filter(|vector| !vector.vector.is_empty()).count())
    });
    assert_eq!(server.block_on(turning).unwrap(), 1);
    let findings = server.block_on(verify(&server.app, true, &|_, _| {})).unwrap().findings;
    let told = findings.iter().filter(|finding| finding.contains("are not what its evidence gives"));
    let told: Vec<&String> = told.collect();
    assert_eq!(told.len(), 1, "{findings:#?}");
    assert!(told[0].contains("on split all"), "{findings:#?}");
    let unasked = server.block_on(verify(&server.app, false, &|_, _| {})).unwrap();
    assert_eq!(unasked.redrawn, 0);
}
