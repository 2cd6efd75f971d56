//! How what is counted came about: decisions, the datasets that framings bind, their annotation, what was left out, who cites them.
//!
//! These records are of works and organizations and name nobody; what is recorded later than the snapshot is not in it.

use std::collections::{BTreeMap, BTreeSet};

use domain::{DatasetId, DatasetVersionId, DecisionId, Digest, Timestamp};
use jiff::civil::Date;
use research::snapshot as facts;
use research::vocabularies::Vocabularies;
use storage::challenges::Challenge;
use storage::datasets::{self, citations, exclusions, production};
use storage::phases::Phase;
use storage::{Conn, contestations, decisions, framings};

use super::Composing;
use crate::failure::{Failure, Outcome};

/// What is not said has this disclosure.
const UNKNOWN: &str = "unknown";

/// Codes that stand for no answer.
const NO_ANSWER: [&str; 3] = ["undisclosed", "not_disclosed", UNKNOWN];

/// What framings of the phases of a snapshot lead to.
#[derive(Default)]
struct Bound {
    datasets: BTreeSet<DatasetId>,
    decisions: BTreeSet<DecisionId>,
    /// The newest test annotations that a version of a dataset was framed with.
    digests: BTreeMap<DatasetVersionId, Digest>,
}

impl Composing<'_> {
    /// Everything of the making of what these phases count.
    pub(super) fn production(
        &mut self,
        conn: &mut Conn<'_>,
        challenges: &[Challenge],
        phases: &[Phase],
    ) -> Outcome<()> {
        let mut bound = Bound::default();
        let mut left_out = Vec::new();
        for phase in phases {
            for framing in framings::versions(conn, phase.id)? {
                if framing.created_at > self.as_of {
                    continue;
                }
                bound.decisions.insert(framing.decision_id);
                let binding = exclusions::binding(conn, framing.id)?;
                let version = binding.and_then(|binding| binding.dataset_version_id);
                let Some(found) = version.map(|id| datasets::find_version(conn, id)).transpose()?.flatten()
                else {
                    continue;
                };
                bound.datasets.insert(found.dataset_id);
                if let Some(digest) = framing.annotations_digest {
                    bound.digests.insert(found.id, digest);
                }
            }
            left_out.extend(exclusions::of_phase(conn, phase.id)?);
        }
        for dataset in bound.datasets.clone() {
            self.dataset(conn, dataset, &bound.digests)?;
            left_out.extend(exclusions::of_dataset(conn, dataset)?);
        }
        left_out.retain(|one| one.recorded_at <= self.as_of);
        bound.decisions.extend(left_out.iter().filter_map(|one| one.decision_id));
        let mut known = BTreeSet::new();
        for id in bound.decisions {
            if let Some(decision) = decisions::find(conn, id)?.filter(|one| one.recorded_at <= self.as_of) {
                self.decision(conn, decision)?;
                known.insert(id);
            }
        }
        for one in left_out {
            self.records.exclusions.push(facts::Exclusion {
                reason: one.said.reason,
                stage: one.said.stage,
                basis: one.said.basis,
                decision: one.decision_id.filter(|id| known.contains(id)).map(|id| id.to_string()),
                hours: one.said.hours,
                instances: one.said.instances.and_then(|count| u64::try_from(count).ok()),
            });
        }
        for challenge in challenges {
            self.contestations(conn, challenge)?;
        }
        Ok(())
    }

    fn decision(&mut self, conn: &mut Conn<'_>, decision: decisions::Decision) -> Outcome<()> {
        let parties = decisions::parties_of(conn, decision.id)?;
        self.records.decisions.push(facts::Decision {
            id: decision.id.to_string(),
            kind: decision.kind,
            // Who put it on record need not be who decided, and what they are in the chain is said.
            decided_by: None,
            decider_role: decision.decider_role,
            rationale: decision.rationale_code,
            decided_at: Some(decision.decided_at),
            parties: parties
                .into_iter()
                .map(|party| facts::Party { role: party.role, involvement: party.involvement })
                .collect(),
        });
        Ok(())
    }

    fn dataset(
        &mut self,
        conn: &mut Conn<'_>,
        dataset: DatasetId,
        digests: &BTreeMap<DatasetVersionId, Digest>,
    ) -> Outcome<()> {
        let Some(found) = datasets::find(conn, dataset)? else { return Ok(()) };
        let mut released = BTreeMap::new();
        for version in datasets::versions(conn, dataset)? {
            let day = version.released_on.as_deref().map(day).transpose()?;
            let released_at = day.map(Timestamp::start_of_utc_day).filter(|at| *at <= self.as_of);
            let Some(released_at) = released_at.filter(|_| version.recorded_at <= self.as_of) else {
                continue;
            };
            let id = format!("{}@{}", found.name, version.version);
            self.records.dataset_versions.push(facts::DatasetVersion {
                id: id.clone(),
                released_at,
                test_digest: digests.get(&version.id).map(ToString::to_string),
                instances: version.instances.and_then(|count| u64::try_from(count).ok()),
                removed_instances: 0,
                corrected_instances: 0,
            });
            released.insert(version.id, id);
        }
        for programme in production::programmes(conn, dataset)? {
            if programme.recorded_at <= self.as_of {
                self.programme(conn, programme)?;
            }
        }
        for site in production::sites(conn, dataset)? {
            if site.recorded_at <= self.as_of {
                self.site(&site);
            }
        }
        for (publication, citation) in citations::of_dataset(conn, dataset)? {
            if citation.recorded_at > self.as_of {
                continue;
            }
            self.records.citations.push(facts::Citation {
                published: day(&publication.said.published_on)?,
                publication: publication.id.to_string(),
                seen_at: citation.recorded_at,
                function: citation.function,
                dataset_version: citation.dataset_version_id.and_then(|id| released.get(&id).cloned()),
            });
        }
        Ok(())
    }

    fn programme(&mut self, conn: &mut Conn<'_>, programme: production::Programme) -> Outcome<()> {
        let latitude = production::latitude(conn, programme.id)?;
        let said = programme.said;
        let count = |value: Option<i64>| value.and_then(|value| u32::try_from(value).ok());
        let answered = [
            ("headcount", said.workers_min.is_some()),
            ("hours", said.hours_min.is_some()),
            ("country", said.country.is_some()),
            ("pay", is_answer(&said.pay_basis)),
            ("living_wage", said.living_wage_ratio.is_some()),
            ("contract", is_answer(&said.contract_form)),
            ("agreement", said.agreement.is_some()),
        ];
        self.answers("annotator", &said.disclosure, answered);
        self.records.programs.push(facts::Program {
            id: programme.id.to_string(),
            stage: said.stage,
            footage_hours: said.footage_hours,
            instances: said.instances.and_then(|count| u64::try_from(count).ok()),
            contracts: vec![facts::Contract {
                vendor: None,
                workers: count(said.workers_min).zip(count(said.workers_max)),
                person_hours: said.hours_min.zip(said.hours_max),
                living_wage_ratio: said.living_wage_ratio,
            }],
            latitude: latitude
                .into_iter()
                .map(|one| facts::Latitude {
                    dimension: one.dimension,
                    value: one.value,
                    informant_role: one.informant_role,
                    informants: u32::try_from(one.informants).unwrap_or_default(),
                })
                .collect(),
            agreement: said.agreement,
            unsure_share: said.unsure_share,
            other_share: said.other_share,
        });
        Ok(())
    }

    fn site(&mut self, site: &production::Site) {
        let said = &site.said;
        let answered = [
            ("headcount", said.participants.is_some()),
            ("hours", said.hours.is_some()),
            ("country", said.country.is_some()),
            ("compensation", is_answer(&said.compensation)),
            ("activity_selection", is_answer(&said.activity_selection)),
            ("participant_review", is_answer(&said.participant_review)),
            ("ethics_review", site.ethics_review_id.is_some()),
        ];
        self.answers("camera_wearer", &said.disclosure, answered);
    }

    /// Questions about people of a role: those that were answered, as whoever says so; the others as unknown.
    fn answers<const N: usize>(&mut self, role: &str, disclosure: &str, answered: [(&str, bool); N]) {
        let shipped = Vocabularies::shipped();
        let known = shipped.code("disclosure", disclosure).map_or(UNKNOWN, |_| disclosure);
        for (field, is_answered) in answered {
            self.records.disclosed_fields.push(facts::DisclosedField {
                role: role.to_owned(),
                field: field.to_owned(),
                disclosure: if is_answered { known } else { UNKNOWN }.to_owned(),
            });
        }
    }

    fn contestations(&mut self, conn: &mut Conn<'_>, challenge: &Challenge) -> Outcome<()> {
        for one in contestations::page(conn, challenge.id, None, i64::from(i32::MAX))? {
            if one.raised_at > self.as_of {
                continue;
            }
            let answered_at = one.answered_at.filter(|at| *at <= self.as_of);
            self.records.contestations.push(facts::Contestation {
                role: one.raised_by_role,
                ground: one.ground,
                raised_at: one.raised_at,
                answered_at,
                outcome: answered_at.and(one.outcome),
            });
        }
        Ok(())
    }
}

fn is_answer(code: &str) -> bool {
    !NO_ANSWER.contains(&code)
}

fn day(text: &str) -> Outcome<Date> {
    text.parse().map_err(Failure::internal)
}
