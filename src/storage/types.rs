//! Column types: one SQL type with two encodings each, and the domain values that they hold.
//!
//! | SQL type | PostgreSQL | SQLite | holds |
//! |---|---|---|---|
//! | [`SqlId`] | `uuid` | `TEXT`, hyphenated lower case | every id of `domain::ids` |
//! | [`SqlTime`] | `timestamptz` | `TEXT`, `2026-11-22T07:00:00.000000Z` (sorts as time) | [`domain::Timestamp`] |
//! | [`SqlWord`] | `text` | `TEXT` | names, states and digests of the domain |
//! | [`SqlJson`] | `jsonb` | `TEXT` with `CHECK (json_valid(..))` | [`Json<T>`] for any serde type |
//!
//! Plain text, numbers, booleans and bytes use diesel's own `Text`, `BigInt`, `Double`, `Bool` and `Binary`.
//!
//! **Reading** needs nothing: a `Queryable` struct or a tuple names the domain type itself.
//! **Writing** says `.sql()`, because the domain does not know diesel and Rust's orphan rule
//! then asks for a type of ours, [`Sql<T>`], where a value becomes an expression:
//!
//! ```text
//! #[derive(Queryable, Selectable)]
//! #[diesel(table_name = teams)]
//! struct TeamRow { id: TeamId, name: TeamName, created_at: Timestamp, left_at: Option<Timestamp> }
//!
//! on!(conn, c => diesel::insert_into(teams::table)
//!     .values((teams::id.eq(id.sql()), teams::name.eq(name.sql()), teams::created_at.eq(now.sql())))
//!     .execute(c))?;
//! on!(conn, c => teams::table.find(id.sql()).select(TeamRow::as_select()).get_result(c).optional())
//! ```
//!
//! A list is `.eq_any(ids.iter().map(Column::sql))`, an optional value `.eq(end.map(Column::sql))`,
//! and a struct that derives `Insertable` has fields of type `Sql<TeamId>`.

use std::io::Write;

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, Queryable};
use diesel::expression::AsExpression;
use diesel::internal::derives::as_expression::Bound;
use diesel::pg::{Pg, PgValue};
use diesel::query_builder::QueryId;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{BigInt, Nullable, SingleValue, SqlOrd, SqlType, Text};
use diesel::sqlite::{Sqlite, SqliteValue};
use domain::{Digest, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

/// An id: `uuid` or text.
#[derive(Debug, Clone, Copy, Default, SqlType, QueryId)]
#[diesel(postgres_type(oid = 2950, array_oid = 2951), sqlite_type(name = "Text"))]
pub struct SqlId;

/// A moment: `timestamptz` or text of fixed width.
#[derive(Debug, Clone, Copy, Default, SqlType, QueryId)]
#[diesel(postgres_type(oid = 1184, array_oid = 1185), sqlite_type(name = "Text"))]
pub struct SqlTime;

/// A JSON document: `jsonb` or text.
///
/// `jsonb` forgets the order of keys and the sign of zero:
/// what must come back bit for bit belongs in a column of its own or in an artifact.
#[derive(Debug, Clone, Copy, Default, SqlType, QueryId)]
#[diesel(postgres_type(oid = 3802, array_oid = 3807), sqlite_type(name = "Text"))]
pub struct SqlJson;

/// Text that the domain has parsed.
#[derive(Debug, Clone, Copy, Default, SqlType, QueryId)]
#[diesel(postgres_type(oid = 25, array_oid = 1009), sqlite_type(name = "Text"))]
pub struct SqlWord;

impl SqlOrd for SqlTime {}
impl SqlOrd for SqlWord {}

/// A domain value on its way into a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sql<T>(pub T);

/// A domain value that a column can hold.
pub trait Column: Sized {
    /// The value as something that queries accept.
    fn sql(self) -> Sql<Self> {
        Sql(self)
    }
}

impl<T: Column> Column for &T {}

impl<T> From<T> for Sql<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

/// What `T` can be written as, `Sql<T>` can be written as too, also where the column may be empty.
macro_rules! written_as {
    ($($sql:ty),+) => {$(
        written_as!(@one $sql, $sql);
        written_as!(@one $sql, Nullable<$sql>);
    )+};
    (@one $sql:ty, $column:ty) => {
        impl<T, DB> ToSql<$column, DB> for Sql<T>
        where
            DB: Backend,
            T: ToSql<$sql, DB> + std::fmt::Debug,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                ToSql::<$sql, DB>::to_sql(&self.0, out)
            }
        }
    };
}
written_as!(SqlId, SqlTime, SqlWord);

impl<T, ST, DB> FromSql<ST, DB> for Sql<T>
where
    DB: Backend,
    T: FromSql<ST, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
        T::from_sql(value).map(Self)
    }
}

