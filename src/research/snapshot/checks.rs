//! Whether records hold together.

use std::collections::{HashMap, HashSet};

use domain::framing::NOT_DISCLOSED;
use domain::{Invalid, Timestamp};

use super::{Records, Snapshot, weights};
use crate::vocabularies::Vocabularies;

/// What is wrong with records, the first things first.
pub(super) fn faults(records: &Records) -> Vec<Invalid> {
    let mut check = Check::new(records);
    check.people(records);
    check.teams(records);
    check.competition(records);
    check.production(records);
    check.traces(records);
    check.faults
}

struct Check<'r> {
    as_of: Timestamp,
    people: HashSet<&'r str>,
    organizations: HashSet<&'r str>,
    teams: HashSet<&'r str>,
    editions: HashSet<&'r str>,
    decisions: HashSet<&'r str>,
    versions: HashSet<&'r str>,
    known_codes: HashMap<(&'static str, String), Option<String>>,
    faults: Vec<Invalid>,
}

impl<'r> Check<'r> {
    fn new(records: &'r Records) -> Self {
        let mut check = Self {
            as_of: records.as_of,
            people: HashSet::new(),
            organizations: HashSet::new(),
            teams: HashSet::new(),
            editions: HashSet::new(),
            decisions: HashSet::new(),
            versions: HashSet::new(),
            known_codes: HashMap::new(),
            faults: Vec::new(),
        };
        check.people = check.ids("people", records.people.iter().map(|one| &one.id));
        check.organizations = check.ids("organizations", records.organizations.iter().map(|one| &one.id));
        check.teams = check.ids("teams", records.teams.iter().map(|one| &one.id));
        check.editions = check.ids("editions", records.editions.iter().map(|one| &one.id));
        check.decisions = check.ids("decisions", records.decisions.iter().map(|one| &one.id));
        check.versions = check.ids("dataset_versions", records.dataset_versions.iter().map(|one| &one.id));
        check.ids("programs", records.programs.iter().map(|one| &one.id));
        check.ids("terms", records.terms.iter().map(|one| &one.id));
        check.ids("submissions", records.submissions.iter().map(|one| &one.id));
        check.ids("access_requests", records.access_requests.iter().map(|one| &one.id));
        check.ids("derivatives", records.derivatives.iter().map(|one| &one.id));
        check
    }

    fn people(&mut self, records: &Records) {
        for (position, person) in records.people.iter().enumerate() {
            for (index, affiliation) in person.affiliations.iter().enumerate() {
                let at = |field| format!("people[{position}].affiliations[{index}].{field}");
                self.within(
                    affiliation.weight > 0.0 && affiliation.weight <= 1.0,
                    at("weight"),
                    "must be above 0 and at most 1",
                );
                self.ordered(Some(affiliation.from), affiliation.to, at("to"));
                self.code("career_stage", &affiliation.career_stage, at("career_stage"));
                self.country(affiliation.country.as_deref(), at("country"));
                self.optional(
                    "organization",
                    Of::Organization,
                    affiliation.organization.as_deref(),
                    at("organization"),
                );
            }
            if let Some((day, sum)) = weights::first_day_above_one(&person.affiliations) {
                let rule = format!("must not weigh more than 1 together: on {day} they weigh {sum:.3}");
                self.fault(format!("people[{position}].affiliations"), rule);
            }
        }
        for (position, organization) in records.organizations.iter().enumerate() {
            self.country(organization.country.as_deref(), format!("organizations[{position}].country"));
            for (index, class) in organization.classes.iter().enumerate() {
                let at = |field| format!("organizations[{position}].classes[{index}].{field}");
                match class.scheme {
                    super::Scheme::Sector => self.code("org.sector", &class.code, at("code")),
                    super::Scheme::RorType => self.code("org.ror_type", &class.code, at("code")),
                    super::Scheme::BigTech => {}
                }
                self.ordered(class.from, class.to, at("to"));
            }
        }
    }

    fn teams(&mut self, records: &Records) {
        for (position, team) in records.teams.iter().enumerate() {
            for (index, name) in team.names.iter().enumerate() {
                self.ordered(Some(name.from), name.to, format!("teams[{position}].names[{index}].to"));
            }
            for (index, membership) in team.memberships.iter().enumerate() {
                let at = |field| format!("teams[{position}].memberships[{index}].{field}");
                self.refers("person", Of::Person, &membership.person, at("person"));
                self.ordered(Some(membership.joined_at), membership.left_at, at("left_at"));
                self.happened(membership.joined_at, at("joined_at"));
            }
        }
        for (position, lineage) in records.lineages.iter().enumerate() {
            let at = |field| format!("lineages[{position}].{field}");
            self.refers("team", Of::Team, &lineage.from, at("from"));
            self.refers("team", Of::Team, &lineage.to, at("to"));
            self.within(lineage.from != lineage.to, at("to"), "must be another team");
            self.code("team_lineage.kind", &lineage.kind, at("kind"));
            self.happened(lineage.at, at("at"));
        }
    }

