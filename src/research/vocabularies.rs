//! Controlled vocabularies: the codes that records are written in, so that they can be counted and compared.
//!
//! Those of participation and framing are shipped ([`Vocabularies::shipped`]); an organizer may import more.
//! "Not asked", "asked and not given" and "unknown" are codes like others: absence is data.

use std::collections::HashMap;
use std::sync::LazyLock;

use sdk::text::quoted;
use sdk::{Code as FaultCode, Fault, Faults, Limits, Place, Table};
use serde::Serialize;

use crate::nearest::{nearest, suggestion};

/// What the crate ships: one row per code.
const SHIPPED: &[u8] = include_bytes!("vocabularies/vocabularies.csv");

/// The longest name, code or label, in bytes.
const LONGEST: usize = 200;

/// A code that is written in records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Code {
    /// The code itself, `industry_other`.
    pub code: String,
    /// What people read, `industry other`.
    pub label: String,
    /// What it means, where the label does not say it all.
    pub definition: Option<String>,
    /// The standard or publication that it comes from, where it is not this project's own.
    pub source: Option<String>,
}

/// A closed list of codes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Vocabulary {
    /// The name, `org.sector`.
    pub name: String,
    /// The codes in the order in which they are shown.
    pub codes: Vec<Code>,
}

/// Vocabularies by name.
#[derive(Debug, Clone, Default)]
pub struct Vocabularies {
    list: Vec<Vocabulary>,
    /// Where each vocabulary stands in `list`.
    positions: HashMap<String, usize>,
}

/// A code or a vocabulary that does not exist, with what it probably should have been.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnknownCode {
    /// No vocabulary has the name.
    #[error("there is no vocabulary {name:?}{}", suggestion(.nearest))]
    Vocabulary {
        /// The name that was asked for.
        name: String,
        /// The nearest names, at most three.
        nearest: Vec<String>,
    },
    /// The vocabulary has no such code.
    #[error("{code:?} is no code of {vocabulary}{}", suggestion(.nearest))]
    Code {
        /// The vocabulary.
        vocabulary: String,
        /// The code that was asked for.
        code: String,
        /// The nearest codes, at most three.
        nearest: Vec<String>,
    },
}

impl Vocabulary {
    /// The code, or what it probably should have been.
    pub fn code(&self, code: &str) -> Result<&Code, UnknownCode> {
        self.codes.iter().find(|known| known.code == code).ok_or_else(|| UnknownCode::Code {
            vocabulary: self.name.clone(),
            code: code.to_owned(),
            nearest: owned(nearest(code, self.codes.iter().map(|known| known.code.as_str()))),
        })
    }

    /// Whether the vocabulary has the code.
    pub fn contains(&self, code: &str) -> bool {
        self.codes.iter().any(|known| known.code == code)
    }

    /// The vocabulary whose codes this one uses: `as chain_role` stands where the codes would.
    fn borrows_from(&self) -> Option<&str> {
        match self.codes.as_slice() {
            [only] => only.code.strip_prefix("as "),
            _ => None,
        }
    }
}

