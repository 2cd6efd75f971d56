//! What the organizer of a challenge in sclite's manner can set.

use sdk::{Mode, Param, ParamKind, ParamValue, Params};

/// How words are compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Options {
    /// Whether `A` differs from `a` (`-s`).
    pub(crate) case_sensitive: bool,
    /// Whether a reference word in parentheses may be left out (`-D`).
    pub(crate) optional_words: bool,
    /// Whether a fragment, `frag-` or `-ment`, matches whatever begins or ends like it (`-F`).
    pub(crate) fragments: bool,
}

impl Options {
    pub(crate) fn params() -> Vec<Param> {
        let yes_or_no = |name: &str, description: &str| {
            Param::new(name, ParamKind::Boolean, ParamValue::Boolean(false), description)
        };
        vec![
            yes_or_no("case_sensitive", "Whether `A` differs from `a` (sclite's option -s)."),
            yes_or_no(
                "optional_words",
                "Whether a word in parentheses, `(uh)`, is right if it is left out (sclite's option -D).",
            ),
            yes_or_no(
                "fragments",
                "Whether a fragment, `frag-` or `-ment`, matches a word that begins or ends like it (sclite's option -F).",
            ),
        ]
    }

    /// What holds for the words of a submission: in strict mode they are optional or fragments only by name, since a
    /// word that may be left out or that matches many others would never be wrong.
    pub(crate) fn of_hypothesis(self, mode: Mode) -> Self {
        match mode {
            Mode::Strict => Self { case_sensitive: self.case_sensitive, ..Self::default() },
            Mode::Reference => self,
        }
    }

    pub(crate) fn of(params: &Params) -> Self {
        let set = |name| params.boolean(name).unwrap_or(false);
        Self {
            case_sensitive: set("case_sensitive"),
            optional_words: set("optional_words"),
            fragments: set("fragments"),
        }
    }
}
