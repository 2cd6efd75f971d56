//! What the server writes to people.
//!
//! The tokens in the links are URL-safe, so that they need no escaping.

use domain::announcement::AnnouncementDraft;
use domain::entry::RegistrationState;
use domain::{EmailAddress, TeamId, TeamName, Title};
use storage::challenges::Challenge;
use storage::teams::Team;

use super::Mail;
use crate::identity::OpaqueToken;
use crate::integrity::notify::Notice;
use crate::settings::PublicUrl;

/// Asks somebody to prove that the address is theirs.
pub fn verification(site: &PublicUrl, to: EmailAddress, token: &OpaqueToken) -> Mail {
    let link = site.link(&format!("/verify?token={}", token.reveal()));
    let text = format!(
        "An account was made with this e-mail address at {}.\n\n\
         Open this link to confirm that it is yours:\n\n{link}\n\n\
         If you did not make an account, ignore this mail: without the link the account cannot take part.\n",
        site.as_str()
    );
    Mail::new(to, "Confirm your e-mail address", text)
}

/// Lets somebody set a new password.
pub fn password_reset(site: &PublicUrl, to: EmailAddress, token: &OpaqueToken) -> Mail {
    let link = site.link(&format!("/reset?token={}", token.reveal()));
    let text = format!(
        "Somebody asked for a new password for the account with this e-mail address at {}.\n\n\
         Open this link to choose one; it works once:\n\n{link}\n\n\
         If it was not you, ignore this mail: the password stays as it is.\n",
        site.as_str()
    );
    Mail::new(to, "Choose a new password", text)
}

/// Tells somebody who tried to make a second account that they have one.
pub fn already_registered(site: &PublicUrl, to: EmailAddress, token: &OpaqueToken) -> Mail {
    let link = site.link(&format!("/reset?token={}", token.reveal()));
    let text = format!(
        "Somebody tried to make an account with this e-mail address at {}, but there is one already.\n\n\
         If it was you, sign in with your password. If you do not remember it, open this link to choose a new one; \
         it works once:\n\n{link}\n\n\
         If it was not you, ignore this mail: nothing has changed.\n",
        site.as_str()
    );
    Mail::new(to, "You have an account already", text)
}

/// Asks somebody to join a team.
///
/// The names are other people's words, so they stand in the text between quotes and never in the subject.
pub fn invitation(
    site: &PublicUrl,
    to: EmailAddress,
    team: &TeamName,
    challenge: &Title,
    token: &OpaqueToken,
) -> Mail {
    let link = site.link(&format!("/invitations/{}", token.reveal()));
    let text = format!(
        "You are invited to join the team \"{team}\" in the challenge \"{challenge}\" at {}.\n\n\
         Open this link to see the invitation and to accept or decline it:\n\n{link}\n\n\
         If you do not know the team, ignore this mail.\n",
        site.as_str()
    );
    Mail::new(to, "An invitation to join a team", text)
}

/// Asks the captain of a team whether another team may go into it.
///
/// The names are other people's words, so they stand in the text between quotes and never in the subject.
pub fn merger_proposed(
    site: &PublicUrl,
    to: EmailAddress,
    (from, into): (&TeamName, &Team),
    challenge: &Title,
) -> Mail {
    let link = site.link(&format!("/teams/{}", into.id));
    let text = format!(
        "The captain of the team \"{from}\" would like it to become one with yours, \"{}\", in the challenge \
         \"{challenge}\" at {}.\n\nOpen this link to see what that means and to accept or decline:\n\n{link}\n",
        into.name,
        site.as_str()
    );
    Mail::new(to, "A team would like to join yours", text)
}

/// Tells somebody that their registration was decided about; why stands on the site only.
pub fn registration_decided(
    site: &PublicUrl,
    to: EmailAddress,
    challenge: &Challenge,
    state: RegistrationState,
) -> Mail {
    let link = site.link(&format!("/challenges/{}", challenge.slug));
    let told = match state {
        RegistrationState::Admitted => "You are admitted to",
        _ => "The organizers have decided not to have you in",
    };
    let text = format!(
        "{told} the challenge \"{}\" at {}.\n\n\
         More about it stands on its page, once you are signed in:\n\n{link}\n",
        challenge.title,
        site.as_str()
    );
    Mail::new(to, "A decision about your registration", text)
}

/// Tells a member of a team that something was decided about its submissions; what it was stands on the site only.
pub fn flag_notice(
    site: &PublicUrl,
    to: EmailAddress,
    team: TeamId,
    challenge: &Title,
    notice: Notice,
) -> Mail {
    let link = site.link(&format!("/teams/{team}"));
    let (subject, told) = match notice {
        Notice::Upheld => (
            "A decision about your submissions",
            "The organizers have upheld a flag about submissions of your team",
        ),
        Notice::Answered => {
            ("An answer to your appeal", "The organizers have answered the appeal of your team")
        }
    };
    let text = format!(
        "{told} in the challenge \"{challenge}\" at {}.\n\n\
         Open this link to read it; a team can appeal once against a flag that was upheld:\n\n{link}\n",
        site.as_str()
    );
    Mail::new(to, subject, text)
}

/// Sends somebody what the organizers of a challenge have announced.
///
/// The heading and the text are other people's words, so they stand behind ours and never in the subject.
pub fn announcement(
    site: &PublicUrl,
    to: EmailAddress,
    challenge: &Challenge,
    draft: &AnnouncementDraft,
) -> Mail {
    let link = site.link(&format!("/challenges/{}", challenge.slug));
    let text = format!(
        "The organizers of \"{}\" at {} have announced:\n\n{}\n\n{}\n\n\
         You get this mail because you are registered there: {link}\n",
        challenge.title,
        site.as_str(),
        draft.title,
        draft.body,
    );
    Mail::new(to, "An announcement of a challenge", text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::TokenKind;
    use crate::identity::test_sources::Counting;

    #[test]
    fn links_lead_to_the_configured_address_and_carry_the_token() {
        let site = PublicUrl::parse("https://heldout.example").unwrap();
        let to = EmailAddress::parse("ada@analytical.example").unwrap();
        let token = OpaqueToken::mint(TokenKind::Verification, &Counting::default());
        let team = TeamName::parse("The Looms").unwrap();
        let challenge = Title::parse("Ego moments").unwrap();
        for mail in [
            verification(&site, to.clone(), &token),
            password_reset(&site, to.clone(), &token),
            already_registered(&site, to.clone(), &token),
            invitation(&site, to.clone(), &team, &challenge, &token),
        ] {
            let link = mail.text.lines().find(|line| line.starts_with("https://")).unwrap();
            assert!(link.starts_with("https://heldout.example/") && link.ends_with(token.reveal()), "{link}");
            assert!(!mail.subject().contains("Looms"));
        }
    }
}
