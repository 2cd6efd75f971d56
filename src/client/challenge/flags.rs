//! `challenge flags`: what an organizer should look at before entries are trusted, and what is decided about it.

use std::io::Write;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::api::encoded;
use crate::show::table;
use crate::{Api, Client, ClientError, Format, PhaseTarget};

/// A flag as far as it is shown.
#[derive(Debug, Deserialize)]
struct Flag {
    id: String,
    kind: String,
    evidence: Map<String, Value>,
    submissions: Vec<FlaggedSubmission>,
    teams: Vec<FlaggedTeam>,
    raised_at: String,
    decision: Option<Decision>,
}

#[derive(Debug, Deserialize)]
struct FlaggedSubmission {
    id: String,
    team_id: String,
    withdrawn_at: Option<String>,
}

#[derive(Debug, Deserialize)]
struct FlaggedTeam {
    team: Team,
    consequence: Option<String>,
    appeal: Option<Appeal>,
}

#[derive(Debug, Deserialize)]
struct Team {
    id: String,
    name: String,
}

#[derive(Debug, Deserialize)]
struct Appeal {
    text: String,
    outcome: Option<String>,
    answer: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Decision {
    decision: String,
    reason: String,
}

impl Flag {
    /// Where it stands, in one word.
    fn standing(&self) -> &str {
        let is_unanswered =
            |team: &FlaggedTeam| team.appeal.as_ref().is_some_and(|appeal| appeal.outcome.is_none());
        match &self.decision {
            None => "waiting",
            Some(_) if self.teams.iter().any(is_unanswered) => "appealed",
            Some(decision) => &decision.decision,
        }
    }
}

/// What is decided about a flag.
#[derive(Debug, Clone)]
pub enum Ruling {
    /// There is nothing to it.
    Dismiss,
    /// There is something to it.
    Uphold {
        /// The ids of teams whose submissions leave the leaderboard.
        withdraw: Vec<String>,
        /// The ids of teams that are given no prize.
        disqualify: Vec<String>,
    },
}

/// Lists the flags of a phase, newest first.
pub fn list_flags(
    client: &mut Client<'_>,
    phase: &PhaseTarget,
    is_waiting: bool,
    format: Format,
) -> Result<(), ClientError> {
    let found = all_pages(&client.api()?, &format!("{}/flags?waiting={is_waiting}", phase.path()))?;
    let out = &mut client.terminal.out;
    if format == Format::Json {
        return write_json(out, &Value::Array(found));
    }
    if found.is_empty() {
        writeln!(out, "{phase} has no {}", if is_waiting { "flag that waits" } else { "flag" })?;
        return Ok(());
    }
    let mut table = table(["flag", "seen", "kind", "teams", "n", "standing"].map(str::to_owned));
    for value in found {
        let flag: Flag = understood(value)?;
        let teams: Vec<&str> = flag.teams.iter().map(|team| team.team.name.as_str()).collect();
        table.add_row(vec![
            flag.id.clone(),
            flag.raised_at.chars().take(10).collect(),
            flag.kind.clone(),
            teams.join(", "),
            flag.submissions.len().to_string(),
            flag.standing().to_owned(),
        ]);
    }
    writeln!(out, "{table}")?;
    Ok(())
}

/// Shows one flag with its evidence.
pub fn show_flag(client: &mut Client<'_>, id: &str, format: Format) -> Result<(), ClientError> {
    let found = client.api()?.get(&format!("/flags/{}", encoded(id)))?;
    show(client, found, format)
}

/// Dismisses or upholds a flag.
pub fn decide_flag(
    client: &mut Client<'_>,
    id: &str,
    ruling: &Ruling,
    reason: &str,
) -> Result<(), ClientError> {
    let mut consequences = Map::new();
    let decision = match ruling {
        Ruling::Dismiss => "dismissed",
        Ruling::Uphold { withdraw, disqualify } => {
            let named = withdraw.iter().map(|team| (team, "withdrawn"));
            for (team, consequence) in named.chain(disqualify.iter().map(|team| (team, "disqualified"))) {
                if consequences.insert(team.clone(), consequence.into()).is_some() {
                    return Err(ClientError::Usage(format!("the team {team} is named twice")));
                }
            }
            "upheld"
        }
    };
    let body = json!({"decision": decision, "reason": reason, "consequences": consequences});
    let answer = client.api()?.post(&format!("/flags/{}/decision", encoded(id)), &body, None)?;
    show(client, answer.json()?, Format::Text)
}

/// Answers the appeal of a team.
pub fn answer_appeal(
    client: &mut Client<'_>,
    id: &str,
    team: &str,
    is_reversed: bool,
    answer: &str,
) -> Result<(), ClientError> {
    let outcome = if is_reversed { "reversed" } else { "confirmed" };
    let body = json!({"team": team, "outcome": outcome, "answer": answer});
    let answer = client.api()?.post(&format!("/flags/{}/answer", encoded(id)), &body, None)?;
    show(client, answer.json()?, Format::Text)
}

fn show(client: &mut Client<'_>, found: Value, format: Format) -> Result<(), ClientError> {
    let out = &mut client.terminal.out;
    if format == Format::Json {
        return write_json(out, &found);
    }
    let flag: Flag = understood(found)?;
    writeln!(out, "flag       {}", flag.id)?;
    writeln!(out, "kind       {}", flag.kind)?;
    writeln!(out, "seen       {}", flag.raised_at)?;
    for (name, value) in &flag.evidence {
        writeln!(out, "  {name}: {value}")?;
    }
    for FlaggedTeam { team, consequence, appeal } in &flag.teams {
        writeln!(out, "team       {} ({})", team.name, team.id)?;
        for one in flag.submissions.iter().filter(|one| one.team_id == team.id) {
            let withdrawn = if one.withdrawn_at.is_some() { ", withdrawn" } else { "" };
            writeln!(out, "  submission {}{withdrawn}", one.id)?;
        }
        if let Some(consequence) = consequence {
            writeln!(out, "  consequence: {consequence}")?;
        }
        if let Some(appeal) = appeal {
            writeln!(out, "  appeal: {}", appeal.text)?;
            match (&appeal.outcome, &appeal.answer) {
                (Some(outcome), Some(answer)) => writeln!(out, "  answer: {outcome}: {answer}")?,
                _ => writeln!(out, "  answer: none yet")?,
            }
        }
    }
    match &flag.decision {
        Some(Decision { decision, reason }) => writeln!(out, "decision   {decision}: {reason}")?,
        None => writeln!(out, "decision   none yet")?,
    }
    Ok(())
}

/// The items of all pages.
fn all_pages(api: &Api, path: &str) -> Result<Vec<Value>, ClientError> {
    #[derive(Deserialize)]
    struct Page {
        items: Vec<Value>,
        next: Option<String>,
    }
    let mut found = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let more = cursor.as_deref().map(|next| format!("&cursor={}", encoded(next))).unwrap_or_default();
        let page: Page = api.get(&format!("{path}&limit=200{more}"))?;
        found.extend(page.items);
        match page.next {
            Some(next) if cursor.as_ref() != Some(&next) => cursor = Some(next),
            _ => return Ok(found),
        }
    }
}

fn understood(value: Value) -> Result<Flag, ClientError> {
    serde_json::from_value(value).map_err(|error| ClientError::NotUnderstood(error.to_string()))
}

pub(super) fn write_json(out: &mut dyn Write, value: &Value) -> Result<(), ClientError> {
    serde_json::to_writer_pretty(&mut *out, value).map_err(std::io::Error::from)?;
    writeln!(out)?;
    Ok(())
}
