//! What clients of EvalAI talk about: things with small numbers, and teams that are there before any challenge.

use crate::Invalid;

/// The kinds of things that have numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NumberedKind {
    /// A challenge.
    Challenge,
    /// A phase.
    Phase,
    /// A split of a phase: EvalAI calls it a challenge phase split.
    PhaseSplit,
    /// A team of a challenge, or one that a person made for challenges to come.
    ParticipantTeam,
    /// A team that runs challenges, or a person in that role.
    HostTeam,
    /// A submission.
    Submission,
}

impl NumberedKind {
    const ALL: [Self; 6] = [
        Self::Challenge,
        Self::Phase,
        Self::PhaseSplit,
        Self::ParticipantTeam,
        Self::HostTeam,
        Self::Submission,
    ];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Challenge => "challenge",
            Self::Phase => "phase",
            Self::PhaseSplit => "phase_split",
            Self::ParticipantTeam => "participant_team",
            Self::HostTeam => "host_team",
            Self::Submission => "submission",
        }
    }

    /// Reads the stored name.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        found.ok_or_else(|| Invalid::new("kind", "must be something that has a number"))
    }
}

/// What a team that was made with a client of EvalAI is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TeamPurpose {
    /// To take part in challenges.
    Participant,
    /// To run them.
    Host,
}

impl TeamPurpose {
    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Participant => "participant",
            Self::Host => "host",
        }
    }

    /// Reads the stored name.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match text {
            "participant" => Ok(Self::Participant),
            "host" => Ok(Self::Host),
            _ => Err(Invalid::new("purpose", "must be participant or host")),
        }
    }
}
