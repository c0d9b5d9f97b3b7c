#include "socle/report/fabric/fabric_svg.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "socle/base/check.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/report/fabric/fabric_layout.hpp"

namespace socle::report {
namespace {

using net::Link;
using net::Topology;

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

/// Cables drawn as one line, between marks a < b; a == b: inside a mark.
struct Bundle {
  std::uint32_t a = 0, b = 0;
  std::uint32_t first = 0, cables = 0;  ///< first: the cable that was connected first
  double busiest = kUnknown, sum = 0;   ///< over cables, of their busier directions
  std::uint32_t place = 0, beside = 1;  ///< among the lines between the same two marks
};

struct Point {
  double x = 0, y = 0;
};

class Drawing {
 public:
  Drawing(const Topology& topology, std::span<const double> utilisation, const std::string& title)
      : topology_(topology),
        utilisation_(utilisation),
        layout_(lay_out_fabric(topology)),
        svg_(std::max(layout_.width, 720.0), layout_.height, title) {
    svg_.text(16, 30, title, 18);
    bundle();
  }

  std::string draw() {
    describe();
    if (!utilisation_.empty()) legend();
    svg_.raw("<g fill=\"none\" stroke-linecap=\"round\">\n");
    for (const Bundle& bundle : bundles_) {
      if (bundle.a != bundle.b) draw_bundle(bundle);
    }
    svg_.raw("</g>\n<g stroke=\"#ffffff\" stroke-width=\"0.6\">\n");
    for (std::size_t g = 0; g < layout_.glyphs.size(); ++g) draw_glyph(g);
    svg_.raw("</g>\n");
    for (const FabricGlyph& glyph : layout_.glyphs) {
      if (!glyph.label.empty())
        svg_.text(glyph.x, glyph.y + 0.35 * glyph.label_size, glyph.label, glyph.label_size, Anchor::kMiddle, 0,
                  "#ffffff");
    }
    for (const PlacedText& text : layout_.texts)
      svg_.text(text.x, text.y, text.text, text.size, text.anchor, text.turn, "#444444");
    return svg_.finish();
  }

 private:
  double share(net::LinkId link) const {
    const double value = utilisation_.empty() ? kUnknown : utilisation_[link];
    return std::isnan(value) ? value : std::clamp(value, 0.0, 1.0);
  }
  double busier(std::uint32_t cable) const {
    const double there = share(2 * cable), back = share(2 * cable + 1);
    return std::isnan(there) ? back : std::isnan(back) ? there : std::max(there, back);
  }

  /// Joins the cables of each pair of marks, or keeps them apart where every node is drawn; idle ones come first, so
  /// that busy ones lie on top.
  void bundle() {
    std::vector<Bundle> single;
    for (std::uint32_t cable = 0; cable < topology_.links().size() / 2; ++cable) {
      const std::uint32_t from = layout_.glyph_of[topology_.links()[2 * cable].from],
                          to = layout_.glyph_of[topology_.links()[2 * cable].to];
      const double busy = busier(cable);
      single.push_back({.a = std::min(from, to),
                        .b = std::max(from, to),
                        .first = cable,
                        .cables = 1,
                        .busiest = busy,
                        .sum = std::isnan(busy) ? 0 : busy});
    }
    std::stable_sort(single.begin(), single.end(),
                     [](const Bundle& p, const Bundle& q) { return p.a != q.a ? p.a < q.a : p.b < q.b; });
    for (std::size_t i = 0, end = 0; i < single.size(); i = end) {
      while (end < single.size() && single[end].a == single[i].a && single[end].b == single[i].b) ++end;
      if (layout_.every_node) {
        for (std::size_t k = i; k < end; ++k) {
          bundles_.push_back(single[k]);
          bundles_.back().place = static_cast<std::uint32_t>(k - i);
          bundles_.back().beside = static_cast<std::uint32_t>(end - i);
        }
        continue;
      }
      Bundle whole = single[i];
      for (std::size_t k = i + 1; k < end; ++k) {
        ++whole.cables;
        whole.sum += single[k].sum;
        if (!(whole.busiest >= single[k].busiest))
          whole.busiest = std::isnan(single[k].busiest) ? whole.busiest : single[k].busiest;
      }
      bundles_.push_back(whole);
    }
    inside_.assign(layout_.glyphs.size(), Bundle{});
    for (const Bundle& bundle : bundles_) {
      if (bundle.a == bundle.b) inside_[bundle.a] = bundle;
    }
    std::stable_sort(bundles_.begin(), bundles_.end(), [](const Bundle& p, const Bundle& q) {
      return (std::isnan(p.busiest) ? -1 : p.busiest) < (std::isnan(q.busiest) ? -1 : q.busiest);
    });
  }

