//! Who sees a challenge, who may enter it, and until when.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{EmailAddress, Invalid, Timestamp};

/// A list of guests or of mail domains has at most so many entries.
pub const LONGEST_LIST: usize = 5_000;
/// The longest reason or appeal, in bytes.
pub const LONGEST_STATEMENT: usize = 4_000;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $field:literal, $rule:literal { $($(#[$about:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {$($(#[$about])* $variant,)*}

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stored and public name.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// Reads the name.
            pub fn parse(text: &str) -> Result<Self, Invalid> {
                Self::ALL.iter().copied().find(|word| word.as_str() == text).ok_or_else(|| Invalid::new($field, $rule))
            }
        }
    };
}

words!(
    /// Who sees a published challenge.
    Openness, "openness", "must be public, unlisted or private" {
        /// Everybody; it is in lists.
        Public = "public",
        /// Everybody who knows its address; it is in no list.
        Unlisted = "unlisted",
        /// Guests, people with an address of a welcome mail domain, and those who are registered. For others there is none.
        Private = "private",
    }
);

words!(
    /// Who may enter.
    Admission, "admission", "must be open, listed or approval" {
        /// Everybody who sees it.
        Open = "open",
        /// Guests and people with an address of a welcome mail domain.
        Listed = "listed",
        /// The same at once, and everybody else when an organizer approves.
        Approval = "approval",
    }
);

words!(
    /// Where a registration stands.
    RegistrationState, "state", "must be waiting, admitted, refused, banned or withdrawn" {
        /// An organizer is to decide.
        Waiting = "waiting",
        /// The person takes part.
        Admitted = "admitted",
        /// An organizer said no.
        Refused = "refused",
        /// An organizer ended it. It cannot be begun anew.
        Banned = "banned",
        /// The person ended it. It can be begun anew.
        Withdrawn = "withdrawn",
    }
);

/// What stands behind the at sign of mail addresses (`example.org`), which its subdomains share.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct MailDomain(String);

impl MailDomain {
    /// Reads a domain: two or more labels of letters, digits and inner hyphens, at most 253 characters in all.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let domain = text.trim().to_lowercase();
        let is_label = |label: &str| {
            let edge = |c: char| c.is_ascii_alphanumeric();
            (1..=63).contains(&label.len())
                && label.starts_with(edge)
                && label.ends_with(edge)
                && label.chars().all(|c| edge(c) || c == '-')
        };
        if domain.len() > 253 || !domain.contains('.') || !domain.split('.').all(is_label) {
            return Err(Invalid::new("domain", "must be a mail domain, such as example.org"));
        }
        Ok(Self(domain))
    }

    /// The domain.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether an address lies in the domain or in one below it.
    pub fn holds(&self, address: &str) -> bool {
        let Some((_, of_address)) = address.rsplit_once('@') else { return false };
        of_address.strip_suffix(self.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    }
}

/// What organizers say of who sees a challenge and may enter it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryRules {
    /// Who sees it once it is published.
    pub openness: Openness,
    /// Who may enter.
    pub admission: Admission,
    /// From when on nobody registers any more (half-open); absent for never.
    pub entries_close_at: Option<Timestamp>,
    /// From when on nobody joins a team any more (half-open); absent for never.
    pub teams_freeze_at: Option<Timestamp>,
    /// The addresses of people who are expected, as [`EmailAddress::key`] writes them.
    pub guests: BTreeSet<String>,
    /// The mail domains whose people are expected.
    pub welcome: BTreeSet<MailDomain>,
    /// The mail domains whose people may not enter, guests excepted.
    pub blocked: BTreeSet<MailDomain>,
}

impl EntryRules {
    /// Everybody sees it and may enter at any time.
    pub fn open() -> Self {
        Self {
            openness: Openness::Public,
            admission: Admission::Open,
            entries_close_at: None,
            teams_freeze_at: None,
            guests: BTreeSet::new(),
            welcome: BTreeSet::new(),
            blocked: BTreeSet::new(),
        }
    }

    /// Checks the parts against each other.
    pub fn check(self) -> Result<Self, Invalid> {
        let lengths = [
            ("guests", self.guests.len()),
            ("welcome_domains", self.welcome.len()),
            ("blocked_domains", self.blocked.len()),
        ];
        if let Some((field, _)) = lengths.into_iter().find(|(_, length)| *length > LONGEST_LIST) {
            return Err(Invalid::new(field, format!("must have at most {LONGEST_LIST} entries")));
        }
        if let Some(domain) = self.welcome.intersection(&self.blocked).next() {
            let rule = format!("must not hold {}, which is welcome", domain.as_str());
            return Err(Invalid::new("blocked_domains", rule));
        }
        let nobody_is_listed = self.guests.is_empty() && self.welcome.is_empty();
        if self.admission == Admission::Listed && nobody_is_listed {
            return Err(Invalid::new(
                "admission",
                "can be listed only where guests or welcome domains are named",
            ));
        }
        Ok(self)
    }

