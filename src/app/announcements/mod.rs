//! Announcements: what organizers tell everybody who sees a challenge, and send to some of its participants.
//!
//! One is never changed: people have read it. A correction is another one; what should not have been said is taken back.

mod list;
mod post;
mod recipients;
mod withdraw;

pub use list::list_announcements;
pub use post::post_announcement;
pub use recipients::count_recipients;
pub use storage::announcements::Announcement;
pub use withdraw::withdraw_announcement;
