//! Reading mappings from CSV.

use std::collections::HashMap;

use sdk::{Code as FaultCode, Fault, Faults, Limits, Place, Table};

use super::{Candidate, Determinacy, MappedTerm, Mapping, TOLERANCE};
use crate::nearest::{nearest, with_suggestion};
use crate::taxonomies::Taxonomy;
use crate::vocabularies::{Vocabularies, is_code};

/// The columns of both forms.
struct Columns {
    code: usize,
    title: usize,
    relation: usize,
    determinacy: usize,
}

impl Mapping {
    /// Reads a CSV table of one of two forms; `source` is what is mapped, with its version.
    ///
    /// A *coder's sheet* has one row per term: `scenario_id`, `scenario_name`, `icatus_primary`, `icatus_alternatives`
    /// (separated by `;`), `mapping_relation`, `determinacy`.
    /// Where the determinacy is `label` the primary class has the whole weight; otherwise the primary class and every
    /// alternative may have any share, and the point value is the primary class.
    ///
    /// A *weighted table* has one row per candidate: `from_code`, `from_title`, `to_code`, `weight`, `weight_min`,
    /// `weight_max`, `mapping_relation`, `determinacy`; a term that nothing fits has one row without `to_code`.
    ///
    /// Faults, all at once, each with its line and column: terms that the target does not have, relations and
    /// determinacies that are no codes (an absent one too), a candidate named twice, weights outside of their bounds, shares
    /// of a term that exceed 100 %, bounds between which no shares sum to 100 %, and a determinacy that the candidates
    /// contradict.
    pub fn read(
        source: &str,
        version: &str,
        target: &Taxonomy,
        bytes: &[u8],
        limits: &Limits,
    ) -> Result<Self, Faults> {
        Self::read_table(source, None, version, target, bytes, limits)
    }

    /// The same for a source whose terms are known: a code that is none of them is a fault with what is near.
    pub fn read_between(
        source: &Taxonomy,
        version: &str,
        target: &Taxonomy,
        bytes: &[u8],
        limits: &Limits,
    ) -> Result<Self, Faults> {
        Self::read_table(source.name(), Some(source), version, target, bytes, limits)
    }

    fn read_table(
        source: &str,
        known: Option<&Taxonomy>,
        version: &str,
        target: &Taxonomy,
        bytes: &[u8],
        limits: &Limits,
    ) -> Result<Self, Faults> {
        let table = Table::read(bytes, limits)?;
        let mut faults = Faults::new();
        let (code, (terms, lines)) = match table.column("weight") {
            Some(weight) => ("from_code", weighted_terms(&table, target, weight, &mut faults)?),
            None => ("scenario_id", sheet_terms(&table, target, &mut faults)?),
        };
        if let Some(known) = known {
            let column = table.require(code)?;
            for row in 0..table.len() {
                target_term(&table, row, column, table.cell(row, column), known, &mut faults);
            }
        }
        if faults.is_empty() {
            for (term, line) in terms.iter().zip(lines) {
                check_shares(term, line, &mut faults);
            }
        }
        faults.or(Self::of_terms(source, version, target, terms))
    }
}

/// The terms of a coder's sheet and the lines on which they stand.
fn sheet_terms(
    table: &Table,
    target: &Taxonomy,
    faults: &mut Faults,
) -> Result<(Vec<MappedTerm>, Vec<u64>), Faults> {
    let columns = Columns::require(table, "scenario_id", "scenario_name")?;
    let (primary, alternatives) = (table.require("icatus_primary")?, table.require("icatus_alternatives")?);
    table.unique(columns.code, faults);
    let mut terms = Vec::with_capacity(table.len());
    for row in 0..table.len() {
        let Some(mut term) = columns.term(table, row, faults) else { continue };
        let named = [primary, alternatives].into_iter().flat_map(|column| {
            let codes = table.cell(row, column).split(';').map(str::trim).filter(|code| !code.is_empty());
            codes.map(move |code| (column, code))
        });
        let fixed = term.determinacy == Determinacy::Label;
        for (column, code) in named {
            let is_primary = column == primary;
            let Some(position) = target_term(table, row, column, code, target, faults) else { continue };
            let twice = term.candidates.iter().any(|known| known.term == position);
            if twice || (is_primary && !term.candidates.is_empty()) {
                let expected = if twice { "classes that are named once" } else { "one primary class" };
                faults.push(table.cell_fault(row, column, FaultCode::DuplicateIds, expected));
                continue;
            }
            let weight = f64::from(u8::from(is_primary));
            let (least, most) = if fixed { (weight, weight) } else { (0.0, 1.0) };
            term.candidates.push(Candidate { term: position, weight, least, most });
        }
        terms.push(term);
    }
    let lines = (0..table.len()).map(|row| table.line(row)).collect();
    Ok((terms, lines))
}

