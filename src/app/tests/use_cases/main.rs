//! Use cases against real databases and a real artifact folder.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up must fail")]

mod accounts;
mod bench;
mod challenges;
mod clone;
mod entry;
mod exports;
mod imports;
mod integrity;
mod participation;
mod pauses;
mod phases;
mod production;
mod quota;
mod search;
mod teams;
