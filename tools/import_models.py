#!/usr/bin/env python3
"""Writes the catalogue's model files: import_models.py FACTS_DIR HF_CONFIGS_DIR [CATALOG_DIR]

Reads FACTS_DIR/catalog/models.csv and the config.json files in HF_CONFIGS_DIR (named ORG--MODEL_config.json) and writes
models/<slug>.toml below CATALOG_DIR (default: catalog). A config, where there is one, is trusted over the row of the
table. What neither holds (biases, norms, squared ReLU, shapes of training benchmarks) stands in model_import/facts.py, each with
its confidence."""
import csv
import json
import os
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from model_import.configs import shape_of_config  # noqa: E402
from model_import.facts import BENCHMARKS, CONFIG_ONLY, CSV_EXTRA, EXCLUDES, PUBLISHED  # noqa: E402


def text(value):
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ").replace("\t", " ") + '"'


def value_text(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else text(value)


def inline(pairs):
    return "{ " + ", ".join(f"{key} = {value_text(value)}" for key, value in pairs.items()) + " }"


def slug_of(name):
    return re.sub(r"[^a-z0-9.]+", "-", name.lower()).strip("-")


def runs(names):
    """["a", "a", "b"] as "a*2 b"."""
    out = []
    for name in names:
        if out and out[-1][0] == name:
            out[-1][1] += 1
        else:
            out.append([name, 1])
    return " ".join(name if count == 1 else f"{name}*{count}" for name, count in out)


def pattern(names):
    """The layers from first to last, repeated groups in brackets: the group that shortens the text most comes first."""
    out, at = [], 0
    while at < len(names):
        best = (0, 0, 0)  # layers saved, period, repeats
        for period in range(2, min(24, (len(names) - at) // 2) + 1):
            group = names[at:at + period]
            if len(set(group)) == 1:
                continue
            repeats = 1
            while names[at + repeats * period:at + (repeats + 1) * period] == group:
                repeats += 1
            if repeats > 1 and (repeats - 1) * period > best[0]:
                best = ((repeats - 1) * period, period, repeats)
        if best[0] >= 2:
            out.append(f"({runs(names[at:at + best[1]])})*{best[2]}")
            at += best[1] * best[2]
        else:
            run = 1
            while at + run < len(names) and names[at + run] == names[at]:
                run += 1
            out.append(names[at] if run == 1 else f"{names[at]}*{run}")
            at += run
    return " ".join(out)


def kind_name(mixer, feed_forward):
    kind = mixer["kind"]
    words = []
    if kind == "mla":
        words.append("mla")
    elif kind == "linear":
        words.append("linear")
    elif kind == "attention":
        words.append("window" if "window" in mixer else "chunk" if "chunk" in mixer else "full")
    if feed_forward:
        words.append("moe" if "experts" in feed_forward else "dense")
    return "_".join(words) or "empty"


def kinds_of(layers):
    """Distinct layers with a name each, and the name of every layer."""
    kinds, names = {}, []
    for mixer, feed_forward in layers:
        key = json.dumps([mixer, feed_forward])
        if key not in kinds:
            base = kind_name(mixer, feed_forward)
            taken = {name for name, _, _ in kinds.values()}
            name, number = base, 2
            while name in taken:
                name, number = f"{base}{number}", number + 1
            kinds[key] = (name, mixer, feed_forward)
        names.append(kinds[key][0])
    return kinds.values(), names


def render(shape, head, source):
    """`shape`: hidden, vocab, layers and the optional keys; `head`: name, aliases, hf_id, published figures."""
    layers = shape["layers"] + shape.get("mtp_pattern", [])
    kinds, names = kinds_of(layers)
    lines = [f"name = {text(head['name'])}"]
    if head.get("aliases"):
        lines.append("aliases = [" + ", ".join(text(alias) for alias in head["aliases"]) + "]")
    if head.get("hf_id"):
        lines.append(f"hf_id = {text(head['hf_id'])}")
    for key in ("published_params", "published_active_params", "published_excludes"):
        if head.get(key):
            lines.append(f"{key} = {text(head[key])}")
    lines.append("")
    for key in ("hidden", "vocab", "tied_embeddings", "norm", "learned_positions", "context", "residual_streams", "mtp_layers"):
        if key in shape and shape[key] not in (0, None):
            lines.append(f"{key} = {value_text(shape[key])}")
    count = len(shape["layers"])
    lines.append(f"pattern = {text(pattern(names[:count]))}  # {count} layers, first to last")
    if shape.get("mtp_pattern"):
        lines.append(f"mtp_pattern = {text(pattern(names[count:]))}")
    for name, mixer, feed_forward in kinds:
        lines += ["", f"[kinds.{name}]", f"mixer = {inline(mixer)}"]
        if feed_forward:
            lines.append(f"feed_forward = {inline(feed_forward)}")
    lines += ["", "[source]"]
    lines += [f"{key} = {text(source[key])}" for key in ("text", "confidence", "checked", "notes") if source.get(key)]
    return "\n".join(lines) + "\n"


def number(row, key):
    return int(row[key]) if row[key] else 0


def attention_of_row(row, extra):
    heads, width = number(row, "heads"), number(row, "head_dim")
    if number(row, "kv_lora"):
        mixer = {"kind": "mla", "heads": heads, "head_dim": number(row, "nope_dim") + number(row, "rope_dim"),
                 "v_head_dim": number(row, "v_dim"), "q_lora": number(row, "q_lora"), "kv_lora": number(row, "kv_lora"),
                 "rope_dim": number(row, "rope_dim")}
        return {key: value for key, value in mixer.items() if value}
    mixer = {"kind": "attention", "heads": heads, "kv_heads": number(row, "kv_heads"), "head_dim": width}
    mixer.update({key: True for key in ("qkv_bias", "output_gate") if extra.get(key)})
    return mixer


def feed_forward_of_row(row, extra, moe):
    mark = {} if row["gated_ffn"] == "yes" else {"gated": False}
    bias = {"bias": True} if extra.get("bias") else {}
    if not moe:
        return {"ffn": number(row, "ffn"), **mark, **bias}
    out = {"ffn": number(row, "moe_ffn"), "experts": number(row, "experts"), "topk": number(row, "topk")}
    if number(row, "shared_ffn_total"):
        out["shared_ffn"] = number(row, "shared_ffn_total")
    return {**out, **mark}


def shape_of_row(row, extra):
    """A shape from one row of the table: uniform but for leading dense layers and the sliding or linear pattern."""
    base = attention_of_row(row, extra)
    layers = []
    for i in range(number(row, "layers")):
        mixer = dict(base)
        match = re.match(r"(\d+) (sliding|gated-deltanet|lightning linear) : 1 full", row["attn_pattern"])
        special = bool(match) and i % (int(match.group(1)) + 1) < int(match.group(1))
        if match and match.group(2) != "sliding" and special:
            mixer = dict(extra["linear"])
        elif number(row, "sliding_window") and (special or not match) and extra.get("window", True):
            mixer["window"] = number(row, "sliding_window")
        moe = number(row, "experts") > 0 and i >= number(row, "first_dense_layers")
        layers.append((mixer, feed_forward_of_row(row, extra, moe)))
    shape = {"hidden": number(row, "hidden"), "vocab": number(row, "vocab"), "tied_embeddings": row["tie_embeddings"] == "yes",
             "context": number(row, "ctx"), "mtp_layers": number(row, "mtp_layers"), "layers": layers}
    if extra.get("layer_norm"):
        shape["norm"] = "layer"
    if extra.get("positions"):
        shape["learned_positions"] = extra["positions"]
    return shape


def billions(figure):
    return f"{figure}B" if figure else ""


def config_paths(folder):
    out = {}
    for name in sorted(os.listdir(folder)):
        if name.endswith("_config.json") and "_hf_quant_" not in name:
            out[name[:-len("_config.json")].split("--", 1)[1]] = os.path.join(folder, name)
    return out


def read_config(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def head_of(name, hf_id, aliases, params, active):
    tail = hf_id.split("/")[-1] if hf_id else ""
    aliases = list(aliases)
    if tail and slug_of(tail) != slug_of(name) and tail not in aliases:
        aliases.append(tail)
    params, active = PUBLISHED.get(name, (params, active))
    return {"name": name, "hf_id": hf_id if "/" in hf_id else "", "aliases": aliases, "published_params": params,
            "published_active_params": active, "published_excludes": EXCLUDES.get(name, "")}


def main():
    facts, configs = sys.argv[1], config_paths(sys.argv[2])
    folder = os.path.join(sys.argv[3] if len(sys.argv) > 3 else "catalog", "models")
    os.makedirs(folder, exist_ok=True)
    files = {}
    with open(os.path.join(facts, "catalog", "models.csv"), encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        name, extra = row["name"], CSV_EXTRA.get(row["name"], {})
        tail = extra.get("config", row["hf_id"].split("/")[-1])
        from_config = tail in configs
        shape = shape_of_config(read_config(configs[tail])) if from_config else shape_of_row(row, extra)
        shape["context"] = number(row, "ctx")
        active = row["params_active_b"] if row["params_active_b"] != row["params_total_b"] else ""
        head = head_of(name, row["hf_id"], extra.get("aliases", []), billions(row["params_total_b"]), billions(active))
        notes = "; ".join(filter(None, [row["notes"], extra.get("notes", "")]))
        checked = row["checked"] or ""
        source = {"text": row["source"] + ("; config.json" if from_config else ""), "confidence": row["confidence"],
                  "checked": checked, "notes": notes}
        files[slug_of(name)] = render(shape, head, source)
    for name, spec in CONFIG_ONLY.items():
        shape = shape_of_config(read_config(configs[spec["config"]]))
        head = head_of(name, spec["hf_id"], spec.get("aliases", []), "", "")
        source = {"text": "config.json of the model's repository", "confidence": "datasheet",
                  "checked": spec.get("checked", "seen: config; recall: totals"), "notes": spec.get("notes", "")}
        files[slug_of(name)] = render(shape, head, source)
    for name, spec in BENCHMARKS.items():
        head = head_of(name, "", spec.get("aliases", []), "", "")
        files[slug_of(name)] = render(spec["shape"], head, spec["source"])
    for slug, content in sorted(files.items()):
        with open(os.path.join(folder, slug + ".toml"), "w", encoding="utf-8") as file:
            file.write(content)
    print(f"{len(files)} models")
    return 0


if __name__ == "__main__":
    sys.exit(main())
