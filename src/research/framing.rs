//! Which everyday life a task counts: the measures of family F.
//!
//! A [`profile`] says how many hours, instances or how much score weight every label of a data set or task has, and what the
//! labels may mean.
//! [`coverage`], [`intent_gap`], [`entropy`], [`divergence`], [`bounds`] and [`location`] are functions of profiles;
//! [`score_by_activity`], [`metric_weight`] and [`rank_sensitivity`] of the evidence of submissions under other weights;
//! [`parts`] are what of a split may be told apart, and a [`panel`] is all of these for what stands on a leaderboard.
//! [`granularity`], [`exclusions`] and [`revisions`] of labels, exclusions and re-scored submissions.

pub mod activities;
pub mod bounds;
pub mod coverage;
pub mod divergence;
pub mod entropy;
pub mod exclusions;
pub mod granularity;
pub mod intent_gap;
pub mod location;
pub mod metric_weight;
pub mod panel;
pub mod parts;
pub mod profile;
pub mod rank_sensitivity;
pub mod readings;
pub mod revisions;
pub mod score_by_activity;
pub mod shares;
pub mod simplex;
