"""Fused MoE layers on one rank: routing, permutation, both products, weighted sum."""

import numpy as np

from . import data, grid, serving_fit as sf

# Name in the file -> (measured dtypes, the first that the chip has is taken; peak column; bytes per weight).
FORMATS = {
    "bf16": (("bfloat16",), "bf16_tflops", 2.0),
    "fp8": (("fp8",), "fp8_tflops", 1.0),
    "fp8-block": (("fp8_block",), "fp8_tflops", 1.0 + 4.0 / 128.0**2),
    "w4a16": (("int4_wo",), "bf16_tflops", 0.5 + 2.5 / 128.0),
    "mxfp4": (("w4a8_mxfp4_mxfp8", "w4a16_mxfp4"), None, 0.5 + 1.0 / 32.0),
    "nvfp4": (("nvfp4",), "fp4_tflops", 0.5 + 1.0 / 16.0),
}
LOCAL_AXIS = [-6, -3, -1, 0, 1, 2, 4, 6, 8, 10, 12]  # pairs per local expert: all are active from one on
GROUPS_AXIS = [0, 2, 4, 5, 6, 7, 8, 9]
WEIGHT_AXIS = [16, 18, 20, 22, 23, 25]
SKEW_AXIS = [0, np.log2(2.01), np.log2(2.2)]  # of 1 + exponent: balanced, 1.01, 1.2
ROWS_AXIS = [-6, -3, -1, 1, 3, 5, 7, 9, 12]
MATRICES_AXIS = [1, np.log2(3)]
RANKS_AXIS = [0, 2, 4, 6, 8]
TOKENS_AXIS = [0, 4, 8, 10, 12, 14]
AXES = (LOCAL_AXIS, GROUPS_AXIS, WEIGHT_AXIS)
MORE = (SKEW_AXIS, ROWS_AXIS, MATRICES_AXIS)
SHARED = (RANKS_AXIS, TOKENS_AXIS, SKEW_AXIS)
NAMES = ("peak_fraction", "memory_fraction", "launch", "token_bytes", "pair_bytes", "tile_rows")
START = (0.6, 0.8, 2e-5, 2.0, 4.0, 16.0)
LOW = (0.1, 0.4, 5e-6, 0.0, 0.0, 1.0)
HIGH = (1.0, 0.97, 2e-4, 30.0, 30.0, 128.0)
POSSIBLE = 0.95  # of the modelled floor: the drawn routing of a skewed row is known on average only
HEAVY_TAIL = 0.35  # what the largest of a few skewed sums exceeds that of normal ones by
SLOWEST = 1.5  # of the fastest engine


def moment(power, exponent, largest):
    """Mean of x^power, x drawn from the density x^-exponent on [1, largest]."""
    a, b = power + 1.0 - exponent, 1.0 - exponent
    return (largest**a - 1.0) / (largest**b - 1.0) * b / a


def routing(tokens, topk, experts, ranks, skew):
    """(pairs, experts with work) on the rank with most work; serving_shapes.cpp has the same formulas."""
    local = experts / ranks
    pairs = tokens * topk / ranks
    power = np.where(skew > 0, np.maximum(skew, 1.01), 1.01)
    largest = np.maximum(0.8 * tokens, 2.0)
    mean = moment(1.0, power, largest)
    spread = np.sqrt(np.maximum(moment(2.0, power, largest) / mean**2 - 1.0, 0.0))
    tail = 1.0 + HEAVY_TAIL / np.sqrt(local)
    hottest = np.minimum(np.minimum(ranks, largest / mean), 1.0 + np.sqrt(2.0 * np.log(ranks) / local) * spread * tail)
    rows = tokens * topk / experts
    least = np.clip(0.5 * mean / rows, 1.0, largest)
    busy = 1.0 - (least**(1.0 - power) - 1.0) / (largest**(1.0 - power) - 1.0)
    busy = np.maximum(busy, 1.0 - np.exp(-rows))
    share = np.where(skew > 0, 1.0, 0.0)
    pairs = pairs * (1.0 + share * (hottest - 1.0))
    active = np.minimum(local * (1.0 + share * (busy - 1.0)), pairs)
    return pairs, np.minimum(np.maximum(active, np.minimum(1.0, pairs)), local)


def model_time(x, r, peak, bandwidth, weight):
    """The formula of expert_model_time in serving_shapes.cpp; keep both the same."""
    fraction, memory_fraction, launch, token_bytes, pair_bytes, tile_rows = x
    matrix = r["matrices"] * r["hidden"] * r["ffn"]
    rows = r["pairs"] + r["active"] * tile_rows
    compute = 2.0 * rows * matrix / (peak * fraction)
    moved = r["active"] * weight * matrix
    extra = token_bytes * r["tokens"] * r["hidden"] + pair_bytes * r["pairs"] * (r["hidden"] + r["ffn"])
    rate = memory_fraction * bandwidth
    return launch + sf.overlap(compute, moved / rate) + extra / rate


