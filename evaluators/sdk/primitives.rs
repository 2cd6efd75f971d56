//! Primitives that several families share.

/// Assignment: distinct columns for rows, at the smallest sum of costs.
pub mod assignment;
/// Orders: which of two predictions comes first.
pub mod order;
/// Hashes: a fast one with a seed.
pub mod seeded_hash;
/// Time segments: overlap over union and over hull.
pub mod segment;
