//! The first stemmer of Porter (1980) with the extensions of NLTK, of words of small letters and digits.

/// Words that the rules would not treat well, with their stems.
const IRREGULAR: [(&str, &str); 16] = [
    ("sky", "sky"),
    ("skies", "sky"),
    ("dying", "die"),
    ("lying", "lie"),
    ("tying", "tie"),
    ("news", "news"),
    ("innings", "inning"),
    ("inning", "inning"),
    ("outings", "outing"),
    ("outing", "outing"),
    ("cannings", "canning"),
    ("canning", "canning"),
    ("howe", "howe"),
    ("proceed", "proceed"),
    ("exceed", "exceed"),
    ("succeed", "succeed"),
];

/// The stem of a word.
pub(crate) fn stem(word: &str) -> String {
    if let Some((_, stem)) = IRREGULAR.iter().find(|(irregular, _)| *irregular == word) {
        return (*stem).to_owned();
    }
    let mut word = Word { letters: word.as_bytes().to_vec() };
    if word.letters.len() > 2 {
        word.plural();
        word.past_and_progressive();
        word.last_y();
        word.double_suffixes();
        word.replace_first(&STEP_3, 0);
        word.last_suffixes();
        word.last_e();
        word.last_l();
    }
    String::from_utf8(word.letters).unwrap_or_default()
}

/// Suffixes with their replacements, where the rest has a measure greater than zero.
const STEP_2: [(&str, &str); 21] = [
    ("ational", "ate"),
    ("tional", "tion"),
    ("enci", "ence"),
    ("anci", "ance"),
    ("izer", "ize"),
    ("bli", "ble"),
    ("alli", "al"),
    ("entli", "ent"),
    ("eli", "e"),
    ("ousli", "ous"),
    ("ization", "ize"),
    ("ation", "ate"),
    ("ator", "ate"),
    ("alism", "al"),
    ("iveness", "ive"),
    ("fulness", "ful"),
    ("ousness", "ous"),
    ("aliti", "al"),
    ("iviti", "ive"),
    ("biliti", "ble"),
    ("fulli", "ful"),
];

/// The same of the third step.
const STEP_3: [(&str, &str); 7] = [
    ("icate", "ic"),
    ("ative", ""),
    ("alize", "al"),
    ("iciti", "ic"),
    ("ical", "ic"),
    ("ful", ""),
    ("ness", ""),
];

/// Suffixes that fall where the rest has a measure greater than one.
const STEP_4: [&str; 19] = [
    "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism",
    "ate", "iti", "ous", "ive", "ize",
];

struct Word {
    letters: Vec<u8>,
}

impl Word {
    /// The length without a suffix, if the word ends with it.
    fn without(&self, suffix: &str) -> Option<usize> {
        self.letters.ends_with(suffix.as_bytes()).then(|| self.letters.len() - suffix.len())
    }

    fn replace(&mut self, length: usize, replacement: &str) {
        self.letters.truncate(length);
        self.letters.extend_from_slice(replacement.as_bytes());
    }

    /// For each of the first letters whether it is a consonant.
    ///
    /// A y is one at the beginning and behind a vowel.
    fn consonants(&self, length: usize) -> impl Iterator<Item = bool> {
        let mut before = false;
        self.letters[..length].iter().enumerate().map(move |(position, letter)| {
            before = match letter {
                b'a' | b'e' | b'i' | b'o' | b'u' => false,
                b'y' => position == 0 || !before,
                _ => true,
            };
            before
        })
    }

    fn is_consonant(&self, position: usize) -> bool {
        self.consonants(position + 1).last().unwrap_or(false)
    }

    /// How often a consonant follows a vowel.
    fn measure(&self, length: usize) -> usize {
        let mut before = true;
        let follows = |consonant: &bool| {
            let follows = *consonant && !before;
            before = *consonant;
            follows
        };
        self.consonants(length).filter(follows).count()
    }

    fn has_vowel(&self, length: usize) -> bool {
        self.consonants(length).any(|consonant| !consonant)
    }

    /// Whether the first letters end with consonant, vowel, consonant, the last none of w, x and y; two letters may be
    /// vowel and consonant.
    fn ends_short(&self, length: usize) -> bool {
        let kinds: Vec<bool> = self.consonants(length).collect();
        match kinds[..] {
            [false, true] => true,
            [.., true, false, true] => !matches!(self.letters[length - 1], b'w' | b'x' | b'y'),
            _ => false,
        }
    }