    fn competition(&mut self, records: &'r Records) {
        for (position, edition) in records.editions.iter().enumerate() {
            let at = format!("editions[{position}].closes_at");
            self.within(edition.opens_at < edition.closes_at, at, "must be later than the opening");
        }
        let mut tasks: HashMap<&str, &str> = HashMap::new();
        for (position, task) in records.tasks.iter().enumerate() {
            let at = |field| format!("tasks[{position}].{field}");
            self.refers("edition", Of::Edition, &task.edition, at("edition"));
            self.optional("decision", Of::Decision, task.retired_by.as_deref(), at("retired_by"));
            self.finite(task.ceiling, at("ceiling"));
            self.finite(task.first_baseline, at("first_baseline"));
            if tasks.insert(&task.id, &task.edition).is_some() {
                self.fault(at("id"), "must be given once");
            }
        }
        let mut entered: HashSet<(&str, &str)> = HashSet::new();
        let mut registrations: HashMap<&str, &str> = HashMap::new();
        for (position, registration) in records.registrations.iter().enumerate() {
            let at = |field| format!("registrations[{position}].{field}");
            self.refers("team", Of::Team, &registration.team, at("team"));
            self.refers("edition", Of::Edition, &registration.edition, at("edition"));
            self.code("organizer_relation", &registration.organizer_relation, at("organizer_relation"));
            self.happened(registration.registered_at, at("registered_at"));
            if let Some(uptake) = &registration.uptake {
                self.code("method_origin", &uptake.method_origin, at("uptake.method_origin"));
            }
            if registrations.insert(&registration.id, &registration.edition).is_some() {
                self.fault(at("id"), "must be given once");
            }
            if !entered.insert((&registration.team, &registration.edition)) {
                self.fault(at("team"), "must enter an edition once");
            }
        }
        for (position, submission) in records.submissions.iter().enumerate() {
            let at = |field| format!("submissions[{position}].{field}");
            match (registrations.get(submission.registration.as_str()), tasks.get(submission.task.as_str())) {
                (None, _) => self.fault(at("registration"), "must be the id of a registration"),
                (_, None) => self.fault(at("task"), "must be the id of a task"),
                (Some(entered), Some(of)) => {
                    self.within(entered == of, at("task"), "must be of the edition that the team entered");
                }
            }
            self.happened(submission.submitted_at, at("submitted_at"));
            self.finite(submission.score, at("score"));
            self.ordered(Some(submission.submitted_at), submission.retracted_at, at("retracted_at"));
            if let Some((lower, upper)) = submission.interval {
                let is_interval = lower.is_finite() && upper.is_finite() && lower <= upper;
                self.within(is_interval, at("interval"), "must be two numbers, the smaller first");
            }
            self.optional(
                "dataset version",
                Of::Version,
                submission.dataset_version.as_deref(),
                at("dataset_version"),
            );
            if let Some(declaration) = &submission.declaration {
                self.code("method_origin", &declaration.method_origin, at("declaration.method_origin"));
                self.optional_code(
                    "compute_band",
                    declaration.compute_band.as_deref(),
                    at("declaration.compute_band"),
                );
            }
        }
        for (position, prize) in records.prizes.iter().enumerate() {
            let at = |field| format!("prizes[{position}].{field}");
            self.within(tasks.contains_key(prize.task.as_str()), at("task"), "must be the id of a task");
            self.refers("team", Of::Team, &prize.team, at("team"));
            self.within(prize.place > 0, at("place"), "must count from 1");
            self.within(
                prize.amount_minor == 0 || prize.currency.is_some(),
                at("currency"),
                "must be given with an amount",
            );
            self.happened(prize.awarded_at, at("awarded_at"));
            for (index, person) in prize.people.iter().enumerate() {
                self.refers("person", Of::Person, person, format!("prizes[{position}].people[{index}]"));
            }
        }
    }

