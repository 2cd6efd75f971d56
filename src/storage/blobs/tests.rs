//! What every caller of [`Blobs`] relies on, in a folder and in a bucket.

use std::path::PathBuf;
use std::process::Command;

use domain::UploadId;
use futures_util::future::join_all;
use test_support::S3Server;
use uuid::Uuid;

use super::*;

/// Makes each named `async fn(TestStore)` a test on a folder and a test on a bucket.
macro_rules! both_stores {
    ($($test:ident),+ $(,)?) => {
        mod in_a_folder {
            $(#[test]
            fn $test() {
                test_support::block_on(async { super::$test(super::TestStore::folder()).await });
            })+
        }

        mod in_a_bucket {
            $(#[test]
            fn $test() {
                test_support::block_on(async { super::$test(super::TestStore::bucket()).await });
            })+
        }
    };
}

both_stores!(
    an_artifact_is_found_by_its_digest,
    a_large_artifact_arrives_piece_by_piece,
    an_empty_artifact_is_an_artifact,
    equal_artifacts_are_one,
    a_cut_off_artifact_is_written_again,
    too_many_bytes_are_refused_and_leave_nothing,
    a_dropped_writer_leaves_nothing,
    other_bytes_under_a_name_are_found_out,
    leftovers_are_swept_by_age,
    an_upload_continues_where_it_stopped,
    an_upload_knows_its_place,
    a_piece_with_a_wrong_checksum_is_taken_back,
    an_upload_can_be_finished_again_until_it_is_removed,
);

struct TestStore {
    blobs: Blobs,
    config: BlobConfig,
    /// Where the files or objects lie on this machine.
    folder: PathBuf,
    _home: Home,
}

#[expect(dead_code, reason = "held until the test ends")]
enum Home {
    Folder(tempfile::TempDir),
    Bucket(S3Server),
}

impl TestStore {
    fn folder() -> Self {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().to_owned();
        Self::open(BlobConfig::Folder(folder.clone()), folder, Home::Folder(home))
    }

    fn bucket() -> Self {
        let server = S3Server::start();
        let config = bucket_config(&server, S3Server::SECRET_KEY);
        let folder = server.bucket_folder().join("site");
        Self::open(BlobConfig::Bucket(config), folder, Home::Bucket(server))
    }

    fn open(config: BlobConfig, folder: PathBuf, home: Home) -> Self {
        Self { blobs: Blobs::open(&config).unwrap(), config, folder, _home: home }
    }

    fn file_of(&self, digest: Digest) -> PathBuf {
        self.folder.join("sha256").join(sharded(digest))
    }

    fn leftovers(&self) -> usize {
        std::fs::read_dir(self.folder.join("incoming")).map_or(0, Iterator::count)
    }
}

fn bucket_config(server: &S3Server, secret_key: &str) -> BucketConfig {
    BucketConfig {
        prefix: "site/".to_owned(),
        bucket: S3Server::BUCKET.into(),
        region: S3Server::REGION.into(),
        endpoint: Some(server.endpoint()),
        allow_http: true,
        credentials: Some(BucketCredentials {
            access_key: S3Server::ACCESS_KEY.into(),
            secret_key: secret_key.into(),
        }),
    }
}

/// Bytes that do not repeat in any part size.
fn noise(length: usize) -> Bytes {
    (0..length).map(|n| (n % 251) as u8 ^ (n / 65_537) as u8).collect()
}

async fn an_artifact_is_found_by_its_digest(store: TestStore) {
    let blob = store.blobs.put("predictions").await.unwrap();
    assert_eq!(blob, Blob { digest: Digest::of(b"predictions"), size: 11 });
    assert_eq!(store.blobs.read(blob.digest, 11).await.unwrap(), "predictions");
    assert_eq!(store.blobs.verify(blob.digest).await.unwrap(), blob);
    assert!(matches!(store.blobs.read(blob.digest, 10).await, Err(BlobError::TooLarge { limit: 10 })));
    if let Some(path) = store.blobs.local_path(blob.digest) {
        assert_eq!(std::fs::read(path).unwrap(), b"predictions");
    }

    assert!(store.blobs.delete(blob.digest).await.unwrap());
    assert!(!store.blobs.delete(blob.digest).await.unwrap());
    assert!(!store.blobs.exists(blob.digest).await.unwrap());
    assert!(matches!(store.blobs.read(blob.digest, 11).await, Err(BlobError::Missing(_))));
    assert!(matches!(store.blobs.verify(blob.digest).await, Err(BlobError::Missing(_))));
}

