#!/usr/bin/env python3
"""Fits what depends on chip and software stack from measured training runs.

    tools/fit_training.py DRIVER CASES.csv CATALOG_DIR [--half 0|1] [--write]

DRIVER is the built tools/fit_driver.cpp. Every parameter belongs to one stack or one chip; none to a model, a layout or
a run. Each has a prior (its neutral value or its generation's) with a width, so that few runs move it little. --half fits
on every other run and prints errors on both halves. --write puts the figures into CATALOG_DIR/{stacks,calibration}.
"""
import argparse
import csv
import hashlib
import math
import pathlib
import re
import subprocess
import sys

# name: (prior, width of the prior in log units or, for shares, in plain units; least; most)
STACK = {
    "compute": (1.08, 0.10, 0.97, 2.5),
    "attention": (1.1, 0.2, 0.5, 4.0),
    "elementwise": (1.4, 0.45, 0.4, 8.0),
    "narrow": (1.08, 0.15, 0.9, 3.0),
    "experts": (1.25, 0.35, 0.5, 6.0),
    "dispatch": (1.0, 0.3, 0.3, 5.0),
    "host_launch": (6e-6, 0.8, 5e-7, 3e-4),
    "host_collective": (2e-5, 0.8, 1e-6, 1e-3),
    "host_send": (1e-4, 1.0, 1e-6, 2e-2),
    "network": (1.1, 0.35, 0.9, 6.0),
    "step_overhead": (1e-2, 1.0, 1e-4, 3.0),
    "jitter": (0.004, 0.5, 0.0005, 0.03),
    "tensor_hidden": (0.6, 0.25, 0.0, 0.97),
    "data_hidden": (0.8, 0.2, 0.0, 0.99),
    "expert_hidden": (0.6, 0.25, 0.0, 0.97),
}
SHARES = {"tensor_hidden", "data_hidden", "expert_hidden"}
CHIP = {
    "compute16": (1.0, 0.07, 0.95, 3.0),
    "compute8": (1.0, 0.10, 0.85, 3.0),
    "compute4": (1.0, 0.15, 0.6, 3.0),
    "attention": (1.0, 0.1, 0.5, 4.0),
    "network": (1.0, 0.1, 0.9, 4.0),
}
HUBER = 0.12
FREE = 8       # parameters of a stack that its runs move freely, of fifteen; the others stay at their priors
NOISE = 0.06   # what a run scatters by between machines of one kind, in log units


