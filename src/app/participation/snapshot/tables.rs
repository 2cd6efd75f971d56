//! The tables of people that everybody may see: a fixed list, merged, suppressed and audited.

use domain::{SnapshotId, Timestamp};
use research::disclosure::differencing::may_replace;
use research::disclosure::table::PublishedTable as Shown;
use research::disclosure::{Policy, PublicTable, publish};
use research::snapshot::{Lists, Snapshot};
use serde_json::json;
use storage::participation::snapshots::PublishedTable;

use crate::failure::{Failure, Outcome};

/// The policy of every public table of this server.
pub(crate) const POLICY: Policy = Policy::DEFAULT;

/// The name of a table in addresses.
pub(super) fn code(table: PublicTable) -> Outcome<String> {
    match serde_json::to_value(table).map_err(Failure::internal)? {
        serde_json::Value::String(code) => Ok(code),
        other => Err(Failure::internal(format!("a table is called {other}"))),
    }
}

/// A table as it is published, or why it is withheld; the reasons say nothing of any cell.
pub(super) fn tabulate(
    table: PublicTable,
    snapshot: &Snapshot,
    shown_before: Option<&str>,
    (id, now): (SnapshotId, Timestamp),
) -> Outcome<PublishedTable> {
    let made = table
        .of(snapshot, &Lists::default())
        .map_err(|_| "nobody is in it yet".to_owned())
        .and_then(|full| publish(&full, POLICY).map_err(|withheld| withheld.to_string()));
    let row = |contents: Option<String>, withheld: Option<String>, hidden: serde_json::Value| {
        Ok(PublishedTable {
            snapshot_id: id,
            code: code(table)?,
            k: i32::try_from(POLICY.k).unwrap_or(i32::MAX),
            contents,
            withheld,
            hidden: hidden.to_string(),
            published_at: now,
        })
    };
    let publication = match made {
        Ok(publication) => publication,
        Err(reason) => return row(None, Some(reason), json!({})),
    };
    let hidden = json!({
        "cells": publication.suppressed,
        "merged_rows": publication.merged_rows,
        "merged_columns": publication.merged_columns,
    });
    let before: Option<Shown> =
        shown_before.map(serde_json::from_str).transpose().map_err(Failure::internal)?;
    if before.is_some_and(|before| may_replace(&before, &publication.table, POLICY.k).is_err()) {
        let reason = "too little or too much has changed since the one that was published before: \
                      one could be subtracted from the other";
        return row(None, Some(reason.to_owned()), hidden);
    }
    let contents = serde_json::to_string(&publication.table).map_err(Failure::internal)?;
    row(Some(contents), None, hidden)
}
