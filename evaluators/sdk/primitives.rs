//! Primitives that several families share.

/// Orders: which of two predictions comes first.
pub mod order;
/// Time segments: overlap over union and over hull.
pub mod segment;
