//! Files to submit: for every running challenge a good one and one that is wrong.

use super::cast::{CONTESTANT, GROUPS};
use super::folder::Folder;
use super::generate::Predictor;
use super::programme::Edition;

/// The folder of the samples.
const SAMPLES: &str = "samples";

/// The names of the samples of an edition: the good one, the broken one.
pub(crate) fn names(edition: &Edition) -> [String; 2] {
    let (stem, extension) = edition.task.file_name().split_once('.').unwrap_or(("file", "json"));
    ["", "-broken"].map(|kind| format!("{SAMPLES}/{}/{stem}{kind}.{extension}", edition.slug))
}

/// Writes the samples of the running challenges.
pub(crate) fn write(folder: &Folder, programme: &[Edition], seed: u64) -> anyhow::Result<()> {
    let team = GROUPS.iter().find(|group| group.members.contains(&CONTESTANT));
    let team = team.map_or("", |group| group.name);
    for edition in programme.iter().filter(|edition| edition.is_running()) {
        let last_skill =
            edition.entries.iter().filter(|entry| entry.group == team).map(|entry| entry.last_skill);
        let skill = last_skill.fold(0.5, f64::max) + 0.1;
        let predictor = Predictor { seed, team, attempt: 99, skill };
        let [good, broken] = names(edition);
        folder.write(&good, &edition.task.predict(&predictor))?;
        folder.write(&broken, &edition.task.broken(&predictor, edition.task.breakages()[0]))?;
    }
    Ok(())
}
