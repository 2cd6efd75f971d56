//! The whole life of an account, on both databases.
