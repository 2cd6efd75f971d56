//! People get accounts, and say where they work.

use anyhow::Context as _;
use app::accounts::Country;
use app::accounts::affiliations::{AddAffiliation, add_affiliation, end_affiliation};
use app::accounts::create_user::{CreateUser, create_user};
use app::identity::Password;
use domain::actor::Person as SignedIn;
use domain::{Actor, EmailAddress, PersonName, Scopes, Title};

use super::super::cast::{self, Person};
use super::super::folder::Account;
use super::super::programme::days_before;
use super::{Filling, Member};

impl Filling<'_, '_> {
    /// The person of that login, who gets an account when they are first needed, and says what has changed.
    pub(super) async fn person(&mut self, login: &'static str) -> anyhow::Result<Actor> {
        let person = cast::person(login).with_context(|| format!("there is no {login}"))?;
        let mut member = match self.people.remove(login) {
            Some(member) => member,
            None => self.make_account(person).await?,
        };

        let actor = Actor::Person(SignedIn {
            user: member.id,
            site_role: person.site_role,
            scopes: Scopes::FULL,
            session: None,
            verified: true,
        });
        self.state_affiliations(person, &actor, &mut member).await?;
        if !std::mem::replace(&mut member.has_answered, true) {
            self.consent(self.people.len(), &actor).await?;
        }
        self.people.insert(login, member);
        Ok(actor)
    }

    async fn make_account(&self, person: &Person) -> anyhow::Result<Member> {
        let email = EmailAddress::parse(&person.email())?;
        // Random, because a demo may listen on a network.
        let password = readable(self.app.sources.random());
        let input = CreateUser {
            password: Some(Password::parse(&password, &email, person.name)?),
            email,
            name: PersonName::parse(person.name)?,
            site_role: person.site_role,
        };
        let id = create_user(&self.app, &Actor::System, input).await?;
        let account = Account { email: person.email(), name: person.name.to_owned(), password };
        Ok(Member { id, account, stated: Vec::new(), has_answered: false })
    }

    /// States the stays that have begun by now, and the end of those that are over.
    async fn state_affiliations(
        &self,
        person: &Person,
        actor: &Actor,
        member: &mut Member,
    ) -> anyhow::Result<()> {
        let day = |days_ago: i64| days_before(self.today, days_ago).utc_date();
        let today = self.app.now().utc_date();
        for (number, stay) in person.stays.iter().enumerate().filter(|(_, stay)| day(stay.began) <= today) {
            let ends_on = stay.ended.map(day).filter(|end| *end <= today);
            match (member.stated.get(number), ends_on) {
                (None, ends_on) => {
                    let input = AddAffiliation {
                        organization: Title::parse(stay.organization)?,
                        ror: None,
                        country: Some(Country::parse(stay.country)?),
                        role: None,
                        career_stage: None,
                        weight: None,
                        starts_on: day(stay.began),
                        ends_on,
                        idempotency: None,
                    };
                    member.stated.push(add_affiliation(&self.app, actor, input).await?.into_inner());
                }
                (Some(stated), Some(ends_on)) if stated.ends_on.is_none() => {
                    member.stated[number] = end_affiliation(&self.app, actor, stated.id, ends_on).await?;
                }
                (Some(_), _) => {}
            }
        }
        Ok(())
    }
}

/// Twelve letters and digits that are not taken for one another, in groups of four.
fn readable(random: [u8; 12]) -> String {
    const SIGNS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz123456789";
    let signs = random.map(|byte| char::from(SIGNS[usize::from(byte % 32)]));
    signs.chunks(4).map(String::from_iter).collect::<Vec<_>>().join("-")
}
