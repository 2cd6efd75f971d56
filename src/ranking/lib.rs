//! Pure statistics over scores.
//!
//! [`order`] puts entries in order by a ranking rule and gives them ranks.
//!
//! What a score is uncertain by begins with [`draws`], the published pseudorandom numbers of a split, which say how often each of
//! its [`resampling`] units is drawn in a replicate.
//! [`replicates`] scores a submission's evidence under those counts, once; everything after is a function of stored vectors:
//! [`interval`] for one entry, [`paired`] for two, and for a whole [`board`] its [`rank_sets`], [`groups`] and [`stability`].
//! [`description`] is all of that together.
//! [`sign_flip`] and [`binomial`] test pairs by their items' [`contributions`] instead, [`holm`] corrects many tests,
//! and [`inflation`] says what the best of several submissions gains by chance.
//! All are for one [`level`] of errors.
//!
//! ```
//! use domain::ranking_rule::ResamplingRule;
//! use heldout_ranking::board::{Board, Standing};
//! use heldout_ranking::draws::Key;
//! use heldout_ranking::level::{Level, Replications};
//! use heldout_ranking::replicates::replicates_of_all;
//! use heldout_ranking::resampling::Resampling;
//! use heldout_ranking::{interval, rank_sets};
//! use sdk::evidence::Evidence;
//! use sdk::{Items, Limits};
//!
//! // Sixty clips of twenty videos; the second team has one more of every six right.
//! let clips: Vec<(String, String)> = (0..60).map(|n| (format!("clip {n}"), format!("video {}", n / 3))).collect();
//! let items = Items::new(clips);
//! let team = |right: fn(usize) -> bool| {
//!     let mut evidence = Evidence::new(60);
//!     let scores = ndarray::Array2::from_shape_fn((60, 1), |(clip, _)| f64::from(u8::from(right(clip))));
//!     evidence.means(100.0, ["accuracy"], scores);
//!     evidence
//! };
//! let teams = [team(|clip| clip % 2 == 0), team(|clip| clip % 2 == 0 || clip % 6 == 1)];
//!
//! // Once, when a submission is scored: whole videos are drawn with the key of the split.
//! let split = Resampling::of_items(&items, &[1.0; 60], &ResamplingRule::default())?;
//! let key = Key::derive("bootstrap", "digest of the split's items", 20_260_101);
//! let stored =
//!     replicates_of_all(&[&teams[0], &teams[1]], &split, key, Replications::LIVE, &Limits::default())?;
//!
//! // Whenever a leaderboard is shown: from stored vectors alone.
//! let values = [50.0, 200.0 / 3.0];
//! let standings = [0, 1].map(|team: usize| Standing { value: values[team], replicates: stored[team][0].as_ref() });
//! let level = Level::FIVE_PERCENT;
//! let first = interval::percentile(stored[0][0].as_ref().unwrap(), level)?.unwrap();
//! assert!(first.lower < 50.0 && 50.0 < first.upper);
//! let ranks = rank_sets::by_replicates(&Board::new(&standings, true, level)?)?;
//! assert_eq!(ranks.among_best(1), [1]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! One order from many numbers: [`schemes`] over several metrics or items, of which a phase's rule picks a [`method`] ([`ruled_board`] says what is known of its order), [`bradley_terry`] over preferences;
//! [`agreement`] says how much such orders differ, and [`shake_up`] and [`overfitting`] how the private split differs
//! from the public one.
//! [`release`] decides what a team learns of its score, [`exposure`] counts what that can have told in all, [`integrity`] what an organizer should look at,
//! [`final_choice`] which submissions count, and [`prizes`] who is given what.
//! [`slices`] says what items weigh when only some of them count, or count otherwise.
//! [`Refusal`] is why any of these refuses its arguments.
//!
//! There is no I/O here, and nothing knows of databases or HTTP: an entry is its scores and the moment it was received.

pub mod order;

pub use order::{Entry, Key, Order};

pub mod binomial;
pub mod board;
pub mod contributions;
pub mod description;
pub mod draws;
pub mod groups;
pub mod holm;
pub mod inflation;
pub mod interval;
pub mod level;
pub mod normal;
pub mod paired;
pub mod rank_sets;
pub mod replicates;
pub mod resampling;
pub mod sign_flip;
pub mod stability;

pub mod agreement;
pub mod bradley_terry;
pub mod exposure;
pub mod final_choice;
pub mod integrity;
pub mod method;
pub mod overfitting;
pub mod prizes;
pub mod refusal;
pub mod release;
pub mod ruled_board;
pub mod schemes;
pub mod shake_up;
pub mod slices;

pub use refusal::Refusal;
