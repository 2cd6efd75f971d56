//! Prizes: who receives which when entries are equal, or not distinguishable.
//!
//! The rule is published before a challenge opens; here it is only carried out.

use domain::Timestamp;

pub use domain::ranking_rule::PrizeRule;

use crate::refusal::{Refusal, within};

/// What a prize rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contender {
    /// The rank by the scores and tie-breakers alone (1, 2, 2, 4), before time decides.
    pub rank: usize,
    /// When the entry was received.
    pub received_at: Timestamp,
    /// The first and last place of the simultaneous rank set; needed by [`PrizeRule::ShareIfIndistinguishable`] only.
    pub rank_set: Option<(usize, usize)>,
}

/// Who receives the prize of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrizePlace {
    /// The place, from 1.
    pub place: usize,
    /// The contenders that share its prize equally, in their order; none where there are fewer entries than prizes.
    pub recipients: Vec<usize>,
    /// Whether a jury has to choose among them first.
    pub needs_jury: bool,
}

/// Applies a rule to the first `prizes` places.
///
/// Entries that are equal in everything, time included, share under [`PrizeRule::Earliest`] too.
/// Refuses ranks that no ranking has, and under [`PrizeRule::ShareIfIndistinguishable`] contenders without a rank set
/// or with one that does not hold their rank.
pub fn award(rule: PrizeRule, prizes: usize, contenders: &[Contender]) -> Result<Vec<PrizePlace>, Refusal> {
    for contender in contenders {
        let better = contenders.iter().filter(|other| other.rank < contender.rank).count();
        within("rank", contender.rank == better + 1, "one more than the number of better entries")?;
    }
    (1..=prizes)
        .map(|place| {
            let recipients = match rule {
                PrizeRule::Earliest => {
                    sharing(contenders, place, |contender| (contender.rank, Some(contender.received_at)))
                }
                PrizeRule::Split | PrizeRule::Jury => {
                    sharing(contenders, place, |contender| (contender.rank, None))
                }
                PrizeRule::ShareIfIndistinguishable => with_place_in_set(contenders, place)?,
            };
            let needs_jury = rule == PrizeRule::Jury && recipients.len() > 1;
            Ok(PrizePlace { place, recipients, needs_jury })
        })
        .collect()
}

/// The contenders that fill a place, and all that are equal to them by `key`.
fn sharing(
    contenders: &[Contender],
    place: usize,
    key: impl Fn(&Contender) -> (usize, Option<Timestamp>),
) -> Vec<usize> {
    let mut order: Vec<usize> = (0..contenders.len()).collect();
    order.sort_by_key(|index| key(&contenders[*index]));
    let Some(filling) = order.get(place - 1).map(|index| key(&contenders[*index])) else { return Vec::new() };
    order.into_iter().filter(|index| key(&contenders[*index]) == filling).collect()
}

fn with_place_in_set(contenders: &[Contender], place: usize) -> Result<Vec<usize>, Refusal> {
    let mut recipients = Vec::new();
    for (index, contender) in contenders.iter().enumerate() {
        let (first, last) = contender.rank_set.ok_or(Refusal::Empty { what: "rank set of a contender" })?;
        within("rank set", (first..=last).contains(&contender.rank), "around the rank")?;
        if (first..=last).contains(&place) {
            recipients.push(index);
        }
    }
    Ok(recipients)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contender(rank: usize, second: i64, rank_set: (usize, usize)) -> Contender {
        let received_at = Timestamp::from_micros(second * 1_000_000).unwrap();
        Contender { rank, received_at, rank_set: Some(rank_set) }
    }

    fn recipients(rule: PrizeRule, contenders: &[Contender]) -> Vec<Vec<usize>> {
        award(rule, 3, contenders).unwrap().into_iter().map(|place| place.recipients).collect()
    }

    /// One clear winner, two that tie for second and are not told apart from the fourth.
    fn field() -> [Contender; 4] {
        [
            contender(2, 30, (2, 4)),
            contender(1, 40, (1, 1)),
            contender(2, 20, (2, 4)),
            contender(4, 10, (3, 4)),
        ]
    }

    #[test]
    fn each_rule_parts_equals_in_its_way() {
        assert_eq!(recipients(PrizeRule::Earliest, &field()), [vec![1], vec![2], vec![0]]);
        assert_eq!(recipients(PrizeRule::Split, &field()), [vec![1], vec![0, 2], vec![0, 2]]);
        assert_eq!(recipients(PrizeRule::Jury, &field()), [vec![1], vec![0, 2], vec![0, 2]]);
        let juries: Vec<bool> =
            award(PrizeRule::Jury, 3, &field()).unwrap().iter().map(|place| place.needs_jury).collect();
        assert_eq!(juries, [false, true, true]);
        assert_eq!(
            recipients(PrizeRule::ShareIfIndistinguishable, &field()),
            [vec![1], vec![0, 2], vec![0, 2, 3]]
        );
    }

    #[test]
    fn equals_in_time_share_and_missing_entries_leave_prizes() {
        let twins = [contender(1, 10, (1, 2)), contender(1, 10, (1, 2))];
        assert_eq!(recipients(PrizeRule::Earliest, &twins), [vec![0, 1], vec![0, 1], vec![]]);
        assert_eq!(recipients(PrizeRule::Split, &[]), [vec![], vec![], vec![0; 0]]);
    }

    #[test]
    fn ranks_that_cannot_be_are_refused() {
        assert!(award(PrizeRule::Split, 1, &[contender(2, 0, (1, 2))]).is_err());
        assert!(award(PrizeRule::Split, 1, &[contender(1, 0, (1, 1)), contender(3, 0, (3, 3))]).is_err());
        let outside = [contender(1, 0, (2, 3))];
        assert!(award(PrizeRule::ShareIfIndistinguishable, 1, &outside).is_err());
        let without = [Contender { rank_set: None, ..outside[0] }];
        assert!(award(PrizeRule::ShareIfIndistinguishable, 1, &without).is_err());
        assert!(award(PrizeRule::Split, 1, &without).is_ok());
    }
}
