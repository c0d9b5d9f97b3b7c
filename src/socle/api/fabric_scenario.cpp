#include "socle/api/fabric_scenario.hpp"

#include <algorithm>
#include <charconv>
#include <functional>

#include <fmt/format.h>

#include "socle/base/suggest.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/comm/round_plan.hpp"
#include "socle/net/topologies/topologies.hpp"

namespace socle::api {
namespace {

/// Sets one key from text; returns what is wrong with it, or an empty text.
using Setter = std::function<std::string(FabricSections&, const std::string&)>;
enum class Kind { kText, kInteger, kReal, kFlag, kTexts, kReals };

struct Key {
  FabricFlag flag;
  Kind kind;
  Setter set;
};

template <typename T>
std::string parse_whole(const std::string& text, T least, T most, std::optional<T>& value) {
  T number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || stop != text.data() + text.size() || number < least || number > most) return fmt::format("write an integer from {} to {}", least, most);
  value = number;
  return {};
}

std::string parse_share(const std::string& text, double least, double most, std::optional<double>& value) {
  const Parsed<double> parsed = parse_unit_text<double>(text);
  if (!parsed.value || !(*parsed.value >= least && *parsed.value <= most)) return fmt::format("write a number from {} to {}", least, most);
  value = parsed.value;
  return {};
}

template <typename T>
std::string parse_positive(const std::string& text, bool zero_allowed, std::optional<T>& value) {
  const Parsed<T> parsed = parse_unit_text<T>(text);
  if (!parsed.value) return parsed.problem;
  if (!zero_allowed && !(*parsed.value > T{})) return fmt::format("zero makes no sense here; write {}", accepted_unit_text<T>());
  value = parsed.value;
  return {};
}

std::string parse_name(const std::string& text, const std::vector<std::string>& names, std::string& value) {
  if (std::find(names.begin(), names.end(), text) == names.end()) return fmt::format("write one of {}{}", fmt::join(names, ", "), did_you_mean(text, names));
  value = text;
  return {};
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t comma = std::min(text.find(',', at), text.size());
    const std::size_t first = text.find_first_not_of(' ', at);
    if (first < comma) parts.push_back(text.substr(first, text.find_last_not_of(' ', comma - 1) - first + 1));
    at = comma + 1;
  }
  return parts;
}

std::vector<std::string> algorithm_names() {
  std::vector<std::string> names;
  for (const comm::RoundAlgorithm& entry : comm::round_algorithms()) names.push_back(entry.name);
  return names;
}

std::vector<std::string> traffic_names() {
  std::vector<std::string> names(comm::operation_names().begin(), comm::operation_names().end());
  for (const char* more : {"permutation", "shift", "incast", "matrix", "step"}) names.push_back(more);
  return names;
}

std::string set_routing(FabricScenario& fabric, const std::string& text) {
  std::string name;
  const std::string problem = parse_name(text, routing_names(), name);
  if (!problem.empty()) return problem;
  const auto index = std::find(routing_names().begin(), routing_names().end(), name) - routing_names().begin();
  fabric.static_rail = name == "static-rail";
  fabric.routing = fabric.static_rail ? net::Routing::kDeterministic : static_cast<net::Routing>(index);
  return {};
}

std::string set_torus(FabricScenario& fabric, const std::string& text) {
  fabric.torus.clear();
  for (const std::string& side : split(text)) {
    std::optional<std::uint32_t> value;
    if (!parse_whole<std::uint32_t>(side, 1, 4096, value).empty()) return "write two or three sides, such as \"16,16\" or \"8,8,8\"";
    fabric.torus.push_back(*value);
  }
  return fabric.torus.size() == 2 || fabric.torus.size() == 3 ? "" : "write two or three sides, such as \"16,16\" or \"8,8,8\"";
}

std::string set_sizes(TrafficScenario& traffic, const std::string& text) {
  traffic.sizes = split(text);
  for (const std::string& size : traffic.sizes) {
    std::optional<Bytes> bytes;
    if (const std::string problem = parse_positive(size, false, bytes); !problem.empty()) return problem;
  }
  return traffic.sizes.size() > 200 ? "write at most 200 sizes" : "";
}

