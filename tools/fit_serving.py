#!/usr/bin/env python3
"""Fits what serving engines add to the device's times, from measured points of TTFT and TPOT.

    tools/fit_serving.py DRIVER CASES.csv OUT_DIR [FAMILY ...]

DRIVER is the built tools/serving_fit_driver.cpp. Every parameter belongs to a family of engines on a chip; none to a
model, a layout or a row. Each has a prior with a width, so that few points move it little. OUT_DIR/<family>.toml is
written: a table for each chip with points, one for its relatives, and one for all other chips, which is the middle of
the family's chips. Ranges hold nine of ten points out of sample: points of models left out whole for measured chips,
points of chips left out whole for all others. Needs numpy.
"""
import collections
import math
import pathlib
import subprocess
import sys

import numpy as np

from driver_age import check_built

# name: (prior, width of the prior in log units, least, most)
PARAMETERS = {
    "hidden_launch": (6e-7, 0.6, 5e-8, 2.2e-6),
    "step": (4e-4, 1.0, 1e-6, 2e-2),
    "per_sequence": (4e-6, 1.0, 1e-8, 2e-4),
    "per_prompt": (5e-4, 1.2, 1e-6, 3e-2),
    "request": (2e-2, 1.0, 1e-4, 0.3),
    "prompt_token": (3e-6, 0.7, 1e-7, 3e-5),
    "edge": (1e-3, 1.0, 1e-5, 3e-2),
    "eager_layer": (5e-5, 1.0, 1e-6, 2e-3),
    "expert_layer": (5e-6, 1.2, 1e-7, 2e-4),
    "decode": (1.0, 0.10, 0.6, 1.6),
    "prefill": (1.05, 0.15, 0.6, 2.5),
    "skew": (1.01, 0.15, 0.3, 1.2),
}
NAMES = list(PARAMETERS)
MICRO = {"hidden_launch", "step", "per_sequence", "per_prompt", "request", "prompt_token", "edge", "eager_layer",
         "expert_layer"}
SCATTER = {"tpot": 0.08, "ttft": 0.20}  # what a point scatters by, in log units
LEAST_POINTS = 20  # for a table of a chip's own
# Chips whose runs differ by their devices only, as far as an engine's host work goes.
RELATIVES = {
    "h100-sxm": ["h800", "h100-pcie", "h100-nvl", "h20", "h20-141gb"],
    "h200-sxm": ["h200-nvl", "gh200"],
    "b200-sxm": ["b300-sxm", "gb200", "gb300"],
}
SOURCE = "ai-dynamo/aiconfigurator@095f58a51: silicon_sample.csv (InferenceX dumps and vendor runs), Apache-2.0"


