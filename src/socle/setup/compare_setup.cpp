#include "socle/setup/compare_setup.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/catalog/assumed_fact.hpp"
#include "socle/setup/export_day.hpp"

namespace socle::setup {
namespace {

// A chip beside itself says nothing, and two of its names are one chip.
void check_distinct(const catalog::Catalog& catalog, const std::vector<std::string>& names) {
  std::vector<std::string> slugs;
  for (const std::string& name : names) {
    const std::string slug = catalog.chip(name).slug;
    if (std::find(slugs.begin(), slugs.end(), slug) != slugs.end()) {
      throw InputError(Problem{
          {}, 0, 0, "chips", fmt::format("\"{}\" names the chip {} a second time; name each chip once", name, slug)});
    }
    slugs.push_back(slug);
  }
}

// The catalogue's node of a chip that is sold as such, so that NICs, power and price are a product's; bare chips
// otherwise.
scenario::ClusterSection cluster_of(const catalog::Catalog& catalog, const std::string& name, int count) {
  const catalog::Chip chip = catalog.chip(name);
  scenario::ClusterSection cluster;
  cluster.name = chip.name;
  for (const catalog::Node& node : catalog.nodes()) {
    const bool usable = catalog.chip(node.chip).slug == chip.slug && node.chips > 0 && count % node.chips == 0 &&
                        node.nics && node.nic_bandwidth;
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
  offer.price_per_node =
      (chip.price_usd ? Money{*chip.price_usd, Currency::kUsd} : Money{*chip.price_cny, Currency::kCny}) *
      offer.chips_per_node;
  assumptions.push_back(fmt::format("{}: the price is that of the bare chip ({}); host and network are not in it.",
                                    chip.name, chip.price_source));
}

}  // namespace

namespace {

std::vector<catalog::Chip> look_up(const catalog::Catalog& catalog, const std::vector<std::string>& names) {
  if (names.size() < 2) {
    throw InputError(
        Problem{{}, 0, 0, "chips", "a comparison needs two chips at least; write --chips h100-sxm,ascend-910b"});
  }
  Problems problems;
  std::vector<catalog::Chip> chips;
  for (const std::string& name : names) {
    try {
      chips.push_back(catalog.chip(name));
    } catch (const InputError& error) { problems.add(error.problems()); }
  }
  problems.throw_if_any();
  check_distinct(catalog, names);
  return chips;
}

std::optional<std::size_t> matched_chip(const catalog::Catalog& catalog, const CompareSetup& setup,
                                        const std::string& name) {
  if (name.empty()) return std::nullopt;
  const auto refuse = [](const std::string& why) -> InputError {
    return InputError(Problem{{}, 0, 0, "match", "--match: " + why});
  };
  std::string slug;
  try {
    slug = catalog.chip(name).slug;
  } catch (const InputError& error) { throw refuse(error.problems().front().message); }
  for (std::size_t i = 0; i < setup.chips.size(); ++i) {
    if (setup.chips[i].slug != slug) continue;
    if (setup.offers[i]) return i;
    throw refuse(slug + " cannot be compared; " + catalog::not_public(setup.chips[i]));
  }
  throw refuse(slug + " is none of the chips compared; write one of --chips");
}

}  // namespace

namespace {

// A fact of a chip that is not compared would act on nothing.
void check_assumed(const catalog::Catalog& catalog, const std::string& assume,
                   const std::vector<catalog::Chip>& chips) {
  Problems problems;
  for (const catalog::AssumedFact& fact : catalog::parse_assumed_facts(assume)) {
    const std::string slug = catalog.chip(fact.chip).slug;
    if (std::any_of(chips.begin(), chips.end(), [&](const catalog::Chip& chip) { return chip.slug == slug; })) continue;
    problems.add({{}, 0, 0, "assume", fmt::format("--assume: {} is none of the chips compared", slug)});
  }
  problems.throw_if_any();
}

}  // namespace

CompareSetup set_up_compare(const catalog::Catalog& catalog, const scenario::Scenario& scenario,
                            const CompareQuestion& question, const std::optional<std::string>& config) {
  const std::string day = export_day(question.day);
  CompareSetup setup{.plan = {},
                     .chips = look_up(catalog, question.chips),
                     .offers = {},
                     .count = question.count.value_or(kCompareCount),
                     .match = {},
                     .day = day};
  if (!question.assume.empty()) check_assumed(catalog, question.assume, setup.chips);
  std::vector<scenario::ClusterSection> clusters;
  for (const catalog::Chip& chip : setup.chips) {
    const bool known = catalog::missing_facts(chip).empty();
    setup.offers.push_back(known ? std::optional(clusters.size()) : std::nullopt);
    if (!known) continue;
    clusters.push_back(cluster_of(catalog, chip.slug, setup.count));
    if (scenario.cluster) clusters.back().stack = scenario.cluster->stack;
  }
  if (clusters.empty()) {
    throw InputError(Problem{{},
                             0,
                             0,
                             "chips",
                             "of none of these chips are the facts public that a comparison needs; add one, or "
                             "suppose them: --assume CHIP.memory=\"64 GB\",CHIP.memory_bandwidth=..."});
  }
  setup.plan = set_up_offers(catalog, scenario, clusters, config);
  setup.match = matched_chip(catalog, setup, question.match);
  // A bare chip's price beside whole nodes' would flatter it.
  std::vector<search::Offer>& offers = setup.plan.offers;
  const bool nodes_priced =
      std::any_of(offers.begin(), offers.end(), [](const search::Offer& o) { return o.price_per_node.has_value(); });
  for (std::size_t i = 0; i < setup.chips.size() && !nodes_priced; ++i) {
    if (setup.offers[i]) price_bare_chip(setup.chips[i], offers[*setup.offers[i]], setup.plan.assumptions);
  }
  return setup;
}

}  // namespace socle::setup
