//! The database and the artifact stores that a configuration names.

use std::path::Path;

use anyhow::Context as _;
use app::settings::{AnnotationStoreKind, ArtifactStoreKind, S3Settings, Settings};
use storage::blobs::{BucketConfig, BucketCredentials};
use storage::{BlobConfig, Blobs, DatabaseConfig, Db};

use crate::config::Configuration;

/// Opens the database and brings it to the schema of this version.
pub fn open_database(settings: &Settings) -> anyhow::Result<Db> {
    let mut config = DatabaseConfig::new(&settings.database.url.0)?;
    config.connections = settings.database.connections;
    Db::open(&config).with_context(|| format!("cannot open the database {:?}", config.address))
}

/// Opens the store of submissions and evidence.
pub fn open_artifacts(configuration: &Configuration) -> anyhow::Result<Blobs> {
    let settings = &configuration.settings.artifacts;
    match settings.store {
        ArtifactStoreKind::Folder => open_folder(&settings.folder),
        ArtifactStoreKind::S3 => open_bucket(configuration, &settings.s3, "artifacts.s3"),
    }
}

/// Opens the store of held-out annotations, which may be that of everything else.
pub fn open_annotations(configuration: &Configuration, artifacts: &Blobs) -> anyhow::Result<Blobs> {
    let settings = &configuration.settings.annotations;
    match settings.store {
        AnnotationStoreKind::Artifacts => Ok(artifacts.clone()),
        AnnotationStoreKind::Folder => open_folder(&settings.folder),
        AnnotationStoreKind::S3 => open_bucket(configuration, &settings.s3, "annotations.s3"),
        AnnotationStoreKind::Elsewhere => Ok(Blobs::open(&BlobConfig::Elsewhere)?),
    }
}

/// The folder of the artifacts, where they are kept in one.
pub fn artifact_folder(settings: &Settings) -> Option<&Path> {
    match settings.artifacts.store {
        ArtifactStoreKind::Folder => Some(&settings.artifacts.folder),
        ArtifactStoreKind::S3 => None,
    }
}

fn open_folder(folder: &Path) -> anyhow::Result<Blobs> {
    Blobs::open(&BlobConfig::Folder(folder.to_owned()))
        .with_context(|| format!("cannot open the artifact folder {}", folder.display()))
}

fn open_bucket(configuration: &Configuration, s3: &S3Settings, section: &str) -> anyhow::Result<Blobs> {
    let secret = configuration.secret(&format!("{section}.secret_access_key_file"));
    let credentials = secret.map(|secret| BucketCredentials {
        access_key: s3.access_key_id.clone(),
        secret_key: secret.to_owned(),
    });
    let config = BucketConfig {
        bucket: s3.bucket.clone(),
        prefix: s3.prefix.clone(),
        region: s3.region.clone(),
        endpoint: Some(s3.endpoint.clone()).filter(|endpoint| !endpoint.is_empty()),
        allow_http: s3.endpoint.starts_with("http://"),
        credentials,
    };
    Blobs::open(&BlobConfig::Bucket(config)).with_context(|| format!("cannot open the bucket {}", s3.bucket))
}
