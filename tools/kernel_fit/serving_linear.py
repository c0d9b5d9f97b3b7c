"""One linear layer as an engine runs it: from one row, the cast of the activation included."""

import tomllib

import numpy as np

from . import data, serving_fit as sf, shape_model as sm

# Name in the file -> (measured dtype, table of catalog/kernels whose parameters it starts from, peak column of the
# datasheet, bytes per weight, bytes per activation element in the product).
FORMATS = {
    "bf16": ("bfloat16", "bf16", "bf16_tflops", 2.0, 2.0),
    "fp8": ("fp8", "fp8", "fp8_tflops", 1.0, 1.0),
    "fp8-block": ("fp8_block", "fp8_block", "fp8_tflops", 1.0 + 4.0 / 128.0**2, 1.0),
    "int8": ("sq", None, "int8_tops", 1.0, 1.0),
    "w8a16": ("int8_wo", "bf16", "bf16_tflops", 1.0, 2.0),
    "w4a16": ("int4_wo", "bf16", "bf16_tflops", 0.5 + 2.5 / 128.0, 2.0),
    "nvfp4": ("nvfp4", "nvfp4", "fp4_tflops", 0.5 + 1.0 / 16.0, 0.5625),
}
M_AXIS = [0, 3, 5, 6, 7, 8, 9, 10, 11, 13, 15]
WIDE_AXIS = [7, 9, 11, 12, 13, 14, 16]
AXES = (M_AXIS, WIDE_AXIS, WIDE_AXIS)
# Formats that only a chip of the same compute units was measured in: its rows, this chip's datasheet. Kernels that unpack
# weights reach 0.4 of its bandwidth, so that the slower memory hardly shows.
SIBLINGS = {"h100_sxm": ("h200_sxm", "h200-sxm")}
SIBLING_ERROR = 0.1
# Kernels for few rows hold them in the narrow side of a tile: 16 rows at least, not the 64 of the GEMM model.
SMALLEST_TILE, LEAST_SHARE = 64.0, 0.25
NAMES = ("peak_fraction", "memory_fraction", "launch", "cast_bytes")
START = (0.8, 0.8, 3e-6, 3.0)
LOW = (0.2, 0.4, 1e-6, 0.0)
HIGH = (1.0, 0.97, 2e-5, 30.0)


def kernel_parameters(path, fmt):
    """Shape parameters of the training table, or None."""
    with open(path, "rb") as handle:
        table = tomllib.load(handle)["gemm"].get(fmt or "bf16")
    if table is None:
        return None
    return sm.Parameters(throttle=table["throttle"], depth_ramp=table["depth_ramp"],
                         tile_intensity=table["tile_intensity"], wave_weight=table["wave_weight"],
                         compute_units=table["compute_units"])


def model_time(x, m, n, k, peak, bandwidth, weight, activation, base):
    """The formula of linear_model_time in serving_kernels.cpp; keep both the same."""
    fraction, memory_fraction, launch, cast = x
    compute = sm.work_per_unit(m, n, k, 1.0, base) * base.compute_units / (peak * fraction)
    compute = compute * np.clip(m / SMALLEST_TILE, LEAST_SHARE, 1.0)
    compute = compute * (1 + base.throttle * compute / (compute + base.throttle_time))
    memory = (weight * n * k + activation * m * k + 2.0 * m * n) / (memory_fraction * bandwidth)
    return launch + sf.overlap(compute, memory) + cast * m * k / (memory_fraction * bandwidth)


def floor(m, n, k, peak, bandwidth, weight, activation):
    moved = weight * n * k + activation * m * k + 2.0 * m * n
    return np.maximum(2.0 * m * n * k / peak, moved / bandwidth)


def load(data_dir, system, dtype):
    """m is 1, 2, 4 or a multiple of 8: engines pad small batches to captured sizes, and kernels that need a multiple of
    4 rows pad the others by a copy. Medians over engines; of block-scaled fp8 the middle of fastest and median, since
    engines differ by kernel and version by 2 x there."""
    rows = data.query(data_dir, "gemm", f"system = '{system}' and gemm_dtype = '{dtype}' and n >= 128 and k >= 128 "
                      "and (m in (1, 2, 4) or (m % 8 = 0 and m > 0))")
    best, median = rows.latency_ms.to_numpy() * 1e-3, rows.median_latency_ms.to_numpy() * 1e-3
    seconds = np.minimum(np.sqrt(best * median), 1.5 * best) if dtype == "fp8_block" else median
    return tuple(rows[c].to_numpy(float) for c in "mnk") + (seconds,)


def fit(data_dir, kernels_file, system, chip, peaks, fmt):
    dtype, table, column, weight, activation = FORMATS[fmt]
    base = kernel_parameters(kernels_file, table)
    if base is None or not peaks.get(column):
        return None
    peak = peaks[column]
    m, n, k, seconds = load(data_dir, system, dtype)
    borrowed = {}
    if len(m) < 500 and system in SIBLINGS:
        sibling, slug = SIBLINGS[system]
        m, n, k, seconds = load(data_dir, sibling, dtype)
        borrowed = {"measured_on": slug}
    if len(m) < 500:
        return None
    keep = seconds >= floor(m, n, k, peak, chip.bandwidth, weight, activation)
    rejected = int((~keep).sum())
    m, n, k, seconds = m[keep], n[keep], k[keep], seconds[keep]
    at = lambda x, s: model_time(x, m[s], n[s], k[s], peak, chip.bandwidth, weight, activation, base)
    casts = activation < 2.0
    high = HIGH[:3] + ((HIGH[3],) if casts else (1e-6,))
    start = START[:3] + ((START[3],) if casts else (5e-7,))
    x = sf.parameters(at, start, LOW, high, seconds)
    if not casts:
        x[3] = 0.0
    model = at(x, slice(None))
    nodes = [2.0 ** np.asarray(a, float) for a in AXES]
    reference = model_time(x, *np.meshgrid(*nodes, indexing="ij"), peak, chip.bandwidth, weight, activation, base)
    table = sf.Table([(AXES, (m, n, k))], reference, (0, 1, 2), 0.03)
    held = table.fit(seconds, model, floor(m, n, k, peak, chip.bandwidth, weight, activation), data.folds(n, k, count=5))
    wide = (n >= 1024) & (k >= 1024)
    done = sf.result(table, NAMES, x, held, model, seconds, rejected,
                     {"small": wide & (m <= 128), "large": wide & (m >= 2048)})
    if borrowed:
        done["errors"] = {name: (mean + SIBLING_ERROR, bias, count) for name, (mean, bias, count) in
                          done["errors"].items()}
    return done | {"base": base} | borrowed