async fn a_large_artifact_arrives_piece_by_piece(store: TestStore) {
    let bytes = noise(2 * bucket::PART + 12_345);
    let mut writer = store.blobs.begin(bytes.len() as u64);
    let mut rest = bytes.clone();
    while !rest.is_empty() {
        let piece = rest.split_to(rest.len().min(777_777));
        writer.write(piece).await.unwrap();
    }
    assert_eq!(writer.size(), bytes.len() as u64);
    let blob = writer.finish().await.unwrap();
    assert_eq!(blob.digest, Digest::of(&bytes));
    assert_eq!(store.blobs.size(blob.digest).await.unwrap(), Some(bytes.len() as u64));
    assert!(store.blobs.read(blob.digest, blob.size).await.unwrap() == bytes);
    assert_eq!(store.leftovers(), 0);
}

async fn an_empty_artifact_is_an_artifact(store: TestStore) {
    let blob = store.blobs.put("").await.unwrap();
    assert_eq!(store.blobs.read(blob.digest, 0).await.unwrap(), "");
}

async fn equal_artifacts_are_one(store: TestStore) {
    let bytes = noise(3_000_000);
    let blobs = join_all((0..12).map(|_| store.blobs.put(bytes.clone()))).await;
    for blob in blobs {
        assert_eq!(blob.unwrap().digest, Digest::of(&bytes));
    }
    store.blobs.verify(Digest::of(&bytes)).await.unwrap();
    assert_eq!(store.leftovers(), 0);
}

async fn a_cut_off_artifact_is_written_again(store: TestStore) {
    let blob = store.blobs.put("predictions").await.unwrap();
    let file = store.file_of(blob.digest);
    std::fs::remove_file(&file).unwrap();
    std::fs::write(&file, "predic").unwrap();
    store.blobs.put("predictions").await.unwrap();
    assert_eq!(store.blobs.verify(blob.digest).await.unwrap(), blob);
}

async fn too_many_bytes_are_refused_and_leave_nothing(store: TestStore) {
    let mut writer = store.blobs.begin(10);
    writer.write("01234".into()).await.unwrap();
    assert!(matches!(writer.write("567890".into()).await, Err(BlobError::TooLarge { limit: 10 })));
    drop(writer);
    assert_eq!(store.leftovers(), 0);
}

async fn a_dropped_writer_leaves_nothing(store: TestStore) {
    let mut writer = store.blobs.begin(u64::MAX);
    writer.write(noise(bucket::PART + 1)).await.unwrap();
    drop(writer);
    assert_eq!(store.leftovers(), 0);
}

async fn other_bytes_under_a_name_are_found_out(store: TestStore) {
    let blob = store.blobs.put("predictions").await.unwrap();
    let file = store.file_of(blob.digest);
    std::fs::remove_file(&file).unwrap();
    std::fs::write(&file, "Predictions").unwrap();
    match store.blobs.verify(blob.digest).await {
        Err(BlobError::Corrupt { expected, found }) => {
            assert_eq!((expected, found), (blob.digest, Digest::of(b"Predictions")));
        }
        other => panic!("{other:?}"),
    }
}

