#include "socle/catalog/cluster.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/base/unit_text.hpp"

namespace socle::catalog {
namespace {

constexpr int kChipsMax = 10'000'000;

void need(Problems& problems, bool known, const std::string& source, std::string_view fact, std::string_view example) {
  if (known) return;
  problems.add({source, 0, 0, std::string(fact),
                fmt::format("the catalogue does not know the {}, and no source gives it; supply {} in [cluster] of the "
                            "scenario, or lay a completed copy of the file over the catalogue with --catalog DIR",
                            fact, example)});
}

/// What one chip gets of its node's NICs; empty when that is not known.
std::optional<BytesPerSecond> nic_share(const Node& node, const ClusterOverrides& overrides) {
  if (overrides.nic_per_chip) return overrides.nic_per_chip;
  const std::optional<int> nics = overrides.nics ? overrides.nics : node.nics;
  const std::optional<BytesPerSecond> nic = overrides.nic ? overrides.nic : node.nic_bandwidth;
  if (nic && nics) return *nic * *nics / node.chips;
  return std::nullopt;
}

void note_overrides(const ClusterOverrides& overrides, Cluster& cluster) {
  const auto note = [&cluster](std::string text) { cluster.assumptions.push_back(std::move(text)); };
  if (overrides.nic || overrides.nics || overrides.nic_per_chip) {
    note(fmt::format("the NIC bandwidth of {} per chip was supplied by the user",
                     format_bits_per_second(cluster.nic_bandwidth_per_chip)));
  }
  if (overrides.scale_up_bandwidth || overrides.scale_up_domain) {
    note(fmt::format("the scale-up fabric ({} chips, {} each) was supplied by the user", cluster.scale_up_domain,
                     format_bytes_per_second(cluster.scale_up_bandwidth)));
  }
  if (overrides.memory) {
    note(fmt::format("the memory of {} was supplied by the user",
                     format_bytes_binary(visible_memory(*overrides.memory))));
  }
  if (overrides.memory_bandwidth) {
    note(fmt::format("the memory bandwidth of {} was supplied by the user",
                     format_bytes_per_second(*overrides.memory_bandwidth)));
  }
}

}  // namespace

std::optional<TorusSlice> slice_of(const Chip& chip, int chips, int domain, const ClusterOverrides& overrides) {
  const auto bad = [](std::string message) { return InputError(Problem{{}, 0, 0, "slice", std::move(message)}); };
  if (!chip.torus) {
    if (overrides.slice)
      throw bad(fmt::format("slice is given, but the links of {} make no torus; leave slice out", chip.name));
    return std::nullopt;
  }
  if (!chip.scale_up_bandwidth) {
    throw bad(
        fmt::format("the links of {} make a torus, but their bandwidth is not known; supply scale_up.bandwidth in a "
                    "copy of its file under --catalog DIR/chips/",
                    chip.name));
  }
  if (!overrides.slice) return default_slice(*chip.torus, chips, domain);
  const Parsed<TorusSlice> made = make_slice(*chip.torus, *overrides.slice, domain);
  if (!made.value) throw bad("slice: " + made.problem);
  if (chips % made.value->chips() != 0) {
    throw bad(fmt::format(
        "slice = \"{}\" holds {} chips, which do not divide the cluster's {}; write sides whose product does",
        slice_text(*made.value), made.value->chips(), chips));
  }
  return made.value;
}

Cluster make_cluster(const Catalog& catalog, std::string_view name, int nodes, const ClusterOverrides& overrides) {
  Cluster cluster;
  cluster.hardware = catalog.node(name);
  cluster.node = cluster.hardware.slug;
  cluster.nodes = nodes;
  cluster.chip = catalog.chip(cluster.hardware.chip);
  cluster.oversubscription = overrides.oversubscription;
  const std::string node_file = catalog.source_of("nodes/" + cluster.node + ".toml");
  const std::string chip_file = catalog.source_of("chips/" + cluster.chip.slug + ".toml");

  Problems problems;
  if (nodes < 1 || nodes > kChipsMax / cluster.hardware.chips) {
    problems.add({{},
                  0,
                  0,
                  "nodes",
                  fmt::format("nodes = {} is out of range; {} chips a node allow 1 to {}", nodes,
                              cluster.hardware.chips, kChipsMax / cluster.hardware.chips)});
  }
  if (!(overrides.oversubscription >= 1.0 && overrides.oversubscription <= 1000.0)) {
    problems.add({{},
                  0,
                  0,
                  "oversubscription",
                  fmt::format("oversubscription = {} is out of range; write a number from 1 to 1000",
                              overrides.oversubscription)});
  }
  if (overrides.memory) cluster.chip.memory = overrides.memory;
  if (overrides.memory_bandwidth) cluster.chip.memory_bandwidth = overrides.memory_bandwidth;
  need(problems, cluster.chip.memory.has_value(), chip_file, "memory capacity", "memory = \"64 GB\"");
  need(problems, cluster.chip.memory_bandwidth.has_value(), chip_file, "memory bandwidth",
       "memory_bandwidth = \"1.6 TB/s\"");

  const int domain = overrides.scale_up_domain.value_or(
      cluster.hardware.scale_up_domain.value_or(cluster.chip.scale_up_domain.value_or(0)));
  need(problems, domain > 0, node_file, "scale-up domain", "scale_up_domain = 8");
  cluster.scale_up_domain = domain;
  const std::optional<BytesPerSecond> scale_up =
      overrides.scale_up_bandwidth ? overrides.scale_up_bandwidth : cluster.chip.scale_up_bandwidth;
  need(problems, scale_up.has_value() || domain == 1, chip_file, "scale-up bandwidth", "scale_up = \"450 GB/s\"");
  cluster.scale_up_bandwidth = scale_up.value_or(BytesPerSecond{});

  if (problems.list().empty()) {
    try {
      cluster.slice = slice_of(cluster.chip, cluster.chips(), domain, overrides);
    } catch (const InputError& error) {
      for (const Problem& problem : error.problems()) problems.add(problem);
    }
  }
  const std::optional<BytesPerSecond> nic = nic_share(cluster.hardware, overrides);
  // One node, or chips that never leave their scale-up domain, need no NIC.
  const int shared = cluster.slice ? cluster.slice->chips() : domain;
  const bool leaves_domain = nodes > 1 && static_cast<long>(nodes) * cluster.hardware.chips > shared;
  need(problems, nic.has_value() || !leaves_domain, node_file, "NIC bandwidth", "nic = \"400 Gb/s\" and nics = 8");
  cluster.nic_bandwidth_per_chip = nic.value_or(BytesPerSecond{});
  problems.throw_if_any();

  cluster.scale_up_domain = cluster.slice ? cluster.slice->chips() : std::min(domain, cluster.chips());
  note_overrides(overrides, cluster);
  return cluster;
}

}  // namespace socle::catalog