Setter count(std::optional<std::uint32_t> FabricScenario::*member, std::uint32_t least, std::uint32_t most) {
  return [=](FabricSections& s, const std::string& text) { return parse_whole(text, least, most, s.fabric.*member); };
}
Setter count(std::optional<std::uint32_t> TrafficScenario::*member, std::uint32_t least, std::uint32_t most) {
  return [=](FabricSections& s, const std::string& text) { return parse_whole(text, least, most, s.traffic.*member); };
}

std::vector<Key> shape_keys() {
  using F = FabricScenario;
  constexpr std::uint32_t kMany = 4'000'000;
  return {
      {{"fabric", "topology", "--topology", "NAME", fmt::format("{}", fmt::join(net::topology_names(), ", "))}, Kind::kText, [](FabricSections& s, const std::string& t) { return parse_name(t, net::topology_names(), s.fabric.topology); }},
      {{"fabric", "file", "--topology-file", "FILE", "Your own network: cables as CSV or TOML"}, Kind::kText, [](FabricSections& s, const std::string& t) { s.fabric.file = t; return std::string(t.empty() ? "write a file name" : ""); }},
      {{"fabric", "hosts", "--hosts", "N", "Hosts; default: the nodes of the cluster"}, Kind::kInteger, count(&F::hosts, 1, kMany)},
      {{"fabric", "nics", "--nics", "N", "NICs of one host, one for each rail; default: the cluster's, else 8"}, Kind::kInteger, count(&F::nics, 1, 1024)},
      {{"fabric", "radix", "--radix", "N", "Ports of a switch at the speed of the link; default 64"}, Kind::kInteger, count(&F::radix, 2, 4096)},
      {{"fabric", "link", "--link", "RATE", "One NIC, such as \"400 Gb/s\"; default: the cluster's, else 400 Gb/s"}, Kind::kText, [](FabricSections& s, const std::string& t) { return parse_positive(t, false, s.fabric.link); }},
      {{"fabric", "tiers", "--tiers", "N", "Fat trees: tiers of switches, 1 to 3; default: the fewest"}, Kind::kInteger, count(&F::tiers, 1, 3)},
      {{"fabric", "oversubscription", "--oversubscription", "X", "Downlinks over uplinks of a leaf; default 1"}, Kind::kReal, [](FabricSections& s, const std::string& t) { return parse_share(t, 1.0, 1000.0, s.fabric.oversubscription); }},
      {{"fabric", "planes", "--planes", "N", "multi-plane: ports a NIC is split into; default 2"}, Kind::kInteger, count(&F::planes, 2, 64)},
      {{"fabric", "groups", "--groups", "N", "dragonfly, dragonfly+: groups; default: as many as needed"}, Kind::kInteger, count(&F::groups, 2, kMany)},
      {{"fabric", "group_routers", "--group-routers", "N", "dragonfly: routers of a group; default: balanced"}, Kind::kInteger, count(&F::group_routers, 2, 4096)},
      {{"fabric", "router_endpoints", "--router-endpoints", "N", "dragonfly, slim-fly, torus: endpoints of a router"}, Kind::kInteger, count(&F::router_endpoints, 1, 4096)},
      {{"fabric", "field", "--field", "Q", "slim-fly: order of its field; default: the smallest that holds"}, Kind::kInteger, count(&F::field, 3, 1024)},
      {{"fabric", "torus", "--torus", "X,Y,Z", "torus: routers along each dimension; default: the most cubic"}, Kind::kReals, [](FabricSections& s, const std::string& t) { return set_torus(s.fabric, t); }},
      {{"fabric", "hop_latency", "--hop-latency", "TIME", "One link and the switch behind it; default 1 us"}, Kind::kText, [](FabricSections& s, const std::string& t) { return parse_positive(t, true, s.fabric.hop_latency); }},
      {{"fabric", "scale_up_domain", "--scale-up-domain", "N", "Endpoints that share a scale-up fabric; 1 = none"}, Kind::kInteger, count(&F::scale_up_domain, 1, kMany)},
      {{"fabric", "scale_up", "--scale-up", "RATE", "One endpoint into its scale-up fabric, such as \"450 GB/s\""}, Kind::kText, [](FabricSections& s, const std::string& t) { return parse_positive(t, false, s.fabric.scale_up); }},
      {{"fabric", "rail_forwarding", "--rail-forwarding", "BOOL", "To another rail: over the scale-up fabric first (PXN)"}, Kind::kFlag, [](FabricSections& s, const std::string& t) { s.fabric.rail_forwarding = t == "true"; return std::string(t == "true" || t == "false" ? "" : "write true or false"); }},
  };
}

