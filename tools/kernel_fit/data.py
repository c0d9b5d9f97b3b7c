"""Measured rows and chip datasheets, and the rejection of rows that physics forbids."""

import csv
import pathlib
import zlib
from dataclasses import dataclass, field

import duckdb
import numpy as np

SOURCE = "ai-dynamo/aiconfigurator@095f58a51"
LICENCE = "Apache-2.0"

# Measured system -> (catalogue slug, compute units: streaming multiprocessors that the product enables).
SYSTEMS = {
    "a100_sxm": ("a100-sxm-80gb", 108),
    "h100_sxm": ("h100-sxm", 132),
    "h200_sxm": ("h200-sxm", 132),
    "b200_sxm": ("b200-sxm", 148),
    "b300_sxm": ("b300-sxm", 148),
    "gb200": ("gb200", 148),
    "gb300": ("gb300", 148),
    "l40s": ("l40s", 142),
    "rtx_pro_6000_server": ("rtx-pro-6000-server", 188),
}

# Table format -> (measured gemm and moe dtype, datasheet peak column, bytes per operand element).
FORMATS = {
    "bf16": ("bfloat16", "bf16_tflops", 2.0),
    "fp8": ("fp8", "fp8_tflops", 1.0),
    "fp8_block": ("fp8_block", "fp8_tflops", 1.0),
    "nvfp4": ("nvfp4", "fp4_tflops", 0.5625),
}


@dataclass
class Chip:
    """Datasheet figures in FLOP/s and byte/s."""

    slug: str
    units: int
    bandwidth: float
    link: float
    peaks: dict = field(default_factory=dict)


def load_chips(path):
    """Reads chips.csv; returns measured system -> Chip."""
    with open(path, newline="", encoding="utf-8") as handle:
        rows = {row["slug"]: row for row in csv.DictReader(handle)}
    chips = {}
    for system, (slug, units) in SYSTEMS.items():
        if slug not in rows:
            continue
        row = rows[slug]
        peaks = {f: float(row[column]) * 1e12 for f, (_, column, _) in FORMATS.items() if row[column]}
        chips[system] = Chip(slug, units, float(row["memory_bw_gb_s"]) * 1e9,
                             float(row["scale_up_bw_gb_s"] or 25) * 1e9, peaks)
    return chips


def query(data_dir, table, where):
    """Rows of one parquet file as a data frame, in a fixed order."""
    path = pathlib.Path(data_dir) / f"{table}.parquet"
    return duckdb.connect().sql(f"select * from '{path}' where {where} order by all").df()


def folds(*columns, count=10):
    """Fold number of each row from a hash of the columns, so that rows of one shape stay together."""
    keys = zip(*(np.asarray(c).astype(str) for c in columns))
    return np.array([zlib.crc32("/".join(key).encode()) % count for key in keys])


def errors(predicted, measured, choose=None):
    """Mean absolute relative error, mean signed relative error, count."""
    ratio = np.asarray(predicted) / np.asarray(measured) - 1.0
    if choose is not None:
        ratio = ratio[choose]
    if len(ratio) == 0:
        return 0.0, 0.0, 0
    return float(np.mean(np.abs(ratio))), float(np.mean(ratio)), len(ratio)
