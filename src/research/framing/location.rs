//! F5b: how much more or less of a class there is than in a population, or than in the data set that a task was cut from.

use ranking::Refusal;

use super::divergence::check_amounts;
use super::profile::shares;

/// The location quotients `p_c / q_c` of every class, from amounts by class (Florence 1939).
///
/// 1 is as much as in the reference; a class is absent where the reference has none of it, all are where either has nothing.
/// Refuses different lengths, negative amounts, NaN and infinities.
pub fn location_quotients(subject: &[f64], reference: &[f64]) -> Result<Vec<Option<f64>>, Refusal> {
    if subject.len() != reference.len() {
        return Err(Refusal::Length { what: "reference", expected: subject.len(), found: reference.len() });
    }
    check_amounts("subject", subject)?;
    check_amounts("reference", reference)?;
    let (Some(p), Some(q)) = (shares(subject), shares(reference)) else {
        return Ok(vec![None; subject.len()]);
    };
    Ok(p.iter().zip(&q).map(|(p, q)| (*q > 0.0).then(|| p / q)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worked_cases() {
        let found = location_quotients(&[1.0, 3.0, 0.0], &[2.0, 2.0, 0.0]).unwrap();
        assert_eq!(found, [Some(0.5), Some(1.5), None]);
        assert_eq!(location_quotients(&[0.0], &[1.0]).unwrap(), [None]);
        assert!(location_quotients(&[1.0], &[1.0, 1.0]).is_err());
    }
}
