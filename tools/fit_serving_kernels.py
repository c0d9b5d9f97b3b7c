#!/usr/bin/env python3
"""Fits serving tables: fit_serving_kernels.py DATA_DIR CHIPS_CSV OUT_DIR [SYSTEM ...]

DATA_DIR holds gemm, moe, {generation,context}_{attention,mla} and custom_allreduce as parquet files; OUT_DIR receives
one TOML file per chip. Starts from the shape parameters in catalog/kernels (run tools/fit_kernels.py first). The same
input gives the same bytes. Needs duckdb, numpy, pandas and scipy.
"""

import csv
import pathlib
import sys
import tomllib

from kernel_fit import data, serving_attention, serving_experts, serving_linear, serving_prefill, serving_write

KINDS = ("linear", "experts", "decode", "mla", "prefill", "prefill_mla")
KERNELS = pathlib.Path(__file__).resolve().parent.parent / "catalog" / "kernels"
PEAKS = ("bf16_tflops", "fp8_tflops", "fp4_tflops", "int8_tops")


def load_peaks(path):
    """Slug -> datasheet peaks in FLOP/s by column."""
    with open(path, newline="", encoding="utf-8") as handle:
        return {row["slug"]: {c: float(row[c]) * 1e12 for c in PEAKS if row[c]} for row in csv.DictReader(handle)}


def fit_chip(data_dir, system, chip, peaks):
    fits = {kind: {} for kind in KINDS} | {"all_reduce": serving_write.all_reduce(data_dir, system)}
    peak = peaks["bf16_tflops"]
    with open(KERNELS / f"{chip.slug}.toml", "rb") as handle:
        slower = tomllib.load(handle)["gemm"]["bf16"]["median_over_best"]
    for fmt in serving_linear.FORMATS:
        fits["linear"][fmt] = serving_linear.fit(data_dir, KERNELS / f"{chip.slug}.toml", system, chip, peaks, fmt)
    for fmt in serving_experts.FORMATS:
        fits["experts"][fmt] = serving_experts.fit(data_dir, system, chip, peaks, fmt)
    for kv in serving_attention.KV_BYTES:
        fits["decode"][kv] = serving_attention.fit_decode(data_dir, system, chip, peak, kv)
        fits["mla"][kv] = serving_attention.fit_mla(data_dir, system, chip, peak, kv)
        fits["prefill"][kv] = serving_prefill.fit(data_dir, system, chip, peak, kv)
        fits["prefill_mla"][kv] = serving_prefill.fit_mla(data_dir, system, chip, peak, kv, slower)
    for kind in KINDS:
        fits[kind] = {name: fit for name, fit in fits[kind].items() if fit}
    return fits


def row(slug, kind, name, fit):
    """A row of the error table of docs/design/kernel.md."""
    show = lambda region: "{:.1f} ({:+.1f})".format(*(100 * v for v in fit["errors"][region][:2]))
    return (f"| {slug} | {kind} {name} | {fit['rows']} / {fit['rejected']} | {show('small')} | {show('large')} | "
            f"{show('all')} | {show('shape')} |")


def main(arguments):
    if len(arguments) < 3:
        print(__doc__, file=sys.stderr)
        return 2
    data_dir, chips_path, out_dir = arguments[:3]
    peaks = load_peaks(chips_path)
    out = pathlib.Path(out_dir)
    out.mkdir(parents=True, exist_ok=True)
    for system, chip in data.load_chips(chips_path).items():
        if len(arguments) > 3 and system not in arguments[3:]:
            continue
        fits = fit_chip(data_dir, system, chip, peaks[chip.slug])
        (out / f"{chip.slug}.toml").write_text(serving_write.chip_toml(chip, fits), encoding="utf-8")
        for kind in KINDS:
            for name, fit in fits[kind].items():
                print(row(chip.slug, kind, name, fit), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
