//! Activities: lists of them, what they mean in each other, how populations spend their days, and how much of what is which.
//!
//! These records are of the site and not of a challenge: everybody reads them, and they are corrected by further versions.

pub(crate) mod imports;
mod mappings;
mod populations;
mod profiles;
mod shipped;
mod taxonomies;

pub(crate) use imports::recorder;
pub use mappings::{MappingDetail, MappingDraft, list_mappings, read_mapping, record_mapping};
pub use populations::{PopulationDetail, Survey, list_populations, record_populations};
pub use profiles::{
    ProfileDetail, ProfileDraft, Subject, list_profiles_of_dataset, list_profiles_of_split, record_profile,
};
pub use shipped::{Shipped, record_shipped};
pub use taxonomies::{TaxonomyDetail, TaxonomyDraft, list_taxonomies, read_taxonomy, record_taxonomy};
pub(crate) use taxonomies::{find_taxonomy, owned, rule};

/// What the use cases of this area give back, for shells that do not know the storage.
pub mod records {
    pub use storage::activities::mappings::{Candidate, MappedTerm, Mapping};
    pub use storage::activities::populations::Population;
    pub use storage::activities::profiles::Profile;
    pub use storage::activities::taxonomies::{Taxonomy, Term};
}
