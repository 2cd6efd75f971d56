//! Programs, hostile ones among them, really run in every kind of sandbox that this machine has.

mod another_user;
mod bounds;
mod codabench;
mod environments;
mod evalai;
mod stage;
mod support;
