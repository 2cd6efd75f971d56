//! The evaluation script: a Python package that offers `evaluate`.

use crate::archive::{FileTree, Part};
use crate::fault::Fault;
use crate::python;
use crate::source::Source;
use crate::yaml::Table;

pub(super) fn read(root: &Table<'_>, source: &Source<'_>, is_remote: bool) -> Option<FileTree> {
    let Some(item) = root.get("evaluation_script") else {
        root.fault(
            "ERROR: There is no key for the evaluation script in the YAML file. Please add it and then try again!",
        );
        return None;
    };
    let named = root.text("evaluation_script")?;
    let is_folder = source.has_folder(named);
    if !named.trim().ends_with(".zip") && !is_folder {
        item.fault(
            "ERROR: Please pass in a zip file as evaluation script. If using the `evaluation_script` directory \
             (recommended), it should be `evaluation_script.zip`.",
        );
        return None;
    }
    match source.part(&item, named) {
        Some(Some(Part::Tree(package))) => {
            check(&package, &source.path(named), is_remote, source, &item);
            Some(package)
        }
        Some(Some(Part::File(_))) => {
            item.fault(format!("{named} is no zip archive"));
            None
        }
        Some(None) => None,
        None => {
            item.fault(
                "ERROR: No evaluation script is present in the zip file. Please add it and then try again!",
            );
            None
        }
    }
}

/// What upstream finds out at the first submission.
fn check(package: &FileTree, path: &str, is_remote: bool, source: &Source<'_>, item: &crate::yaml::Item<'_>) {
    if is_remote {
        return;
    }
    if package.file("__init__.py").is_none() {
        let nested = package.iter().map(|(path, _)| path).find(|path| path.ends_with("/__init__.py"));
        let hint = nested.map(|nested| format!(" There is {nested}: pack the files without their folder."));
        let message = "has no __init__.py that offers evaluate(): every submission would fail.";
        item.fault(format!("{path} {message}{}", hint.unwrap_or_default()));
        return;
    }
    for file in python::reachable(package, "__init__.py") {
        if let Some(sign) = package.file(&file).and_then(|bytes| python::python2_sign(bytes)) {
            source.fault_of(sign.fault(&format!("{}/{file}", path.trim_end_matches('/'))));
        }
    }
    let installs = installs(package);
    if !installs.is_empty() {
        let what = installs.join(", ");
        source.reading.add_warning(Fault::of_file(
            format!("{}/__init__.py", path.trim_end_matches('/')),
            format!(
                "installs {what} while it is imported; they are built into its environment, once, instead"
            ),
        ));
    }
}

/// What `install("x")` in `__init__.py` names, as the starter's template writes it, and what pip is told there.
pub(super) fn installs(package: &FileTree) -> Vec<String> {
    let text =
        package.file("__init__.py").and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default();
    let mut found: Vec<String> = Vec::new();
    for line in text.lines().map(str::trim_start).filter(|line| !line.starts_with('#')) {
        for (at, opening) in line.match_indices("install(") {
            let is_whole = !line[..at].ends_with(|letter: char| letter.is_alphanumeric() || letter == '_');
            let argument = line[at + opening.len()..].trim_start();
            let quote = argument.chars().next().filter(|quote| matches!(quote, '"' | '\''));
            if let Some(quote) = quote.filter(|_| is_whole)
                && let Some((name, _)) = argument[1..].split_once(quote)
            {
                found.push(name.to_owned());
            }
        }
        if let Some((_, told)) = line.split_once("pip install ") {
            let words =
                told.split(|letter: char| letter.is_whitespace() || matches!(letter, '"' | '\'' | ')' | ';'));
            let is_plain = |word: &&str| word.starts_with(|letter: char| letter.is_ascii_alphanumeric());
            found.extend(words.take_while(|word| !word.is_empty()).filter(is_plain).map(str::to_owned));
        }
    }
    found.retain(|name| !name.is_empty() && name.len() <= 200);
    found.dedup();
    found
}
