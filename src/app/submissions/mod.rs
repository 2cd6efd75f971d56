//! What teams do with submissions: submit, look, describe, cancel, withdraw, choose; and what organizers do with them.

pub mod accept;
pub mod baseline;
pub mod cancel;
pub mod check;
pub mod choose;
pub mod declare;
pub mod describe;
pub mod export;
pub mod file;
pub mod list;
pub mod quota;
pub mod read;
pub mod receive;
pub mod refund;
pub mod remarks;
pub mod rerun;
pub mod rescore;
pub mod rules;
pub mod statement;
pub mod submit;
pub mod upload;
pub mod withdraw;

pub use read::{SubmissionDetail, read_submission};
pub use receive::{IncomingFile, StoredFile, begin_file};
pub use storage::jobs::elsewhere::Elsewhere;
pub use submit::{Admission, Submit, admit, submit};
