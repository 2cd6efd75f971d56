//! What the types of single settings cannot say: bounds, and settings that contradict each other.

use app::settings::{AnnotationStoreKind, ArtifactStoreKind, MailTransport, S3Settings, Settings};

/// Every key whose value cannot be meant, with what it must be.
pub(super) fn contradictions(settings: &Settings) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    let mut must = |holds: bool, key: &'static str, rule: &str| {
        if !holds {
            found.push((key, format!("must {rule}")));
        }
    };

    let url = settings.database.url.0.as_str();
    let known_database =
        ["sqlite:", "postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme));
    must(known_database, "database.url", "begin with sqlite: or postgres://");
    must(settings.database.connections > 0, "database.connections", "be at least 1");

    must(settings.server.request_seconds > 0, "server.request_seconds", "be at least 1");
    must(settings.server.body_bytes >= 1024, "server.body_bytes", "be at least 1024");

    if settings.artifacts.store == ArtifactStoreKind::S3 {
        let keys =
            ["artifacts.s3.bucket", "artifacts.s3.access_key_id", "artifacts.s3.secret_access_key_file"];
        for key in missing_of_bucket(&settings.artifacts.s3, keys) {
            must(false, key, "be set, because artifacts.store is \"s3\"");
        }
    }
    if settings.annotations.store == AnnotationStoreKind::S3 {
        let keys = [
            "annotations.s3.bucket",
            "annotations.s3.access_key_id",
            "annotations.s3.secret_access_key_file",
        ];
        for key in missing_of_bucket(&settings.annotations.s3, keys) {
            must(false, key, "be set, because annotations.store is \"s3\"");
        }
    }

    let worker = &settings.worker;
    must(
        settings.annotations.store != AnnotationStoreKind::Elsewhere || worker.threads == 0,
        "worker.threads",
        "be 0, because annotations.store is \"elsewhere\" and evaluations need them",
    );
    must(worker.lease_seconds > 0, "worker.lease_seconds", "be at least 1");
    must(worker.heartbeat_seconds > 0, "worker.heartbeat_seconds", "be at least 1");
    must(
        worker.heartbeat_seconds.saturating_mul(2) <= worker.lease_seconds,
        "worker.heartbeat_seconds",
        "be at most half of worker.lease_seconds, or leases run out while their workers live",
    );
    must(worker.attempts > 0, "worker.attempts", "be at least 1");
    must(worker.poll_milliseconds > 0, "worker.poll_milliseconds", "be at least 1");
    must(worker.evaluation_seconds > 0, "worker.evaluation_seconds", "be at least 1");
    must(worker.evaluation_bytes >= 1 << 24, "worker.evaluation_bytes", "be at least 16 MiB");

    must(settings.programs.users >= 2, "programs.users", "be at least 2: one builds environments");
    must(settings.programs.first_user >= 1000, "programs.first_user", "be at least 1000");

    let accounts = &settings.accounts;
    must(
        (60..=3600).contains(&accounts.access_token_seconds),
        "accounts.access_token_seconds",
        "be from 60 to 3600",
    );
    for (key, seconds) in [
        ("accounts.refresh_token_seconds", accounts.refresh_token_seconds),
        ("accounts.session_seconds", accounts.session_seconds),
        ("accounts.verification_link_seconds", accounts.verification_link_seconds),
        ("accounts.reset_link_seconds", accounts.reset_link_seconds),
        ("accounts.invitation_seconds", accounts.invitation_seconds),
    ] {
        must(seconds >= 60, key, "be at least 60");
    }
    must(accounts.password_hashes_at_once > 0, "accounts.password_hashes_at_once", "be at least 1");

    let (mail, smtp) = (&settings.mail, &settings.mail.smtp);
    if mail.transport == MailTransport::Smtp {
        must(!smtp.host.is_empty(), "mail.smtp.host", "be set, because mail.transport is \"smtp\"");
    }
    must(
        smtp.username.is_empty() == smtp.password_file.is_none(),
        "mail.smtp.password_file",
        "be set together with mail.smtp.username",
    );

    must(settings.limits.upload_bytes > 0, "limits.upload_bytes", "be at least 1");
    must(settings.limits.upload_expiry_seconds >= 60, "limits.upload_expiry_seconds", "be at least 60");
    must(settings.secrets.generation > 0, "secrets.generation", "be at least 1");
    must(!settings.log.level.trim().is_empty(), "log.level", "not be empty");
    found
}

fn missing_of_bucket(bucket: &S3Settings, keys: [&'static str; 3]) -> Vec<&'static str> {
    let given = [
        !bucket.bucket.is_empty(),
        !bucket.access_key_id.is_empty(),
        bucket.secret_access_key_file.is_some(),
    ];
    keys.into_iter().zip(given).filter(|(_, given)| !given).map(|(key, _)| key).collect()
}
