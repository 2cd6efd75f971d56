//! Activities: lists of them, what they mean in each other, how populations spend their days, and how much of what is which.

mod mappings;
mod populations;
mod profiles;
mod taxonomies;

use domain::Digest;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// The routes below `/api/v1`.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(taxonomies::list_taxonomies)
        .service(taxonomies::record_taxonomy)
        .service(taxonomies::show_taxonomy)
        .service(mappings::list_mappings)
        .service(mappings::record_mapping)
        .service(mappings::show_mapping)
        .service(populations::list_reference_populations)
        .service(populations::record_reference_populations)
        .service(populations::record_shipped_records)
        .service(profiles::list_activities_of_split)
        .service(profiles::record_activities_of_split)
        .service(profiles::list_activities_of_dataset)
        .service(profiles::record_activities_of_dataset);
}

/// What was put on record.
#[derive(Serialize, ToSchema)]
pub(crate) struct Recorded {
    /// Its id.
    pub(crate) id: Uuid,
}

/// What a request to import holds: what is said of the table, and the table.
fn sent<'q, Q>(query: &'q Q, table: &[u8]) -> (&'q Q, Digest) {
    (query, Digest::of(table))
}
