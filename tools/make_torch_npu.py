#!/usr/bin/env python3
"""Writes catalog/compat/torch-npu.csv out of a table of torch_npu's pages: make_torch_npu.py torch_npu_native_api.csv [OUT.csv]

One function, class or module member of PyTorch a row, of the newest PyTorch in the table: its status on Atlas A2 (910B),
A3 (910C) and 950DT. The pages say yes or no; a yes with a limit beside it (mostly of types) is partial. What is not
listed is declared unverified by the pages: unknown.
"""
import csv
import re
import sys


def main():
    rows = list(csv.DictReader(open(sys.argv[1], encoding="utf-8")))
    newest = max((row["pytorch"] for row in rows), key=lambda v: [int(part) for part in v.split(".")])
    out, seen = [], set()
    for row in rows:
        name = row["api"]
        if row["pytorch"] != newest or name in seen or not re.fullmatch(r"torch(\.\w+)+", name):
            continue
        seen.add(name)
        word = lambda yes: "unsupported" if yes != "y" else "partial" if row["has_limit_note"] == "y" else "supported"
        out.append([name, word(row["atlas_a2"]), word(row["atlas_a3"]), word(row["ascend_950dt"])])
    path = sys.argv[2] if len(sys.argv) > 2 else "catalog/compat/torch-npu.csv"
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["name", "a2", "a3", "950dt"])
        writer.writerows(sorted(out))
    print(f"{path}: {len(out)} rows of PyTorch {newest}")


if __name__ == "__main__":
    main()
