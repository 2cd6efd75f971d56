//! How what people compete on was made, as it was on record at the moment of a snapshot.
//!
//! The datasets, guidelines and lists of terms are those that the framings of the phases bind. Words are left out, codes and amounts
//! stay: what was said can be read where it is on record.

use std::collections::{BTreeMap, BTreeSet};

use domain::framing::NOT_DISCLOSED;
use domain::{ChallengeId, DatasetId, DatasetVersionId, Digest, GuidelineId, TaxonomyId, Timestamp};
use research::snapshot as facts;
use storage::activities::taxonomies;
use storage::datasets::production::{Programme, Site};
use storage::datasets::{self, exclusions, guidelines};
use storage::decisions::{self, Decision};
use storage::participation::production;
use storage::phases::Phase;
use storage::{Conn, framings, history};

use crate::failure::{Failure, Outcome};

/// Codes with which a record says that it does not say.
const UNTOLD: [&str; 4] = ["undisclosed", "unknown", NOT_DISCLOSED, ""];

/// The forms of credit in which nobody is named.
const NAMES_NOBODY: [&str; 4] = ["firm_named", "region_only", "acknowledged_generic", "not_mentioned"];

/// What the framings of phases bind.
#[derive(Debug, Default)]
struct Bound {
    datasets: BTreeSet<DatasetId>,
    /// The newest test annotations that a version of a dataset was framed with.
    digests: BTreeMap<DatasetVersionId, Digest>,
    guidelines: BTreeSet<GuidelineId>,
    taxonomies: BTreeSet<TaxonomyId>,
}

/// Adds to the records what was on record of how the datasets of these phases were made, who decided, and who objected.
pub(super) fn add_production(
    conn: &mut Conn<'_>,
    challenges: &[ChallengeId],
    phases: &[Phase],
    records: &mut facts::Records,
) -> Outcome<()> {
    let as_of = records.as_of;
    for challenge in challenges {
        add_decisions(conn, *challenge, records)?;
        add_history(conn, *challenge, records)?;
        for raised in production::contestations(conn, *challenge, as_of)? {
            let answered_at = raised.answered_at.filter(|at| *at <= as_of);
            records.contestations.push(facts::Contestation {
                role: raised.raised_by_role,
                ground: raised.ground,
                raised_at: raised.raised_at,
                answered_at,
                outcome: raised.outcome.filter(|_| answered_at.is_some()),
            });
        }
    }
    for phase in phases {
        let left_out = exclusions::of_phase(conn, phase.id)?;
        add_exclusions(conn, left_out, records)?;
    }
    let bound = bound_by(conn, phases, as_of)?;
    let mut versions = BTreeMap::new();
    for dataset in &bound.datasets {
        add_versions(conn, *dataset, &bound.digests, records, &mut versions)?;
        let left_out = exclusions::of_dataset(conn, *dataset)?;
        add_exclusions(conn, left_out, records)?;
        for site in production::sites(conn, *dataset, as_of)? {
            add_site(&site, records);
        }
        for programme in production::programmes(conn, *dataset, as_of)? {
            add_programme(conn, programme, records)?;
        }
        for (publication, citation) in production::citations(conn, *dataset, as_of)? {
            let version = citation.dataset_version_id.and_then(|id| versions.get(&id).cloned());
            records.citations.push(facts::Citation {
                publication: publication.id.to_string(),
                published: day(&publication.said.published_on)?,
                seen_at: citation.recorded_at,
                function: citation.function,
                dataset_version: version,
            });
        }
    }
    add_terms(conn, &bound, records)
}

/// The datasets that framings of these phases were on record to bind at a moment.
pub(in crate::participation) fn bound_datasets(
    conn: &mut Conn<'_>,
    phases: &[Phase],
    as_of: Timestamp,
) -> Outcome<BTreeSet<DatasetId>> {
    Ok(bound_by(conn, phases, as_of)?.datasets)
}

/// What framings were on record to bind at the moment, whether they are still in force or not.
fn bound_by(conn: &mut Conn<'_>, phases: &[Phase], as_of: Timestamp) -> Outcome<Bound> {
    let mut bound = Bound::default();
    for phase in phases {
        for framing in framings::versions(conn, phase.id)? {
            let Some(binding) = production::binding(conn, framing.id, as_of)? else { continue };
            if let Some(id) = binding.dataset_version_id
                && let Some(version) = datasets::find_version(conn, id)?
            {
                bound.datasets.insert(version.dataset_id);
                bound.digests.extend(framing.annotations_digest.map(|digest| (id, digest)));
            }
            bound.guidelines.extend(binding.guideline_id);
            bound.taxonomies.extend(binding.taxonomy_id);
        }
    }
    Ok(bound)
}

