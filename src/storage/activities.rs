//! Lists of activities, what they mean in each other, how populations spend their days, and how much of what is which.

pub mod mappings;
pub mod populations;
pub mod profiles;
pub mod taxonomies;

/// How many rows go into one statement: PostgreSQL counts their values with sixteen bits.
const AT_ONCE: usize = 1_000;
