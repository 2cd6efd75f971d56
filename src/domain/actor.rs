//! Who asks, and what they may do.

use serde::{Deserialize, Serialize};

use crate::{Invalid, SessionId, UserId};

/// The subject of a use case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Somebody without an account.
    Anonymous,
    /// A person who proved who they are.
    Person(Person),
    /// The server itself, or an operator at its command line.
    System,
}

/// A signed-in person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their account.
    pub user: UserId,
    /// What they are on the whole site.
    pub site_role: SiteRole,
    /// What the credential they used allows.
    pub scopes: Scopes,
    /// The session they used, when it was one.
    pub session: Option<SessionId>,
    /// Whether their e-mail address is proven.
    pub verified: bool,
}

/// A person's role on the whole site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SiteRole {
    /// Takes part, and organizes challenges of their own.
    Member,
    /// Also reads the participation record.
    Researcher,
    /// Runs the site.
    Admin,
}

impl SiteRole {
    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Researcher => "researcher",
            Self::Admin => "admin",
        }
    }

    /// Reads the stored name.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match text {
            "member" => Ok(Self::Member),
            "researcher" => Ok(Self::Researcher),
            "admin" => Ok(Self::Admin),
            _ => Err(Invalid::new("role", "must be member, researcher or admin")),
        }
    }
}

/// A person's role in one challenge, from least to most; `app::authority::allows` says what each may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChallengeRole {
    /// Sees what organizers see.
    Viewer,
    /// Also decides about people, flags, contestations and failed submissions.
    Reviewer,
    /// Also changes the challenge.
    Admin,
    /// Also decides who organizes, and closes the challenge for good.
    Owner,
}

impl ChallengeRole {
    /// Every role, from least to most.
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Reviewer, Self::Admin, Self::Owner];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Reviewer => "reviewer",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }

    /// Reads the stored name.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match text {
            "viewer" => Ok(Self::Viewer),
            "reviewer" => Ok(Self::Reviewer),
            "admin" => Ok(Self::Admin),
            "owner" => Ok(Self::Owner),
            _ => Err(Invalid::new("role", "must be viewer, reviewer, admin or owner")),
        }
    }
}

/// One thing that a credential can allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Read what the person can read.
    Read,
    /// Form teams and submit.
    Submit,
    /// Run challenges.
    Organize,
    /// Run the site.
    Admin,
}

impl Scope {
    /// Every scope, from least to most.
    pub const ALL: [Self; 4] = [Self::Read, Self::Submit, Self::Organize, Self::Admin];

    /// The public name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Submit => "submit",
            Self::Organize => "organize",
            Self::Admin => "admin",
        }
    }
}

/// A set of scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scopes(u8);

impl Scopes {
    /// What a session of the person themselves allows: everything they may do.
    pub const FULL: Self = Self(0b1111);

    /// The set of those scopes; reading is always among them.
    pub fn of(scopes: &[Scope]) -> Self {
        Self(scopes.iter().fold(1, |set, scope| set | 1 << (*scope as u8)))
    }

    /// Whether the set allows that.
    pub fn allows(self, scope: Scope) -> bool {
        self.0 & 1 << (scope as u8) != 0
    }

    /// The names, for storage and display.
    pub fn names(self) -> Vec<&'static str> {
        Scope::ALL.into_iter().filter(|scope| self.allows(*scope)).map(Scope::as_str).collect()
    }

    /// Reads names separated by blanks or commas.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let mut scopes = Vec::new();
        for name in text.split([' ', ',']).filter(|name| !name.is_empty()) {
            let scope = Scope::ALL.into_iter().find(|scope| scope.as_str() == name);
            scopes.push(
                scope.ok_or_else(|| Invalid::new("scopes", "must be among read, submit, organize, admin"))?,
            );
        }
        Ok(Self::of(&scopes))
    }
}

impl Actor {
    /// The person, if it is one.
    pub fn person(&self) -> Option<&Person> {
        match self {
            Self::Person(person) => Some(person),
            Self::Anonymous | Self::System => None,
        }
    }

    /// The account, if there is one.
    pub fn user(&self) -> Option<UserId> {
        self.person().map(|person| person.user)
    }

    /// Whether this is the system or an administrator acting as one.
    pub fn runs_the_site(&self) -> bool {
        match self {
            Self::System => true,
            Self::Person(person) => person.site_role == SiteRole::Admin && person.scopes.allows(Scope::Admin),
            Self::Anonymous => false,
        }
    }

    /// How the actor is named in the event log: an id, never a name.
    pub fn log_name(&self) -> String {
        match self {
            Self::Anonymous => "anonymous".into(),
            Self::Person(person) => format!("user:{}", person.user),
            Self::System => "system".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_of_scopes_reads_back() {
        let scopes = Scopes::parse("submit, organize").unwrap();
        assert_eq!(scopes.names(), ["read", "submit", "organize"]);
        assert!(!scopes.allows(Scope::Admin));
        assert_eq!(Scopes::parse(&Scopes::FULL.names().join(" ")).unwrap(), Scopes::FULL);
        assert!(Scopes::parse("root").is_err());
    }

    #[test]
    fn an_administrator_with_a_narrow_token_does_not_run_the_site() {
        let person = |scopes| {
            Actor::Person(Person {
                user: UserId(uuid::Uuid::nil()),
                site_role: SiteRole::Admin,
                scopes,
                session: None,
                verified: true,
            })
        };
        assert!(person(Scopes::FULL).runs_the_site());
        assert!(!person(Scopes::of(&[Scope::Read])).runs_the_site());
    }
}
