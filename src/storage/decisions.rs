//! Decisions: who decided what, on what authority and why; written once, never changed.

use std::collections::BTreeSet;

use diesel::prelude::*;
use domain::framing::{DecisionDraft, Party};
use domain::{ChallengeId, DecisionId, Timestamp, UserId};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{decision_parties, decisions};
use crate::types::{Column, Json};

/// A decision as it is stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = decisions)]
pub struct Decision {
    /// Its id.
    pub id: DecisionId,
    /// The challenge it belongs to.
    pub challenge_id: ChallengeId,
    /// What kind it is (`decision.kind`).
    pub kind: String,
    /// What it was decided about: `phase:<id>`.
    pub subject: String,
    /// What the decider is in the chain (`decider_role`).
    pub decider_role: String,
    /// On what ground they may (`authority_basis`).
    pub authority_basis: String,
    /// Why (`rationale`).
    pub rationale_code: String,
    /// Why, in words.
    pub rationale: String,
    /// What else could have been decided.
    pub alternatives: Json<Vec<String>>,
    /// When it was decided.
    pub decided_at: Timestamp,
    /// Who put it on record.
    pub recorded_by: Option<UserId>,
    /// When.
    pub recorded_at: Timestamp,
}

/// What a decision is written with besides what is said about it.
#[derive(Debug, Clone, Copy)]
pub struct NewDecision<'a> {
    /// Its id.
    pub id: DecisionId,
    /// The challenge it belongs to.
    pub challenge: ChallengeId,
    /// What kind it is.
    pub kind: &'a str,
    /// What it was decided about.
    pub subject: &'a str,
    /// Who puts it on record.
    pub recorded_by: Option<UserId>,
    /// When.
    pub now: Timestamp,
}

/// Writes a decision with its parties.
pub fn insert(conn: &mut Conn<'_>, new: &NewDecision<'_>, draft: &DecisionDraft) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(decisions::table)
        .values((
            decisions::id.eq(new.id.sql()),
            decisions::challenge_id.eq(new.challenge.sql()),
            decisions::kind.eq(new.kind),
            decisions::subject.eq(new.subject),
            decisions::decider_role.eq(&draft.decider_role),
            decisions::authority_basis.eq(&draft.authority_basis),
            decisions::rationale_code.eq(&draft.rationale_code),
            decisions::rationale.eq(&draft.rationale),
            decisions::alternatives.eq(Json(draft.alternatives.clone())),
            decisions::decided_at.eq(draft.decided_at.unwrap_or(new.now).sql()),
            decisions::recorded_by.eq(new.recorded_by.map(Column::sql)),
            decisions::recorded_at.eq(new.now.sql()),
        ))
        .execute(c))?;
    for party in &draft.parties {
        on!(conn, c => diesel::insert_into(decision_parties::table)
            .values((
                decision_parties::decision_id.eq(new.id.sql()),
                decision_parties::role.eq(&party.role),
                decision_parties::involvement.eq(&party.involvement),
            ))
            .execute(c))?;
    }
    Ok(())
}

/// The decision of this id.
pub fn find(conn: &mut Conn<'_>, id: DecisionId) -> Result<Option<Decision>, StoreError> {
    Ok(on!(conn, c => decisions::table
        .find(id.sql())
        .select(Decision::as_select())
        .get_result(c)
        .optional())?)
}

/// The decisions of a challenge, oldest record first; those behind one of them.
pub fn list(
    conn: &mut Conn<'_>,
    challenge: ChallengeId,
    after: Option<DecisionId>,
    limit: i64,
) -> Result<Vec<Decision>, StoreError> {
    Ok(on!(conn, c => {
        let mut query = decisions::table.filter(decisions::challenge_id.eq(challenge.sql())).into_boxed();
        if let Some(after) = after {
            query = query.filter(decisions::id.gt(after.sql()));
        }
        query.order(decisions::id.asc()).limit(limit).select(Decision::as_select()).load(c)
    })?)
}

/// Who had which part in a decision.
pub fn parties_of(conn: &mut Conn<'_>, decision: DecisionId) -> Result<BTreeSet<Party>, StoreError> {
    let rows: Vec<(String, String)> = on!(conn, c => decision_parties::table
        .filter(decision_parties::decision_id.eq(decision.sql()))
        .select((decision_parties::role, decision_parties::involvement))
        .load(c))?;
    Ok(rows.into_iter().map(|(role, involvement)| Party { role, involvement }).collect())
}
