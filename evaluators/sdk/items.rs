//! The items of a task: what is scored, in which groups they are resampled, and by which attributes they are sliced.

use std::collections::HashMap;
use std::sync::Arc;

use ndarray::Array1;

use crate::fault::{Code, Fault, Faults, Place};
use crate::ids::Ids;
use crate::limits::Limits;
use crate::roll::IdIndex;
use crate::table::Table;

/// The items of a task in the order of the weights.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Items {
    ids: Arc<Ids>,
    /// Nothing where every item is its own group, called as the item is.
    grouping: Option<Grouping>,
    attributes: Vec<Attribute>,
}

/// The groups of items.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Grouping {
    names: Ids,
    /// The group of every item, as a position in `names`.
    groups: Vec<u32>,
}

/// A named property of items; an item may have none, one or several values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// The name.
    pub name: String,
    /// The distinct values, in order of first appearance.
    pub values: Vec<String>,
    /// Where the values of each item begin in `codes`; one more entry than items.
    starts: Vec<u32>,
    codes: Vec<u32>,
}

impl Attribute {
    /// The values of an item.
    pub fn of(&self, item: usize) -> impl Iterator<Item = &str> {
        let range = self.starts[item] as usize..self.starts[item + 1] as usize;
        self.codes[range].iter().map(|code| self.values[*code as usize].as_str())
    }
}

impl Items {
    /// Items in their order, each with the group that it is resampled with.
    pub fn new<I: AsRef<str>, G: AsRef<str>>(items: impl IntoIterator<Item = (I, G)>) -> Self {
        let (mut ids, mut codes, mut groups) = (Ids::default(), Codes::default(), Vec::new());
        for (id, group) in items {
            ids.push(id.as_ref());
            groups.push(codes.code(group.as_ref()));
        }
        let grouping = Some(Grouping { names: codes.names, groups });
        Self { ids: Arc::new(ids), grouping, attributes: Vec::new() }
    }

    /// Items in their order, each resampled by itself: the group of an item is the item.
    pub fn ungrouped(ids: impl Into<Ids>) -> Self {
        Self { ids: Arc::new(ids.into()), ..Self::default() }
    }

    /// The ids of an index as items, each resampled by itself; both share the ids.
    pub fn of_index(index: &IdIndex) -> Self {
        Self { ids: Arc::clone(index.ids()), ..Self::default() }
    }

    /// How many items there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The ids, in order.
    pub fn ids(&self) -> &Ids {
        &self.ids
    }

    /// The group of an item, as a position in [`Items::group_names`].
    pub fn group(&self, item: usize) -> usize {
        self.grouping.as_ref().map_or(item, |grouping| grouping.groups[item] as usize)
    }

    /// Whether items have groups; without, every item is its own.
    pub fn is_grouped(&self) -> bool {
        self.grouping.is_some()
    }

    /// The names of the groups.
    pub fn group_names(&self) -> &Ids {
        self.grouping.as_ref().map_or(&self.ids, |grouping| &grouping.names)
    }

    /// The attributes.
    pub fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    /// The attribute of that name.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    /// Adds an attribute, or replaces the one of the same name: for every item its values.
    pub fn set_attribute<V: AsRef<str>>(
        &mut self,
        name: &str,
        values: impl IntoIterator<Item = impl IntoIterator<Item = V>>,
    ) {
        let mut codes = Codes::default();
        let mut attribute =
            Attribute { name: name.to_owned(), values: Vec::new(), starts: vec![0], codes: Vec::new() };
        for values_of_item in values.into_iter().take(self.len()) {
            attribute.codes.extend(values_of_item.into_iter().map(|value| codes.code(value.as_ref())));
            attribute.starts.push(attribute.codes.len() as u32);
        }
        attribute.starts.resize(self.len() + 1, attribute.codes.len() as u32);
        attribute.values = codes.names.iter().map(str::to_owned).collect();
        self.attributes.retain(|existing| existing.name != name);
        self.attributes.push(attribute);
    }

    /// Weights of one for the items that have the value, of zero for the others.
    ///
    /// `None` if there is no such attribute. The group is an attribute called `group`, the id one called `item`,
    /// unless an attribute has taken the name.
    pub fn mask(&self, attribute: &str, value: &str) -> Option<Array1<f64>> {
        if let Some(attribute) = self.attribute(attribute) {
            let code = attribute.values.iter().position(|known| known == value);
            return Some(self.mask_where(|item| {
                let range = attribute.starts[item] as usize..attribute.starts[item + 1] as usize;
                attribute.codes[range].iter().any(|known| Some(*known as usize) == code)
            }));
        }
        match attribute {
            "group" => Some(self.mask_where(|item| self.group_names()[self.group(item)] == *value)),
            "item" => Some(self.mask_where(|item| self.ids[item] == *value)),
            _ => None,
        }
    }

    /// Weights of one for the items that are chosen, of zero for the others.
    pub fn mask_where(&self, chosen: impl Fn(usize) -> bool) -> Array1<f64> {
        (0..self.len()).map(|item| f64::from(u8::from(chosen(item)))).collect()
    }

