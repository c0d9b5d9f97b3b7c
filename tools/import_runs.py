#!/usr/bin/env python3
"""Turns logs of your own training runs into cases that `socle validate training` reads.

    tools/import_runs.py LOG... --out runs.csv --chip h100-sxm [--model llama-3-8b] [--stack ours] [--nic-gbps 400] ...

A log is of Megatron-LM (the dump of its arguments and the "elapsed time per iteration" lines) or of torchtitan ("step: N
loss: ... tps: ..." lines), or a CSV of the columns of validation/training.csv, which passes through after a check. Of a log
one case is made: the median step over the steady iterations, that is without the first lines (--skip) and without those of a
batch that still ramps up. What a log does not say is given by options, or stays empty; a fact that a case cannot do without
is refused by name. What is said by an option and otherwise by the log is refused too.
"""
import argparse
import csv
import datetime
import re
import statistics
import sys

COLUMNS = """id source year model_name params_b active_params_b layers hidden ffn_hidden heads kv_heads vocab seq_len n_experts topk
chip n_chips node_size scale_up_domain nic_gbps_per_chip precision tp sp pp vpp cp ep dp sharding shard_size micro_batch
global_batch_seqs recompute overlap_notes attention_kernel measured_step_s measured_tokens_per_s_per_chip
measured_model_tflops_per_chip measured_mfu measured_mem_gb notes""".split()
TEXTS = {"id", "source", "model_name", "chip", "precision", "sharding", "recompute", "overlap_notes", "attention_kernel", "notes"}
NEEDED = ["id", "source", "year", "seq_len", "chip", "n_chips", "tp", "pp", "global_batch_seqs", "measured_step_s"]
STEADY = 3  # lines of steady iterations that a median needs at least

# What CUDA calls a chip: its slug in the catalogue.
CHIPS = [("H100 80GB HBM3", "h100-sxm"), ("H100 PCIe", "h100-pcie"), ("H100 NVL", "h100-nvl"), ("H200", "h200-sxm"), ("H20", "h20"),
         ("H800", "h800"), ("A100-SXM4-80GB", "a100-sxm-80gb"), ("A100-SXM4-40GB", "a100-sxm-40gb"), ("A100 80GB PCIe", "a100-pcie-80gb"),
         ("A800-SXM4-80GB", "a800-sxm"), ("GB300", "gb300"), ("GB200", "gb200"), ("B300", "b300-sxm"), ("B200", "b200-sxm"),
         ("MI300X", "mi300x"), ("MI325X", "mi325x"), ("MI355X", "mi355x"), ("MI350X", "mi350x")]

ARGUMENT = re.compile(r"^(?:\s*\[?[\w.]*\]?:)?\s*(\w+) \.{2,} ?(.*?)\s*$")
ITERATION = re.compile(r"iteration\s+(\d+)\s*/\s*\d+\s*\|.*elapsed time per iteration \(ms\):\s*([\d.]+)")
BATCH = re.compile(r"global batch size:\s*(\d+)")
MEMORY = re.compile(r"max allocated:\s*([\d.]+)")
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
STEP = re.compile(r"step:\s*(\d+)\s.*?memory:\s*([\d.]+)GiB.*?tps:\s*([\d,]+)")
YEAR = re.compile(r"\b(20\d\d)-\d\d-\d\d\b")


class Refused(Exception):
    pass


def whole(text):
    return text if re.fullmatch(r"\d+", text or "") else ""


def yes(arguments, name):
    return arguments.get(name) == "True"


def arguments_of(lines):
    """The dump of Megatron's arguments: the last word on each, since ranks may repeat it."""
    found = {}
    for line in lines:
        match = ARGUMENT.match(line)
        if match:
            found[match.group(1)] = match.group(2)
    return found


def megatron_precision(a):
    if a.get("fp8", "None") not in ("None", "False"):
        return {"blockwise": "fp8-block", "mxfp8": "mxfp8"}.get(a.get("fp8_recipe"), "fp8")
    if yes(a, "bf16"):
        return "bf16"
    return "fp16" if yes(a, "fp16") else ""


