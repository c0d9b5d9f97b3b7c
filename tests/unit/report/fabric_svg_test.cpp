#include "socle/report/fabric/fabric_svg.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include <gtest/gtest.h>

#include "socle/base/svg.hpp"
#include "socle/net/fabric_shape.hpp"
#include "socle/net/graph_file.hpp"
#include "socle/net/scale_up_domains.hpp"

namespace socle::report {
namespace {

using net::FabricSpec;

/// Empty for well-formed XML of the kind that pictures are: tags that close in order, quoted attributes, the five
/// entities.
std::string xml_fault(std::string_view text) {
  std::vector<std::string> open;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '&') {
      const std::size_t end = text.find(';', at);
      static const std::vector<std::string_view> kEntities = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
      if (end == std::string_view::npos ||
          std::find(kEntities.begin(), kEntities.end(), text.substr(at, end - at + 1)) == kEntities.end())
        return "bare & at " + std::to_string(at);
      at = end + 1;
      continue;
    }
    if (text[at] == '>') return "bare > at " + std::to_string(at);
    if (static_cast<unsigned char>(text[at]) < 0x20 && text[at] != '\n')
      return "control character at " + std::to_string(at);
    if (text[at] != '<') {
      ++at;
      continue;
    }
    const std::size_t end = text.find('>', at);
    if (end == std::string_view::npos) return "open tag";
    const std::string_view tag = text.substr(at + 1, end - at - 1);
    if (tag.find('<') != std::string_view::npos) return "< inside a tag at " + std::to_string(at);
    if (std::count(tag.begin(), tag.end(), '"') % 2 != 0) return "open quote at " + std::to_string(at);
    const std::string name(tag.substr(0, tag.find_first_of(" /")));
    if (tag.starts_with('/')) {
      if (open.empty() || open.back() != tag.substr(1)) return "</" + std::string(tag.substr(1)) + "> closes nothing";
      open.pop_back();
    } else if (!tag.ends_with('/')) {
      open.push_back(name);
    }
    at = end + 1;
  }
  return open.empty() ? std::string{} : "<" + open.back() + "> stays open";
}

/// Values of an attribute, counted.
std::map<std::uint32_t, int> values_of(std::string_view svg, const std::string& attribute) {
  std::map<std::uint32_t, int> values;
  const std::string start = attribute + "=\"";
  for (std::size_t at = svg.find(start); at != std::string_view::npos; at = svg.find(start, at + 1))
    ++values[static_cast<std::uint32_t>(std::stoul(std::string(svg.substr(at + start.size(), 12))))];
  return values;
}

std::vector<FabricSpec> specs() {
  return {{.endpoints = 16, .radix = 8},
          {.endpoints = 512, .radix = 64},
          {.endpoints = 1024, .radix = 16, .tiers = 3},
          {.endpoints = 8192, .radix = 32, .tiers = 3},
          {.topology = "rail-optimized",
           .endpoints = 64,
           .rails = 8,
           .radix = 16,
           .scale_up_domain = 8,
           .scale_up = BytesPerSecond{450e9}},
          {.topology = "rail-only", .endpoints = 2048, .rails = 8, .radix = 32},
          {.topology = "multi-plane", .endpoints = 64, .radix = 8, .planes = 2},
          {.topology = "dragonfly", .endpoints = 72, .radix = 8},
          {.topology = "dragonfly", .endpoints = 16512, .radix = 31},
          {.topology = "dragonfly+", .endpoints = 50, .radix = 8},
          {.topology = "slim-fly", .endpoints = 100, .radix = 32, .router_endpoints = 2, .field = 5},
          {.topology = "slim-fly", .endpoints = 4000, .radix = 64, .router_endpoints = 8, .field = 17},
          {.topology = "torus", .endpoints = 64, .torus = {8, 8, 1}},
          {.topology = "torus",
           .endpoints = 64,
           .torus = {4, 4, 4},
           .scale_up_domain = 4,
           .scale_up = BytesPerSecond{450e9}},
          {.topology = "torus", .endpoints = 4096, .torus = {16, 16, 16}}};
}

std::string label(const FabricSpec& spec) { return spec.topology + " of " + std::to_string(spec.endpoints); }

std::vector<double> some_load(const net::Topology& topology) {
  std::vector<double> load(topology.links().size());
  for (std::size_t i = 0; i < load.size(); ++i) load[i] = static_cast<double>(i % 101) / 100;
  return load;
}

TEST(FabricSvg, EveryCableIsDrawnOnceOrCountedInOneBundle) {
  for (const FabricSpec& spec : specs()) {
    SCOPED_TRACE(label(spec));
    const auto topology = net::build_fabric(spec);
    const std::string svg = topology_svg(*topology, some_load(*topology), label(spec));
    EXPECT_EQ(xml_fault(svg), "");
    EXPECT_LT(svg.size(), 1'000'000u);
    for (const auto& [cable, times] : values_of(svg, "data-cable")) EXPECT_EQ(times, 1) << cable;
    std::size_t cables = 0;
    for (const auto& [count, times] : values_of(svg, "data-cables")) cables += static_cast<std::size_t>(count) * times;
    EXPECT_EQ(cables, topology->links().size() / 2);
    if (spec.endpoints <= 512) { EXPECT_EQ(values_of(svg, "data-cable").size(), cables); }
  }
}

TEST(FabricSvg, ThePictureOfANetworkIsAlwaysTheSame) {
  const auto topology = net::build_fabric(specs()[2]);
  EXPECT_EQ(topology_svg(*topology, some_load(*topology), "a"), topology_svg(*topology, some_load(*topology), "a"));
}

