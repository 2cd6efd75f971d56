"""Writes a tiny system as a tar archive: this machine's Python, what it is linked with, and a file that says so.

usage: images.py ARCHIVE MARK
"""

import io
import os
import subprocess
import sys
import sysconfig
import tarfile

archive, mark = sys.argv[1:]
interpreter = os.path.realpath("/usr/bin/python3")
library = sysconfig.get_paths(scheme="posix_prefix", vars={"base": "/usr"})["stdlib"]
linked = subprocess.run(["ldd", interpreter], check=True, capture_output=True, text=True).stdout.split()


def plain(entry):
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    left_out = ("/test", "/__pycache__", "/dist-packages", "/ensurepip", "/idlelib", "/config-")
    return None if any(part in "/" + entry.name for part in left_out) else entry


def add_text(tar, name, text, mode):
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(text), mode
    tar.addfile(entry, io.BytesIO(text.encode()))


with tarfile.open(archive, "w") as tar:
    for folder in ("bin", "lib", "lib64"):
        link = tarfile.TarInfo(folder)
        link.type, link.linkname = tarfile.SYMTYPE, "usr/" + folder
        tar.addfile(link)
    for path in linked:
        if path.startswith("/lib"):
            tar.add(os.path.realpath(path), "usr" + path, filter=plain)
    tar.add(library, library.lstrip("/"), filter=plain)
    tar.add(interpreter, "usr/bin/python3", filter=plain)
    add_text(tar, "etc/mark", mark, 0o600)
    add_text(tar, "app/left", "what the image has where contracts have their files", 0o644)