    fn production(&mut self, records: &Records) {
        for (position, program) in records.programs.iter().enumerate() {
            let at = |field: &str| format!("programs[{position}].{field}");
            self.code("annotation.stage", &program.stage, at("stage"));
            for (field, share) in [
                ("agreement", program.agreement),
                ("unsure_share", program.unsure_share),
                ("other_share", program.other_share),
            ] {
                self.within(
                    share.is_none_or(|share| (-1.0..=1.0).contains(&share)),
                    at(field),
                    "must be at most 1",
                );
            }
            self.amount(program.footage_hours, at("footage_hours"));
            for (index, contract) in program.contracts.iter().enumerate() {
                let at = |field| at(&format!("contracts[{index}].{field}"));
                self.within(
                    contract.workers.is_none_or(|(least, most)| least <= most),
                    at("workers"),
                    "must begin with the fewest",
                );
                let hours = contract.person_hours;
                self.within(
                    hours.is_none_or(|(least, most)| 0.0 <= least && least <= most && most.is_finite()),
                    at("person_hours"),
                    "must be two amounts, the smaller first",
                );
                self.amount(contract.living_wage_ratio, at("living_wage_ratio"));
                self.optional("organization", Of::Organization, contract.vendor.as_deref(), at("vendor"));
            }
            let mut answered = HashSet::new();
            for (index, latitude) in program.latitude.iter().enumerate() {
                let at = |field| at(&format!("latitude[{index}].{field}"));
                self.code("latitude.dimension", &latitude.dimension, at("dimension"));
                self.code("latitude.value", &latitude.value, at("value"));
                self.code("chain_role", &latitude.informant_role, at("informant_role"));
                let is_first = answered.insert((&latitude.dimension, &latitude.informant_role));
                self.within(is_first, at("dimension"), "must be given once for a role");
            }
        }
        for (position, credit) in records.credits.iter().enumerate() {
            self.code("chain_role", &credit.role, format!("credits[{position}].role"));
        }
        for (position, field) in records.disclosed_fields.iter().enumerate() {
            self.code("chain_role", &field.role, format!("disclosed_fields[{position}].role"));
            self.code("disclosure", &field.disclosure, format!("disclosed_fields[{position}].disclosure"));
        }
        for (position, decision) in records.decisions.iter().enumerate() {
            let at = |field: &str| format!("decisions[{position}].{field}");
            self.code("decision.kind", &decision.kind, at("kind"));
            self.told_code("chain_role", &decision.decider_role, at("decider_role"));
            self.told_code("rationale", &decision.rationale, at("rationale"));
            for (index, party) in decision.parties.iter().enumerate() {
                self.code("chain_role", &party.role, at(&format!("parties[{index}].role")));
                self.code("involvement", &party.involvement, at(&format!("parties[{index}].involvement")));
            }
        }
        for (position, exclusion) in records.exclusions.iter().enumerate() {
            let at = |field| format!("exclusions[{position}].{field}");
            self.code("exclusion.reason", &exclusion.reason, at("reason"));
            self.code("exclusion.stage", &exclusion.stage, at("stage"));
            self.code("exclusion.basis", &exclusion.basis, at("basis"));
            self.optional("decision", Of::Decision, exclusion.decision.as_deref(), at("decision"));
            self.amount(exclusion.hours, at("hours"));
        }
        for (position, contestation) in records.contestations.iter().enumerate() {
            let at = |field| format!("contestations[{position}].{field}");
            self.told_code("chain_role", &contestation.role, at("role"));
            self.code("contestation.ground", &contestation.ground, at("ground"));
            self.optional_code("contestation.outcome", contestation.outcome.as_deref(), at("outcome"));
            self.ordered(Some(contestation.raised_at), contestation.answered_at, at("answered_at"));
        }
        for (position, term) in records.terms.iter().enumerate() {
            self.optional_code("term.origin", term.origin.as_deref(), format!("terms[{position}].origin"));
        }
    }

