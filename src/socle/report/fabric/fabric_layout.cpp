#include "socle/report/fabric/fabric_layout.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "socle/base/utf8.hpp"

namespace socle::report {
namespace {

using net::Topology;

constexpr std::uint32_t kEndpointsMax = 512;  // drawn one by one
constexpr std::size_t kCablesMax = 4000, kBundlesMax = 2500;
constexpr double kHead = 90, kMargin = 34, kLetter = 6.4;  // width of a letter of size 11

/// Pairs of different marks that cables join, each once.
std::size_t bundles(const Topology& topology, const std::vector<std::uint32_t>& glyph_of) {
  std::vector<std::uint64_t> pairs;
  for (std::size_t i = 0; i < topology.links().size(); i += 2) {
    const std::uint32_t a = glyph_of[topology.links()[i].from], b = glyph_of[topology.links()[i].to];
    if (a != b) pairs.push_back((static_cast<std::uint64_t>(std::min(a, b)) << 32) | std::max(a, b));
  }
  std::sort(pairs.begin(), pairs.end());
  return static_cast<std::size_t>(std::unique(pairs.begin(), pairs.end()) - pairs.begin());
}

double width_of(const std::string& text) { return kLetter * display_width(text); }

/// "12" of "leaf 12" where the row says leaf; the name itself elsewhere.
std::string short_name(const Topology& topology, std::uint32_t node, std::string_view kind) {
  std::string name = topology.node_name(node);
  if (!kind.empty() && name.size() > kind.size() + 1 && name.starts_with(kind)) name.erase(0, kind.size() + 1);
  return name;
}

std::string shortened(const std::string& text, int columns) {
  if (display_width(text) <= columns) return text;
  return std::string(fit_width(text, columns - 1)) + "\u2026";
}

std::string plural(const std::string& name) {
  if (name.ends_with("leaf")) return name.substr(0, name.size() - 1) + "ves";
  return name + (name.ends_with("ch") ? "es" : "s");
}

/// Builds the layout of one shape. Marks are added in drawing order.
class Painter {
 public:
  Painter(const Topology& topology, const net::FabricShape& shape) : topology_(topology), shape_(shape) {
    layout_.kind = shape.kind;
    every_ = topology.endpoints() <= kEndpointsMax && topology.links().size() / 2 <= kCablesMax;
  }

  FabricLayout paint() {
    switch (shape_.kind) {
      case net::FabricShape::Kind::kRows:
        rows();
        break;
      case net::FabricShape::Kind::kGroups:
        groups();
        break;
      case net::FabricShape::Kind::kGrid:
        grid();
        break;
    }
    layout_.every_node = every_;
    return std::move(layout_);
  }

 private:
  // --- marks ---
  std::uint32_t add(FabricGlyph glyph) {
    layout_.glyphs.push_back(std::move(glyph));
    return static_cast<std::uint32_t>(layout_.glyphs.size() - 1);
  }
  void put(std::uint32_t node, std::uint32_t glyph) {
    FabricGlyph& mark = layout_.glyphs[glyph];
    layout_.glyph_of[node] = glyph;
    const bool names = node >= topology_.endpoints() || mark.switches == 0;
    if (names && (mark.endpoints + mark.switches == 0 || (node >= topology_.endpoints() && mark.switches == 0)))
      mark.first = node;
    if (names) mark.last = node;
    ++(node < topology_.endpoints() ? mark.endpoints : mark.switches);
  }
  void clear() {
    layout_.glyphs.clear();
    layout_.glyph_of.assign(topology_.nodes(), 0);
  }

  // --- rows ---
  /// Endpoints that belong together: those of one leaf, or of one host on rails.
  std::uint32_t endpoint_unit() const {
    const auto& row = shape_.rows[shape_.endpoint_row];
    std::uint32_t run = 1, period = 1;
    while (run < row.size() && shape_.home[row[run]] == shape_.home[row[0]]) ++run;
    if (run > 1) return run;
    while (period < row.size() && shape_.home[row[period]] != shape_.home[row[0]]) ++period;
    return period;
  }
  static std::uint32_t chunk_of(std::uint32_t count, std::uint32_t unit, std::uint32_t most) {
    if (count <= most && unit == 1) return 1;
    std::uint32_t chunk = unit;
    while ((count + chunk - 1) / chunk > most) chunk += unit;
    for (std::uint32_t wider = chunk; wider <= 2 * chunk && wider <= count; wider += unit) {
      if (count % wider == 0) return wider;
    }
    return chunk;
  }
  void chunk_rows(std::uint32_t most) {
    clear();
    for (std::size_t r = 0; r < shape_.rows.size(); ++r) {
      const auto& row = shape_.rows[r];
      const std::uint32_t unit = r == shape_.endpoint_row && !every_ ? endpoint_unit() : 1;
      const std::uint32_t chunk = every_ ? 1 : chunk_of(static_cast<std::uint32_t>(row.size()), unit, most);
      for (std::size_t i = 0; i < row.size(); ++i) {
        if (i % chunk == 0) add({.cluster = static_cast<std::uint32_t>(r)});
        put(row[i], static_cast<std::uint32_t>(layout_.glyphs.size() - 1));
      }
    }
  }

