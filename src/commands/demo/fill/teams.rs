//! People register, form teams, and invite each other.

use anyhow::Context as _;
use app::challenges::register::register;
use app::challenges::terms::list_terms;
use app::teams::answer::{InvitationKey, accept_invitation};
use app::teams::form::form_team;
use app::teams::invite::invite;
use domain::{Actor, EmailAddress, TeamName};

use super::super::cast::{self, Group};
use super::super::programme::Edition;
use super::Filling;

/// The team of the organizers themselves.
const ORGANIZING: &str = "The organizers";

impl Filling<'_, '_> {
    /// Forms the team of a group in an edition: the captain invites, and the others accept.
    pub(super) async fn form_team(&mut self, edition: &Edition, group: &Group) -> anyhow::Result<()> {
        let (captain, others) = group.members.split_first().context("a group of nobody")?;
        let captain = self.person(captain).await?;
        self.register(edition, &captain).await?;
        let name = TeamName::parse(group.name)?;
        let team = form_team(&self.app, &captain, edition.slug, name, None).await?.into_inner();
        for login in others {
            let other = self.person(login).await?;
            self.register(edition, &other).await?;
            let person = cast::person(login).with_context(|| format!("there is no {login}"))?;
            let address = EmailAddress::parse(&person.email())?;
            let invitation = invite(&self.app, &captain, team, address, None).await?.into_inner();
            accept_invitation(&self.app, &other, InvitationKey::Id(invitation)).await?;
        }
        self.describe_entry(&captain, team, group.name == ORGANIZING).await?;
        self.counts.teams += 1;
        Ok(())
    }

    /// Accepts the terms in force.
    async fn register(&self, edition: &Edition, actor: &Actor) -> anyhow::Result<()> {
        let terms = list_terms(&self.app, actor, edition.slug).await?;
        let version = terms.iter().map(|terms| terms.version).max();
        register(&self.app, actor, edition.slug, version).await?;
        Ok(())
    }
}
