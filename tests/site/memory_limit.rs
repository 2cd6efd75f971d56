//! An evaluation that takes more memory than it may is ended, and the next one goes on.

use std::io::Write as _;

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};
use serde_json::json;
use test_support::{TestDatabase, both_databases};

use crate::site::{Part, Site, open_phase};

both_databases!(what_unfolds_beyond_the_limit_is_ended);

const TRUTH: &[u8] = b"\
narration_id,participant_id,video_id,start_timestamp,stop_timestamp,verb_class,noun_class
K1_1_0,K1,K1_1,00:00:01.00,00:00:03.00,0,2
";

async fn what_unfolds_beyond_the_limit_is_ended(database: TestDatabase) {
    let site = Site::prepare(database, 1).with("HELDOUT_WORKER__EVALUATION_BYTES", (16 << 20).to_string());
    site.start_server();
    site.wait_until_ready();
    let admin = site.person("admin@example.org", "admin");
    let contestant = site.person("contestant@example.org", "member");
    let phase = open_phase("epic_c2");
    let tables: [Part<'_>; 1] = [("main", "truth.csv", TRUTH)];
    let phase = site.challenge(&admin, "kitchens", &phase, &tables);
    site.enter(&contestant, "kitchens", "Atlas");

    let submission = json!({
        "version": "0.2", "challenge": "action_detection", "sls_pt": 1, "sls_tl": 1, "sls_td": 1,
        "results": {"K1_1": [{"verb": 0, "noun": 2, "action": "0,2", "score": 0.9, "segment": [1.0, 3.0]}]},
    });
    // 40 MiB of blanks before the first brace come to some 40 KiB on their way.
    let unfolding = format!("{}{submission}", " ".repeat(40 << 20));
    for (text, state) in [(unfolding, "failed"), (submission.to_string(), "scored")] {
        let archive = archive_of("test.json", text.as_bytes());
        assert!(archive.len() < 1 << 20);
        let sent = site.submit(&contestant, &phase, "s.zip", &archive, None).unwrap();
        let finished = site.finished(&contestant, sent.body["id"].as_str().unwrap());
        assert_eq!(finished["state"], state, "{finished}");
        if state == "failed" {
            assert!(finished.to_string().contains("memory_limit"), "{finished}");
        }
    }
}

/// A zip archive of one deflated file.
fn archive_of(name: &str, content: &[u8]) -> Vec<u8> {
    let mut checksum = Crc::new();
    checksum.update(content);
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).unwrap();
    let packed = encoder.finish().unwrap();
    let sizes = [packed.len() as u32, content.len() as u32].map(u32::to_le_bytes).concat();
    // Version 2.0, no flags, deflated, no date; then checksum, sizes, the length of the name, and nothing extra.
    let mut common = vec![20, 0, 0, 0, 8, 0, 0, 0, 0, 0];
    common.extend(checksum.sum().to_le_bytes());
    common.extend(sizes);
    common.extend((name.len() as u16).to_le_bytes());
    common.extend([0, 0]);

    let mut archive = b"PK\x03\x04".to_vec();
    archive.extend(&common);
    archive.extend(name.as_bytes());
    archive.extend(packed);
    let directory = archive.len() as u32;
    archive.extend(b"PK\x01\x02\x14\x00");
    archive.extend(&common);
    // No comment, one disk, no attributes, and the file begins at the beginning.
    archive.extend([0; 14]);
    archive.extend(name.as_bytes());
    let directory_size = archive.len() as u32 - directory;
    archive.extend(b"PK\x05\x06\x00\x00\x00\x00\x01\x00\x01\x00");
    archive.extend(directory_size.to_le_bytes());
    archive.extend(directory.to_le_bytes());
    archive.extend([0, 0]);
    archive
}
