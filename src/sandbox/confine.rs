//! Landlock: which files a program may touch, whatever else it sees.

use std::path::PathBuf;

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, LandlockStatus, Ruleset, RulesetAttr,
    RulesetCreatedAttr, RulesetStatus, Scope, path_beneath_rules,
};

/// The newest version whose rights are asked for; an older kernel gives what it has.
const NEWEST: ABI = ABI::V6;

/// The version from which signals to processes outside are refused.
pub(crate) const SCOPED_SIGNALS: i32 = 6;

/// The version from which shortening a file by its path counts as writing to it.
pub(crate) const RESTRICTED_TRUNCATION: i32 = 3;

/// What the kernel gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Landlock {
    /// The version of the kernel, or 0.
    pub(crate) version: i32,
    /// Whether any rule is enforced.
    pub(crate) enforced: bool,
}

/// Restricts this thread and everything that it starts to these paths, and to no network unless it is wanted.
///
/// Paths that do not exist are passed over.
pub(crate) fn confine(
    readable: &[PathBuf],
    writable: &[PathBuf],
    network: bool,
) -> Result<Landlock, landlock::RulesetError> {
    let ruleset = Ruleset::default().set_compatibility(CompatLevel::BestEffort);
    let ruleset = ruleset.handle_access(AccessFs::from_all(NEWEST))?.scope(Scope::from_all(NEWEST))?;
    let ruleset = if network { ruleset } else { ruleset.handle_access(AccessNet::from_all(NEWEST))? };
    let status = ruleset
        .create()?
        .add_rules(path_beneath_rules(readable, AccessFs::from_read(NEWEST)))?
        .add_rules(path_beneath_rules(writable, AccessFs::from_all(NEWEST)))?
        .restrict_self()?;
    let version = match status.landlock {
        LandlockStatus::Available { effective_abi, kernel_abi } => kernel_abi.unwrap_or(effective_abi as i32),
        _ => 0,
    };
    Ok(Landlock { version, enforced: status.ruleset != RulesetStatus::NotEnforced })
}
