//! Identifiers: one newtype per table, each a sortable UUID version 7.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self { Self(uuid) }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self { id.0 }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { self.0.fmt(f) }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> { text.parse().map(Self) }
        }
    )*};
}

id! {
    /// A person with an account.
    UserId;
    /// A signed-in device: one family of refresh tokens, or one browser session.
    SessionId;
    /// A long-lived token for programs.
    ApiTokenId;
    /// A dated statement that a person belongs to an organization.
    AffiliationId;
    /// A family of challenges, one per edition.
    SeriesId;
    /// One competition.
    ChallengeId;
    /// What organizers told the people of a challenge.
    AnnouncementId;
    /// Names a pause of a challenge.
    PauseId;
    /// What happened where the server could not see it.
    HistoryEntryId;
    /// An address that is told what happens in a challenge.
    WebhookId;
    /// An attempt to tell it.
    DeliveryId;
    /// One version of a challenge's rules and terms.
    TermsId;
    /// A window of a challenge with its own evaluator, annotations and quota.
    PhaseId;
    /// A named set of items of a phase.
    SplitId;
    /// One version of a phase's held-out annotations.
    AnnotationsId;
    /// A group of people who submit together.
    TeamId;
    /// One stay of a person in a team.
    MembershipId;
    /// An offer to join a team.
    InvitationId;
    /// A team goes into another, or would.
    MergerId;
    /// What a team sent.
    SubmissionId;
    /// What an organizer said about an entry.
    RemarkId;
    /// One run of an evaluator on a submission.
    EvaluationId;
    /// A unit of work for the workers.
    JobId;
    /// A resumable upload.
    UploadId;
    /// Something that an organizer should look at.
    FlagId;
    /// A team as clients of EvalAI know it: a person's, before and across challenges.
    EvalaiTeamId;
    /// Who decided what, and why.
    DecisionId;
    /// One version of how a phase frames what it counts.
    FramingId;
    /// One person's consent to one purpose.
    ConsentId;
    /// A request for the data of a challenge.
    AccessRequestId;
    /// The records of who takes part, as they stood at one moment.
    SnapshotId;
    /// Counts that were published with noise.
    NoisyTableId;
    /// What a researcher asks for.
    ResearchRequestId;
    /// What a researcher was given.
    ExportId;
    /// One version of a list of terms.
    TaxonomyId;
    /// What the terms of one list mean in another, as somebody sees it.
    MappingId;
    /// How a population spends its days.
    PopulationId;
    /// Something that was collected.
    DatasetId;
    /// One version of a dataset.
    DatasetVersionId;
    /// How much of a split or a dataset is which activity.
    ActivityProfileId;
    /// What was said of a dataset when it was announced.
    DatasetAnnouncementId;
    /// A review of ethics.
    EthicsReviewId;
    /// A place where a dataset was recorded.
    CollectionSiteId;
    /// One version of what annotators are told.
    GuidelineId;
    /// One programme of annotation work.
    AnnotationProgrammeId;
    /// What was left out.
    ExclusionId;
    /// A link that lets somebody object without an account.
    ContestationLinkId;
    /// An objection.
    ContestationId;
    /// A work that cites.
    PublicationId;
    /// The secret that a worker holds while it works on a job.
    LeaseToken;
}
