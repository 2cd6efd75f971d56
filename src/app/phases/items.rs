//! The items of a phase: what is scored, in which group, with which attributes; for organizers, and never a label.

use domain::Actor;
use storage::phases;

use super::prepare::prepare;
use crate::App;
use crate::authority::see_phase;
use crate::failure::{Code, Failure, Outcome};

/// One item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its id, as submissions name it.
    pub id: String,
    /// The unit that it is resampled with.
    pub group: String,
    /// Its attributes, each with none, one or several values.
    pub attributes: Vec<(String, Vec<String>)>,
}

/// A page of items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemsPage {
    /// The items, in the order of the annotations.
    pub items: Vec<Item>,
    /// How many there are in all.
    pub total: usize,
}

/// Up to `limit` items behind the first `skip` ones.
///
/// Reading them means reading the annotations: nothing about items is kept beside them.
pub async fn list_items(
    app: &App,
    actor: &Actor,
    challenge: &str,
    phase: &str,
    skip: usize,
    limit: usize,
) -> Outcome<ItemsPage> {
    let (actor, challenge, phase) = (actor.clone(), challenge.to_owned(), phase.to_owned());
    let (phase, annotations, splits) = app
        .db
        .read(move |conn| {
            let inspected = see_phase(conn, &actor, &challenge, &phase)?.inspect(&actor)?;
            let annotations = phases::annotations_in_force(conn, inspected.id)?
                .ok_or_else(|| Failure::new(Code::NoAnnotations, "upload the annotations first"))?;
            let splits = phases::splits_of(conn, inspected.id)?;
            Ok::<_, Failure>((inspected, annotations, splits))
        })
        .await?;
    let prepared = prepare(app, &phase, &annotations, &splits).await?;
    let all = &prepared.items;
    let attributes_of = |item: usize| {
        let values = |attribute: &sdk::items::Attribute| {
            (attribute.name.clone(), attribute.of(item).map(str::to_owned).collect())
        };
        all.attributes().iter().map(values).collect()
    };
    let items = (skip..all.len())
        .take(limit)
        .map(|item| Item {
            id: all.ids()[item].to_owned(),
            group: all.group_names()[all.group(item)].to_owned(),
            attributes: attributes_of(item),
        })
        .collect();
    Ok(ItemsPage { items, total: all.len() })
}
