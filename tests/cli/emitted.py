#!/usr/bin/env python3
"""Checks that what `socle serve emit` writes is what it says: scripts that bash parses, and YAML. Usage: emitted.py SOCLE ROOT.

Scripts go through `bash -n`; manifests and files of settings through python3-yaml, where it is installed: without it that part is
left out, and said so. Every manifest must have a kind, an apiVersion and a name, and ask for the chips that the command names.
"""
import re
import shlex
import subprocess
import sys

try:
    import yaml
except ImportError:
    yaml = None

SCRIPTS = [
    "vllm examples/serve-emit.toml",
    "vllm --model llama-3.1-405b --chip h100-sxm --tp 8 --pp 2",
    "vllm --model deepseek-v3 --chip h200-sxm --engine vllm-0.14 --tp 1 --dp 8 --mtp true --drafts 2",
    "sglang --model llama-3.1-8b --chip h100-sxm --max-loras 4 --lora-targets attention --max-waiting 64 --kv-host '100 GB'",
    "sglang --model deepseek-r1 --chip h20-141gb --tp 2 --dp 4 --ep 8 --scheduling-policy priority",
    "trtllm --model qwen3-30b-a3b --chip h200-sxm --tp 2 --ep 2 --kv fp8 --max-loras 2",
    "trtllm --model deepseek-r1 --chip b200-sxm --tp 1 --dp 8 --mtp true",
    "vllm --model qwen3-32b --chip ascend-910b2 --tp 4",
]
MANIFESTS = [
    "k8s examples/serve-emit.toml",
    "k8s --model llama-3.1-405b --chip h100-sxm --tp 8 --pp 2",
    "k8s --model qwen3-32b --chip h100-sxm --engine tensorrt-llm --replicas 3",
    "k8s --model qwen3-32b --chip ascend-910b2 --tp 4",
    "k8s --model deepseek-r1 --chip h20-141gb --engine sglang --tp 8",
]
SETTINGS = re.compile(r"^cat > \S+ <<'(\w+)'\n(.*?)^\1$", re.M | re.S)


def emit(socle, root, words):
    done = subprocess.run(f"{shlex.quote(socle)} serve emit {words}", shell=True, cwd=root, capture_output=True, text=True)
    if done.returncode != 0:
        return None, f"exit code {done.returncode}: {done.stderr.strip()}"
    return done.stdout, None


def script_problems(text):
    done = subprocess.run(["bash", "-n"], input=text, capture_output=True, text=True)
    problems = [] if done.returncode == 0 else [f"bash -n: {done.stderr.strip()}"]
    for _, settings in SETTINGS.findall(text):
        problems += [] if yaml is None else yaml_problems(settings, manifests=False)
    return problems


def yaml_problems(text, manifests=True):
    try:
        documents = [document for document in yaml.safe_load_all(text) if document is not None]
    except yaml.YAMLError as error:
        return [f"YAML: {error}"]
    if not documents or not all(isinstance(document, dict) for document in documents):
        return ["YAML: no mapping is in it"]
    if not manifests:
        return []
    problems = []
    for document in documents:
        if not (document.get("kind") and document.get("apiVersion") and document.get("metadata", {}).get("name")):
            problems.append(f"a manifest lacks its kind, apiVersion or name: {sorted(document)}")
    if not any("limits" in str(document) for document in documents):
        problems.append("no manifest asks for chips")
    return problems


def main():
    socle, root = sys.argv[1], sys.argv[2]
    failed = checked = 0
    for words, check in [(w, script_problems) for w in SCRIPTS] + [(w, yaml_problems) for w in MANIFESTS]:
        text, refused = emit(socle, root, words)
        if refused is None and check is yaml_problems and yaml is None:
            continue
        problems = [refused] if refused else check(text)
        checked += 1
        failed += bool(problems)
        for problem in problems:
            print(f"FAILED  serve emit {words}\n    {problem}")
    if yaml is None:
        print(f"skipped: YAML of {len(MANIFESTS)} manifests and of settings was not parsed, since python3-yaml is not installed")
    print(f"{checked} emitted, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
