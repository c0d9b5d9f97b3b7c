#!/usr/bin/env python3
"""Writes catalog/compat/training-arguments.csv: make_training_arguments.py megatron_args.csv launch_flags.csv [OUT.csv]

The first table has an argument a row, as the parsers of each release were read at a commit: y or n in Megatron-LM's
main branch, core_v0.12.1, MindSpeed and MindSpeed-LLM; its key in Megatron-Bridge and in DeepSpeed's JSON; uses in 49
scripts. The second one states keys of Megatron-Bridge that the first one lacks. Kept in a form of our own:

  kind         switch, integer, real, text, choice, list, or empty: the parser does not say
  bridge       KEY, or KEY=VALUE where the switch stands for a value; several with blanks between
  deepspeed    path in its JSON, where one setting says the same; what is code there stays empty
  approximate  yes: derived from a dataclass whose negation names static reading does not settle
"""
import csv
import re
import sys

COLUMNS = ["argument", "kind", "choices", "default", "megatron-main", "megatron-0.12", "mindspeed", "mindspeed-llm",
           "bridge", "deepspeed", "scripts", "approximate", "source", "dated"]
HEAD = "NVIDIA/Megatron-LM@d98e8a64dd megatron/training"
CORE = "NVIDIA/Megatron-LM core_v0.12.1 megatron/training/arguments.py"
BRIDGE = "NVIDIA-NeMo/Megatron-Bridge@067f987df0 docs/megatron-lm-to-megatron-bridge.md"
# Knob of launch_flags.csv: the argument that it is.
KNOBS = {"vpp": "--num-virtual-stages-per-pipeline-rank", "etp": "--expert-tensor-parallel-size"}
ALIASES = {"--save": "checkpoint.save", "--load": "checkpoint.load", "--save-interval": "checkpoint.save_interval"}


def kind_of(row):
    text = row["type"]
    if text in ("flag", "bool", "Optional[bool]"):
        return "switch"
    if "list" in text.lower().replace("list_type", ""):
        return "list"
    if "Literal" in text:
        return "choice"
    for kind, words in (("integer", ("int",)), ("real", ("float",)), ("text", ("str",))):
        if any(word in text for word in words):
            return kind
    return ""


def choices_of(row):
    return " ".join(re.findall(r"'([^']*)'", row["type"])) if "Literal" in row["type"] else ""


def default_of(row):
    text = row["default"].strip("'\"")
    return "" if re.match(r"field\(|\[|None|\w+\.\w+$", text) and not re.match(r"[\d.e-]+$", text) else text


def bridge_of(row):
    keys = []
    for part in re.split(r" and | ", row["megatron_bridge"]):
        key, _, value = part.partition("=")
        if key:
            keys.append(f"{key}={value}" if value and not re.fullmatch(r"[A-Z]+", value) else key)
    return " ".join(keys)


def deepspeed_of(row):
    text = row["deepspeed_json"].split(" (")[0].split(" / ")[0]
    return text if re.fullmatch(r"[\w.]+(\[\d\])?(=\w+)?", text) and "*" not in text else ""


def source_of(row):
    if row["where"] == "megatron_core_v0.12.1" or row["megatron_core_v0_12_1"] == "y":
        return CORE
    if row["megatron_lm_head"] == "y":
        return HEAD
    where = row["where"].split(";")[0].replace("mindspeed_llm:", "Ascend/MindSpeed-LLM@c77308a14b ")
    where = where.replace("mindspeed:", "Ascend/MindSpeed ")
    return where or BRIDGE


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__.strip())
    out = sys.argv[3] if len(sys.argv) > 3 else "catalog/compat/training-arguments.csv"
    with open(sys.argv[1], encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with open(sys.argv[2], encoding="utf-8", newline="") as file:
        knobs = {KNOBS[row["knob"]]: row["flag_or_key"] for row in csv.DictReader(file)
                 if row["format"] == "megatron-bridge" and row["knob"] in KNOBS}
    facts = []
    for row in sorted(rows, key=lambda row: row["arg"]):
        name = row["arg"]
        negation = name.startswith("--no-") and row["type"] == "bool"
        bridge = bridge_of(row) or knobs.get(name, "") or ALIASES.get(name, "")
        facts.append([name, kind_of(row), choices_of(row), default_of(row), row["megatron_lm_head"],
                      row["megatron_core_v0_12_1"], row["mindspeed"], row["mindspeed_llm"], bridge, deepspeed_of(row),
                      row["used_in_n_mindspeed_pretrain_scripts"], "yes" if negation else "", source_of(row), "2026"])
    with open(out, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(facts)
    print(f"{len(facts)} arguments in {out}")


if __name__ == "__main__":
    main()
