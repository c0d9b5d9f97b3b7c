#include "socle/api/fabric_design_scenario.hpp"

#include <algorithm>
#include <charconv>
#include <functional>

#include <fmt/format.h>

#include "socle/base/suggest.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/base/utf8.hpp"
#include "socle/cost/fabric_cost.hpp"
#include "socle/net/topologies/topologies.hpp"

namespace socle::api {
namespace {

std::vector<std::string> reach_names() {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < cost::kReaches; ++i) names.push_back(cost::reach_name(static_cast<cost::CableReach>(i)));
  return names;
}

std::optional<int> integer(const TomlTable& table, std::string_view key, int least, int most) {
  const auto value = table.optional_integer(key, least, most);
  if (!value) return std::nullopt;
  return static_cast<int>(*value);
}

template <typename T>
std::optional<T> positive(const TomlTable& table, std::string_view key) {
  const auto value = table.optional_quantity<T>(key);
  if (value && !(*value > T{})) table.problem(key, fmt::format("{} is zero; write {}", key, accepted_unit_text<T>()));
  return value;
}

/// One number or an array of them, each in a range.
std::vector<double> numbers(const TomlTable& table, std::string_view key, double least, double most) {
  std::vector<double> list;
  if (!table.is_array(key)) {
    if (const auto value = table.optional_real(key, least, most)) list.push_back(*value);
    return list;
  }
  list = table.optional_reals(key).value_or(std::vector<double>());
  const bool good = std::all_of(list.begin(), list.end(), [&](double v) { return v >= least && v <= most; });
  if (!good || list.empty()) table.problem(key, fmt::format("{} must hold numbers from {:g} to {:g}", key, least, most));
  return list;
}

std::vector<int> whole_numbers(const TomlTable& table, std::string_view key, int least, int most) {
  std::vector<int> list;
  for (const double value : numbers(table, key, least, most)) {
    if (value != static_cast<int>(value)) table.problem(key, fmt::format("{} must be whole; {:g} is not", key, value));
    list.push_back(static_cast<int>(value));
  }
  return list;
}

std::string unknown_topology(const std::vector<std::string>& given) {
  const auto known = net::topology_names();
  if (given.empty()) return fmt::format("it names none; write some of {}", fmt::join(known, ", "));
  for (const std::string& name : given) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    return fmt::format("\"{}\" is no topology; write some of {}{}", printable(name, 40), fmt::join(known, ", "), did_you_mean(name, known));
  }
  return {};
}

void read_prices(const TomlTable& table, FabricDesignKeys& keys) {
  if (const auto list = table.optional_string("list")) keys.price_list = {*list, table.position("list")};
  keys.price_date = table.string_or("date", "");
  keys.price_source = table.string_or("source", "");
  for (std::size_t i = 0; i < kFabricParts; ++i) {
    keys.prices[i] = table.optional_quantity<Money>(kFabricPartNames[i]);
    if (keys.prices[i] && !(keys.prices[i]->amount > 0)) table.problem(kFabricPartNames[i], fmt::format("{} is zero; write {}", kFabricPartNames[i], accepted_unit_text<Money>()));
  }
}

std::string read_whole(const std::string& text, int least, int most, std::optional<int>& value) {
  int number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || stop != text.data() + text.size() || number < least || number > most) return fmt::format("write an integer from {} to {}", least, most);
  value = number;
  return {};
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == ',') parts.emplace_back();
    else if (c != ' ') parts.back() += c;
  }
  return parts;
}

std::string read_list(const std::string& text, double least, double most, std::vector<double>& list) {
  list.clear();
  for (const std::string& part : split(text)) {
    const Parsed<double> number = parse_unit_text<double>(part);
    if (!number.value || *number.value < least || *number.value > most) return fmt::format("write numbers from {:g} to {:g}, joined by commas", least, most);
    list.push_back(*number.value);
  }
  return {};
}

std::string read_whole_list(const std::string& text, int least, int most, std::vector<int>& list) {
  list.clear();
  for (const std::string& part : split(text)) {
    std::optional<int> number;
    if (!read_whole(part, least, most, number).empty()) return fmt::format("write integers from {} to {}, joined by commas", least, most);
    list.push_back(*number);
  }
  return {};
}

template <typename T>
std::string read_quantity(const std::string& text, std::optional<T>& value) {
  const Parsed<T> parsed = parse_unit_text<T>(text);
  if (!parsed.value) return parsed.problem;
  if constexpr (std::is_same_v<T, Money>) {
    if (!(parsed.value->amount > 0)) return fmt::format("it is zero; write {}", accepted_unit_text<T>());
  } else {
    if (!(*parsed.value > T{})) return fmt::format("it is zero; write {}", accepted_unit_text<T>());
  }
  value = parsed.value;
  return {};
}

struct FlagEntry {
  ScenarioFlag flag;
  std::function<std::string(FabricDesignKeys&, const std::string&)> set;
};