/// What people put on record of what the server could not see, each on the first day that it can have been.
fn add_history(conn: &mut Conn<'_>, challenge: ChallengeId, records: &mut facts::Records) -> Outcome<()> {
    let as_of = records.as_of;
    let told = history::list(conn, challenge, None, i64::from(i32::MAX))?;
    for entry in told.into_iter().filter(|entry| entry.recorded_at <= as_of) {
        let occurred_at = Timestamp::start_of_utc_day(day(&entry.happened_on)?);
        let (kind, origin) = (entry.event_type, Some("backfill".to_owned()));
        records.events.push(facts::LoggedEvent { occurred_at, kind, origin });
    }
    Ok(())
}

fn add_decisions(conn: &mut Conn<'_>, challenge: ChallengeId, records: &mut facts::Records) -> Outcome<()> {
    for decision in production::decisions(conn, challenge, records.as_of)? {
        add_decision(conn, decision, records)?;
    }
    Ok(())
}

/// A decision with the parts that others had in it; who decided is on record as a role, never as a person.
fn add_decision(conn: &mut Conn<'_>, decision: Decision, records: &mut facts::Records) -> Outcome<()> {
    let parties = decisions::parties_of(conn, decision.id)?
        .into_iter()
        .map(|party| facts::Party { role: party.role, involvement: party.involvement })
        .collect();
    records.decisions.push(facts::Decision {
        id: decision.id.to_string(),
        kind: decision.kind,
        decided_by: None,
        decider_role: decision.decider_role,
        rationale: decision.rationale_code,
        decided_at: Some(decision.decided_at),
        parties,
    });
    Ok(())
}

/// What was left out, and the decision behind it, which for a dataset is of no challenge.
fn add_exclusions(
    conn: &mut Conn<'_>,
    left_out: Vec<exclusions::Exclusion>,
    records: &mut facts::Records,
) -> Outcome<()> {
    let as_of = records.as_of;
    for one in left_out.into_iter().filter(|one| one.recorded_at <= as_of) {
        if let Some(id) = one.decision_id
            && !records.decisions.iter().any(|known| known.id == id.to_string())
            && let Some(decision) = decisions::find(conn, id)?
        {
            add_decision(conn, decision, records)?;
        }
        records.exclusions.push(facts::Exclusion {
            reason: one.said.reason,
            stage: one.said.stage,
            basis: one.said.basis,
            decision: one.decision_id.map(|id| id.to_string()),
            hours: one.said.hours,
            instances: amount(one.said.instances),
        });
    }
    Ok(())
}

/// Versions whose day of release is told; of others nobody can say which one was in use.
fn add_versions(
    conn: &mut Conn<'_>,
    dataset: DatasetId,
    digests: &BTreeMap<DatasetVersionId, Digest>,
    records: &mut facts::Records,
    names: &mut BTreeMap<DatasetVersionId, String>,
) -> Outcome<()> {
    let name = datasets::find(conn, dataset)?.ok_or_else(Failure::not_found)?.name;
    for version in datasets::versions(conn, dataset)? {
        let Some(released_on) = version.released_on.filter(|_| version.recorded_at <= records.as_of) else {
            continue;
        };
        let released_at = Timestamp::start_of_utc_day(day(&released_on)?);
        if released_at > records.as_of {
            continue;
        }
        let id = format!("{name}@{}", version.version);
        names.insert(version.id, id.clone());
        records.dataset_versions.push(facts::DatasetVersion {
            id,
            released_at,
            test_digest: digests.get(&version.id).map(ToString::to_string),
            instances: amount(version.instances),
            removed_instances: 0,
            corrected_instances: 0,
        });
    }
    Ok(())
}

/// What a place tells of those who recorded, and what it does not.
fn add_site(site: &Site, records: &mut facts::Records) {
    let said = &site.said;
    for (field, is_told) in [
        ("headcount", said.participants.is_some()),
        ("hours", said.hours.is_some()),
        ("country", said.country.is_some()),
        ("pay", is_told(&said.compensation)),
        ("activity_selection", is_told(&said.activity_selection)),
        ("participant_review", is_told(&said.participant_review)),
        ("ethics_review", site.ethics_review_id.is_some()),
    ] {
        records.disclosed_fields.push(asked("camera_wearer", field, is_told, &said.disclosure));
    }
    let bystanders = is_told(&said.bystander_regime);
    records.disclosed_fields.push(asked("bystander", "bystander_regime", bystanders, &said.disclosure));
}

