"""Grouped GEMMs of MoE experts, from fused MoE kernels: up and gate, activation, down, permutation of rows."""

from dataclasses import replace

import numpy as np
from scipy import sparse
from scipy.optimize import least_squares

from . import data, grid, shape_model as sm

ROWS_AXIS = [2, 4, 6, 8, 9, 10, 11, 12, 13]
GROUPS_AXIS = [0, 2, 3, 4, 5, 6, 8]
WEIGHT_AXIS = [18, 20, 22, 23, 24, 25, 26]
AXES = (ROWS_AXIS, GROUPS_AXIS, WEIGHT_AXIS)
FREE = ("peak_fraction", "depth_ramp", "tile_intensity", "wave_weight", "memory_fraction")
START = (0.7, 128.0, 16.0, 0.3, 0.8, 5.0, 1e-5)  # the last two: bytes per row element moved beside the GEMMs, overhead
LOW = (0.2, 8.0, 0.5, 0.0, 0.4, 0.0, 0.0)
HIGH = (1.0, 2048.0, 100.0, 1.0, 0.97, 12.0, 2e-4)  # no grouped GEMM beats the dense one's peak_fraction


def load(data_dir, system, chip, fmt, best_to_sustained):
    """Balanced routing, all experts on one rank: rows with expert parallelism also route the other ranks' tokens.
    Engines differ by kernel (generic Triton or tuned) by 2 x at equal clocks, so the best engine is taken and slowed
    by the chip's ratio of median to best in large GEMMs of the format. Gated experts assumed: shapes of the only
    non-gated family (hidden 2688) are left out. Returns rows and the number rejected."""
    dtype, _, operand = data.FORMATS[fmt]
    if fmt not in chip.peaks:
        return None, 0
    rows = data.query(data_dir, "moe", f"system = '{system}' and moe_dtype = '{dtype}' and distribution = 'balanced' "
                      "and hidden_size <> 2688 and moe_ep_size = 1 and inter_size >= 64 * moe_tp_size")
    if len(rows) == 0:
        return None, 0
    rows["seconds"] = rows.latency_ms * 1e-3 * best_to_sustained
    rows["groups"] = rows.num_experts / rows.moe_ep_size
    rows["per"] = rows.num_tokens * rows.topk / rows.num_experts
    rows["inter"] = rows.inter_size / rows.moe_tp_size
    rows = rows[(rows.per >= 4) & (rows.seconds < 10)].reset_index(drop=True)
    least = sum(sm.floor(rows.per, n, k, rows.groups, chip.peaks[fmt], chip.bandwidth, operand)
                for n, k in ((2 * rows.inter, rows.hidden_size), (rows.hidden_size, rows.inter)))
    possible = rows.seconds >= least
    return rows[possible].reset_index(drop=True), int((~possible).sum())


def _parts(rows, chip, fmt, p, row_bytes, overhead):
    """Modelled (up and gate GEMM, down GEMM, everything else)."""
    get = lambda name: rows[name].to_numpy(float)
    per, groups, inter, hidden = get("per"), get("groups"), get("inter"), get("hidden_size")
    operand = data.FORMATS[fmt][2]
    up = sm.gemm_time(per, 2 * inter, hidden, groups, chip.peaks[fmt], chip.bandwidth, operand, p)
    down = sm.gemm_time(per, hidden, inter, groups, chip.peaks[fmt], chip.bandwidth, operand, p)
    rest = overhead + per * groups * (hidden + inter) * row_bytes / (p.memory_fraction * chip.bandwidth)
    return up, down, rest


def fit(data_dir, system, chip, fmt, dense, best_to_sustained):
    """A [grouped_gemm.<format>] table; held out by model configuration, ten folds. `dense` supplies launch and clock."""
    rows, rejected = load(data_dir, system, chip, fmt, best_to_sustained)
    if rows is None or len(rows) < 200:
        return None
    seconds = rows.seconds.to_numpy()
    base = replace(dense, quantise_bytes=0.0)
    high = (base.peak_fraction + 1e-6,) + HIGH[1:]
    start = (0.95 * base.peak_fraction,) + START[1:]

    def parts(x, chosen):
        return _parts(chosen, chip, fmt, replace(base, **dict(zip(FREE, (float(v) for v in x[:5])))), x[5], x[6])

    sample = rows.iloc[:: max(1, len(rows) // 4000)]
    log_time = np.log(sample.seconds.to_numpy())
    x = least_squares(lambda v: np.log(sum(parts(v, sample))) - log_time, start, bounds=(LOW, high), x_scale=START,
                      loss="soft_l1", f_scale=0.15, max_nfev=60).x
    up, down, rest = parts(x, rows)
    weight = rows.inter.to_numpy(float) * rows.hidden_size.to_numpy(float)
    per, groups = rows.per.to_numpy(float), rows.groups.to_numpy(float)
    matrix = (sparse.diags(up) @ grid.basis(AXES, (per, groups, 2 * weight))
              + sparse.diags(down) @ grid.basis(AXES, (per, groups, weight))).tocsr()
    least = 6.0 * per * groups * weight / (chip.peaks[fmt] * base.peak_fraction)
    share = np.maximum(np.maximum(seconds - rest, 0.3 * seconds), least)
    scale = 1.0 / (up + down)
    matrix, target = sparse.diags(scale) @ matrix, share * scale
    fold = data.folds(rows.hidden_size, rows.inter_size, rows.num_experts, rows.topk)
    held = np.empty(len(rows))
    for i in range(10):
        out = fold == i
        if out.any():
            nodes = grid.solve(AXES, matrix.tocsr()[~out], target[~out], 0.3)
            held[out] = (matrix.tocsr()[out] @ nodes) / scale[out] + rest[out]
    large = (per >= 512) & (weight >= 2**21)
    utilisation = 6.0 * per * groups * weight / chip.peaks[fmt] / share
    return {"parameters": replace(base, **dict(zip(FREE, (float(v) for v in x[:5])))), "row_bytes": float(x[5]),
            "overhead": float(x[6]), "axes": AXES, "nodes": grid.solve(AXES, matrix, target, 0.3), "rows": len(rows),
            "rejected": rejected, "sustained": float(np.percentile(utilisation[large], 90)) if large.any() else 0.0,
            "median_over_used": float(np.median(rows.median_latency_ms * 1e-3 / seconds)),
            "errors": {"shape": {"all": data.errors(up + down + rest, seconds),
                                 "large": data.errors(up + down + rest, seconds, large)},
                       "corrected": {"all": data.errors(held, seconds), "large": data.errors(held, seconds, large)}}}
