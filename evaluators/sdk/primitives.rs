//! Primitives that several families share.

/// Assignment: distinct columns for rows, at the smallest sum of costs.
pub mod assignment;
/// Orders: which of two predictions comes first.
pub mod order;
/// Time segments: overlap over union and over hull.
pub mod segment;
