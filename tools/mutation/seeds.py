"""Command lines that mutation starts from: (words, files by name). A file is named in the words by its name alone."""
import csv
import io
import re
import shlex

FLAG = re.compile(r"^  (--[\w-]+)(?: (\S+))?(?:  |$)")
CHOICES = re.compile(r"\(([\w.+-]+(?:, [\w.+-]+)+)\)\s*$")
LINES = """
train --model llama-3-8b --cluster hgx-h100:2
train --model llama-3-70b --cluster hgx-h100:8 --tp 8 --pp 4 --dp 2 --seq 8192 --global-batch 512 --explain
train --model deepseek-v3 --cluster hgx-h800:256 --tp 1 --pp 16 --ep 64 --schedule dualpipe --global-batch 15360 --seq 4096
train --model glm-4.5-air --cluster mlu370-x8-8:64 --vpp 8 --seq 4096 --global-batch 256
train --model nemotron-4-340b --cluster dgx-b200:64 --dp 2 --sharding zero1 --global-batch 10000 --seq 4096
train --model mixtral-8x7b --chip ascend-910c --chips 64 --ep 8 --rent "14 CNY/chip-hour" --tokens 1T
train --model qwen3-235b-a22b --cluster hgx-h20:32 --schedule zb-v --pp 4 --precision fp8 --power-cap 0.7
train --config config.json --cluster hgx-h100:4 --seq 2048
train --model llama-3-70b --cluster hgx-h100:20 --schedule zb-v --pp 20 --tp 8 --dp 1 --microbatch 1 --recompute full --global-batch 4000
model show config.json
train --model llama-3-70b --cluster hgx-h100:8 --tp 8 --network flow --oversubscription 2 --routing hashed --failed "leaf 0"
plan scenario.toml --tokens 1T --deadline "90 days"
compare --model llama-3-70b --chips h100-sxm,h20,ascend-910b --count 64
compare --model llama-3-8b --chips h100-sxm,mi300x,ascend-910c --day 2026-01-01
compare --model llama-3-8b --chips h100-sxm,kunlunxin-p800 --assume 'kunlunxin-p800.memory=64 GB, kunlunxin-p800.memory_bandwidth=1 TB/s'
compare --model llama-3-8b --chips h100-sxm,h20 --count 16 --match h100-sxm
serve fit --model llama-3.1-70b --chip h100-sxm --max-model-len 32k
serve fit --model deepseek-r1 --chip h200-sxm --engine sglang --tp 8 --dp 2 --ep 16 --kv fp8
serve fit --model gpt-oss-120b --cluster hgx-h100:2 --engine tensorrt-llm --kv-free-fraction 0.8
serve fit --config config.json --chip rtx-4090 --engine vllm-0.19 --max-num-seqs 128 --max-num-batched-tokens 2048
fabric simulate --hosts 8 --nics 8 --bytes "64 MB"
fabric simulate --hosts 64 --nics 1 --topology dragonfly --traffic all-to-all --bytes "1 MB" --routing hashed
fabric simulate --cluster hgx-h100:16 --traffic all-reduce --bytes "1 GB"
fabric simulate --hosts 27 --nics 1 --topology torus --torus 3,3,3 --traffic permutation --seeds 5
fabric simulate --hosts 8 --nics 1 --traffic matrix --traffic-file traffic.csv
fabric simulate --topology-file cables.csv --traffic all-to-all --bytes "1 MB"
fabric simulate --hosts 16 --nics 2 --failed "leaf 0" --fail-at "1 ms" --reroute-after "10 ms" --bytes "1 GB"
fabric simulate --hosts 32 --nics 1 --sizes "1 MB, 64 MB, 1 GB" --algorithm double-binary-tree
fabric design --hosts 128 --nics 8 --link "400 Gb/s"
fabric design --cluster hgx-h100:64 --switch MQM9700 --network-capex "30M USD"
fabric calibrate log.txt
catalog
catalog chips
catalog show h100-sxm
catalog search ascend
catalog list rules
validate training --cases rows.csv
validate collectives --cases measured.csv
check scenario.toml
"""
OVERLAID = ["catalog chips --catalog own", "catalog nodes --catalog own", "catalog prices --catalog own", "catalog stacks --catalog own",
            "train --model llama-3-8b --cluster hgx-h100:2 --catalog own", "train --model mixtral-8x7b --chip ascend-910c --chips 64 --catalog own",
            "compare --model llama-3-8b --chips h100-sxm,h20 --count 16 --catalog own", "catalog models --catalog own",
            "serve fit --model llama-3-8b --chip h100-sxm --catalog own", "catalog engines --catalog own",
            "fabric design --hosts 128 --nics 8 --catalog own", "validate collectives --cases measured.csv --catalog own"]