class Driver:
    def __init__(self, path, cases):
        self.process = subprocess.Popen([path, cases], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.stack_of = {}
        for line in self.process.stdout:
            if line.strip() == ".":
                break
            case, stack = line.split()
            self.stack_of[case] = stack

    def predict(self, settings, ids):
        words = [f"{name}={value!r}" for name, value in settings.items()]
        self.process.stdin.write(" ".join(words) + " | " + " ".join(ids) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().split()
        pairs = list(zip(answer[0::2], answer[1::2]))
        return [None if a == "-" else (float(a), float(b)) for a, b in pairs]


def half_of(case):
    return hashlib.sha256(case.encode()).digest()[0] & 1


def huber(error):
    a = abs(error)
    return 0.5 * a * a if a <= HUBER else HUBER * (a - 0.5 * HUBER)


def penalty(name, value, table):
    prior, width, _, _ = table[name]
    distance = (value - prior) if name in SHARES else math.log(value / prior)
    return 0.5 * (distance / width) ** 2


class Fit:
    def __init__(self, driver, measured, chip_of, ids):
        self.driver, self.measured, self.chip_of, self.ids = driver, measured, chip_of, ids
        self.values = {}
        self.stacks = sorted({driver.stack_of[i] for i in ids})
        self.chips = sorted({chip_of[i] for i in ids})
        for stack in self.stacks:
            for name, row in STACK.items():
                self.values[f"{stack}.{name}"] = row[0]
        for chip in self.chips:
            for name, row in CHIP.items():
                self.values[f"chip:{chip}.{name}"] = row[0]

    def loss(self, ids, owner, table):
        predictions = self.driver.predict({k: v for k, v in self.values.items() if k.startswith(owner + ".")}, ids)
        total, weight = 0.0, 0.0
        for case, p in zip(ids, predictions):
            if p is None:
                continue
            total += huber(math.log(p[0] / self.measured[case])) / NOISE ** 2 * self.weight[case]
        for name in table:
            total += penalty(name, self.values[f"{owner}.{name}"], table)
        return total

    def start(self, owner, ids, table):
        """Launch-bound and device-bound runs are separate valleys: begin in the better one."""
        if "host_launch" not in table:
            return
        key = f"{owner}.host_launch"
        trials = []
        for value in (self.values[key], 3e-6, 1.2e-5, 2.5e-5, 5e-5, 1e-4):
            self.values[key] = value
            trials.append((self.loss(ids, owner, table), value))
        self.values[key] = min(trials)[1]

    def descend(self, owner, ids, table, rounds):
        """Coordinate descent with shrinking steps; deterministic."""
        self.start(owner, ids, table)
        best = self.loss(ids, owner, table)
        steps = {name: (0.15 if name in SHARES else 0.25 * max(1.0, row[1] / 0.4)) for name, row in table.items()}
        for _ in range(rounds):
            for name, (_, _, least, most) in table.items():
                key = f"{owner}.{name}"
                for sign in (1, -1):
                    old = self.values[key]
                    new = old + sign * steps[name] if name in SHARES else old * math.exp(sign * steps[name])
                    self.values[key] = min(most, max(least, new))
                    trial = self.loss(ids, owner, table) if self.values[key] != old else best
                    if trial < best - 1e-9:
                        best = trial
                        steps[name] *= 1.3
                        break
                    self.values[key] = old
                else:
                    steps[name] *= 0.5
        self.driver.predict({k: v for k, v in self.values.items() if k.startswith(owner + ".")}, [])
        return best

    def run(self, rounds=3):
        # Near copies of one run (the same model, chip and layout at several OEMs) count as one and a half.
        signature = {}
        for i in self.ids:
            signature.setdefault(self.signature[i], []).append(i)
        self.weight = {i: 1.0 / math.sqrt(len(signature[self.signature[i]])) for i in self.ids}
        self.driver.predict(self.values, [])
        for turn in range(rounds):
            for stack in self.stacks:
                ids = [i for i in self.ids if self.driver.stack_of[i] == stack]
                loss = self.descend(stack, ids, STACK, 10)
                print(f"  {turn} {stack} {len(ids)} runs, loss {loss:.1f}", file=sys.stderr)
            for chip in self.chips:
                ids = [i for i in self.ids if self.chip_of[i] == chip]
                self.descend(f"chip:{chip}", ids, CHIP, 5)


def fit_memory(driver, stack, ids, gigabytes):
    """Allocator overhead and reserve of one stack from its runs with measured memory: least mean absolute error."""
    best = (1e9, 1.0, 2.0)
    for overhead in [0.9 + 0.05 * i for i in range(23)]:
        for reserve in [1.0 + 0.5 * i for i in range(29)]:
            settings = {f"{stack}.memory_overhead": overhead, f"{stack}.memory_reserve": reserve * 1e9}
            predictions = driver.predict(settings, ids)
            error = sum(abs(p[1] / gigabytes[i] - 1) for i, p in zip(ids, predictions)) / len(ids)
            best = min(best, (error, overhead, reserve))
    driver.predict({f"{stack}.memory_overhead": best[1], f"{stack}.memory_reserve": best[2] * 1e9}, [])
    print(f"memory {stack}: {len(ids)} runs, mean {100 * best[0]:.2f} %")
    return best


def summary(errors):
    if not errors:
        return "no runs"
    absolute = sorted(abs(e) for e in errors)
    mean = sum(absolute) / len(absolute)
    return (f"n {len(errors):4d}  mean {100 * mean:5.2f} %  median {100 * absolute[len(absolute) // 2]:5.2f} %  "
            f"signed {100 * sum(errors) / len(errors):+5.2f} %")


def report(fit, title, ids):
    predictions = fit.driver.predict(fit.values, ids)
    errors = {i: p[0] / fit.measured[i] - 1 for i, p in zip(ids, predictions) if p}
    print(f"{title}: {summary(list(errors.values()))}")
    return errors


def fitted_lines(figures, title):
    lines = ["", f"[fitted]  # {title}"]
    for name in STACK:
        if name in ("host_launch", "host_collective", "host_send", "step_overhead"):
            lines.append(f'{name} = "{figures[name] * 1e6:.4g} us"')
        else:
            lines.append(f"{name} = {figures[name]:.4g}")
    return lines


def rewrite(path, lines):
    text = re.sub(r"\n\[fitted\][^\[]*", "\n", path.read_text()).rstrip("\n") + "\n"
    path.write_text(text + "".join(line + "\n" for line in lines))


def write(fit, catalog, errors):
    everyone = sorted(1 / (1 + e) for e in errors.values())
    # A stack without runs has no figures of its own: the program takes those of its relatives.
    for path in sorted((catalog / "stacks").glob("*.toml")):
        if path.stem not in fit.stacks:
            rewrite(path, [])
    for stack in fit.stacks:
        mine = sorted(1 / (1 + e) for i, e in errors.items() if fit.driver.stack_of[i] == stack)
        if not mine:
            continue
        lines = fitted_lines({name: fit.values[f"{stack}.{name}"] for name in STACK}, "by tools/fit_training.py")
        if stack in fit.memory:
            lines += [f"memory_overhead = {fit.memory[stack][1]:.4g}", f'memory_reserve = "{fit.memory[stack][2]:.4g} GB"']
        # The 90 % range: quantiles of measured / predicted, drawn towards those of all runs when there are few.
        lines += range_lines(mine, everyone)
        rewrite(catalog / "stacks" / f"{stack}.toml", lines)
    for chip in fit.chips:
        folder = catalog / "calibration"
        folder.mkdir(exist_ok=True)
        runs = sum(1 for i in errors if fit.chip_of[i] == chip)
        lines = ["# What this chip sustains over whole training steps, against its own kernels; by tools/fit_training.py",
                 'source = "published training runs, validation/training.csv"', f"runs = {runs}"]
        lines += [f"{name} = {fit.values[f'chip:{chip}.{name}']:.4g}" for name in CHIP]
        (folder / f"{chip}.toml").write_text("\n".join(lines) + "\n")


def quantile(values, q):
    position = q * (len(values) - 1)
    low = int(position)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (position - low)


def range_lines(mine, everyone):
    share = len(mine) / (len(mine) + 12.0)
    low = share * quantile(mine, 0.04) + (1 - share) * quantile(everyone, 0.04)
    high = share * quantile(mine, 0.96) + (1 - share) * quantile(everyone, 0.96)
    # Runs that were fitted scatter less than runs to come.
    wider = math.sqrt((len(mine) + FREE) / len(mine))
    low, high = low ** wider, high ** wider
    error = sum(abs(1 / r - 1) for r in mine) / len(mine)
    return [f"error = {error:.4f}", f"range_low = {low:.4f}", f"range_high = {high:.4f}", f"runs = {len(mine)}"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("driver")
    parser.add_argument("cases")
    parser.add_argument("catalog", type=pathlib.Path)
    parser.add_argument("--half", type=int, choices=(0, 1))
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    with open(arguments.cases, newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    driver = Driver(arguments.driver, arguments.cases)
    measured = {i: float(r["measured_step_s"]) for i, r in rows.items() if r["measured_step_s"]}
    usable = [i for i in rows if i in measured and driver.stack_of[i] != "-"]
    usable = [i for i, p in zip(usable, driver.predict({}, usable)) if p]
    chosen = usable if arguments.half is None else [i for i in usable if half_of(i) == arguments.half]
    fit = Fit(driver, measured, {i: r["chip"] for i, r in rows.items()}, chosen)
    columns = ("model_name", "chip", "n_chips", "precision", "tp", "pp", "vpp", "cp", "ep", "dp", "micro_batch", "global_batch_seqs", "seq_len")
    fit.signature = {i: tuple(r[c] for c in columns) + (driver.stack_of[i],) for i, r in rows.items()}
    fit.run(arguments.rounds)
    errors = report(fit, "fitted on", chosen)
    if arguments.half is not None:
        report(fit, "held out ", [i for i in usable if half_of(i) != arguments.half])
    for name, key in (("stack", lambda i: driver.stack_of[i]), ("chip", lambda i: rows[i]["chip"])):
        for group in sorted({key(i) for i in errors}):
            print(f"  {name} {group:28s} {summary([e for i, e in errors.items() if key(i) == group])}")
    gigabytes = {i: float(r["measured_mem_gb"]) for i, r in rows.items() if r["measured_mem_gb"]}
    fit.memory = {}
    for stack in fit.stacks:
        ids = [i for i in chosen if i in gigabytes and driver.stack_of[i] == stack]
        if len(ids) >= 4:
            fit.memory[stack] = fit_memory(driver, stack, ids, gigabytes)
            others = [i for i in usable if i in gigabytes and i not in ids and driver.stack_of[i] == stack]
            if others:
                held = driver.predict({}, others)
                print("  held out:", summary([p[1] / gigabytes[i] - 1 for i, p in zip(others, held)]))
    if arguments.write:
        write(fit, arguments.catalog, errors)


if __name__ == "__main__":
    main()
