#include "socle/api/compare_api.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

#include <fmt/format.h>

#include "socle/api/offers.hpp"
#include "socle/base/error.hpp"
#include "socle/report/compare_report.hpp"

namespace socle::api {
namespace {

// Rules change by date; without one, all that is in force on the newest date that the catalogue knows.
constexpr const char* kNewestRules = "2026-06-30";

// "2026-06-30", a day of the calendar.
void check_day(const std::string& day) {
  int parts[3] = {};
  const int at[3] = {0, 5, 8}, width[3] = {4, 2, 2};
  bool legal = day.size() == 10 && day[4] == '-' && day[7] == '-';
  for (int i = 0; legal && i < 3; ++i) {
    const char* from = day.data() + at[i];
    const auto [end, error] = std::from_chars(from, from + width[i], parts[i]);
    legal = error == std::errc{} && end == from + width[i] && *from != '-';
  }
  using namespace std::chrono;
  const year_month_day date{year{parts[0]}, month{static_cast<unsigned>(parts[1])}, std::chrono::day{static_cast<unsigned>(parts[2])}};
  if (legal && date.ok()) return;
  throw InputError(Problem{{}, 0, 0, "day", fmt::format("--day = \"{}\": write a day of the calendar as YYYY-MM-DD, such as {}", day, kNewestRules)});
}

// A chip beside itself says nothing, and two of its names are one chip.
void check_distinct(const catalog::Catalog& catalog, const std::vector<std::string>& names) {
  std::vector<std::string> slugs;
  for (const std::string& name : names) {
    const std::string slug = catalog.chip(name).slug;
    if (std::find(slugs.begin(), slugs.end(), slug) != slugs.end()) {
      throw InputError(Problem{{}, 0, 0, "chips", fmt::format("\"{}\" names the chip {} a second time; name each chip once", name, slug)});
    }
    slugs.push_back(slug);
  }
}

// The catalogue's node of a chip that is sold as such, so that NICs, power and price are a product's; bare chips otherwise.
ScenarioCluster cluster_of(const catalog::Catalog& catalog, const std::string& name, int count) {
  const catalog::Chip chip = catalog.chip(name);
  ScenarioCluster cluster;
  cluster.name = chip.name;
  for (const catalog::Node& node : catalog.nodes()) {
    const bool usable = catalog.chip(node.chip).slug == chip.slug && node.chips > 0 && count % node.chips == 0 && node.nics && node.nic_bandwidth;
    const bool grey_market = node.slug.find("-cn-") != std::string::npos;
    if (usable && !grey_market) {
      cluster.node.text = node.slug;
      cluster.nodes = count / node.chips;
      return cluster;
    }
  }
  cluster.chip.text = chip.slug;
  cluster.chips = count;
  return cluster;
}

// A street price per chip serves where no node price is known.
void price_bare_chip(const catalog::Chip& chip, search::Offer& offer, std::vector<std::string>& assumptions) {
  if (offer.price_per_node || offer.rent_per_chip_hour || (!chip.price_usd && !chip.price_cny)) return;
  offer.price_per_node = (chip.price_usd ? Money{*chip.price_usd, Currency::kUsd} : Money{*chip.price_cny, Currency::kCny}) * offer.chips_per_node;
  assumptions.push_back(fmt::format("{}: the price is that of the bare chip ({}); host and network are not in it.", chip.name, chip.price_source));
}

report::ComparedChip compared(const catalog::Chip& chip, const search::Offer& offer, search::PlannedOffer planned, const std::string& day) {
  report::ComparedChip result{.name = chip.name, .planned = std::move(planned), .price_per_chip = {}, .tpp = {}, .performance_density = {}, .exports = {}};
  if (result.planned.best) result.tokens_per_second = (result.planned.best->step.tokens / result.planned.best->step.step_time).value();
  result.power_per_chip = offer.power_per_node / offer.chips_per_node;
  result.rented = offer.rent_per_chip_hour.has_value();
  if (offer.rent_per_chip_hour) result.price_per_chip = offer.rent_per_chip_hour;
  else if (offer.price_per_node) result.price_per_chip = *offer.price_per_node / offer.chips_per_node;
  result.tpp = catalog::total_performance(chip);
  result.performance_density = catalog::performance_density(chip);
  result.exports = catalog::export_classes(chip, day);
  return result;
}

}  // namespace

CompareAnswer compare(const catalog::Catalog& catalog, const CompareRequest& request) {
  if (request.chips.size() < 2) {
    throw InputError(Problem{{}, 0, 0, "chips", "a comparison needs two chips at least; write --chips h100-sxm,ascend-910b"});
  }
  if (!request.day.empty()) check_day(request.day);
  const Scenario scenario = read_scenario(request.scenario_text, request.scenario_name, request.flags);
  std::optional<std::string> config;
  if (!scenario.model.config.empty()) config = request.read_file(scenario.model.config.text);
  Problems problems;
  std::vector<ScenarioCluster> clusters;
  for (const std::string& name : request.chips) {
    try {
      clusters.push_back(cluster_of(catalog, name, request.count));
      if (scenario.cluster) clusters.back().stack = scenario.cluster->stack;
    } catch (const InputError& error) {
      problems.add(error.problems());
    }
  }
  problems.throw_if_any();
  check_distinct(catalog, request.chips);
  OfferSetup setup = set_up_offers(catalog, scenario, clusters, config);
  // A bare chip's price beside whole nodes' would flatter it.
  const bool nodes_priced = std::any_of(setup.offers.begin(), setup.offers.end(), [](const search::Offer& o) { return o.price_per_node.has_value(); });
  for (std::size_t i = 0; i < setup.offers.size() && !nodes_priced; ++i) price_bare_chip(catalog.chip(request.chips[i]), setup.offers[i], setup.assumptions);
  const std::string day = request.day.empty() ? kNewestRules : request.day;
  const search::Plan planned = search::plan(setup.model, setup.job, scenario.layout, setup.offers, setup.limits, request.threads);
  report::CompareReport result{.title = fmt::format("{}, {}, sequence {}, global batch {}: {} chips of each kind", setup.model.name, setup.precision,
                                                    setup.job.sequence_length, setup.job.global_batch, request.count),
                               .day = day, .chips = {}, .assumptions = std::move(setup.assumptions), .doubts = std::move(setup.doubts)};
  bool feasible = true;
  for (std::size_t i = 0; i < setup.offers.size(); ++i) {
    result.chips.push_back(compared(catalog.chip(request.chips[i]), setup.offers[i], planned.offers[i], day));
    feasible = feasible && planned.offers[i].best.has_value();
  }
  // Money compares within one currency only.
  const auto& base = result.chips.front().price_per_chip;
  for (report::ComparedChip& chip : result.chips) {
    if (chip.price_per_chip && base && chip.price_per_chip->currency != base->currency) chip.price_per_chip.reset();
  }
  std::string flags = fmt::format("--count {}\n", request.count);
  for (const std::string& chip : request.chips) flags += "--chips " + chip + "\n";
  for (const auto& [name, value] : request.flags) flags += name + " " + value + "\n";
  std::vector<report::InputText> inputs{{"flags", flags}};
  if (!request.scenario_name.empty()) inputs.push_back({request.scenario_name, request.scenario_text});
  return {feasible, request.json ? report::compare_json(result, inputs).dump() + "\n" : report::compare_text(result)};
}

}  // namespace socle::api
