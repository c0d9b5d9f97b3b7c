"""Attention of new tokens, from one token and under windows: plain heads, and MLA with expanded keys."""

import numpy as np

from . import data, serving_fit as sf
from .attention import NAMES
from .serving_attention import KV_BYTES

SEQUENCE_AXIS = [0, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14]
HEADS_AXIS = [0, 2, 4, 5, 6, 8, 10, 12, 14]
WIDTH_AXIS = [6, 7, 8]
CUT_AXIS = [0, 1, 2, 4, 7]  # of new tokens / window, 0 where the window cuts nothing
WINDOW_AXIS = [7, 10, 13]
AXES = (SEQUENCE_AXIS, HEADS_AXIS, WIDTH_AXIS)
WINDOW_AXES = (CUT_AXIS, WINDOW_AXIS, WIDTH_AXIS)
MLA_AXES = (SEQUENCE_AXIS, HEADS_AXIS, [7.585])
START = (0.6, 512.0, 1.0, 0.75, 8e-6)
LOW = (0.1, 1.0, 0.05, 0.3, 1e-6)
HIGH = (1.0, 8192.0, 4.0, 1.2, 5e-5)


def pairs(seq, window):
    """Visible (query, key) pairs, as in shape_model.cpp."""
    ramp = np.minimum(seq, window)
    return 0.5 * ramp**2 + (seq - ramp) * window


def model_time(x, heads, kv_heads, seq, window, width, value, peak, chip):
    """The formula of attention_shape_time in shape_model.cpp; keep both the same. `heads`: of all sequences."""
    fraction, half, fill, narrow, launch = x
    seen = pairs(seq, window)
    sequence = np.sqrt(2.0 * seen)
    tiles = heads * np.ceil(seq / 128)
    share = (fraction * np.where(width < 128, narrow, 1.0) * sequence / (sequence + half) * tiles
             / (tiles + fill * chip.units))
    moved = 2.0 * (heads + kv_heads) * seq * (width + value)
    return launch + np.maximum(2.0 * heads * seen * (width + value) / (peak * share), moved / chip.bandwidth)


def floor(heads, kv_heads, seq, window, width, value, kv, peak, chip):
    moved = (2.0 * heads + kv * kv_heads) * seq * (width + value)
    return np.maximum(2.0 * heads * pairs(seq, window) * (width + value) / peak, moved / chip.bandwidth)


def load(data_dir, system, dtype):
    """One row a shape, as in serving_attention.py. Heads of 192 are left out: their windows cut nothing."""
    rows = data.query(data_dir, "context_attention", f"system = '{system}' and attn_dtype = 'bfloat16' and "
                      f"kv_cache_dtype = '{dtype}' and head_dim in (64, 128, 256) and isl >= 1 and step = 0")
    rows["window"] = rows.window_size.fillna(0).astype(int)
    best, median = rows.latency_ms * 1e-3, rows.median_latency_ms * 1e-3
    rows["seconds"] = np.where(rows.window > 0, np.minimum(np.sqrt(best * median), 1.5 * best), median)
    rows["heads"], rows["kv_heads"] = rows.batch_size * rows.num_heads, rows.batch_size * rows.num_key_value_heads
    shape = ["batch_size", "isl", "num_heads", "num_key_value_heads", "head_dim", "window"]
    return rows.sort_values(shape + ["seconds"]), shape


def fit(data_dir, system, chip, peak, kv_name):
    dtype, kv = KV_BYTES[kv_name]
    rows, shape = load(data_dir, system, dtype)
    if len(rows) < 500:
        return None
    cut = lambda r: (r.window > 0) & (r.window < r.isl)
    get = lambda r: (r.heads.to_numpy(float), r.kv_heads.to_numpy(float), r.isl.to_numpy(float),
                     np.where(cut(r), r.window, r.isl).astype(float), r.head_dim.to_numpy(float))
    heads, kv_heads, seq, window, width = get(rows)
    possible = rows.seconds.to_numpy() >= floor(heads, kv_heads, seq, window, width, width, kv, peak, chip)
    kept = rows[possible].drop_duplicates(shape)
    heads, kv_heads, seq, window, width = get(kept)
    seconds, windowed = kept.seconds.to_numpy(), cut(kept).to_numpy()
    least = floor(heads, kv_heads, seq, window, width, width, kv, peak, chip)
    at = lambda x, s: model_time(x, heads[s], kv_heads[s], seq[s], window[s], width[s], width[s], peak, chip)
    x = sf.parameters(at, START, LOW, HIGH, seconds, np.where(windowed, 0.3, 1.0))
    grids = [(AXES, (seq, heads, width)), (WINDOW_AXES, (seq / window, np.where(windowed, window, 8192.0), width))]
    s, h, w = np.meshgrid(*(2.0 ** np.asarray(a, float) for a in AXES), indexing="ij")
    table = sf.Table(grids, model_time(x, h, h / 4, s, s, w, w, peak, chip), (0, 1, 2), 0.03, later_smooth=0.05,
                     usual=((1.0, 8192.0, w),))
    model = at(x, slice(None))
    held = table.fit(seconds, model, least, data.folds(kept.num_heads, kept.num_key_value_heads, count=sf.FOLDS))
    return sf.result(table, NAMES, x, held, model, seconds, len(rows) - int(possible.sum()),
                     {"small": ~windowed & (seq < 64), "large": ~windowed & (seq >= 2048), "window": windowed})


def fit_mla(data_dir, system, chip, peak, kv_name, best_to_sustained):
    """Fastest engine, slowed by `best_to_sustained`, as in attention.py: others absorb the keys, up to 3 x slower."""
    rows = data.query(data_dir, "context_mla", f"system = '{system}' and step = 0 and isl >= 1 and "
                      f"kv_cache_dtype = '{KV_BYTES[kv_name][0]}'")
    rows = rows.groupby(["batch_size", "isl", "num_heads"], as_index=False).latency_ms.min()
    if len(rows) < 100:
        return None
    heads, seq = (rows.batch_size * rows.num_heads).to_numpy(float), rows.isl.to_numpy(float)
    seconds, width, value = rows.latency_ms.to_numpy() * 1e-3 * best_to_sustained, np.full(len(rows), 192.0), 128.0
    least = floor(heads, heads, seq, seq, width, value, 2.0, peak, chip)
    keep = seconds >= least
    heads, seq, width, seconds, least = heads[keep], seq[keep], width[keep], seconds[keep], least[keep]
    at = lambda x, s: model_time(x, heads[s], heads[s], seq[s], seq[s], width[s], value, peak, chip)
    x = sf.parameters(at, START, LOW, HIGH, seconds)
    s, h, w = np.meshgrid(*(2.0 ** np.asarray(a, float) for a in MLA_AXES), indexing="ij")
    table = sf.Table([(MLA_AXES, (seq, heads, width))], model_time(x, h, h, s, s, w, value, peak, chip), (0, 1), 0.03)
    model = at(x, slice(None))
    held = table.fit(seconds, model, least, data.folds(heads, count=sf.FOLDS))
    return sf.result(table, NAMES, x, held, model, seconds, int((~keep).sum()),
                     {"small": seq < 64, "large": seq >= 2048})
