//! Making records of what the database holds, as it stood at a moment.
//!
//! What people say of themselves is in them only with their consent to being counted; without it they are in their teams, and nothing
//! is known of them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::ranking_rule::ReleasePolicy;
use domain::split::Visibility;
use domain::submission::SubmissionState;
use domain::{ChallengeId, ConsentPurpose, TeamId, Timestamp, UserId};
use hex::encode;
use research::disclosure::pseudonym::ExportKey;
use research::snapshot as facts;
use storage::accounts::{Affiliation, affiliations};
use storage::challenges::Challenge;
use storage::participation::people::{self, Person};
use storage::participation::{access, consents, entries, lineages, lists, records};
use storage::phases::{self, Phase};
use storage::teams::mergers;
use storage::{Conn, StoreError};

use super::each_once;
use super::production::add_production;
use crate::failure::{Failure, Outcome};
use crate::participation::codes::UNDISCLOSED;

/// What stands for people: a pseudonym of each.
pub(crate) struct PersonKeys(HashMap<UserId, String>);

impl PersonKeys {
    /// Pseudonyms under a key; an erased person has no secret any more, and gets one that no earlier pseudonym leads to.
    pub(crate) fn new(key: &ExportKey, people: &[Person]) -> Self {
        let pseudonym = |person: &Person| match &person.secret {
            Some(secret) => key.pseudonym(&encode(secret)),
            None => key.pseudonym(&format!("erased:{}", person.user_id)),
        };
        Self(people.iter().map(|person| (person.user_id, pseudonym(person))).collect())
    }

    /// The pseudonym of a person.
    pub(crate) fn of(&self, user: UserId) -> Option<&str> {
        self.0.get(&user).map(String::as_str)
    }
}

/// Everybody that a snapshot of these challenges has to stand for.
pub(crate) fn who(conn: &mut Conn<'_>, of: &[ChallengeId], as_of: Timestamp) -> Outcome<Vec<UserId>> {
    let mut users: Vec<UserId> = records::stays(conn, of, as_of)?.into_iter().map(|stay| stay.user).collect();
    for challenge in of {
        users.extend(requests(conn, *challenge, as_of)?.into_iter().map(|request| request.user_id));
    }
    Ok(each_once(users))
}

fn requests(
    conn: &mut Conn<'_>,
    challenge: ChallengeId,
    as_of: Timestamp,
) -> Result<Vec<access::AccessRequest>, StoreError> {
    let all = access::page(conn, challenge, None, i64::from(i32::MAX))?;
    Ok(all.into_iter().filter(|request| request.requested_at <= as_of).collect())
}

/// The records of these challenges, each an edition, as they stood.
pub(super) fn compose(
    conn: &mut Conn<'_>,
    challenges: &[Challenge],
    as_of: Timestamp,
    key: &ExportKey,
) -> Outcome<facts::Records> {
    let mut composing = Composing {
        as_of,
        key,
        records: facts::Records::empty(as_of),
        persons: PersonKeys(HashMap::new()),
        edition_of: HashMap::new(),
        entered: BTreeSet::new(),
    };
    let ids: Vec<ChallengeId> = challenges.iter().map(|challenge| challenge.id).collect();
    let users = who(conn, &ids, as_of)?;
    let people = people::of_accounts(conn, &users)?;
    composing.persons = PersonKeys::new(key, &people);
    composing.people(conn, &users)?;
    let mut phases_of = Vec::new();
    for challenge in challenges {
        phases_of.extend(composing.edition(conn, challenge)?);
    }
    composing.teams(conn, &ids, &users)?;
    for phase in &phases_of {
        composing.submissions(conn, phase)?;
    }
    for challenge in challenges {
        composing.access_requests(conn, challenge.id)?;
    }
    add_production(conn, &ids, &phases_of, &mut composing.records)?;
    Ok(composing.records)
}

struct Composing<'k> {
    as_of: Timestamp,
    key: &'k ExportKey,
    records: facts::Records,
    persons: PersonKeys,
    edition_of: HashMap<ChallengeId, String>,
    entered: BTreeSet<TeamId>,
}

