//! Leaderboards: which submission stands for each team, and how the board reads.

pub mod read;
pub mod standings;

pub use read::{Board, BoardRow, ReadBoard, read_leaderboard};