  void rows() {
    std::uint32_t most = 128;
    chunk_rows(most);
    while (!every_ && most > 4 && bundles(topology_, layout_.glyph_of) > kBundlesMax) chunk_rows(most /= 2);
    std::vector<std::vector<std::uint32_t>> by_row(shape_.rows.size());
    std::size_t widest = 0;
    for (std::uint32_t g = 0; g < layout_.glyphs.size(); ++g) by_row[layout_.glyphs[g].cluster].push_back(g);
    for (const auto& row : by_row) widest = std::max(widest, row.size());
    const double left = 150, room = std::clamp(static_cast<double>(widest) * (every_ ? 26 : 58), 640.0, 2600.0);
    const double gap = std::clamp(room / 11, 120.0, 230.0);
    layout_.width = left + room + kMargin;
    layout_.height = kHead + 30 + gap * static_cast<double>(by_row.size() - 1) + 90;
    for (std::size_t r = 0; r < by_row.size(); ++r) {
      const double y = layout_.height - 90 - gap * static_cast<double>(r);
      const double step = room / static_cast<double>(std::max<std::size_t>(1, by_row[r].size()));
      for (std::size_t i = 0; i < by_row[r].size(); ++i)
        place_in_row(layout_.glyphs[by_row[r][i]], left + (static_cast<double>(i) + 0.5) * step, y, step, i, r);
      name_row(r, y, by_row[r].size());
    }
  }

  void name_row(std::size_t r, double y, std::size_t marks) {
    const std::size_t count = shape_.rows[r].size();
    const std::string name = *shape_.row_names[r] == '\0' ? "switch" : shape_.row_names[r];
    layout_.texts.push_back(
        {16, y - 2, fmt::format("{} {}", count, count == 1 ? name : plural(name)), 13, Anchor::kStart});
    if (marks < count) layout_.texts.push_back({16, y + 13, fmt::format("in {} marks", marks), 11, Anchor::kStart});
  }

  void place_in_row(FabricGlyph& glyph, double x, double y, double step, std::size_t i, std::size_t r) {
    glyph.x = x;
    glyph.y = y;
    const std::uint32_t count = glyph.endpoints + glyph.switches;
    std::string label = short_name(topology_, glyph.first, shape_.row_names[r]);
    if (count > 1) label += "\u2013" + short_name(topology_, glyph.last, shape_.row_names[r]);
    label = shortened(label, 22);
    if (r == shape_.endpoint_row && count == 1) {
      glyph.half_width = glyph.half_height = std::min(4.5, 0.38 * step);
      name_endpoint(glyph, label, step, i);
      return;
    }
    glyph.half_height = 9;
    glyph.half_width = std::min(0.44 * step, std::max(7.0, width_of(label) / 2 + 5));
    if (r == shape_.endpoint_row && step < 110) {
      if (step >= 12) layout_.texts.push_back({x - 3, y + 20, label, 10, Anchor::kStart, 60});
      return;
    }
    if (width_of(label) + 4 > 2 * glyph.half_width && count > 1)
      label = short_name(topology_, glyph.first, shape_.row_names[r]) + "\u2026";
    if (width_of(label) + 4 > 2 * glyph.half_width) glyph.label_size = 8.5;
    if (width_of(label) * glyph.label_size / 11 + 2 <= 2 * glyph.half_width) glyph.label = label;
  }

  void name_endpoint(const FabricGlyph& glyph, const std::string& label, double step, std::size_t i) {
    if (i == 0) {
      level_ = true;  // for the whole row, or not at all
      for (std::uint32_t n = 0; n < topology_.endpoints() && level_; ++n)
        level_ = width_of(short_name(topology_, n, shape_.row_names[shape_.endpoint_row])) + 2 <= step;
    }
    std::size_t every = 1;
    while (static_cast<double>(every) * step < (level_ ? 1.0 : 12.0)) every *= 2;
    if (i % every != 0) return;
    if (level_)
      layout_.texts.push_back({glyph.x, glyph.y + 18, label, 10, Anchor::kMiddle});
    else
      layout_.texts.push_back({glyph.x - 3, glyph.y + 14, shortened(label, 16), 10, Anchor::kStart, 60});
  }

