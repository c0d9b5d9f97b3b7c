#!/usr/bin/env python3
"""Compares what `socle model show` counts with what the classes of the transformers library hold.

Needs the packages transformers and torch (CPU) of the Python package index; nothing is downloaded, no weight is made:
every class that the library maps to a causal language model is built on the meta device with its default configuration
and with two altered ones, saved as config.json, and counted by both.

    python3 tools/check_families.py build/socle --table docs/design/models.md
"""

import argparse
import collections
import json
import os
import re
import subprocess
import sys
import tempfile
import warnings

warnings.filterwarnings("ignore")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")

TOLERANCE = 0.005
OTHER_TOWERS = re.compile(r"vision|visual|audio|image|multi_modal|projector|embed_tokens_extend|vqmodel|^model\.connector")
START, END = "<!-- families -->", "<!-- /families -->"

# What a class needs beyond its defaults to be built at all.
NEEDED = {
    "dots1": {"n_routed_experts": 64, "n_shared_experts": 2, "num_experts_per_tok": 6, "first_k_dense_replace": 1},
    "hunyuan_v1_dense": {"head_dim": 128},
    "hunyuan_v1_moe": {"head_dim": 128, "num_experts": 8},
    "ministral": {"head_dim": 128},
    "nemotron": {"num_key_value_heads": 8},
    "deepseek_v2": {"num_experts_per_tok": 6},
    "lfm2_moe": {"layer_types": (["conv", "conv", "full_attention", "conv"] * 8)},
    "cohere_compass_text": {"rope_parameters": {k: {"rope_type": "default", "rope_theta": 1e4}
                                                for k in ("full_attention", "sliding_attention")}},
}
NEEDED_NESTED = {"dbrx": ("attn_config", "rope_theta", 1e4)}

# Where the library itself is off, and why.
EXPLAINED = {
    "longcat_flash": "the library makes room for zero experts, which hold no weights; published weights have 560B",
}


# Changes that are tried; those that a class refuses are left out.
def changes(values):
    def integer(key):
        return isinstance(values.get(key), int) and not isinstance(values.get(key), bool)

    first, second = {}, {}
    if integer("vocab_size"):
        first["vocab_size"] = values["vocab_size"] + 1024  # a smaller one may lack the padding token
    for key in ("num_hidden_layers", "n_layer", "num_layers", "n_layers"):
        if integer(key):
            first[key] = max(2, values[key] // 2)
            break
    for key in ("layer_types", "mlp_layer_types", "layers_block_type", "no_rope_layers", "indexer_types", "moe_layers",
                "attn_layer_indices", "hybrid_layer_ids", "num_attention_heads_per_layer", "attention_layers",
                "layer_rope_theta", "activation_sparsity_pattern"):
        if isinstance(values.get(key), list):
            first[key] = None
    for key in ("intermediate_size", "ffn_dim", "ffn_hidden_size", "dff", "dim_ff"):
        if integer(key):
            second[key] = values[key] // 64 * 96
            break
    for key in ("num_experts", "n_routed_experts", "num_local_experts", "moe_num_experts"):
        if integer(key) and values[key] > 8:
            second[key] = values[key] // 2
    if integer("num_key_value_heads") and values["num_key_value_heads"] % 2 == 0:
        second["num_key_value_heads"] = values["num_key_value_heads"] // 2
    for key in ("attention_bias", "mlp_bias", "tie_word_embeddings"):
        if isinstance(values.get(key), bool):
            second[key] = not values[key]
    return first, second


def build(torch, model_class, config):
    text = config.get_text_config()
    for candidate in (config, text):
        try:
            with torch.device("meta"):
                model = model_class(candidate)
            if candidate is not config and text is not config:
                config.tie_word_embeddings = text.tie_word_embeddings  # the tower was built by its own word
            return model
        except Exception as error:  # any class may refuse a configuration in its own way
            last = error
    raise last


def count(model):
    seen, total = set(), 0
    for name, parameter in model.named_parameters(remove_duplicate=False):
        if id(parameter) in seen or OTHER_TOWERS.search(name):
            continue
        seen.add(id(parameter))
        total += parameter.numel()
    return total


def make_config(config_class, name, keywords):
    config = config_class(**keywords)
    if name in NEEDED_NESTED:
        part, key, value = NEEDED_NESTED[name]
        setattr(getattr(config, part), key, value)
    return config


def variants(torch, name, config_class, model_class):
    """Yields (label, config, count) for the default configuration and two altered ones."""
    needed = NEEDED.get(name, {})
    config = make_config(config_class, name, needed)
    yield "default", config, count(build(torch, model_class, config))
    nested = getattr(config, "text_config", None)
    for label, change in zip(("altered 1", "altered 2"), changes((nested or config).to_dict())):
        change = {key: value for key, value in change.items() if key not in needed}
        while change:
            try:
                keywords = {"text_config": {**change}} if nested is not None else {**needed, **change}
                altered = make_config(config_class, name, keywords)
                yield label, altered, count(build(torch, model_class, altered))
                break
            except Exception:  # a change that the class does not take
                change.pop(next(reversed(change)))


def saved(config, model_class, folder):
    config.architectures = [model_class.__name__]
    config.save_pretrained(folder)
    return os.path.join(folder, "config.json")


def shown(socle, path):
    run = subprocess.run([socle, "model", "show", path, "--json"], capture_output=True, text=True)
    if run.returncode:
        return None, run.stderr.strip().replace(path, "config.json")
    return json.loads(run.stdout)["parameters_total"], ""


# Keys that every saved configuration has and no count rests on.
NOISE = re.compile(r"token_id|token_index|dropout|pdrop|^initializer|^output_|^use_cache$|^rope_|_eps$|epsilon|^dtype$|"
                   r"^transformers_version$|^_name_or_path$|label|^vision_config$|^audio_config$|^vq_config$|^return_dict|"
                   r"^problem_type$|^chunk_size_feed|^is_encoder|^summary_|^vocabulary_map$")


def plain(value):
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items() if inner is not None and not NOISE.search(key)}
    return value


