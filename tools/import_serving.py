#!/usr/bin/env python3
"""Writes the project's cases of serving: import_serving.py POINTS.csv RUNS_DIR VALIDATION_DIR

POINTS.csv holds measured TTFT and TPOT a row; RUNS_DIR a folder a recorded run with meta.json, config.json and
requests.jsonl. VALIDATION_DIR/serving.csv gets the points that differ, in the project's own form; VALIDATION_DIR/runs/
the runs with times from their first request. The same input gives the same bytes."""
import csv
import json
import pathlib
import sys

COLUMNS = ["id", "source", "date", "engine", "engine_version", "model", "chip", "precision", "gemm_precision",
           "moe_precision", "input_tokens", "output_tokens", "concurrency", "tp", "pp", "attention_dp", "moe_ep",
           "measured_ttft_ms", "measured_tpot_ms"]
SOURCE = "ai-dynamo/aiconfigurator@095f58a51 silicon_sample.csv"


def points(path, out):
    seen, rows = set(), []
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            # A run that stands in the collection under two names or layouts counts once.
            key = tuple(row[name] for name in ("engine", "engine_version", "chip", "precision", "input_tokens",
                                               "output_tokens", "concurrency", "measured_ttft_ms", "measured_tpot_ms"))
            if key in seen:
                continue
            seen.add(key)
            kept = {name: row.get(name, "") for name in COLUMNS}
            kept["source"] = SOURCE
            for name in ("measured_ttft_ms", "measured_tpot_ms"):
                kept[name] = f"{float(row[name]):.5g}" if row[name] else ""
            rows.append(kept)
    rows.sort(key=lambda r: (r["engine"], r["chip"], r["model"], r["date"], r["engine_version"], r["precision"],
                             int(r["tp"]), int(r["input_tokens"]), int(r["output_tokens"]), int(r["concurrency"]),
                             float(r["measured_tpot_ms"])))
    for number, row in enumerate(rows, 1):
        row["id"] = f"serving-{number:04d}"
    with open(out, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return len(rows)


def find(value, key):
    if isinstance(value, dict):
        if key in value:
            return value[key]
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            found = find(one, key)
            if found is not None:
                return found
    return None


def run(folder, out):
    meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    keys = ("tensor_parallel_size", "data_parallel_size", "enable_expert_parallel", "max_num_seqs",
            "max_num_batched_tokens")
    kept = {"model": meta["model"], "hardware": find(config, "hardware"), "vllm_version": meta["vllm_version"],
            "source": "casys-kaist/LLMServingSim@5daddb2 bench/examples, MIT",
            "engine_kwargs": {key: meta["engine_kwargs"][key] for key in keys}}
    lines = [json.loads(line) for line in (folder / "requests.jsonl").read_text(encoding="utf-8").splitlines() if line]
    first = min(line["queued_ts"] for line in lines)
    lines.sort(key=lambda line: line["queued_ts"])
    out.mkdir(parents=True, exist_ok=True)
    (out / "meta.json").write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    with open(out / "requests.jsonl", "w", encoding="utf-8") as file:
        for line in lines:
            times = {key: round(line[key] - first, 4) for key in ("queued_ts", "first_token_ts", "last_token_ts")}
            file.write(json.dumps({"input_toks": line["input_toks"], "output_toks": line["output_toks"], **times}) + "\n")


def main(arguments):
    if len(arguments) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    out = pathlib.Path(arguments[2])
    print(f"{points(arguments[0], out / 'serving.csv')} points")
    for folder in sorted(pathlib.Path(arguments[1]).iterdir()):
        if (folder / "requests.jsonl").exists():
            run(folder, out / "runs" / folder.name)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