/// The terms of a weighted table and the lines on which they first stand.
fn weighted_terms(
    table: &Table,
    target: &Taxonomy,
    weight: usize,
    faults: &mut Faults,
) -> Result<(Vec<MappedTerm>, Vec<u64>), Faults> {
    let columns = Columns::require(table, "from_code", "from_title")?;
    let to = table.require("to_code")?;
    let (least, most) = (table.require("weight_min")?, table.require("weight_max")?);
    let mut terms: Vec<MappedTerm> = Vec::new();
    let mut lines = Vec::new();
    let mut positions: HashMap<String, usize> = HashMap::new();
    for row in 0..table.len() {
        let Some(read) = columns.term(table, row, faults) else { continue };
        let position = *positions.entry(read.code.clone()).or_insert_with(|| {
            terms.push(read.clone());
            lines.push(table.line(row));
            terms.len() - 1
        });
        let term = &mut terms[position];
        if term.determinacy != read.determinacy {
            let expected = format!("{:?} as on line {}", term.determinacy.code(), lines[position]);
            faults.push(table.cell_fault(row, columns.determinacy, FaultCode::WrongShape, &expected));
        }
        if table.cell(row, to).is_empty() {
            continue;
        }
        let Some(candidate) = target_term(table, row, to, table.cell(row, to), target, faults) else {
            continue;
        };
        if term.candidates.iter().any(|known| known.term == candidate) {
            faults.push(table.cell_fault(
                row,
                to,
                FaultCode::DuplicateIds,
                "a class that is named once for the term",
            ));
            continue;
        }
        let mut number = |column| table.number(row, column, faults);
        let (Some(weight), Some(least), Some(most)) = (number(weight), number(least), number(most)) else {
            continue;
        };
        if !(0.0 <= least && least <= weight && weight <= most && most <= 1.0) {
            let expected = "0 <= weight_min <= weight <= weight_max <= 1";
            let found = format!("{least} <= {weight} <= {most}");
            faults.push(
                Fault::whole(FaultCode::OutOfRange, "the weight lies outside of its bounds", expected, found)
                    .at(Place::Line(table.line(row))),
            );
            continue;
        }
        term.candidates.push(Candidate { term: candidate, weight, least, most });
    }
    Ok((terms, lines))
}

impl Columns {
    fn require(table: &Table, code: &str, title: &str) -> Result<Self, Faults> {
        Ok(Self {
            code: table.require(code)?,
            title: table.require(title)?,
            relation: table.require("mapping_relation")?,
            determinacy: table.require("determinacy")?,
        })
    }

    /// The term of a row, still without candidates.
    fn term(&self, table: &Table, row: usize, faults: &mut Faults) -> Option<MappedTerm> {
        let vocabularies = Vocabularies::shipped();
        let code = table.cell(row, self.code);
        if !is_code(code) {
            faults.push_with(|| table.cell_fault(row, self.code, FaultCode::OutOfRange, "a code"));
            return None;
        }
        let relation = table.cell(row, self.relation);
        let relation = relation.strip_prefix("skos:").unwrap_or(relation);
        let determinacy = table.cell(row, self.determinacy);
        for (vocabulary, column, given) in [
            ("mapping.skos", self.relation, relation),
            ("mapping.determinacy", self.determinacy, determinacy),
        ] {
            let Ok(known) = vocabularies.vocabulary(vocabulary) else { continue };
            if !known.contains(given) {
                faults.push_with(|| {
                    let expected = format!("a code of {vocabulary}");
                    let fault = table.cell_fault(row, column, FaultCode::UnknownLabel, &expected);
                    with_suggestion(fault, &nearest(given, known.codes.iter().map(|code| code.code.as_str())))
                });
            }
        }
        let determinacy = Determinacy::of_code(determinacy)?;
        let title = table.cell(row, self.title).trim().to_owned();
        Some(MappedTerm {
            code: code.to_owned(),
            title,
            determinacy,
            relation: relation.to_owned(),
            candidates: Vec::new(),
        })
    }
}