impl Vocabularies {
    /// The vocabularies of participation and framing.
    pub fn shipped() -> &'static Self {
        // A test reads the file; should it ever be damaged, every lookup fails with a name instead of the process.
        static SHIPPED_VOCABULARIES: LazyLock<Vocabularies> =
            LazyLock::new(|| Vocabularies::read(SHIPPED, &Limits::default()).unwrap_or_default());
        &SHIPPED_VOCABULARIES
    }

    /// Reads a CSV table with the columns `vocab`, `code`, `label` and, where they are known, `definition` and `source`.
    ///
    /// Faults, all at once, each with its line and column: names and codes that are empty, too long or not of lower-case
    /// letters, digits, `_` and `.` (capitals are allowed inside, as in `exactMatch`), empty labels, a code that stands
    /// twice, and a vocabulary that borrows the codes of one that does not exist.
    pub fn read(bytes: &[u8], limits: &Limits) -> Result<Self, Faults> {
        let table = Table::read(bytes, limits)?;
        let (vocab, code, label) = (table.require("vocab")?, table.require("code")?, table.require("label")?);
        let (definition, source) = (table.column("definition"), table.column("source"));
        let mut faults = Faults::new();
        let mut found = Self::default();
        let mut lines: HashMap<(usize, &str), u64> = HashMap::new();
        let mut borrowers: Vec<(usize, &str)> = Vec::new();
        for row in 0..table.len() {
            let (name, written) = (table.cell(row, vocab), table.cell(row, code));
            let borrowed = written.strip_prefix("as ");
            if !is_code(name) {
                faults.push_with(|| table.cell_fault(row, vocab, FaultCode::OutOfRange, CODE_RULE));
            }
            if !is_code(borrowed.unwrap_or(written)) {
                faults.push_with(|| table.cell_fault(row, code, FaultCode::OutOfRange, CODE_RULE));
            }
            if !is_text(table.cell(row, label)) {
                faults.push_with(|| table.cell_fault(row, label, FaultCode::OutOfRange, LABEL_RULE));
            }
            if borrowed.is_some() {
                borrowers.push((row, written));
            }
            let position = found.position_or_insert(name);
            if let Some(first) = lines.insert((position, written), table.line(row)) {
                faults.push_with(|| {
                    let message = format!("the code {} stands twice, first on line {first}", quoted(written));
                    Fault::whole(FaultCode::DuplicateIds, message, "every code once", "another row")
                        .at(Place::Line(table.line(row)))
                });
                continue;
            }
            let optional = |column: Option<usize>| {
                column
                    .map(|column| table.cell(row, column).trim())
                    .filter(|text| !text.is_empty())
                    .map(str::to_owned)
            };
            found.list[position].codes.push(Code {
                code: written.to_owned(),
                label: table.cell(row, label).trim().to_owned(),
                definition: optional(definition),
                source: optional(source),
            });
        }
        for (row, written) in borrowers {
            let lender = written.strip_prefix("as ").and_then(|name| found.named(name));
            let alone = found.named(table.cell(row, vocab)).is_some_and(|own| own.codes.len() == 1);
            if !alone || lender.is_none_or(|lender| lender.borrows_from().is_some()) {
                let expected = "the only row of its vocabulary, naming one that has codes of its own";
                faults.push_with(|| table.cell_fault(row, code, FaultCode::UnknownIds, expected));
            }
        }
        faults.or(found)
    }

    /// All vocabularies, in the order in which they were read.
    pub fn all(&self) -> &[Vocabulary] {
        &self.list
    }

    /// The vocabulary of a name, that whose codes it uses where it has none of its own, or what was probably meant.
    pub fn vocabulary(&self, name: &str) -> Result<&Vocabulary, UnknownCode> {
        let own = self.named(name).ok_or_else(|| UnknownCode::Vocabulary {
            name: name.to_owned(),
            nearest: owned(nearest(name, self.list.iter().map(|known| known.name.as_str()))),
        })?;
        match own.borrows_from() {
            Some(lender) => self.vocabulary(lender),
            None => Ok(own),
        }
    }

    /// A code of a vocabulary, or what was probably meant.
    pub fn code(&self, vocabulary: &str, code: &str) -> Result<&Code, UnknownCode> {
        self.vocabulary(vocabulary)?.code(code)
    }

    fn named(&self, name: &str) -> Option<&Vocabulary> {
        self.positions.get(name).map(|position| &self.list[*position])
    }

    fn position_or_insert(&mut self, name: &str) -> usize {
        if let Some(position) = self.positions.get(name) {
            return *position;
        }
        self.list.push(Vocabulary { name: name.to_owned(), codes: Vec::new() });
        self.positions.insert(name.to_owned(), self.list.len() - 1);
        self.list.len() - 1
    }
}

const CODE_RULE: &str = "a code of letters, digits, \"_\" and \".\", at most 200 bytes long";
const LABEL_RULE: &str = "a label without control characters, at most 200 bytes long";

/// Whether a text can be a code: it stands in addresses, file names and queries.
pub(crate) fn is_code(text: &str) -> bool {
    let inside = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.');
    text.len() <= LONGEST
        && text.bytes().all(inside)
        && text.bytes().next().is_some_and(|first| first.is_ascii_lowercase() || first.is_ascii_digit())
}

/// Whether a text can be shown as the label or the title of something.
pub(crate) fn is_text(text: &str) -> bool {
    !text.trim().is_empty() && text.len() <= LONGEST && !text.chars().any(char::is_control)
}

