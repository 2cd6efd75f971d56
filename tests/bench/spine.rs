//! What the spine costs, as ratios of one run: `cargo bench --bench spine [-- SUBMISSIONS]`.
//!
//! Absolute figures belong to the machine; every goal is a ratio between two things measured here one after the other.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark prints, and stops when it cannot go on"
)]

#[path = "../site/site.rs"]
#[expect(dead_code, reason = "the whole-server tests use the rest of it")]
mod site;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use test_support::TestDatabase;

use crate::site::Site;

const CONNECTIONS: usize = 16;
const SPAN: Duration = Duration::from_secs(4);
const AS_BROWSERS_ASK: &str = "Accept-Encoding: gzip\r\n";

fn main() {
    let asked = std::env::args().skip(1).find_map(|argument| argument.parse().ok());
    let most: usize = asked.unwrap_or(10_000);

    // A burst before a deadline: the workers' turn comes later.
    let burst = Site::prepare(TestDatabase::sqlite(), 0);
    burst.start_server();
    burst.wait_until_ready();
    let (_, phase, teams) = furnish(&burst);
    let accepted = fill(&burst, &phase, &teams, 4_000);
    let syncs = syncs_per_second(&burst);
    println!("fdatasync of 4 KiB, one by one   {syncs:>10.0} /s");
    println!(
        "accepted, {CONNECTIONS} connections         {accepted:>10.0} /s   {:.2} x the syncs (goal > 1)",
        accepted / syncs
    );
    drop(burst);

    let begun = Instant::now();
    let site = Site::prepare(TestDatabase::sqlite(), 1);
    site.start_server();
    site.wait_until_ready();
    println!("start to ready, empty database   {:>10.0} ms", begun.elapsed().as_secs_f64() * 1e3);
    println!("memory when idle                 {:>10.1} MiB", site.server_memory_mib());
    let (admin, phase, teams) = furnish(&site);
    let accepted = fill(&site, &phase, &teams, 1_000);
    println!("accepted while others are scored {accepted:>10.0} /s");
    wait_until_scored(&site, &admin);
    println!(
        "received to scored, p50          {:>10.1} ms  (goal < 50 beyond evaluation)",
        quiet_latency_ms(&site, &admin, &phase, &teams[0])
    );

    let empty = empty_actix_handler();
    let board = format!("/api/v1/{phase}/leaderboard");
    let floor = requests_per_second(empty, "/", "");
    let few = requests_per_second(site.port(), &board, AS_BROWSERS_ASK);
    println!("empty actix handler              {floor:>10.0} /s");
    let layers = requests_per_second(site.port(), "/health", "");
    println!(
        "a fixed answer through all layers {layers:>9.0} /s   {:.2} of the empty handler",
        layers / floor
    );
    println!(
        "leaderboard, 10^3 submissions    {few:>10.0} /s   {:.2} of the empty handler (goal >= 0.70)",
        few / floor
    );
    if most > 1_000 {
        fill(&site, &phase, &teams, most - 1_000);
        wait_until_scored(&site, &admin);
        let floor = requests_per_second(empty, "/", "");
        let many = requests_per_second(site.port(), &board, AS_BROWSERS_ASK);
        println!(
            "leaderboard, {most} submissions   {many:>10.0} /s   {:.2} of the empty handler",
            many / floor
        );
    }
    println!("memory at the end                {:>10.1} MiB", site.server_memory_mib());
}

/// A challenge with teams of one; the administrator's token, the phase, the teams' tokens.
fn furnish(site: &Site) -> (String, String, Vec<String>) {
    let admin = site.person("admin@example.org", "admin");
    let phase = site.labels(&admin, "bench", b"id,label\na,x\nb,y\n");
    let enter = |n| {
        let token = site.person(&format!("p{n}@example.org"), "member");
        site.enter(&token, "bench", &format!("Team {n}"));
        token
    };
    (admin, phase, (0..CONNECTIONS).map(enter).collect())
}

/// How often the disk below the site syncs a small file in a second.
fn syncs_per_second(site: &Site) -> f64 {
    let mut file = std::fs::File::create(site.path("sync")).unwrap();
    let begun = Instant::now();
    let mut count = 0_u32;
    while begun.elapsed() < Duration::from_secs(2) {
        file.write_all(&[0; 4096]).unwrap();
        file.sync_data().unwrap();
        count += 1;
    }
    f64::from(count) / begun.elapsed().as_secs_f64()
}