/// The position of a term in a list; that there is none is a fault.
fn target_term(
    table: &Table,
    row: usize,
    column: usize,
    code: &str,
    target: &Taxonomy,
    faults: &mut Faults,
) -> Option<usize> {
    let position = target.find(code);
    if position.is_none() {
        faults.push_with(|| {
            let expected = format!("codes of {}", target.name());
            let fault = table.cell_fault(row, column, FaultCode::UnknownIds, &expected);
            with_suggestion(fault, &target.nearest(code))
        });
    }
    position
}

/// Faults of the shares of one term taken together.
fn check_shares(term: &MappedTerm, line: u64, faults: &mut Faults) {
    let sum = |of: fn(&Candidate) -> f64| term.candidates.iter().map(of).sum::<f64>();
    let (weight, least, most) = (
        sum(|candidate| candidate.weight),
        sum(|candidate| candidate.least),
        sum(|candidate| candidate.most),
    );
    let primary = term.candidates.iter().any(|candidate| candidate.weight > 0.0);
    let code = &term.code;
    let mut fault = |code: FaultCode, message: String, expected: &str, found: String| {
        faults.push(Fault::whole(code, message, expected, found).at(Place::Line(line)));
    };
    if weight > 1.0 + TOLERANCE || least > 1.0 + TOLERANCE {
        let found = format!("{:.4} %", weight.max(least) * 100.0);
        fault(
            FaultCode::OutOfRange,
            format!("the shares of {code:?} exceed 100 %"),
            "shares of at most 100 %",
            found,
        );
    } else if primary && weight < 1.0 - TOLERANCE {
        let found = format!("{:.4} %", weight * 100.0);
        fault(
            FaultCode::OutOfRange,
            format!("the shares of {code:?} are not whole"),
            "shares of 100 %, or none",
            found,
        );
    }
    if !term.candidates.is_empty() && most < 1.0 - TOLERANCE {
        let found = format!("at most {:.4} %", most * 100.0);
        let message = format!("the upper bounds of {code:?} leave a part of it nowhere to go");
        fault(FaultCode::OutOfRange, message, "upper bounds of at least 100 % together", found);
    }
    let contradiction = match term.determinacy {
        Determinacy::Label => (!term.candidates.iter().any(|candidate| candidate.least >= 1.0 - TOLERANCE))
            .then_some("one class that has the whole weight"),
        Determinacy::Unmappable => (!term.candidates.is_empty()).then_some("no class"),
        _ => term.candidates.is_empty().then_some("at least one class"),
    };
    if let Some(expected) = contradiction {
        let found = format!("{} classes", term.candidates.len());
        let message =
            format!("the determinacy of {code:?}, {:?}, contradicts its classes", term.determinacy.code());
        fault(FaultCode::WrongShape, message, expected, found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHEET: &str =
        "scenario_id,scenario_name,icatus_primary,icatus_alternatives,mapping_relation,determinacy\n";
    const WEIGHTED: &str =
        "from_code,from_title,to_code,weight,weight_min,weight_max,mapping_relation,determinacy\n";

    fn read(text: String) -> Result<Mapping, Vec<(FaultCode, u64, String)>> {
        let read = Mapping::read("s", "1", Taxonomy::icatus_2016(), text.as_bytes(), &Limits::default());
        read.map_err(|faults| {
            let each = faults.faults.into_iter().map(|fault| {
                let Place::Line(line) = fault.place else { panic!("{fault} has no line") };
                (fault.code, line, format!("{} {}", fault.message, fault.hint.unwrap_or_default()))
            });
            each.collect()
        })
    }

    #[test]
    fn a_sheet_gives_the_primary_class_the_point_and_the_others_the_bounds() {
        let mapping = read(format!("{SHEET}4,Cooking,311,110;522,skos:closeMatch,purpose\n5,Bus,,182;250,skos:relatedMatch,travel_purpose\n"))
            .unwrap();
        let cooking = mapping.term("4").unwrap();
        assert_eq!(cooking.candidates.len(), 3);
        assert_eq!(
            cooking.candidates.iter().map(|candidate| candidate.weight).collect::<Vec<_>>(),
            [1.0, 0.0, 0.0]
        );
        assert!(cooking.candidates.iter().all(|candidate| (candidate.least, candidate.most) == (0.0, 1.0)));
        assert_eq!(mapping.term("5").unwrap().candidates[0].weight, 0.0);
        assert_eq!(mapping.term("6"), None);
    }

    #[test]
    fn a_mapping_without_determinacy_is_refused() {
        let found =
            read(format!("{SHEET}4,Cooking,311,,skos:closeMatch,\n5,Eating,921,,skos:closMatch,labl\n"))
                .unwrap_err();
        let codes: Vec<(FaultCode, u64)> = found.iter().map(|(code, line, _)| (*code, *line)).collect();
        assert_eq!(
            codes,
            [(FaultCode::UnknownLabel, 2), (FaultCode::UnknownLabel, 3), (FaultCode::UnknownLabel, 3)]
        );
        assert!(found[0].2.contains("\"determinacy\""), "{}", found[0].2);
        assert!(found[1].2.contains("did you mean \"closeMatch\"?"), "{}", found[1].2);
        assert!(found[2].2.contains("did you mean \"label\"?"), "{}", found[2].2);
    }

    #[test]
    fn classes_that_do_not_exist_or_stand_twice_are_refused() {
        let found =
            read(format!("{SHEET}4,Cooking,311,999;311,closeMatch,purpose\n4,Again,311,,closeMatch,label\n"))
                .unwrap_err();
        let codes: Vec<(FaultCode, u64)> = found.iter().map(|(code, line, _)| (*code, *line)).collect();
        assert_eq!(
            codes,
            [(FaultCode::DuplicateIds, 3), (FaultCode::UnknownIds, 2), (FaultCode::DuplicateIds, 2)]
        );
    }

    #[test]
    fn a_known_source_has_the_terms_that_are_mapped() {
        let source = Taxonomy::read("Mine 1", b"code,title\ncooking,Cooking\n", &Limits::default()).unwrap();
        let of = |code: &str| {
            let sheet = format!("{SHEET}{code},Cooking,311,,closeMatch,label\n");
            Mapping::read_between(&source, "1", Taxonomy::icatus_2016(), sheet.as_bytes(), &Limits::default())
        };
        assert_eq!(of("cooking").unwrap().source(), "Mine 1");
        let fault = of("coking").unwrap_err().faults.remove(0);
        assert_eq!((fault.code, fault.place), (FaultCode::UnknownIds, Place::Line(2)));
        assert_eq!(fault.hint.as_deref(), Some("did you mean \"cooking\"?"));
    }

    #[test]
    fn shares_beyond_the_whole_are_refused() {
        let of = |rows: &str| read(format!("{WEIGHTED}{rows}")).unwrap_err();
        let over = of("a,A,311,0.7,0,1,closeMatch,purpose\na,A,110,0.4,0,1,closeMatch,purpose\n");
        assert!(over[0].2.starts_with("the shares of \"a\" exceed 100 %"), "{over:?}");
        let under = of("a,A,311,0.5,0,1,closeMatch,purpose\n");
        assert!(under[0].2.starts_with("the shares of \"a\" are not whole"), "{under:?}");
        let nowhere = of("a,A,311,0.5,0,0.5,closeMatch,purpose\na,A,110,0,0,0.4,closeMatch,purpose\n");
        assert!(nowhere.iter().any(|fault| fault.2.contains("nowhere to go")), "{nowhere:?}");
        let outside = of("a,A,311,0.5,0.6,1,closeMatch,purpose\nb,B,311,1,0,1.5,closeMatch,purpose\n");
        assert_eq!(outside.iter().map(|fault| fault.1).collect::<Vec<_>>(), [2, 3]);
    }

    #[test]
    fn a_determinacy_must_fit_the_classes() {
        let of = |rows: &str| read(format!("{WEIGHTED}{rows}"));
        assert!(of("a,A,311,1,1,1,closeMatch,label\n").is_ok());
        assert!(of("a,A,,,,,relatedMatch,unmappable\n").is_ok());
        assert_eq!(of("a,A,311,1,0,1,closeMatch,label\n").unwrap_err()[0].0, FaultCode::WrongShape);
        assert_eq!(of("a,A,311,1,0,1,closeMatch,unmappable\n").unwrap_err()[0].0, FaultCode::WrongShape);
        assert_eq!(of("a,A,,,,,closeMatch,purpose\n").unwrap_err()[0].0, FaultCode::WrongShape);
        let two = of("a,A,311,1,0,1,closeMatch,purpose\na,A,110,0,0,1,closeMatch,agent\n").unwrap_err();
        assert_eq!((two[0].0, two[0].1), (FaultCode::WrongShape, 3));
    }
}
