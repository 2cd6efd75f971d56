//! Leaderboards: which submission stands for each team, and how the board reads.

pub mod read;
pub mod standings;
pub mod statistics;
pub mod version;

pub use read::{Board, BoardRow, ReadBoard, read_leaderboard};
pub use statistics::{BoardStatistics, EntryStatistics};
pub use version::{BoardVersion, BoardViewer, board_version};