std::vector<FlagEntry> flag_entries() {
  using Keys = FabricDesignKeys;
  using Text = const std::string&;
  return {
      {{"--hosts", "N", "Hosts to connect; in place of a cluster's nodes"}, [](Keys& k, Text t) { return read_whole(t, 1, kHostsMax, k.hosts); }},
      {{"--nics", "N", "NICs of one host"}, [](Keys& k, Text t) { return read_whole(t, 1, kNicsMax, k.nics); }},
      {{"--link", "RATE", "Speed of one NIC, such as \"400 Gb/s\""}, [](Keys& k, Text t) { return read_quantity(t, k.link); }},
      {{"--switch", "NAME", "Switch box of the catalogue; default: the first of that speed with a price"},
       [](Keys& k, Text t) { k.switch_box = {t, {}}; k.radix.reset(); return std::string(t.empty() ? "write a name such as MQM9700" : ""); }},
      {{"--radix", "N", "Ports of a switch that is not in the catalogue"},
       [](Keys& k, Text t) { k.switch_box = {}; return read_whole(t, 2, kRadixMax, k.radix); }},
      {{"--switch-price", "AMOUNT", "Price of one switch"}, [](Keys& k, Text t) { return read_quantity(t, k.prices[0]); }},
      {{"--switch-power", "POWER", "Power of one switch without optics"}, [](Keys& k, Text t) { return read_quantity(t, k.power[0]); }},
      {{"--prices", "LIST", "Price list of the catalogue, such as isca-2025; default: prices of parts"},
       [](Keys& k, Text t) { k.price_list = {t, {}}; return std::string(); }},
      {{"--topologies", "LIST", "Topologies to try, joined by commas; default: all"},
       [](Keys& k, Text t) { k.topologies = split(t); return unknown_topology(k.topologies); }},
      {{"--oversubscription", "LIST", "Oversubscriptions of leaves to try, such as 1,2"},
       [](Keys& k, Text t) { return read_list(t, 1, kOversubscriptionMax, k.oversubscriptions); }},
      {{"--planes", "LIST", "Planes of multi-plane fabrics to try, such as 2,8"}, [](Keys& k, Text t) { return read_whole_list(t, 2, 64, k.planes); }},
      {{"--tiers", "LIST", "Tiers of fat trees to try, such as 2,3"}, [](Keys& k, Text t) { return read_whole_list(t, 1, 3, k.tiers); }},
  };
}

}  // namespace

void read_fabric_design(const TomlTable& table, FabricDesignKeys& keys) {
  keys.hosts = integer(table, "hosts", 1, kHostsMax);
  keys.nics = integer(table, "nics", 1, kNicsMax);
  keys.rails = integer(table, "rails", 1, kNicsMax);
  keys.link = positive<BytesPerSecond>(table, "link");
  if (const auto name = table.optional_string("switch")) {
    keys.switch_box = {*name, table.position("switch")};
    if (name->empty()) table.problem("switch", "switch is an empty text; write a name such as \"MQM9700\"");
  }
  keys.radix = integer(table, "radix", 2, kRadixMax);
  if (keys.radix && !keys.switch_box.empty()) table.problem("radix", "switch and radix are both given; write one of them");
  keys.scale_up_domain = integer(table, "scale_up_domain", 1, 100'000);
  if (const auto names = table.optional_strings("topologies")) {
    keys.topologies = *names;
    const std::string problem = unknown_topology(*names);
    if (!problem.empty()) table.problem("topologies", "topologies: " + problem);
  }
  keys.oversubscriptions = numbers(table, "oversubscription", 1, kOversubscriptionMax);
  keys.planes = whole_numbers(table, "planes", 2, 64);
  keys.tiers = whole_numbers(table, "tiers", 1, 3);
  keys.hop_latency = table.optional_quantity<Seconds>("hop_latency");
  keys.rail_cable = table.optional_choice("rail_cable", reach_names());
  keys.host_cable = table.optional_choice("host_cable", reach_names());
  if (const auto prices = table.optional_table("prices")) read_prices(*prices, keys);
  if (const auto power = table.optional_table("power")) {
    for (std::size_t i = 0; i < kFabricParts; ++i) keys.power[i] = positive<Watts>(*power, kFabricPartNames[i]);
  }
}

std::vector<ScenarioFlag> fabric_design_flags() {
  std::vector<ScenarioFlag> flags;
  for (FlagEntry& entry : flag_entries()) flags.push_back(std::move(entry.flag));
  return flags;
}

void apply_fabric_design_flags(const ScenarioFlags& flags, FabricDesignKeys& keys, Problems& problems) {
  for (const FlagEntry& entry : flag_entries()) {
    const auto found = flags.find(entry.flag.name);
    if (found == flags.end()) continue;
    const std::string problem = entry.set(keys, found->second);
    if (!problem.empty()) problems.add({{}, 0, 0, entry.flag.name, fmt::format("{} = \"{}\": {}", entry.flag.name, printable(found->second, 40), problem)});
  }
}

}  // namespace socle::api
