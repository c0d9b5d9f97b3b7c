"""Forward flash attention: a five-parameter model and a correction grid, for plain heads and for MLA (192 / 128)."""

import numpy as np
from scipy.optimize import least_squares

from . import data, grid

SEQUENCE_AXIS = [6, 8, 9, 10, 11, 12, 13, 14, 15]
HEADS_AXIS = [0, 2, 4, 5, 6, 8, 10]
WIDTH_AXIS = [6, 7, 7.585, 8]
NAMES = ("fraction", "half_sequence", "fill", "narrow_head", "launch")
START = (0.6, 512.0, 1.0, 0.75, 4e-6)
LOW = (0.1, 1.0, 0.05, 0.3, 1e-6)
HIGH = (1.0, 8192.0, 4.0, 1.2, 3e-5)


def flops(batch_heads, seq, head_dim, value_dim):
    """Causal half: s^2 / 2 pairs."""
    return batch_heads * seq**2 * (head_dim + value_dim)


def model_time(x, batch_heads, kv_heads, seq, head_dim, value_dim, chip):
    """The formula of attention_shape_time in shape_model.cpp; keep both the same."""
    fraction, half, fill, narrow, launch = x
    tiles = batch_heads * np.ceil(seq / 128)
    width = np.where(head_dim < 128, narrow, 1.0)
    rate = chip.peaks["bf16"] * fraction * width * seq / (seq + half) * tiles / (tiles + fill * chip.units)
    moved = 2.0 * (batch_heads + kv_heads) * seq * (head_dim + value_dim)
    return launch + np.maximum(flops(batch_heads, seq, head_dim, value_dim) / rate, moved / chip.bandwidth)


def load_plain(data_dir, system):
    """bf16, no window, no prefix. Engines that record the window as absent and as 0 stand as two rows of one shape,
    each with its median: the lower one is taken."""
    rows = data.query(data_dir, "context_attention",
                      f"system = '{system}' and attn_dtype = 'bfloat16' and kv_cache_dtype = 'bfloat16' and step = 0 "
                      "and coalesce(window_size, 0) = 0 and head_dim <= 256 and isl >= 64")
    shape = ["batch_size", "isl", "num_heads", "num_key_value_heads", "head_dim"]
    rows = rows.groupby(shape, as_index=False).median_latency_ms.min()
    rows["bh"], rows["kv"] = rows.batch_size * rows.num_heads, rows.batch_size * rows.num_key_value_heads
    rows["value_dim"], rows["seconds"] = rows.head_dim, rows.median_latency_ms * 1e-3
    return rows


def load_mla(data_dir, system, best_to_sustained):
    """Engines differ by algorithm (absorbed or expanded keys) by up to 3 x, so the median mixes two kernels: the best
    engine is taken and slowed by the chip's ratio of median to best in large GEMMs."""
    rows = data.query(data_dir, "context_mla", f"system = '{system}' and step = 0 and isl >= 64 "
                      "and kv_cache_dtype = 'bfloat16'")
    rows = rows.groupby(["batch_size", "isl", "num_heads"], as_index=False).latency_ms.min()
    rows["bh"] = rows["kv"] = rows.batch_size * rows.num_heads
    rows["head_dim"], rows["value_dim"] = 192, 128
    rows["seconds"] = rows.latency_ms * 1e-3 * best_to_sustained
    return rows


def fit(rows, chip, width_axis):
    """Parameters, grid and held-out errors; whole (sequence, head_dim, heads) groups are held out, ten folds."""
    get = lambda name: rows[name].to_numpy(float)
    bh, kv, seq, dim, value = get("bh"), get("kv"), get("isl"), get("head_dim"), get("value_dim")
    seconds = get("seconds")
    least = np.maximum(flops(bh, seq, dim, value) / chip.peaks["bf16"],
                       2.0 * (bh + kv) * seq * (dim + value) / chip.bandwidth)
    keep = seconds >= least
    rejected = int((~keep).sum())
    bh, kv, seq, dim, value, seconds = (v[keep] for v in (bh, kv, seq, dim, value, seconds))
    weight = np.where(seq >= 1024, 2.0, 0.7)
    residual = lambda x: weight * np.log(model_time(x, bh, kv, seq, dim, value, chip) / seconds)
    x = least_squares(residual, START, bounds=(LOW, HIGH), x_scale=START, loss="soft_l1", f_scale=0.1).x
    model = model_time(x, bh, kv, seq, dim, value, chip)
    axes, quantities = (SEQUENCE_AXIS, HEADS_AXIS, width_axis), (seq, bh, dim)
    fold = data.folds(seq, dim, bh)
    held = np.empty(len(seconds))
    for i in range(10):
        out = fold == i
        nodes = grid.fit(axes, [q[~out] for q in quantities], (seconds / model)[~out], 0.02)
        held[out] = model[out] * grid.at(axes, nodes, [q[out] for q in quantities])
    nodes = grid.fit(axes, quantities, seconds / model, 0.02)
    large = (seq >= 2048) & (bh >= 8)
    utilisation = flops(bh, seq, dim, value) / chip.peaks["bf16"] / seconds
    return {"parameters": dict(zip(NAMES, (float(v) for v in x))), "axes": axes, "nodes": nodes, "rows": len(seconds),
            "rejected": rejected, "sustained": float(np.percentile(utilisation[large], 90)),
            "errors": {"shape": {"all": data.errors(model, seconds), "large": data.errors(model, seconds, large)},
                       "corrected": {"all": data.errors(held, seconds), "large": data.errors(held, seconds, large)}}}
