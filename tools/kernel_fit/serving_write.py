"""One chip's serving fits as TOML."""

import numpy as np

from . import serving_experts, collective, data

UNITS = {"launch": ("launch_us", 1e6, 3), "peak_fraction": ("peak_fraction", 1, 4),
         "memory_fraction": ("memory_fraction", 1, 4), "half_bytes": ("half_mb", 1e-6, 3)}


def all_reduce(data_dir, system):
    """The engines' own all-reduce kernels inside a node: medians over engines and the fastest, never falling with the size.
    `message_size` counts elements of 16 bits, as in nccl.parquet."""
    rows = data.query(data_dir, "custom_allreduce", f"system = '{system}'")
    curves = []
    for ranks, group in rows.groupby("num_gpus"):
        group = group.groupby("message_size", as_index=False).agg(
            median_latency_ms=("median_latency_ms", "median"), latency_ms=("latency_ms", "min")).sort_values("message_size")
        size = np.log2(group.message_size.to_numpy(float) * 2)
        measured = group.median_latency_ms.to_numpy() * 1e-3
        time = np.maximum.accumulate(measured)
        held = [abs(2 ** np.interp(size[i], size[[i - 1, i + 1]], np.log2(time[[i - 1, i + 1]])) / measured[i] - 1)
                for i in range(1, len(size) - 1)]
        fastest = np.maximum.accumulate(group.latency_ms.to_numpy() * 1e-3)
        curves.append({"ranks": int(ranks), "log2_bytes": size, "seconds": time, "fastest": fastest, "error": float(np.mean(held)),
                       "bus": float(collective.bus_factor("all-reduce", ranks) * 2 ** size[-1] / time[-1])})
    return curves


def _list(name, values, per_line):
    values = [str(int(round(float(v)))) for v in values]
    lines = [",".join(values[i:i + per_line]) for i in range(0, len(values), per_line)]
    return f"{name} = [\n" + ",\n".join(lines) + ",\n]\n"


def _grid(names, axes, nodes):
    text = "".join(f"log2_{n} = [{', '.join(f'{v:.6g}' for v in a)}]\n" for n, a in zip(names, axes))
    return text + _list("correction", 1000 * nodes, len(axes[2]) * (3 if len(axes[2]) < 9 else 2))


def section(name, fit, grids):
    """`grids`: (name of the sub-table or None, names of its three axes) in the order of the fit's table."""
    text = f"\n[{name}]\n"
    if "measured_on" in fit:
        text += f'measured_on = "{fit["measured_on"]}"\n'
    for key in ("dtype", "compute"):
        if key in fit:
            text += f'{"measured" if key == "dtype" else key} = "{fit[key]}"\n'
    for key, value in fit["parameters"].items():
        label, scale, digits = UNITS.get(key, (key, 1, 3))
        text += f"{label} = {value * scale:.{digits}f}\n"
    for key in ("throttle", "depth_ramp", "tile_intensity", "wave_weight", "compute_units"):
        if "base" in fit:
            text += f"{key} = {float(getattr(fit['base'], key)):g}\n"
    text += f"rows = {fit['rows']}\nrejected = {fit['rejected']}\n"
    for where, (mean, bias, count) in fit["errors"].items():
        if count:
            text += f"error_{where} = {mean:.4f}\nbias_{where} = {bias:.4f}\n"
    if "median_over_best" in fit:
        text += f"median_over_best = {fit['median_over_best']:.4f}\n"
    table = fit["table"]
    for (sub, axis_names), (axes, _), nodes in zip(grids, table.grids, table.nodes):
        text += (f"[{name}.{sub}]\n" if sub else "") + _grid(axis_names, axes, nodes)
    return text


def fastest_experts(fmt, nodes):
    return f"[experts.{fmt}.fastest]\n" + _grid(("ranks", "tokens", "skew"), serving_experts.SHARED, nodes)


def chip_toml(chip, fits):
    """`fits`: linear, experts (format -> fit), decode, mla, prefill, prefill_mla (cache type -> fit), all_reduce."""
    text = ("# Times of the kernels of inference steps measured on this chip: shape models and measured / modelled time.\n"
            "# Written by tools/fit_serving_kernels.py; docs/design/kernel.md explains every key. Corrections in per mille.\n"
            f'schema = 1\nchip = "{chip.slug}"\nsource = "{data.SOURCE}"\nlicence = "{data.LICENCE}"\n')
    for fmt, fit in fits["linear"].items():
        text += section(f"linear.{fmt}", fit, [(None, "mnk")])
    for fmt, fit in fits["experts"].items():
        text += section(f"experts.{fmt}", fit, [(None, ("local_rows", "groups", "weight")),
                                                ("by_skew", ("skew", "rows", "matrices")),
                                                ("by_ranks", ("ranks", "tokens", "skew"))])
        text += fastest_experts(fmt, fit["fastest"])
    for kv, fit in fits["decode"].items():
        text += section(f"decode_attention.{kv}", fit, [(None, ("streams", "context", "group")),
                                                        ("by_width", ("width", "heads", "context")),
                                                        ("by_window", ("window", "width", "context"))])
    for kv, fit in fits["mla"].items():
        text += section(f"decode_mla.{kv}", fit, [(None, ("sequences", "context", "heads"))])
    for kv, fit in fits["prefill"].items():
        text += section(f"prefill_attention.{kv}", fit, [(None, ("sequence", "heads", "head_dim")),
                                                         ("by_window", ("cut", "window", "head_dim"))])
    for kv, fit in fits["prefill_mla"].items():
        text += section(f"prefill_mla.{kv}", fit, [(None, ("sequence", "heads", "head_dim"))])
    for curve in fits["all_reduce"]:
        text += (f"\n[[collective]]\nname = \"all-reduce\"\nranks = {curve['ranks']}\nerror = {curve['error']:.4f}\n"
                 f"bus_gb_s = {curve['bus'] / 1e9:.1f}\n" + _list("log2_bytes", curve["log2_bytes"], 30)
                 + _list("time_ns", np.array(curve["seconds"]) * 1e9, 30)
                 + _list("fastest_ns", np.array(curve["fastest"]) * 1e9, 30))
    return text