def floor(r, peak, bandwidth, weight):
    matrix = r["matrices"] * r["hidden"] * r["ffn"]
    return np.maximum(2.0 * r["pairs"] * matrix / peak, r["active"] * weight * matrix / bandwidth)


def load(data_dir, system, dtype, peak, bandwidth, weight):
    """Rows with the middle of fastest and median engine; families with topk 22 and hidden 2688 have ungated experts:
    bound by weights they take 2/3 of the time per weight of all others. More than 16384 tokens come from one old
    release."""
    rows = data.query(data_dir, "moe", f"system = '{system}' and moe_dtype = '{dtype}' and distribution <> 'power_law_0'"
                      " and num_tokens between 1 and 16384 and num_experts >= moe_ep_size")
    if dtype == "int4_wo" and (rows.n_measured > 1).sum() > 5000:  # alone stands one engine's untuned kernel, 5 x slower
        rows = rows[rows.n_measured > 1].reset_index(drop=True)
    if len(rows) < 500:
        return None
    get = lambda name: rows[name].to_numpy(float)
    skew = rows.distribution.map({"balanced": 0.0, "power_law_1.01": 1.01, "power_law_1.2": 1.2}).to_numpy(float)
    tokens, topk, experts, ranks = get("num_tokens"), get("topk"), get("num_experts"), get("moe_ep_size")
    pairs, active = routing(tokens, topk, experts, ranks, skew)
    ungated = (topk == 22) | (get("hidden_size") == 2688)
    r = {"tokens": tokens, "pairs": pairs, "active": active, "groups": experts / ranks, "skew": 1.0 + skew,
         "rows": tokens * topk / experts, "hidden": get("hidden_size"), "ffn": get("inter_size") / get("moe_tp_size"),
         "matrices": np.where(ungated, 2.0, 3.0), "family": get("hidden_size") * 1e6 + get("inter_size"),
         "experts": experts, "topk": topk}
    best, median = get("latency_ms") * 1e-3, get("median_latency_ms") * 1e-3
    least = POSSIBLE * floor(r, peak, bandwidth, weight)
    best = np.where(best >= least, best, median)
    r["seconds"] = np.minimum(np.sqrt(best * median), SLOWEST * best)
    r["spread"] = median / best
    r["fastest"] = best / r["seconds"]
    keep = (r["seconds"] >= least) & (r["seconds"] < 10) & (r["ffn"] >= 32)
    return {name: v[keep] for name, v in r.items()}, int((~keep).sum())


def find(data_dir, system, chip, peaks, fmt):
    """(rows, rejected, measured dtype, column of the peak, peak, bytes per weight), or None."""
    dtypes, column, weight = FORMATS[fmt]
    for dtype in dtypes:
        own = column or ("fp8_tflops" if dtype.startswith("w4a8") else "bf16_tflops")
        peak = peaks.get(own)
        found = load(data_dir, system, dtype, peak, chip.bandwidth, weight) if peak else None
        if found:
            return *found, dtype, own, peak, weight
    return None


def fastest(r):
    """Time of the fastest engine over the middle one."""
    shared = (r["experts"] / r["groups"], r["tokens"], r["skew"])
    return np.clip(grid.fit(SHARED, shared, r["fastest"], 1.0), 1.0 / SLOWEST, 1.0)


def fit(data_dir, system, chip, peaks, fmt):
    found = find(data_dir, system, chip, peaks, fmt)
    if not found:
        return None
    r, rejected, dtype, own, peak, weight = found
    seconds = r["seconds"]
    at = lambda x, s: model_time(x, {k: v[s] for k, v in r.items()}, peak, chip.bandwidth, weight)
    x = sf.parameters(at, START, LOW, HIGH, seconds)
    model = at(x, slice(None))
    local, groups, matrix = np.meshgrid(*(2.0 ** np.asarray(a, float) for a in AXES), indexing="ij")
    pairs = local * groups
    reference = model_time(x, {"tokens": pairs, "pairs": pairs, "matrices": 3.0,
                               "active": np.minimum(groups, pairs), "hidden": 2 * np.sqrt(matrix), "ffn":
                               0.5 * np.sqrt(matrix)}, peak, chip.bandwidth, weight)
    grids = [(AXES, (r["pairs"] / r["groups"], r["groups"], r["hidden"] * r["ffn"])), (MORE, (r["skew"], r["rows"], r["matrices"])),
             (SHARED, (r["experts"] / r["groups"], r["tokens"], r["skew"]))]
    usual = ((1.0, local, 3.0), (8.0, pairs, 1.0))  # 8 ranks, 8 experts a token
    table = sf.Table(grids, reference, (0, 2), 0.1, usual=usual)
    fold = data.folds(r["family"], r["experts"], r["topk"], count=5)
    held = table.fit(seconds, model, floor(r, peak, chip.bandwidth, weight), fold)
    done = sf.result(table, NAMES, x, held, model, seconds, rejected,
                     {"small": r["tokens"] <= 256, "large": r["tokens"] >= 2048})
    return done | {"compute": own.split("_")[0], "dtype": dtype, "median_over_best": float(np.median(r["spread"])),
                   "fastest": fastest(r)}
