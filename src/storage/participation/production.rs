//! What was on record at a moment of how datasets were made, who decided, and who objected.

use diesel::prelude::*;
use domain::{ChallengeId, DatasetId, FramingId, Timestamp};

use crate::StoreError;
use crate::contestations::Contestation;
use crate::datasets::citations::{Citation, Publication};
use crate::datasets::exclusions::Binding;
use crate::datasets::production::{Programme, Site};
use crate::db::{Conn, on};
use crate::decisions::Decision;
use crate::schema::{
    annotation_programmes, citations, collection_sites, contestations, decisions, framing_bindings,
    publications,
};
use crate::types::Column;

/// The decisions of a challenge that were on record by a moment, oldest record first.
pub fn decisions(
    conn: &mut Conn<'_>,
    challenge: ChallengeId,
    by: Timestamp,
) -> Result<Vec<Decision>, StoreError> {
    Ok(on!(conn, c => decisions::table
        .filter(decisions::challenge_id.eq(challenge.sql()))
        .filter(decisions::recorded_at.le(by.sql()))
        .order(decisions::id.asc())
        .select(Decision::as_select())
        .load(c))?)
}

/// The objections to a challenge that were raised by a moment, oldest first; answers may be later.
pub fn contestations(
    conn: &mut Conn<'_>,
    challenge: ChallengeId,
    by: Timestamp,
) -> Result<Vec<Contestation>, StoreError> {
    Ok(on!(conn, c => contestations::table
        .filter(contestations::challenge_id.eq(challenge.sql()))
        .filter(contestations::raised_at.le(by.sql()))
        .order(contestations::id.asc())
        .select(Contestation::as_select())
        .load(c))?)
}

/// What a framing binds, if that was on record by a moment.
pub fn binding(
    conn: &mut Conn<'_>,
    framing: FramingId,
    by: Timestamp,
) -> Result<Option<Binding>, StoreError> {
    Ok(on!(conn, c => framing_bindings::table
        .find(framing.sql())
        .filter(framing_bindings::recorded_at.le(by.sql()))
        .select(Binding::as_select())
        .get_result(c)
        .optional())?)
}

/// The places of a dataset that were on record by a moment, oldest record first.
pub fn sites(conn: &mut Conn<'_>, dataset: DatasetId, by: Timestamp) -> Result<Vec<Site>, StoreError> {
    Ok(on!(conn, c => collection_sites::table
        .filter(collection_sites::dataset_id.eq(dataset.sql()))
        .filter(collection_sites::recorded_at.le(by.sql()))
        .order(collection_sites::id.asc())
        .select(Site::as_select())
        .load(c))?)
}

/// The programmes of annotation of a dataset that were on record by a moment, oldest record first.
pub fn programmes(
    conn: &mut Conn<'_>,
    dataset: DatasetId,
    by: Timestamp,
) -> Result<Vec<Programme>, StoreError> {
    Ok(on!(conn, c => annotation_programmes::table
        .filter(annotation_programmes::dataset_id.eq(dataset.sql()))
        .filter(annotation_programmes::recorded_at.le(by.sql()))
        .order(annotation_programmes::id.asc())
        .select(Programme::as_select())
        .load(c))?)
}

/// The citations of a dataset that were on record by a moment, in the order of their days.
pub fn citations(
    conn: &mut Conn<'_>,
    dataset: DatasetId,
    by: Timestamp,
) -> Result<Vec<(Publication, Citation)>, StoreError> {
    Ok(on!(conn, c => citations::table
        .inner_join(publications::table)
        .filter(citations::dataset_id.eq(dataset.sql()))
        .filter(citations::recorded_at.le(by.sql()))
        .order((publications::published_on.asc(), publications::id.asc(), citations::function.asc()))
        .select((Publication::as_select(), Citation::as_select()))
        .load(c))?)
}