impl<T, ST, DB> Queryable<ST, DB> for Sql<T>
where
    DB: Backend,
    ST: SingleValue,
    Self: FromSql<ST, DB>,
{
    type Row = Self;

    fn build(row: Self) -> deserialize::Result<Self> {
        Ok(row)
    }
}

/// Lets `Sql<$rust>` stand for a column of type `$sql`, and `$rust` be read from one.
macro_rules! column {
    ($sql:ty: $($rust:ty),+ $(,)?) => {$(
        impl Column for $rust {}
        column!(@expression $sql, Sql<$rust>);
        column!(@expression $sql, Sql<&'a $rust>, 'a);
        column!(@expression $sql, &'a Sql<$rust>, 'a);
        column!(@expression $sql, &'a Sql<&'b $rust>, 'a, 'b);


        impl<DB: Backend> Queryable<$sql, DB> for $rust
        where
            Self: FromSql<$sql, DB>,
        {
            type Row = Self;
            fn build(row: Self) -> deserialize::Result<Self> { Ok(row) }
        }
    )+};
    (@expression $sql:ty, $value:ty $(, $life:lifetime)*) => {
        impl<$($life),*> AsExpression<$sql> for $value {
            type Expression = Bound<$sql, Self>;
            fn as_expression(self) -> Self::Expression { Bound::new(self) }
        }
        impl<$($life),*> AsExpression<Nullable<$sql>> for $value {
            type Expression = Bound<Nullable<$sql>, Self>;
            fn as_expression(self) -> Self::Expression { Bound::new(self) }
        }
    };
}

/// Ids are columns of type [`SqlId`].
macro_rules! id_columns {
    ($($id:ty),+ $(,)?) => {
        column!(SqlId: $($id),+);
        $(
        impl ToSql<SqlId, Pg> for $id {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                out.write_all(Uuid::from(*self).as_bytes())?;
                Ok(IsNull::No)
            }
        }
        impl FromSql<SqlId, Pg> for $id {
            fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
                Ok(Uuid::from_slice(value.as_bytes())?.into())
            }
        }
        impl ToSql<SqlId, Sqlite> for $id {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                out.set_value(Uuid::from(*self).hyphenated().to_string());
                Ok(IsNull::No)
            }
        }
        impl FromSql<SqlId, Sqlite> for $id {
            fn from_sql(value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
                Ok(Uuid::parse_str(&sqlite_text(value)?)?.into())
            }
        }
        )+
    };
}

/// Domain text with `as_str` and `parse` is a column of type [`SqlWord`].
macro_rules! word_columns {
    ($($word:ty),+ $(,)?) => {
        column!(SqlWord: $($word),+);
        $(
        impl ToSql<SqlWord, Pg> for $word {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                out.write_all(self.as_str().as_bytes())?;
                Ok(IsNull::No)
            }
        }
        impl FromSql<SqlWord, Pg> for $word {
            fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
                Ok(Self::parse(std::str::from_utf8(value.as_bytes())?)?)
            }
        }
        impl ToSql<SqlWord, Sqlite> for $word {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                out.set_value(self.as_str().to_owned());
                Ok(IsNull::No)
            }
        }
        impl FromSql<SqlWord, Sqlite> for $word {
            fn from_sql(value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
                Ok(Self::parse(&sqlite_text(value)?)?)
            }
        }
        )+
    };
}

id_columns!(
    domain::UserId,
    domain::SessionId,
    domain::ApiTokenId,
    domain::AffiliationId,
    domain::SeriesId,
    domain::ChallengeId,
    domain::TermsId,
    domain::PhaseId,
    domain::SplitId,
    domain::AnnotationsId,
    domain::AnnouncementId,
    domain::HistoryEntryId,
    domain::WebhookId,
    domain::DeliveryId,
    domain::PauseId,
    domain::TeamId,
    domain::MergerId,
    domain::MembershipId,
    domain::InvitationId,
    domain::SubmissionId,
    domain::RemarkId,
    domain::EvaluationId,
    domain::JobId,
    domain::UploadId,
    domain::FlagId,
    domain::EvalaiTeamId,
    domain::DecisionId,
    domain::FramingId,
    domain::ConsentId,
    domain::AccessRequestId,
    domain::SnapshotId,
    domain::NoisyTableId,
    domain::ResearchRequestId,
    domain::ExportId,
    domain::TaxonomyId,
    domain::MappingId,
    domain::PopulationId,
    domain::DatasetId,
    domain::DatasetVersionId,
    domain::ActivityProfileId,
    domain::DatasetAnnouncementId,
    domain::EthicsReviewId,
    domain::CollectionSiteId,
    domain::GuidelineId,
    domain::AnnotationProgrammeId,
    domain::ExclusionId,
    domain::ContestationLinkId,
    domain::ContestationId,
    domain::PublicationId,
    domain::LeaseToken,
    SqlUuid,
);

