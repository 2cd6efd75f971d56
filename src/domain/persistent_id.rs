//! Persistent identifiers of people and organizations, checked by their check digits: a slip of the finger is not somebody else.

use crate::Invalid;

/// An ORCID iD, `0000-0002-1825-0097`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Orcid(String);

/// The id of an organization in the Research Organization Registry, `05dxps055`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ror(String);

impl Orcid {
    /// Reads an ORCID iD with its hyphens, alone or as the address that it is shown as.
    ///
    /// The last of its sixteen signs is the check digit of ISO 7064 MOD 11-2, `X` for 10.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        const RULE: &str = "must be an ORCID iD with its check digit, such as 0000-0002-1825-0097";
        let given = text.trim();
        let id = ["https://orcid.org/", "http://orcid.org/"]
            .into_iter()
            .find_map(|address| given.strip_prefix(address))
            .unwrap_or(given)
            .to_ascii_uppercase();
        let groups: Vec<&str> = id.split('-').collect();
        let is_grouped = groups.len() == 4 && groups.iter().all(|group| group.len() == 4);
        let signs: Vec<char> = groups.concat().chars().collect();
        let Some((check, digits)) = signs.split_last().filter(|_| is_grouped && signs.len() == 16) else {
            return Err(Invalid::new("orcid", RULE));
        };
        let mut total = 0;
        for sign in digits {
            let digit = sign.to_digit(10).ok_or_else(|| Invalid::new("orcid", RULE))?;
            total = (total + digit) * 2 % 11;
        }
        let wanted = match (12 - total) % 11 {
            10 => 'X',
            digit => char::from_digit(digit, 10).unwrap_or('X'),
        };
        if *check == wanted { Ok(Self(id)) } else { Err(Invalid::new("orcid", RULE)) }
    }

    /// The iD with its hyphens, 19 signs.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Ror {
    /// Reads a ROR id, alone or as the address that it is shown as.
    ///
    /// It is a zero, six signs of Crockford's base 32, and two check digits of ISO 7064 MOD 97-10 over the number they make.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        const RULE: &str = "must be a ROR id with its check digits, such as 05dxps055";
        const SIGNS: &str = "0123456789abcdefghjkmnpqrstvwxyz";
        let given = text.trim();
        let id = ["https://ror.org/", "http://ror.org/", "ror.org/"]
            .into_iter()
            .find_map(|address| given.strip_prefix(address))
            .unwrap_or(given)
            .to_ascii_lowercase();
        let refused = || Invalid::new("ror", RULE);
        let (middle, check) = id
            .strip_prefix('0')
            .filter(|rest| rest.len() == 8 && rest.is_ascii())
            .ok_or_else(refused)?
            .split_at(6);
        let mut number = 0_u64;
        for sign in middle.chars() {
            number = number * 32 + SIGNS.find(sign).ok_or_else(refused)? as u64;
        }
        let wanted = format!("{:02}", 98 - number * 100 % 97);
        if check == wanted { Ok(Self(id)) } else { Err(refused()) }
    }

    /// The id, 9 signs in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orcid_ids_of_its_own_documentation() {
        for id in ["0000-0002-1825-0097", "0000-0001-5109-3700", "0000-0002-1694-233X"] {
            assert_eq!(Orcid::parse(id).unwrap().as_str(), id);
            assert_eq!(
                Orcid::parse(&format!("https://orcid.org/{}", id.to_lowercase())).unwrap().as_str(),
                id
            );
        }
    }

    #[test]
    fn a_slip_is_no_orcid_id() {
        for wrong in [
            "",
            "0000-0002-1825-0098",
            "0000-0002-1852-0097",
            "0000000218250097",
            "0000-0002-1825-009",
            "0000-0002-1825-00977",
            "000X-0002-1825-0097",
            "0000-0002-1825-ä97",
        ] {
            assert!(Orcid::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn ror_ids_of_universities() {
        for id in ["05dxps055", "00f54p054", "042nb2s44", "052gg0110", "013meh722"] {
            assert_eq!(Ror::parse(id).unwrap().as_str(), id);
            assert_eq!(Ror::parse(&format!("https://ror.org/{}", id.to_uppercase())).unwrap().as_str(), id);
        }
    }

    #[test]
    fn a_slip_is_no_ror_id() {
        for wrong in
            ["", "05dxps054", "05dxsp055", "5dxps055", "05dxps05", "15dxps055", "05dxpi055", "05dxpsä55"]
        {
            assert!(Ror::parse(wrong).is_err(), "{wrong}");
        }
    }
}
