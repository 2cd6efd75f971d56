//! An app of its own for every test, with people in it.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use domain::actor::Person;
use domain::challenge::ChallengeDraft;
use domain::phase::PhaseDraft;
use domain::split::{SplitRule, SplitSpec, Visibility};
use domain::{
    Actor, ChallengeId, Clock, Codename, EmailAddress, Entropy, PersonName, PhaseId, Scopes, SiteRole, Slug,
    Sources, Timestamp, Title, UserId,
};
use heldout_app::challenges::{create::create_challenge, publish::publish_challenge, register::register};
use heldout_app::identity::{AccessTokens, LinkSigner, MasterKey, Passwords, RecordSigner};
use heldout_app::leaderboards::Reweigher;
use heldout_app::phases::{PreparedCache, create::create_phase, upload::begin_upload};
use heldout_app::submissions::check::FileChecks;
use heldout_app::webhooks::WebhookSecrets;
use heldout_app::{App, Outcome};
use storage::accounts::users::{self, NewUser};
use storage::phases::Annotations;
use storage::{BlobConfig, Blobs, DatabaseConfig, Db};
use test_support::TestDatabase;

/// An app with everything real but the clock and the entropy.
pub(crate) struct Bench {
    pub(crate) app: Arc<App>,
    pub(crate) clock: Arc<HandClock>,
    _folder: tempfile::TempDir,
    _database: TestDatabase,
}

/// A clock that moves when it is told to.
pub(crate) struct HandClock(AtomicI64);

impl HandClock {
    pub(crate) fn forward(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst)).unwrap()
    }
}

/// Bytes that never repeat.
#[derive(Default)]
struct HashedCounter(AtomicU64, RandomState);

impl Entropy for HashedCounter {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let next = self.1.hash_one(self.0.fetch_add(1, Ordering::SeqCst)).to_be_bytes();
            chunk.copy_from_slice(&next[..chunk.len()]);
        }
    }
}

