#pragma once

#include <optional>
#include <string>
#include <vector>

#include "socle/base/quantity.hpp"
#include "socle/catalog/catalog.hpp"

namespace socle::catalog {

/// How a library frames what it sends: small frames start soon and waste bandwidth, large ones the reverse.
struct LibraryProtocol {
  std::string name;
  double bandwidth = 1.0;  ///< share of the link that payload gets
  Seconds ring_hop;        ///< one message of a ring or between two ranks, across nodes
  Seconds tree_hop;        ///< one message of a tree across nodes
  Seconds local_hop;       ///< one more ring member inside a node
};

/// Measured / predicted that nine of ten measurements keep to, for buffers from `bytes_min` on; below 1 MB no narrower
/// than 0.5 to 2, which is taken and not fitted.
struct CollectiveRange {
  Bytes bytes_min{};
  double low = 0.8;
  double high = 1.25;
};

/// A library for collectives across nodes (`libraries/<slug>.toml`). Facts from its source; the rest is fitted by
/// tools/fit_collectives.py. Nothing in it belongs to one measurement.
struct CollectiveLibrary {
  std::string slug;
  std::string name;                     ///< "NCCL"
  std::string figures_of;               ///< whose figures it has, where nobody measured its own; empty = its own
  std::vector<std::string> vendors;     ///< whose chips run it
  std::vector<std::string> algorithms;  ///< that it chooses from, by names of comm/algorithms.def; empty = NCCL's
  double nic_fraction = 0.96;           ///< of the nominal NIC rate, that large messages reach
  double overlap_exponent = 4.0;        ///< p: two pipelined phases take (a^p + b^p)^(1/p)
  Seconds start{};                      ///< of a collective whose members stand alone on their nodes
  Seconds expert_start{};               ///< of one low-latency expert exchange across nodes
  std::vector<LibraryProtocol> protocols;
  std::vector<CollectiveRange> range_measured;    ///< ascending; inside a measured curve
  std::vector<CollectiveRange> range_calibrated;  ///< derived from measured curves: other group sizes, across nodes
  std::vector<CollectiveRange> range_datasheet;   ///< the chip was not measured
};

/// The range of a buffer. Requires: `ranges` begins at 0 bytes.
CollectiveRange range_of(const std::vector<CollectiveRange>& ranges, Bytes buffer);

/// Throws InputError on a malformed or missing file.
CollectiveLibrary load_collective_library(const Catalog& catalog, const std::string& slug);

/// The library that chips of this vendor run. Empty where no file names the vendor.
std::optional<CollectiveLibrary> library_of_vendor(const Catalog& catalog, const std::string& vendor);

}  // namespace socle::catalog
