//! Datasets and their versions, for everybody.

use domain::{DatasetId, DatasetVersionId, Invalid, Slug};
use research::nearest::nearest;
use storage::Conn;
use storage::datasets::{self, Dataset, DatasetVersion};

use crate::App;
use crate::activities::rule;
use crate::failure::{Failure, Outcome};

/// A dataset with its versions.
#[derive(Debug, Clone)]
pub struct DatasetDetail {
    /// The dataset.
    pub dataset: Dataset,
    /// Its versions, oldest record first.
    pub versions: Vec<DatasetVersion>,
}

/// A page of all datasets, newest record first.
pub async fn list_datasets(app: &App, before: Option<DatasetId>, limit: u32) -> Outcome<Vec<Dataset>> {
    app.db.read(move |conn| Ok(datasets::page(conn, before, i64::from(limit))?)).await
}

/// A dataset with its versions, by id or short name.
pub async fn read_dataset(app: &App, key: &str) -> Outcome<DatasetDetail> {
    let key = key.to_owned();
    app.db
        .read(move |conn| {
            let dataset = look_up(conn, &key)?.ok_or_else(Failure::not_found)?;
            Ok(DatasetDetail { versions: datasets::versions(conn, dataset.id)?, dataset })
        })
        .await
}

/// The dataset of an id or a short name.
pub(crate) fn look_up(conn: &mut Conn<'_>, key: &str) -> Outcome<Option<Dataset>> {
    Ok(match (key.parse::<DatasetId>(), Slug::parse(key)) {
        (Ok(id), _) => datasets::find(conn, id)?,
        (_, Ok(name)) => datasets::find_by_name(conn, &name)?,
        _ => None,
    })
}

/// The version of an id, or of `name@version`, with its dataset.
pub(crate) fn look_up_version(conn: &mut Conn<'_>, key: &str) -> Outcome<Option<(Dataset, DatasetVersion)>> {
    if let Ok(id) = key.parse::<DatasetVersionId>() {
        let Some(version) = datasets::find_version(conn, id)? else { return Ok(None) };
        return Ok(datasets::find(conn, version.dataset_id)?.map(|dataset| (dataset, version)));
    }
    let Some((name, version)) = key.split_once('@') else { return Ok(None) };
    let Some(dataset) = look_up(conn, name)? else { return Ok(None) };
    let versions = datasets::versions(conn, dataset.id)?;
    let found = versions.into_iter().find(|found| found.version.as_str() == version);
    Ok(found.map(|version| (dataset, version)))
}

/// The version that a field names; where there is none, what was probably meant.
pub(crate) fn find_version(
    conn: &mut Conn<'_>,
    field: &str,
    key: &str,
) -> Outcome<(Dataset, DatasetVersion)> {
    const MOST: i64 = 1_000;
    if let Some(found) = look_up_version(conn, key)? {
        return Ok(found);
    }
    let name = key.split('@').next().unwrap_or_default();
    let known: Vec<String> = match look_up(conn, name)? {
        Some(dataset) => {
            let versions = datasets::versions(conn, dataset.id)?;
            versions.iter().map(|version| format!("{}@{}", dataset.name, version.version)).collect()
        }
        None => datasets::page(conn, None, MOST)?.into_iter().map(|dataset| dataset.name.into()).collect(),
    };
    let near = nearest(key, known.iter().map(String::as_str));
    Err(Invalid::new(field, rule("a version of a dataset on record, as name@version", &near)).into())
}
