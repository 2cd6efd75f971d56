//! The defaults are valid, overrides win in their order, and every mistake is told with its place.

use std::collections::BTreeSet;

use super::*;

fn load_text(text: &str, environment: &[(&str, &str)]) -> Result<Configuration, Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("heldout.toml");
    std::fs::write(&file, text).unwrap();
    let environment = environment.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
    load(Some(&file), environment).map_err(|ConfigurationError(faults)| {
        let prefix = format!("{}/", folder.path().display());
        faults.iter().map(|fault| fault.to_string().replace(&prefix, "")).collect()
    })
}

#[test]
fn the_defaults_alone_are_a_configuration() {
    let configuration = load(None, []).unwrap();
    assert_eq!(configuration.settings.server.listen.port(), 8080);
    assert_eq!(configuration.settings.limits.upload_bytes, 2 << 30);
    assert_eq!(configuration.settings.artifacts.s3.secret_access_key_file, None);
    assert!(configuration.describe().lines().all(|line| line.ends_with("# default")));
}

#[test]
fn the_default_file_itself_may_be_given() {
    assert_eq!(load_text(DEFAULTS, &[]).unwrap().settings, load(None, []).unwrap().settings);
}

#[test]
fn every_key_of_the_default_file_is_explained() {
    // The second bucket refers to the explanations of the first.
    let (before, rest) = DEFAULTS.split_once("[annotations.s3]").unwrap();
    let (_, after) = rest.split_once("[worker]").unwrap();
    for part in [before, after] {
        for (comment, line) in part.lines().zip(part.lines().skip(1)) {
            assert!(
                !line.contains(" = ") || line.starts_with('#') || comment.starts_with('#'),
                "no comment above {line}"
            );
        }
    }
}

#[test]
fn the_environment_wins_over_the_file_and_the_file_over_the_defaults() {
    let text = "[server]\nlisten = \"127.0.0.1:1\"\nworkers = 3\n[artifacts.s3]\nbucket = \"b\"\n";
    let environment = [
        ("HELDOUT_SERVER__LISTEN", "127.0.0.1:2"),
        ("HELDOUT_SERVER__TRUSTED_PROXIES", "10.0.0.0/8, ::1"),
        ("HELDOUT_ACCOUNTS__VERIFICATION_REQUIRED", "false"),
        ("HELDOUT_LIMITS__UPLOAD_BYTES", "1_000"),
        ("HELDOUT_TOKEN", "not a setting"),
        ("PATH", "/bin"),
    ];
    let configuration = load_text(text, &environment).unwrap();
    let settings = &configuration.settings;
    assert_eq!((settings.server.listen.port(), settings.server.workers), (2, 3));
    assert_eq!(settings.server.trusted_proxies.len(), 2);
    assert!(!settings.accounts.verification_required);
    assert_eq!(settings.limits.upload_bytes, 1000);
    assert_eq!(settings.artifacts.s3.bucket, "b");
    let described = configuration.describe();
    assert!(described.contains("server.listen = \"127.0.0.1:2\"  # HELDOUT_SERVER__LISTEN\n"), "{described}");
    assert!(described.contains("heldout.toml:3\n"), "{described}");
}

#[test]
fn what_is_described_can_be_read_again() {
    let configuration = load_text("[worker]\nthreads = 5\n", &[]).unwrap();
    assert_eq!(load_text(&configuration.describe(), &[]).unwrap().settings, configuration.settings);
}

#[test]
fn unknown_keys_are_refused_with_the_nearest_known_one() {
    let text = "[databse]\nurl = \"sqlite:x\"\n\n[server]\nlissten = \"127.0.0.1:1\"\nquux = 1\n";
    let faults = load_text(text, &[("HELDOUT_DATABSE__URL", "x"), ("HELDOUT_A__B", "x")]).unwrap_err();
    assert_eq!(
        faults,
        [
            "heldout.toml:1: unknown key `databse`, did you mean `database`?",
            "heldout.toml:5: unknown key `server.lissten`, did you mean `server.listen`?",
            "heldout.toml:6: unknown key `server.quux`; known here: `body_bytes`, `listen`, `public_url`, \
             `request_seconds`, `shutdown_seconds`, `trusted_proxies`, `workers`",
            "HELDOUT_DATABSE__URL: names no setting, did you mean `HELDOUT_DATABASE__URL`?",
            "HELDOUT_A__B: names no setting",
        ]
    );
}

