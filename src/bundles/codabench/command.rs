//! The command of a program: found in its metadata, split as Python's `shlex` splits it, and run without a shell.

use crate::archive::FileTree;
use crate::fault::Fault;
use crate::python;
use crate::source::Source;
use crate::yaml;

/// Where metadata may stand, in the order in which it is looked for.
const METADATA: [&str; 2] = ["metadata.yaml", "metadata"];

/// Whether a program has to say how it is run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// It has: nothing else could be done with it.
    Command,
    /// It need not: what has no command is copied as it is.
    Nothing,
}

/// The words of a program's command; absent after a fault.
pub(super) fn read(files: &FileTree, program: &str, need: Need, source: &Source<'_>) -> Option<Vec<String>> {
    let found = METADATA.into_iter().find_map(|name| Some((name, files.file(name)?)));
    let Some((name, bytes)) = found else {
        if need == Need::Nothing {
            return Some(Vec::new());
        }
        let nested = files
            .iter()
            .map(|(path, _)| path)
            .find(|path| METADATA.iter().any(|name| path.ends_with(&format!("/{name}"))));
        let hint = nested
            .map(|nested| format!("; there is {nested}: pack the files without their folder"))
            .unwrap_or_default();
        source.fault_of(Fault::of_file(
            program,
            format!("there is no metadata.yaml with a `command` that runs it{hint}"),
        ));
        return None;
    };
    let file = format!("{program}/{name}");
    let node = yaml::parse(&file, bytes).map_err(|findings| source.reading.extend(findings)).ok()?.root;
    let Some(command) = node.get("command") else {
        if need == Need::Nothing {
            return Some(Vec::new());
        }
        source
            .fault_of(Fault::of_file(file, "there is no `command` that runs the program").at(node.position));
        return None;
    };
    let fault =
        |message: String| source.fault_of(Fault::of_file(file.as_str(), message).at(command.position));
    let Some(text) = command.text() else {
        fault(format!("the command must be a text, not {}", command.kind()));
        return None;
    };
    let words = match split(text) {
        Ok(words) if words.is_empty() => {
            fault("the command is empty".to_owned());
            return None;
        }
        Ok(words) => words,
        Err(problem) => {
            fault(format!("the command {text:?} {problem}"));
            return None;
        }
    };
    check_files(files, program, &words, &fault, source);
    Some(words)
}

/// The files that a command names in the program itself must be there, and be Python 3 if they are Python.
fn check_files(
    files: &FileTree,
    program: &str,
    words: &[String],
    fault: &dyn Fn(String),
    source: &Source<'_>,
) {
    for word in words {
        // The program's folder is the working folder too.
        let own = ["$program/", "/app/program/", "./"].iter().find_map(|prefix| word.strip_prefix(prefix));
        let is_bare = own.is_none() && !word.starts_with(['$', '/', '-']) && word.ends_with(".py");
        let Some(path) = own.or(is_bare.then_some(word.as_str())).filter(|path| path.ends_with(".py")) else {
            continue;
        };
        if files.file(path).is_none() {
            fault(format!("the command runs {word}, which is not in the program"));
            continue;
        }
        for file in python::reachable(files, path) {
            if let Some(sign) = files.file(&file).and_then(|bytes| python::python2_sign(bytes)) {
                source.fault_of(sign.fault(&format!("{program}/{file}")));
            }
        }
    }
}

/// Splits a command into words: POSIX quoting without comments, as `shlex.split` does.
///
/// What only a shell would understand is refused, because each of it would be handed to the program as a word.
fn split(text: &str) -> Result<Vec<String>, String> {
    let mut words: Vec<String> = Vec::new();
    let mut word: Option<String> = None;
    let mut letters = text.chars();
    let mut shell = None;
    while let Some(letter) = letters.next() {
        match letter {
            ' ' | '\t' | '\r' | '\n' => words.extend(word.take()),
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match letters.next() {
                        Some('\'') => break,
                        Some(quoted) => word.push(quoted),
                        None => return Err("has no closing quotation".to_owned()),
                    }
                }
            }
            '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match letters.next() {
                        Some('"') => break,
                        Some('\\') => match letters.next() {
                            Some(escaped @ ('"' | '\\')) => word.push(escaped),
                            Some(other) => word.extend(['\\', other]),
                            None => return Err("has no closing quotation".to_owned()),
                        },
                        Some(quoted) => word.push(quoted),
                        None => return Err("has no closing quotation".to_owned()),
                    }
                }
            }
            '\\' => match letters.next() {
                Some(escaped) => word.get_or_insert_default().push(escaped),
                None => return Err("ends with a backslash".to_owned()),
            },
            '&' | '|' | ';' | '<' | '>' | '`' => {
                shell.get_or_insert(letter);
            }
            plain => word.get_or_insert_default().push(plain),
        }
    }
    words.extend(word);
    let first = words.first().map(String::as_str).unwrap_or_default();
    let shell = match (shell, first) {
        (Some(operator), _) => Some(format!("uses {operator}")),
        (None, "cd" | "export" | "source" | "set" | "exec" | "eval") => Some(format!("begins with {first}")),
        _ if text.contains("$(") => Some("uses $(...)".to_owned()),
        _ if first.contains('=') => Some(format!("begins with {first}")),
        _ => None,
    };
    match shell {
        Some(what) => Err(format!("{what}: the command is run without a shell")),
        None => Ok(words),
    }
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn words_are_those_of_shlex() {
        let cases: [(&str, &[&str]); 8] = [
            (
                "python3 $program/score.py $input $output",
                &["python3", "$program/score.py", "$input", "$output"],
            ),
            ("  a\t'b c'\nd", &["a", "b c", "d"]),
            (r#"a "b \"c\" \d" 'e\f' g\ h"#, &["a", r#"b "c" \d"#, r"e\f", "g h"]),
            ("a '' \"\"", &["a", "", ""]),
            ("a'b'\"c\"d", &["abcd"]),
            ("a #b", &["a", "#b"]),
            ("python -c 'a; b > c' \"x|y\" z\\&", &["python", "-c", "a; b > c", "x|y", "z&"]),
            ("", &[]),
        ];
        for (text, words) in cases {
            assert_eq!(split(text).unwrap(), words, "{text}");
        }
    }

    #[test]
    fn what_needs_a_shell_is_refused() {
        for text in
            ["a && b", "a|b", "a > out", "a; b", "cd x", "X=1 a", "echo $(date)", "a `b`", "a &", "a 2>&1"]
        {
            assert!(split(text).unwrap_err().contains("the command is run without a shell"), "{text}");
        }
        for text in ["a 'b", "a \"b", "a\\", "a \"b\\"] {
            assert!(!split(text).unwrap_err().contains("shell"), "{text}");
        }
    }
}
