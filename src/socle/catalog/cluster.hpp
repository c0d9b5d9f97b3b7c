#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "socle/base/quantity.hpp"
#include "socle/catalog/catalog.hpp"

namespace socle::catalog {

/// So many nodes of one kind, with every fact that a simulation needs present.
struct Cluster {
  std::string node;  ///< slug
  int nodes = 0;
  Chip chip;  ///< memory, memory_bandwidth and tdp may still be empty: ask before use
  Node hardware;
  BytesPerSecond nic_bandwidth_per_chip{};  ///< nominal, per direction: all NICs of a node shared by its chips
  BytesPerSecond scale_up_bandwidth{};      ///< nominal, per chip, per direction
  int scale_up_domain = 0;                  ///< chips that share the scale-up fabric, at most all of the cluster
  std::optional<TorusSlice> slice;          ///< the domain's shape, where its links make a torus
  double oversubscription = 1.0;            ///< downlink over uplink capacity of the scale-out fabric
  std::vector<std::string> assumptions;     ///< what was supplied by the user or filled in, as sentences

  int chips_per_node() const { return hardware.chips; }
  int chips() const { return nodes * hardware.chips; }
};

/// Facts that the user supplies or changes; what is empty comes from the catalogue.
struct ClusterOverrides {
  std::optional<BytesPerSecond> nic;           ///< bandwidth of one NIC, per direction
  std::optional<int> nics;                     ///< per node
  std::optional<BytesPerSecond> nic_per_chip;  ///< takes the place of both
  std::optional<BytesPerSecond> scale_up_bandwidth;
  std::optional<int> scale_up_domain;
  std::optional<std::array<int, 3>> slice;  ///< sides of one slice of a torus; takes the place of `scale_up_domain`
  std::optional<Bytes> memory;
  std::optional<BytesPerSecond> memory_bandwidth;
  double oversubscription = 1.0;
};

/// The slices that `chips` of such chips make, each at most `domain` chips: of the sides given, otherwise the fewest.
/// Empty where the chip's links make no torus. Throws InputError for sides that cannot be had or that do not divide the
/// chips.
std::optional<TorusSlice> slice_of(const Chip& chip, int chips, int domain, const ClusterOverrides& overrides);

/// Requires of the catalogue: the node, its chip, its NICs and its scale-up link. Throws InputError that names every
/// missing fact and how to supply it.
Cluster make_cluster(const Catalog& catalog, std::string_view name, int nodes, const ClusterOverrides& overrides = {});

}  // namespace socle::catalog