def megatron_sharding(a):
    fsdp = yes(a, "use_torch_fsdp2") or yes(a, "use_megatron_fsdp") or yes(a, "use_custom_fsdp")
    strategy = a.get("data_parallel_sharding_strategy", "no_shard")
    if yes(a, "use_torch_fsdp2") or (fsdp and strategy == "optim_grads_params"):
        return "fsdp"
    if fsdp and strategy == "optim_grads":
        return "zero2"
    return "zero1" if yes(a, "use_distributed_optimizer") else "none"


def megatron_recompute(a):
    kind = a.get("recompute_granularity", "None")
    if kind == "None":
        return "none", ""
    if kind == "selective":
        modules = re.findall(r"\w+", a.get("recompute_modules", ""))
        return "selective", "recompute_modules=" + "+".join(modules) if modules and modules != ["None"] else ""
    layers = int(whole(a.get("num_layers", "")) or 0) // max(1, int(whole(a.get("pipeline_model_parallel_size", "")) or 1))
    few = a.get("recompute_method") == "block" and int(whole(a.get("recompute_num_layers", "")) or 0) < layers
    return ("other", "") if few else ("full", "")


def megatron_overlaps(a):
    said = [word for word, key in (("grad reduce overlap", "overlap_grad_reduce"), ("param gather overlap", "overlap_param_gather"),
                                   ("tp comm overlap", "tp_comm_overlap"), ("a2a overlap on", "overlap_moe_expert_parallel_comm"))
            if yes(a, key)]
    if not said and a.get("overlap_grad_reduce") == "False":
        said = ["no overlap"]
    if a.get("cuda_graph_scope") == "full_iteration":
        said.append("cuda_graph=full_iteration")
    elif yes(a, "enable_cuda_graph") or yes(a, "external_cuda_graph"):
        said.append("cuda_graph=part of the layer")
    return said


def megatron(lines, skip):
    a = arguments_of(lines)
    if "world_size" not in a:
        raise Refused("there are iterations but no dump of arguments (\"world_size ....... 64\"): keep the head of the log")
    times, memory = [], []
    for line in lines:
        match = ITERATION.search(line)
        if match:
            batch = BATCH.search(line)
            times.append((int(match.group(1)), float(match.group(2)), batch.group(1) if batch else None))
        elif match := MEMORY.search(line):
            memory.append(float(match.group(1)))
    last = times[-1][2]
    steady = [ms for _, ms, batch in times[skip:] if batch == last]
    recompute, modules = megatron_recompute(a)
    experts = whole(a.get("num_experts", ""))
    notes = "ETP=" + a["expert_tensor_parallel_size"] if experts and whole(a.get("expert_tensor_parallel_size", "")) else ""
    flash = a.get("attention_backend", "").rsplit(".", 1)[-1] != "unfused" and (
        a.get("transformer_impl") == "transformer_engine" or yes(a, "use_flash_attn"))
    groups = whole(a.get("num_query_groups", "")) if yes(a, "group_query_attention") else whole(a.get("num_attention_heads", ""))
    return {
        "layers": whole(a.get("num_layers", "")), "hidden": whole(a.get("hidden_size", "")),
        "ffn_hidden": whole(a.get("moe_ffn_hidden_size" if experts else "ffn_hidden_size", "")) or whole(a.get("ffn_hidden_size", "")),
        "heads": whole(a.get("num_attention_heads", "")), "kv_heads": groups, "vocab": whole(a.get("padded_vocab_size", "")),
        "seq_len": whole(a.get("seq_length", "")), "n_experts": experts, "topk": whole(a.get("moe_router_topk", "")) if experts else "",
        "n_chips": whole(a["world_size"]), "precision": megatron_precision(a),
        "tp": whole(a.get("tensor_model_parallel_size", "")), "sp": "1" if yes(a, "sequence_parallel") else "0",
        "pp": whole(a.get("pipeline_model_parallel_size", "")), "vpp": whole(a.get("virtual_pipeline_model_parallel_size", "")),
        "cp": whole(a.get("context_parallel_size", "")), "ep": whole(a.get("expert_model_parallel_size", "")),
        "dp": whole(a.get("data_parallel_size", "")), "sharding": megatron_sharding(a),
        "micro_batch": whole(a.get("micro_batch_size", "")), "global_batch_seqs": last or whole(a.get("global_batch_size", "")),
        "recompute": recompute, "overlap_notes": "; ".join(megatron_overlaps(a) + ([modules] if modules else [])),
        "attention_kernel": "flash" if flash else "unfused",
        "measured_mem_gb": f"{max(memory) * 2**20 / 1e9:.2f}" if memory else "", "notes": notes,
    }, [ms / 1e3 for ms in steady]


