#pragma once

#include <span>
#include <string>
#include <vector>

#include "socle/base/quantity.hpp"
#include "socle/net/topology.hpp"

namespace socle::report {

/// A picture of a fabric: tiers as rows, dragonflies as groups around a circle, tori as grids. Each cable is a line in
/// the colour of its busier direction; its tooltip names its ends and both directions. Above 512 endpoints or 4,000
/// cables, marks stand for many nodes and lines for bundles of cables, in the colour of the busiest one, so that the
/// file stays below about 1 MB. `utilisation` by link, 0 to 1, or empty where it is unknown. The same arguments give
/// the same bytes. Requires: `utilisation` is empty or as long as links().
std::string topology_svg(const net::Topology& topology, std::span<const double> utilisation, const std::string& title);

/// Bandwidth of one collective, algorithm or fabric over message sizes.
struct BandwidthCurve {
  struct Point {
    Bytes buffer{};
    BytesPerSecond bus{};
  };
  std::string name;
  std::vector<Point> points;  ///< in order of size
};

/// Bus bandwidth against message size on logarithmic axes. Points that are not positive and finite are left out.
std::string bandwidth_svg(std::span<const BandwidthCurve> curves, const std::string& title);

}  // namespace socle::report
