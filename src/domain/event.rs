//! The event log: what happened, in an order that cannot be changed afterwards.
//!
//! Every event carries the hash of the one before it.
//! Payloads are canonical JSON and hold ids, counts and digests, never a name or an address,
//! so that a person can be erased while the chain still verifies.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use crate::{Digest, Timestamp};

/// An event before it has its place in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// When it happened, by the server's clock.
    pub at: Timestamp,
    /// Who did it, as [`crate::Actor::log_name`] says.
    pub actor: String,
    /// What happened.
    pub kind: EventKind,
    /// What it happened to: `submission:<id>`, `team:<id>`.
    pub subject: String,
    /// The challenge it belongs to, if any.
    pub challenge: Option<crate::ChallengeId>,
    /// More about it: ids, counts, digests; no personal data.
    pub payload: Map<String, Value>,
}

/// An event in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its place: 1, 2, 3 and so on, without gaps.
    pub seq: i64,
    /// The event.
    pub event: NewEvent,
    /// The hash of the event before it; all zero for the first.
    pub previous: Digest,
    /// Its own hash.
    pub hash: Digest,
}

/// The hash that the first event names as the one before it.
pub const GENESIS: Digest = Digest([0; 32]);

impl NewEvent {
    /// Puts the event behind `previous`.
    pub fn chained(self, seq: i64, previous: Digest) -> Event {
        let hash = hash(seq, &self, previous);
        Event { seq, event: self, previous, hash }
    }
}

impl Event {
    /// Whether it tells of what the server did not see itself: it stands where it was recorded, not where it happened.
    pub fn is_backfilled(&self) -> bool {
        self.event.kind == EventKind::HistoryRecorded
    }

    /// Whether the event is as it was written and follows `previous`.
    pub fn follows(&self, previous_seq: i64, previous: Digest) -> bool {
        self.seq == previous_seq + 1
            && self.previous == previous
            && hash(self.seq, &self.event, previous) == self.hash
    }
}

/// SHA-256 over the previous hash and the canonical JSON of the event.
fn hash(seq: i64, event: &NewEvent, previous: Digest) -> Digest {
    let mut record = Map::new();
    record.insert("seq".into(), seq.into());
    record.insert("at".into(), event.at.to_string().into());
    record.insert("actor".into(), event.actor.clone().into());
    record.insert("kind".into(), event.kind.as_str().into());
    record.insert("subject".into(), event.subject.clone().into());
    record.insert("challenge".into(), event.challenge.map_or(Value::Null, |id| id.to_string().into()));
    record.insert("payload".into(), Value::Object(event.payload.clone()));
    let text = canonical_json(&Value::Object(record));
    Digest(Sha256::new().chain_update(previous.0).chain_update(text.as_bytes()).finalize().into())
}

/// JSON with keys in byte order and no blanks: one text for one value.
pub fn canonical_json(value: &Value) -> String {
    let mut text = String::new();
    write_canonical(value, &mut text);
    text
}

fn write_canonical(value: &Value, out: &mut String) {
    match value {
        Value::Object(map) => {
            let mut keys: Vec<_> = map.keys().collect();
            keys.sort_unstable();
            out.push('{');
            for (index, key) in keys.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                out.push_str(&Value::String(key.clone()).to_string());
                out.push(':');
                write_canonical(&map[key], out);
            }
            out.push('}');
        }
        Value::Array(values) => {
            out.push('[');
            for (index, value) in values.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_canonical(value, out);
            }
            out.push(']');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            out.push_str(&value.to_string());
        }
    }
}

macro_rules! event_kinds {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// What happened.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum EventKind {$(
            $(#[$doc])*
            #[serde(rename = $text)]
            $name,
        )*}

        impl EventKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stored and public name.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// Reads the stored name.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$name),)* _ => None }
            }
        }
    };
}

