#include "socle/catalog/failure_fleet.hpp"

#include <fmt/format.h>

#include "socle/base/toml_reader.hpp"

namespace socle::catalog {
namespace {

constexpr double kDay = 86400, kHour = 3600;
constexpr std::int64_t kPartsMax = 100'000'000;

const std::vector<std::string>& part_names() {
  static const std::vector<std::string> names = {"chip", "node", "link"};
  return names;
}

const std::vector<std::string>& group_names() {
  static const std::vector<std::string> names = {"chip",    "memory",   "network", "host",   "power",
                                                 "storage", "software", "silent",  "unknown"};
  return names;
}

void read_repair(const TomlTable& table, FailureClass& failure) {
  failure.repair_median = table.optional_quantity<Seconds>("repair_median");
  failure.repair_mean = table.optional_quantity<Seconds>("repair_mean");
  if (failure.repair_median.has_value() != failure.repair_mean.has_value())
    table.problem("repair_median", "repair_median and repair_mean are given together: a tail needs both");
  else if (failure.repair_median &&
           !(*failure.repair_median > Seconds{} && *failure.repair_mean >= *failure.repair_median))
    table.problem("repair_mean", "repairs take some time, and their mean is at least their median");
}

/// A rate is counted over the fleet's time, or published per million hours of a part.
PerSecond read_rate(const TomlTable& table, const FailureFleet& fleet, FailureClass& failure) {
  failure.count = table.optional_integer("count", 1, kPartsMax);
  const std::optional<double> published = table.optional_real("per_million_hours", 1e-9, 1e6);
  if (failure.count.has_value() == published.has_value()) {
    table.problem("count", "give either the count of the fleet's time or per_million_hours of one part");
    return PerSecond{};
  }
  if (published) return PerSecond{*published * 1e-6 / kHour};
  const double parts = static_cast<double>(fleet.chips) /
                       (failure.per == FailingPart::kNode ? static_cast<double>(fleet.chips_per_node) : 1.0);
  return PerSecond{static_cast<double>(*failure.count) / (parts * fleet.days * kDay)};
}

FailureClass read_class(const TomlTable& table, const FailureFleet& fleet) {
  FailureClass failure;
  failure.name = table.required_string("name");
  if (const auto group = table.optional_choice("group", group_names()))
    failure.group = group_names()[static_cast<std::size_t>(*group)];
  else if (!table.has("group"))
    table.problem("group", "every class has a group");
  failure.per = static_cast<FailingPart>(table.optional_choice("per", part_names()).value_or(0));
  failure.rate = read_rate(table, fleet, failure);
  failure.node_lost = table.optional_real("node_lost", 0.0, 1.0).value_or(1.0);
  failure.nodes_hit = static_cast<int>(table.optional_integer("nodes_hit", 1, 100000).value_or(1));
  failure.unnoticed = table.optional_quantity<Seconds>("unnoticed").value_or(Seconds{});
  read_repair(table, failure);
  failure.doubt = table.string_or("doubt", "");
  return failure;
}

FailureFleet parse(std::string_view text, const std::string& source, std::string slug) {
  const TomlDocument document = TomlDocument::parse(text, source);
  const TomlTable root = document.root();
  FailureFleet fleet;
  fleet.slug = std::move(slug);
  fleet.name = root.required_string("name");
  root.ignore("aliases");
  fleet.chip = root.string_or("chip", "");
  fleet.chips = root.required_integer("chips", 1, kPartsMax);
  fleet.chips_per_node = root.optional_integer("chips_per_node", 1, 100000).value_or(8);
  fleet.days = root.required_real("days", 0.01, 100000);
  fleet.date = root.required_string("date");
  fleet.grade = root.required_string("grade");
  fleet.planned_per_day = root.optional_real("planned_per_day", 0.0, 1e4).value_or(0.0);
  fleet.rate_low = root.optional_real("rate_low", 0.001, 1.0);
  fleet.rate_high = root.optional_real("rate_high", 1.0, 1000.0);
  fleet.range_source = root.string_or("range_source", "");
  if (fleet.rate_low.has_value() != fleet.rate_high.has_value())
    root.problem("rate_low", "rate_low and rate_high are given together");
  for (const TomlTable& table : root.tables("class")) fleet.classes.push_back(read_class(table, fleet));
  for (const TomlTable& table : root.tables("observed"))
    fleet.observed.push_back({table.required_integer("chips", 1, kPartsMax), table.required_quantity<Seconds>("mtti"),
                              table.string_or("note", "")});
  if (fleet.classes.empty()) root.problem("class", "a fleet has at least one [[class]]");
  fleet.provenance.source = root.required_string("source");
  fleet.provenance.confidence = root.string_or("confidence", "reported");
  fleet.provenance.checked = root.string_or("checked", "");
  fleet.provenance.notes = root.string_or("notes", "");
  document.finish();
  return fleet;
}

std::string path_of(std::string_view slug) { return fmt::format("failures/{}.toml", slug); }

}  // namespace

FailureFleet load_failure_fleet(const Catalog& catalog, std::string_view name) {
  const std::string slug = catalog.slug_of("failures", name);
  return parse(catalog.text_of(path_of(slug)), catalog.source_of(path_of(slug)), slug);
}

std::vector<FailureFleet> load_failure_fleets(const Catalog& catalog) {
  constexpr std::string_view kFolder = "failures/", kSuffix = ".toml";
  std::vector<FailureFleet> fleets;
  for (const std::string& path : catalog.paths_under(kFolder))
    fleets.push_back(
        load_failure_fleet(catalog, path.substr(kFolder.size(), path.size() - kFolder.size() - kSuffix.size())));
  return fleets;
}

std::string grade_text(const FailureFleet& fleet) { return fmt::format("{}, {}", fleet.grade, fleet.date); }

}  // namespace socle::catalog
