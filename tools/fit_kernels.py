#!/usr/bin/env python3
"""Fits kernel tables: fit_kernels.py DATA_DIR CHIPS_CSV OUT_DIR [SYSTEM ...]

DATA_DIR holds gemm, context_attention, context_mla, moe and nccl as parquet files; OUT_DIR receives one TOML file per
chip. The same input gives the same bytes. Needs duckdb, numpy, pandas and scipy.
"""

import pathlib
import sys

from kernel_fit import attention, collective, data, gemm, grouped, write


def fit_chip(data_dir, system, chip):
    dense = {}
    for fmt in data.FORMATS:
        fit = gemm.fit(data_dir, system, chip, fmt)
        if fit is not None:
            dense[fmt] = fit
    experts = {}
    for fmt, fit in dense.items():
        found = grouped.fit(data_dir, system, chip, fmt, fit["parameters"], fit["median_over_best"])
        if found is not None:
            experts[fmt] = found
    launch = dense["bf16"]["parameters"].launch
    memory = collective.memory(data_dir, system, chip, launch) | {"launch": launch}
    mla = attention.load_mla(data_dir, system, dense["bf16"]["median_over_best"])
    return {"gemm": dense, "grouped": experts, "memory": memory,
            "attention": attention.fit(attention.load_plain(data_dir, system), chip, attention.WIDTH_AXIS),
            "mla": attention.fit(mla, chip, [7.585]) if len(mla) else None,
            "collectives": collective.fit(data_dir, system)}


def main(arguments):
    if len(arguments) < 3:
        print(__doc__, file=sys.stderr)
        return 2
    data_dir, chips_path, out_dir = arguments[:3]
    chips = data.load_chips(chips_path)
    out = pathlib.Path(out_dir)
    out.mkdir(parents=True, exist_ok=True)
    for system, chip in chips.items():
        if len(arguments) > 3 and system not in arguments[3:]:
            continue
        fits = fit_chip(data_dir, system, chip)
        (out / f"{chip.slug}.toml").write_text(write.chip_toml(chip, fits), encoding="utf-8")
        for fmt, fit in fits["gemm"].items():
            mean, bias, count = fit["errors"]["corrected"]["large"]
            print(f"{chip.slug} gemm.{fmt}: {100 * mean:.1f} % (bias {100 * bias:+.1f} %) over {count} large shapes, "
                  f"sustained {fit['sustained']:.3f}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
