//! What the rest of the server relies on, on both databases: quotas, the queue, states, the event log.

mod framings;
mod integrity;
mod log;
mod mergers;
mod queue;
mod quota;
mod records;
mod states;
mod trials;
mod uncertainty;

use diesel::connection::SimpleConnection;
use domain::split::Visibility;
use domain::submission::Method;
use domain::{AnnotationsId, Digest, JobId, PhaseId, SubmissionId, TeamId, Timestamp, UserId};
use serde_json::{Map, Value};
use test_support::TestDatabase;
use uuid::Uuid;

use crate::db::{Conn, on};
use crate::jobs::{JobKind, NewJob};
use crate::submissions::{NewSubmission, Received};
use crate::{DatabaseConfig, Db, StoreError, jobs, submissions};

const USER: UserId = UserId(Uuid::from_u128(1));
const PHASE: PhaseId = PhaseId(Uuid::from_u128(3));
const TEAM: TeamId = TeamId(Uuid::from_u128(4));
const ANNOTATIONS: AnnotationsId = AnnotationsId(Uuid::from_u128(5));

/// A challenge with one phase, one version of annotations, and one team of one person.
async fn furnished(database: &TestDatabase) -> Db {
    let db = Db::open(&DatabaseConfig::new(database.url()).unwrap()).unwrap();
    db.write(|conn| execute(conn, FURNITURE)).await.unwrap();
    db
}

const FURNITURE: &str = "
INSERT INTO users (id, email, email_key, name, site_role, created_at) VALUES
  ('00000000-0000-0000-0000-000000000001', 'a@b.org', 'a@b.org', 'Ada', 'member', '2026-01-01T00:00:00.000000Z');
INSERT INTO challenges (id, slug, edition, title, summary, description, state, created_at, updated_at) VALUES
  ('00000000-0000-0000-0000-000000000002', 'c', '', 'C', '', '', 'published',
   '2026-01-01T00:00:00.000000Z', '2026-01-01T00:00:00.000000Z');
INSERT INTO phases (id, challenge_id, codename, title, description, position, evaluator, params, mode, opens_at,
  upload_bytes, limit_seconds, limit_memory_mib, ranking, final_choice, attributes, leaderboard_public, split_salt,
  created_at, updated_at) VALUES
  ('00000000-0000-0000-0000-000000000003', '00000000-0000-0000-0000-000000000002', 'p', 'P', '', 0, 'e', '{}',
   'strict', '2026-01-01T00:00:00.000000Z', 1000, 10, 100, '{}', 'best', '[]', TRUE, '',
   '2026-01-01T00:00:00.000000Z', '2026-01-01T00:00:00.000000Z');
INSERT INTO annotations (id, phase_id, version, tables, digest, item_count, group_count, metrics, note, uploaded_by,
  created_at) VALUES
  ('00000000-0000-0000-0000-000000000005', '00000000-0000-0000-0000-000000000003', 1, '[]',
   '0000000000000000000000000000000000000000000000000000000000000000', 1, 1, '[]', '',
   '00000000-0000-0000-0000-000000000001', '2026-01-01T00:00:00.000000Z');
INSERT INTO decisions (id, challenge_id, kind, subject, decider_role, authority_basis, rationale_code, rationale,
  alternatives, decided_at, recorded_at) VALUES
  ('00000000-0000-0000-0000-000000000007', '00000000-0000-0000-0000-000000000002', 'task_create',
   'phase:00000000-0000-0000-0000-000000000003', 'organizer', 'not_disclosed', 'not_disclosed', '', '[]',
   '2026-01-01T00:00:00.000000Z', '2026-01-01T00:00:00.000000Z');
INSERT INTO framings (id, phase_id, version, unit, instance_rule, label_source, perspective, intent_recorded,
  affect_recorded, speech_recorded, temporal_direction, closed_world, negative_rule, ambiguity_policy, imagined_user,
  imagined_application, stated_goal, goal_source, evaluator, mode, params, decision_id, created_at) VALUES
  ('00000000-0000-0000-0000-000000000008', '00000000-0000-0000-0000-000000000003', 1, 'clip', '', 'closed_list',
   'not_disclosed', 'no', 'no', 'no', 'present', 'yes', 'not_disclosed', 'not_disclosed', '', 'not_disclosed', 'Name.',
   '', 'e', 'strict', '{}', '00000000-0000-0000-0000-000000000007', '2026-01-01T00:00:00.000000Z');
INSERT INTO teams (id, challenge_id, name, name_skeleton, created_at) VALUES
  ('00000000-0000-0000-0000-000000000004', '00000000-0000-0000-0000-000000000002', 'T', 't',
   '2026-01-01T00:00:00.000000Z');
";

fn execute(conn: &mut Conn<'_>, sql: &str) -> Result<(), StoreError> {
    Ok(on!(conn, c => c.batch_execute(sql))?)
}

/// A moment so many seconds after noon of a day.
fn at(second: i64) -> Timestamp {
    Timestamp::parse("2026-05-31T12:00:00Z").unwrap().plus_seconds(second)
}

/// Writes a queued submission.
fn insert(conn: &mut Conn<'_>, id: u128) -> Result<SubmissionId, StoreError> {
    let id = SubmissionId(Uuid::from_u128(id));
    let new = NewSubmission {
        id,
        phase: PHASE,
        team: TEAM,
        submitted_by: USER,
        file_name: "f".into(),
        method: Method::default(),
        attributes: Map::new(),
        visibility: Visibility::Public,
        created_at: at(0),
    };
    let received = Received { artifact: Digest::of(b"f"), size_bytes: 1, at: at(0) };
    submissions::insert(conn, &new, Some(received))?;
    Ok(id)
}

/// Writes a queued submission with the job that will score it.
fn insert_with_job(conn: &mut Conn<'_>, id: u128) -> Result<JobId, StoreError> {
    let submission = insert(conn, id)?;
    let job = JobId(Uuid::from_u128(id));
    jobs::enqueue(
        conn,
        &NewJob {
            id: job,
            kind: JobKind::Score,
            payload: Value::Object(Map::new()),
            submission: Some(submission),
            annotations: Some(ANNOTATIONS),
            elsewhere: None,
            priority: 10,
            max_attempts: 3,
            created_at: at(0),
        },
    )?;
    Ok(job)
}
