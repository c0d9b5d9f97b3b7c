"""Attention of one new token a sequence against its cache: plain heads, and absorbed MLA."""

import numpy as np

from . import data, serving_fit as sf

KV_BYTES = {"bf16": ("bfloat16", 2.0), "fp8": ("fp8", 1.0)}
NAMES = ("peak_fraction", "memory_fraction", "launch", "half_bytes")
START = (0.5, 0.85, 8e-6, 1e6)
LOW = (0.02, 0.3, 2e-6, 0.0)
HIGH = (1.0, 0.97, 3e-5, 1e8)

STREAMS_AXIS = [0, 2, 4, 6, 8, 10, 12, 14, 16]
CONTEXT_AXIS = [1, 4, 6, 8, 10, 12, 14, 17]
GROUP_AXIS = [0, 1, 2, 3, 4, 5, 6.5]
WIDTH_AXIS = [6, 7, 7.585, 8]
WINDOW_AXIS = [0, 1]  # of 1, or 2 where a window cuts the context
HEADS_AXIS = [0, 3, 6, 9, 12, 15]
DECODE_AXES = (STREAMS_AXIS, CONTEXT_AXIS, GROUP_AXIS)
DECODE_MORE = (WIDTH_AXIS, HEADS_AXIS, CONTEXT_AXIS)
DECODE_WINDOW = (WINDOW_AXIS, WIDTH_AXIS, CONTEXT_AXIS)

SEQUENCES_AXIS = [0, 2, 4, 5, 6, 7, 8, 10]
MLA_CONTEXT_AXIS = [1, 4, 6, 8, 9, 10, 11, 12, 13, 14, 17]
MLA_HEADS_AXIS = [0, 2, 4, 5, 6, 7]
MLA_AXES = (SEQUENCES_AXIS, MLA_CONTEXT_AXIS, MLA_HEADS_AXIS)
LATENT, ROPE = 512.0, 64.0
SLOWEST = 8.0  # of the fitted model: beyond stands a fallback that no engine would be run with


def model_time(x, flops, moved, peak, bandwidth):
    """The formula of cache_model_time in serving_shapes.cpp; keep both the same."""
    fraction, memory_fraction, launch, half = x
    compute = flops / (peak * fraction)
    return launch + sf.overlap(compute, (moved + half * moved / (moved + half)) / (memory_fraction * bandwidth))


def decode_work(batch, q_heads, kv_heads, width, value, context, kv):
    """(FLOPs, bytes): cache read once, query read and output written in 16 bit."""
    flops = 2.0 * batch * q_heads * context * (width + value)
    return flops, batch * (kv_heads * context * kv + 2.0 * q_heads) * (width + value)


def mla_work(batch, heads, context, kv):
    flops = 2.0 * batch * heads * context * (2.0 * LATENT + ROPE)
    return flops, batch * (context * kv * (LATENT + ROPE) + 2.0 * heads * (2.0 * LATENT + ROPE))


def load_decode(data_dir, system, dtype):
    """One row a shape: engines write the absent window as nothing or as 0; the lower of both medians counts, as in
    attention.py. A window caps the context; under one, engines differ by kernel, so the middle of fastest and median
    counts. Heads of 512 are left out: one engine."""
    rows = data.query(data_dir, "generation_attention", f"system = '{system}' and kv_cache_dtype = '{dtype}' "
                      "and head_dim <= 256")
    rows["window"] = rows.window_size.fillna(0).astype(int)
    rows["context"] = rows.step + 1
    best, median = rows.latency_ms * 1e-3, rows.median_latency_ms * 1e-3
    rows["seconds"] = np.where(rows.window > 0, np.minimum(np.sqrt(best * median), 1.5 * best), median)
    return rows


def finish(table, model, seconds, least, fold, x, rejected, regions):
    held = table.fit(seconds, model, least, fold)
    return sf.result(table, NAMES, x, held, model, seconds, rejected, regions)


def later_grids(x, kv, peak, chip):
    """How the later grids grow: with heads and context, four heads sharing a key head."""
    nodes = lambda axes: np.meshgrid(*(2.0 ** np.asarray(a, float) for a in axes), indexing="ij")
    time = lambda streams, width, context: model_time(x, *decode_work(streams, 4.0, 1.0, width, width, context, kv),
                                                      peak, chip.bandwidth)
    width, heads, context = nodes(DECODE_MORE)
    more = (time(heads / 4, width, context), (1, 2), ((heads / 4, context, 4.0), None, (1.0, width, context)))
    window, width, context = nodes(DECODE_WINDOW)
    return more, (time(64.0, width, context), (2,), ((64.0, context, 4.0), (width, 256.0, context), None))


