//! Reading how much of something is which activity.

use sdk::{Code as FaultCode, Fault, Faults, Limits, Table};

use crate::mappings::TOLERANCE;
use crate::nearest::{nearest, with_suggestion};
use crate::taxonomies::Taxonomy;

/// Reads a CSV table with the columns `code`, a term of `taxonomy`, and `share`, 0..=1.
///
/// What the shares leave of the whole is what nobody says.
/// Faults, all at once, each with its line and column: terms that the list does not have, with what is near, terms that stand
/// twice, shares that are no shares, and shares that are more than 100 % together.
pub fn read_shares(taxonomy: &Taxonomy, bytes: &[u8], limits: &Limits) -> Result<Vec<(String, f64)>, Faults> {
    let table = Table::read(bytes, limits)?;
    let (code, share) = (table.require("code")?, table.require("share")?);
    let mut faults = Faults::new();
    table.unique(code, &mut faults);
    let mut shares = Vec::with_capacity(table.len());
    for row in 0..table.len() {
        let given = table.cell(row, code);
        if taxonomy.find(given).is_none() {
            faults.push_with(|| {
                let expected = format!("a code of {}", taxonomy.name());
                let known = taxonomy.terms().iter().map(|term| term.code.as_str());
                let fault = table.cell_fault(row, code, FaultCode::UnknownIds, &expected);
                with_suggestion(fault, &nearest(given, known))
            });
        }
        let Some(amount) = table.number(row, share, &mut faults) else { continue };
        if !(0.0..=1.0).contains(&amount) {
            faults
                .push_with(|| table.cell_fault(row, share, FaultCode::OutOfRange, "a share between 0 and 1"));
        }
        shares.push((given.to_owned(), amount));
    }
    let sum: f64 = shares.iter().map(|(_, share)| share).sum();
    if faults.is_empty() && sum > 1.0 + TOLERANCE {
        let found = format!("{:.4} %", sum * 100.0);
        let fault = Fault::whole(FaultCode::OutOfRange, "the shares exceed 100 %", "at most 100 %", found);
        faults.push(fault);
    }
    faults.or(shares)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Read = Result<Vec<(String, f64)>, Vec<(FaultCode, String)>>;

    fn read(rows: &str) -> Read {
        let text = format!("code,share\n{rows}");
        read_shares(Taxonomy::icatus_2016(), text.as_bytes(), &Limits::default())
            .map_err(|faults| faults.faults.iter().map(|fault| (fault.code, fault.to_string())).collect())
    }

    #[test]
    fn shares_are_of_known_terms_and_at_most_the_whole() {
        assert_eq!(read("311,0.25\n9,0.5\n").unwrap(), [("311".to_owned(), 0.25), ("9".to_owned(), 0.5)]);
        // Ten tenths are the whole, whatever their sum is in binary.
        let tenths: String = (1..=9).map(|code| format!("{code},0.1\n")).collect();
        assert!(read(&format!("{tenths}11,0.1\n")).is_ok());
        assert_eq!(read("311,0.6\n9,0.5\n").unwrap_err()[0].0, FaultCode::OutOfRange);
        assert_eq!(read("311,1.5\n").unwrap_err()[0].0, FaultCode::OutOfRange);
        assert_eq!(read("311,0.1\n311,0.2\n").unwrap_err()[0].0, FaultCode::DuplicateIds);
        let unknown = read("3111,0.1\n").unwrap_err();
        assert_eq!(unknown[0].0, FaultCode::UnknownIds);
        assert!(unknown[0].1.contains("311"), "{unknown:?}");
    }
}
