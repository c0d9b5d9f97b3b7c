"""Random questions to socle, valid ones mostly, for tools/compare_outputs.py: a seed and a catalogue determine them."""
import dataclasses
import json
import random

LAYOUT = {
    "tp": [1, 2, 4, 8], "sp": [True, False], "pp": [1, 1, 2, 4, 8], "vpp": [1, 2, 4], "cp": [1, 1, 2, 4],
    "ep": [1, 1, 2, 4, 8], "etp": [1, 2],
    "dp": [1, 2, 4, 8, 16], "microbatch": [1, 1, 2, 4],
    "schedule": ["gpipe", "1f1b", "1f1b", "interleaved", "zb-h1", "zb-v", "dualpipe"],
    "recompute": ["none", "selective", "full"], "sharding": ["none", "zero1", "zero1", "zero2", "zero3"],
}
LAYOUT_IN_FILES = {
    "recompute_layers": [0, 2, 8], "shard_size": [8, 16], "offload_optimizer": [True], "overlap_grad_reduce": [True, False],
    "overlap_param_gather": [True, False], "overlap_tensor_parallel": [True, False],
    "overlap_expert_parallel": [True, False],
}
PRECISIONS = ["bf16", "bf16", "bf16", "fp16", "fp32", "fp8", "fp8-block", "mxfp8", "nvfp4", "int8"]
TOPOLOGIES = ["fat-tree", "rail-optimized", "rail-only", "multi-plane", "dragonfly", "dragonfly+", "slim-fly", "torus"]
ROUTINGS = ["deterministic", "hashed", "adaptive", "spray", "static-rail"]
TRAFFIC = ["all-reduce", "all-gather", "reduce-scatter", "all-to-all", "broadcast", "send-receive", "permutation",
           "shift", "incast", "matrix"]
ALGORITHMS = {
    "all-reduce": ["ring", "direct", "bidirectional-ring", "halving-doubling", "recursive-doubling", "tree",
                   "double-binary-tree", "hierarchical",
                   "in-network", "rail-aligned"],
    "all-gather": ["ring", "direct", "bidirectional-ring", "halving-doubling", "hierarchical"],
    "reduce-scatter": ["ring", "direct", "bidirectional-ring", "halving-doubling", "hierarchical"],
    "all-to-all": ["direct", "pairwise", "bruck", "rail-aligned"], "broadcast": ["tree", "chain", "double-binary-tree"],
    "send-receive": ["direct"],
}
# Keys whose flag is not "--" and the key with dashes; the rest of what flags cannot say stands in FILE_ONLY.
FLAGS = {
    ("model", "name"): "--model", ("training", "sequence_length"): "--seq", ("fabric", "file"): "--topology-file",
    ("fabric", "failed"): "--fail",
    ("traffic", "kind"): "--traffic", ("traffic", "file"): "--traffic-file", ("cluster", "cluster"): "--cluster",
}
FILE_ONLY = {("model", "config"), ("training", "lora_rank"), ("training", "mtp"),
             *(("layout", key) for key in LAYOUT_IN_FILES),
             *(("cluster", key)
               for key in ("node", "nodes", "nic", "nics", "nic_per_chip", "scale_up", "scale_up_domain", "memory",
                                            "memory_bandwidth", "fabric", "power_cap", "price")),
             *(("fabric", key) for key in ("switch", "topologies", "rails", "rail_cable", "host_cable", "prices", "power"))}


@dataclasses.dataclass
class Case:
    """One command line, and the files it reads, by name."""
    words: list
    files: dict = dataclasses.field(default_factory=dict)


def toml_value(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml_value(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml_value, value)) + "]"
    return json.dumps(value)


def toml_text(scenario):
    parts = []
    for section, content in scenario.items():
        for table in content if isinstance(content, list) else [content]:
            parts.append(f"[[{section}]]" if isinstance(content, list) else f"[{section}]")
            parts += [f"{key} = {toml_value(value)}" for key, value in table.items()] + [""]
    return "\n".join(parts)


def flag_words(section, key, value):
    name = FLAGS.get((section, key), "--" + key.replace("_", "-"))
    if isinstance(value, bool):
        value = toml_value(value)
    return [name, ",".join(map(str, value)) if isinstance(value, list) else str(value)]