impl Composing<'_> {
    fn team(&self, id: TeamId) -> String {
        self.key.pseudonym(&format!("team:{id}"))
    }

    /// What an organization is known by: its ROR id, or its name however it is written.
    fn organization_key(stated: &Affiliation) -> String {
        let by_name = || stated.organization.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        stated.ror.clone().unwrap_or_else(by_name)
    }

    fn organization(&self, key: &str) -> String {
        self.key.pseudonym(&format!("organization:{key}"))
    }

    /// People, with what those say of themselves who consent to being counted, and the organizations that they name.
    fn people(&mut self, conn: &mut Conn<'_>, users: &[UserId]) -> Outcome<()> {
        let counted = consents::who_consents(conn, users, ConsentPurpose::AggregateStats)?;
        let mut stated: BTreeMap<UserId, Vec<facts::Affiliation>> = BTreeMap::new();
        let mut organizations = BTreeSet::new();
        for one in affiliations::of_people(conn, &counted)? {
            if one.created_at > self.as_of {
                continue;
            }
            let key = Self::organization_key(&one);
            let affiliation = facts::Affiliation {
                organization: Some(self.organization(&key)),
                country: one.country,
                career_stage: one.career_stage,
                weight: one.weight,
                from: one.starts_on,
                to: one.ends_on,
            };
            organizations.insert(key);
            stated.entry(one.user_id).or_default().push(affiliation);
        }
        self.organizations(conn, organizations)?;
        for user in users {
            let Some(pseudonym) = self.persons.of(*user) else { continue };
            let affiliations = stated.remove(user).unwrap_or_default();
            self.records.people.push(facts::Person { id: pseudonym.to_owned(), affiliations });
        }
        self.records.people.sort_by(|one, other| one.id.cmp(&other.id));
        Ok(())
    }

    fn organizations(&mut self, conn: &mut Conn<'_>, keys: BTreeSet<String>) -> Outcome<()> {
        let keys: Vec<String> = keys.into_iter().collect();
        let mut classes: HashMap<String, Vec<facts::Classification>> = HashMap::new();
        for class in lists::of_organizations(conn, &keys, self.as_of)? {
            let scheme = match class.scheme.as_str() {
                "sector" => facts::Scheme::Sector,
                "big_tech" => facts::Scheme::BigTech,
                _ => facts::Scheme::RorType,
            };
            let day = |text: &str| text.parse::<jiff::civil::Date>().map_err(Failure::internal);
            let dated = facts::Classification {
                scheme,
                code: class.code,
                list_version: class.list_version,
                from: Some(day(&class.starts_on)?),
                to: class.ends_on.as_deref().map(day).transpose()?,
            };
            classes.entry(class.organization).or_default().push(dated);
        }
        for key in keys {
            let classes = classes.remove(&key).unwrap_or_default();
            let id = self.organization(&key);
            self.records.organizations.push(facts::Organization { id, country: None, classes });
        }
        self.records.organizations.sort_by(|one, other| one.id.cmp(&other.id));
        Ok(())
    }

    /// An edition and its tasks, once it has opened.
    fn edition(&mut self, conn: &mut Conn<'_>, challenge: &Challenge) -> Outcome<Vec<Phase>> {
        let phases = phases::list(conn, challenge.id)?;
        let opened: Vec<Phase> = phases
            .into_iter()
            .filter(|phase| {
                phase.opens_at <= self.as_of && phase.closes_at.is_none_or(|end| phase.opens_at < end)
            })
            .collect();
        let Some(opens_at) = opened.iter().map(|phase| phase.opens_at).min() else { return Ok(opened) };
        // One without a deadline is open on the day after the snapshot too.
        let close = |phase: &Phase| phase.closes_at.unwrap_or_else(|| self.as_of.plus_seconds(86_400));
        let closes_at = opened.iter().map(close).max().unwrap_or(self.as_of);
        let id = challenge.slug.as_str().to_owned();
        self.records.editions.push(facts::Edition { id: id.clone(), opens_at, closes_at });
        for phase in &opened {
            let metrics =
                phases::annotations_in_force(conn, phase.id)?.map(|one| one.metrics.0).unwrap_or_default();
            let primary = primary_metric(phase, &metrics);
            self.records.tasks.push(facts::Task {
                id: task_id(&id, phase),
                edition: id.clone(),
                lineage: phase.codename.as_str().to_owned(),
                higher_is_better: primary.is_none_or(|metric| metric.higher_is_better),
                submission_limit: phase.quota().total,
                ceiling: None,
                first_baseline: None,
                borrowed: false,
                bound_tools: 0,
                retired_by: None,
            });
        }
        self.edition_of.insert(challenge.id, id);
        Ok(opened)
    }

    /// Teams with their stays, their entries and what became of them.
    fn teams(&mut self, conn: &mut Conn<'_>, of: &[ChallengeId], users: &[UserId]) -> Outcome<()> {
        let formed = records::teams_formed(conn, of, self.as_of)?;
        let ids: Vec<TeamId> = formed.iter().map(|one| one.team).collect();
        let mut stays: HashMap<TeamId, Vec<facts::Membership>> = HashMap::new();
        for stay in records::stays(conn, of, self.as_of)? {
            let Some(person) = self.persons.of(stay.user) else { continue };
            stays.entry(stay.team).or_default().push(facts::Membership {
                person: person.to_owned(),
                joined_at: stay.joined_at,
                left_at: stay.left_at.filter(|left| *left <= self.as_of),
            });
        }
        let counted = consents::who_consents(conn, users, ConsentPurpose::AggregateStats)?;
        let mut told: HashMap<TeamId, entries::Entry> = entries::of_teams(conn, &ids)?
            .into_iter()
            .filter(|entry| {
                entry.answered_at <= self.as_of && counted.binary_search(&entry.answered_by).is_ok()
            })
            .map(|entry| (entry.team, entry))
            .collect();
        for one in formed {
            let id = self.team(one.team);
            let memberships = stays.remove(&one.team).unwrap_or_default();
            // Names may name people, and the leaderboard joins them to everything; a snapshot needs none.
            self.records.teams.push(facts::Team { id: id.clone(), names: Vec::new(), memberships });
            let Some(edition) = self.edition_of.get(&one.challenge) else { continue };
            self.entered.insert(one.team);
            self.records.registrations.push(registration(id, edition, one.at, told.remove(&one.team)));
        }
        self.records.teams.sort_by(|one, other| one.id.cmp(&other.id));
        self.records.registrations.sort_by(|one, other| one.id.cmp(&other.id));
        for lineage in lineages::to_teams(conn, &ids)? {
            if lineage.recorded_at <= self.as_of && ids.binary_search(&lineage.from_team_id).is_ok() {
                self.records.lineages.push(facts::Lineage {
                    from: self.team(lineage.from_team_id),
                    to: self.team(lineage.to_team_id),
                    kind: lineage.kind,
                    at: lineage.at,
                });
            }
        }
        Ok(())
    }

    fn submissions(&mut self, conn: &mut Conn<'_>, phase: &Phase) -> Outcome<()> {
        let Some(edition) = self.edition_of.get(&phase.challenge_id).cloned() else { return Ok(()) };
        let metrics =
            phases::annotations_in_force(conn, phase.id)?.map(|one| one.metrics.0).unwrap_or_default();
        let metric = primary_metric(phase, &metrics).map(|metric| metric.name.clone()).unwrap_or_default();
        let scores = shown_scores(conn, phase, &metric, self.as_of)?;
        let moves = mergers::moves_in(conn, phase.id)?;
        for sent in records::sent(conn, phase.id, self.as_of)? {
            // A submission tells of those who sent it, whichever team theirs went into.
            let team = moves.sender(sent.id, sent.team);
            let Some(submitted_at) = sent.received_at.filter(|_| self.entered.contains(&team)) else {
                continue;
            };
            let is_finished = sent.finished_at.is_some_and(|at| at <= self.as_of);
            let outcome = match sent.state {
                SubmissionState::Scored => facts::Outcome::Scored,
                SubmissionState::Invalid => facts::Outcome::Invalid,
                SubmissionState::Failed => facts::Outcome::Failed,
                SubmissionState::Cancelled => facts::Outcome::Cancelled,
                SubmissionState::Uploading | SubmissionState::Queued | SubmissionState::Running => continue,
            };
            if !is_finished {
                continue;
            }
            let score = sent.evaluation.and_then(|evaluation| scores.get(&evaluation));
            self.records.submissions.push(facts::Submission {
                id: self.key.pseudonym(&format!("submission:{}", sent.id)),
                registration: self.team(team),
                task: task_id(&edition, phase),
                submitted_at,
                outcome,
                score: score.and_then(|score| score.value),
                interval: None,
                metric: metric.clone(),
                annotations: score.map(|score| score.annotations.to_string()).unwrap_or_default(),
                is_public: phase.leaderboard_public && sent.visibility == Visibility::Public,
                retracted_at: sent.withdrawn_at.filter(|at| *at <= self.as_of && *at >= submitted_at),
                dataset_version: None,
                declaration: None,
            });
        }
        Ok(())
    }

    fn access_requests(&mut self, conn: &mut Conn<'_>, challenge: ChallengeId) -> Outcome<()> {
        for request in requests(conn, challenge, self.as_of)? {
            let answer =
                request.decided_at.filter(|at| *at <= self.as_of).map(|decided_at| facts::AccessAnswer {
                    granted: request.decision.as_deref() == Some("granted"),
                    decided_at,
                    expires_at: request.expires_at,
                });
            self.records.access_requests.push(facts::AccessRequest {
                id: self.key.pseudonym(&format!("access:{}", request.id)),
                person: self.persons.of(request.user_id).map(str::to_owned),
                organization: None,
                country: request.country,
                requested_at: request.requested_at,
                answer,
                licence_version: Some(request.licence_version),
            });
        }
        Ok(())
    }
}

