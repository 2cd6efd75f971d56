//! How datasets were made, as far as it is told: announcements, reviews, places, programmes of annotation; written once.

use diesel::prelude::*;
use domain::{
    AnnotationProgrammeId, CollectionSiteId, DatasetAnnouncementId, DatasetId, DatasetVersionId,
    EthicsReviewId, GuidelineId, Timestamp, UserId,
};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{
    annotation_programmes, annotator_latitude, collection_sites, dataset_announcements, ethics_reviews,
};
use crate::types::{Column, Json};

/// Who put a record on record, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recording {
    /// Who; absent for the program itself.
    pub by: Option<UserId>,
    /// When.
    pub at: Timestamp,
}

/// What is said of an announcement.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = dataset_announcements)]
pub struct AnnouncementDraft {
    /// The day.
    pub announced_on: String,
    /// Where it can be read.
    pub source: String,
    /// What it claims, in its own words.
    pub claims: Json<Vec<String>>,
}

/// An announcement of a dataset.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = dataset_announcements)]
pub struct Announcement {
    /// Its id.
    pub id: DatasetAnnouncementId,
    /// What is said of it.
    #[diesel(embed)]
    pub said: AnnouncementDraft,
}

/// What is said of a review of ethics.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = ethics_reviews, treat_none_as_default_value = false)]
pub struct ReviewDraft {
    /// Who reviewed.
    pub board: String,
    /// How independent they were: `independent`, `institutional`, `internal` or `not_disclosed`.
    pub independence: String,
    /// What they decided: `approved`, `approved_with_conditions`, `waived`, `refused` or `not_disclosed`.
    pub decision: String,
    /// Under which number.
    pub reference: String,
    /// The day.
    pub decided_on: Option<String>,
    /// Where that is said.
    pub source: String,
}

/// A review of ethics.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = ethics_reviews)]
pub struct Review {
    /// Its id.
    pub id: EthicsReviewId,
    /// The dataset.
    pub dataset_id: DatasetId,
    /// What is said of it.
    #[diesel(embed)]
    pub said: ReviewDraft,
}

/// What is said of a place where a dataset was recorded; what is absent nobody says.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = collection_sites, treat_none_as_default_value = false)]
pub struct SiteDraft {
    /// What it is called.
    pub name: String,
    /// The country (ISO 3166-1 alpha-2).
    pub country: Option<String>,
    /// How many people recorded there.
    pub participants: Option<i64>,
    /// Hours of recordings.
    pub hours: Option<f64>,
    /// The first day.
    pub started_on: Option<String>,
    /// The last day.
    pub ended_on: Option<String>,
    /// What those who recorded got (`compensation`).
    pub compensation: String,
    /// Who chose what they did (`activity_selection`).
    pub activity_selection: String,
    /// What became of those who passed by (`bystander_regime`).
    pub bystander_regime: String,
    /// Whether those who recorded saw it before others did (`participant_review`).
    pub participant_review: String,
    /// Who says so (`disclosure`).
    pub disclosure: String,
    /// Where that is said.
    pub source: String,
}

/// A place where a version of a dataset was recorded.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable)]
#[diesel(table_name = collection_sites)]
pub struct Site {
    /// Its id.
    pub id: CollectionSiteId,
    /// The version of the dataset.
    pub dataset_version_id: DatasetVersionId,
    /// The review that covers it.
    pub ethics_review_id: Option<EthicsReviewId>,
    /// What is said of it.
    #[diesel(embed)]
    pub said: SiteDraft,
}

/// What is said of a programme of annotation; what is absent nobody says.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = annotation_programmes, treat_none_as_default_value = false)]
pub struct ProgrammeDraft {
    /// What was made (`annotation.stage`).
    pub stage: String,
    /// What one annotation is of (`framing.unit`).
    pub unit: String,
    /// What becomes of several readings (`annotation.aggregation`).
    pub aggregation: String,
    /// How many people read each item.
    pub passes_per_item: Option<f64>,
    /// Hours of footage that were annotated.
    pub footage_hours: Option<f64>,
    /// How many instances came out.
    pub instances: Option<i64>,
    /// The share of labels that several people agree on, 0..=1.
    pub agreement: Option<f64>,
    /// The share that was marked as unsure, 0..=1.
    pub unsure_share: Option<f64>,
    /// The share that fits no label, 0..=1.
    pub other_share: Option<f64>,
    /// The first day.
    pub started_on: Option<String>,
    /// The last day.
    pub ended_on: Option<String>,
    /// The country in which it was done (ISO 3166-1 alpha-2).
    pub country: Option<String>,
    /// The fewest workers that are stated.
    pub workers_min: Option<i64>,
    /// The most.
    pub workers_max: Option<i64>,
    /// The least hours of work that are stated.
    pub hours_min: Option<f64>,
    /// The most.
    pub hours_max: Option<f64>,
    /// What was paid for (`pay_basis`).
    pub pay_basis: String,
    /// How people were employed (`contract_form`).
    pub contract_form: String,
    /// Pay per hour over the local living wage per hour.
    pub living_wage_ratio: Option<f64>,
    /// How they are named (`credited`).
    pub credited: String,
    /// Who says so (`disclosure`).
    pub disclosure: String,
    /// Where that is said.
    pub source: String,
}

/// A programme of annotation.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable)]
#[diesel(table_name = annotation_programmes)]
pub struct Programme {
    /// Its id.
    pub id: AnnotationProgrammeId,
    /// The version of the dataset.
    pub dataset_version_id: DatasetVersionId,
    /// What annotators were told.
    pub guideline_id: Option<GuidelineId>,
    /// What is said of it.
    #[diesel(embed)]
    pub said: ProgrammeDraft,
}

