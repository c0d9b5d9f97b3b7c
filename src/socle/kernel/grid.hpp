#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

#include "socle/base/check.hpp"

namespace socle::kernel {

/// Nodes of one table axis: log2 of the quantity, ascending. Lookups clamp to the ends.
struct Axis {
  std::vector<double> nodes;

  struct Position {
    std::size_t low = 0;
    double weight = 0.0;   ///< of node low + 1
    double outside = 0.0;  ///< how far, in log2, the point lies beyond the nearer end
  };

  Position find(double quantity) const {
    const double x = std::log2(quantity);
    if (nodes.size() == 1 || x <= nodes.front()) return {0, 0.0, std::max(0.0, nodes.front() - x)};
    if (x >= nodes.back()) {
      return nodes.size() == 1 ? Position{0, 0.0, x - nodes.back()} : Position{nodes.size() - 2, 1.0, x - nodes.back()};
    }
    // Nodes are mostly one apart, so the place is guessed from the start of the axis and then stepped to.
    auto low = std::min(static_cast<std::size_t>(x - nodes.front()), nodes.size() - 2);
    while (nodes[low] > x) --low;
    while (nodes[low + 1] <= x) ++low;
    return {low, (x - nodes[low]) / (nodes[low + 1] - nodes[low]), 0.0};
  }
};

/// A value and how far (log2, summed over axes) the query lay outside the grid.
struct GridValue {
  double value = 1.0;
  double outside = 0.0;
};

/// Table over three log2 axes, trilinear in the stored values; the last axis runs fastest. An axis with one node
/// does not vary. Immutable after loading; lookups do not allocate.
struct Grid3 {
  std::array<Axis, 3> axes;
  std::vector<float> values;

  bool empty() const { return values.empty(); }

  /// Requires: not empty, quantities > 0.
  GridValue at(double first, double second, double third) const {
    const std::array<Axis::Position, 3> p = {axes[0].find(first), axes[1].find(second), axes[2].find(third)};
    const std::size_t stride1 = axes[2].nodes.size();
    const std::size_t stride0 = axes[1].nodes.size() * stride1;
    const std::size_t step0 = axes[0].nodes.size() > 1 ? stride0 : 0;
    const std::size_t step1 = axes[1].nodes.size() > 1 ? stride1 : 0;
    const std::size_t step2 = axes[2].nodes.size() > 1 ? 1 : 0;
    const std::size_t base = p[0].low * stride0 + p[1].low * stride1 + p[2].low;
    const auto line = [&](std::size_t i) { return values[i] + p[2].weight * (values[i + step2] - values[i]); };
    const auto plane = [&](std::size_t i) {
      const double low = line(i);
      return low + p[1].weight * (line(i + step1) - low);
    };
    const double low = plane(base);
    return {low + p[0].weight * (plane(base + step0) - low), p[0].outside + p[1].outside + p[2].outside};
  }
};

}  // namespace socle::kernel
