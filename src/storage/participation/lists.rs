//! What published lists say of organizations, and when.

use diesel::prelude::*;
use domain::Timestamp;

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::organization_classes;
use crate::types::Column;

/// A dated statement of a list.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = organization_classes)]
pub struct OrganizationClass {
    /// The organization: its ROR id, or its name in lower case.
    pub organization: String,
    /// What it is sorted by: `sector`, `ror_type` or `big_tech`.
    pub scheme: String,
    /// The version of the list.
    pub list_version: String,
    /// The first day.
    pub starts_on: String,
    /// The last day; none while it holds.
    pub ends_on: Option<String>,
    /// What it is.
    pub code: String,
    /// Where the list comes from.
    pub source: String,
    /// When it was imported.
    pub recorded_at: Timestamp,
}

/// Keeps the statements of a list; how many of them are new.
pub fn insert(conn: &mut Conn<'_>, rows: &[OrganizationClass]) -> Result<usize, StoreError> {
    let mut new = 0;
    for row in rows {
        new += on!(conn, c => diesel::insert_into(organization_classes::table)
            .values((
                organization_classes::organization.eq(&row.organization),
                organization_classes::scheme.eq(&row.scheme),
                organization_classes::list_version.eq(&row.list_version),
                organization_classes::starts_on.eq(&row.starts_on),
                organization_classes::ends_on.eq(row.ends_on.as_deref()),
                organization_classes::code.eq(&row.code),
                organization_classes::source.eq(&row.source),
                organization_classes::recorded_at.eq(row.recorded_at.sql()),
            ))
            .on_conflict_do_nothing()
            .execute(c))?;
    }
    Ok(new)
}

/// What lists say of these organizations, as it was recorded by a moment.
pub fn of_organizations(
    conn: &mut Conn<'_>,
    organizations: &[String],
    by: Timestamp,
) -> Result<Vec<OrganizationClass>, StoreError> {
    let mut found: Vec<OrganizationClass> = Vec::new();
    for some in organizations.chunks(10_000) {
        found.extend(on!(conn, c => organization_classes::table
            .filter(organization_classes::organization.eq_any(some))
            .filter(organization_classes::recorded_at.le(by.sql()))
            .order((
                organization_classes::organization.asc(),
                organization_classes::scheme.asc(),
                organization_classes::list_version.asc(),
                organization_classes::starts_on.asc(),
            ))
            .select(OrganizationClass::as_select())
            .load::<OrganizationClass>(c))?);
    }
    Ok(found)
}
