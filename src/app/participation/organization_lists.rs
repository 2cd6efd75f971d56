//! An administrator imports a published list of what organizations are: their sector, their type, whether they are "Big Tech".

use std::collections::HashSet;

use domain::event::EventKind;
use domain::{Actor, Digest, Ror, Title};
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::json;
use storage::events;
use storage::participation::lists::{self, OrganizationClass};

use super::codes::code;
use crate::App;
use crate::authority::administrator;
use crate::context::event;
use crate::failure::{Failure, FieldError, Outcome};

/// A list is read whole; more rows than this are several lists.
const MOST_ROWS: usize = 20_000;
/// The most faults that are told at once.
const MOST_FAULTS: usize = 50;

/// A row of a list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    ror: String,
    name: String,
    scheme: String,
    code: String,
    starts_on: String,
    ends_on: String,
}

/// Imports a list: CSV with the columns `ror`, `name`, `scheme`, `code`, `starts_on` and `ends_on`.
///
/// All of it or, with the faults by line and column, none. Gives the number of statements that are new.
pub async fn import_organization_list(
    app: &App,
    actor: &Actor,
    version: Title,
    source: Title,
    bytes: &[u8],
) -> Outcome<usize> {
    administrator(actor)?;
    let now = app.now();
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
    let (mut rows, mut faults, mut seen) = (Vec::new(), Vec::new(), HashSet::new());
    for (index, row) in reader.deserialize::<Row>().enumerate() {
        if faults.len() >= MOST_FAULTS || index >= MOST_ROWS {
            faults.push(FieldError::new("list", format!("must have at most {MOST_ROWS} rows")));
            break;
        }
        // Line 1 has the names of the columns.
        let line = index + 2;
        let fault = |column: &str, rule: &str| FieldError::new(format!("line {line}, column {column}"), rule);
        let Ok(row) = row else {
            faults.push(fault("1", "must have ror, name, scheme, code, starts_on and ends_on"));
            continue;
        };
        match parse(&row) {
            Ok(class)
                if !seen.insert((
                    class.organization.clone(),
                    class.scheme.clone(),
                    class.starts_on.clone(),
                )) =>
            {
                faults.push(fault("starts_on", "must say one thing of an organization on a day"));
            }
            Ok(class) => rows.push(OrganizationClass {
                list_version: version.as_str().to_owned(),
                source: source.as_str().to_owned(),
                recorded_at: now,
                ..class
            }),
            Err((column, rule)) => faults.push(fault(column, &rule)),
        }
    }
    if !faults.is_empty() {
        return Err(Failure::invalid_fields(faults));
    }
    let (actor, digest) = (actor.clone(), Digest::of(bytes));
    app.db
        .write(move |conn| {
            let new = lists::insert(conn, &rows)?;
            let payload = [("digest", json!(digest)), ("rows", json!(rows.len())), ("new", json!(new))];
            let subject = format!("organization_list:{}", version.as_str());
            events::append(
                conn,
                event(&actor, now, EventKind::OrganizationListImported, subject, None, payload),
            )?;
            Ok(new)
        })
        .await
}

/// A row as it is kept, still without its list; or the column that is wrong, and its rule.
fn parse(row: &Row) -> Result<OrganizationClass, (&'static str, String)> {
    let organization = match row.ror.as_str() {
        "" => row.name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase(),
        ror => Ror::parse(ror).map_err(|invalid| ("ror", invalid.rule))?.as_str().to_owned(),
    };
    if organization.is_empty() || organization.len() > 300 {
        return Err(("name", "must be the name of an organization that has no ROR id".to_owned()));
    }
    let class = match row.scheme.as_str() {
        "sector" => code("code", "org.sector", &row.code).map_err(|invalid| ("code", invalid.rule))?,
        "ror_type" => code("code", "org.ror_type", &row.code).map_err(|invalid| ("code", invalid.rule))?,
        "big_tech" if row.code == "big_tech" => row.code.clone(),
        "big_tech" => return Err(("code", "must be big_tech".to_owned())),
        _ => return Err(("scheme", "must be sector, ror_type or big_tech".to_owned())),
    };
    let day = |column: &'static str, text: &str| {
        let found = text.parse::<Date>().ok().filter(|day| (1800..=2200).contains(&day.year()));
        found.ok_or((column, "must be a day such as 2024-01-01".to_owned()))
    };
    let starts_on = day("starts_on", &row.starts_on)?;
    let ends_on = if row.ends_on.is_empty() { None } else { Some(day("ends_on", &row.ends_on)?) };
    if ends_on.is_some_and(|end| end < starts_on) {
        return Err(("ends_on", "must not be before starts_on".to_owned()));
    }
    Ok(OrganizationClass {
        organization,
        scheme: row.scheme.clone(),
        list_version: String::new(),
        starts_on: starts_on.to_string(),
        ends_on: ends_on.map(|day| day.to_string()),
        code: class,
        source: String::new(),
        recorded_at: domain::Timestamp::start_of_utc_day(starts_on),
    })
}
