#include "socle/setup/cluster_setup.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "socle/base/unit_text.hpp"
#include "socle/catalog/plausible_stacks.hpp"
#include "socle/catalog/stacks.hpp"
#include "socle/catalog/trust.hpp"
#include "socle/machine/machine_builder.hpp"

namespace socle::setup {
namespace {

constexpr int kChipsPerNode = 8;  // of bare chips (assumption)

Problem problem(const char* key, std::string message) { return {{}, 0, 0, key, std::move(message)}; }

int node_count(const scenario::ClusterSection& cluster, int chips_per_node) {
  if (cluster.nodes) return *cluster.nodes;
  const int chips = *cluster.chips;
  if (chips <= chips_per_node) return 1;
  if (chips % chips_per_node != 0) {
    throw InputError(problem(
        "chips", fmt::format("chips = {} is no whole number of nodes of {}; use {} or {}", chips, chips_per_node,
                             chips / chips_per_node * chips_per_node, (chips / chips_per_node + 1) * chips_per_node)));
  }
  return chips / chips_per_node;
}

// The stack that is stated, or every plausible one.
std::vector<catalog::Stack> candidate_stacks(const catalog::Catalog& catalog, const scenario::ClusterSection& cluster,
                                             const catalog::Chip& chip) {
  if (!cluster.stack.empty()) return {catalog::load_stack(catalog, cluster.stack.text)};
  return catalog::plausible_stacks(catalog::load_stacks(catalog), chip);
}

// Until a job tells them apart: the median by what multiplies most of the time.
std::size_t provisional(const std::vector<catalog::Stack>& stacks) {
  std::vector<std::pair<double, std::size_t>> order;
  for (std::size_t i = 0; i < stacks.size(); ++i) order.emplace_back(stacks[i].compute, i);
  std::sort(order.begin(), order.end());
  return order[(order.size() - 1) / 2].second;
}

catalog::Chip overridden(catalog::Chip chip, const catalog::ClusterOverrides& overrides) {
  if (overrides.memory) chip.memory = overrides.memory;
  if (overrides.memory_bandwidth) chip.memory_bandwidth = overrides.memory_bandwidth;
  if (overrides.scale_up_bandwidth) chip.scale_up_bandwidth = overrides.scale_up_bandwidth;
  return chip;
}

// Bandwidths that the user changed are no longer those that the chip's kernels were measured with.
machine::Machine with_overrides(machine::Machine machine, const catalog::ClusterOverrides& overrides,
                                std::vector<std::string>& assumptions) {
  if (!overrides.memory && !overrides.memory_bandwidth && !overrides.scale_up_bandwidth) return machine;
  machine::MachineSpec spec = machine.spec();
  spec.chip = overridden(spec.chip, overrides);
  if (!overrides.memory_bandwidth && !overrides.scale_up_bandwidth) return machine::Machine(spec, machine.kernels());
  assumptions.push_back(
      "A bandwidth was changed: measured kernel tables of the chip are set aside for the shape model on the changed "
      "datasheet.");
  return machine::Machine(spec, kernel::ChipKernels(spec.chip));
}

// The builder asks the catalogue for every fact; what the user supplies in its place is filled in here.
machine::Machine build_machine(const machine::MachineBuilder& builder, const machine::MachineRequest& request,
                               const catalog::Stack& stack, const catalog::ClusterOverrides& overrides,
                               std::vector<std::string>& assumptions) {
  const catalog::Chip& chip = builder.chip(request.chip);
  const catalog::Chip changed = overridden(chip, overrides);
  const bool supplied = (!chip.memory && changed.memory) || (!chip.memory_bandwidth && changed.memory_bandwidth);
  if (!supplied || !changed.memory || !changed.memory_bandwidth || !kernel::ChipKernels::supports_compute(changed)) {
    return with_overrides(builder.build(request, stack), overrides, assumptions);
  }
  assumptions.push_back(fmt::format("{}: facts that are not public were supplied by the user.", chip.name));
  machine::MachineSpec spec{
      .chip = changed,
      .calibration = catalog::load_calibration(builder.catalog(), chip),
      .stack = machine::widened_range(stack, {}, false, catalog::load_unseen_ranges(builder.catalog()).chip),
      .chips_per_node = request.chips_per_node,
      .scale_up_domain =
          request.scale_up_domain > 0 ? request.scale_up_domain : chip.scale_up_domain.value_or(request.chips_per_node),
      .slice = request.slice,
      .nic_per_chip = request.nic_per_chip.value_or(machine::usual_nic(chip)),
      .power_cap = request.power_cap};
  return machine::Machine(std::move(spec), kernel::ChipKernels(changed));
}

void note_chip_doubts(const catalog::Chip& chip, std::vector<std::string>& doubts) {
  using Words = std::initializer_list<std::string_view>;
  const auto note = [&](const char* fact, Words words) {
    if (catalog::doubtful(chip.provenance, words))
      doubts.push_back(fmt::format("{}: its {} (source: {}).", chip.name, fact, chip.provenance.source));
  };
  note("matrix peaks", {"bf16", "fp16", "peak", "peaks", "perf"});
  note("memory size", {"mem", "memory"});
  note("memory bandwidth", {"bw", "mem_bw", "bandwidth"});
  note("rated power", {"tdp", "power"});
  if (chip.torus && chip.torus->checked == "recall")
    doubts.push_back(
        fmt::format("{}: which sides of a slice close to rings, recall (source: {}).", chip.name, chip.torus->source));
}

void note_stack_doubts(const catalog::Stack& stack, std::vector<std::string>& doubts) {
  if (catalog::doubtful(stack.provenance, {"facts"})) {
    doubts.push_back(fmt::format("{}: facts of the stack, {} (source: {}).", stack.name, stack.provenance.confidence,
                                 stack.provenance.source));
  }
}

// One stack by name, many in one line.
void note_plausible_doubts(const std::vector<catalog::Stack>& stacks, std::vector<std::string>& doubts) {
  if (stacks.size() == 1) return note_stack_doubts(stacks.front(), doubts);
  const bool doubted = std::any_of(stacks.begin(), stacks.end(), [](const catalog::Stack& stack) {
    return catalog::doubtful(stack.provenance, {"facts"});
  });
  if (doubted) doubts.emplace_back("Facts of plausible software stacks (socle catalog stacks show NAME).");
}

void add_power(const catalog::Chip& chip, const std::optional<Watts>& node_power, int nodes, double power_cap,
               ClusterFacts& facts) {
  const double chips = facts.chips;
  const Watts capped_off = chip.tdp ? *chip.tdp * (chips * (1.0 - power_cap)) : Watts{};
  const char* cap = power_cap < 1.0 ? ", less the cap" : "";
  if (node_power) {
    facts.rated_power = *node_power * static_cast<double>(nodes) - capped_off;
    facts.power_basis = fmt::format("node power of the catalogue{}", cap);
  } else if (chip.tdp) {
    facts.rated_power = *chip.tdp * chips - capped_off;
    facts.power_basis = fmt::format("chip TDP x chips{}; hosts and network are not in it", cap);
  }
}

void add_price(const scenario::ClusterSection& cluster, const catalog::Node& node, int nodes, ClusterSetup& setup) {
  setup.facts.rent_per_chip_hour = cluster.rent_per_chip_hour;
  const char* life = "straight line over 5 years";
  if (cluster.price_per_node) {
    setup.facts.price = *cluster.price_per_node * nodes;
    setup.facts.price_basis = fmt::format("price as given, {}", life);
  } else if (node.price_usd || node.price_cny) {
    const Money price =
        node.price_usd ? Money{*node.price_usd, Currency::kUsd} : Money{*node.price_cny, Currency::kCny};
    setup.facts.price = price * nodes;
    setup.facts.price_basis = fmt::format("price of the catalogue, {}", life);
    setup.doubts.push_back(
        fmt::format("{}: price of a node, {} (source: {}).", node.name, format_money(price), node.price_source));
  }
}

struct Hardware {
  machine::MachineRequest request;
  int nodes = 0;
  std::optional<catalog::Node> node;
};

Hardware hardware_of_node(const catalog::Catalog& catalog, const scenario::ClusterSection& cluster,
                          std::vector<std::string>& assumptions) {
  const int chips_per_node = catalog.node(cluster.node.text).chips;
  const int nodes = node_count(cluster, chips_per_node);
  const catalog::Cluster made = catalog::make_cluster(catalog, cluster.node.text, nodes, cluster.overrides);
  for (const std::string& sentence : made.assumptions) assumptions.push_back(sentence + ".");
  Hardware hardware{.request = {.chip = made.chip.slug,
                                .chips_per_node = chips_per_node,
                                .scale_up_domain = made.scale_up_domain,
                                .slice = made.slice,
                                .nic_per_chip = {},
                                .power_cap = cluster.power_cap},
                    .nodes = nodes,
                    .node = made.hardware};
  if (made.nic_bandwidth_per_chip > BytesPerSecond{}) hardware.request.nic_per_chip = made.nic_bandwidth_per_chip;
  return hardware;
}

Hardware hardware_of_chip(const catalog::Catalog& catalog, const scenario::ClusterSection& cluster,
                          std::vector<std::string>& assumptions) {
  const catalog::Chip chip = catalog.chip(cluster.chip.text);
  const int nodes = node_count(cluster, kChipsPerNode);
  const catalog::ClusterOverrides& overrides = cluster.overrides;
  const int chips = cluster.chips.value_or(nodes * kChipsPerNode),
            domain = overrides.scale_up_domain.value_or(chip.scale_up_domain.value_or(kChipsPerNode));
  const auto slice = catalog::slice_of(chip, chips, domain, overrides);
  Hardware hardware{.request = {.chip = chip.slug,
                                .chips_per_node = kChipsPerNode,
                                .scale_up_domain = slice ? slice->chips() : overrides.scale_up_domain.value_or(0),
                                .slice = slice,
                                .nic_per_chip = overrides.nic_per_chip,
                                .power_cap = cluster.power_cap},
                    .nodes = nodes,
                    .node = {}};
  if (!overrides.nic_per_chip && overrides.nic)
    hardware.request.nic_per_chip =
        *overrides.nic * (overrides.nics.value_or(kChipsPerNode) / static_cast<double>(kChipsPerNode));
  assumptions.push_back(
      fmt::format("Bare chips stand in nodes of {}{}.", kChipsPerNode,
                  hardware.request.nic_per_chip
                      ? ""
                      : ", each chip with one NIC of its generation (400 Gb/s since 2022, 200 Gb/s before)"));
  return hardware;
}

}  // namespace

int nodes_of_two_domains(const catalog::Catalog& catalog, const scenario::ClusterSection& cluster) {
  std::optional<catalog::Node> node;
  if (!cluster.node.empty()) node = catalog.node(cluster.node.text);
  const catalog::Chip chip = catalog.chip(node ? node->chip : cluster.chip.text);
  const int chips_per_node = node ? node->chips : kChipsPerNode;
  const std::optional<int> known = node && node->scale_up_domain ? node->scale_up_domain : chip.scale_up_domain;
  const int domain = cluster.overrides.scale_up_domain.value_or(known.value_or(chips_per_node));
  // A slice that cannot be had is refused where it is cut.
  const auto& sides = cluster.overrides.slice;
  const auto slice = chip.torus && sides ? catalog::make_slice(*chip.torus, *sides, domain).value : std::nullopt;
  const int shared = slice ? slice->chips() : domain;
  return 2 * std::max(1, (shared + chips_per_node - 1) / chips_per_node);
}

ClusterSetup set_up_cluster(const catalog::Catalog& catalog, const scenario::ClusterSection& cluster) {
  std::vector<std::string> assumptions;
  Hardware hardware = cluster.node.empty() ? hardware_of_chip(catalog, cluster, assumptions)
                                           : hardware_of_node(catalog, cluster, assumptions);
  const double oversubscription = cluster.overrides.oversubscription;
  const machine::MachineBuilder builder(catalog);
  const catalog::Chip chip = builder.chip(hardware.request.chip);
  std::vector<catalog::Stack> stacks = candidate_stacks(catalog, cluster, chip);
  const std::size_t chosen = provisional(stacks);
  const catalog::Stack stack = stacks[chosen];
  machine::Machine machine = build_machine(builder, hardware.request, stack, cluster.overrides, assumptions);
  for (catalog::Stack& other : stacks) {
    std::vector<std::string> said;  // with the first
    other = build_machine(builder, hardware.request, other, cluster.overrides, said).stack();
  }
  if (oversubscription > 1.0) {
    machine::MachineSpec spec = machine.spec();
    spec.nic_per_chip /= oversubscription;
    machine = machine::Machine(spec, machine.kernels());
    assumptions.push_back(
        fmt::format("The fabric is oversubscribed {}:1, and all traffic between nodes is taken to cross that tier.",
                    format_number(oversubscription)));
  }
  if (!cluster.stack.empty()) stacks.clear();
  ClusterSetup setup{.machine = std::move(machine),
                     .plausible = std::move(stacks),
                     .facts = {},
                     .assumptions = std::move(assumptions),
                     .doubts = {}};
  const bool partial = cluster.chips && *cluster.chips < hardware.nodes * hardware.request.chips_per_node;
  setup.facts.chips = partial ? *cluster.chips : hardware.nodes * hardware.request.chips_per_node;
  setup.facts.name = hardware.node ? fmt::format("{} x {}", hardware.nodes, hardware.node->name)
                                   : fmt::format("{} x {}", setup.facts.chips, chip.name);
  add_power(chip, hardware.node ? hardware.node->power : std::nullopt, hardware.nodes, cluster.power_cap, setup.facts);
  note_chip_doubts(chip, setup.doubts);
  note_plausible_doubts(setup.plausible.empty() ? std::vector{stack} : setup.plausible, setup.doubts);
  add_price(cluster, hardware.node.value_or(catalog::Node{}), hardware.nodes, setup);
  return setup;
}

}  // namespace socle::setup