word_columns!(
    domain::Slug,
    domain::Tag,
    domain::Codename,
    domain::Title,
    domain::PersonName,
    domain::TeamName,
    domain::VersionName,
    domain::EmailAddress,
    domain::SiteRole,
    domain::ChallengeRole,
    domain::announcement::Audience,
    domain::challenge::ChallengeState,
    domain::declaration::DataSource,
    domain::declaration::Supervision,
    domain::entry::Admission,
    domain::entry::MailDomain,
    domain::entry::Openness,
    domain::entry::RegistrationState,
    domain::evalai::NumberedKind,
    domain::evalai::TeamPurpose,
    domain::framing::Told,
    domain::integrity::AppealOutcome,
    domain::integrity::Consequence,
    domain::integrity::FlagDecision,
    domain::integrity::FlagKind,
    domain::integrity::Statement,
    domain::phase::EvaluationMode,
    domain::phase::FinalChoice,
    domain::split::Visibility,
    domain::submission::SubmissionState,
    domain::team::TeamRole,
);

column!(SqlTime: Timestamp);
column!(SqlWord: Digest);

fn sqlite_text(value: SqliteValue<'_, '_, '_>) -> deserialize::Result<String> {
    <String as FromSql<Text, Sqlite>>::from_sql(value)
}

/// PostgreSQL counts from the first moment of the year 2000.
const POSTGRES_EPOCH_MICROS: i64 = 946_684_800_000_000;

impl ToSql<SqlTime, Pg> for Timestamp {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let micros = self.as_micros() - POSTGRES_EPOCH_MICROS;
        out.write_all(&micros.to_be_bytes())?;
        Ok(IsNull::No)
    }
}

impl FromSql<SqlTime, Pg> for Timestamp {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let micros = <i64 as FromSql<BigInt, Pg>>::from_sql(value)?;
        micros
            .checked_add(POSTGRES_EPOCH_MICROS)
            .and_then(Self::from_micros)
            .ok_or_else(|| "a time outside the years that can be represented".into())
    }
}

impl ToSql<SqlTime, Sqlite> for Timestamp {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        let text = self.to_string();
        if text.len() != "2026-11-22T07:00:00.000000Z".len() {
            return Err(format!("{text} does not sort as text").into());
        }
        out.set_value(text);
        Ok(IsNull::No)
    }
}

impl FromSql<SqlTime, Sqlite> for Timestamp {
    fn from_sql(value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        Ok(Self::parse(&sqlite_text(value)?)?)
    }
}

impl ToSql<SqlWord, Pg> for Digest {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        write!(out, "{self}")?;
        Ok(IsNull::No)
    }
}

impl FromSql<SqlWord, Pg> for Digest {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self::parse(std::str::from_utf8(value.as_bytes())?)?)
    }
}

impl ToSql<SqlWord, Sqlite> for Digest {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.to_string());
        Ok(IsNull::No)
    }
}

impl FromSql<SqlWord, Sqlite> for Digest {
    fn from_sql(value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        Ok(Self::parse(&sqlite_text(value)?)?)
    }
}

/// An id whose table is known only at run time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SqlUuid(pub Uuid);

impl From<Uuid> for SqlUuid {
    fn from(uuid: Uuid) -> Self {
        Self(uuid)
    }
}

impl From<SqlUuid> for Uuid {
    fn from(id: SqlUuid) -> Self {
        id.0
    }
}

/// A serde value in a column of type [`SqlJson`], both ways without `.sql()`.
#[derive(Debug, Clone, PartialEq, Eq, Default, diesel::AsExpression, diesel::FromSqlRow)]
#[diesel(sql_type = SqlJson)]
pub struct Json<T: std::fmt::Debug>(pub T);

impl<T: Serialize + std::fmt::Debug> ToSql<SqlJson, Pg> for Json<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        const JSONB_VERSION: u8 = 1;
        out.write_all(&[JSONB_VERSION])?;
        serde_json::to_writer(out, &self.0)?;
        Ok(IsNull::No)
    }
}

impl<T: DeserializeOwned + std::fmt::Debug> FromSql<SqlJson, Pg> for Json<T> {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        match value.as_bytes() {
            [1, document @ ..] => Ok(Self(serde_json::from_slice(document)?)),
            _ => Err("jsonb in an unknown encoding".into()),
        }
    }
}

impl<T: Serialize + std::fmt::Debug> ToSql<SqlJson, Sqlite> for Json<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(serde_json::to_string(&self.0)?);
        Ok(IsNull::No)
    }
}

impl<T: DeserializeOwned + std::fmt::Debug> FromSql<SqlJson, Sqlite> for Json<T> {
    fn from_sql(value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        Ok(Self(serde_json::from_str(&sqlite_text(value)?)?))
    }
}
