#!/usr/bin/env python3
"""Writes the ranges of stacks, releases and chips without runs: what is left out whole errs by so much.

    tools/fit_unseen.py SOCLE CATALOG_DIR

Reads the boards of `SOCLE validate training --json` (run in the repository root) and writes CATALOG_DIR/unseen.toml. No
prediction depends on that file, only ranges do; build again afterwards. A second run changes nothing.
"""
import json
import pathlib
import subprocess
import sys

KINDS = {"stack": "a framework without runs", "release": "a stack without runs of a framework with runs", "chip": "a chip without runs"}


def main():
    socle, catalog = sys.argv[1], pathlib.Path(sys.argv[2])
    document = json.loads(subprocess.run([socle, "validate", "training", "--json"], capture_output=True, check=True).stdout)
    boards = {board["kind"]: board for board in document["left_out"]}
    lines = ["# Measured over predicted step time, 5th and 95th percentile, and the mean error of what is left out whole and",
             "# predicted from its relatives; a group of n runs weighs n / (n + 12). By tools/fit_unseen.py."]
    for kind, words in KINDS.items():
        board = boards[kind]
        lines += ["", f"[{kind}]  # {words}", f"low = {board['range_low']:.3f}", f"high = {board['range_high']:.3f}",
                  f"error = {board['range_error']:.3f}"]
    (catalog / "unseen.toml").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
