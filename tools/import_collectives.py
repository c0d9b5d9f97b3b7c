#!/usr/bin/env python3
"""Writes validation/collectives.csv from a table of published measurements of collectives in the same columns. Every row
is kept and gets an id; notes are reduced to what a prediction or its reader needs. A source that this script does not
know, or a note that it would lose, is an error.

Usage: import_collectives.py MEASURED.csv OUT.csv"""
import csv
import sys

COLUMNS = ["id", "collective", "bytes", "gpus", "nodes", "gpu", "intra_fabric", "nic_gbps_per_gpu", "inter_fabric",
           "busbw_gbs", "time_us", "source", "notes"]
COLLECTIONS = [("ai-dynamo/aiconfigurator@", "aic"), ("microsoft/vidur@", "vidur"), ("aliyun/SimAI@", "simai"),
               ("deepseek-ai/DeepEP@", "deepep")]
NOTES = [("nccl-tests latency", "bytes = 2 x message_size, which counts 16-bit elements; busbw DERIVED"),
         ("median; a sample of the file", "median of a sampled size, host included"),
         ("value is a fraction of peak", "fraction of a peak that is not stated"),
         ("normal kernels, 4096 tokens", "4096 tokens of hidden 7168, top-8 of 4 groups; bytes = tokens x hidden x top-k x width"),
         ("normal kernels", "4096 tokens of hidden 7168, top-8 of 4 groups"),
         ("low-latency kernels", "128 tokens, low latency"),
         ("DeepEP V2, 8K tokens", "version 2, 8192 tokens"),
         ("DeepEP V2", "version 2"),
         ("", "")]


def first(pairs, text, what):
    for prefix, kept in pairs:
        if text.startswith(prefix) and (prefix or not text):
            return kept
    sys.exit(f"unknown {what}: {text!r}")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with open(sys.argv[1], newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    missing = [column for column in COLUMNS[1:] if rows and column not in rows[0]]
    if missing:
        sys.exit(f"{sys.argv[1]}: no column {', '.join(missing)}")
    counts = {}
    for row in rows:
        collection = first(COLLECTIONS, row["source"], "source")
        counts[collection] = counts.get(collection, 0) + 1
        row["id"] = f"{collection}-{counts[collection]:04d}"
        row["notes"] = first(NOTES, row["notes"], "note")
        row["inter_fabric"] = row["inter_fabric"].strip()
        if row["time_us"]:
            row["time_us"] = f"{float(row['time_us']):.10g}"
    with open(sys.argv[2], "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{len(rows)} measurements written to {sys.argv[2]}: " + ", ".join(f"{n} {c}" for c, n in counts.items()))


if __name__ == "__main__":
    main()