    /// Weights of one.
    pub fn all(&self) -> Array1<f64> {
        Array1::ones(self.len())
    }

    /// Joins groups and attributes from a CSV table with the columns `item`, optionally `group`, and one per attribute.
    ///
    /// A cell holds several values as `a|b`. Every item must have a row, and no row may be of something else.
    pub fn join_csv(&mut self, bytes: &[u8], limits: &Limits) -> Result<(), Faults> {
        let table = Table::read(bytes, limits)?;
        let id_column = table.require("item")?;
        let positions: HashMap<&str, usize> =
            self.ids.iter().enumerate().map(|(position, id)| (id, position)).collect();
        let mut row_of_item: Vec<Option<usize>> = vec![None; self.len()];
        let mut faults = Faults::new();
        for row in 0..table.len() {
            let id = table.cell(row, id_column);
            match positions.get(id).map(|position| &mut row_of_item[*position]) {
                Some(slot @ None) => *slot = Some(row),
                Some(Some(_)) => faults.push_with(|| {
                    row_fault(&table, row, Code::DuplicateIds, format!("the item {id:?} has two rows"))
                }),
                None => faults.push_with(|| {
                    row_fault(&table, row, Code::UnknownIds, format!("{id:?} is no item of the annotations"))
                }),
            }
        }
        for (item, row) in row_of_item.iter().enumerate() {
            if row.is_none() {
                faults.push_with(|| {
                    let id = &self.ids[item];
                    Fault::whole(
                        Code::MissingIds,
                        format!("the item {id:?} has no row"),
                        "a row for every item",
                        "none",
                    )
                });
            }
        }
        let rows: Vec<usize> = faults.or(row_of_item.into_iter().flatten().collect())?;
        for (column, name) in table.columns().iter().enumerate() {
            match name.as_str() {
                "item" => {}
                "group" => {
                    let mut codes = Codes::default();
                    let groups = rows.iter().map(|row| codes.code(table.cell(*row, column))).collect();
                    self.grouping = Some(Grouping { names: codes.names, groups });
                }
                _ => {
                    let values: Vec<Vec<&str>> = rows
                        .iter()
                        .map(|row| {
                            table.cell(*row, column).split('|').filter(|one| !one.is_empty()).collect()
                        })
                        .collect();
                    self.set_attribute(name, values);
                }
            }
        }
        Ok(())
    }
}

fn row_fault(table: &Table, row: usize, code: Code, message: String) -> Fault {
    Fault::whole(code, message, "one row for every item", "this row").at(Place::Line(table.line(row)))
}

/// Gives texts small numbers in the order of their first appearance.
#[derive(Default)]
struct Codes {
    names: Ids,
    codes: HashMap<String, u32>,
}

impl Codes {
    fn code(&mut self, name: &str) -> u32 {
        if let Some(code) = self.codes.get(name) {
            return *code;
        }
        let code = self.names.len() as u32;
        self.names.push(name);
        self.codes.insert(name.to_owned(), code);
        code
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items() -> Items {
        Items::new([("q1", "v1"), ("q2", "v1"), ("q3", "v2")])
    }

    #[test]
    fn masks_choose_by_attribute_group_and_id() {
        let mut items = items();
        items.set_attribute("room", [vec!["kitchen"], vec!["kitchen", "hall"], vec![]]);
        assert_eq!(items.mask("room", "hall").unwrap().to_vec(), [0.0, 1.0, 0.0]);
        assert_eq!(items.mask("room", "attic").unwrap().to_vec(), [0.0, 0.0, 0.0]);
        assert_eq!(items.mask("group", "v1").unwrap().to_vec(), [1.0, 1.0, 0.0]);
        assert_eq!(items.mask("item", "q3").unwrap().to_vec(), [0.0, 0.0, 1.0]);
        assert!(items.mask("floor", "1").is_none());
    }

    #[test]
    fn a_table_of_items_joins_by_id_whatever_its_order() {
        let mut items = items();
        let csv = b"item,group,country\nq3,w2,IT\nq1,w1,IT|JP\nq2,w2,\n";
        items.join_csv(csv, &Limits::default()).unwrap();
        assert_eq!(items.group_names(), ["w1", "w2"]);
        assert_eq!([0, 1, 2].map(|item| items.group(item)), [0, 1, 1]);
        assert_eq!(items.attribute("country").unwrap().of(0).collect::<Vec<_>>(), ["IT", "JP"]);
        assert_eq!(items.mask("country", "IT").unwrap().to_vec(), [1.0, 0.0, 1.0]);
    }

    #[test]
    fn a_table_of_other_items_is_refused_with_every_fault() {
        let csv = b"item,country\nq1,IT\nq1,JP\nq9,FR\n";
        let faults = items().join_csv(csv, &Limits::default()).unwrap_err();
        let codes: Vec<Code> = faults.faults.iter().map(|fault| fault.code).collect();
        assert_eq!(codes, [Code::DuplicateIds, Code::UnknownIds, Code::MissingIds, Code::MissingIds]);
        assert_eq!(faults.faults[0].place, Place::Line(3));
    }
}