def fit_decode(data_dir, system, chip, peak, kv_name):
    dtype, kv = KV_BYTES[kv_name]
    rows = load_decode(data_dir, system, dtype)
    if len(rows) < 500:
        return None
    seen = np.where(rows.window > 0, np.minimum(rows.context, rows.window), rows.context).astype(float)
    batch, heads, kv_heads, width = (rows[c].to_numpy(float) for c in
                                     ("batch_size", "num_heads", "num_key_value_heads", "head_dim"))
    flops, moved = decode_work(batch, heads, kv_heads, width, width, seen, kv)
    least = np.maximum(flops / peak, moved / chip.bandwidth)
    seconds = rows.seconds.to_numpy()
    # Chosen among possible rows: the lower median of a shape.
    rows = rows.assign(seen=seen, flops=flops, moved=moved, least=least)
    kept = rows[seconds >= least]
    rejected = len(rows) - len(kept)
    shape = ["batch_size", "num_heads", "num_key_value_heads", "head_dim", "context", "window"]
    kept = kept.sort_values(shape + ["seconds"]).drop_duplicates(shape)
    get = lambda name: kept[name].to_numpy(float)
    batch, heads, kv_heads, width, seen = (get(c) for c in
                                           ("batch_size", "num_heads", "num_key_value_heads", "head_dim", "seen"))
    flops, moved, least, seconds = get("flops"), get("moved"), get("least"), get("seconds")
    at = lambda x, s: model_time(x, flops[s], moved[s], peak, chip.bandwidth)
    x = sf.parameters(at, START, LOW, HIGH, seconds)
    usual = seconds <= SLOWEST * at(x, slice(None))
    rejected += int((~usual).sum())
    kept = kept[usual]
    batch, heads, kv_heads, width, seen, flops, moved, least, seconds = (
        v[usual] for v in (batch, heads, kv_heads, width, seen, flops, moved, least, seconds))
    streams, context, group = np.meshgrid(*(2.0 ** np.asarray(a, float) for a in DECODE_AXES), indexing="ij")
    reference = model_time(x, *decode_work(streams, group, 1.0, 128.0, 128.0, context, kv), peak, chip.bandwidth)
    grids = [(DECODE_AXES, (batch * kv_heads, seen, heads / kv_heads)), (DECODE_MORE, (width, batch * heads, seen)),
             (DECODE_WINDOW, (np.where((get("window") > 0) & (get("window") < get("context")), 2.0, 1.0), width, seen))]
    usual = ((128.0, streams * group, context), (1.0, 128.0, context))
    table = sf.Table(grids, reference, (0, 1, 2), 0.03, usual=usual, later=later_grids(x, kv, peak, chip))
    fold = data.folds(heads, kv_heads, count=sf.FOLDS)
    plain = get("window") == 0
    return finish(table, at(x, slice(None)), seconds, least, fold, x, rejected,
                  {"small": moved < 1e7, "large": plain & (moved >= 1e8), "window": ~plain})


def fit_mla(data_dir, system, chip, peak, kv_name):
    """Fastest engine, slowed by what the median engine is slower with a 16-bit cache: others read an fp8 cache through
    a kernel of 16-bit arithmetic, 4 to 9 x slower, and would stand in a median."""
    dtype, kv = KV_BYTES[kv_name]
    rows = data.query(data_dir, "generation_mla", f"system = '{system}'")
    wide = rows[(rows.kv_cache_dtype == "bfloat16") & (rows.n_measured > 2)]
    ratio = float(np.clip(np.median(wide.median_latency_ms / wide.latency_ms), 1.0, 1.2)) if len(wide) else 1.0
    rows = rows[rows.kv_cache_dtype == dtype]
    if len(rows) < 200:
        return None
    rows = rows.groupby(["batch_size", "num_heads", "step"], as_index=False).latency_ms.min()
    batch, heads, context = rows.batch_size.to_numpy(float), rows.num_heads.to_numpy(float), rows.step + 1.0
    context, seconds = context.to_numpy(float), rows.latency_ms.to_numpy() * 1e-3 * ratio
    flops, moved = mla_work(batch, heads, context, kv)
    least = np.maximum(flops / peak, moved / chip.bandwidth)
    keep = seconds >= least
    rejected = int((~keep).sum())
    batch, heads, context, seconds, flops, moved, least = (v[keep] for v in
                                                           (batch, heads, context, seconds, flops, moved, least))
    at = lambda x, s: model_time(x, flops[s], moved[s], peak, chip.bandwidth)
    x = sf.parameters(at, START, LOW, HIGH, seconds)
    b, c, h = np.meshgrid(*(2.0 ** np.asarray(a, float) for a in MLA_AXES), indexing="ij")
    table = sf.Table([(MLA_AXES, (batch, context, heads))],
                     model_time(x, *mla_work(b, h, c, kv), peak, chip.bandwidth), (0, 1, 2), 0.03)
    fold = data.folds(heads, batch, count=sf.FOLDS)
    return finish(table, at(x, slice(None)), seconds, least, fold, x, rejected,
                  {"small": moved < 1e7, "large": moved >= 1e8}) | {"median_over_best": ratio}
