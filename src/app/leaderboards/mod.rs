//! Leaderboards: which submission stands for each team, and how the board reads.

mod anonymity;
pub mod compare;
pub mod estimate;
pub mod exposure;
pub mod ladder;
pub mod movement;
pub mod read;
pub mod release;
pub mod reweigh;
pub mod snapshot;
pub mod standings;
pub mod statistics;
pub mod version;

pub use compare::{CompareEntries, Comparison, compare_entries};
pub use read::{Board, BoardRow, ReadBoard, read_leaderboard};
pub use release::Shown;
pub use reweigh::{ReweighBoard, Reweigher, ReweightedBoard, ReweightedEntry, reweigh_leaderboard};
pub use statistics::{BoardStatistics, EntryStatistics, Interval, KeptStatistics, RankStatistics};
pub use version::{BoardVersion, BoardViewer, board_version};