fn task_id(edition: &str, phase: &Phase) -> String {
    format!("{edition}/{}", phase.codename.as_str())
}

fn primary_metric<'m>(
    phase: &Phase,
    metrics: &'m [domain::metric::MetricSpec],
) -> Option<&'m domain::metric::MetricSpec> {
    match &phase.ranking.0.primary {
        Some(name) => metrics.iter().find(|metric| metric.name == *name),
        None => metrics.first(),
    }
}

fn registration(
    team: String,
    edition: &str,
    at: Timestamp,
    told: Option<entries::Entry>,
) -> facts::Registration {
    let uptake =
        told.as_ref().filter(|entry| entry.method_origin != UNDISCLOSED).map(|entry| facts::Uptake {
            method_origin: entry.method_origin.clone(),
            related_work_since: entry.related_work_since.as_deref().and_then(|day| day.parse().ok()),
        });
    let organizer_relation = told.map_or_else(|| UNDISCLOSED.to_owned(), |entry| entry.organizer_relation);
    facts::Registration {
        id: team.clone(),
        team,
        edition: edition.to_owned(),
        registered_at: at,
        organizer_relation,
        uptake,
    }
}

/// The scores of a phase that its leaderboard shows to everybody in full; of others a snapshot holds none.
fn shown_scores(
    conn: &mut Conn<'_>,
    phase: &Phase,
    metric: &str,
    as_of: Timestamp,
) -> Outcome<HashMap<domain::EvaluationId, records::Scored>> {
    let in_full = phase.published_at.is_some() || phase.ranking.0.release == ReleasePolicy::Exact;
    let public =
        phases::splits_of(conn, phase.id)?.into_iter().find(|split| split.visibility == Visibility::Public);
    let Some(split) = public.filter(|_| phase.leaderboard_public && in_full) else {
        return Ok(HashMap::new());
    };
    let scored = records::scored(conn, split.id, metric, as_of)?;
    Ok(scored.into_iter().map(|score| (score.evaluation, score)).collect())
}
