//! Which files of a program are read when it runs.

use std::collections::BTreeSet;

use super::tokens::{Kind, Line, lines};
use crate::archive::FileTree;

/// The files of a program that a file imports, itself first, as far as imports stand in plain sight.
pub(crate) fn reachable(files: &FileTree, entry: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut waiting = vec![entry.to_owned()];
    while let Some(path) = waiting.pop() {
        let Some(text) = files.file(&path).and_then(|bytes| std::str::from_utf8(bytes).ok()) else {
            continue;
        };
        if !seen.insert(path.clone()) {
            continue;
        }
        let folder = &path[..path.rfind('/').map_or(0, |slash| slash + 1)];
        for module in lines(text).iter().flat_map(imported) {
            let module = module.replace('.', "/");
            for parent in [folder, ""] {
                let base = format!("{parent}{}", module.trim_matches('/'));
                waiting.extend([format!("{base}.py"), format!("{base}/__init__.py")]);
            }
        }
        found.push(path);
    }
    found
}

/// The modules that a line imports, leading dots left out; for `from x import y` both `x` and `x.y`.
fn imported(line: &Line<'_>) -> Vec<String> {
    let words: Vec<&str> = line.tokens.iter().map(|token| token.text).collect();
    match words.split_first() {
        Some((&"import", rest)) => dotted(rest),
        Some((&"from", rest)) => {
            let Some(at) = rest.iter().position(|word| *word == "import") else { return Vec::new() };
            let base: String = rest[..at].concat();
            let base = base.trim_start_matches('.').to_owned();
            let names = line.tokens[at + 2..].iter().filter(|token| token.kind == Kind::Name);
            let inner = names.map(|name| format!("{base}.{}", name.text).trim_start_matches('.').to_owned());
            let inner: Vec<_> = inner.collect();
            std::iter::once(base).chain(inner).filter(|name| !name.is_empty()).collect()
        }
        _ => Vec::new(),
    }
}

/// The names of `a.b as c, d`.
fn dotted(words: &[&str]) -> Vec<String> {
    words
        .split(|word| *word == ",")
        .map(|part| part.split(|word| *word == "as").next().unwrap_or(part).concat())
        .collect()
}