impl Bench {
    pub(crate) fn new(database: TestDatabase) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let start = Timestamp::parse("2026-03-01T12:00:00Z").unwrap();
        let clock = Arc::new(HandClock(AtomicI64::new(start.as_micros())));
        let sources = Sources { clock: clock.clone(), entropy: Arc::new(HashedCounter::default()) };
        let settings = toml::from_str(include_str!("../../../commands/heldout.toml")).unwrap();
        let master = MasterKey::new(sources.random());
        let blobs = |name| Blobs::open(&BlobConfig::Folder(folder.path().join(name))).unwrap();
        let app = App {
            db: Db::open(&DatabaseConfig::new(database.url()).unwrap()).unwrap(),
            artifacts: blobs("artifacts"),
            annotations: blobs("annotations"),
            passwords: Passwords::new(1).unwrap(),
            access_tokens: AccessTokens::new(&master, 1, "http://localhost", 900).unwrap(),
            records: RecordSigner::new(&master).unwrap(),
            links: LinkSigner::new(&master, 1),
            webhooks: WebhookSecrets::new(&master, 1),
            evaluators: Arc::new(registry::Registry::of_server()),
            prepared: Arc::new(PreparedCache::new(1)),
            reweigher: Reweigher::default(),
            checks: FileChecks::new(|| 0),
            job_queued: Arc::default(),
            sources,
            settings,
        };
        Self { app: Arc::new(app), clock, _folder: folder, _database: database }
    }

    /// Somebody with a proven address, `<name>@example.org`.
    pub(crate) async fn person(&self, name: &str) -> Actor {
        let id: UserId = self.app.sources.new_id();
        let new = NewUser {
            id,
            email: EmailAddress::parse(&format!("{name}@example.org")).unwrap(),
            name: PersonName::parse(name).unwrap(),
            password_hash: None,
            site_role: SiteRole::Member,
            email_verified_at: Some(self.app.now()),
            created_at: self.app.now(),
        };
        let made = self.app.db.write(move |conn| users::insert(conn, &new)).await.unwrap();
        assert!(made);
        let (site_role, scopes) = (SiteRole::Member, Scopes::FULL);
        Actor::Person(Person { user: id, site_role, scopes, session: None, verified: true })
    }

    /// A draft of that slug.
    pub(crate) async fn draft(&self, owner: &Actor, change: impl FnOnce(&mut ChallengeDraft)) -> ChallengeId {
        let mut draft = ChallengeDraft {
            slug: Slug::parse("kitchen").unwrap(),
            title: Title::parse("Kitchen").unwrap(),
            summary: String::new(),
            description: String::new(),
            series: None,
            edition: String::new(),
            team_max_size: None,
            terms: String::new(),
            tags: std::collections::BTreeSet::new(),
        };
        change(&mut draft);
        create_challenge(&self.app, owner, draft, None).await.unwrap().into_inner()
    }

    /// A published challenge of that team size.
    pub(crate) async fn challenge(&self, owner: &Actor, team_max_size: Option<u32>) -> ChallengeId {
        let id = self.draft(owner, |draft| draft.team_max_size = team_max_size).await;
        publish_challenge(&self.app, owner, "kitchen").await.unwrap();
        id
    }

    /// Somebody who is registered for the challenge.
    pub(crate) async fn participant(&self, name: &str) -> Actor {
        let person = self.person(name).await;
        register(&self.app, &person, "kitchen", None).await.unwrap();
        person
    }

    /// A phase `test` of the challenge, for labels.
    pub(crate) async fn phase(&self, owner: &Actor, splits: Vec<SplitSpec>) -> PhaseId {
        create_phase(&self.app, owner, "kitchen", phase_draft(splits), None).await.unwrap().into_inner()
    }

    /// Uploads tables to the phase `test`.
    pub(crate) async fn upload(&self, owner: &Actor, tables: &[(&str, &str)]) -> Outcome<Annotations> {
        let mut upload = begin_upload(&self.app, owner, "kitchen", "test").await?;
        for (name, content) in tables {
            let mut table = upload.begin_table(name, &format!("{name}.csv")).await?;
            table.write(content.as_bytes().to_vec().into()).await?;
            upload.end_table(table).await?;
        }
        Ok(upload.finish(String::new(), None).await?.into_inner())
    }

    /// The kinds of the events of the challenge, oldest first, and the proof that their chain is whole.
    pub(crate) async fn events(&self, challenge: ChallengeId) -> Vec<&'static str> {
        let read = self.app.db.read(move |conn| {
            assert!(storage::events::verify(conn)?.is_ok());
            storage::events::page(conn, Some(challenge), 0, 1000)
        });
        let events: Vec<domain::event::Event> = read.await.unwrap();
        events.into_iter().map(|event| event.event.kind.as_str()).collect()
    }
}

/// A phase `test` that is open, for labels.
pub(crate) fn phase_draft(splits: Vec<SplitSpec>) -> PhaseDraft {
    PhaseDraft {
        codename: Codename::parse("test").unwrap(),
        title: Title::parse("Test").unwrap(),
        description: String::new(),
        evaluator: "classification_label".into(),
        params: serde_json::Map::new(),
        mode: Default::default(),
        opens_at: Timestamp::parse("2026-03-01T00:00:00Z").unwrap(),
        closes_at: None,
        quota: Default::default(),
        limits: Default::default(),
        ranking: Default::default(),
        final_choice: Default::default(),
        attributes: Vec::new(),
        splits,
        leaderboard_public: true,
        framing: serde_json::from_str(test_support::FRAMING).unwrap(),
    }
}

pub(crate) fn split(codename: &str, rule: SplitRule) -> SplitSpec {
    SplitSpec { codename: Codename::parse(codename).unwrap(), visibility: Visibility::Public, rule }
}

pub(crate) fn attribute(name: &str, value: &str) -> SplitRule {
    SplitRule::Attribute { attribute: name.into(), values: vec![value.into()] }
}

/// Who somebody is.
pub(crate) fn id_of(actor: &Actor) -> UserId {
    actor.user().unwrap()
}