pub(crate) fn owned(names: Vec<&str>) -> Vec<String> {
    names.into_iter().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<(FaultCode, Place, String)> {
        let faults = Vocabularies::read(text.as_bytes(), &crate::imports::limits()).unwrap_err();
        faults.faults.into_iter().map(|fault| (fault.code, fault.place, fault.message)).collect()
    }

    #[test]
    fn what_is_shipped_can_be_read() {
        let read = Vocabularies::read(SHIPPED, &crate::imports::limits()).unwrap();
        assert_eq!(read.all(), Vocabularies::shipped().all());
        assert_eq!(read.all().len(), 63);
        assert_eq!(read.all().iter().map(|vocabulary| vocabulary.codes.len()).sum::<usize>(), 529);
    }

    #[test]
    fn the_shipped_codes_are_those_of_the_specification() {
        let Some(shared) = test_support::shared_folder() else { return };
        let file = std::fs::read(shared.join("data/framing/vocabularies.csv")).unwrap();
        let wanted = Vocabularies::read(&file, &Limits::default()).unwrap();
        let codes = |all: &Vocabularies| -> Vec<(String, String, String)> {
            let each = all.all().iter().flat_map(|vocabulary| {
                vocabulary
                    .codes
                    .iter()
                    .map(|code| (vocabulary.name.clone(), code.code.clone(), code.label.clone()))
            });
            each.collect()
        };
        assert_eq!(codes(Vocabularies::shipped()), codes(&wanted));
    }

    #[test]
    fn an_unknown_code_is_told_what_it_should_have_been() {
        let shipped = Vocabularies::shipped();
        assert_eq!(shipped.code("org.sector", "startup").unwrap().label, "startup");
        let said = |error: UnknownCode| error.to_string();
        assert_eq!(
            said(shipped.code("org.sector", "acadmia").unwrap_err()),
            "\"acadmia\" is no code of org.sector; did you mean \"academia\"?"
        );
        assert_eq!(
            said(shipped.code("org.secktor", "academia").unwrap_err()),
            "there is no vocabulary \"org.secktor\"; did you mean \"org.sector\"?"
        );
        assert_eq!(
            said(shipped.code("privacy", "qqqqqqqq").unwrap_err()),
            "\"qqqqqqqq\" is no code of privacy"
        );
    }

    #[test]
    fn a_vocabulary_may_use_the_codes_of_another() {
        let shipped = Vocabularies::shipped();
        assert_eq!(shipped.vocabulary("decider_role").unwrap().name, "chain_role");
        assert!(shipped.code("decider_role", "ethics_board").is_ok());
    }

    #[test]
    fn every_fault_has_its_line_and_column() {
        let found = faults("vocab,code,label\na,x,x\na,x,again\n,y,y\na,Y z,\n");
        let places: Vec<(FaultCode, Place)> =
            found.iter().map(|(code, place, _)| (*code, place.clone())).collect();
        assert_eq!(
            places,
            [
                (FaultCode::DuplicateIds, Place::Line(3)),
                (FaultCode::OutOfRange, Place::Line(4)),
                (FaultCode::OutOfRange, Place::Line(5)),
                (FaultCode::OutOfRange, Place::Line(5)),
            ]
        );
        assert!(
            found[1].2.contains("\"vocab\"")
                && found[2].2.contains("\"code\"")
                && found[3].2.contains("\"label\"")
        );
        assert_eq!(faults("vocab,label\na,x\n")[0].0, FaultCode::MissingColumn);
    }

    #[test]
    fn codes_cannot_be_borrowed_from_nowhere_or_in_a_circle() {
        assert_eq!(faults("vocab,code,label\na,as b,as b\n")[0].0, FaultCode::UnknownIds);
        assert_eq!(faults("vocab,code,label\na,as a,as a\n")[0].0, FaultCode::UnknownIds);
        assert_eq!(faults("vocab,code,label\na,as b,b\nb,as a,a\n").len(), 2);
        assert_eq!(faults("vocab,code,label\na,as b,b\na,x,x\nb,y,y\n").len(), 1);
    }

    #[test]
    fn an_import_is_bounded() {
        let many: String = (0..20_001).map(|number| format!("a,x{number},x\n")).collect();
        assert_eq!(faults(&format!("vocab,code,label\n{many}"))[0].0, FaultCode::TooLarge);
    }
}