class Driver:
    def __init__(self, path, cases):
        self.process = subprocess.Popen([path, cases], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.points = {}
        seen = set()
        for line in self.process.stdout:
            if line.strip() == ".":
                break
            case, family, chip, model, ttft, tpot = line.split()
            point = (family, chip, model, float(ttft), float(tpot))
            # One run is sometimes listed under two names of a model or a layout.
            if (family, chip, ttft, tpot) not in seen:
                seen.add((family, chip, ttft, tpot))
                self.points[case] = point

    def log_errors(self, values, ids):
        """Log of predicted / measured, two columns: TTFT, TPOT. What does not fit counts as right."""
        settings = " ".join(f"{name}={value!r}" for name, value in values.items())
        self.process.stdin.write(f"{settings} | {' '.join(ids)}\n")
        self.process.stdin.flush()
        words = self.process.stdout.readline().split()
        rows = []
        for i, case in enumerate(ids):
            pair = words[2 * i:2 * i + 2]
            rows.append([0.0, 0.0] if pair[0] == "-" else
                        [math.log(float(p) / m) for p, m in zip(pair, self.points[case][3:])])
        return np.array(rows)


def values_of(x):
    out = {}
    for name, step in zip(NAMES, x):
        prior, width, least, most = PARAMETERS[name]
        out[name] = float(min(max(prior * math.exp(step * width), least), most))
    return out


def fit(driver, ids, start=None, rounds=6):
    """Gauss-Newton on Cauchy residuals, so that points that no engine explains (compilation in a first request, another
    setting than stated) lose their pull; the priors are further residuals."""
    scale = np.array([SCATTER["ttft"], SCATTER["tpot"]])

    def residuals(x):
        return (driver.log_errors(values_of(x), ids) / scale).ravel()

    def cost(r, x):
        return np.sum(np.log1p(r * r / 2)) + x @ x / 2

    x = np.zeros(len(NAMES)) if start is None else start.copy()
    r = residuals(x)
    best = cost(r, x)
    for _ in range(rounds):
        jacobian = np.zeros((len(r), len(NAMES)))
        for j in range(len(NAMES)):
            y = x.copy()
            y[j] += 0.1
            jacobian[:, j] = (residuals(y) - r) / 0.1
        weight = 1 / (1 + r * r / 2)
        step = -np.linalg.solve(jacobian.T @ (jacobian * weight[:, None]) + np.eye(len(NAMES)),
                                jacobian.T @ (weight * r) + x)
        gained = False
        for size in (1.0, 0.5, 0.25, 0.1):
            y = x + size * step
            tried = residuals(y)
            if cost(tried, y) < best * (1 - 1e-4):
                x, r, best, gained = y, tried, cost(tried, y), True
                break
        if not gained:
            break
    return x


def range_of(errors):
    """Measured / predicted: nine of ten points inside."""
    ratios = np.exp(-errors)
    return [min(1.0, float(np.quantile(ratios, 0.05))), max(1.0, float(np.quantile(ratios, 0.95)))]


def report(name, errors):
    size = np.abs(np.exp(errors) - 1)
    print(f"{name}: {len(errors)} points, median error TTFT {100 * np.median(size[:, 0]):.1f} %, "
          f"TPOT {100 * np.median(size[:, 1]):.1f} %, signed {100 * np.median(np.exp(errors[:, 0]) - 1):+.1f} %, "
          f"{100 * np.median(np.exp(errors[:, 1]) - 1):+.1f} %", flush=True)


def table(chips, measured, values, errors):
    lines = ["[[timing]]"]
    if chips:
        lines += ["chips = [" + ", ".join(f'"{chip}"' for chip in chips) + "]"]
    lines += [f"measured = {'true' if measured else 'false'}"]
    for name in NAMES:
        lines.append(f"{name}_us = {1e6 * values[name]:.3g}" if name in MICRO else f"{name} = {values[name]:.3f}")
    for i, name in enumerate(("ttft", "tpot")):
        low, high = range_of(errors[:, i])
        lines.append(f"{name} = [{low:.3f}, {high:.3f}]")
    return "\n".join(lines) + "\n"


def fit_family(driver, family, ids):
    chips = collections.defaultdict(list)
    for case in ids:
        chips[driver.points[case][1]].append(case)
    own = {chip: fit(driver, points) for chip, points in sorted(chips.items()) if len(points) >= LEAST_POINTS}
    tables, away = [], []
    for chip, x in own.items():
        points = chips[chip]
        report(f"{family} {chip}", driver.log_errors(values_of(x), points))
        models = collections.defaultdict(list)
        for case in points:
            models[driver.points[case][2]].append(case)
        held_out = []
        for model, inside in sorted(models.items()):
            rest = [case for case in points if case not in set(inside)]
            y = fit(driver, rest, x, 2) if len(rest) >= LEAST_POINTS else np.zeros(len(NAMES))
            held_out.append(driver.log_errors(values_of(y), inside))
        held_out = np.concatenate(held_out)
        report(f"{family} {chip}, each model left out", held_out)
        tables.append((chip, x, held_out))
    for chip, points in chips.items():
        others = [x for other, x in own.items() if other != chip]
        if not others:
            continue
        away.append(driver.log_errors(values_of(np.mean(others, axis=0)), points))
    away = np.concatenate(away) if away else np.concatenate([t[2] for t in tables])
    report(f"{family}, each chip left out", away)
    text = (f'# What {family} adds to the device\'s times, fitted on measured points by tools/fit_serving.py;\n'
            f'# docs/design/serving.md explains every key.\nschema = 1\nfamily = "{family}"\nsource = "{SOURCE}"\n\n')
    for chip, x, held_out in tables:
        text += table([chip], True, values_of(x), held_out) + "\n"
        if chip in RELATIVES:
            text += table(RELATIVES[chip], False, values_of(x), away) + "\n"
    return text + table([], False, values_of(np.mean(list(own.values()), axis=0)), away)


def main(arguments):
    if len(arguments) < 3:
        print(__doc__, file=sys.stderr)
        return 2
    check_built(arguments[0], "serving_fit_driver")
    driver = Driver(arguments[0], arguments[1])
    families = collections.defaultdict(list)
    for case, point in driver.points.items():
        families[point[0]].append(case)
    out = pathlib.Path(arguments[2])
    out.mkdir(parents=True, exist_ok=True)
    for family, ids in sorted(families.items()):
        if len(arguments) > 3 and family not in arguments[3:]:
            continue
        (out / f"{family}.toml").write_text(fit_family(driver, family, ids), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