def torchtitan(lines, skip, given):
    """Each device's tokens a second, so a step takes batch x sequence / (tps x devices)."""
    row, tps, memory = {}, [], []
    for line in lines:
        if match := STEP.search(line):
            memory.append(float(match.group(2)))
            tps.append(float(match.group(3).replace(",", "")))
        elif match := re.search(r"global batch size (\d+),.*?sequence length (\d+)", line):
            row["global_batch_seqs"], row["seq_len"] = match.groups()
            local = re.search(r"local batch size (\d+)", line)
            row["micro_batch"] = local.group(1) if local else ""
        elif match := re.search(r"Building \d+-D device mesh with \[(.*?)\], \[(.*?)\]", line):
            names = re.findall(r"\w+", match.group(1))
            row["mesh"] = dict(zip(names, (int(size) for size in re.findall(r"\d+", match.group(2)))))
        elif match := re.search(r"Applied (selective|full)\S* activation checkpointing", line):
            row["recompute"] = match.group(1)
        elif "Float8" in line and "active" in line:
            row["precision"] = "mxfp8" if "MX" in line else "fp8"
        elif match := re.search(r"CUDA capacity: (.*?) with", line):
            row["device"] = match.group(1)
    mesh = row.pop("mesh", {})
    device = row.pop("device", "")
    row["chip"] = next((slug for name, slug in CHIPS if name in device), "")
    if mesh:
        shards = mesh.get("dp_shard", mesh.get("dp", 1))
        copies = mesh.get("dp_replicate", 1)
        row.update(tp=mesh.get("tp", 1), pp=mesh.get("pp", 1), cp=mesh.get("cp", 1), dp=shards * copies)
        row["n_chips"] = row["tp"] * row["pp"] * row["cp"] * row["dp"]
        row["shard_size"] = shards if copies > 1 else ""
        row["sharding"] = "fsdp" if shards > 1 else "none"
    row.setdefault("recompute", "none")
    row.setdefault("precision", "bf16")
    row["attention_kernel"] = "flash"
    row["measured_mem_gb"] = f"{max(memory) * 2**30 / 1e9:.2f}"
    filled = {**row, **{k: v for k, v in given.items() if v}}
    for key in ("global_batch_seqs", "seq_len", "n_chips"):
        if not filled.get(key):
            raise Refused(f"the log does not say {key}; give {option_of(key)}")
    tokens = int(filled["global_batch_seqs"]) * int(filled["seq_len"])
    return row, [tokens / (rate * int(filled["n_chips"])) for rate in tps[skip:]]


def check_rows(rows, path):
    seen = set()
    for number, row in enumerate(rows, 2):
        for column in NEEDED:
            if not row.get(column, ""):
                raise Refused(f"line {number}: {column} is empty")
        if not row.get("model_name") and not (row.get("layers") and row.get("hidden") and row.get("heads")):
            raise Refused(f"line {number}: neither model_name nor layers, hidden and heads say which model it is")
        for column in COLUMNS:
            text = row.get(column, "")
            if text and column not in TEXTS:
                try:
                    value = float(text)
                except ValueError:
                    raise Refused(f"line {number}: {column} = \"{text}\" is no number") from None
                if not value >= 0 or value == float("inf"):
                    raise Refused(f"line {number}: {column} = \"{text}\" is below 0 or without end")
        if float(row["measured_step_s"]) <= 0:
            raise Refused(f"line {number}: measured_step_s is not above 0")
        if row["id"] in seen:
            raise Refused(f"line {number}: id {row['id']} stands there twice")
        seen.add(row["id"])
    return rows


