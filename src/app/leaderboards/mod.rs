//! Leaderboards: which submission stands for each team, and how the board reads.

pub mod compare;
pub mod read;
pub mod standings;
pub mod statistics;
pub mod version;

pub use compare::{CompareEntries, Comparison, compare_entries};
pub use read::{Board, BoardRow, ReadBoard, read_leaderboard};
pub use statistics::{BoardStatistics, EntryStatistics, Interval, KeptStatistics};
pub use version::{BoardVersion, BoardViewer, board_version};
