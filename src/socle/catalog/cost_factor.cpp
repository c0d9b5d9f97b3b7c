#include "socle/catalog/cost_factor.hpp"

namespace socle::catalog {
namespace {

constexpr double kAny = 1e15;

constexpr PerFactor<CostFactorFacts> kFacts{{
    {"node_price", "--node-price", "", true, 0, kAny, "price of a node",
     "Price of one node; default: cluster.price, or the catalogue's"},
    {"network_price", "--network-price", "", true, 0, kAny, "price of the network",
     "Price of the fabric beyond NICs; default: the cheapest that fabric design finds"},
    {"storage_price", "--storage-price", "", true, 0, kAny, "price of storage",
     "Price of all storage; no default, left out until it is stated"},
    {"installation", "--installation", "", false, 0, 1, "installation",
     "Freight, cabling and commissioning, as a share of what is bought; left out until it is stated"},
    {"spares", "--spares", "", false, 0, 1, "spare nodes",
     "Spare nodes as a share of those that work; left out until it is stated"},
    {"site", "--site", "/W", true, 0, 1e4, "hall of one's own",
     "Price of a hall of one's own, for one watt of rated load; default 10 USD/W"},
    {"site_life", "--site-life", "years", false, 1, 50, "life of the hall",
     "Years that a hall of one's own serves; default 12"},
    {"site_upkeep", "--site-upkeep", "/W-month", true, 0, 100, "upkeep of the hall",
     "Upkeep of a hall of one's own; default 0.04 USD/W-month"},
    {"colocation", "--colocation", "/kW-month", true, 0, 1e5, "colocation",
     "Space in somebody's hall, without energy; default: the region's"},
    {"tariff", "--tariff", "/kWh", true, 0, 100, "electricity tariff", "Price of electricity; default: the region's"},
    {"pue", "--pue", "", false, 1, 5, "PUE", "Energy of the hall over that of the machines; default: the region's"},
    {"working_power", "--working-power", "", false, 0.01, 1.5, "draw while working",
     "Mean draw of a node that works, as a share of its rating; default: as measured"},
    {"idle_power", "--idle-power", "", false, 0, 1, "draw while idle",
     "Mean draw of a node without work, as a share of its rating; default: as measured"},
    {"life", "--life", "years", false, 0.25, 30, "life of what is bought",
     "Years over which machines are paid off; default 5"},
    {"residual", "--residual", "", false, 0, 1, "residual value",
     "Share of the price that is left after that; default 0.05"},
    {"interest", "--interest", "", false, 0, 1, "interest a year",
     "Interest, or the yield that capital must bring, a year; default 0.08"},
    {"maintenance", "--maintenance", "", false, 0, 1, "maintenance a year",
     "Maintenance a year as a share of the price; default 0.03"},
    {"staff", "--staff", "/year", true, 0, kAny, "staff",
     "Cost of the people who run it, a year; no default, left out until it is stated"},
    {"software", "--software", "/chip-year", true, 0, 1e7, "software",
     "Licences and support for one chip and year; left out until it is stated"},
    {"insurance", "--insurance", "", false, 0, 1, "insurance and taxes",
     "Insurance and property taxes a year as a share of the price; left out until it is stated"},
    {"utilisation", "--utilisation", "", false, 0, 1, "utilisation",
     "Share of the time in which the chips have work; default 0.8"},
    {"goodput", "--goodput", "", false, 0.01, 1, "goodput",
     "Share of working time that failures leave; default: from failure rates, or 0.9"},
    {"on_demand", "--on-demand", "/chip-hour", true, 0, 1e4, "rent on demand",
     "Rent of a chip while it is used; default: cluster.rent, or the catalogue's"},
    {"reserved", "--reserved", "/chip-hour", true, 0, 1e4, "reserved rent",
     "Rent of a chip with a term, paid day and night; default: the catalogue's"},
    {"spot", "--spot", "/chip-hour", true, 0, 1e4, "spot rent",
     "Rent of a chip that may be taken away; default: the catalogue's"},
    {"spot_lost", "--spot-lost", "", false, 0, 0.99, "lost to interruptions of spot chips",
     "Share of working time that interruptions of spot chips cost; without it spot is shown before them"},
    {"exchange_rate", "--exchange-rate", "", false, 0.01, 1000, "exchange rate",
     "CNY for one USD; default: the catalogue's, with its date"},
}};

}  // namespace

const CostFactorFacts& facts_of(CostFactor factor) { return kFacts[index_of(factor)]; }

}  // namespace socle::catalog
