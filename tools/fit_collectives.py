#!/usr/bin/env python3
"""Writes catalog/libraries/nccl.toml: what a library such as NCCL reaches across nodes, and how far measurements lie from
predictions. Reads the published measurements and the curves that tools/fit_kernels.py wrote; fits nothing to a case.

Usage: fit_collectives.py validation/collectives.csv CATALOG_DIR OUT.toml

nic_fraction  median over node counts of the share of line rate that the largest buffer reaches (SimAI's table of NICs)
expert_start  median of time - transfer over low-latency expert exchanges across nodes (DeepEP)
ranges        5th and 95th percentile of measured / predicted, weighing each source alike: curves with the size left out,
              and other installations on the same curves. Other group sizes: also with the ranks left out; chips
              without curves: also the defaults of src/socle/kernel/collective_time.cpp on measured chips."""
import csv
import glob
import math
import os
import re
import sys
import tomllib

import numpy as np

NAMES = {"all_reduce": "all-reduce", "all_gather": "all-gather", "reduce_scatter": "reduce-scatter", "alltoall": "all-to-all"}
CHIPS = {"A100 DGX": "a100-sxm-80gb", "A100-SXM4-80GB": "a100-sxm-80gb", "H100 DGX": "h100-sxm", "H100-SXM": "h100-sxm",
         "H200-SXM": "h200-sxm", "B200": "b200-sxm", "B300": "b300-sxm", "GB200": "gb200", "GB300": "gb300"}
DEFAULTS = {"all-reduce": (0.75, 7.0), "all-gather": (0.69, 5.0), "reduce-scatter": (0.69, 5.0), "all-to-all": (0.66, 4.0)}
CLASSES = [0, 65536, 1000000, 16777216]
OVERLAP = 4.0   # p of two pipelined phases: the exponent that joins matrix units and memory in one kernel (assumption)
# One message, in us: frames of 8 bytes with flags, of 128 bytes, and plain. From NCCL's own cost model (recall).
PROTOCOLS = [("LL", 0.5, 2.7, 5.0, 0.6), ("LL128", 0.9375, 4.0, 8.5, 1.9), ("simple", 1.0, 14.0, 14.0, 3.4)]
# Starts inside a node differ by library version and host: published sweeps of the same chips start at 0.5 to 2 times ours.
START_SPREAD, START_CLASSES = (0.5, 2.0), (0, 65536)
START = 6.6     # us, of a collective whose members stand alone on their nodes; same source


def factor(name, n):
    return (2 if name == "all-reduce" else 1) * (n - 1) / n


def load_curves(catalog):
    curves = {}
    for path in sorted(glob.glob(os.path.join(catalog, "kernels", "*.toml"))):
        with open(path, "rb") as file:
            table = tomllib.load(file)
        for c in table.get("collective", []):
            curves[table["chip"], c["name"], c["ranks"]] = (np.array(c["log2_bytes"], float), np.array(c["time_ns"]) / 1e3)
    return curves


def at(curve, size):
    """Time in us: log-log inside, a straight line beyond the largest size."""
    x, t = curve
    if size >= x[-1]:
        b, last = 2.0 ** x[-1], t[-1]
        slope = np.clip((last - t[-2]) / (b - 2.0 ** x[-2]), 0.8 * last / b, last / b)
        return last + slope * (2.0 ** size - b)
    return 2 ** np.interp(size, x, np.log2(t))


def without_size(curve, size):
    keep = np.abs(curve[0] - size) >= 0.5
    return at((curve[0][keep], curve[1][keep]), size)


def without_ranks(curves, chip, name, n, size):
    others = sorted(k[2] for k in curves if k[:2] == (chip, name) and k[2] != n)
    below, above = [r for r in others if r < n], [r for r in others if r > n]
    if not others:
        return None
    if below and above:
        low, high = at(curves[chip, name, below[-1]], size), at(curves[chip, name, above[0]], size)
        w = (math.log2(n) - math.log2(below[-1])) / (math.log2(above[0]) - math.log2(below[-1]))
        return low ** (1 - w) * high ** w
    r = below[-1] if below else above[0]
    start, time = curves[chip, name, r][1][0], at(curves[chip, name, r], size)
    return math.log2(n) / math.log2(r) * start + factor(name, n) / factor(name, r) * max(time - start, 0)


def weighted_quantile(values, weights, q):
    order = np.argsort(values)
    cumulated = np.cumsum(np.array(weights)[order])
    return float(np.array(values)[order][np.searchsorted(cumulated, q * cumulated[-1])])


def limits(groups):
    """groups: lists of measured / predicted, one per source; each source weighs alike."""
    values = [v for g in groups for v in g]
    weights = [1.0 / len(g) for g in groups for _ in g]
    return min(1.0, weighted_quantile(values, weights, 0.05)), max(1.0, weighted_quantile(values, weights, 0.95)), len(values)