async fn leftovers_are_swept_by_age(store: TestStore) {
    let blob = store.blobs.put("stays").await.unwrap();
    std::fs::create_dir_all(store.folder.join("incoming")).unwrap();
    std::fs::write(store.folder.join("incoming/left-by-a-crash"), "half").unwrap();
    let (past, future) = ("2020-01-01T00:00:00Z", "2200-01-01T00:00:00Z");
    assert_eq!(store.blobs.sweep(Timestamp::parse(past).unwrap()).await.unwrap(), 0);
    assert_eq!(store.blobs.sweep(Timestamp::parse(future).unwrap()).await.unwrap(), 1);
    assert_eq!(store.leftovers(), 0);
    assert!(store.blobs.exists(blob.digest).await.unwrap());
}

fn upload(number: u128) -> UploadId {
    UploadId(Uuid::from_u128(number))
}

async fn append(parts: &Parts, upload: UploadId, offset: u64, piece: Bytes) -> Result<u64, BlobError> {
    let mut writer = parts.append(upload, offset, u64::MAX).await?;
    writer.write(piece).await?;
    writer.finish().await
}

async fn an_upload_continues_where_it_stopped(store: TestStore) {
    let bytes = noise(bucket::PART + 3_000_000);
    let parts = store.blobs.parts();
    parts.create(upload(1)).await.unwrap();
    parts.create(upload(2)).await.unwrap();
    assert_eq!(parts.offset(upload(1)).await.unwrap(), 0);
    let first = append(&parts, upload(1), 0, bytes.slice(..1_000_000)).await.unwrap();
    assert_eq!(first, 1_000_000);

    // The process ends; another one goes on.
    let parts = Blobs::open(&store.config).unwrap().parts();
    assert_eq!(parts.offset(upload(1)).await.unwrap(), 1_000_000);
    let mut writer = parts.append(upload(1), 1_000_000, bytes.len() as u64).await.unwrap();
    writer.write(bytes.slice(1_000_000..1_000_007)).await.unwrap();
    writer.write(bytes.slice(1_000_007..bucket::PART + 2_000_000)).await.unwrap();
    let second = writer.finish().await.unwrap();
    assert_eq!(second, parts.offset(upload(1)).await.unwrap());
    let third = append(&parts, upload(1), second, bytes.slice(bucket::PART + 2_000_000..)).await.unwrap();
    assert_eq!(third, bytes.len() as u64);

    let blob = parts.finish(upload(1)).await.unwrap();
    assert_eq!(blob, Blob { digest: Digest::of(&bytes), size: bytes.len() as u64 });
    parts.remove(upload(1)).await.unwrap();
    assert_eq!(store.blobs.verify(blob.digest).await.unwrap(), blob);
    assert!(matches!(parts.offset(upload(1)).await, Err(BlobError::NoSuchUpload)));
    assert_eq!(parts.offset(upload(2)).await.unwrap(), 0);
}

async fn an_upload_knows_its_place(store: TestStore) {
    let parts = store.blobs.parts();
    assert!(matches!(parts.append(upload(1), 0, 9).await, Err(BlobError::NoSuchUpload)));
    assert!(matches!(parts.finish(upload(1)).await, Err(BlobError::NoSuchUpload)));
    parts.create(upload(1)).await.unwrap();
    append(&parts, upload(1), 0, "01234".into()).await.unwrap();
    for wrong in [0, 4, 6] {
        match parts.append(upload(1), wrong, 9).await {
            Err(BlobError::WrongOffset { expected }) => assert_eq!(expected, 5),
            other => panic!("{other:?}"),
        }
    }
    let mut writer = parts.append(upload(1), 5, 9).await.unwrap();
    assert!(matches!(writer.write("56789".into()).await, Err(BlobError::TooLarge { limit: 9 })));
    writer.write("5678".into()).await.unwrap();
    assert_eq!(writer.finish().await.unwrap(), 9);
    assert_eq!(parts.finish(upload(1)).await.unwrap().digest, Digest::of(b"012345678"));
}