event_kinds! {
    /// A person made an account.
    AccountCreated = "account.created",
    /// A person proved their e-mail address.
    AccountVerified = "account.verified",
    /// A person changed how they are called.
    AccountRenamed = "account.renamed",
    /// A refresh token was used a second time, so its session ended.
    SessionStolen = "account.session_stolen",
    /// A password was changed or reset; older sessions ended.
    PasswordChanged = "account.password_changed",
    /// An administrator changed a site role.
    SiteRoleChanged = "account.role_changed",
    /// An account can no longer be used.
    AccountDisabled = "account.disabled",
    /// A disabled account can be used again.
    AccountEnabled = "account.enabled",
    /// A person stated an affiliation.
    AffiliationAdded = "affiliation.added",
    /// A person ended an affiliation.
    AffiliationEnded = "affiliation.ended",
    /// A token for programs was made.
    ApiTokenCreated = "api_token.created",
    /// A token for programs was revoked.
    ApiTokenRevoked = "api_token.revoked",
    /// A series was made.
    SeriesCreated = "series.created",
    /// A challenge was made.
    ChallengeCreated = "challenge.created",
    /// A challenge's text or rules of form changed.
    ChallengeUpdated = "challenge.updated",
    /// A challenge became visible to everyone.
    ChallengePublished = "challenge.published",
    /// A challenge was closed for good.
    ChallengeArchived = "challenge.archived",
    /// Somebody became an organizer, or another kind of one.
    OrganizerChanged = "challenge.organizer_changed",
    /// An address was named that is told what happens.
    WebhookMade = "webhook.made",
    /// It is not told any more: it was removed, or did not answer for too long.
    WebhookStopped = "webhook.stopped",
    /// It is told again from where it gave up.
    WebhookResumed = "webhook.resumed",
    /// Organizers told something to the people of a challenge.
    AnnouncementPosted = "announcement.posted",
    /// An announcement was taken back.
    AnnouncementWithdrawn = "announcement.withdrawn",
    /// A version of the terms was published.
    TermsPublished = "terms.published",
    /// A person registered, accepting a version of the terms.
    Registered = "registration.created",
    /// An organizer admitted, refused or banned somebody who registered.
    RegistrationDecided = "registration.decided",
    /// Somebody appealed against a decision about their registration.
    RegistrationAppealed = "registration.appealed",
    /// Somebody ended their registration.
    RegistrationWithdrawn = "registration.withdrawn",
    /// Submissions are not taken for a while.
    PauseBegun = "pause.begun",
    /// Submissions are taken again.
    PauseEnded = "pause.ended",
    /// Organizers changed who sees a challenge or may enter it.
    EntryRulesChanged = "challenge.entry_rules_changed",
    /// A phase was made.
    PhaseCreated = "phase.created",
    /// A phase changed.
    PhaseUpdated = "phase.updated",
    /// A version of the annotations was put in force.
    AnnotationsUploaded = "annotations.uploaded",
    /// Held-out annotations left in a bundle that an organizer asked for.
    AnnotationsExported = "annotations.exported",
    /// A team was formed.
    TeamCreated = "team.created",
    /// A team changed its name.
    TeamRenamed = "team.renamed",
    /// Somebody was invited into a team.
    MemberInvited = "team.member_invited",
    /// An invitation was declined, or taken back.
    InvitationEnded = "team.invitation_ended",
    /// Somebody joined a team.
    MemberJoined = "team.member_joined",
    /// Somebody left a team, or was removed from it.
    MemberLeft = "team.member_left",
    /// A captain proposed that their team goes into another.
    MergerProposed = "team.merger_proposed",
    /// The proposal was declined, or taken back.
    MergerEnded = "team.merger_ended",
    /// A team went into another.
    TeamMerged = "team.merged",
    /// The captaincy went to another member.
    CaptainChanged = "team.captain_changed",
    /// A resumable upload was begun.
    UploadBegun = "submission.upload_begun",
    /// A submission was accepted.
    SubmissionAccepted = "submission.accepted",
    /// A worker began with a submission.
    SubmissionStarted = "submission.started",
    /// A submission got its scores.
    SubmissionScored = "submission.scored",
    /// A submission's file was found wrong.
    SubmissionInvalid = "submission.invalid",
    /// An evaluation failed for good.
    SubmissionFailed = "submission.failed",
    /// A team took a submission back before it was scored.
    SubmissionCancelled = "submission.cancelled",
    /// A team withdrew a submission; a tombstone stays.
    SubmissionWithdrawn = "submission.withdrawn",
    /// An organizer had a submission evaluated again.
    SubmissionRerun = "submission.rerun",
    /// An organizer asked for the result of a phase.
    ResultRequested = "phase.result_requested",
    /// The result of a phase was published.
    ResultPublished = "phase.result_published",
    /// A team declared how a submission came to be.
    SubmissionDeclared = "submission.declared",
    /// An organizer remarked something about a submission.
    RemarkMade = "submission.remarked",
    /// What a phase asks of submissions changed.
    SubmissionRulesChanged = "phase.submission_rules_changed",
    /// An organizer gave a team back what a submission had taken of its quota.
    QuotaRefunded = "quota.refunded",
    /// An organizer had a phase evaluated on new annotations.
    RescoreRequested = "phase.rescore_requested",
    /// A submission was marked as a baseline, or no longer.
    BaselineMarked = "submission.baseline_marked",
    /// A submission was shown or hidden on the leaderboard by its team.
    SubmissionVisibilityChanged = "submission.visibility_changed",
    /// A team chose its final submission.
    FinalChosen = "submission.final_chosen",
    /// A team changed what it says about a method.
    MethodUpdated = "submission.method_updated",
    /// The server saw something that an organizer should look at.
    FlagRaised = "flag.raised",
    /// An organizer dismissed or upheld a flag.
    FlagDecided = "flag.decided",
    /// A team appealed against a flag that was upheld.
    FlagAppealed = "flag.appealed",
    /// An organizer answered an appeal.
    AppealAnswered = "flag.appeal_answered",
    /// A submission that an organizer withdrew stands again.
    SubmissionReinstated = "submission.reinstated",
    /// A person made a team with a client of EvalAI, for challenges to come.
    EvalaiTeamCreated = "evalai_team.created",
    /// A decision was put on record.
    DecisionMade = "decision.made",
    /// A phase frames what it counts anew.
    FramingChanged = "framing.changed",
    /// A challenge was made, or made anew, from a bundle of another system.
    ChallengeImported = "challenge.imported",
    /// The environment of a program was built, or what its organizers submit was run; or it failed.
    TrialEnded = "trial.ended",
    /// An organizer asked again for what had failed of it.
    TrialsRepeated = "trial.repeated",
    /// A person stated their ORCID iD, or took it back.
    OrcidChanged = "account.orcid_changed",
    /// A person consented to a purpose.
    ConsentGiven = "consent.given",
    /// A person withdrew a consent.
    ConsentWithdrawn = "consent.withdrawn",
    /// Everything personal of an account was destroyed.
    ErasureDone = "erasure.done",
    /// A list of what organizations are was imported.
    OrganizationListImported = "organization_list.imported",
    /// A team said how it came to the challenge.
    EntryDescribed = "team.entry_described",
    /// Organizers recorded which team came from which.
    LineageRecorded = "team.lineage_recorded",
    /// A person asked for the data of a challenge.
    AccessRequested = "access.requested",
    /// A request for the data was granted.
    AccessGranted = "access.granted",
    /// A request for the data was refused.
    AccessRefused = "access.refused",
    /// The records of who takes part were kept as they stood.
    SnapshotMade = "snapshot.made",
    /// Counts of people were published with noise.
    NoisyTablePublished = "noisy_table.published",
    /// A table of people was published, or withheld.
    TablePublished = "table.published",
    /// A researcher asked for an export.
    ExportRequested = "export.requested",
    /// A request for exports was approved.
    ExportApproved = "export.approved",
    /// A request for exports was refused.
    ExportRefused = "export.refused",
    /// A researcher was given an export.
    ExportMade = "export.made",
    /// Organizers took the list of participants away as a file.
    ParticipantsExported = "participants.exported",
    /// A version of a list of terms was put on record.
    TaxonomyPublished = "taxonomy.published",
    /// Somebody put on record what the terms of one list mean in another.
    MappingRecorded = "mapping.recorded",
    /// Tables of how populations spend their days were put on record.
    PopulationsRecorded = "reference_populations.recorded",
    /// Somebody put on record how much of a split or a dataset is which activity.
    ActivitySharesRecorded = "activity_shares.recorded",
    /// A dataset was put on record.
    DatasetAnnounced = "dataset.announced",
    /// A version of a dataset was put on record.
    DatasetReleased = "dataset.released",
    /// A review of ethics was put on record.
    EthicsReviewRecorded = "ethics.recorded",
    /// A place where a dataset was recorded was put on record.
    SiteRecorded = "site.recorded",
    /// A version of what annotators are told was put on record.
    GuidelinePublished = "guideline.published",
    /// A programme of annotation was put on record.
    AnnotationRecorded = "annotation.recorded",
    /// What was left out was put on record.
    ExclusionRecorded = "exclusion.recorded",
    /// A framing was bound to a dataset, a guideline or a list of activities.
    FramingBound = "framing.bound",
    /// Organizers made a link through which somebody may object without an account.
    ContestationLinkMade = "contestation.link_made",
    /// Organizers took such a link back.
    ContestationLinkRevoked = "contestation.link_revoked",
    /// Somebody objected.
    ContestationRaised = "contestation.raised",
    /// Organizers answered an objection.
    ContestationAnswered = "contestation.answered",
    /// A work that cites a dataset was put on record.
    PublicationSeen = "publication.seen",
    /// Something that happened earlier, or where the server could not see it, was put on record.
    HistoryRecorded = "history.recorded",
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(n: i64) -> NewEvent {
        NewEvent {
            at: Timestamp::from_micros(n).unwrap(),
            actor: "system".into(),
            kind: EventKind::SubmissionScored,
            subject: format!("submission:{n}"),
            challenge: None,
            payload: Map::from_iter([("z".to_owned(), n.into()), ("a".to_owned(), "x".into())]),
        }
    }

    #[test]
    fn any_change_breaks_the_chain() {
        let first = event(1).chained(1, GENESIS);
        let second = event(2).chained(2, first.hash);
        assert!(first.follows(0, GENESIS) && second.follows(1, first.hash));
        let mut forged = second.clone();
        forged.event.payload.insert("z".into(), 3.into());
        assert!(!forged.follows(1, first.hash));
        let mut moved = second.clone();
        moved.seq = 3;
        assert!(!moved.follows(1, first.hash) && !moved.follows(2, first.hash));
        assert!(!second.follows(1, second.hash));
    }

    #[test]
    fn canonical_json_has_one_form() {
        let a: Value = serde_json::from_str(r#"{"b": [1, {"d": null, "c": "é\n"}], "a": true}"#).unwrap();
        assert_eq!(canonical_json(&a), r#"{"a":true,"b":[1,{"c":"é\n","d":null}]}"#);
    }

    #[test]
    fn kinds_read_back() {
        for kind in EventKind::ALL {
            assert_eq!(EventKind::parse(kind.as_str()), Some(*kind));
        }
    }
}
