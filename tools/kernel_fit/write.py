"""One chip's fits as TOML."""

import numpy as np

from . import data


def _integers(name, values, per_line):
    values = [str(int(round(float(v)))) for v in values]
    lines = [", ".join(values[i:i + per_line]) for i in range(0, len(values), per_line)]
    return f"{name} = [\n  " + ",\n  ".join(lines) + ",\n]\n"


def _axes(names, axes):
    return "".join(f"log2_{n} = [{', '.join(f'{v:g}' for v in a)}]\n" for n, a in zip(names, axes))


def _errors(fit):
    """Held-out mean absolute and signed relative errors, of the table and of the shape model alone."""
    text = f"rows = {fit['rows']}\nrejected = {fit['rejected']}\n"
    for label, model in (("", "corrected"), ("shape_", "shape")):
        for where, (mean, bias, _) in fit["errors"][model].items():
            text += f"{label}error_{where} = {mean:.4f}\n{label}bias_{where} = {bias:.4f}\n"
    return text + f"sustained = {fit['sustained']:.4f}\n"


def _shape_parameters(p):
    return (f"peak_fraction = {p.peak_fraction:.4f}\nthrottle = {p.throttle:.4f}\ndepth_ramp = {p.depth_ramp:.1f}\n"
            f"tile_intensity = {p.tile_intensity:.2f}\nwave_weight = {p.wave_weight:.4f}\n"
            f"memory_fraction = {p.memory_fraction:.4f}\nlaunch_us = {p.launch * 1e6:.3f}\n"
            f"quantise_bytes = {p.quantise_bytes:.3f}\ncompute_units = {p.compute_units:.0f}\n")


def _attention(name, fit):
    p = fit["parameters"]
    text = f"\n[{name}]\nfraction = {p['fraction']:.4f}\nhalf_sequence = {p['half_sequence']:.1f}\n"
    text += f"fill = {p['fill']:.4f}\nnarrow_head = {p['narrow_head']:.4f}\nlaunch_us = {p['launch'] * 1e6:.3f}\n"
    text += _errors(fit) + _axes(("sequence", "heads", "head_dim"), fit["axes"])
    return text + _integers("correction", 1000 * fit["nodes"], len(fit["axes"][2]) * len(fit["axes"][1]))


def chip_toml(chip, fits):
    """`fits`: keys gemm, grouped (format -> fit), attention, mla, memory, collectives."""
    text = ("# Kernel times measured on this chip, as a fitted shape model and a grid of measured / modelled time.\n"
            "# Written by tools/fit_kernels.py; docs/design/kernel.md explains every key. Corrections in per mille.\n"
            f'schema = 1\nchip = "{chip.slug}"\nsource = "{data.SOURCE}"\nlicence = "{data.LICENCE}"\n')
    memory = fits["memory"]
    text += (f"\n[memory]\nfraction = {memory['fraction']:.4f}\nlaunch_us = {memory['launch'] * 1e6:.3f}\n"
             f"rows = {memory['rows']}\nerror = {memory['error']:.4f}\n")
    for fmt, fit in fits["gemm"].items():
        text += f"\n[gemm.{fmt}]\n{_shape_parameters(fit['parameters'])}{_errors(fit)}"
        text += f"grid_error_large = {fit['errors']['grid']['large'][0]:.4f}\n"
        text += f"sustained_with_cast = {fit['sustained_with_cast']:.4f}\n"
        text += f"median_over_best = {fit['median_over_best']:.4f}\n" + _axes("mnk", fit["axes"])
        text += _integers("correction", 1000 * fit["nodes"], len(fit["axes"][2]) * 3)
    for fmt, fit in fits["grouped"].items():
        text += f"\n[grouped_gemm.{fmt}]\n{_shape_parameters(fit['parameters'])}"
        text += f"row_bytes = {fit['row_bytes']:.3f}\noverhead_us = {fit['overhead'] * 1e6:.3f}\n{_errors(fit)}"
        text += f"median_over_used = {fit['median_over_used']:.4f}\n"
        text += _axes(("rows", "groups", "weight"), fit["axes"])
        text += _integers("correction", 1000 * fit["nodes"], len(fit["axes"][2]) * 3)
    if fits["attention"]:
        text += _attention("attention", fits["attention"])
    if fits["mla"]:
        text += _attention("attention_mla", fits["mla"])
    for curve in fits["collectives"]:
        text += (f"\n[[collective]]\nname = \"{curve['collective']}\"\nranks = {curve['ranks']}\n"
                 f"error = {curve['error']:.4f}\nbus_gb_s = {curve['bus_bandwidth'] / 1e9:.1f}\n")
        text += _integers("log2_bytes", curve["log2_bytes"], 30) + _integers("time_ns", np.array(curve["seconds"]) * 1e9, 30)
    return text