class Generator:
    def __init__(self, seed, names):
        """names: lists of names of the catalogue: models, chips, nodes, network, prices, stacks."""
        self.random = random.Random(seed)
        self.names = names

    def chance(self, share):
        return self.random.random() < share

    def pick(self, choices):
        return self.random.choice(choices)

    def some(self, table, share):
        return {key: self.pick(values) for key, values in table.items() if self.chance(share)}

    # Sections.

    def model(self, files):
        if self.chance(0.1):
            heads, size = self.pick([8, 16, 32]), self.pick([64, 128])
            files["config.json"] = json.dumps({
                "model_type": self.pick(["llama", "qwen2", "mistral"]), "hidden_size": heads * size,
                "num_hidden_layers": self.pick([8, 24, 32]),
                "num_attention_heads": heads, "num_key_value_heads": self.pick([heads, heads // 4]),
                "vocab_size": self.pick([32000, 128256]),
                "intermediate_size": heads * size * 7 // 2, **({"head_dim": size} if self.chance(0.3) else {})})
            return {"config": "config.json"}
        common = ["llama-3-8b", "llama-3-70b", "llama-3.1-405b", "gpt-3-175b", "mixtral-8x7b", "deepseek-v3",
                  "qwen3-30b-a3b"]
        known = [name for name in common if name in self.names["models"]]
        return {"name": self.pick(known if known and self.chance(0.5) else self.names["models"])}

    def training(self):
        training = self.some({"tokens": ["50M", "1T", "15.6T"], "sequence_length": [2048, 4096, 8192, 32768],
                              "global_batch": [32, 256, 512, 1024, 2000],
                              "attention": ["flash", "flash", "unfused"], "mtp": [True, False]}, 0.45)
        if self.chance(0.6):
            training["precision"] = self.pick(PRECISIONS)
        if self.chance(0.1):
            training["lora"] = True
            training |= self.some({"lora_rank": [8, 64]}, 0.5)
        return training

    def cluster(self, count_wanted=True):
        common = ["hgx-h100", "hgx-h200", "hgx-h800", "dgx-a100"]
        cluster = {"node": self.pick(common if self.chance(0.4) else self.names["nodes"])}
        counts = {"nodes": self.pick([1, 2, 8, 16, 48, 128])}
        if self.chance(0.25):
            cluster, counts = {"chip": self.pick(self.names["chips"])}, {"chips": self.pick([8, 64, 128, 512, 2048])}
        if count_wanted:
            cluster |= counts
        cluster |= self.some({"stack": self.names["stacks"], "nic": ["200 Gb/s", "400 Gb/s"],
                              "scale_up": ["200 GB/s", "900 GB/s"],
                              "scale_up_domain": [8, 16], "memory": ["96 GB"], "memory_bandwidth": ["4 TB/s"],
                              "power_cap": [0.5, 0.8],
                              "price": ["250000 USD", "1.2M CNY"], "nics": [4, 8], "nic_per_chip": ["100 Gb/s"]}, 0.06)
        if self.chance(0.35):
            cluster["rent"] = self.pick(["2.1 USD/chip-hour", "14 CNY/chip-hour", "4.5 USD/chip-hour"])
        if self.chance(0.1):
            cluster["fabric"] = {"topology": self.pick(TOPOLOGIES + ["leaf-spine"]),
                                 **self.some({"oversubscription": [1, 2.5], "nic": ["400 Gb/s"]}, 0.5)}
        return cluster

    def layout(self):
        return self.some(LAYOUT, self.pick([0, 0.15, 0.3, 0.6])) | self.some(LAYOUT_IN_FILES, self.pick([0, 0, 0.1]))

    def limits(self):
        return self.some({"capex": ["15e6 USD", "300e6 USD"], "opex": ["20e6 USD", "50e6 CNY"],
                          "power": ["400 kW", "3 MW"], "deadline": ["30 days", "90 days"],
                          "chips": [256, 4096], "memory_headroom": [0.05, 0.2]}, 0.4)

    def fabric(self, hosts):
        fabric = self.some({"radix": [16, 32, 64], "link": ["200 Gb/s", "400 Gb/s"], "tiers": [2, 3],
                            "oversubscription": [1, 2, 4], "hop_latency": ["600 ns"],
                            "scale_up_domain": [1, 8], "scale_up": ["450 GB/s"], "rail_forwarding": [True, False],
                            "efficiency": [0.9],
                            "software_latency": ["5 us"], "seed": [2, 77], "queue_pairs": [2, 8]}, 0.2)
        fabric["topology"] = self.pick(TOPOLOGIES)
        only = {"multi-plane": {"planes": [2, 4]},
                "dragonfly": {"groups": [4, 9], "group_routers": [4, 8], "router_endpoints": [2, 4]},
                "dragonfly+": {"groups": [2, 4]}, "slim-fly": {"field": [5, 7], "router_endpoints": [4]},
                "torus": {"torus": [[4, 4], [4, 4, 4]]}}
        fabric |= self.some(only.get(fabric["topology"], {}), 0.3)
        if hosts:
            fabric |= {"hosts": hosts, "nics": self.pick([1, 1, 2, 4, 8])}
        if self.chance(0.6):
            fabric["routing"] = self.pick(ROUTINGS)
        if fabric["topology"] == "rail-only":
            fabric["nics"] = self.pick([2, 8])
        if self.chance(0.3):
            switches = {"fat-tree": ["leaf 0", "spine 1"], "rail-optimized": ["leaf 0", "spine 1"],
                        "multi-plane": ["plane leaf 0", "plane spine 1"]}
            parts = [*switches.get(fabric["topology"], ["router 2"]), "cable 3", "endpoint 2"]
            fabric["failed"] = self.pick([*([part] for part in parts), ["leaf 1", "cable 3"]])
            fabric |= self.some({"fail_at": ["100 us", "5 ms"], "reroute_after": ["1 ms", "200 ms"]}, 0.5)
        return fabric

    # Commands.

    def phrase(self, command, scenario, files, file_wanted=None):
        """The scenario as flags, as a file, or part in each; what flags cannot say goes to the file."""
        style = self.pick(["flags", "file", "both"]) if file_wanted is None else "file" if file_wanted else "flags"
        stored, words = {}, []
        for section, content in scenario.items():
            flags = {}
            if isinstance(content, dict):
                share = {"flags": 1.0, "file": 0.0, "both": 0.4}[style]
                flags = {key: value for key, value in content.items()
                         if (section, key) not in FILE_ONLY and section != "limits" and self.chance(share)}
            # A cluster is one flag, whole.
            if section == "cluster" and style == "flags" and set(content) >= {"node", "nodes"}:
                flags["cluster"] = f"{content['node']}:{content['nodes']}"
            elif section == "cluster" and not ({"chip", "chips"} <= set(flags)):
                flags = {key: value for key, value in flags.items() if key not in ("chip", "chips")}
            said = set(flags) | ({"node", "nodes"} if "cluster" in flags else set())
            rest = content if isinstance(content, list) else {key: value for key, value in content.items()
                                                              if key not in said}
            if rest and (style != "flags" or section in ("model", "candidate")):
                stored[section] = rest
            for key, value in flags.items():
                words += flag_words(section, key, value)
        if stored:
            files["scenario.toml"] = toml_text(stored)
            words = ["scenario.toml"] + words
        words += ["--json"] if self.chance(0.3) else []
        words += ["--threads", str(self.pick([1, 3]))] if self.chance(0.2) else []
        return [*command, *words]

    def train(self):
        files = {}
        scenario = {"model": self.model(files), "training": self.training(), "cluster": self.cluster(),
                    "layout": self.layout(), "limits": {}}
        words = []
        if self.chance(0.12):
            scenario["limits"] = self.limits()
        if self.chance(0.2):
            scenario["fabric"] = {"network": "flow", **self.some({
                "routing": ROUTINGS, "placement": ["packed", "interleaved", "scattered", "compare"], "jobs": [2],
                "oversubscription": [2], "queue_pairs": [4], "topology": TOPOLOGIES, "failed": [["spine 1"], ["leaf 0"]]}, 0.3)}
            # Few chips, since messages are simulated one by one.
            count, few = ("nodes", [2, 4, 8]) if "node" in scenario["cluster"] else ("chips", [16, 32])
            scenario["cluster"][count] = self.pick(few)
            if "chip" in scenario["cluster"]:
                scenario["fabric"] |= {"hosts": 4, "nics": 8}
        if self.chance(0.2):
            words += ["--explain"]
        if self.chance(0.15):
            words += ["--timeline", "timeline.json"]
        if self.chance(0.03) and {"node", "nodes"} <= set(scenario["cluster"]):
            scenario["cluster"] |= {"node": "tpu-v5p", "nodes": 16, "slice": self.pick(["4x4x4", "2x2x4"])}
        return Case(self.phrase(["train"], {key: value for key, value in scenario.items() if value}, files) + words, files)

    def plan(self):
        files = {}
        candidates = [{"name": f"candidate {i}", **self.cluster(self.chance(0.75))}
                      for i in range(self.random.randint(1, 4))]
        scenario = {"model": self.model(files), "training": self.training() | {"tokens": "1T"}, "candidate": candidates,
                    "limits": self.limits() or {"deadline": "90 days"}}
        if self.chance(0.3):
            scenario["layout"] = self.layout()
        return Case(self.phrase(["plan"], {key: value for key, value in scenario.items() if value}, files, True), files)

    def compare(self):
        files = {}
        usual = [name for name in ("h100-sxm", "a100-sxm-80gb", "h200-sxm", "h20", "mi300x", "ascend-910b3", "b200-sxm")
                 if name in self.names["chips"]]
        chips = [*self.random.sample(usual, 2), *self.random.sample(self.names["chips"], self.pick([0, 0, 1, 2]))]
        words = ["--chips", ",".join(dict.fromkeys(chips))]
        words += ["--count", str(self.pick([8, 64, 256]))] if self.chance(0.4) else []
        words += ["--day", self.pick(["2022-10-01", "2023-11-20", "2025-06-01"])] if self.chance(0.2) else []
        scenario = {"model": self.model(files), "training": self.training(), "layout": self.layout()}
        return Case(self.phrase(["compare"], {key: value for key, value in scenario.items() if value}, files) + words,
                    files)

    def design(self):
        files = {}
        fabric = {"link": self.pick(["200 Gb/s", "400 Gb/s", "800 Gb/s"]), **self.some({
            "topologies": [["fat-tree"], ["fat-tree", "dragonfly", "slim-fly"],
                           ["rail-optimized", "rail-only", "multi-plane"]], "oversubscription": [[1, 2], [1, 3]],
            "planes": [[2, 4]], "tiers": [[2, 3]], "hop_latency": ["500 ns"], "scale_up_domain": [8],
            "prices": [{"list": "isca-2025"}, {"switch": "30000 USD"}],
            "power": [{"switch": "900 W"}]}, 0.3)}
        fabric |= {"radix": self.pick([32, 64, 128])} if self.chance(0.5) else {}
        scenario = {"fabric": fabric}
        if self.chance(0.4):
            scenario |= {"cluster": {"node": self.pick(["hgx-h100", "hgx-h200", "dgx-a100"]), "nodes": self.pick([16, 64])},
                         "model": self.model(files), "training": self.training()}
        else:
            fabric |= {"hosts": self.pick([8, 32, 100, 256]), "nics": self.pick([1, 4, 8])}
        if self.chance(0.3):
            scenario["limits"] = self.some({"capex": ["3e6 USD", "15e6 USD"], "power": ["40 kW", "400 kW"]}, 0.8)
        if "topologies" in fabric and self.chance(0.3):
            return Case(["fabric", "design", "--hosts", "64", "--nics", "8", "--link", fabric["link"], "--topologies",
                         ",".join(fabric["topologies"])], {})
        return Case(self.phrase(["fabric", "design"], {key: value for key, value in scenario.items() if value}, files,
                                True), files)

    def simulate(self):
        files, words = {}, []
        fabric = self.fabric(self.pick([4, 8, 16, 32, 64]))
        if self.chance(0.08):
            cables = [f"host{i},leaf{i // 4},400 Gb/s,1 us" for i in range(16)]
            cables += [f"leaf{i},spine{j},800 Gb/s,1 us" for i in range(4) for j in range(2)]
            files["cables.csv"] = "\n".join(["from,to,bandwidth,latency", *cables, ""])
            fabric = {"file": "cables.csv",
                      **self.some({"routing": ROUTINGS, "queue_pairs": [4], "failed": [["cable 3"]]}, 0.4)}
        kind = self.pick(TRAFFIC)
        traffic = {"kind": kind,
                   **self.some({"bytes": ["1 MB", "64 MB", "1 GB"], "ranks": [4, 8], "stride": [2, 8], "reaction": [0.01],
                                "every_flow": [True]}, 0.3)}
        if kind in TRAFFIC[:6] and self.chance(0.4):
            traffic["algorithm"] = self.pick(ALGORITHMS[kind if self.chance(0.9) else "all-reduce"])
            if traffic["algorithm"] in ("hierarchical", "rail-aligned") and self.chance(0.5):
                traffic["inner"] = self.pick([2, 4])
        if kind in ("shift", "incast"):
            traffic["shift"] = self.pick([1, 3, 7])
        if kind == "matrix":
            pairs = [(self.random.randrange(8), self.random.randrange(8)) for _ in range(12)]
            rows = [f"{a},{b},{self.random.randint(1, 10**9)}" for a, b in pairs if a != b]
            files["traffic.csv"] = "\n".join(["from,to,bytes", *rows, ""])
            traffic["file"] = "traffic.csv"
        if kind in TRAFFIC[:4] and self.chance(0.15):
            traffic["sizes"] = ["1 MB", "16 MB", "256 MB"]
            words += ["--chart", "chart.svg"] if self.chance(0.5) else []
        elif fabric.get("routing") == "hashed" and self.chance(0.4):
            traffic["seeds"] = 5
        for flag in ("--flows flows.csv", "--links links.csv", "--trace trace.json", "--svg network.svg"):
            words += flag.split() if self.chance(0.12) else []
        return Case(self.phrase(["fabric", "simulate"], {"fabric": fabric, "traffic": traffic}, files) + words, files)

    def calibrate(self):
        ranks, start, rate = self.pick([2, 4, 8]), self.random.uniform(8, 40), self.random.uniform(50, 400)
        lines = [f"#  Rank {i:2} Group  0 Pid 4000 on node-00 device {i:2} [0x00] NVIDIA H100 80GB HBM3"
                 for i in range(ranks)]
        lines += ["#", "# Collective test starting: all_reduce_perf",
                  "#       size         count      type   redop    root     time   algbw   busbw #wrong"]
        for power in range(12, 30, 2):
            size = 2 ** power
            time = start + size / (rate * 1e3)
            speed = size / time / 1e3
            lines.append(f"{size:12} {size // 4:12} float sum -1 {time:.2f} {speed:.2f} "
                         f"{speed * 2 * (ranks - 1) / ranks:.2f} 0")
        words = ["fabric", "calibrate", "run.log"]
        words += ["--out", "mine"] if self.chance(0.6) else []
        words += ["--json"] if self.chance(0.3) else []
        return Case(words, {"run.log": "\n".join(lines + ["# Out of bounds values : 0 OK",
                                                          "# Collective test concluded: all_reduce_perf", ""])})

    def catalog(self):
        section = self.pick(["models", "chips", "nodes", "network", "prices", "stacks"])
        words = ["catalog", section] + (["show", self.pick(self.names[section])] if self.chance(0.8) else [])
        return Case(words + (["--json"] if self.chance(0.3) else []), {})

    def validate(self, rows):
        """rows: lines of each validation file, by kind."""
        kind = self.pick(["training", "collectives"])
        lines = rows.get(kind, [])
        chosen = sorted(self.random.sample(range(1, len(lines)), min(40, len(lines) - 1))) if lines else []
        words = ["validate", kind, "--cases", "cases.csv", "--rows", "rows.csv"] + (["--json"] if self.chance(0.3) else [])
        return Case(words, {"cases.csv": "".join([*lines[:1], *(lines[i] for i in chosen)])})

    def spoilt(self, case):
        """The same question with one mistake in it."""
        words, files, kind = list(case.words), dict(case.files), self.random.randrange(7)
        scenario = files.get("scenario.toml")
        if scenario and kind < 5:
            lines = scenario.split("\n")
            keys = [i for i, line in enumerate(lines) if " = " in line]
            at = self.pick(keys)
            key, value = lines[at].split(" = ", 1)
            lines[at] = [f"{key}x = {value}", f"{key} = -1", f"{key} = \"nonsense\"", f"{key} = {value[:-1] or '['}",
                         f"{key} = {value}\n{key} = {value}"][kind]
            return Case(words, files | {"scenario.toml": "\n".join(lines)})
        values = [i for i, word in enumerate(words) if i and words[i - 1].startswith("--") and not word.startswith("--")]
        if values and kind < 4:
            at = self.pick(values)
            words[at] = [words[at] + "x", "0", "-3", "1e99"][kind]
        elif kind < 5:
            words.append(self.pick(["--tpp", "--model", "nowhere.toml", "--seq=abc"]))
        elif kind == 5:
            words[0] = self.pick(["trian", "Plan", "fabrik"])
        elif len(words) > 2:
            del words[self.random.randrange(1, len(words))]
        return Case(words, files)

    def cases(self, count, rows):
        kinds = [(self.train, 42), (self.plan, 10), (self.compare, 10), (self.design, 7), (self.simulate, 20),
                 (self.calibrate, 2), (self.catalog, 6),
                 (lambda: self.validate(rows), 3)]
        for _ in range(count):
            case = self.random.choices([make for make, _ in kinds], [weight for _, weight in kinds])[0]()
            yield self.spoilt(case) if self.chance(0.15) else case