    fn plural(&mut self) {
        let length = self.letters.len();
        if let Some(rest) = self.without("ies") {
            self.replace(rest, if length == 4 { "ie" } else { "i" });
        } else if let Some(rest) = self.without("sses") {
            self.replace(rest, "ss");
        } else if self.without("ss").is_none()
            && let Some(rest) = self.without("s")
        {
            self.replace(rest, "");
        }
    }

    fn past_and_progressive(&mut self) {
        let length = self.letters.len();
        if let Some(rest) = self.without("ied") {
            self.replace(rest, if length == 4 { "ie" } else { "i" });
            return;
        }
        if let Some(rest) = self.without("eed") {
            if self.measure(rest) > 0 {
                self.replace(rest, "ee");
            }
            return;
        }
        let suffixes = ["ed", "ing"].iter();
        let rest = suffixes.filter_map(|suffix| self.without(suffix)).find(|rest| self.has_vowel(*rest));
        let Some(rest) = rest else { return };
        self.letters.truncate(rest);
        let double =
            rest >= 2 && self.letters[rest - 1] == self.letters[rest - 2] && self.is_consonant(rest - 1);
        if ["at", "bl", "iz"].iter().any(|ending| self.without(ending).is_some()) {
            self.letters.push(b'e');
        } else if double {
            if !matches!(self.letters[rest - 1], b'l' | b's' | b'z') {
                self.letters.pop();
            }
        } else if self.measure(rest) == 1 && self.ends_short(rest) {
            self.letters.push(b'e');
        }
    }

    fn last_y(&mut self) {
        if let Some(rest) = self.without("y")
            && rest > 1
            && self.is_consonant(rest - 1)
        {
            self.replace(rest, "i");
        }
    }

    fn double_suffixes(&mut self) {
        if let Some(rest) = self.without("alli")
            && self.measure(rest) > 0
        {
            self.replace(rest, "al");
            self.double_suffixes();
            return;
        }
        if let Some(rest) = self.without("logi")
            && !STEP_2.iter().any(|(suffix, _)| self.without(suffix).is_some())
        {
            // The l counts as well.
            if self.measure(rest + 1) > 0 {
                self.replace(rest, "log");
            }
            return;
        }
        self.replace_first(&STEP_2, 0);
    }

    /// Replaces the first suffix that the word ends with, if the rest has a measure greater than that.
    fn replace_first(&mut self, rules: &[(&str, &str)], measure: usize) {
        let found =
            rules.iter().find_map(|(suffix, replacement)| Some((self.without(suffix)?, *replacement)));
        if let Some((rest, replacement)) = found
            && self.measure(rest) > measure
        {
            self.replace(rest, replacement);
        }
    }

    fn last_suffixes(&mut self) {
        let found = STEP_4.iter().find_map(|suffix| Some((*suffix, self.without(suffix)?)));
        if let Some((suffix, rest)) = found
            && self.measure(rest) > 1
            && (suffix != "ion" || matches!(self.letters[rest - 1], b's' | b't'))
        {
            self.letters.truncate(rest);
        }
    }

    fn last_e(&mut self) {
        if let Some(rest) = self.without("e") {
            let measure = self.measure(rest);
            if measure > 1 || measure == 1 && !self.ends_short(rest) {
                self.letters.truncate(rest);
            }
        }
    }

    fn last_l(&mut self) {
        if let Some(rest) = self.without("ll")
            && self.measure(rest + 1) > 1
        {
            self.letters.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn words_have_the_stems_of_nltk() {
        for (word, expected) in [
            ("caresses", "caress"),
            ("ponies", "poni"),
            ("ties", "tie"),
            ("cats", "cat"),
            ("feed", "feed"),
            ("agreed", "agre"),
            ("plastered", "plaster"),
            ("motoring", "motor"),
            ("sing", "sing"),
            ("conflated", "conflat"),
            ("sized", "size"),
            ("hopping", "hop"),
            ("falling", "fall"),
            ("filing", "file"),
            ("happy", "happi"),
            ("enjoy", "enjoy"),
            ("sky", "sky"),
            ("dying", "die"),
            ("relational", "relat"),
            ("radically", "radic"),
            ("geology", "geolog"),
            ("hopefully", "hope"),
            ("adoption", "adopt"),
            ("replacement", "replac"),
            ("probate", "probat"),
            ("controlling", "control"),
            ("rolled", "roll"),
            ("syzygy", "syzygi"),
            ("yyyy", "yyyi"),
            ("2021s", "2021"),
            ("is", "is"),
        ] {
            assert_eq!(stem(word), expected, "{word}");
        }
    }
}