  // --- what both groups and grids need ---
  std::vector<std::vector<std::uint32_t>> guests() const {
    std::vector<std::vector<std::uint32_t>> by_home(topology_.nodes());
    for (std::uint32_t n = 0; n < topology_.nodes(); ++n) {
      if (shape_.home[n] != n) by_home[shape_.home[n]].push_back(n);
    }
    return by_home;
  }
  /// A switch, with its endpoints inside the mark or beside it, in a fan of width `fan` around the direction given.
  void place_switch(std::uint32_t node, const std::vector<std::uint32_t>& guests, FabricGlyph mark, double direction,
                    double distance, double fan) {
    const double x = mark.x, y = mark.y;
    const std::uint32_t cluster = mark.cluster, glyph = add(std::move(mark));
    put(node, glyph);
    for (std::size_t i = 0; i < guests.size(); ++i) {
      if (!every_) {
        put(guests[i], glyph);
        continue;
      }
      const double angle =
          direction + fan * ((static_cast<double>(i) + 0.5) / static_cast<double>(guests.size()) - 0.5);
      const double away = shape_.domain[guests[i]] ? distance * 1.5 : distance;
      put(guests[i], add({.x = x + away * std::cos(angle),
                          .y = y + away * std::sin(angle),
                          .half_width = 2.8,
                          .half_height = 2.8,
                          .cluster = cluster}));
    }
  }

  // --- groups around a circle ---
  void groups() {
    const auto by_home = guests();
    std::size_t switches = 0, members = 1, guests_most = 1;
    for (const auto& group : shape_.groups) {
      switches += group.size();
      members = std::max(members, group.size());
      for (const std::uint32_t node : group) guests_most = std::max(guests_most, by_home[node].size());
    }
    std::vector<std::uint32_t> own(topology_.nodes());
    for (std::uint32_t n = 0; n < own.size(); ++n) own[n] = shape_.home[n];
    const bool one_by_one = every_ || (switches <= 600 && bundles(topology_, own) <= kCablesMax);
    const double pi = std::numbers::pi;
    const double inner = members == 1 ? 0 : std::max(20.0, static_cast<double>(members) * 15 / (2 * pi));
    const double fan_width = every_ ? static_cast<double>(guests_most) * 7.5 : 0;
    const double outer =
        one_by_one ? std::max(inner, every_ ? static_cast<double>(members) * fan_width / (2 * pi) - 22 : 0.0) +
                         (every_ ? 26 : 8)
                   : 22;
    const std::size_t spots = one_by_one ? shape_.groups.size() : std::min<std::size_t>(64, shape_.groups.size());
    const double pitch = members == 1 ? std::max(15.0, fan_width) : 2 * outer + 12;
    const double radius = std::max(150.0, static_cast<double>(spots) * pitch / (2 * pi));
    layout_.width = std::max(720.0, 2 * (radius + outer + 60 + kMargin));
    layout_.height = kHead + 2 * (radius + outer + kMargin);
    layout_.centre_x = layout_.width / 2;
    layout_.centre_y = kHead + radius + outer + kMargin;
    clear();
    std::size_t last_spot = ~std::size_t{0};
    for (std::size_t g = 0; g < shape_.groups.size(); ++g) {
      const std::size_t spot = g * spots / shape_.groups.size();
      const double angle = 2 * pi * static_cast<double>(spot) / static_cast<double>(spots) - pi / 2;
      const double x = layout_.centre_x + radius * std::cos(angle), y = layout_.centre_y + radius * std::sin(angle);
      if (one_by_one) {
        place_group(g, x, y, angle, inner, by_home, every_ ? fan_width : 0);
      } else {
        if (spot != last_spot)
          add({.x = x, .y = y, .half_width = 14, .half_height = 10, .cluster = static_cast<std::uint32_t>(g)});
        for (const std::uint32_t node : shape_.groups[g]) {
          put(node, static_cast<std::uint32_t>(layout_.glyphs.size() - 1));
          for (const std::uint32_t guest : by_home[node])
            put(guest, static_cast<std::uint32_t>(layout_.glyphs.size() - 1));
        }
      }
      if (members > 1 && spot != last_spot) name_group(g, spots, angle, radius + outer + 10);
      last_spot = spot;
    }
  }

