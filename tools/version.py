#!/usr/bin/env python3
"""Writes the header with the version's text, and only when it differs, so that nothing is compiled in vain.

    tools/version.py ROOT HEADER

VERSION holds the next version, such as 0.2.0-dev. Inside a git clone the commit follows: 0.2.0-dev+g1a2b3c4, with .dirty when
files differ from it. A commit that is tagged v0.2.0 while VERSION says 0.2.0 is the release: 0.2.0 alone. Without git, VERSION.
"""
import pathlib
import subprocess
import sys


def git(root, *words):
    """Output of a git command that locks nothing, or None; root may build the clone of another user."""
    try:
        done = subprocess.run(["git", "--no-optional-locks", "-c", "safe.directory=*", "-C", str(root), *words],
                              capture_output=True, encoding="utf-8", errors="surrogateescape")
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def version_text(root):
    text = (root / "VERSION").read_text(encoding="utf-8").split()[0]
    commit = git(root, "rev-parse", "HEAD") if (root / ".git").exists() else None
    if not commit:
        return text
    # What is not tracked counts where the build would take it in.
    changed = git(root, "status", "--porcelain", "--untracked-files=no")
    added = git(root, "ls-files", "--others", "--exclude-standard", "--", "src", "catalog")
    tags = (git(root, "tag", "--points-at", "HEAD") or "").split()
    if f"v{text}" in tags:
        return text + ("+dirty" if changed or added else "")
    return f"{text}+g{commit[:7]}" + (".dirty" if changed or added else "")


def main():
    root, header = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    wanted = f'#define SOCLE_VERSION_TEXT "{version_text(root)}"\n'
    if not header.exists() or header.read_text(encoding="utf-8") != wanted:
        header.parent.mkdir(parents=True, exist_ok=True)
        header.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
