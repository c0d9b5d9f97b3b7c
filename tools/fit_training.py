#!/usr/bin/env python3
"""Fits what depends on chip and software stack from measured training runs.

    tools/fit_training.py DRIVER CASES.csv CATALOG_DIR [--half 0|1] [--write]

DRIVER is the built tools/fit_driver.cpp. Every parameter belongs to one stack or one chip; none to a model, a layout or
a run. Each has a prior (its neutral value or its generation's) with a width, so that few runs move it little. --half fits
on every other run and prints errors on both halves. --write puts the figures into CATALOG_DIR/{stacks,calibration}.
"""
import argparse
import collections
import csv
import hashlib
import math
import pathlib
import re
import subprocess
import sys

from driver_age import check_built

# Of stacks, by the driver (src/socle/catalog/stack_figures.cpp): name: (prior, width of the prior in log units or, for
# shares, in plain units; least; most).
STACK = {}
SHARES = set()
RULE = {}  # huber, noise, free, tail, half_trust: src/socle/answer/validate/stack_fit.hpp
OWN_RUNS = 10  # a chip with fewer has the figures of the measured chip with the same silicon, where there is one
# Of stacks with runs of experts: their common middle is the prior, found with them (partial pooling).
POOLED = ("experts", "dispatch", "host_routing")
# Of chips: name, prior, width, least, most, likewise.
CHIP = {
    "compute16": (1.0, 0.07, 0.95, 3.0),
    "compute8": (1.0, 0.10, 0.85, 3.0),
    "compute4": (1.0, 0.15, 0.6, 3.0),
    "attention": (1.0, 0.1, 0.5, 4.0),
    "network": (1.0, 0.1, 0.9, 4.0),
}


class Driver:
    def __init__(self, path, cases):
        self.process = subprocess.Popen([path, cases], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.stack_of, self.chip_of, silicon = {}, {}, {}
        for line in self.process.stdout:
            if line.strip() == ".":
                break
            words = line.split()
            if words[0] == "figure":
                STACK[words[1]] = tuple(float(word) for word in words[3:])
                if words[2] == "share":
                    SHARES.add(words[1])
            elif words[0] == "constant":
                RULE[words[1]] = float(words[2])
            else:
                self.stack_of[words[0]], self.chip_of[words[0]], silicon[words[2]] = words[1:3] + words[3:]
        runs = collections.Counter(self.chip_of.values())
        self.follows = {chip: other for chip, other in silicon.items() if runs[chip] < OWN_RUNS and other in runs and other != chip}
        self.chip_of = {case: self.follows.get(chip, chip) for case, chip in self.chip_of.items()}

    def predict(self, settings, ids):
        words = [f"{name}={value!r}" for name, value in settings.items()]
        for chip, other in self.follows.items():
            head = f"chip:{other}."
            words += [f"chip:{chip}.{name[len(head):]}={value!r}" for name, value in settings.items() if name.startswith(head)]
        self.process.stdin.write(" ".join(words) + " | " + " ".join(ids) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().split()
        pairs = list(zip(answer[0::2], answer[1::2]))
        return [None if a == "-" else (float(a), float(b)) for a, b in pairs]


def half_of(case):
    return hashlib.sha256(case.encode()).digest()[0] & 1


def huber(error):
    a = abs(error)
    return 0.5 * a * a if a <= RULE["huber"] else RULE["huber"] * (a - 0.5 * RULE["huber"])


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
            total += huber(math.log(p[0] / self.measured[case])) / RULE["noise"] ** 2 * self.weight[case]
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

    def pool(self):
        """Moves the priors of POOLED to the middle of the stacks that ran experts, and the other stacks with them."""
        runs = {s: sum(1 for i in self.ids if self.driver.stack_of[i] == s and self.experts[i]) for s in self.stacks}
        weight = {s: n / (n + 12.0) for s, n in runs.items()}
        for name in POOLED:
            middle = math.exp(sum(w * math.log(self.values[f"{s}.{name}"]) for s, w in weight.items()) / sum(weight.values()))
            print(f"  prior of {name}: {middle:.4g}", file=sys.stderr)
            STACK[name] = (middle,) + STACK[name][1:]
            for s, n in runs.items():
                if n == 0:
                    self.values[f"{s}.{name}"] = middle
        self.driver.predict(self.values, [])

    def run(self, rounds=3):
        # Near copies of one run (the same model, chip and layout at several OEMs) count as one and a half.
        signature = {}
        for i in self.ids:
            signature.setdefault(self.signature[i], []).append(i)
        self.weight = {i: 1.0 / math.sqrt(len(signature[self.signature[i]])) for i in self.ids}
        self.driver.predict(self.values, [])
        for turn in range(rounds):
            if turn > 0:
                self.pool()
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
        if name in ("host_launch", "host_collective", "host_routing", "host_shard", "host_send", "step_overhead"):
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
    tail = RULE["tail"]
    (catalog / "fitted_range.toml").write_text(
        "# Measured over predicted step time of all runs that stacks were fitted on, 4th and 96th percentile; by\n"
        f"# tools/fit_training.py.\nlow = {quantile(everyone, tail):.4f}\nhigh = {quantile(everyone, 1 - tail):.4f}\n")
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
    tail, share = RULE["tail"], len(mine) / (len(mine) + RULE["half_trust"])
    low = share * quantile(mine, tail) + (1 - share) * quantile(everyone, tail)
    high = share * quantile(mine, 1 - tail) + (1 - share) * quantile(everyone, 1 - tail)
    # Runs that were fitted scatter less than runs to come.
    wider = math.sqrt((len(mine) + RULE["free"]) / len(mine))
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
    check_built(arguments.driver, "fit_driver")
    with open(arguments.cases, newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    driver = Driver(arguments.driver, arguments.cases)
    measured = {i: float(r["measured_step_s"]) for i, r in rows.items() if r["measured_step_s"]}
    usable = [i for i in rows if i in measured and driver.stack_of[i] != "-"]
    usable = [i for i, p in zip(usable, driver.predict({}, usable)) if p]
    chosen = usable if arguments.half is None else [i for i in usable if half_of(i) == arguments.half]
    fit = Fit(driver, measured, driver.chip_of, chosen)
    columns = ("model_name", "chip", "n_chips", "precision", "tp", "pp", "vpp", "cp", "ep", "dp", "micro_batch", "global_batch_seqs", "seq_len")
    fit.experts = {i: bool(r["n_experts"]) for i, r in rows.items()}
    fit.signature = {i: tuple(r[c] for c in columns) + (driver.stack_of[i],) for i, r in rows.items()}
    fit.run(arguments.rounds)
    errors = report(fit, "fitted on", chosen)
    if arguments.half is not None:
        report(fit, "held out ", [i for i in usable if half_of(i) != arguments.half])
    for name, key in (("stack", lambda i: driver.stack_of[i]), ("chip", lambda i: driver.chip_of[i])):
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
