//! What a challenge is: its words, its rules and the states its parts go through.
//!
//! Everything here is a value or a pure function.
//! There is no I/O, no clock and no randomness: times and random bytes come in as arguments,
//! so that every rule can be tested at any moment, deadline night included.

pub mod actor;
pub mod announcement;
pub mod challenge;
pub mod consent;
pub mod data_use;
pub mod declaration;
pub mod digest;
pub mod entry;
pub mod evalai;
pub mod event;
pub mod framing;
pub mod ids;
pub mod imported;
pub mod integrity;
pub mod invalid;
pub mod metric;
pub mod names;
pub mod persistent_id;
pub mod phase;
pub mod quota;
pub mod ranking_rule;
pub mod sources;
pub mod split;
pub mod submission;
pub mod submission_rules;
pub mod team;
pub mod time;

pub use actor::{Actor, ChallengeRole, Scope, Scopes, SiteRole};
pub use consent::ConsentPurpose;
pub use data_use::DATA_USE_AGREEMENT;
pub use digest::Digest;
pub use ids::*;
pub use invalid::Invalid;
pub use names::{Codename, EmailAddress, PersonName, Slug, Tag, TeamName, Title, VersionName};
pub use persistent_id::{Orcid, Ror};
pub use sources::{Clock, Entropy, Sources};
pub use time::Timestamp;