/// Posts so many different small files over several connections; how many were accepted in a second.
fn fill(site: &Site, phase: &str, teams: &[String], count: usize) -> f64 {
    let next = AtomicU64::new(0);
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for token in teams {
            scope.spawn(|| {
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if n >= count as u64 {
                        return;
                    }
                    let file =
                        format!("id,label\na,{}\nb,{n}\n", if n.is_multiple_of(3) { "x" } else { "y" });
                    let answer = site.submit(token, phase, "s.csv", file.as_bytes(), None).unwrap();
                    assert_eq!(answer.status, 201, "{answer:?}");
                }
            });
        }
    });
    count as f64 / begun.elapsed().as_secs_f64()
}

fn wait_until_scored(site: &Site, admin: &str) {
    while site.export(admin, "submissions").iter().any(|row| row["state"] != "scored") {
        std::thread::sleep(Duration::from_millis(500));
    }
}

/// The median time from the last byte of a submission to its scores, when nothing else is going on.
fn quiet_latency_ms(site: &Site, admin: &str, phase: &str, token: &str) -> f64 {
    let ids: Vec<String> = (0..51)
        .map(|n| {
            let file = format!("id,label\na,x\nb,quiet{n}\n");
            let answer = site.submit(token, phase, "s.csv", file.as_bytes(), None).unwrap();
            let id = answer.body["id"].as_str().unwrap().to_owned();
            site.finished(token, &id);
            id
        })
        .collect();
    let rows = site.export(admin, "submissions");
    let mut spans: Vec<f64> = rows
        .iter()
        .filter(|row| ids.iter().any(|id| row["id"] == *id))
        .map(|row| 1e3 * (seconds(row["finished_at"].as_str()) - seconds(row["received_at"].as_str())))
        .collect();
    spans.sort_by(f64::total_cmp);
    spans[spans.len() / 2]
}

/// The seconds of the hour of an RFC 3339 time in UTC.
fn seconds(time: Option<&str>) -> f64 {
    let time = time.unwrap();
    let minute: f64 = time[14..16].parse().unwrap();
    60.0 * minute + time[17..].trim_end_matches('Z').parse::<f64>().unwrap()
}

/// A server that does nothing, on as many threads as the site's; its port.
fn empty_actix_handler() -> u16 {
    use actix_web::{App, HttpResponse, HttpServer, web};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let server = HttpServer::new(|| App::new().default_service(web::to(HttpResponse::Ok)));
        actix_web::rt::System::new().block_on(server.workers(2).listen(listener).unwrap().run()).unwrap();
    });
    port
}

/// How many answers a closed loop over several connections gets in a second.
///
/// The readers share the machine with the server, so they do as little as can be:
/// all answers to one request are equally long, and after the first they are only counted in.
fn requests_per_second(port: u16, path: &str, header: &str) -> f64 {
    let over = AtomicBool::new(false);
    let answered = AtomicU64::new(0);
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..CONNECTIONS {
            scope.spawn(|| {
                let mut connection = TcpStream::connect(("127.0.0.1", port)).unwrap();
                connection.set_nodelay(true).unwrap();
                let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{header}\r\n");
                connection.write_all(request.as_bytes()).unwrap();
                let mut answer = vec![0; length_of_an_answer(&mut connection)];
                while !over.load(Ordering::Relaxed) {
                    connection.write_all(request.as_bytes()).unwrap();
                    connection.read_exact(&mut answer).unwrap();
                    assert!(answer.starts_with(b"HTTP/1.1 200 OK\r\n"));
                    answered.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        std::thread::sleep(SPAN);
        over.store(true, Ordering::Relaxed);
    });
    answered.into_inner() as f64 / begun.elapsed().as_secs_f64()
}

/// Reads one whole answer; how many bytes it has, head and body.
fn length_of_an_answer(connection: &mut TcpStream) -> usize {
    let mut read = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let count = connection.read(&mut piece).unwrap();
        assert_ne!(count, 0, "the server hung up");
        read.extend_from_slice(&piece[..count]);
        let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&read[..end]).to_ascii_lowercase();
        let field = head.lines().find_map(|line| line.strip_prefix("content-length:")).unwrap();
        let length = head.len() + 4 + field.trim().parse::<usize>().unwrap();
        if read.len() == length {
            return length;
        }
    }
}
