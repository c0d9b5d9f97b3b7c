#!/usr/bin/env python3
"""Laws of tools/import_runs.py: import_runs.py SOCLE PROJECT_DIR. Sample logs stand in tests/data/runs."""
import csv
import pathlib
import subprocess
import sys
import tempfile

socle, project = sys.argv[1], pathlib.Path(sys.argv[2])
tool, runs = project / "tools" / "import_runs.py", project / "tests" / "data" / "runs"
failures = 0


def expect(what, met):
    global failures
    if not met:
        failures += 1
        print(f"FAILED: {what}")


def run(folder, *arguments):
    out = pathlib.Path(folder) / "out.csv"
    out.unlink(missing_ok=True)
    done = subprocess.run([sys.executable, tool, *map(str, arguments), "--out", out], capture_output=True, text=True)
    rows = list(csv.DictReader(out.open(newline=""))) if out.exists() else []
    return done, rows


def said(row, **cells):
    return all(row[column] == value for column, value in cells.items())


with tempfile.TemporaryDirectory() as folder:
    # Nine lines after three of warm-up; sorted: 5180 5190 5195 5200 5200 5204 5205 5210 5300 ms, the fifth is 5.2 s.
    done, rows = run(folder, runs / "megatron-dense.log", "--chip", "h100-sxm", "--nic-gbps", "400")
    expect("a log of Megatron-LM is one case: " + done.stderr, len(rows) == 1)
    expect("its step is the median of the steady iterations", rows and float(rows[0]["measured_step_s"]) == 5.2)
    expect("its layout is that of the arguments",
           rows and said(rows[0], tp="4", pp="1", dp="8", n_chips="32", sharding="zero1", sp="1", vpp="", recompute="none",
                         micro_batch="1", global_batch_seqs="128", precision="bf16", layers="32", kv_heads="8"))
    # 52340.25 MiB x 2^20 = 54.88e9 bytes.
    expect("its memory is in 1e9 bytes", rows and rows[0]["measured_mem_gb"] == "54.88")

    # The batch ramps up on the first three lines: 4000, 4010, 4020, 4010 ms are left.
    done, rows = run(folder, runs / "megatron-moe-rampup.log", "--chip", "h800", "--model", "qwen3-30b-a3b")
    expect("prefixes of ranks are no part of a line: " + done.stderr, len(rows) == 1)
    expect("lines of a smaller batch do not count",
           rows and said(rows[0], measured_step_s="4.01", global_batch_seqs="256"))
    expect("experts, recomputed modules and overlaps are read",
           rows and said(rows[0], n_experts="128", topk="8", ffn_hidden="768", ep="8", vpp="4", precision="fp8-block",
                         recompute="selective", overlap_notes="no overlap; recompute_modules=moe_act+layernorm", notes="ETP=1"))

    # 32 sequences of 8192 over 32 devices at 6400 tokens/s each: 8192 / 6400 = 1.28 s.
    done, rows = run(folder, runs / "torchtitan.log", "--model", "llama-3-8b")
    expect("a log of torchtitan is one case: " + done.stderr, len(rows) == 1)
    expect("its step follows from tokens a second and device",
           rows and said(rows[0], measured_step_s="1.28", chip="h100-sxm", tp="2", dp="16", sharding="fsdp", year="2025"))

    done, rows = run(folder, runs / "megatron-dense.log", runs / "torchtitan.log", "--chip", "h100-sxm", "--model", "llama-3-8b",
                     "--stack", "ours")
    expect("logs are numbered and carry the stack", [(r["id"], r["source"]) for r in rows] == [("own-001", "ours"), ("own-002", "ours")])
    cases = pathlib.Path(folder) / "cases.csv"
    cases.write_text((pathlib.Path(folder) / "out.csv").read_text())
    validated = subprocess.run([socle, "validate", "training", "--cases", cases], capture_output=True, text=True)
    expect("what is written is predicted: " + validated.stdout[:200], validated.stdout.startswith("2 cases: 2 predicted"))
    done, again = run(folder, cases)
    expect("a CSV passes through", again == rows)

    for what, arguments, words in (
            ("no chip", [runs / "megatron-dense.log"], "does not say chip; give --chip"),
            ("a contradiction", [runs / "megatron-dense.log", "--chip", "h100-sxm", "--tp", "8"], "tp is 4 in the log and 8 by --tp"),
            ("too few iterations", [runs / "megatron-dense.log", "--chip", "h100-sxm", "--skip", "10"], "a median needs 3"),
            ("no log", [project / "README.md"], "neither iterations of Megatron-LM nor steps of torchtitan")):
        done, rows = run(folder, *arguments)
        expect(f"{what} is refused with words, and nothing is written: {done.stderr}",
               done.returncode == 1 and words in done.stderr and not rows)
    for cell, words in (("measured_step_s,fast", "is no number"), ("measured_step_s,0", "is not above 0"), ("measured_step_s,", "is empty")):
        column, value = cell.split(",")
        bad = [dict(row) for row in again]
        bad[0][column] = value
        with cases.open("w", newline="") as file:
            writer = csv.DictWriter(file, bad[0].keys())
            writer.writeheader()
            writer.writerows(bad)
        done, rows = run(folder, cases)
        expect(f"a bad cell is refused by line and column: {done.stderr}",
               done.returncode == 1 and "line 2: measured_step_s" in done.stderr and words in done.stderr and not rows)

sys.exit(1 if failures else 0)
