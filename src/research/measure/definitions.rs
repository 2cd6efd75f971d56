//! The 59 measures, family by family.

use super::Definition;

mod access;
mod annotation;
mod dynamics;
mod framing;
mod participation;
mod solidification;
mod teams;

/// Every measure, in the order of its family.
pub(super) fn all() -> impl Iterator<Item = &'static Definition> {
    [
        participation::DEFINITIONS,
        teams::DEFINITIONS,
        dynamics::DEFINITIONS,
        framing::DEFINITIONS,
        annotation::DEFINITIONS,
        solidification::DEFINITIONS,
        access::DEFINITIONS,
    ]
    .into_iter()
    .flatten()
}
