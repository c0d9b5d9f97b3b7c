"""The shape model of src/socle/kernel/shape_model.cpp, over arrays. Change both together."""

from dataclasses import dataclass

import numpy as np

TILES = ((256, 128), (128, 256), (128, 128), (128, 64), (64, 64))
LARGEST_INTENSITY = 256 * 128 / (256 + 128)
SPLIT_DEPTH = 512.0


@dataclass
class Parameters:
    """Meaning and units as in `ShapeParameters` (shape_model.hpp)."""

    peak_fraction: float = 0.85
    throttle: float = 0.1
    throttle_time: float = 1e-3
    depth_ramp: float = 128.0
    tile_intensity: float = 16.0
    wave_weight: float = 0.3
    memory_fraction: float = 0.85
    launch: float = 3e-6
    quantise_bytes: float = 0.0
    compute_units: float = 128.0


def flops(m, n, k, batch):
    return 2.0 * m * n * k * batch


def traffic(m, n, k, batch, operand_bytes):
    return batch * (operand_bytes * (m * k + k * n) + 2.0 * m * n)


def floor(m, n, k, batch, peak, bandwidth, operand_bytes):
    return np.maximum(flops(m, n, k, batch) / peak, traffic(m, n, k, batch, operand_bytes) / bandwidth)


def work_per_unit(m, n, k, batch, p):
    best = np.full(np.broadcast(m, n, k, batch).shape, np.inf)
    for rows, columns in TILES:
        load = np.ceil(m / rows) * np.ceil(n / columns) * batch / p.compute_units
        full = load >= 1.0
        waves = np.where(full, p.wave_weight * np.ceil(load) + (1 - p.wave_weight) * load, 1.0)
        depth = np.where(full, k, np.maximum(k * load, np.minimum(k, SPLIT_DEPTH)))
        intensity = rows * columns / (rows + columns)
        rate = intensity / (intensity + p.tile_intensity) * (LARGEST_INTENSITY + p.tile_intensity) / LARGEST_INTENSITY
        best = np.minimum(best, 2.0 * waves * rows * columns * (depth + p.depth_ramp) / rate)
    return best


def gemm_time(m, n, k, batch, peak, bandwidth, operand_bytes, p):
    compute = work_per_unit(m, n, k, batch, p) * p.compute_units / (peak * p.peak_fraction)
    compute = compute * (1 + p.throttle * compute / (compute + p.throttle_time))
    memory = traffic(m, n, k, batch, operand_bytes) / (p.memory_fraction * bandwidth)
    time = p.launch + np.sqrt(np.sqrt(compute**4 + memory**4))
    return np.maximum(time, floor(m, n, k, batch, peak, bandwidth, operand_bytes))


def quantise_time(elements, bandwidth, p):
    """Zero for formats that need no cast."""
    if p.quantise_bytes <= 0:
        return 0.0 * elements
    return p.launch + elements * p.quantise_bytes / (p.memory_fraction * bandwidth)
