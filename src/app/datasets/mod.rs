//! Datasets: what was collected, how it was made, what was left out, who cites it; whoever competes on it.
//!
//! Camera wearers and annotators are counted, never named. What nobody says is said to be unsaid.

mod citations;
mod exclusions;
mod guidelines;
pub(crate) mod production;
mod read;
mod record;

pub use citations::{CitationDraft, record_citation};
pub use exclusions::{
    BindingDraft, bind_framing, list_exclusions_of_phase, read_binding, record_exclusion_of_dataset,
    record_exclusion_of_phase,
};
pub use guidelines::{
    ClauseDifference, GuidelineDetail, GuidelineDraft, difference, read_guideline, record_guideline,
};
pub use production::{
    Production, read_production, record_announcement, record_programme, record_review, record_site,
};
pub use read::{DatasetDetail, list_datasets, read_dataset};
pub(crate) use read::{find_version, look_up_version};
pub use record::{DatasetDraft, VersionDraft, record_dataset, record_version};

/// What the use cases of this area take and give back, for shells that do not know the storage.
pub mod records {
    pub use storage::datasets::citations::{Citation, Publication, PublicationDraft};
    pub use storage::datasets::exclusions::{Binding, Exclusion, ExclusionDraft};
    pub use storage::datasets::guidelines::{Clause, Guideline};
    pub use storage::datasets::production::{
        Announcement, AnnouncementDraft, Latitude, Programme, ProgrammeDraft, Review, ReviewDraft, Site,
        SiteDraft,
    };
    pub use storage::datasets::{Dataset, DatasetVersion};
    pub use storage::types::Json;
}
