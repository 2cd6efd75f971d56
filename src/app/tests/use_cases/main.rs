//! Use cases against real databases and a real artifact folder.

mod accounts;
mod bench;
mod challenges;
mod phases;
mod teams;
