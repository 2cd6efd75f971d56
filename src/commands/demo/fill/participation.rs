//! Who takes part in the demo: people consent, a list says what their organizations are, and a researcher looks at a snapshot.
//!
//! Everybody is invented and so is the list; its source says that.

use app::accounts::Country;
use app::participation::consents::give_consent;
use app::participation::entry::{DescribeEntry, describe_entry};
use app::participation::organization_lists::import_organization_list;
use app::participation::requests::{RequestExports, decide_request, request_exports};
use app::participation::snapshot::{MakeSnapshot, make_snapshot};
use domain::integrity::Statement;
use domain::{Actor, ConsentPurpose, DATA_USE_AGREEMENT, TeamId, Title};

use super::super::cast::{ORGANIZER, PEOPLE, RESEARCHER};
use super::super::programme::Edition;
use super::{Filling, days_before};

/// What an organization of the demo is, by words in its name.
const SECTORS: [(&str, &str); 9] = [
    ("Instit", "public_research"),
    ("Centre", "academia"),
    ("School", "academia"),
    ("Politecnico", "academia"),
    ("Laboratorio", "public_research"),
    ("Forschung", "public_research"),
    ("Collective", "nonprofit"),
    ("Cooperativa", "nonprofit"),
    ("Open Science", "nonprofit"),
];

impl Filling<'_, '_> {
    /// Consents to being counted, as most do, and to research, as some do.
    pub(super) async fn consent(&self, number: usize, actor: &Actor) -> anyhow::Result<()> {
        for (purpose, one_in) in
            [(ConsentPurpose::AggregateStats, 5), (ConsentPurpose::ResearchPseudonymous, 3)]
        {
            if number % one_in != one_in - 1 {
                give_consent(&self.app, actor, purpose, purpose.text().version).await?;
            }
        }
        Ok(())
    }

    /// Says how a team came to an edition.
    pub(super) async fn describe_entry(
        &self,
        captain: &Actor,
        team: TeamId,
        is_own: bool,
    ) -> anyhow::Result<()> {
        let input = DescribeEntry {
            organizer_relation: Some(if is_own { "organizer_or_coauthor" } else { "none" }.to_owned()),
            discovered_via: Some("previous_edition".to_owned()),
            method_origin: Some(if is_own { "organizer_baseline" } else { "built_for_this_task" }.to_owned()),
            reasons: vec!["compare_with_field".to_owned(), "learning".to_owned()],
            ..DescribeEntry::default()
        };
        describe_entry(&self.app, captain, team, input).await?;
        Ok(())
    }

    /// Imports the list of organizations, makes a snapshot of every edition, and of the series, and asks for exports of the first.
    pub(super) async fn study(&mut self, programme: &[Edition]) -> anyhow::Result<()> {
        self.import_sectors().await?;
        let organizer = self.person(ORGANIZER).await?;
        let researcher = self.person(RESEARCHER).await?;
        for edition in programme {
            for whole_series in [false, true] {
                if whole_series && !edition.is_in_series() {
                    continue;
                }
                let input = MakeSnapshot { challenge: edition.slug.to_owned(), whole_series, as_of: None };
                make_snapshot(&self.app, &organizer, input, None).await?;
            }
        }
        let Some(first) = programme.first() else { return Ok(()) };
        let request = RequestExports {
            challenge: first.slug.to_owned(),
            title: Title::parse("Who comes back to a first-person benchmark (invented)")?,
            question: Statement::parse("Do teams stay together from one edition to the next?")?,
            institution: Title::parse("Centre for Everyday Life Studies")?,
            country: Country::parse("JO")?,
            ethics_board: Title::parse("Board of the Centre (invented)")?,
            approval_reference: Title::parse("demo-1")?,
            approval_until: days_before(self.today, -365).utc_date(),
            agreement_version: DATA_USE_AGREEMENT.0,
        };
        let request = request_exports(&self.app, &researcher, request, None).await?.into_inner().request.id;
        let reason = Statement::parse("A question that the organizers have too.")?;
        decide_request(&self.app, &organizer, request, true, reason).await?;
        Ok(())
    }

    async fn import_sectors(&self) -> anyhow::Result<()> {
        let mut names: Vec<&str> =
            PEOPLE.iter().flat_map(|person| person.stays).map(|stay| stay.organization).collect();
        names.sort_unstable();
        names.dedup();
        let mut list = "ror,name,scheme,code,starts_on,ends_on\n".to_owned();
        for name in names {
            let known = SECTORS.iter().find(|(word, _)| name.contains(word));
            let sector = known.map_or("industry_other", |(_, sector)| sector);
            list.push_str(&format!(",{name},sector,{sector},2000-01-01,\n"));
        }
        let (version, source) = (Title::parse("demo-1")?, Title::parse("invented for the demo")?);
        import_organization_list(&self.app, &Actor::System, version, source, list.as_bytes()).await?;
        Ok(())
    }
}