#[test]
fn all_wrong_values_are_told_at_once_with_their_places() {
    let text = "[server]\nlisten = \"here\"\nworkers = \"two\"\n[mail]\ntransport = \"pigeon\"\n[worker]\nattempts = -1\n";
    let faults =
        load_text(text, &[("HELDOUT_LOG__FORMAT", "xml"), ("HELDOUT_METRICS__ENABLED", "yes")]).unwrap_err();
    let starts = [
        "heldout.toml:3: `server.workers` must be a whole number, not a text",
        "HELDOUT_METRICS__ENABLED: `metrics.enabled` must be true or false",
        "heldout.toml:2: `server.listen`: invalid socket address",
        "heldout.toml:7: `worker.attempts`: ",
        "heldout.toml:5: `mail.transport`: unknown variant `pigeon`, expected `folder` or `smtp`",
        "HELDOUT_LOG__FORMAT: `log.format`: unknown variant `xml`, expected `text` or `json`",
    ];
    assert_eq!(faults.len(), starts.len(), "{faults:#?}");
    for start in starts {
        assert!(faults.iter().any(|fault| fault.starts_with(start)), "{start}\n{faults:#?}");
    }
}

#[test]
fn a_bad_item_of_a_list_is_told_at_the_list() {
    let faults = load_text("[server]\n\ntrusted_proxies = [\"10.0.0.0/8\", \"x\"]\n", &[]).unwrap_err();
    assert!(
        faults[0].starts_with("heldout.toml:3: `server.trusted_proxies`: `x` is not an address"),
        "{faults:?}"
    );
}

#[test]
fn settings_that_contradict_each_other_are_refused() {
    let text = "[artifacts]\nstore = \"s3\"\n[worker]\nlease_seconds = 10\nheartbeat_seconds = 9\n\
                [database]\nurl = \"mysql://x\"\n[mail.smtp]\nusername = \"u\"\n";
    let faults = load_text(text, &[]).unwrap_err();
    let told: BTreeSet<_> = faults.iter().map(|fault| fault.split('`').nth(1).unwrap()).collect();
    let expected = [
        "artifacts.s3.access_key_id",
        "artifacts.s3.bucket",
        "artifacts.s3.secret_access_key_file",
        "database.url",
        "mail.smtp.password_file",
        "worker.heartbeat_seconds",
    ];
    assert_eq!(told, BTreeSet::from(expected), "{faults:#?}");
}

#[test]
fn broken_toml_is_told_with_its_line() {
    let faults = load_text("[server]\nlisten = \"127.0.0.1:1\nworkers = 1\n", &[]).unwrap_err();
    assert!(faults[0].starts_with("heldout.toml:2: "), "{faults:?}");
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_not_text_is_refused_and_not_ignored() {
    use std::os::unix::ffi::OsStringExt as _;
    let broken = OsString::from_vec(vec![0xff]);
    let error =
        load(None, [("HELDOUT_LOG__LEVEL".into(), broken.clone()), ("OTHER".into(), broken)]).unwrap_err();
    assert_eq!(error.0.len(), 1, "{error}");
    assert_eq!(error.0[0].to_string(), "HELDOUT_LOG__LEVEL: is not valid UTF-8");
}

#[test]
fn a_missing_file_is_an_error() {
    let error = load(Some(Path::new("no/such.toml")), []).unwrap_err();
    assert!(error.to_string().contains("cannot read no/such.toml"), "{error}");
}

#[test]
fn secrets_are_read_from_their_files_and_never_described() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("url");
    std::fs::write(&file, "postgres://heldout:sesame@db/heldout\n").unwrap();
    let configuration = load_text("", &[("HELDOUT_DATABASE__URL_FILE", file.to_str().unwrap())]).unwrap();
    assert_eq!(configuration.settings.database.url.0, "postgres://heldout:sesame@db/heldout");
    assert!(!configuration.describe().contains("sesame"));
    assert!(!format!("{:?}", configuration.settings).contains("sesame"));

    let given = load_text("", &[("HELDOUT_DATABASE__URL", "postgres://heldout:sesame@db/heldout")]).unwrap();
    assert!(!given.describe().contains("sesame"), "{}", given.describe());
    assert!(!format!("{given:?}").contains("sesame"), "{given:?}");
}

#[test]
fn a_secret_file_must_exist_and_hold_something() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty");
    std::fs::write(&empty, "\n").unwrap();
    let faults = load_text(
        "",
        &[
            ("HELDOUT_METRICS__TOKEN_FILE", empty.to_str().unwrap()),
            ("HELDOUT_DATABASE__URL_FILE", folder.path().join("none").to_str().unwrap()),
        ],
    )
    .unwrap_err();
    assert_eq!(faults.len(), 2, "{faults:?}");
    assert!(faults.iter().any(|fault| fault.ends_with("is empty")), "{faults:?}");
    assert!(faults.iter().any(|fault| fault.contains("cannot read")), "{faults:?}");
}