TEST(FabricSvg, WhatIsNotKnownIsNotShownAsIdle) {
  const auto topology = net::build_fabric(specs()[0]);
  const std::string svg = topology_svg(*topology, {}, "a");
  EXPECT_EQ(svg.find("busier direction"), std::string::npos);
  EXPECT_NE(svg.find(share_colour(std::nan(""))), std::string::npos);
  EXPECT_EQ(xml_fault(topology_svg(*topology, std::vector<double>(topology->links().size(), std::nan("")), "a")), "");
}

// Hand-made: the cable a - s carries 30 % there and 80 % back.
TEST(FabricSvg, ATooltipNamesEndsSpeedAndBothDirections) {
  const net::Graph graph(
      net::parse_graph_csv("from,to,bandwidth,latency\na,s,400 Gb/s,1 us\nb,s,400 Gb/s,1 us\n", "net"));
  const std::string svg = topology_svg(graph, std::vector<double>{0.3, 0.8, 0.1, 0.1}, "t");
  EXPECT_NE(svg.find("<title>a \u2013 s, 400 Gb/s: 30.0 % there, 80.0 % back</title>"), std::string::npos) << svg;
  EXPECT_NE(svg.find(share_colour(0.8)), std::string::npos);
}

TEST(FabricSvg, NamesOfUsersAreTextAndNothingElse) {
  net::GraphSpec spec{
      .nodes = {"</title><script>x</script>", "\"' & \x01\xff\xEF\xBF\xBF", "]]>"}, .endpoints = 2, .cables = {}};
  spec.cables = {{0, 2, BytesPerSecond{1e9}, Seconds{1e-6}}, {1, 2, BytesPerSecond{1e9}, Seconds{1e-6}}};
  const std::string svg = topology_svg(net::Graph(spec), {}, "<b>&\x02");
  EXPECT_EQ(xml_fault(svg), "");
  EXPECT_EQ(svg.find("<script>"), std::string::npos);
  EXPECT_EQ(xml_text("a\u0085b\u202ec\x7f"),
            "a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD"
            "c\xEF\xBF\xBD");
  EXPECT_EQ(xml_text("a<b>&\"'\x01\xff"), "a&lt;b&gt;&amp;&quot;&#39;\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(FabricSvg, TwoHostsOnOneCableAreAPicture) {
  const net::Graph graph(net::parse_graph_csv("from,to,bandwidth,latency\na,b,400 Gb/s,1 us\n", "net"));
  EXPECT_EQ(xml_fault(topology_svg(graph, {}, "")), "");
}

TEST(FabricShape, NetworksAreRecognisedByTheirCables) {
  const std::map<std::string, net::FabricShape::Kind> kinds = {
      {"fat-tree", net::FabricShape::Kind::kRows},    {"rail-optimized", net::FabricShape::Kind::kRows},
      {"rail-only", net::FabricShape::Kind::kRows},   {"multi-plane", net::FabricShape::Kind::kRows},
      {"dragonfly", net::FabricShape::Kind::kGroups}, {"dragonfly+", net::FabricShape::Kind::kGroups},
      {"slim-fly", net::FabricShape::Kind::kGroups},  {"torus", net::FabricShape::Kind::kGrid}};
  for (const FabricSpec& spec : specs())
    EXPECT_EQ(net::shape_of(*net::build_fabric(spec)).kind, kinds.at(spec.topology)) << label(spec);
  const net::FabricShape torus =
      net::shape_of(*net::build_fabric({.topology = "torus", .endpoints = 24, .torus = {4, 3, 2}}));
  EXPECT_EQ(torus.sides, (std::array<std::uint32_t, 3>{4, 3, 2}));
  // Dragonfly of radix 8: 4 routers a group, 9 groups for 72 endpoints.
  EXPECT_EQ(net::shape_of(*net::build_fabric({.topology = "dragonfly", .endpoints = 72, .radix = 8})).groups.size(),
            9u);
}

TEST(ShareColour, IsDarkerTheBusier) {
  // Luma of the colour's red, green and blue only falls, so the scale reads without hues.
  double last = 1e9;
  for (int i = 0; i <= 20; ++i) {
    const std::string colour = share_colour(i / 20.0);
    const auto part = [&](int at) { return std::stoi(colour.substr(at, 2), nullptr, 16); };
    const double luma = 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
    EXPECT_LT(luma, last) << i;
    last = luma;
  }
}

TEST(BandwidthSvg, CurvesAreNamedAndOddPointsLeftOut) {
  std::vector<BandwidthCurve> curves = {{"ring <8>",
                                         {{Bytes{1e3}, BytesPerSecond{1e6}},
                                          {Bytes{1e9}, BytesPerSecond{4e10}},
                                          {Bytes{2e9}, BytesPerSecond{std::nan("")}},
                                          {Bytes{0}, BytesPerSecond{1}}}},
                                        {"empty", {}}};
  const std::string svg = bandwidth_svg(curves, "a & b");
  EXPECT_EQ(xml_fault(svg), "");
  EXPECT_NE(svg.find("ring &lt;8&gt;"), std::string::npos);
  EXPECT_NE(svg.find("empty (no data)"), std::string::npos);
  EXPECT_NE(svg.find(">1 MB</text>"), std::string::npos);
  EXPECT_EQ(svg, bandwidth_svg(curves, "a & b"));
  EXPECT_EQ(xml_fault(bandwidth_svg({}, "nothing")), "");
  const std::vector<BandwidthCurve> point = {{"one", {{Bytes{3e6}, BytesPerSecond{4e10}}}}};
  EXPECT_EQ(xml_fault(bandwidth_svg(point, "one")), "");
}

}  // namespace
}  // namespace socle::report
