//! The people of the demo, where they work, and the teams they form. All of them are invented.

use domain::SiteRole;

/// Somebody with an account.
#[derive(Debug)]
pub(crate) struct Person {
    /// The part of their address before the at sign.
    pub(crate) login: &'static str,
    /// Their name.
    pub(crate) name: &'static str,
    /// What they are on the whole site.
    pub(crate) site_role: SiteRole,
    /// Where they work and worked.
    pub(crate) stays: &'static [Stay],
}

/// A time at an organization.
#[derive(Debug)]
pub(crate) struct Stay {
    /// The organization.
    pub(crate) organization: &'static str,
    /// Its country, as ISO 3166-1 names it.
    pub(crate) country: &'static str,
    /// How many days before the demo it began.
    pub(crate) began: i64,
    /// How many days before the demo it ended, if it has.
    pub(crate) ended: Option<i64>,
}

/// People who submit together; the first one is the captain.
#[derive(Debug)]
pub(crate) struct Group {
    /// The name of the team.
    pub(crate) name: &'static str,
    /// The logins of its members.
    pub(crate) members: &'static [&'static str],
    /// What they call their method.
    pub(crate) method: &'static str,
}

/// The one who runs the challenges.
pub(crate) const ORGANIZER: &str = "organizer";
/// The one who studies who takes part.
pub(crate) const RESEARCHER: &str = "researcher";
/// The one whom a visitor can be.
pub(crate) const CONTESTANT: &str = "contestant";

impl Person {
    /// Their e-mail address.
    pub(crate) fn email(&self) -> String {
        format!("{}@heldout.example", self.login)
    }
}

/// The person of that login.
pub(crate) fn person(login: &str) -> Option<&'static Person> {
    PEOPLE.iter().find(|person| person.login == login)
}

/// The group of that name.
pub(crate) fn group(name: &str) -> Option<&'static Group> {
    GROUPS.iter().find(|group| group.name == name)
}

const fn since(organization: &'static str, country: &'static str, began: i64) -> Stay {
    Stay { organization, country, began, ended: None }
}

const fn until(organization: &'static str, country: &'static str, began: i64, ended: i64) -> Stay {
    Stay { organization, country, began, ended: Some(ended) }
}

const fn member(login: &'static str, name: &'static str, stays: &'static [Stay]) -> Person {
    Person { login, name, site_role: SiteRole::Member, stays }
}

/// Everybody.
pub(crate) const PEOPLE: [Person; 20] = [
    member(ORGANIZER, "Inês Carvalho", &[since("Instituto Beira-Mar", "PT", 2400)]),
    Person {
        login: RESEARCHER,
        name: "Noor Haddad",
        site_role: SiteRole::Researcher,
        stays: &[since("Centre for Everyday Life Studies", "JO", 1300)],
    },
    member(CONTESTANT, "Maya Lindqvist", &[since("Northlight Institute", "SE", 620)]),
    member(
        "kenji",
        "Kenji Morimoto",
        &[until("Minato Robotics Lab", "JP", 1500, 210), since("Northlight Institute", "SE", 200)],
    ),
    member("thao", "Thảo Nguyễn", &[since("Red River Vision", "VN", 900)]),
    member("adaeze", "Adaeze Obi", &[since("Lagoon School of Technology", "NG", 1800)]),
    member("luca", "Luca Ferraris", &[since("Politecnico delle Colline", "IT", 2900)]),
    member("ximena", "Ximena Robles", &[since("Laboratorio Agave", "MX", 1100)]),
    member("wanjiru", "Wanjiru Kamau", &[since("Savanna Compute", "KE", 760)]),
    member(
        "oleh",
        "Oleh Kovalenko",
        &[until("Dnipro Perception", "UA", 2000, 500), since("Laboratorio Agave", "MX", 480)],
    ),
    member("priya", "Priya Raghavan", &[since("Deccan Machine Learning Collective", "IN", 1400)]),
    member("jonas", "Jonas Weidner", &[since("Werkhof Forschung", "DE", 1000)]),
    member("aylin", "Aylin Demir", &[since("Marmara Perception", "TR", 850)]),
    member("mateo", "Mateo Quiroga", &[since("Cooperativa Andina de Sensores", "AR", 980)]),
    member(
        "camille",
        "Camille Roussel",
        &[until("Atelier Vision Quotidienne", "FR", 1700, 90), since("Marmara Perception", "TR", 80)],
    ),
    member("sefa", "Sefa Tuilagi", &[since("Moana Open Science", "WS", 700)]),
    member("grace", "Grace Whitfield", &[since("Harbour Accessibility Lab", "NZ", 1250)]),
    member("fatima", "Fatima Zahra Benali", &[since("Atlas Vision Group", "MA", 640)]),
    member("hyejin", "Hye-jin Seo", &[since("Hanok Labs", "KR", 530)]),
    member("bruno", "Bruno Tavares", &[]),
];

/// All teams.
pub(crate) const GROUPS: [Group; 8] = [
    Group { name: "Kettle Whisperers", members: &[CONTESTANT, "kenji", "thao"], method: "slow kettle" },
    Group { name: "Second Shelf", members: &["adaeze", "luca"], method: "shelf memory" },
    Group { name: "Compost", members: &["ximena", "wanjiru", "oleh"], method: "layered mixer" },
    Group { name: "Loose Screws", members: &["priya", "jonas"], method: "two-stage proposals" },
    Group { name: "Odd Socks", members: &["aylin", "mateo", "camille"], method: "matching pairs" },
    Group { name: "Warm Hands", members: &["sefa", "grace"], method: "hands first" },
    Group { name: "Night Lamp", members: &["fatima", "hyejin", "bruno"], method: "long context" },
    Group { name: "The organizers", members: &[ORGANIZER], method: "chance with a hint" },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_member_is_a_person_and_in_one_group() {
        let mut seen = std::collections::BTreeSet::new();
        for group in &GROUPS {
            for login in group.members {
                assert!(person(login).is_some(), "{login}");
                assert!(seen.insert(login), "{login} is in two groups");
            }
        }
        assert_eq!(seen.len(), PEOPLE.len() - 1, "all but the researcher take part");
    }
}
