//! Names that people choose, parsed so that an invalid one cannot exist.

use serde::{Deserialize, Deserializer, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_security::confusable_detection::skeleton;

use crate::Invalid;

macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $field:literal, $check:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Reads and normalizes the text, or says what is wrong with it.
            pub fn parse(text: &str) -> Result<Self, Invalid> {
                let check: fn(&str) -> Result<String, String> = $check;
                check(text).map(Self).map_err(|rule| Invalid::new($field, rule))
            }

            /// The text.
            pub fn as_str(&self) -> &str { &self.0 }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(&self.0) }
        }

        impl From<$name> for String {
            fn from(name: $name) -> String { name.0 }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Self::parse(&text).map_err(serde::de::Error::custom)
            }
        }
    };
}

name!(
    /// Part of an address (`ego-moments-2026`): lower-case letters, digits and inner hyphens.
    Slug, "slug", |text| identifier(text, 64, '-')
);
name!(
    /// The short name of a phase or split that programs use (`test_public`): as a slug, with underscores allowed.
    Codename, "codename", |text| identifier(text, 64, '_')
);
name!(
    /// A heading, one line.
    Title, "title", |text| line(text, 1, 200)
);
name!(
    /// The version of something that is published (`2016`, `1.0.0`, `v2_rc-1`), part of addresses.
    VersionName, "version", version
);
name!(
    /// How a person wants to be called.
    PersonName, "name", |text| line(text, 1, 120)
);
name!(
    /// The public name of a team.
    TeamName, "name", |text| line(text, 1, 80)
);
name!(
    /// A word by which challenges are found (`action-recognition`): letters and digits in lower case, with single hyphens
    /// where there were blanks, underscores or hyphens.
    Tag, "tag", tag
);
name!(
    /// An e-mail address as it was given, with its domain in lower case.
    EmailAddress, "email", email
);

impl TeamName {
    /// What the name looks like: equal for names that a reader cannot tell apart.
    ///
    /// Unicode NFKC, then the confusables skeleton of UTS 39, then case folding,
    /// with runs of blanks as one.
    /// Two teams of a challenge never share it.
    pub fn skeleton(&self) -> String {
        let compatible: String = self.0.nfkc().collect::<String>().to_lowercase();
        let look: String = skeleton(&compatible).collect::<String>().to_lowercase();
        look.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

impl EmailAddress {
    /// What makes two addresses one account: the address in lower case.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }

    /// The part behind the at sign.
    pub fn domain(&self) -> &str {
        self.0.rsplit('@').next().unwrap_or_default()
    }
}

fn identifier(text: &str, longest: usize, extra: char) -> Result<String, String> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == extra;
    let edge = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    if text.is_empty() || text.len() > longest {
        return Err(format!("must have 1 to {longest} characters"));
    }
    if !text.chars().all(allowed) || !text.starts_with(edge) || !text.ends_with(edge) {
        return Err("must be lower-case letters and digits with separators only between them".into());
    }
    Ok(text.to_owned())
}

/// Two spellings of one word are one tag, because compatible letters, case and separators are made the same first.
fn tag(text: &str) -> Result<String, String> {
    let compatible = text.nfkc().collect::<String>().to_lowercase();
    let separates = |c: char| c.is_whitespace() || c == '_' || c == '-';
    let words: Vec<&str> = compatible.split(separates).filter(|word| !word.is_empty()).collect();
    let tag = words.join("-");
    if tag.is_empty() || tag.chars().count() > 40 {
        return Err("must have 1 to 40 letters, digits and hyphens".into());
    }
    if !words.iter().all(|word| word.chars().all(char::is_alphanumeric)) {
        return Err("must be words of letters and digits".into());
    }
    Ok(tag)
}

fn version(text: &str) -> Result<String, String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if text.is_empty() || text.len() > 40 {
        return Err("must have 1 to 40 characters".into());
    }
    if !text.chars().all(allowed) || !text.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return Err(
            "must be letters, digits, \".\", \"_\" and \"-\", and begin with a letter or a digit".into()
        );
    }
    Ok(text.to_owned())
}

