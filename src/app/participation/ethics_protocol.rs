//! The draft of an ethics protocol, written from what is on record of a challenge and the data that it binds.

use domain::{Actor, ConsentPurpose, DATA_USE_AGREEMENT};
use research::exports::ethics_protocol;
use research::exports::ethics_protocol::{
    Agreement, CollectedField, EthicsReview, ProtocolConsent, ProtocolDataset, ProtocolProgramme,
    ProtocolRecord, ProtocolSite,
};
use storage::datasets::{self, production};
use storage::{Conn, phases};

use super::snapshot::{POLICY, bound_datasets};
use crate::App;
use crate::authority::see_challenge;
use crate::failure::{Failure, Outcome};

/// What is kept of people, what for, and whether nobody takes part without it.
const COLLECTED: [(&str, &str, bool); 8] = [
    ("Name and mail address", "running the challenge", true),
    ("Teams, and when somebody joined and left them", "running the challenge", true),
    ("Submissions with their scores and when they were sent", "running the challenge", true),
    (
        "Affiliations with their share, career stage and country",
        "totals and research, each with consent",
        false,
    ),
    ("ORCID iD", "telling people apart, and joining with public records, with consent", false),
    ("How a team came to the challenge", "totals and research, each with consent", false),
    ("Relation of a team to the organizers", "totals", false),
    ("Requests for access to the data, and their answers", "giving access, and totals", false),
];

/// The draft as Markdown; for who may change the challenge.
pub async fn draft_ethics_protocol(app: &App, actor: &Actor, challenge: &str) -> Outcome<String> {
    let (actor, challenge, now) = (actor.clone(), challenge.to_owned(), app.now());
    let site = app.settings.server.public_url.as_str().trim_end_matches('/').to_owned();
    app.db
        .read(move |conn| {
            let seen = see_challenge(conn, &actor, &challenge)?;
            seen.clone().manage(&actor)?;
            let challenge = seen.challenge;
            let phases = phases::list(conn, challenge.id)?;
            let mut found = Vec::new();
            for id in bound_datasets(conn, &phases, now)? {
                found.push(dataset(conn, id)?);
            }
            let (version, words) = DATA_USE_AGREEMENT;
            let record = ProtocolRecord {
                title: challenge.title.to_string(),
                url: format!("{site}/challenges/{}", challenge.slug),
                drafted: now.utc_date(),
                summary: challenge.summary.clone(),
                datasets: found,
                collected: COLLECTED.map(collected).to_vec(),
                purposes: ConsentPurpose::ALL.map(consent).to_vec(),
                agreement: Some(Agreement { version: unsigned(version), words: words.to_owned() }),
                // How long is said to each person in the words on keeping; a rule for everything is nowhere on record.
                retention: None,
                least_people: POLICY.k,
            };
            Ok::<_, Failure>(ethics_protocol(&record))
        })
        .await
}

fn unsigned(version: i32) -> u32 {
    u32::try_from(version).unwrap_or(0)
}

fn collected((what, purpose, is_required): (&str, &str, bool)) -> CollectedField {
    CollectedField { what: what.to_owned(), purpose: purpose.to_owned(), is_required }
}

fn consent(purpose: ConsentPurpose) -> ProtocolConsent {
    let text = purpose.text();
    ProtocolConsent {
        purpose: purpose.as_str().to_owned(),
        version: unsigned(text.version),
        language: text.locale.to_owned(),
        words: text.body.to_owned(),
    }
}

fn dataset(conn: &mut Conn<'_>, id: domain::DatasetId) -> Outcome<ProtocolDataset> {
    let reviews = production::reviews(conn, id)?.into_iter().map(|review| EthicsReview {
        board: review.said.board,
        independence: review.said.independence,
        decision: review.said.decision,
        reference: review.said.reference,
        decided_on: review.said.decided_on,
    });
    let sites = production::sites(conn, id)?.into_iter().map(|site| ProtocolSite {
        is_reviewed: site.ethics_review_id.is_some(),
        name: site.said.name,
        country: site.said.country,
        participants: site.said.participants.and_then(|people| u64::try_from(people).ok()),
        compensation: site.said.compensation,
        bystander_regime: site.said.bystander_regime,
        participant_review: site.said.participant_review,
    });
    let programmes = production::programmes(conn, id)?.into_iter().map(|programme| {
        let said = programme.said;
        let least = said.workers_min.and_then(|least| u64::try_from(least).ok());
        let most = said.workers_max.and_then(|most| u64::try_from(most).ok());
        ProtocolProgramme {
            stage: said.stage,
            country: said.country,
            workers: least.map(|least| (least, most.unwrap_or(least))),
            pay_basis: said.pay_basis,
            contract_form: said.contract_form,
            living_wage_ratio: said.living_wage_ratio,
        }
    });
    Ok(ProtocolDataset {
        reviews: reviews.collect(),
        sites: sites.collect(),
        programmes: programmes.collect(),
        name: datasets::find(conn, id)?.ok_or_else(Failure::not_found)?.name.to_string(),
    })
}