def first_and_last(lines):
    """Of each type the configuration by default and the most altered one."""
    by_type = {}
    for line in lines:
        by_type.setdefault(json.loads(line)["type"], []).append(line)
    return [line for group in by_type.values() for line in dict.fromkeys((group[0], group[-1]))]


def check_class(torch, transformers, socle, name, class_name, config_name, keep, lines):
    model_class = getattr(transformers, class_name)
    rows = []
    try:
        for label, config, total in variants(torch, name, getattr(transformers, config_name), model_class):
            with tempfile.TemporaryDirectory() as folder:
                folder = os.path.join(keep, name, label.replace(" ", "-")) if keep else folder
                path = saved(config, model_class, folder)
                counted, refusal = shown(socle, path)
                rows.append((label, total, counted, refusal))
                if lines is not None and counted is not None and abs(counted / total - 1) <= TOLERANCE:
                    with open(path, encoding="utf-8") as text:
                        lines.append(json.dumps({"type": name, "parameters": total, "config": plain(json.load(text))},
                                                separators=(",", ":")))
    except Exception as error:  # the library itself cannot build it
        rows.append(("default", None, None, f"{type(error).__name__}: {str(error).splitlines()[0][:80]}"))
    return rows


def verdict(name, rows):
    if any(row[1] is None for row in rows):
        return "not built by the library"
    if all(row[2] is None for row in rows):
        return "refused"
    if any(row[2] is None for row in rows):
        return "refused in part"
    if max(abs(row[2] / row[1] - 1) for row in rows) <= TOLERANCE:
        return "exact"
    return "explained" if name in EXPLAINED else "off"


def table(results, version):
    lines = [f"Against transformers {version}; largest difference over the configurations of each class.", "",
             "| type | class | configurations | parameters by default | difference | |", "|---|---|---|---|---|---|"]
    for name, class_name, rows in results:
        judged = [row for row in rows if row[1] and row[2] is not None]
        worst = max((abs(row[2] / row[1] - 1) for row in judged), default=None)
        figure = "" if worst is None else f"{100 * worst:.3f} %"
        default = f"{rows[0][1]:,}" if rows[0][1] else ""
        reason = verdict(name, rows)
        if reason != "exact":
            text = EXPLAINED.get(name) or next((row[3] for row in rows if row[3]), "")
            reason += ": " + re.sub(r"^.*?config\.json: ?", "", text).split(";")[0].replace("|", "/")[:110]
        lines.append(f"| {name} | {class_name} | {len(rows)} | {default} | {figure} | {reason} |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("socle", help="the program, such as build/socle")
    parser.add_argument("--table", help="page whose table of families is written anew")
    parser.add_argument("--only", help="types to check, joined by commas")
    parser.add_argument("--keep", help="folder for the configurations")
    parser.add_argument("--rows", help="file of the configurations and counts, one JSON object a line, for the tests")
    arguments = parser.parse_args()
    try:
        import torch
        import transformers
        from transformers.models.auto import configuration_auto, modeling_auto
    except ImportError as error:
        sys.exit(f"error: {error}; install the packages transformers and torch (CPU)")
    results, verdicts = [], collections.Counter()
    lines = [] if arguments.rows else None
    wanted = arguments.only.split(",") if arguments.only else None
    for name, class_name in modeling_auto.MODEL_FOR_CAUSAL_LM_MAPPING_NAMES.items():
        class_name = class_name if isinstance(class_name, str) else class_name[0]
        if wanted and name not in wanted:
            continue
        rows = check_class(torch, transformers, arguments.socle, name, class_name,
                           configuration_auto.CONFIG_MAPPING_NAMES[name], arguments.keep, lines)
        results.append((name, class_name, rows))
        verdicts[verdict(name, rows)] += 1
        if verdict(name, rows) != "exact":
            print(f"{name:24s} {verdict(name, rows)}")
            for label, total, counted, refusal in rows:
                off = f"{counted / total - 1:+.5f}" if total and counted is not None else ""
                print(f"    {label:10s} library {total} socle {counted} {off} {refusal[:400]}")
    print(dict(verdicts))
    if arguments.rows:
        with open(arguments.rows, "w", encoding="utf-8") as rows:
            rows.write("".join(line + "\n" for line in first_and_last(lines)))
    if arguments.table:
        with open(arguments.table, encoding="utf-8") as page:
            text = page.read()
        head, rest = text.split(START)
        text = head + START + "\n" + table(results, transformers.__version__) + "\n" + END + rest.split(END)[1]
        with open(arguments.table, "w", encoding="utf-8") as page:
            page.write(text)
    return 1 if verdicts["off"] else 0


if __name__ == "__main__":
    sys.exit(main())