fn line(text: &str, shortest: usize, longest: usize) -> Result<String, String> {
    let text: String = text.trim().nfc().collect();
    let length = text.chars().count();
    if length < shortest {
        return Err("must not be empty".into());
    }
    if length > longest {
        return Err(format!("must have at most {longest} characters"));
    }
    if text.chars().any(is_invisible) {
        return Err("must not hold control, invisible or direction-changing characters".into());
    }
    Ok(text)
}

/// Characters that change how a name is drawn without being seen themselves.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
            | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
}

fn email(text: &str) -> Result<String, String> {
    let refusal = || Err("must be an e-mail address such as ada@example.org".to_owned());
    let text = text.trim();
    if text.len() > 254 || !text.is_ascii() || text.bytes().any(|b| b <= b' ' || b == 0x7f) {
        return refusal();
    }
    let Some((local, domain)) = text.rsplit_once('@') else { return refusal() };
    let local_ok = !local.is_empty()
        && local.len() <= 64
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && local.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c));
    let domain_ok = domain.contains('.')
        && domain.split('.').all(|part| {
            !part.is_empty()
                && part.len() <= 63
                && !part.starts_with('-')
                && !part.ends_with('-')
                && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        });
    if !local_ok || !domain_ok {
        return refusal();
    }
    Ok(format!("{local}@{}", domain.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_a_tag_are_one() {
        for spelling in
            ["Action Recognition", " action__recognition ", "ACTION-recognition", "\u{ff21}ction recognition"]
        {
            assert_eq!(Tag::parse(spelling).unwrap().as_str(), "action-recognition");
        }
        assert_eq!(Tag::parse(&"é".repeat(40)).unwrap().as_str().chars().count(), 40);
        for wrong in ["", " - ", "a,b", "c++", "<b>", "a\u{0}b", &"a".repeat(41)] {
            assert!(Tag::parse(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn versions_are_parts_of_addresses() {
        for good in ["2016", "1.0.0", "v2_rc-1"] {
            assert!(VersionName::parse(good).is_ok(), "{good}");
        }
        for bad in ["", ".1", "1 0", "1@2", "1/2", &"1".repeat(41)] {
            assert!(VersionName::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn slugs_are_plain() {
        for good in ["a", "ego4d-nlq-2026", "0x"] {
            assert!(Slug::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "-a", "a-", "A", "a b", "a_b", "é", &"a".repeat(65)] {
            assert!(Slug::parse(bad).is_err(), "{bad}");
        }
        assert!(Codename::parse("test_public").is_ok());
    }

    #[test]
    fn team_names_that_look_alike_are_one() {
        let latin = TeamName::parse("Atlas").unwrap();
        let cyrillic = TeamName::parse("\u{0410}tlas").unwrap();
        assert_ne!(latin, cyrillic);
        assert_eq!(latin.skeleton(), cyrillic.skeleton());
        assert_eq!(latin.skeleton(), TeamName::parse("  aTLAS ").unwrap().skeleton());
    }

    #[test]
    fn invisible_characters_are_refused() {
        for bad in ["a\u{202E}b", "a\u{200D}b", "a\u{0}b", "a\nb", "\u{FEFF}a", "   "] {
            assert!(TeamName::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn addresses_are_checked_and_their_domain_folded() {
        assert_eq!(EmailAddress::parse("Ada@Example.ORG").unwrap().as_str(), "Ada@example.org");
        assert_eq!(EmailAddress::parse("Ada@Example.ORG").unwrap().key(), "ada@example.org");
        for bad in
            ["", "ada", "ada@", "@example.org", "a b@example.org", "a@b", "a@b..c", "a@b.c\r\nBcc: x@y.z"]
        {
            assert!(EmailAddress::parse(bad).is_err(), "{bad:?}");
        }
    }
}
