#!/usr/bin/env python3
"""Writes the project's copy of published training runs: import_validation.py IN_CSV... OUT_CSV

Keeps the columns that a prediction reads and those that were measured, sorts the rows by id, and reduces free text to the
phrases that are read (docs/guide/validate.md) and to tags that say how far to trust a row (validation/README.md)."""
import csv
import re
import sys

from import_runs import COLUMNS

# (what the text holds, what is kept of it)
OVERLAPS = [
    (r"no overlap", "no overlap"),
    (r"grad[ -]reduce", "grad reduce overlap"),
    (r"param[ -]gather", "param gather overlap"),
    (r"(?:tp|TP) comm overlap", "tp comm overlap"),
    (r"a2a overlap on", "a2a overlap on"),
    (r"cuda_graph=full_iteration", "cuda_graph=full_iteration"),
    (r"cuda_graph(?!=full_iteration)", "cuda_graph=part of the layer"),
    (r"gradients reduced once a step", None),
    (r"recompute_modules=[a-z_+]+", None),
    (r"moe dispatcher=[a-z]+", None),
    (r"activation CPU offload of \d+ layers", None),
]
TAGS = [
    (r"ETP=\d+", None),
    (r"w/o MTP", None),
    (r"RECALL|[Rr]ecall|as remembered", "RECALL"),
    (r"DERIVED|[Dd]erived", "DERIVED"),
    (r"FLOPCHECK", "FLOPCHECK"),
    (r"INCONSISTENT", "INCONSISTENT"),
    (r"MISMATCH", "MISMATCH"),
]


def reduced(text, patterns):
    found = ((re.search(pattern, text), kept) for pattern, kept in patterns)
    return "; ".join(kept or match.group(0) for match, kept in found if match)


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    *inputs, output = sys.argv[1:]
    rows = []
    for path in inputs:
        with open(path, newline="", encoding="utf-8") as file:
            read = list(csv.DictReader(file))
        missing = [column for column in COLUMNS if read and column not in read[0]]
        if missing:
            sys.exit(f"{path}: no column {', '.join(missing)}")
        rows += read
    for row in rows:
        row["overlap_notes"] = reduced(row["overlap_notes"], OVERLAPS)
        row["notes"] = reduced(row["notes"], TAGS)
    rows.sort(key=lambda row: row["id"])
    repeated = {a["id"] for a, b in zip(rows, rows[1:]) if a["id"] == b["id"]}
    if repeated:
        sys.exit(f"{sys.argv[1]}: id given twice: {', '.join(sorted(repeated))}")
    with open(output, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{len(rows)} runs written to {output}")


if __name__ == "__main__":
    main()
