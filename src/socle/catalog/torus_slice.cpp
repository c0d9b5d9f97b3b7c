#include "socle/catalog/torus_slice.hpp"

#include <algorithm>
#include <charconv>
#include <tuple>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "socle/base/check.hpp"

namespace socle::catalog {
namespace {

constexpr int kSideMax = 100'000;

TorusSlice with_rings(const Torus& torus, const std::array<int, 3>& sides) {
  TorusSlice slice{.sides = sides, .rings = {}, .dimensions = torus.dimensions};
  if (torus.dimensions == 2) {
    for (std::size_t i = 0; i < 3; ++i) slice.rings[i] = sides[i] == torus.closes_at;
    return slice;
  }
  const bool cubes = std::all_of(sides.begin(), sides.end(), [&](int side) { return side % torus.closes_at == 0; });
  slice.rings = {cubes, cubes, cubes};
  return slice;
}

bool side_too_long(const Torus& torus, int side) { return torus.dimensions == 2 && side > torus.closes_at; }

/// Is `a` the better box of the same number of chips?
bool better(const TorusSlice& a, const TorusSlice& b) {
  const auto rank = [](const TorusSlice& slice) {
    return std::tuple(-slice.closed_sides(), *std::max_element(slice.sides.begin(), slice.sides.end()), slice.sides);
  };
  return rank(a) < rank(b);
}

std::optional<TorusSlice> best_box(const Torus& torus, int chips) {
  std::optional<TorusSlice> best;
  for (int x = 1; x * x <= chips; ++x) {
    if (chips % x != 0) continue;
    const int rest = chips / x;
    for (int y = x; y * y <= rest; ++y) {
      if (rest % y != 0) continue;
      const bool flat = torus.dimensions == 2;
      if (flat && x > 1) continue;
      const std::array<int, 3> sides = flat ? std::array<int, 3>{y, rest / y, 1} : std::array<int, 3>{x, y, rest / y};
      if (side_too_long(torus, rest / y)) continue;
      const TorusSlice slice = with_rings(torus, sides);
      if (!best || better(slice, *best)) best = slice;
    }
  }
  return best;
}

}  // namespace

std::string slice_text(const TorusSlice& slice) {
  return fmt::format("{}", fmt::join(slice.sides.begin(), slice.sides.begin() + slice.dimensions, "x"));
}

Parsed<std::array<int, 3>> parse_slice_sides(std::string_view text) {
  const std::string problem = "write the chips along each side, such as \"16x16\" or \"4x4x8\"";
  std::array<int, 3> sides{1, 1, 1};
  std::size_t count = 0;
  const char* at = text.data();
  const char* end = text.data() + text.size();
  while (true) {
    if (count == sides.size()) return {{}, problem};
    const auto [stop, error] = std::from_chars(at, end, sides[count]);
    if (error != std::errc{} || sides[count] < 1 || sides[count] > kSideMax) return {{}, problem};
    ++count;
    if (stop == end) break;
    if (*stop != 'x') return {{}, problem};
    at = stop + 1;
  }
  if (count < 2) return {{}, problem};
  return {sides, {}};
}

Parsed<TorusSlice> make_slice(const Torus& torus, const std::array<int, 3>& sides, int most) {
  if (torus.dimensions == 2 && sides[2] > 1)
    return {{}, "this chip's links make a torus of two dimensions; write two sides, such as \"8x16\""};
  for (const int side : sides) {
    if (side_too_long(torus, side))
      return {{},
              fmt::format("a side of {} chips is too long; this chip's slices have sides of at most {}", side,
                          torus.closes_at)};
  }
  const double chips = static_cast<double>(sides[0]) * sides[1] * sides[2];
  if (chips > most)
    return {{},
            fmt::format("{:.0f} chips are more than a slice of this chip holds; write sides that hold at most {}",
                        chips, most)};
  return {with_rings(torus, sides), {}};
}

TorusSlice default_slice(const Torus& torus, int chips, int most) {
  SOCLE_CHECK(chips >= 1 && most >= 1, "a slice holds chips");
  for (int slices = (chips + most - 1) / most; slices <= chips; ++slices) {
    if (chips % slices != 0) continue;
    if (const auto box = best_box(torus, chips / slices)) return *box;
  }
  return with_rings(torus, {1, 1, 1});
}

}  // namespace socle::catalog