  void name_group(std::size_t g, std::size_t spots, double angle, double away) {
    const std::size_t joined = (shape_.groups.size() + spots - 1) / spots;
    std::string text = fmt::format("group {}", g);
    if (joined > 1) text += "\u2026";
    const double c = std::cos(angle);
    const Anchor anchor = c > 0.3 ? Anchor::kStart : c < -0.3 ? Anchor::kEnd : Anchor::kMiddle;
    layout_.texts.push_back(
        {layout_.centre_x + away * c, layout_.centre_y + away * std::sin(angle) + 4, text, 11, anchor});
  }

  /// Switches on a small circle, those with endpoints on its outer side.
  void place_group(std::size_t g, double x, double y, double outwards, double inner,
                   const std::vector<std::vector<std::uint32_t>>& by_home, double fan_width) {
    const auto& group = shape_.groups[g];
    const auto holders = static_cast<double>(
        std::count_if(group.begin(), group.end(), [&](std::uint32_t node) { return !by_home[node].empty(); }));
    const double turn = 2 * std::numbers::pi / static_cast<double>(group.size());
    for (std::size_t i = 0; i < group.size(); ++i) {
      const double angle =
          group.size() == 1 ? outwards : outwards + turn * (static_cast<double>(i) + 0.5 - holders / 2);
      const FabricGlyph mark{.x = x + inner * std::cos(angle),
                             .y = y + inner * std::sin(angle),
                             .half_width = 5,
                             .half_height = 5,
                             .cluster = static_cast<std::uint32_t>(g)};
      place_switch(group[i], by_home[group[i]], mark, angle, 22,
                   std::min(fan_width / 22, group.size() == 1 ? 1.2 : 2.4));
    }
  }

  // --- grids ---
  /// Third dimensions run backwards along a short diagonal.
  void grid() {
    const auto by_home = guests();
    std::array<std::uint32_t, 3> block{1, 1, 1}, shown = shape_.sides;
    const auto total = [&] { return static_cast<std::uint64_t>(shown[0]) * shown[1] * shown[2]; };
    while (total() > 729) {
      const auto widest = static_cast<std::size_t>(std::max_element(shown.begin(), shown.end()) - shown.begin());
      block[widest] *= 2;
      shown[widest] = (shape_.sides[widest] + block[widest] - 1) / block[widest];
    }
    if (total() < static_cast<std::uint64_t>(shape_.sides[0]) * shape_.sides[1] * shape_.sides[2]) every_ = false;
    const double depth = shown[2] > 1 ? 17 : 0;
    layout_.spacing = std::max(64.0, depth * shown[2] + 34);
    const double across = layout_.spacing * (shown[0] - 1) + depth * (shown[2] - 1);
    layout_.width = std::max(720.0, 2 * (kMargin + 50) + across);
    const double left = (layout_.width - across) / 2;
    layout_.height = kHead + 2 * (kMargin + 24) + layout_.spacing * (shown[1] - 1) + depth * (shown[2] - 1);
    clear();
    const std::uint32_t first = topology_.endpoints();  // routers follow the endpoints
    std::vector<std::uint32_t> mark_at(total(), ~0u);
    for (std::uint32_t r = 0; r < shape_.sides[0] * shape_.sides[1] * shape_.sides[2]; ++r) {
      const std::uint32_t x = r % shape_.sides[0] / block[0], y = r / shape_.sides[0] % shape_.sides[1] / block[1],
                          z = r / shape_.sides[0] / shape_.sides[1] / block[2];
      std::uint32_t& at = mark_at[(z * shown[1] + y) * shown[0] + x];
      if (at == ~0u) {
        at = static_cast<std::uint32_t>(layout_.glyphs.size());
        const FabricGlyph mark{.x = left + layout_.spacing * x + depth * z,
                               .y = layout_.height - kMargin - 24 - layout_.spacing * y - depth * z,
                               .half_width = 5.5,
                               .half_height = 5.5,
                               .cluster = r};
        place_switch(first + r, by_home[first + r], mark, std::numbers::pi / 2, depth > 0 ? 10 : 14, 1.6);
        continue;
      }
      put(first + r, at);
      for (const std::uint32_t guest : by_home[first + r]) put(guest, at);
    }
  }

  const Topology& topology_;
  const net::FabricShape& shape_;
  bool every_ = true, level_ = true;
  FabricLayout layout_;
};

}  // namespace

FabricLayout lay_out_fabric(const net::Topology& topology) {
  const net::FabricShape shape = net::shape_of(topology);
  return Painter(topology, shape).paint();
}

}  // namespace socle::report
