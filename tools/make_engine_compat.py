#!/usr/bin/env python3
"""Writes the fact packs of serving engines out of tables of their documentation:
make_engine_compat.py engine_features.csv engine_models.csv serving_params.csv [OUT_DIR]

  engine-features.csv   engine x hardware: features, pairs of them, quantisation, connectors, arguments
  engine-models.csv     engine x hardware x model, with the longest context and features that the model lacks
  serving-arguments.csv one knob a row with its flag on each engine

Status words are those of every pack: a page that plans or has not tested says unknown, code that was found in the
engine's source and no page speaks of is experimental with evidence E2. Which names of checkpoints a row of models means
is ours (PATTERNS): globs on the last part of an identifier, in lower case.
"""
import csv
import os
import re
import sys

STATUS = {"supported": "supported", "experimental": "experimental", "partial": "partial", "unsupported": "unsupported",
          "gpu_only": "unsupported", "implemented": "experimental"}
ITEMS = {"automatic_prefix_caching": "prefix_caching", "automatic_prefix_caching_(apc)": "prefix_caching",
         "cuda_graph": "graph_mode", "inference_with_hpu_graphs": "graph_mode", "experts_parallel": "expert_parallel",
         "tensor_parallel_inference": "tensor_parallel", "data_parallel_support": "data_parallel",
         "prefill_decode_disaggregation": "disaggregation", "enc-dec": "encoder_decoder",
         "multi_modality": "multimodal", "guided_decode": "guided_decoding", "lora/multilora_support": "lora",
         "speculative_decoding_(functional_release)": "speculative_decoding", "autoawq_quantization": "awq",
         "autogptq_quantization": "gptq", "inc_quantization": "inc", "inc_w8a8": "inc", "fp8_w8a8": "fp8",
         "int8_w8a8": "int8", "marlin_gptq_awq_fp8": "marlin", "w8a8_dynamic": "w8a8", "w8a8_static": "w8a8_static"}
METHODS = {"awq", "gptq", "inc"}
HARDWARE = {"A2/A3": ["ascend_a2_a3"], "A3": ["ascend_a2_a3"], "A2": ["ascend_a2_a3"],
            "Ascend 950 Products": ["ascend_950"], "Ascend 950DT": ["ascend_950"], "Atlas 300I DUO": ["ascend_310p"],
            "Kunlun P800": ["kunlun_p800"], "A2/A3/Ascend950": ["ascend_a2_a3", "ascend_950"],
            "A2/A3/Ascend950 (Ascend950 experimental)": ["ascend_a2_a3"]}
SIZES = " ".join(f"qwen3-{size}*" for size in ("0.6b", "1.7b", "4b", "8b", "14b", "32b"))
PATTERNS = {
    "DeepSeek V3/3.1": "deepseek-v3 deepseek-v3-* deepseek-v3.1*", "DeepSeek-V3.1": "deepseek-v3.1*",
    "DeepSeek V3.2": "deepseek-v3.2*", "Deepseek v3.2": "deepseek-v3.2*", "DeepSeek R1": "deepseek-r1 deepseek-r1-0*",
    "DeepSeek V2.5": "deepseek-v2.5*", "DeepSeek V4-Flash": "deepseek-v4-flash*", "DeepSeek V4-Pro": "deepseek-v4-pro*",
    "DeepSeek Distill (Qwen/Llama)": "deepseek-r1-distill-*", "Qwen3-Dense": SIZES, "Qwen3": SIZES,
    "Qwen3-Moe": "qwen3-30b-a3b* qwen3-235b-a22b*", "Qwen3-based": "qwen3-*", "Qwen2": "qwen2-*",
    "Qwen2.5": "qwen2.5-*", "Qwen2-based": "qwen2-*-instruct", "Qwen2.5-based": "qwen2.5-*",
    "Llama2/3/3.1/3.2": "llama-2-* llama-3-* llama-3.1-* meta-llama-3-* meta-llama-3.1-* llama-3.2-1b* llama-3.2-3b*",
    "Llama3.2": "llama-3.2-*", "Llama4": "llama-4-*", "GLM-4.x": "glm-4.5* glm-4.6* glm-4.7* glm-4-*",
    "GLM-5/5.1": "glm-5 glm-5-* glm-5.1*", "Kimi-K2.5/Kimi-K2.6": "kimi-k2.5* kimi-k2.6*",
    "MiniMax-M2.5/2.7": "minimax-m2.5* minimax-m2.7*", "Mistral/Mistral-Instruct": "mistral-7b-*",
    "Phi-3/4": "phi-3-* phi-4", "Qwen3.5-27B / Qwen3.6-27B": "qwen3.5-27b* qwen3.6-27b*",
    "Qwen3.5-Dense": "qwen3.5-27b* qwen3.5-9b*", "Qwen3-VL-30B-A3B/Qwen3-VL-235B-A22B":
    "qwen3-vl-30b-a3b* qwen3-vl-235b-a22b*", "Ernie4.5": "ernie-4.5-0.3b*", "Ernie4.5-Moe": "ernie-4.5-*-a*b*",
    "MiniMax-Text": "minimax-text-*", "Gemma-2": "gemma-2-*", "Gemma-3": "gemma-3-*", "Gemma3": "gemma-3-*",
    "Gemma4": "gemma-4-*", "Baichuan2": "baichuan2-*", "Phi-3-Vision/Phi-3.5-Vision": "phi-3-vision* phi-3.5-vision*",
    "InternVL2.0/2.5/3.0InternVideo2.5/Mono-InternVL": "internvl2-* internvl2_5-* internvl3-* mono-internvl*",
}
FEATURES = {"BF16": "bf16", "W8A8": "w8a8", "Chunked Prefill": "chunked_prefill",
            "Automatic Prefix Cache": "prefix_caching", "LoRA": "lora", "Speculative Decoding": "speculative_decoding",
            "Tensor Parallel": "tensor_parallel", "Pipeline Parallel": "pipeline_parallel",
            "Expert Parallel": "expert_parallel", "Data Parallel": "data_parallel",
            "Prefill-decode Disaggregation": "disaggregation"}
