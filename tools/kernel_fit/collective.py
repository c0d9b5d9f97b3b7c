"""Collectives inside one node, and the bandwidth of memory-bound kernels."""

import numpy as np

from . import data, gemm, shape_model as sm

NAMES = {"all_reduce": "all-reduce", "all_gather": "all-gather", "reduce_scatter": "reduce-scatter",
         "alltoall": "all-to-all"}


def bus_factor(name, ranks):
    return (2.0 if name == "all-reduce" else 1.0) * (ranks - 1) / ranks


def fit(data_dir, system):
    """One curve per collective and number of ranks: 16-bit elements, median over engines, made monotone. The buffer is
    message_size x 2 bytes, which is the full buffer (ranks x shard) of all-gather and reduce-scatter: read as one
    shard, their bus bandwidth would exceed the link 2 to 8 times."""
    rows = data.query(data_dir, "nccl", f"system = '{system}' and nccl_dtype = 'half'")
    curves = []
    for (op, ranks), group in rows.groupby(["op_name", "num_gpus"]):
        group = group.groupby("message_size", as_index=False).median_latency_ms.median().sort_values("message_size")
        size = np.log2(group.message_size.to_numpy(float) * 2)
        measured = group.median_latency_ms.to_numpy() * 1e-3
        time = np.maximum.accumulate(measured)
        held = [abs(2 ** np.interp(size[i], size[[i - 1, i + 1]], np.log2(time[[i - 1, i + 1]])) / measured[i] - 1)
                for i in range(1, len(size) - 1)]
        name = NAMES[op]
        curves.append({"collective": name, "ranks": int(ranks), "log2_bytes": size, "seconds": time,
                       "error": float(np.mean(held)),
                       "bus_bandwidth": float(bus_factor(name, ranks) * 2 ** size[-1] / time[-1])})
    order = list(NAMES.values())
    return sorted(curves, key=lambda c: (order.index(c["collective"]), c["ranks"]))


def memory(data_dir, system, chip, launch):
    """Achieved share of the datasheet bandwidth: GEMMs of 8 to 16 rows stream their weights once. The share is the
    median over transfers that are three times the largest level-2 cache; the error is over all of 4 MB and more."""
    rows, _ = gemm.load(data_dir, system, chip, "bf16")
    rows = rows[(rows.m <= 16) & (rows.n >= 2048)]
    m, n, k = (rows[c].to_numpy(float) for c in "mnk")
    moved, seconds = sm.traffic(m, n, k, 1.0, 2.0), rows.seconds.to_numpy()
    big = moved >= 400e6
    share = float(np.median(moved[big] / ((seconds[big] - launch) * chip.bandwidth)))
    some = moved >= 4e6
    predicted = launch + moved / (share * chip.bandwidth)
    return {"fraction": share, "rows": int(big.sum()), "error": data.errors(predicted, seconds, some)[0]}
