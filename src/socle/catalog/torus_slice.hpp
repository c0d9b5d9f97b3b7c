#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "socle/base/unit_text.hpp"

namespace socle::catalog {

/// How a chip's scale-up links make a torus, where they do (Cloud TPU).
struct Torus {
  int dimensions = 3;  ///< 2 or 3; a chip has two links for each
  /// In two dimensions a side of this many chips closes to a ring, shorter ones stay lines, longer ones cannot be had.
  /// In three, slices of whole cubes of this side close every side (by optical switches); others close none.
  int closes_at = 4;
  std::string source;
  std::string checked;  ///< as in Provenance
  bool operator==(const Torus&) const = default;
};

/// Chips whose scale-up links reach each other: a box of a torus, named by its sides as Cloud TPU names it, "4x4x8".
struct TorusSlice {
  std::array<int, 3> sides{1, 1, 1};
  std::array<bool, 3> rings{};  ///< does the side close to a ring?
  int dimensions = 3;
  int chips() const { return sides[0] * sides[1] * sides[2]; }
  /// Sides of more than one chip that close; no side does in a mesh.
  int closed_sides() const { return rings[0] + rings[1] + rings[2]; }
  bool operator==(const TorusSlice&) const = default;
};

/// "4x4x8", or "16x16" in two dimensions.
std::string slice_text(const TorusSlice& slice);

/// Reads "4x4x8": two or three sides of at least 1. Gives the sides, or a sentence that says what is accepted.
Parsed<std::array<int, 3>> parse_slice_sides(std::string_view text);

/// The slice with these sides, its rings closed where the links allow. Gives the slice, or a sentence that says why
/// there is none: too many dimensions, sides that are too long, or more than `most` chips.
Parsed<TorusSlice> make_slice(const Torus& torus, const std::array<int, 3>& sides, int most);

/// What holds `chips` chips: as few slices of equal size as `most` chips a slice allow, each with as many sides closed
/// and then as compact as its number of chips allows. Requires: chips >= 1, most >= 1.
TorusSlice default_slice(const Torus& torus, int chips, int most);

}  // namespace socle::catalog