RULES = {"kv_cache_dtype": "bf16_is_auto", "cuda_graph_enable_padding": "negated"}


def word(text):
    return STATUS.get(text, "unknown")


def feature_rows(path):
    for row in csv.DictReader(open(path, encoding="utf-8")):
        engine = row["engine"].split("(")[0]
        older = "(" in row["engine"]
        kind = {"feature_pair": "pair", "quantization_method": "quantization", "kv_connector": "connector",
                "precision": "quantization", "hardware": "feature"}.get(row["kind"], row["kind"])
        item = ITEMS.get(row["feature"], row["feature"])
        if kind == "feature" and item in METHODS:
            kind = "quantization"
        hardware = {"ascend": "ascend_a2_a3", "cuda": "nvidia", "intel_gaudi": "intel_gaudi2_3"}.get(
            row["hardware"], row["hardware"])
        if hardware == "intel_gaudi2_3":
            engine = "vllm-gaudi"
        note = row["note"] if not older else "an older table of vLLM itself"
        evidence = "E2" if row["status"] == "implemented" else "E1"
        yield [engine, hardware, kind, item, word(row["status"]), evidence, note, row["source"].replace(":", " ", 1)]


def patterns_of(name):
    return PATTERNS.get(name) or re.sub(r"[^a-z0-9.]+", "-", name.lower()).strip("-") + "*"


def model_rows(path):
    for row in csv.DictReader(open(path, encoding="utf-8")):
        lacks = sorted(FEATURES[c] for c in FEATURES if row[c] == "unsupported")
        untested = sorted(FEATURES[c] for c in FEATURES if row[c] == "planned_or_untested")
        for hardware in HARDWARE[row["hardware"]]:
            yield [row["engine"], hardware, row["model"], patterns_of(row["model"]), word(row["support"]),
                   row["max-model-len"], " ".join(lacks), " ".join(untested), "E1", row["source"].replace(":", " ", 1)]


def argument_rows(path):
    flag = lambda text: "" if not text else text if "." in text else "--" + text
    for row in csv.DictReader(open(path, encoding="utf-8")):
        names = [flag(row["vllm_flag"]), flag(row["sglang_flag"]), row["trtllm_key"].replace("-", "_")]
        if any(names):
            yield [row["param"], *names, RULES.get(row["param"], ""), row["source"].replace(":", " ", 1)]


def write(path, header, rows):
    seen, kept = set(), []
    for row in rows:  # the first row of a key holds: newer tables stand first
        key = tuple(row[:4])
        if key not in seen:
            seen.add(key)
            kept.append(row)
    with open(path, "w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(sorted(kept))
    print(f"{path}: {len(kept)} rows")


def main():
    features, models, params = sys.argv[1:4]
    folder = sys.argv[4] if len(sys.argv) > 4 else "catalog/compat"
    write(os.path.join(folder, "engine-features.csv"),
          ["engine", "hardware", "kind", "item", "status", "evidence", "note", "source"],
          sorted(feature_rows(features), key=lambda row: "older" in row[6]))
    write(os.path.join(folder, "engine-models.csv"),
          ["engine", "hardware", "model", "patterns", "status", "context", "lacks", "untested", "evidence", "source"],
          model_rows(models))
    write(os.path.join(folder, "serving-arguments.csv"),
          ["knob", "vllm", "sglang", "tensorrt-llm", "rule", "source"], argument_rows(params))


if __name__ == "__main__":
    main()