std::vector<Key> use_keys() {
  using F = FabricScenario;
  return {
      {{"fabric", "efficiency", "--efficiency", "X", "Share of a link that messages reach; default 1, 0.95 for clusters"}, Kind::kReal, [](FabricSections& s, const std::string& t) { return parse_share(t, 0.01, 1.0, s.fabric.efficiency); }},
      {{"fabric", "software_latency", "--software-latency", "TIME", "Of each message; default 0, 8 us less 6 hops for clusters"}, Kind::kText, [](FabricSections& s, const std::string& t) { return parse_positive(t, true, s.fabric.software_latency); }},
      {{"fabric", "routing", "--routing", "KIND", fmt::format("{}", fmt::join(routing_names(), ", "))}, Kind::kText, [](FabricSections& s, const std::string& t) { return set_routing(s.fabric, t); }},
      {{"fabric", "seed", "--seed", "N", "Of hashes, permutations and scattered placement; default 1"}, Kind::kInteger, count(&F::seed, 0, 2'000'000'000)},
      {{"fabric", "queue_pairs", "--queue-pairs", "N", "Connections of each message; default 1, the planes for multi-plane"}, Kind::kInteger, count(&F::queue_pairs, 1, 256)},
      {{"fabric", "failed", "--fail", "LIST", "What has failed: \"leaf 3, cable 17, endpoint 5\""}, Kind::kTexts, [](FabricSections& s, const std::string& t) { s.fabric.failed = split(t); return std::string(); }},
      {{"fabric", "fail_at", "--fail-at", "TIME", "It fails then; default: before the run"}, Kind::kText, [](FabricSections& s, const std::string& t) { return parse_positive(t, true, s.fabric.fail_at); }},
      {{"fabric", "reroute_after", "--reroute-after", "TIME", "From a failure until traffic has other ways; default 1 s"}, Kind::kText, [](FabricSections& s, const std::string& t) { return parse_positive(t, true, s.fabric.reroute_after); }},
      {{"fabric", "network", "--network", "KIND", "socle train: closed-form (default) or flow, on the true topology"}, Kind::kText, [](FabricSections& s, const std::string& t) { s.placement.flow_network = t == "flow"; return std::string(t == "flow" || t == "closed-form" ? "" : "write closed-form or flow"); }},
      {{"fabric", "placement", "--placement", "KIND", "Of nodes on hosts: packed, interleaved, scattered, or compare"}, Kind::kText, [](FabricSections& s, const std::string& t) { return parse_name(t, {"packed", "interleaved", "scattered", "compare"}, s.placement.kind); }},
      {{"fabric", "jobs", "--jobs", "N", "Equal jobs side by side on the fabric; default 1"}, Kind::kInteger, [](FabricSections& s, const std::string& t) { return parse_whole<std::uint32_t>(t, 1, 1000, s.placement.jobs); }},
  };
}

std::vector<Key> traffic_keys() {
  using T = TrafficScenario;
  constexpr std::uint32_t kMany = 4'000'000;
  return {
      {{"traffic", "kind", "--traffic", "KIND", fmt::format("{}", fmt::join(traffic_names(), ", "))}, Kind::kText, [](FabricSections& s, const std::string& t) { return parse_name(t, traffic_names(), s.traffic.kind); }},
      {{"traffic", "algorithm", "--algorithm", "NAME", fmt::format("{}", fmt::join(algorithm_names(), ", "))}, Kind::kText, [](FabricSections& s, const std::string& t) { return parse_name(t, algorithm_names(), s.traffic.algorithm); }},
      {{"traffic", "bytes", "--bytes", "SIZE", "Buffer as nccl-tests counts it, or one message; default 1 GB"}, Kind::kText, [](FabricSections& s, const std::string& t) { return parse_positive(t, false, s.traffic.bytes); }},
      {{"traffic", "ranks", "--ranks", "N", "Members of one group; default: all endpoints"}, Kind::kInteger, count(&T::ranks, 2, kMany)},
      {{"traffic", "stride", "--stride", "N", "From one member to the next; all groups run at once; default 1"}, Kind::kInteger, count(&T::stride, 1, kMany)},
      {{"traffic", "inner", "--inner", "N", "hierarchical, rail-aligned: members of one row; default: the NICs of a host"}, Kind::kInteger, count(&T::inner, 1, kMany)},
      {{"traffic", "chunks", "--chunks", "N", "chain: pieces; default 16"}, Kind::kInteger, count(&T::chunks, 1, 65'536)},
      {{"traffic", "shift", "--shift", "N", "shift: to the endpoint so many further; incast: senders"}, Kind::kInteger, count(&T::shift, 1, kMany)},
      {{"traffic", "file", "--traffic-file", "FILE.csv", "matrix: columns from,to,bytes"}, Kind::kText, [](FabricSections& s, const std::string& t) { s.traffic.file = t; return std::string(t.empty() ? "write a file name" : ""); }},
      {{"traffic", "sizes", "--sizes", "LIST", "Bus bandwidth for each: \"1 MB, 16 MB, 1 GB\""}, Kind::kTexts, [](FabricSections& s, const std::string& t) { return set_sizes(s.traffic, t); }},
      {{"traffic", "seeds", "--seeds", "N", "Distribution over N seeds of the hash"}, Kind::kInteger, count(&T::seeds, 2, 100'000)},
      {{"traffic", "reaction", "--reaction", "X", "Rates answer departures within this share of the time passed; default 0"}, Kind::kReal, [](FabricSections& s, const std::string& t) { return parse_share(t, 0.0, 0.1, s.traffic.reaction); }},
      {{"traffic", "every_flow", "--every-flow", "BOOL", "true: take no shortcut"}, Kind::kFlag, [](FabricSections& s, const std::string& t) { s.traffic.every_flow = t == "true"; return std::string(t == "true" || t == "false" ? "" : "write true or false"); }},
  };
}

std::vector<Key> all_keys() {
  std::vector<Key> keys = shape_keys();
  for (auto part : {use_keys(), traffic_keys()}) keys.insert(keys.end(), part.begin(), part.end());
  return keys;
}

std::optional<std::string> text_of(const TomlTable& table, const Key& key) {
  const std::string& name = key.flag.key;
  const bool list = key.kind == Kind::kTexts || key.kind == Kind::kReals;
  if (!list && table.is_array(name)) return std::nullopt;  // several values to try: for `socle fabric design`, which checks them
  switch (key.kind) {
    case Kind::kText: return table.optional_string(name);
    case Kind::kInteger: if (const auto v = table.optional_integer(name, 0, 4'000'000'000)) return std::to_string(*v); break;
    case Kind::kReal: if (const auto v = table.optional_real(name, -1e300, 1e300)) return fmt::format("{}", *v); break;
    case Kind::kFlag: if (const auto v = table.optional_boolean(name)) return *v ? "true" : "false"; break;
    case Kind::kTexts: if (const auto v = table.optional_strings(name)) return fmt::format("{}", fmt::join(*v, ",")); break;
    case Kind::kReals: if (const auto v = table.optional_reals(name)) return fmt::format("{}", fmt::join(*v, ",")); break;
  }
  return std::nullopt;
}

}  // namespace

const std::vector<std::string>& routing_names() {
  static const std::vector<std::string> names = {"deterministic", "hashed", "adaptive", "spray", "static-rail"};
  return names;
}

std::vector<FabricFlag> fabric_flags() {
  std::vector<FabricFlag> flags;
  for (const Key& key : all_keys()) flags.push_back(key.flag);
  return flags;
}

void read_fabric_sections(const TomlTable& root, FabricSections& sections) {
  const auto fabric = root.optional_table("fabric"), traffic = root.optional_table("traffic");
  for (const Key& key : all_keys()) {
    const auto& table = key.flag.section == "fabric" ? fabric : traffic;
    if (!table) continue;
    const auto text = text_of(*table, key);
    if (!text) continue;
    const std::string problem = key.set(sections, *text);
    if (!problem.empty()) table->problem(key.flag.key, fmt::format("{} = {}: {}", key.flag.key, *text, problem));
  }
}

std::string set_fabric_flag(const std::string& flag, const std::string& text, FabricSections& sections) {
  for (const Key& key : all_keys()) {
    if (key.flag.flag == flag) return key.set(sections, text);
  }
  return "no such flag";
}

}  // namespace socle::api
