#!/usr/bin/env python3
"""The C++ example of a page: library_example.py PAGE --source OUT.cpp | --run PROGRAM | --write PROGRAM

--source writes the page's first block of C++ to OUT.cpp. --run runs PROGRAM, built from it, and exits 1 unless it prints the block
that follows. --write puts what it prints into that block.
"""
import pathlib
import re
import subprocess
import sys

PAGE = re.compile(r"^```cpp\n(.*?)^```$.*?^```\n(.*?)^```$", re.M | re.S)


def main():
    if len(sys.argv) != 4 or sys.argv[2] not in ("--source", "--run", "--write"):
        sys.exit(__doc__)
    page = pathlib.Path(sys.argv[1])
    text = page.read_text(encoding="utf-8")
    found = PAGE.search(text)
    if not found:
        sys.exit(f"{sys.argv[1]}: no block of C++ with its output below it")
    if sys.argv[2] == "--source":
        pathlib.Path(sys.argv[3]).write_text(found[1], encoding="utf-8")
        return 0
    done = subprocess.run([sys.argv[3]], capture_output=True, encoding="utf-8")
    if done.returncode:
        sys.exit(f"{sys.argv[3]} ends with {done.returncode}:\n{done.stderr}")
    printed = done.stdout
    if printed == found[2]:
        print("prints what the page shows")
        return 0
    if sys.argv[2] == "--write":
        page.write_text(text[: found.start(2)] + printed + text[found.end(2) :], encoding="utf-8")
        print("written")
        return 0
    print(f"{sys.argv[1]} shows\n{found[2]}but the program prints\n{printed}--write puts it there.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
