//! Pure statistics over scores.
//!
//! [`order`] puts entries in order by a ranking rule and gives them ranks.
//!
//! What a score is uncertain by begins with [`draws`], the published pseudorandom numbers of a split, which say how often each of
//! its [`resampling`] units is drawn in a replicate.
//! [`replicates`] scores a submission's evidence under those counts, once; everything after is a function of stored vectors:
//! [`interval`] for one entry, [`paired`] for two, and for a whole [`board`] its [`rank_sets`], [`groups`] and [`stability`].
//! [`sign_flip`] and [`binomial`] test pairs by their items' [`contributions`] instead, [`holm`] corrects many tests, and [`inflation`] says what the
//! best of several submissions gains by chance.
//! All are for one [`level`] of errors.
//!
//! One order from many numbers: [`schemes`] over several metrics or items, [`bradley_terry`] over preferences;
//! [`agreement`] says how much such orders differ, and [`shake_up`] and [`overfitting`] how the private split differs
//! from the public one.
//! [`release`] decides what a team learns of its score, [`integrity`] what an organizer should look at,
//! [`final_choice`] which submissions count, and [`prizes`] who is given what.
//! [`Refusal`] is why any of these refuses its arguments.
//!
//! There is no I/O here, and nothing knows of databases or HTTP: an entry is its scores and the moment it was received.

pub mod order;

pub use order::{Entry, Key, Order};

pub mod binomial;
pub mod board;
pub mod contributions;
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
pub mod final_choice;
pub mod integrity;
pub mod overfitting;
pub mod prizes;
pub mod refusal;
pub mod release;
pub mod schemes;
pub mod shake_up;

pub use refusal::Refusal;
