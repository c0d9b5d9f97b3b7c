"""Dense GEMM: shape model fit, correction grid, and the comparison by held-out shapes."""

from dataclasses import replace

import numpy as np
from scipy.optimize import least_squares

from . import data, grid, shape_model as sm

M_AXIS = [3, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15]
N_AXIS = [5, 7, 9, 10, 11, 12, 13, 14, 16]
K_AXIS = [5, 7, 9, 10, 11, 12, 13, 14, 16]
AXES = (M_AXIS, N_AXIS, K_AXIS)
# Weight shapes kept out of every fit; tests/unit/kernel/measured_points_test.cpp compares against them.
RESERVED = ((10240, 8192), (6144, 12288))
FREE = ("peak_fraction", "throttle", "depth_ramp", "tile_intensity", "wave_weight", "memory_fraction", "launch",
        "quantise_bytes")
LOW = (0.3, 0.0, 8.0, 0.5, 0.0, 0.5, 1e-6, 0.5)
HIGH = (1.0, 0.6, 2048.0, 100.0, 1.0, 0.97, 2e-5, 40.0)


def load(data_dir, system, chip, fmt):
    """Measured rows with m >= 8, physically possible; adds seconds. Returns rows and the number rejected."""
    dtype, _, operand = data.FORMATS[fmt]
    if fmt not in chip.peaks:
        return None, 0
    rows = data.query(data_dir, "gemm", f"system = '{system}' and gemm_dtype = '{dtype}' and m >= 8")
    if len(rows) == 0:
        return None, 0
    rows["seconds"] = rows.median_latency_ms * 1e-3
    least = sm.floor(rows.m.to_numpy(float), rows.n.to_numpy(float), rows.k.to_numpy(float), 1.0, chip.peaks[fmt],
                     chip.bandwidth, operand)
    possible = rows.seconds.to_numpy() >= least
    for n, k in RESERVED:
        rows = rows.assign(m=rows.m.where((rows.n != n) | (rows.k != k), -1))
    return rows[possible & (rows.m.to_numpy() > 0)].reset_index(drop=True), int((~possible).sum())


def large(rows):
    return ((rows.m >= 2048) & (rows.n >= 1024) & (rows.k >= 1024)).to_numpy()


def _arrays(rows):
    return rows.m.to_numpy(float), rows.n.to_numpy(float), rows.k.to_numpy(float)


def parts(rows, chip, fmt, p):
    """(GEMM time, cast time) of the shape model: the measured figure is their sum."""
    m, n, k = _arrays(rows)
    operand = data.FORMATS[fmt][2]
    return (sm.gemm_time(m, n, k, 1.0, chip.peaks[fmt], chip.bandwidth, operand, p),
            sm.quantise_time(m * k, chip.bandwidth, p))


def fit_parameters(rows, chip, fmt):
    """Robust least squares on the log of the time; training-size shapes count four times."""
    sample = rows.iloc[:: max(1, len(rows) // 5000)]
    weight = np.where((sample.m >= 512) & (sample.n >= 512) & (sample.k >= 512), 2.0, 1.0)
    log_time = np.log(sample.seconds.to_numpy())
    narrow = fmt != "bf16"
    free = FREE if narrow else FREE[:-1]
    base = sm.Parameters(compute_units=float(chip.units))

    def residual(x):
        gemm, cast = parts(sample, chip, fmt, replace(base, **dict(zip(free, x))))
        return weight * (np.log(gemm + cast) - log_time)

    start = [0.8, 0.1, 128, 16, 0.3, 0.85, 3e-6, 4.0][: len(free)]
    found = least_squares(residual, start, bounds=(LOW[: len(free)], HIGH[: len(free)]), x_scale=start,
                          loss="soft_l1", f_scale=0.1, max_nfev=60)
    return replace(base, **dict(zip(free, (float(v) for v in found.x))))


def correction_targets(rows, chip, fmt, p):
    """Measured GEMM part over modelled GEMM part; the cast never explains more than 70 % of the measurement."""
    gemm, cast = parts(rows, chip, fmt, p)
    seconds = rows.seconds.to_numpy()
    return np.clip(np.maximum(seconds - cast, 0.3 * seconds) / gemm, 0.2, 30.0)


def predict(rows, chip, fmt, p, nodes):
    gemm, cast = parts(rows, chip, fmt, p)
    m, n, k = _arrays(rows)
    least = sm.floor(m, n, k, 1.0, chip.peaks[fmt], chip.bandwidth, data.FORMATS[fmt][2])
    return np.maximum(gemm * grid.at(AXES, nodes, (m, n, k)), least) + cast


def compare(rows, chip, fmt, p):
    """Held-out predictions of (a) utilisation grid, (b) shape model, (c) shape model x grid; whole (n, k) pairs are
    held out, ten folds. Parameters of (b) are fitted once: eight numbers to ten thousand rows."""
    fold = data.folds(rows.n, rows.k)
    m, n, k = _arrays(rows)
    seconds = rows.seconds.to_numpy()
    gemm, cast = parts(rows, chip, fmt, p)
    targets = correction_targets(rows, chip, fmt, p)
    utilisation = sm.flops(m, n, k, 1.0) / chip.peaks[fmt] / seconds
    plain, corrected = np.empty(len(rows)), np.empty(len(rows))
    for held in range(10):
        out, keep = fold == held, fold != held
        log_nodes = grid.fit(AXES, (m[keep], n[keep], k[keep]), 20 + np.log2(utilisation[keep]), 1e-4)
        log_u = grid.at(AXES, log_nodes, (m[out], n[out], k[out])) - 20
        plain[out] = sm.flops(m[out], n[out], k[out], 1.0) / chip.peaks[fmt] / np.exp2(log_u)
        nodes = grid.fit(AXES, (m[keep], n[keep], k[keep]), targets[keep])
        corrected[out] = predict(rows[out], chip, fmt, p, nodes)
    return plain, gemm + cast, corrected


def fit(data_dir, system, chip, fmt):
    """Everything that a [gemm.<format>] table holds, or None where nothing was measured."""
    rows, rejected = load(data_dir, system, chip, fmt)
    if rows is None:
        return None
    p = fit_parameters(rows, chip, fmt)
    predictions = compare(rows, chip, fmt, p)
    seconds, big = rows.seconds.to_numpy(), large(rows)
    nodes = grid.fit(AXES, _arrays(rows), correction_targets(rows, chip, fmt, p))
    pure = predictions[2] * 0 + seconds - parts(rows, chip, fmt, p)[1]
    utilisation = sm.flops(*_arrays(rows), 1.0) / chip.peaks[fmt] / np.maximum(pure, 0.3 * seconds)
    names = ("grid", "shape", "corrected")
    summary = {name: {"all": data.errors(q, seconds), "large": data.errors(q, seconds, big),
                      "small": data.errors(q, seconds, ~big)} for name, q in zip(names, predictions)}
    ratio = rows.median_latency_ms / rows.latency_ms
    return {"parameters": p, "axes": AXES, "nodes": nodes, "rows": len(rows), "rejected": rejected,
            "errors": summary, "sustained": float(np.percentile(utilisation[big], 90)),
            "sustained_with_cast": float(np.percentile(sm.flops(*_arrays(rows), 1.0)[big] / chip.peaks[fmt]
                                                       / seconds[big], 90)),
            "median_over_best": float(np.median(ratio[big]))}