  void describe() {
    std::uint32_t busiest = 0;
    const auto cables = static_cast<std::uint32_t>(topology_.links().size() / 2);
    const std::uint32_t switches = topology_.nodes() - topology_.endpoints();
    for (std::uint32_t cable = 1; cable < cables; ++cable) {
      if (busier(cable) > busier(busiest) || (std::isnan(busier(busiest)) && !std::isnan(busier(cable))))
        busiest = cable;
    }
    std::string text = fmt::format("{} endpoints, {} switch{}, {} cables", topology_.endpoints(), switches,
                                   switches == 1 ? "" : "es", cables);
    if (cables > 0 && !std::isnan(busier(busiest))) {
      const Link& link = topology_.links()[2 * busiest];
      text += fmt::format("; busiest {}, {} \u2013 {}", format_percent(busier(busiest)), topology_.node_name(link.from),
                          topology_.node_name(link.to));
    }
    svg_.text(16, 50, text, 12, Anchor::kStart, 0, "#444444");
  }

  void legend() {
    const double left = 16, top = 60, length = 240;
    svg_.raw("<defs><linearGradient id=\"share\">");
    for (const int percent : {0, 25, 50, 75, 100})
      svg_.raw(fmt::format("<stop offset=\"{}%\" stop-color=\"{}\"/>", percent, share_colour(percent / 100.0)));
    svg_.raw(fmt::format(
        "</linearGradient></defs>\n<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"9\" fill=\"url(#share)\"/>\n",
        svg_number(left), svg_number(top), svg_number(length)));
    for (const int percent : {0, 25, 50, 75, 100})
      svg_.text(left + length * percent / 100, top + 20, std::to_string(percent), 10,
                percent == 0 ? Anchor::kStart : Anchor::kMiddle);
    svg_.text(left + length + 16, top + 9,
              layout_.every_node ? "% of a cable's busier direction"
                                 : "% of the busier direction of a bundle's busiest cable",
              11);
  }

  std::string percent(double value) const { return std::isnan(value) ? "unknown" : format_percent(value); }

  std::string load_of(const Bundle& bundle) const {
    if (std::isnan(bundle.busiest)) return {};
    return fmt::format(", mean {}, busiest {}", format_percent(bundle.sum / bundle.cables),
                       format_percent(bundle.busiest));
  }

  void draw_bundle(const Bundle& bundle) {
    const Link& link = topology_.links()[2 * bundle.first];
    std::string tip;
    if (layout_.every_node) {
      tip = fmt::format("{} \u2013 {}, {}", topology_.node_name(link.from), topology_.node_name(link.to),
                        format_bits_per_second(link.bandwidth));
      if (!utilisation_.empty())
        tip +=
            fmt::format(": {} there, {} back", percent(share(2 * bundle.first)), percent(share(2 * bundle.first + 1)));
    } else {
      tip = fmt::format("{} \u2013 {}: {} cables{}", name_of(layout_.glyphs[bundle.a]),
                        name_of(layout_.glyphs[bundle.b]), bundle.cables, load_of(bundle));
    }
    const double width = layout_.every_node ? 1.2
                                            : std::min(bundles_.size() > 700 ? 1.6 : 5.0,
                                                       0.8 + 0.45 * std::log2(static_cast<double>(bundle.cables)));
    svg_.raw(fmt::format(
        "<path data-cable=\"{}\" data-cables=\"{}\" d=\"{}\" stroke=\"{}\" "
        "stroke-width=\"{}\"><title>{}</title></path>\n",
        bundle.first, bundle.cables, way(bundle), share_colour(bundle.busiest), svg_number(width), xml_text(tip)));
  }

