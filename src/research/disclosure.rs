//! Disclosure control: what of a table of people may be published, so that nobody in it can be found.
//!
//! Small cells are hidden, but hiding them is not enough: margins give away what is hidden alone.
//! With some sixty people suppression alone leaves nothing to publish once it is audited; so [`merge`] comes first, then
//! [`suppress`], then an [`audit`] that knows no more than a reader does, and [`publish()`] is all of that.
//! What was published before is subtracted by every reader: [`differencing`] says when a table may be replaced.
//! Numbers that are no tables pass [`release()`].
//! What is tabulated at all is a fixed list ([`tables`]).
//! A few tables are published with noise instead, more often, within a budget ([`noise`]).
//! In exports of rows people have a pseudonym that is good for one export ([`pseudonym`]).
//!
//! The terms are those of statistical disclosure control (Hundepool et al., *Statistical Disclosure Control*, 2012).

pub mod audit;
pub mod differencing;
pub mod merge;
pub mod noise;
pub mod pseudonym;
pub mod publish;
pub mod release;
mod subtraction;
pub mod suppress;
pub mod table;
pub mod tables;

pub use publish::{Publication, Withheld, publish};
pub use release::release;
pub use table::{Cell, Contributions, CountTable, Policy, PublishedTable, TableError};
pub use tables::PublicTable;
