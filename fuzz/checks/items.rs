//! The organizer's table of items: groups and attributes by CSV.

use sdk::{Items, Limits};

use super::faults;

/// Joins arbitrary bytes to three items; tells whether they are accepted.
pub(crate) fn check(bytes: &[u8]) -> bool {
    let before = Items::new([("a1", "v1"), ("a2", "v1"), ("a3", "v2")]);
    let mut items = before.clone();
    let joined = items.join_csv(bytes, &Limits::default());
    match &joined {
        Ok(()) => sound(&items),
        Err(refused) => {
            faults::check(refused);
            assert_eq!(items, before, "a refused table changed the items");
        }
    }
    joined.is_ok()
}

/// Checks that ids, groups and attributes fit together.
pub(crate) fn sound(items: &Items) {
    let known = |item: usize| items.group(item) < items.group_names().len();
    assert!((0..items.len()).all(known), "an item is in a group without name");
    for attribute in items.attributes() {
        (0..items.len()).for_each(|item| attribute.of(item).for_each(drop));
        for value in &attribute.values {
            let mask = items.mask(&attribute.name, value).expect("the attribute is there");
            assert!(mask.sum() >= 1.0, "no item has {:?} = {value:?}", attribute.name);
        }
    }
}
