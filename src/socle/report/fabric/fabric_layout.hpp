#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "socle/base/svg.hpp"
#include "socle/net/fabric_shape.hpp"

namespace socle::report {

/// A mark of a picture: one node, or some that are drawn as one.
struct FabricGlyph {
  double x = 0, y = 0;  ///< middle, in pixels
  double half_width = 4, half_height = 4;
  std::uint32_t first = 0, last = 0;          ///< nodes, of the kind that names the mark
  std::uint32_t endpoints = 0, switches = 0;  ///< that it stands for
  std::uint32_t cluster = 0;                  ///< row, or group
  std::string label{};                        ///< inside the mark; empty = no room
  double label_size = 11;
};

struct PlacedText {
  double x = 0, y = 0;
  std::string text;
  double size = 12;
  Anchor anchor = Anchor::kMiddle;
  double turn = 0;
};

/// Where everything of a picture stands. The picture's head, 90 pixels high, is left free.
struct FabricLayout {
  net::FabricShape::Kind kind = net::FabricShape::Kind::kRows;
  bool every_node = true;  ///< each node has a mark of its own
  double width = 0, height = 0;
  double centre_x = 0, centre_y = 0;  ///< kGroups
  double spacing = 0;                 ///< kGrid: between neighbours in a row
  std::vector<FabricGlyph> glyphs;
  std::vector<std::uint32_t> glyph_of;  ///< by node
  std::vector<PlacedText> texts;
};

/// Draws every node up to 512 endpoints and 4,000 cables; above, joins nodes into marks until fewer than about 2,500
/// bundles of cables remain.
FabricLayout lay_out_fabric(const net::Topology& topology);

}  // namespace socle::report
