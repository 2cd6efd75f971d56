//! The table of failure codes.
//!
//! A row gives a code its stable name, its HTTP status, its title, and the paragraph that `/problems/<name>` shows:
//! what it means, and what to do.
//! Names are part of the API: a row may be added, its texts may be improved, but a name never changes.

use serde::{Serialize, Serializer};

macro_rules! codes {
    ($($variant:ident = $name:literal, $status:literal, $title:literal: $documentation:literal)*) => {
        /// What kind of failure it is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code {
            $(#[doc = $documentation] $variant,)*
        }

        impl Code {
            /// Every code, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The stable name, as programs see it.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The HTTP status that goes with it.
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status,)* }
            }

            /// A short heading, the same for every occurrence.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)* }
            }

            /// What it means and what to do about it.
            pub const fn documentation(self) -> &'static str {
                match self { $(Self::$variant => $documentation,)* }
            }

            /// The code of this name.
            pub fn parse(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

codes! {
    // Finding things
    NotFound = "not_found", 404, "Not found":
        "There is nothing at this address, or it exists and you may not see it; the two are not told apart. \
         Check the address and that you are signed in with the right account."
    MethodNotAllowed = "method_not_allowed", 405, "Method not allowed":
        "The address exists but does not answer this HTTP method. \
         The OpenAPI document at /openapi.json lists the methods of every address."

    // Who is asking
    NotSignedIn = "not_signed_in", 401, "Not signed in":
        "This needs an account. Sign in, or send an access token or API token as `Authorization: Bearer …`."
    InvalidCredentials = "invalid_credentials", 401, "Wrong e-mail address or password":
        "No account has this e-mail address with this password. \
         The answer is the same whether the account exists or not. Try again, or reset the password."
    TokenInvalid = "token_invalid", 401, "Token not valid":
        "The token is malformed, was not issued by this server or is of another kind than what is wanted here. \
         Sign in again for a new one."
    TokenExpired = "token_expired", 401, "Token expired":
        "The token was valid once and has run out. Use the refresh token to get a new access token, or sign in again."
    TokenRevoked = "token_revoked", 401, "Token revoked":
        "The token was taken back: by signing out, by a change of the password, or by revoking it. Sign in again."
    AccountDisabled = "account_disabled", 403, "Account disabled":
        "An administrator has disabled this account. Write to the operator of this server."
    EmailNotVerified = "email_not_verified", 403, "E-mail address not verified":
        "This needs a verified e-mail address. Open the link in the mail that was sent at registration, \
         or ask for a new one."
    RegistrationClosed = "registration_closed", 403, "Registration is closed":
        "This server does not accept new accounts from the outside. Ask its operator for one."
    LinkInvalid = "link_invalid", 400, "Link not valid any more":
        "The link from the mail was already used, has expired or is incomplete. Ask for a new one."

    // What the asker may do
    Forbidden = "forbidden", 403, "Not allowed":
        "You can see this but your role does not allow this action. Ask somebody who has the role, \
         such as an organizer of the challenge or the captain of the team."
    InsufficientScope = "insufficient_scope", 403, "The token does not allow this":
        "Your account may do this but the API token in use was made with narrower scopes. \
         Make a token with the scope that the detail names."
    CrossSiteRequest = "cross_site_request", 403, "Request from another site refused":
        "A browser sent this request with your session from a page of another site. \
         If you meant it, do it from the pages of this server. Programs use a bearer token instead of the session cookie."

    // The form of a request
    InvalidField = "invalid_field", 422, "Invalid field":
        "The request is well-formed but one or more values break a rule. `errors` lists every such field with its rule."
    InvalidJson = "invalid_json", 400, "Invalid JSON":
        "The body is not JSON, or is cut off. The detail names the line and column where reading stopped."
    MalformedRequest = "malformed_request", 400, "Malformed request":
        "The request could not be read: a header, the path, the query or the encoding of the body is broken. \
         The detail names the part."
    PayloadTooLarge = "payload_too_large", 413, "Too large":
        "The body is larger than what is accepted here; the detail names the limit."
    UnsupportedMediaType = "unsupported_media_type", 415, "Unsupported media type":
        "The `Content-Type` is missing or is not one that is understood here; the detail names those that are."
    PreconditionFailed = "precondition_failed", 412, "Precondition failed":
        "A condition in the headers of the request does not hold (any more). Read the object again and repeat."
    AnnotationsElsewhere = "annotations_elsewhere", 421, "Not at this address":
        "This needs the held-out annotations, and the server that answers here is kept away from them. \
         Organizers work at another address of the same site; ask its operator for it."
    RequestTimeout = "request_timeout", 408, "The request took too long":
        "The request did not arrive in full in time. Send it again; large files go by resumable upload."
    IdempotencyKeyReused = "idempotency_key_reused", 409, "Idempotency key used for something else":
        "This `Idempotency-Key` was already used with a different request. \
         Use a new key for a new request, and the same key only to repeat the same one."
    IdempotencyInProgress = "idempotency_in_progress", 409, "The same request is still being handled":
        "A request with this `Idempotency-Key` has not been answered yet. Wait a moment and repeat it with the same key."

    // How much
    RateLimited = "rate_limited", 429, "Too many requests":
        "Too many requests in a short time. Wait for as long as the `Retry-After` header says."
    QuotaExceeded = "quota_exceeded", 429, "No submissions left":
        "The quota of this phase is used up for now. The detail says which limit it is and when it returns."
    TooManyPending = "too_many_pending", 429, "Too many submissions in progress":
        "The team has as many unfinished submissions in this phase as are allowed at once. \
         Wait until one is scored, or cancel one."

    CheckTooLong = "check_too_long", 422, "The file needs a real evaluation":
        "Checking the file took more time or memory than a check may take, which says nothing about the file. \
         Submit it, or check it on your own machine with `heldout evaluate --check`."

    // Taking part
    PhaseNotOpen = "phase_not_open", 409, "The phase is not open yet":
        "The phase accepts submissions later. The detail says when it opens."
    PhaseNotFramed = "phase_not_framed", 409, "The phase has no framing":
        "Nobody has recorded yet how the phase frames what it counts: whose activities, whose labels, who decided. \
         Its organizers do so on its page of framing, in `challenge.toml` or through the API; then it takes submissions."
    SubmissionsPaused = "submissions_paused", 409, "Submissions are paused":
        "The organizers take no submissions for a while; the detail says why. Deadlines stay where they are unless they move them."
    PhaseClosed = "phase_closed", 409, "The phase is closed":
        "The deadline has passed, or the organizer has closed the phase."
    NotRegistered = "not_registered", 403, "Not registered":
        "This needs a registration for the challenge. Register on the page of the challenge."
    EntryNotAllowed = "entry_not_allowed", 403, "Entry is not for everybody":
        "The organizers have named who may enter this challenge, and your e-mail address is not among them. \
         If it should be, write to the organizers; if you have another address there, register with it."
    EntriesClosed = "entries_closed", 409, "Entries are closed":
        "The organizers have set a moment from which on nobody registers any more, and it has passed."
    RegistrationWaiting = "registration_waiting", 403, "The registration waits for approval":
        "An organizer has to approve the registration before you can submit. You will be sent a mail."
    NotAdmitted = "not_admitted", 403, "Not admitted":
        "The organizers have refused or ended your registration. `GET /challenges/{challenge}/registration` says why, \
         and you can appeal there once."
    TeamsFrozen = "teams_frozen", 409, "Teams are frozen":
        "The organizers have set a moment from which on nobody joins a team any more, and it has passed."
    MergerOverQuota = "merger_over_quota", 409, "Together over the quota":
        "Two teams that become one have used more than one team may. `detail` says of which window, and when there is room again."
    TermsNotAccepted = "terms_not_accepted", 403, "Terms not accepted":
        "The challenge has terms, or new ones, that you have not accepted. Read and accept them, then try again."
    NotInTeam = "not_in_team", 403, "Not in a team":
        "This needs a team in the challenge. Make one or accept an invitation."
    AlreadyInTeam = "already_in_team", 409, "Already in a team":
        "A person can be in one team per challenge. Leave the present one first."
    TeamFull = "team_full", 409, "The team is full":
        "The team has as many members as the challenge allows."
    TeamNameTaken = "team_name_taken", 409, "The team name is taken":
        "Another team of the challenge has this name, or one that looks the same. Choose another."
    SlugTaken = "slug_taken", 409, "The short name is taken":
        "Something else has this short name, which is part of its address. Choose another."
    OrcidTaken = "orcid_taken", 409, "The ORCID iD is taken":
        "Another account has stated this ORCID iD, and it is of one person. If it is yours, ask the operator of this server."
    InvitationInvalid = "invitation_invalid", 404, "Invitation not valid":
        "The invitation does not exist, has expired, was used or was withdrawn. Ask the captain for a new one."

    SliceTooSmall = "slice_too_small", 422, "Too few items":
        "The score of a few items is nearly one of their labels, and so is the difference of two scores that few items make. \
         Ask of a larger part of the items; organizers may ask of any."
    ExportNotApproved = "export_not_approved", 403, "The export is not approved":
        "Rows about people are handed over on a request that the organizers have approved, while the approval of the ethics board \
         lasts. Ask first, or ask again."
    TooFewPeople = "too_few_people", 422, "Too few people":
        "So few people stand behind this that they could be told apart. Wait until there are more, or ask for totals."

    // Running a challenge
    AnnotationsInvalid = "annotations_invalid", 422, "Annotations refused":
        "The evaluator cannot use these annotations. `errors` lists what is wrong and where; nothing was changed."
    BundleInvalid = "bundle_invalid", 422, "Bundle refused":
        "The bundle cannot become a challenge. `errors` lists everything that is wrong with its file, line and key; \
         nothing was changed."
    ParamsInvalid = "params_invalid", 422, "Parameters refused":
        "The evaluator does not accept these parameters. `errors` lists each of them; \
         `heldout evaluators <id>` prints what it accepts."
    EvaluatorUnknown = "evaluator_unknown", 422, "No such evaluator":
        "This server has no evaluator of this name. `heldout evaluators` lists those that it has."
    NoAnnotations = "no_annotations", 409, "The phase has no annotations yet":
        "The organizer has not uploaded the held-out annotations of this phase, so nothing can be scored."

    // The life of a submission
    SubmissionNotCancellable = "submission_not_cancellable", 409, "Cannot be cancelled any more":
        "Only a submission that waits or runs can be cancelled. A finished one can be withdrawn."
    SubmissionNotRerunnable = "submission_not_rerunnable", 409, "Cannot be run again":
        "Only a submission whose evaluation failed or was cancelled can be run again."
    StateConflict = "state_conflict", 409, "Not possible in the present state":
        "Something else changed this in the meantime, or it is in a state that does not allow the action. \
         Read it again and decide anew."

    // Uploads
    UploadOffsetMismatch = "upload_offset_mismatch", 409, "Wrong upload offset":
        "The piece does not begin where the last one ended. \
         Ask with HEAD for the present offset and go on from there."
    UploadExpired = "upload_expired", 410, "The upload has expired":
        "The resumable upload was not finished in time and its bytes are gone. Begin a new one."
    ChecksumMismatch = "checksum_mismatch", 460, "Checksum mismatch":
        "The bytes that arrived are not those whose checksum was sent; they were thrown away. Send the piece again."

    // Faults of the server
    StorageFull = "storage_full", 507, "The server has no space left":
        "The upload could not be stored because the server's storage is full; nothing was charged. \
         The operator has to make room; try again later."
    Unavailable = "unavailable", 503, "Temporarily unavailable":
        "The server cannot reach something that it needs, such as its database. Nothing was changed. Try again shortly."
    Internal = "internal", 500, "Internal error":
        "A fault of the server, which has been recorded under the request id. \
         If it persists, send that id to the operator."
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// `TeamNameTaken` -> `team_name_taken`
    fn snake_case(variant: &str) -> String {
        let mut snake = String::new();
        for letter in variant.chars() {
            if letter.is_uppercase() && !snake.is_empty() {
                snake.push('_');
            }
            snake.extend(letter.to_lowercase());
        }
        snake
    }

    #[test]
    fn names_are_unique_and_follow_the_variants() {
        let names: HashSet<_> = Code::ALL.iter().map(|code| code.name()).collect();
        assert_eq!(names.len(), Code::ALL.len());
        for &code in Code::ALL {
            assert_eq!(code.name(), snake_case(&format!("{code:?}")));
            assert_eq!(Code::parse(code.name()), Some(code));
        }
    }

    #[test]
    fn every_row_is_an_error_with_something_to_read() {
        for &code in Code::ALL {
            assert!((400..600).contains(&code.status()), "{code}");
            assert!(!code.title().ends_with('.'), "{code}: a title has no full stop");
            assert!(code.documentation().ends_with('.'), "{code}: documentation is made of sentences");
            assert!(!code.documentation().contains("  "), "{code}: a line continuation left a gap");
        }
    }
}