/// What one kind of informants says of one freedom of the annotators.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = annotator_latitude)]
pub struct Latitude {
    /// The freedom (`latitude.dimension`).
    pub dimension: String,
    /// Who says so (`chain_role`).
    pub informant_role: String,
    /// What they say (`latitude.value`).
    pub value: String,
    /// How many of them said so.
    pub informants: i32,
}

/// Writes an announcement.
pub fn insert_announcement(
    conn: &mut Conn<'_>,
    (id, dataset): (DatasetAnnouncementId, DatasetId),
    said: &AnnouncementDraft,
    new: Recording,
) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(dataset_announcements::table)
        .values((
            dataset_announcements::id.eq(id.sql()),
            dataset_announcements::dataset_id.eq(dataset.sql()),
            said,
            dataset_announcements::recorded_by.eq(new.by.map(Column::sql)),
            dataset_announcements::recorded_at.eq(new.at.sql()),
        ))
        .execute(c))?;
    Ok(())
}

/// Writes a review.
pub fn insert_review(
    conn: &mut Conn<'_>,
    (id, dataset): (EthicsReviewId, DatasetId),
    said: &ReviewDraft,
    new: Recording,
) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(ethics_reviews::table)
        .values((
            ethics_reviews::id.eq(id.sql()),
            ethics_reviews::dataset_id.eq(dataset.sql()),
            said,
            ethics_reviews::recorded_by.eq(new.by.map(Column::sql)),
            ethics_reviews::recorded_at.eq(new.at.sql()),
        ))
        .execute(c))?;
    Ok(())
}

/// Writes a place.
pub fn insert_site(
    conn: &mut Conn<'_>,
    (id, dataset, version): (CollectionSiteId, DatasetId, DatasetVersionId),
    review: Option<EthicsReviewId>,
    said: &SiteDraft,
    new: Recording,
) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(collection_sites::table)
        .values((
            collection_sites::id.eq(id.sql()),
            collection_sites::dataset_id.eq(dataset.sql()),
            collection_sites::dataset_version_id.eq(version.sql()),
            collection_sites::ethics_review_id.eq(review.map(Column::sql)),
            said,
            collection_sites::recorded_by.eq(new.by.map(Column::sql)),
            collection_sites::recorded_at.eq(new.at.sql()),
        ))
        .execute(c))?;
    Ok(())
}

/// Writes a programme with what is said of the freedom of its annotators.
pub fn insert_programme(
    conn: &mut Conn<'_>,
    (id, dataset, version): (AnnotationProgrammeId, DatasetId, DatasetVersionId),
    guideline: Option<GuidelineId>,
    said: &ProgrammeDraft,
    latitude: &[Latitude],
    new: Recording,
) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(annotation_programmes::table)
        .values((
            annotation_programmes::id.eq(id.sql()),
            annotation_programmes::dataset_id.eq(dataset.sql()),
            annotation_programmes::dataset_version_id.eq(version.sql()),
            annotation_programmes::guideline_id.eq(guideline.map(Column::sql)),
            said,
            annotation_programmes::recorded_by.eq(new.by.map(Column::sql)),
            annotation_programmes::recorded_at.eq(new.at.sql()),
        ))
        .execute(c))?;
    for one in latitude {
        on!(conn, c => diesel::insert_into(annotator_latitude::table)
            .values((annotator_latitude::programme_id.eq(id.sql()), one))
            .execute(c))?;
    }
    Ok(())
}

/// The announcements of a dataset, oldest record first.
pub fn announcements(conn: &mut Conn<'_>, dataset: DatasetId) -> Result<Vec<Announcement>, StoreError> {
    Ok(on!(conn, c => dataset_announcements::table
        .filter(dataset_announcements::dataset_id.eq(dataset.sql()))
        .order(dataset_announcements::id.asc())
        .select(Announcement::as_select())
        .load(c))?)
}

/// The reviews of a dataset, oldest record first.
pub fn reviews(conn: &mut Conn<'_>, dataset: DatasetId) -> Result<Vec<Review>, StoreError> {
    Ok(on!(conn, c => ethics_reviews::table
        .filter(ethics_reviews::dataset_id.eq(dataset.sql()))
        .order(ethics_reviews::id.asc())
        .select(Review::as_select())
        .load(c))?)
}

/// The places of a dataset, oldest record first.
pub fn sites(conn: &mut Conn<'_>, dataset: DatasetId) -> Result<Vec<Site>, StoreError> {
    Ok(on!(conn, c => collection_sites::table
        .filter(collection_sites::dataset_id.eq(dataset.sql()))
        .order(collection_sites::id.asc())
        .select(Site::as_select())
        .load(c))?)
}

/// The programmes of a dataset, oldest record first.
pub fn programmes(conn: &mut Conn<'_>, dataset: DatasetId) -> Result<Vec<Programme>, StoreError> {
    Ok(on!(conn, c => annotation_programmes::table
        .filter(annotation_programmes::dataset_id.eq(dataset.sql()))
        .order(annotation_programmes::id.asc())
        .select(Programme::as_select())
        .load(c))?)
}

/// What is said of the freedom of a programme's annotators.
pub fn latitude(conn: &mut Conn<'_>, programme: AnnotationProgrammeId) -> Result<Vec<Latitude>, StoreError> {
    Ok(on!(conn, c => annotator_latitude::table
        .filter(annotator_latitude::programme_id.eq(programme.sql()))
        .order((annotator_latitude::dimension.asc(), annotator_latitude::informant_role.asc()))
        .select(Latitude::as_select())
        .load(c))?)
}
