use bytes::Bytes;

use super::*;
use crate::archive::FileTree;

fn sign(source: &str) -> Option<(usize, &'static str)> {
    python2_sign(source.as_bytes()).map(|sign| (sign.position.line, sign.what))
}

#[test]
fn python_2_is_told_by_what_python_3_cannot_read() {
    let cases = [
        ("import sys\nprint 'a'\n", 2, "print statement"),
        ("if x: print \"a\", b\n", 1, "print statement"),
        ("x = 1; print x\n", 1, "print statement"),
        ("try:\n  pass\nexcept: print not x\n", 3, "print statement"),
        ("exec 'a = 1'\n", 1, "exec statement"),
        ("exec code in space\n", 1, "exec statement"),
        ("raise ValueError, 'no'\n", 1, "raise with a comma"),
        ("try:\n    f(a,\n  b)\nexcept IOError, e:\n    pass\n", 4, "except with a comma"),
        ("x = `y`\n", 1, "backticks"),
        ("if a <> b:\n  pass\n", 1, "<> for unequal"),
        ("os.chmod(p, 0755)\n", 1, "octal number without 0o"),
        ("n = 10L\n", 1, "long number"),
        ("n = 0xffL\n", 1, "long number"),
        ("s = ur'a'\n", 1, "ur text"),
        ("if a:\n        b\n\tc\n", 3, "tabs and spaces mixed"),
        ("if a:\n  if b:\n\tc\n        d\n", 3, "tabs and spaces mixed"),
        (
            "def f():\n    '''a\nprint 'x'\n'''\n    s = \"\\\"\" # print 'x'\n    print s\n",
            6,
            "print statement",
        ),
    ];
    for (source, line, what) in cases {
        assert_eq!(sign(source), Some((line, what)), "{source}");
    }
}

#[test]
fn what_python_3_reads_is_no_sign() {
    let source = concat!(
        "#!/usr/bin/env python3\n",
        "# print 'comment'\n",
        "'''print 'text' '''\n",
        "print('a', 'b')\n",
        "print\n",
        "print = print if print in x else print\n",
        "x = print is None; print and f\n",
        "print not in x\n",
        "print[0]; print.x = 1\n",
        "a = {'print': 1, \"x\": print, 'y': lambda: print}\n",
        "raise ValueError(a, b) from e\n",
        "try:\n\tpass\nexcept (IOError, OSError) as e:\n\tpass\n",
        "x = 0; y = 00; z = 0.5; w = 0e1; v = 0x1F; u = 0o17; t = 1_000; s = 1j\n",
        "f(a,\n  print\n, b)\n",
        "text = 'it\\'s' \\\n  \"and\"\n",
        "r = rb'\\d' + Rb\"x\" + f'{a}' + u'x'\n",
        "def f(a: int, b: str = 'x') -> None: pass\n",
        "exec('a'); exec = 1\n",
        "if a:\n\tb\n\tif c:\n\t    d\n\te\n",
        "for x in y: print(x)\n",
        "match x:\n    case 1: print(x)\n",
        "def g(): yield a >> b\n",
        "größe = 1\n",
    );
    assert_eq!(sign(source), None);
    // What cannot be told apart is left to Python.
    for source in ["", "'", "'''", "x = 'a\nprint 'b'\n", "(\n", ")\n", "\\", "\u{feff}print(1)\n"] {
        assert_eq!(sign(source), None, "{source}");
    }
    assert_eq!(python2_sign(b"print 'a' \xff"), None);
}

#[test]
fn imports_are_followed_within_the_program() {
    let files = [
        ("score.py", "import os, helper as h\nfrom lib.metrics import f\nfrom . import near\n"),
        ("helper.py", "import score\n"),
        ("lib/__init__.py", ""),
        ("lib/metrics.py", "from .deep import (x, y)\n"),
        ("lib/deep.py", ""),
        ("near.py", ""),
        ("other.py", ""),
    ];
    let tree = FileTree::of(files.map(|(path, text)| (path.to_owned(), Bytes::from(text))));
    let mut found = reachable(&tree, "score.py");
    assert_eq!(found[0], "score.py");
    found.sort();
    assert_eq!(found, ["helper.py", "lib/deep.py", "lib/metrics.py", "near.py", "score.py"]);
    assert!(reachable(&tree, "none.py").is_empty());
}
