//! Passwords: what may be one, how it is kept, how it is checked.
//!
//! Kept as argon2id, which takes 19 MiB and some 20 ms of a processor for each;
//! so hashing runs on the blocking pool, and a semaphore bounds how much memory sign-ins can take together.

use std::sync::Arc;

use argon2::Argon2;
use argon2::password_hash::phc;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use domain::{EmailAddress, Entropy, Invalid};
use tokio::sync::Semaphore;

use crate::failure::{Failure, Outcome};

/// Long enough that guessing over the network is hopeless, with no rule about what it is made of.
const SHORTEST: usize = 12;
/// A phrase may be long; a book may not.
const LONGEST: usize = 256;
/// How many characters must be left when everything predictable is taken away.
const UNPREDICTABLE: usize = 6;

/// A password that somebody may choose.
#[derive(Clone)]
pub struct Password(String);

impl Password {
    /// Reads a new password of the person with that address and name.
    ///
    /// Its characters are taken exactly as they come.
    pub fn parse(text: &str, email: &EmailAddress, name: &str) -> Result<Self, Invalid> {
        let length = text.chars().count();
        if length < SHORTEST {
            return Err(Invalid::new("password", format!("must have at least {SHORTEST} characters")));
        }
        if length > LONGEST {
            return Err(Invalid::new("password", format!("must have at most {LONGEST} characters")));
        }
        if unpredictable_characters(text, email, name) < UNPREDICTABLE {
            return Err(Invalid::new(
                "password",
                "must not be little more than common words, a run of keys, or your own name or address",
            ));
        }
        Ok(Self(text.to_owned()))
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password")
    }
}

/// What is kept of a password: a PHC string.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(pub String);

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash")
    }
}

/// Hashes and checks passwords, a few at a time.
#[derive(Clone)]
pub struct Passwords {
    permits: Arc<Semaphore>,
    /// The hash of no password: what is checked when there is no account, so that the answer takes as long.
    decoy: PasswordHash,
}

impl Passwords {
    /// At most `at_once` hashes at the same time.
    pub fn new(at_once: usize) -> Outcome<Self> {
        let decoy = hash_now("", b"heldout decoy 16")?;
        Ok(Self { permits: Arc::new(Semaphore::new(at_once.max(1))), decoy })
    }

    /// What is to be kept of a new password.
    pub async fn hash(&self, password: Password, entropy: &dyn Entropy) -> Outcome<PasswordHash> {
        let mut salt = [0; 16];
        entropy.fill(&mut salt);
        self.in_turn(move || hash_now(&password.0, &salt)).await
    }

    /// Whether `password` is the one that was kept; always `false`, after the same work, when nothing was.
    pub async fn verify(&self, password: &str, kept: Option<&PasswordHash>) -> Outcome<bool> {
        let exists = kept.is_some();
        let kept = kept.unwrap_or(&self.decoy).clone();
        // Nobody has a longer one; hashing it would only cost.
        let password: String = password.chars().take(LONGEST + 1).collect();
        let matches = self.in_turn(move || verify_now(&password, &kept)).await?;
        Ok(matches && exists)
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Outcome<T> + Send + 'static,
    ) -> Outcome<T> {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(Failure::internal)?;
        let work = move || {
            // The permit goes along: a caller that hangs up does not free the memory that is in use.
            let _permit = permit;
            work()
        };
        tokio::task::spawn_blocking(work).await.map_err(Failure::internal)?
    }
}

fn hash_now(password: &str, salt: &[u8]) -> Outcome<PasswordHash> {
    let hash =
        Argon2::default().hash_password_with_salt(password.as_bytes(), salt).map_err(Failure::internal)?;
    Ok(PasswordHash(hash.to_string()))
}

fn verify_now(password: &str, kept: &PasswordHash) -> Outcome<bool> {
    let kept = phc::PasswordHash::new(&kept.0).map_err(Failure::internal)?;
    match Argon2::default().verify_password(password.as_bytes(), &kept) {
        Ok(()) => Ok(true),
        Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
        Err(fault) => Err(Failure::internal(fault)),
    }
}

/// How many characters are left of a password without common words, the person's own words, and runs.
///
/// Lists of leaked passwords are words with digits and signs around them;
/// taking the words away covers all their variants without shipping a list of millions.
fn unpredictable_characters(password: &str, email: &EmailAddress, name: &str) -> usize {
    let letters: Vec<char> = password.to_lowercase().chars().collect();
    let disguised: Vec<char> = letters.iter().map(|letter| undisguise(*letter)).collect();

    let own = email.as_str().split(['@', '.', '+', '-', '_']).chain(name.split_whitespace());
    let own: Vec<String> = own.map(str::to_lowercase).filter(|word| word.chars().count() >= 3).collect();
    let words = own.iter().map(String::as_str).chain(COMMON_WORDS.iter().copied());

    let mut covered = vec![false; letters.len()];
    for word in words {
        let word: Vec<char> = word.chars().collect();
        for start in 0..=letters.len().saturating_sub(word.len()) {
            let end = start + word.len();
            if letters.get(start..end) == Some(&word) || disguised.get(start..end) == Some(&word) {
                covered[start..end].fill(true);
            }
        }
    }

    let left: Vec<char> =
        letters.iter().zip(&covered).filter(|(_, covered)| !**covered).map(|(c, _)| *c).collect();
    let follows = |index: usize| {
        let step = u32::from(left[index]).abs_diff(u32::from(left[index - 1]));
        step <= 1 || (1..=4).any(|period| repeats(&left, index, period))
    };
    (0..left.len()).filter(|index| *index == 0 || !follows(*index)).count()
}

