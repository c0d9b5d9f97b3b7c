#!/usr/bin/env python3
"""The C++ example of a page: library_example.py PAGE --source OUT.cpp | --run PROGRAM

--source writes the page's first block of C++ to OUT.cpp. --run runs PROGRAM, built from it, and exits 1 unless it prints the block
that follows.
"""
import pathlib
import re
import subprocess
import sys

PAGE = re.compile(r"^```cpp\n(.*?)^```$.*?^```\n(.*?)^```$", re.M | re.S)


def main():
    if len(sys.argv) != 4 or sys.argv[2] not in ("--source", "--run"):
        sys.exit(__doc__)
    found = PAGE.search(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
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
    print(f"{sys.argv[1]} shows\n{found[2]}but the program prints\n{printed}Write that into the block below the C++ example.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