  /// A straight line, or a bow where a straight one would run through other marks.
  std::string way(const Bundle& bundle) const {
    const FabricGlyph& a = layout_.glyphs[bundle.a];
    const FabricGlyph& b = layout_.glyphs[bundle.b];
    const double aside = (bundle.place - (bundle.beside - 1) / 2.0) * std::min(7.0, 60.0 / bundle.beside);
    const double dx = b.x - a.x, dy = b.y - a.y, length = std::max(1e-9, std::hypot(dx, dy));
    double bow = 2 * aside;
    Point middle{(a.x + b.x) / 2, (a.y + b.y) / 2};
    if (layout_.kind == net::FabricShape::Kind::kRows && a.cluster == b.cluster) {
      middle.y -= 24 + std::min(90.0, 0.18 * std::fabs(dx));
    } else if (layout_.kind == net::FabricShape::Kind::kGroups && a.cluster != b.cluster) {
      middle = {0.45 * middle.x + 0.55 * layout_.centre_x, 0.45 * middle.y + 0.55 * layout_.centre_y};
    } else if (layout_.kind == net::FabricShape::Kind::kGrid && wraps(a, b)) {
      bow += std::min(0.16 * length + 14, 84.0);
    }
    if (bow != 0) middle = {middle.x - bow * dy / length, middle.y + bow * dx / length};
    const bool straight = std::fabs(dx * (middle.y - a.y) - dy * (middle.x - a.x)) < 0.5 * length;
    if (straight)
      return fmt::format("M{} {}L{} {}", svg_number(a.x), svg_number(a.y), svg_number(b.x), svg_number(b.y));
    return fmt::format("M{} {}Q{} {} {} {}", svg_number(a.x), svg_number(a.y), svg_number(middle.x),
                       svg_number(middle.y), svg_number(b.x), svg_number(b.y));
  }

  bool wraps(const FabricGlyph& a, const FabricGlyph& b) const {
    const double dx = std::fabs(b.x - a.x), dy = std::fabs(b.y - a.y);
    const bool diagonal = dx > 1 && dy > 1;
    return std::max(dx, dy) > (diagonal ? 26 : 1.5 * layout_.spacing);
  }

  std::string name_of(const FabricGlyph& glyph) const {
    const std::string first = topology_.node_name(glyph.first);
    return glyph.first == glyph.last ? first : fmt::format("{} \u2026 {}", first, topology_.node_name(glyph.last));
  }

  void draw_glyph(std::size_t g) {
    const FabricGlyph& glyph = layout_.glyphs[g];
    const Bundle& inner = inside_[g];
    std::string tip = name_of(glyph);
    if (glyph.switches > 0 && glyph.endpoints > 0)
      tip += fmt::format(", {} switches, {} endpoints", glyph.switches, glyph.endpoints);
    if (inner.cables > 0) tip += fmt::format("; {} cables inside{}", inner.cables, load_of(inner));
    const bool dark = glyph.switches > 0;
    const bool heat = inner.cables > 0 && !std::isnan(inner.busiest) && glyph.label.empty();
    const std::string fill = heat                  ? share_colour(inner.busiest)
                             : dark                ? "#2f3e4e"
                             : glyph.label.empty() ? "#5b7a99"
                                                   : "#4a6681";
    const std::string inside = inner.cables > 0 ? fmt::format(" data-cables=\"{}\"", inner.cables) : std::string{};
    const std::string border = heat ? " stroke=\"#2f3e4e\" stroke-width=\"1.4\"" : "";
    if (dark || glyph.endpoints > 1) {
      svg_.raw(fmt::format(
          "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"2.5\" fill=\"{}\"{}{}><title>{}</title></rect>\n",
          svg_number(glyph.x - glyph.half_width), svg_number(glyph.y - glyph.half_height),
          svg_number(2 * glyph.half_width), svg_number(2 * glyph.half_height), fill, border, inside, xml_text(tip)));
    } else {
      svg_.raw(fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"{}\"><title>{}</title></circle>\n",
                           svg_number(glyph.x), svg_number(glyph.y), svg_number(glyph.half_width), fill,
                           xml_text(tip)));
    }
  }

  const Topology& topology_;
  std::span<const double> utilisation_;
  FabricLayout layout_;
  Svg svg_;
  std::vector<Bundle> bundles_, inside_;
};

}  // namespace

std::string topology_svg(const net::Topology& topology, std::span<const double> utilisation, const std::string& title) {
  SOCLE_CHECK(utilisation.empty() || utilisation.size() == topology.links().size(),
              "every link has its utilisation, or none has");
  return Drawing(topology, utilisation, title).draw();
}

}  // namespace socle::report