CONFIG = """{"model_type": "llama", "hidden_size": 4096, "num_hidden_layers": 32, "num_attention_heads": 32,
"num_key_value_heads": 8, "vocab_size": 128256, "intermediate_size": 14336, "max_position_embeddings": 8192}"""
CABLES = "from,to,bandwidth,latency\n" + "".join(f"h{i},s{i // 4},400 Gb/s,1 us\n" for i in range(8)) + "s0,s1,800 Gb/s,1 us\n"


def some_rows(random, text, count):
    """The header and a few rows of a CSV."""
    rows = list(csv.reader(io.StringIO(text)))
    kept = [rows[0], *random.sample(rows[1:], min(count, len(rows) - 1))]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(kept)
    return out.getvalue()


def shorter(text):
    """A scenario of a day's traffic, a million requests, with a twentieth of them: it is judged as quick by its length alone."""
    if not re.search(r"^# run: socle serve day ", text):
        return text
    return re.sub(r"^rate = ([\d.]+)", lambda match: f"rate = {float(match.group(1)) / 20}", text, flags=re.MULTILINE)


class Seeds:
    def __init__(self, root, help_of):
        """help_of: words of a command -> its whole help."""
        self.root, self.help_of, self.known = root, help_of, {}
        self.lines = [shlex.split(line) for line in LINES.strip().split("\n")]
        self.examples = [shorter(path.read_text(encoding="utf-8")) for path in sorted((root / "examples").glob("*.toml"))]
        self.overlays = [path for path in sorted((root / "catalog").rglob("*.toml")) if path.stat().st_size < 40_000]
        self.training = (root / "validation/training.csv").read_text(encoding="utf-8")
        self.collectives = (root / "validation/collectives.csv").read_text(encoding="utf-8")

    def flags(self, words):
        """Flags of the command: (name, kind of value or empty, choices)."""
        command = " ".join(words[:2] if words[0] in ("fabric", "serve") else words[:1])
        if command not in self.known:
            entries = []
            for line in re.sub(r"\n {20,}", " ", self.help_of(command.split())).split("\n"):
                match, choices = FLAG.match(line), CHOICES.search(line)
                if match and match.group(1) not in ("--help", "--help-all", "--out", "--svg", "--rows", "--timeline"):
                    entries.append((match.group(1), match.group(2) or "", choices.group(1).split(", ") if choices else []))
            self.known[command] = entries
        return self.known[command]

    def pick(self, random):
        roll = random.random()
        if roll < 0.3:
            return self.example(random)
        if roll < 0.5:
            path = random.choice(self.overlays)
            words = shlex.split(random.choice(OVERLAID))
            files = {f"own/{path.parent.name}/{path.name}": path.read_text(encoding="utf-8")}
            if path.parent.name in ("chips", "nodes") and random.random() < 0.5:
                words = self.about(random, path)
        else:
            words, files = list(random.choice(self.lines)), {}
        for word, text in {"config.json": CONFIG, "cables.csv": CABLES, "traffic.csv": "from,to,bytes\n0,1,1 MB\n2,5,3 MB\n"}.items():
            if word in words:
                files[word] = text
        if "rows.csv" in words:
            files["rows.csv"] = some_rows(random, self.training, 3)
        if "measured.csv" in words:
            files["measured.csv"] = some_rows(random, self.collectives, 3)
        if "log.txt" in words:
            files["log.txt"] = (self.root / "examples/nccl-all-reduce-8xh100.log").read_text(encoding="utf-8")
        if "scenario.toml" in words:
            files["scenario.toml"] = random.choice(self.examples)
        return words, files

    def example(self, random):
        text = random.choice(self.examples)
        words = shlex.split(text.split("\n", 1)[0].removeprefix("# run: socle "))
        return ["scenario.toml" if word.endswith(".toml") else word for word in words], {"scenario.toml": text}

    def about(self, random, path):
        """A question about the very entry that is overlaid."""
        if path.parent.name == "chips":
            return random.choice([["train", "--model", "llama-3-8b", "--chip", path.stem, "--chips", "16", "--catalog", "own"],
                                  ["compare", "--model", "llama-3-8b", "--chips", f"h100-sxm,{path.stem}", "--catalog", "own"],
                                  ["catalog", "chips", "show", path.stem, "--catalog", "own"]])
        return random.choice([["train", "--model", "llama-3-8b", "--cluster", f"{path.stem}:2", "--catalog", "own"],
                              ["fabric", "design", "--cluster", f"{path.stem}:16", "--catalog", "own"]])