def read_csv(path):
    with open(path, newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        unknown = [name for name in reader.fieldnames or [] if name not in COLUMNS]
        if unknown:
            raise Refused(f"no column is called {', '.join(unknown)}; columns: {', '.join(COLUMNS)}")
        missing = [name for name in NEEDED if name not in (reader.fieldnames or [])]
        if missing:
            raise Refused(f"there is no column {', '.join(missing)}")
        return check_rows([{k: v or "" for k, v in row.items()} for row in reader], path)


def option_of(column):
    return {"global_batch_seqs": "--global-batch", "seq_len": "--seq", "n_chips": "--chips", "model_name": "--model",
            "nic_gbps_per_chip": "--nic-gbps", "source": "--stack"}.get(column, "--" + column.replace("_", "-"))


def read_log(path, given, skip):
    with open(path, encoding="utf-8", errors="replace") as file:
        lines = [ESCAPE.sub("", line) for line in file]
    if any(ITERATION.search(line) for line in lines):
        row, seconds = megatron(lines, skip)
    elif any(STEP.search(line) for line in lines):
        row, seconds = torchtitan(lines, skip, given)
    else:
        raise Refused("neither iterations of Megatron-LM nor steps of torchtitan, and no .csv")
    if len(seconds) < STEADY:
        raise Refused(f"{len(seconds)} steady iterations after the first {skip}: a median needs {STEADY}; log more, or lower --skip")
    for column, value in given.items():
        said = str(row.get(column, ""))
        if value and said and said != str(value):
            raise Refused(f"{column} is {said} in the log and {value} by {option_of(column)}")
        row[column] = value or said
    years = [match.group(1) for line in lines if (match := YEAR.search(line))]
    row["year"] = row.get("year") or (years[-1] if years else datetime.date.today().year)
    row["measured_step_s"] = f"{statistics.median(seconds):.6g}"
    spread = statistics.quantiles(seconds, n=20) if len(seconds) > 1 else seconds
    print(f"{path}: median of {len(seconds)} steady iterations {row['measured_step_s']} s, 90 % between {spread[0]:.4g} and "
          f"{spread[-1]:.4g} s")
    return row


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("logs", nargs="+", metavar="LOG")
    parser.add_argument("--out", required=True)
    parser.add_argument("--skip", type=int, default=3, help="lines of iterations that warm up (3)")
    parser.add_argument("--prefix", default="own", help="ids are PREFIX-001, PREFIX-002, ... (own)")
    names = {"--model": "model_name", "--stack": "source", "--chip": "chip", "--chips": "n_chips", "--node-size": "node_size",
             "--scale-up-domain": "scale_up_domain", "--nic-gbps": "nic_gbps_per_chip", "--year": "year", "--seq": "seq_len",
             "--global-batch": "global_batch_seqs", "--micro-batch": "micro_batch", "--tp": "tp", "--pp": "pp", "--cp": "cp",
             "--ep": "ep", "--dp": "dp", "--precision": "precision", "--sharding": "sharding", "--recompute": "recompute"}
    for option, column in names.items():
        parser.add_argument(option, dest=column, default="", help=f"column {column}, where a log does not say it")
    options = parser.parse_args()
    if options.skip < 0:
        parser.error("--skip is a number of lines, 0 or more")
    given = {column: getattr(options, column) for column in names.values()}
    given["source"] = given["source"] or "own runs"
    rows, problems = [], []
    for path in options.logs:
        try:
            if path.endswith(".csv"):
                rows += read_csv(path)
                continue
            row = read_log(path, given, options.skip)
            row["id"] = f"{options.prefix}-{sum(r['id'].startswith(options.prefix + '-') for r in rows) + 1:03}"
            try:
                rows += check_rows([{column: str(row.get(column, "")) for column in COLUMNS}], path)
            except Refused as why:
                column = str(why).split(": ", 1)[-1].split(" ")[0]
                raise Refused(f"the log does not say {column}; give {option_of(column)}" if column in COLUMNS else str(why)) from None
        except (Refused, OSError, UnicodeDecodeError) as why:
            problems.append(f"{path}: {why}")
    if not problems:
        try:
            check_rows(rows, options.out)
        except Refused as why:
            problems.append(f"together: {why}")
    if problems:
        sys.exit("\n".join(problems))
    with open(options.out, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{len(rows)} cases written to {options.out}; fit a stack on them with socle validate training --fit-stack NAME --cases "
          f"{options.out} --out DIR")


if __name__ == "__main__":
    main()
