//! Double-blind entries: until a date nobody but organizers learns from a board whose an entry is.
//!
//! What is hidden decides nothing: ranks and scores stay as they are. A submission's id stays too, so that a team finds its
//! own entry; it leads nobody else anywhere.

use domain::phase::{AttributeKind, AttributeSpec};
use domain::{Digest, TeamId, TeamName};
use storage::boards::BoardEntry;
use storage::phases::Phase;
use uuid::Builder;

use crate::failure::Outcome;

/// Takes out of an entry what tells whose it is: name and id of the team, links, and what was said in free words.
pub(super) fn conceal(entry: &mut BoardEntry, phase: &Phase) -> Outcome<()> {
    let (team, name) = pseudonym(&phase.split_salt, entry.team)?;
    (entry.team, entry.team_name) = (team, name);
    let method = &mut entry.method.0;
    for words in
        [&mut method.description, &mut method.project_url, &mut method.paper_url, &mut method.code_url]
    {
        words.clear();
    }
    entry.attributes.0.retain(|name, _| !is_in_free_words(&phase.attributes.0, name));
    Ok(())
}

/// What stands for a team in one phase: the same on every board of it, and nothing that anybody could work out.
fn pseudonym(secret: &str, team: TeamId) -> Outcome<(TeamId, TeamName)> {
    let digest = Digest::of(format!("anonymous entry\n{secret}\n{team}").as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest.0[..16]);
    let name = TeamName::parse(&format!("Anonymous {}", &digest.to_string()[..6]))?;
    Ok((TeamId(Builder::from_custom_bytes(bytes).into_uuid()), name))
}

/// Whether the answer to a question may hold a name; also where the question is no longer asked.
fn is_in_free_words(asked: &[AttributeSpec], name: &str) -> bool {
    asked.iter().find(|spec| spec.name == name).is_none_or(|spec| matches!(spec.kind, AttributeKind::Text))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_team_has_one_pseudonym_in_a_phase_and_another_elsewhere() {
        let team = TeamId(Uuid::from_u128(7));
        let (id, name) = pseudonym("secret", team).unwrap();
        assert_eq!(pseudonym("secret", team).unwrap(), (id, name.clone()));
        assert_ne!(pseudonym("other", team).unwrap().0, id);
        assert_ne!(pseudonym("secret", TeamId(Uuid::from_u128(8))).unwrap().0, id);
        assert_ne!(id, team);
        assert!(name.as_str().starts_with("Anonymous "), "{name}");
    }
}