    fn traces(&mut self, records: &Records) {
        for (position, request) in records.access_requests.iter().enumerate() {
            let at = |field| format!("access_requests[{position}].{field}");
            self.optional("person", Of::Person, request.person.as_deref(), at("person"));
            self.optional(
                "organization",
                Of::Organization,
                request.organization.as_deref(),
                at("organization"),
            );
            self.country(request.country.as_deref(), at("country"));
            self.happened(request.requested_at, at("requested_at"));
            if let Some(answer) = &request.answer {
                self.ordered(Some(request.requested_at), Some(answer.decided_at), at("answer.decided_at"));
                self.ordered(Some(answer.decided_at), answer.expires_at, at("answer.expires_at"));
            }
        }
        for (position, version) in records.dataset_versions.iter().enumerate() {
            self.happened(version.released_at, format!("dataset_versions[{position}].released_at"));
        }
        for (position, citation) in records.citations.iter().enumerate() {
            let at = |field| format!("citations[{position}].{field}");
            self.code("citation.function", &citation.function, at("function"));
            self.optional(
                "dataset version",
                Of::Version,
                citation.dataset_version.as_deref(),
                at("dataset_version"),
            );
            self.happened(citation.seen_at, at("seen_at"));
        }
        for (position, count) in records.trace_counts.iter().enumerate() {
            let at = |field| format!("trace_counts[{position}].{field}");
            self.code("trace.kind", &count.kind, at("kind"));
            self.ordered(Some(count.from), Some(count.to), at("to"));
            self.amount(count.median_first_response_hours, at("median_first_response_hours"));
        }
        for (position, event) in records.events.iter().enumerate() {
            self.code("event.type", &event.kind, format!("events[{position}].kind"));
            self.optional_code("event.origin", event.origin.as_deref(), format!("events[{position}].origin"));
            self.happened(event.occurred_at, format!("events[{position}].occurred_at"));
        }
    }

    fn fault(&mut self, field: String, rule: impl Into<String>) {
        if self.faults.len() < Snapshot::MOST_FAULTS {
            self.faults.push(Invalid::new(field, rule));
        }
    }

    fn within(&mut self, holds: bool, field: String, rule: &str) {
        if !holds {
            self.fault(field, rule);
        }
    }

    fn ids(&mut self, table: &str, ids: impl Iterator<Item = &'r String>) -> HashSet<&'r str> {
        let mut known = HashSet::new();
        for (position, id) in ids.enumerate() {
            if id.is_empty() {
                self.fault(format!("{table}[{position}].id"), "must not be empty");
            } else if !known.insert(id.as_str()) {
                self.fault(format!("{table}[{position}].id"), "must be given once");
            }
        }
        known
    }

    fn refers(&mut self, what: &str, of: Of, id: &str, field: String) {
        let known = match of {
            Of::Person => &self.people,
            Of::Organization => &self.organizations,
            Of::Team => &self.teams,
            Of::Edition => &self.editions,
            Of::Decision => &self.decisions,
            Of::Version => &self.versions,
        };
        if !known.contains(id) {
            let article = if what.starts_with(['o', 'e']) { "an" } else { "a" };
            self.fault(field, format!("must be the id of {article} {what}"));
        }
    }

    fn optional(&mut self, what: &str, of: Of, id: Option<&str>, field: String) {
        if let Some(id) = id {
            self.refers(what, of, id, field);
        }
    }

    fn ordered<T: PartialOrd>(&mut self, from: Option<T>, to: Option<T>, field: String) {
        if let (Some(from), Some(to)) = (from, to) {
            self.within(from <= to, field, "must not be earlier than the beginning");
        }
    }

    fn happened(&mut self, at: Timestamp, field: String) {
        self.within(at <= self.as_of, field, "must not be later than the snapshot");
    }

    fn finite(&mut self, value: Option<f64>, field: String) {
        self.within(value.is_none_or(f64::is_finite), field, "must be a finite number");
    }

    fn amount(&mut self, value: Option<f64>, field: String) {
        self.within(
            value.is_none_or(|value| value.is_finite() && value >= 0.0),
            field,
            "must be a number from 0 on",
        );
    }

    fn country(&mut self, country: Option<&str>, field: String) {
        let is_code = |code: &str| code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase());
        self.within(country.is_none_or(is_code), field, "must be two capital letters of ISO 3166");
    }

    fn optional_code(&mut self, vocabulary: &'static str, code: Option<&str>, field: String) {
        if let Some(code) = code {
            self.code(vocabulary, code, field);
        }
    }

    /// Not telling is an answer.
    fn told_code(&mut self, vocabulary: &'static str, code: &str, field: String) {
        if code != NOT_DISCLOSED {
            self.code(vocabulary, code, field);
        }
    }

    /// A hundred thousand records share a dozen codes, so each code is looked up once.
    fn code(&mut self, vocabulary: &'static str, code: &str, field: String) {
        let key = (vocabulary, code.to_owned());
        let problem = self.known_codes.entry(key).or_insert_with(|| {
            Vocabularies::shipped().code(vocabulary, code).err().map(|unknown| unknown.to_string())
        });
        if let Some(problem) = problem.clone() {
            self.fault(field, format!("must be a code of its vocabulary: {problem}"));
        }
    }
}

#[derive(Clone, Copy)]
enum Of {
    Person,
    Organization,
    Team,
    Edition,
    Decision,
    Version,
}