/// Whether the character repeats the one `period` places before it, as in `abcabc`.
fn repeats(characters: &[char], index: usize, period: usize) -> bool {
    index >= period && characters[index] == characters[index - period]
}

/// The letter that a sign stands for in `p@ssw0rd`.
fn undisguise(sign: char) -> char {
    match sign {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    }
}

const COMMON_WORDS: &[&str] = &[
    "password",
    "passwort",
    "passphrase",
    "contrasena",
    "motdepasse",
    "qwertyuiop",
    "qwerty",
    "qwertz",
    "azerty",
    "asdfghjkl",
    "asdfgh",
    "asdf",
    "zxcvbnm",
    "zxcvbn",
    "zxcv",
    "qazwsx",
    "1qaz2wsx",
    "1q2w3e4r",
    "q1w2e3r4",
    "letmein",
    "welcome",
    "changeme",
    "iloveyou",
    "trustno",
    "admin",
    "administrator",
    "superuser",
    "root",
    "guest",
    "login",
    "default",
    "secret",
    "master",
    "monkey",
    "dragon",
    "sunshine",
    "princess",
    "football",
    "baseball",
    "basketball",
    "superman",
    "batman",
    "starwars",
    "pokemon",
    "minecraft",
    "whatever",
    "computer",
    "internet",
    "samsung",
    "google",
    "facebook",
    "liverpool",
    "chelsea",
    "charlie",
    "michael",
    "jessica",
    "ashley",
    "shadow",
    "summer",
    "winter",
    "spring",
    "autumn",
    "monday",
    "january",
    "december",
    "hello",
    "freedom",
    "flower",
    "access",
    "correcthorsebatterystaple",
    "heldout",
    "benchmark",
    "challenge",
    "leaderboard",
    "submission",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::test_sources::Counting;

    fn parse(text: &str) -> Result<Password, Invalid> {
        let email = EmailAddress::parse("Ada.Lovelace@analytical.example").unwrap();
        Password::parse(text, &email, "Ada King")
    }

    #[test]
    fn phrases_and_random_strings_are_accepted_whatever_they_are_made_of() {
        for good in [
            "three green boats in march",
            "83920174659283",
            "kvxjqzwplmtr",
            "dœuf à la neige ✓",
            "Tr0ub4dor&3-xyq",
            &"longer than sixty-four characters is quite all right ".repeat(4),
        ] {
            assert!(parse(good).is_ok(), "{good}");
        }
    }

    #[test]
    fn what_is_tried_first_is_refused() {
        for bad in [
            "short",
            "password1234",
            "P@ssw0rd!!!!",
            "PasswordPassword1",
            "123456789012",
            "qwertyuiop123",
            "aaaaaaaaaaaaaaa",
            "abcabcabcabcabc",
            "12121212121212",
            "iloveyou2024",
            "Welcome12345!",
            "adalovelace1",
            "LovelaceKing99",
            "analyticalada1",
            "heldoutheldout",
            "correcthorsebatterystaple",
            &"x7".repeat(200),
        ] {
            assert_eq!(parse(bad).expect_err(bad).field, "password", "{bad}");
        }
    }

    #[tokio::test]
    async fn a_password_is_recognized_and_others_are_not() {
        let passwords = Passwords::new(2).unwrap();
        let chosen = "three green boats in march";
        let kept = passwords.hash(parse(chosen).unwrap(), &Counting::default()).await.unwrap();
        assert!(kept.0.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", kept.0);
        assert!(passwords.verify(chosen, Some(&kept)).await.unwrap());
        assert!(!passwords.verify("three green boats in April", Some(&kept)).await.unwrap());
        assert!(!passwords.verify(&format!("{chosen} "), Some(&kept)).await.unwrap());
    }

    #[tokio::test]
    async fn nobody_has_the_decoy_as_a_password() {
        let passwords = Passwords::new(1).unwrap();
        for guess in ["", "heldout decoy 16"] {
            assert!(!passwords.verify(guess, None).await.unwrap());
        }
    }

    #[tokio::test]
    async fn the_decoy_costs_what_a_real_hash_costs() {
        let passwords = Passwords::new(1).unwrap();
        let real =
            passwords.hash(parse("three green boats in march").unwrap(), &Counting::default()).await.unwrap();
        let cost = |hash: &PasswordHash| hash.0.split('$').take(4).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(cost(&passwords.decoy), cost(&real));
    }

    #[tokio::test]
    async fn a_broken_hash_is_our_fault_and_not_a_wrong_password() {
        let passwords = Passwords::new(1).unwrap();
        let failure = passwords.verify("x", Some(&PasswordHash("plain".into()))).await.unwrap_err();
        assert_eq!(failure.code, crate::failure::Code::Internal);
    }
}