    /// Whether somebody with this address is named as a guest or by their mail domain.
    pub fn expects(&self, address: &str) -> bool {
        self.guests.contains(address) || self.welcome.iter().any(|domain| domain.holds(address))
    }

    /// What becomes of somebody with this proven address who registers; none is "may not".
    pub fn admits(&self, address: &str) -> Option<RegistrationState> {
        if self.guests.contains(address) {
            return Some(RegistrationState::Admitted);
        }
        if self.blocked.iter().any(|domain| domain.holds(address)) {
            return None;
        }
        match self.admission {
            Admission::Open => Some(RegistrationState::Admitted),
            _ if self.expects(address) => Some(RegistrationState::Admitted),
            Admission::Listed => None,
            Admission::Approval => Some(RegistrationState::Waiting),
        }
    }
}

/// The addresses that a list of guests means.
pub fn guests(addresses: &[String]) -> Result<BTreeSet<String>, Invalid> {
    let read = |(index, text): (usize, &String)| {
        EmailAddress::parse(text)
            .map(|address| address.key())
            .map_err(|invalid| Invalid::new(format!("guests[{index}]"), invalid.rule))
    };
    addresses.iter().enumerate().map(read).collect()
}

/// The domains that a list means, of the field of this name.
pub fn domains(field: &str, names: &[String]) -> Result<BTreeSet<MailDomain>, Invalid> {
    let read = |(index, text): (usize, &String)| {
        MailDomain::parse(text).map_err(|invalid| Invalid::new(format!("{field}[{index}]"), invalid.rule))
    };
    names.iter().enumerate().map(read).collect()
}

/// A reason or an appeal: 1 to [`LONGEST_STATEMENT`] bytes without blanks around it.
pub fn statement(field: &str, text: &str) -> Result<String, Invalid> {
    let text = text.trim();
    if text.is_empty() || text.len() > LONGEST_STATEMENT {
        return Err(Invalid::new(field, format!("must have 1 to {LONGEST_STATEMENT} bytes")));
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(Invalid::new(field, "must not hold control characters"));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(admission: Admission) -> EntryRules {
        EntryRules {
            admission,
            guests: guests(&["Ada@Blocked.example".into()]).unwrap(),
            welcome: domains("welcome_domains", &["lab.example".into()]).unwrap(),
            blocked: domains("blocked_domains", &["blocked.example".into()]).unwrap(),
            ..EntryRules::open()
        }
    }

    #[test]
    fn words_read_back() {
        for word in Openness::ALL {
            assert_eq!(Openness::parse(word.as_str()), Ok(*word));
        }
        for word in Admission::ALL {
            assert_eq!(Admission::parse(word.as_str()), Ok(*word));
        }
        for word in RegistrationState::ALL {
            assert_eq!(RegistrationState::parse(word.as_str()), Ok(*word));
        }
        assert!(Openness::parse("hidden").is_err());
    }

    #[test]
    fn a_domain_holds_its_subdomains_and_no_namesake() {
        let domain = MailDomain::parse(" Lab.Example ").unwrap();
        assert!(domain.holds("a@lab.example") && domain.holds("a@deep.down.lab.example"));
        assert!(
            !domain.holds("a@notlab.example") && !domain.holds("lab.example") && !domain.holds("a@example")
        );
        for bad in ["", "example", "@lab.example", "a..b", "-a.example", "a_b.example", "a b.example"] {
            assert!(MailDomain::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn guests_enter_always_and_strangers_as_the_admission_says() {
        use RegistrationState::{Admitted, Waiting};
        let expected = [
            (Admission::Open, [Some(Admitted), Some(Admitted), Some(Admitted), None]),
            (Admission::Listed, [Some(Admitted), Some(Admitted), None, None]),
            (Admission::Approval, [Some(Admitted), Some(Admitted), Some(Waiting), None]),
        ];
        let people = ["ada@blocked.example", "bo@lab.example", "cy@else.example", "di@mail.blocked.example"];
        for (admission, outcomes) in expected {
            let rules = rules(admission).check().unwrap();
            assert_eq!(people.map(|address| rules.admits(address)), outcomes, "{admission:?}");
        }
    }

    #[test]
    fn rules_that_shut_everybody_out_or_contradict_themselves_are_refused() {
        let nobody = EntryRules { admission: Admission::Listed, ..EntryRules::open() };
        assert_eq!(nobody.check().unwrap_err().field, "admission");
        let both = EntryRules {
            blocked: domains("blocked_domains", &["lab.example".into()]).unwrap(),
            ..rules(Admission::Open)
        };
        assert_eq!(both.check().unwrap_err().field, "blocked_domains");
        let crowd = (0..=LONGEST_LIST).map(|n| format!("p{n}@lab.example")).collect();
        let many = EntryRules { guests: crowd, ..EntryRules::open() };
        assert_eq!(many.check().unwrap_err().field, "guests");
        assert_eq!(guests(&["a@lab.example".into(), "nobody".into()]).unwrap_err().field, "guests[1]");
        assert!(statement("reason", " \n").is_err() && statement("reason", "\u{7}").is_err());
    }
}
