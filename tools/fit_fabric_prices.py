#!/usr/bin/env python3
"""Derives the price list of catalog/prices/network.toml from five published costs: fit_fabric_prices.py [SWITCH_USD]

Each fabric costs switches * s + endpoint cables * e + cables inside a group * l + other cables * c. The counts are those
that Socle reproduces (tests/unit/net/topologies_test.cpp); the costs are the topology table of arXiv 2505.09343, in
millions of dollars without decimals and in thousands per endpoint. Two rows are the same per endpoint, so four prices
meet four figures: given s, which the table leaves open, the rest is what the script prints."""
import sys

GROUPS, ROUTERS = 511, 32
LOCAL = GROUPS * ROUTERS * (ROUTERS - 1) // 2
# Endpoints, switches, cables inside a group, other cables between switches, cost in M$, in k$ per endpoint, its decimals.
TWO_TIERS = (2048, 96, 0, 2048, 9, 4.39, 2)
RAILS = (16384, 768, 0, 16384, 72, 4.39, 2)
THREE_TIERS = (65536, 5120, 0, 131072, 491, 7.5, 1)
SLIM_FLY = (32928, 1568, 0, 32928, 146, 4.4, 1)
DRAGONFLY = (261632, 16352, LOCAL, 384272 - LOCAL, 1522, 5.8, 1)


def cost(row, prices):
    return sum(count * price for count, price in zip((row[1], row[0], row[2], row[3]), prices))


def fits(row, prices):
    dollars = cost(row, prices)
    return round(dollars / 1e6) == row[4] and round(dollars / row[0] / 1e3, row[6]) == row[5]


def fit(switch, step=5):
    """Every list (switch, endpoint, group, other) in steps of five dollars that returns all published figures."""
    good = []
    for flat in range(0, 6000, step):  # endpoint + other: rows with as many endpoints as cables see only the sum
        if not all(fits(row, (switch, flat, 0, 0)) for row in (TWO_TIERS, RAILS, SLIM_FLY)):
            continue
        for other in range(0, flat, step):
            if not fits(THREE_TIERS, (switch, flat - other, 0, other)):
                continue
            lists = [(switch, flat - other, group, other) for group in range(0, 2 * other, step)]
            good += [prices for prices in lists if fits(DRAGONFLY, prices)]
    return good


def main():
    switch = float(sys.argv[1]) if len(sys.argv) > 1 else 36000.0
    good = fit(switch)
    if not good:
        raise SystemExit(f"no list with a switch of {switch:g} USD returns the published figures")
    print(f"{len(good)} lists with a switch of {switch:g} USD return all published figures")
    for kind, name in enumerate(("endpoint", "inside a group", "other"), 1):
        print(f"  {name}: {min(p[kind] for p in good)} to {max(p[kind] for p in good)} USD")
    first = sorted(good)[0]
    print("the first one (switch, endpoint, group, other):", first)
    for name, row in (("two-tier fat tree", TWO_TIERS), ("eight rails", RAILS), ("three-tier fat tree", THREE_TIERS),
                      ("Slim Fly", SLIM_FLY), ("dragonfly", DRAGONFLY)):
        dollars = cost(row, first)
        print(f"  {name}: {dollars / 1e6:.2f} M$ (published {row[4]}), {dollars / row[0] / 1e3:.3f} k$ per endpoint (published {row[5]})")


if __name__ == "__main__":
    main()
