//! Where a browser goes next: always somewhere on this server.

use actix_web::HttpResponse;
use actix_web::http::header::LOCATION;
use actix_web::web::Query;
use serde::Deserialize;

/// What follows an address: `?next=` and `?done=`.
#[derive(Debug, Default, Deserialize)]
struct Carried {
    next: Option<String>,
    done: Option<String>,
}

/// The answer to a form that was taken: the browser reads `to`, and reloading sends nothing twice.
pub(super) fn see_other(to: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, to)).finish()
}

/// The same, with a notice at the head of the next page.
pub(super) fn see_other_done(to: &str, done: Done) -> HttpResponse {
    let sign = if to.contains('?') { '&' } else { '?' };
    see_other(&format!("{to}{sign}done={}", done.name()))
}

/// `address?next=…`, unless the next page is the front page anyway.
pub(super) fn with_next(address: &str, next: &str) -> String {
    if next == "/" {
        return address.to_owned();
    }
    let mut query = String::new();
    for byte in next.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => query.push(byte.into()),
            _ => query.push_str(&format!("%{byte:02X}")),
        }
    }
    format!("{address}?next={query}")
}

/// A path of this server, or the front page where somebody wrote another site into `next`.
pub(super) fn local(next: &str) -> &str {
    let plain = next.bytes().all(|byte| (b'!'..=b'~').contains(&byte) && byte != b'\\');
    let is_path = next.starts_with('/') && !next.starts_with("//");
    if plain && is_path { next } else { "/" }
}

/// The local path in `?next=`.
pub(super) fn next_of(query: &str) -> String {
    local(&carried(query).next.unwrap_or_default()).to_owned()
}

/// The notice in `?done=`.
pub(super) fn notice_of(query: &str) -> Option<&'static str> {
    let name = carried(query).done?;
    Done::ALL.into_iter().find(|done| done.name() == name).map(Done::sentence)
}

fn carried(query: &str) -> Carried {
    Query::from_query(query).map_or_else(|_| Carried::default(), Query::into_inner)
}

macro_rules! done {
    ($($variant:ident = $name:literal: $sentence:literal)*) => {
        /// What an action has done: a name in the address, a sentence on the page.
        #[derive(Debug, Clone, Copy)]
        pub(super) enum Done { $($variant,)* }

        impl Done {
            const ALL: [Self; [$($name),*].len()] = [$(Self::$variant,)*];

            fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            fn sentence(self) -> &'static str {
                match self { $(Self::$variant => $sentence,)* }
            }
        }
    };
}

done! {
    SignedOut = "signed_out": "You are signed out."
    Verified = "verified": "Your e-mail address is confirmed. You can sign in now."
    PasswordReset = "password_reset": "The new password is set. Sign in with it."
    Registered = "registered": "You take part in this challenge. Now form a team, or accept an invitation to one."
    TeamFormed = "team_formed": "The team is formed. You are its captain."
    TeamRenamed = "team_renamed": "The team has its new name."
    Invited = "invited": "The invitation is on its way."
    InvitationWithdrawn = "invitation_withdrawn": "The invitation is withdrawn."
    Joined = "joined": "You are a member of the team."
    Declined = "declined": "You have declined the invitation."
    Left = "left": "You have left the team."
    Removed = "removed": "The member is removed from the team."
    CaptainChanged = "captain_changed": "The team has a new captain."
    MergerProposed = "merger_proposed": "The captain of the other team gets a mail, and answers."
    MergerEnded = "merger_ended": "Nothing comes of the merger. Both teams go on as they are."
    Merged = "merged": "Both teams are one now."
    ResearchRequested = "research_requested": "The request is with the organizers, and the agreement is signed."
    ResearchDecided = "research_decided": "The decision is on record."
    Imported = "imported": "The challenge is a draft now. Its program is tried, and what comes of that is shown here."
    TrialsRepeated = "trials_repeated": "What failed of the program is tried again."
    Appealed = "appealed": "The appeal is with the organizers."
    Objected = "objected": "What you wrote is on record. Come back with the same link for the answer."
    Answered = "answered": "The answer is on record."
    Submitted = "submitted": "The submission is accepted."
    Cancelled = "cancelled": "The submission is cancelled."
    Withdrawn = "withdrawn": "The submission is withdrawn. It no longer stands on the leaderboard."
    Chosen = "chosen": "This is the team's final submission now."
    Described = "described": "What you say about the method is saved."
    Rerun = "rerun": "The submission is queued again."
    Rescoring = "rescoring": "Every scored submission is queued for evaluation on the annotations in force."
    Framed = "framed": "The framing is recorded, with your decision behind it."
    BaselineMarked = "baseline": "The mark as a baseline is changed."
    TokenRevoked = "token_revoked": "The token is revoked."
    ConsentGiven = "consent_given": "The consent is on record."
    ConsentWithdrawn = "consent_withdrawn": "The consent is withdrawn. You are in no export from now on for that purpose."
    NameChanged = "name_changed": "Your name is changed."
    PasswordChanged = "password_changed": "The password is changed. Every other session has ended."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_another_site() {
        for good in ["/", "/me", "/challenges/a?split=public&x=1"] {
            assert_eq!(local(good), good);
        }
        for bad in [
            "",
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "\\/evil.example",
            "javascript:alert(1)",
            "me",
            "/a\r\nSet-Cookie: x=y",
            "/\t/evil.example",
            " /me",
        ] {
            assert_eq!(local(bad), "/", "{bad:?}");
        }
        assert_eq!(next_of("next=%2F%2Fevil.example"), "/");
        assert_eq!(next_of("next=/me%3Fa%3D1"), "/me?a=1");
    }

    #[test]
    fn the_way_back_survives_the_address() {
        let address = with_next("/sign-in", "/challenges/a?split=b&c=ä");
        let query = address.strip_prefix("/sign-in?").unwrap();
        assert_eq!(carried(query).next.unwrap(), "/challenges/a?split=b&c=ä");
        assert_eq!(with_next("/sign-in", "/"), "/sign-in");
    }

    #[test]
    fn only_our_own_sentences_are_shown() {
        assert_eq!(notice_of("done=joined"), Some("You are a member of the team."));
        assert_eq!(notice_of("done=<script>"), None);
        assert_eq!(notice_of(""), None);
    }
}