def residuals(rows, curves, links):
    """For each size class: held-out sizes, other installations, held-out ranks, held-out chips."""
    found = [{"size": [], "other": [], "ranks": [], "chip": []} for _ in CLASSES]
    for row in rows:
        if row["collective"] not in NAMES or row["gpu"] not in CHIPS or row["nodes"] != "1":
            continue
        chip, name, n = CHIPS[row["gpu"]], NAMES[row["collective"]], int(row["gpus"])
        size, time = math.log2(float(row["bytes"])), float(row["time_us"])
        group = found[max(i for i, least in enumerate(CLASSES) if float(row["bytes"]) >= least)]
        if not row["id"].startswith("aic-"):
            group["other"].append(time / at(curves[chip, name, n], size))
            continue
        group["size"].append(time / without_size(curves[chip, name, n], size))
        if (guess := without_ranks(curves, chip, name, n, size)) is not None:
            group["ranks"].append(time / guess)
        share, latency = DEFAULTS[name]
        group["chip"].append(time / (math.log2(n) * latency + factor(name, n) * 2 ** size / (share * links[chip]) * 1e-3))
    return found


def range_text(key, least, low, high, count):
    if least in START_CLASSES:
        low, high = min(low, START_SPREAD[0]), max(high, START_SPREAD[1])
    return f"\n[[{key}]]\nbytes_min = {least}\nlow = {low:.3f}\nhigh = {high:.3f}\nresiduals = {count}\n"


def ranges_text(found):
    measured, calibrated, datasheet = "", "", ""
    for least, group in zip(CLASSES, found):
        low, high, count = limits([g for g in (group["size"], group["other"]) if g])
        measured += range_text("range_measured", least, low, high, count)
        l2, h2, c2 = limits([group["ranks"]])
        calibrated += range_text("range_calibrated", least, min(low, l2), max(high, h2), count + c2)
        l3, h3, c3 = limits([group["chip"]])
        datasheet += range_text("range_datasheet", least, min(low, l3), max(high, h3), count + c3)
    return measured + calibrated + datasheet


def nic_fraction(rows):
    nics = [r for r in rows if r["collective"] == "nic_busbw_efficiency_ratio" and int(r["nodes"]) > 1]
    largest = max(float(r["bytes"]) for r in nics)
    return float(np.median([float(r["busbw_gbs"]) for r in nics if float(r["bytes"]) == largest]))


def expert_start(rows, curves, links, fraction):
    """Rows of H800: curves of H100, whose links are faster."""
    starts = []
    for row in rows:
        if not row["collective"].endswith("_lowlat") or not row["time_us"] or int(row["nodes"]) == 1:
            continue
        n, d, total = int(row["gpus"]), int(row["nodes"]), float(row["bytes"])
        m = n // d
        curve = curves["h100-sxm", "all-to-all", m]
        first = curve[1][0]
        seconds = first + links["h100-sxm"] / links["h800"] * (at(curve, math.log2(total)) - first)
        link = factor("all-to-all", m) * total / seconds
        nic = float(row["nic_gbps_per_gpu"]) / 8 * 1e3 * fraction
        net, local = total * (d - 1) / d / nic, total * (m - 1) / m / d / link
        starts.append(float(row["time_us"]) - (net ** OVERLAP + local ** OVERLAP) ** (1 / OVERLAP))
    return float(np.median(starts))


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    with open(sys.argv[1], newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    curves = load_curves(sys.argv[2])
    links = {}
    for path in glob.glob(os.path.join(sys.argv[2], "chips", "*.toml")):
        with open(path, "rb") as file:
            link = tomllib.load(file).get("scale_up", {}).get("bandwidth")
        if link:
            links[os.path.basename(path)[:-5]] = float(re.match(r"([\d.]+) GB/s", link).group(1))
    fraction = nic_fraction(rows)
    text = (f"# What a collective library reaches across nodes. Written by tools/fit_collectives.py;\n"
            f"# docs/design/communication.md explains every key.\n"
            f'name = "NCCL"\nvendors = ["NVIDIA"]\nalgorithms = ["ring", "double-binary-tree", "switch-tree", "pairwise"]\n'
            f'source = "NCCL cost model (src/graph/tuning.cc); aliyun/SimAI@cef83f9; deepseek-ai/DeepEP@0297fc8; validation/collectives.csv"\n'
            f'confidence = "estimate"\nchecked = "recall: protocols, start; estimate: overlap_exponent, ranges below 1 MB (0.5 to 2 at least, not fitted); seen: the rest"\n'
            f"nic_fraction = {fraction:.3f}\noverlap_exponent = {OVERLAP}\nstart = \"{START} us\"\n"
            f'expert_start = "{expert_start(rows, curves, links, fraction):.1f} us"\n')
    for name, share, ring, tree, local in PROTOCOLS:
        text += (f'\n[[protocol]]\nname = "{name}"\nbandwidth = {share}\nring_hop = "{ring} us"\ntree_hop = "{tree} us"\n'
                 f'local_hop = "{local} us"\n')
    text += ranges_text(residuals(rows, curves, links))
    with open(sys.argv[3], "w", encoding="utf-8") as file:
        file.write(text)
    print(text)


if __name__ == "__main__":
    main()