fn add_programme(conn: &mut Conn<'_>, programme: Programme, records: &mut facts::Records) -> Outcome<()> {
    let latitude = datasets::production::latitude(conn, programme.id)?
        .into_iter()
        .map(|one| facts::Latitude {
            dimension: one.dimension,
            value: one.value,
            informant_role: one.informant_role,
            informants: u32::try_from(one.informants).unwrap_or(0),
        })
        .collect();
    let said = programme.said;
    for (field, is_told) in [
        ("headcount", said.workers_min.is_some()),
        ("hours", said.hours_min.is_some()),
        ("country", said.country.is_some()),
        ("pay_basis", is_told(&said.pay_basis)),
        ("contract_form", is_told(&said.contract_form)),
        ("living_wage_ratio", said.living_wage_ratio.is_some()),
        ("credited", is_told(&said.credited)),
    ] {
        records.disclosed_fields.push(asked("annotator", field, is_told, &said.disclosure));
    }
    if NAMES_NOBODY.contains(&said.credited.as_str()) {
        let role = "annotator".to_owned();
        records.credits.push(facts::Credit { role, named: 0, counted: amount(said.workers_min) });
    }
    let contract = facts::Contract {
        vendor: None,
        workers: said.workers_min.map(|least| (count(least), count(said.workers_max.unwrap_or(least)))),
        person_hours: said.hours_min.map(|least| (least, said.hours_max.unwrap_or(least))),
        living_wage_ratio: said.living_wage_ratio,
    };
    records.programs.push(facts::Program {
        id: programme.id.to_string(),
        stage: said.stage,
        footage_hours: said.footage_hours,
        instances: amount(said.instances),
        contracts: vec![contract],
        latitude,
        agreement: said.agreement,
        unsure_share: said.unsure_share,
        other_share: said.other_share,
    });
    Ok(())
}

/// Terms of the lists that were bound. One is defined where a bound guideline has a clause for it; decisions are about no single term.
fn add_terms(conn: &mut Conn<'_>, bound: &Bound, records: &mut facts::Records) -> Outcome<()> {
    let mut defined = BTreeSet::new();
    for guideline in &bound.guidelines {
        let clauses = guidelines::clauses(conn, *guideline)?.into_iter();
        defined.extend(clauses.filter(|clause| clause.kind == "definition").map(|clause| clause.code));
    }
    for id in &bound.taxonomies {
        let list = taxonomies::find(conn, *id)?.ok_or_else(Failure::not_found)?;
        for term in taxonomies::terms(conn, *id)? {
            records.terms.push(facts::Term {
                id: format!("{}@{}#{}", list.name, list.version, term.code),
                is_defined: defined.contains(&term.code),
                has_decider: false,
                origin: term.told_origin().map(str::to_owned),
                imported_elsewhere: 0,
            });
        }
    }
    Ok(())
}

/// A question about the making of a dataset. An answer is as good as whoever gives the record; none is withheld or unknown.
fn asked(role: &str, field: &str, is_told: bool, disclosure: &str) -> facts::DisclosedField {
    let disclosure = match disclosure {
        "withheld" if !is_told => "withheld",
        _ if !is_told => "unknown",
        NOT_DISCLOSED => "unknown",
        by => by,
    };
    let [role, field, disclosure] = [role, field, disclosure].map(str::to_owned);
    facts::DisclosedField { role, field, disclosure }
}

fn is_told(code: &str) -> bool {
    !UNTOLD.contains(&code)
}

fn amount(stored: Option<i64>) -> Option<u64> {
    stored.and_then(|stored| u64::try_from(stored).ok())
}

fn count(stored: i64) -> u32 {
    u32::try_from(stored).unwrap_or(u32::MAX)
}

fn day(text: &str) -> Outcome<jiff::civil::Date> {
    text.parse().map_err(Failure::internal)
}

#[cfg(test)]
mod tests {
    use super::asked;

    #[test]
    fn silence_is_unknown_unless_the_record_says_that_it_is_withheld() {
        for (is_told, disclosure, expected) in [
            (true, "public_document", "public_document"),
            (true, "withheld", "withheld"),
            (true, "not_disclosed", "unknown"),
            (false, "public_document", "unknown"),
            (false, "withheld", "withheld"),
        ] {
            assert_eq!(asked("annotator", "pay", is_told, disclosure).disclosure, expected);
        }
    }
}