async fn a_piece_with_a_wrong_checksum_is_taken_back(store: TestStore) {
    let parts = store.blobs.parts();
    parts.create(upload(1)).await.unwrap();
    let mut wrong = parts.append(upload(1), 0, u64::MAX).await.unwrap();
    wrong.write(noise(bucket::PART + 1)).await.unwrap();
    wrong.discard().await.unwrap();
    assert_eq!(parts.offset(upload(1)).await.unwrap(), 0);
    append(&parts, upload(1), 0, "right".into()).await.unwrap();
    let mut wrong = parts.append(upload(1), 5, u64::MAX).await.unwrap();
    wrong.write("wrong".into()).await.unwrap();
    wrong.discard().await.unwrap();
    assert_eq!(parts.finish(upload(1)).await.unwrap().digest, Digest::of(b"right"));
}

async fn an_upload_can_be_finished_again_until_it_is_removed(store: TestStore) {
    let parts = store.blobs.parts();
    parts.create(upload(1)).await.unwrap();
    append(&parts, upload(1), 0, "predictions".into()).await.unwrap();
    let first = parts.finish(upload(1)).await.unwrap();
    assert_eq!(parts.finish(upload(1)).await.unwrap(), first);
    parts.remove(upload(1)).await.unwrap();
    parts.remove(upload(1)).await.unwrap();
    assert_eq!(store.blobs.read(first.digest, 11).await.unwrap(), "predictions");
}

#[test]
fn one_request_at_a_time_writes_to_an_uploads_file() {
    test_support::block_on(async {
        let store = TestStore::folder();
        let parts = store.blobs.parts();
        parts.create(upload(1)).await.unwrap();
        let first = parts.append(upload(1), 0, 9).await.unwrap();
        assert!(matches!(parts.append(upload(1), 0, 9).await, Err(BlobError::InUse)));
        assert!(matches!(parts.finish(upload(1)).await, Err(BlobError::InUse)));
        drop(first);
        assert_eq!(append(&parts, upload(1), 0, "now".into()).await.unwrap(), 3);
    });
}

#[test]
fn two_requests_for_the_same_bytes_of_a_bucket_end_with_one() {
    test_support::block_on(async {
        let store = TestStore::bucket();
        let parts = store.blobs.parts();
        parts.create(upload(1)).await.unwrap();
        let mut first = parts.append(upload(1), 0, 9).await.unwrap();
        let mut second = parts.append(upload(1), 0, 9).await.unwrap();
        first.write("first".into()).await.unwrap();
        second.write("second".into()).await.unwrap();
        assert_eq!(first.finish().await.unwrap(), 5);
        assert!(matches!(second.finish().await, Err(BlobError::InUse)));
        assert_eq!(parts.finish(upload(1)).await.unwrap().digest, Digest::of(b"first"));
    });
}

#[test]
fn a_wrong_secret_key_is_an_error_and_is_not_shown() {
    test_support::block_on(async {
        let server = S3Server::start();
        let config = BlobConfig::Bucket(bucket_config(&server, "wrong-secret-key"));
        let refused = Blobs::open(&config).unwrap().put("predictions").await;
        assert!(matches!(refused, Err(BlobError::ObjectStore(_))), "{refused:?}");
        assert!(!format!("{config:?}").contains("wrong-secret-key"));
    });
}

#[test]
fn a_full_disk_is_told_and_leaves_nothing() {
    let mount = tempfile::tempdir().unwrap();
    let mounted =
        Command::new("mount").args(["-t", "tmpfs", "-o", "size=1m", "none"]).arg(mount.path()).output();
    if !mounted.is_ok_and(|output| output.status.success()) {
        return test_support::skipped("a full disk", "this user cannot mount a small one");
    }
    let outcome = std::panic::catch_unwind(|| {
        test_support::block_on(async {
            let config = BlobConfig::Folder(mount.path().to_owned());
            let store = Blobs::open(&config).unwrap();
            let full = store.put(noise(2_000_000)).await;
            assert!(matches!(full, Err(BlobError::Full)), "{full:?}");
            assert_eq!(std::fs::read_dir(mount.path().join("incoming")).unwrap().count(), 0);
            store.put("small").await.unwrap();
        });
    });
    assert!(Command::new("umount").arg(mount.path()).status().unwrap().success());
    outcome.unwrap();
}
