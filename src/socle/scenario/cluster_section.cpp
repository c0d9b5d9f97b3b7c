#include "socle/scenario/cluster_section.hpp"

#include "socle/scenario/values.hpp"

namespace socle::scenario {
namespace {

using Section = ClusterSection;

constexpr int kNodesMax = 1'000'000;
constexpr int kChipsMax = 10'000'000;
constexpr int kNicsMax = 1024;
constexpr int kDomainMax = 100'000;
constexpr double kOversubscriptionMax = 1000.0;
constexpr double kPowerCapLeast = 0.3;
/// A comparison makes its clusters from chips: only the stack acts on it.
constexpr Questions kOnMachines{Question::kTrain,    Question::kPlan, Question::kDesign,
                                Question::kSimulate, Question::kCost, Question::kRisk};
/// What is served needs to know the machine as well.
constexpr Questions kServed{Question::kTrain,     Question::kPlan,     Question::kDesign,
                            Question::kSimulate,  Question::kServeFit, Question::kServe,
                            Question::kServeEmit, Question::kCost,     Question::kRisk};
/// Money belongs to runs; what serves is rented by the hour.
constexpr Questions kPriced{Question::kTrain, Question::kPlan, Question::kCost};
constexpr Questions kRented{Question::kTrain, Question::kPlan, Question::kServe, Question::kCost, Question::kRisk};

KeyFacts facts(const char* name, const char* flag, const char* value, const char* help,
               Questions questions = kOnMachines) {
  return {.section = "cluster", .name = name, .flag = flag, .value = value, .help = help, .questions = questions};
}

KeyFacts instead_of(std::vector<std::string> names, KeyFacts about) {
  about.instead_of = std::move(names);
  return about;
}

// Another machine brings its own network and prices: only what is no part of the hardware stays.
void replace_machine(Section& section) {
  Section after;
  after.nodes = section.nodes;
  after.chips = section.chips;
  after.stack = section.stack;
  after.power_cap = section.power_cap;
  section = std::move(after);
}

/// Sets a key from a flag after the section was made ready for it.
Key<Section> prepared(Key<Section> key, void (*prepare)(Section&)) {
  key.set = [set = std::move(key.set), prepare](const std::string& text, Section& section) {
    prepare(section);
    return set(text, section);
  };
  return key;
}

Key<Section> node_and_count_key() {
  KeyFacts about =
      common(facts("", "--cluster", "NODE:COUNT", "Nodes of the catalogue and how many, such as hgx-h100:16", kServed));
  about.accepts = "a node and a count, such as hgx-h100:16";
  about.instead_of = {"node", "nodes", "chip", "chips"};
  const auto set = [](const std::string& text, Section& section) {
    const std::size_t colon = text.rfind(':');
    std::optional<int> nodes;
    if (colon == std::string::npos || colon == 0 || !parse_whole(text.substr(colon + 1), 1, kNodesMax, nodes).empty()) {
      return fmt::format("write NODE:COUNT with 1 to {} nodes, such as hgx-h100:16", kNodesMax);
    }
    replace_machine(section);
    section.node = {text.substr(0, colon), {}};
    section.nodes = nodes;
    section.chips.reset();
    return std::string();
  };
  return {std::move(about), {}, set};
}

Key<Section> slice_key() {
  KeyFacts about =
      facts("slice", "--slice", "XxYxZ", "Chips along each side of a slice, where links make a torus (TPU)");
  about.accepts = "sides such as \"4x4x8\"";
  about.instead_of = {"scale_up_domain"};
  about.example = first_quoted(about.accepts);
  return {std::move(about),
          [](const TomlTable& table, const std::string& name, Section& section) {
            const auto slice = table.optional_string(name);
            if (!slice) return;
            const auto sides = catalog::parse_slice_sides(*slice);
            if (!sides.value) table.problem(name, fmt::format("{} = \"{}\": {}", name, *slice, sides.problem));
            section.overrides.slice = sides.value;
          },
          [](const std::string& text, Section& section) {
            const auto sides = catalog::parse_slice_sides(text);
            section.overrides.slice = sides.value;
            section.overrides.scale_up_domain.reset();
            return sides.problem;
          }};
}

Key<Section> rent_key() {
  KeyFacts about =
      common(facts("rent", "--rent", "AMOUNT", "Rent of one chip, such as \"2.1 USD/chip-hour\"", kRented));
  about.accepts = "an amount such as \"2.1 USD/chip-hour\"";
  about.example = first_quoted(about.accepts);
  return {std::move(about),
          [](const TomlTable& table, const std::string& name, Section& section) {
            const auto rent = table.optional_string(name);
            if (!rent) return;
            const Parsed<Money> parsed = parse_rent(*rent);
            if (!parsed.value) table.problem(name, name + " = " + parsed.problem);
            section.rent_per_chip_hour = parsed.value;
          },
          [](const std::string& text, Section& section) {
            const Parsed<Money> parsed = parse_rent(text);
            if (parsed.value) section.rent_per_chip_hour = parsed.value;
            return parsed.problem;
          }};
}

/// A fact of the hardware that the user changes.
template <typename T>
auto override(T catalog::ClusterOverrides::*member) {
  return [member](Section& section) -> T& { return section.overrides.*member; };
}

std::vector<Key<Section>> machine_keys() {
  const auto forget_nodes = [](Section& section) { section.nodes.reset(); };
  const auto forget_chips = [](Section& section) { section.chips.reset(); };
  return {
      node_and_count_key(),
      prepared(name_key<Section>(facts("node", "--node", "NAME", "Nodes of the catalogue; with --nodes", kServed),
                                 &Section::node, "hgx-h100"),
               replace_machine),
      prepared(integer_key<Section>(facts("nodes", "--nodes", "N", "How many nodes", kServed), &Section::nodes, 1,
                                    kNodesMax),
               forget_chips),
      prepared(
          name_key<Section>(
              instead_of({"node"}, common(facts("chip", "--chip", "NAME",
                                                "Chip of the catalogue, in nodes of eight; with --chips", kServed))),
              &Section::chip, "h100-sxm"),
          replace_machine),
      prepared(
          integer_key<Section>(instead_of({"nodes"}, common(facts("chips", "--chips", "N", "How many chips", kServed))),
                               &Section::chips, 1, kChipsMax),
          forget_nodes)};
}

/// "80 GB" and "80 GiB" both mean the memory of an 80 GB chip.
Key<Section> memory_key() {
  Key<Section> key = quantity_key<Bytes, Section>(
      facts("memory", "--memory", "SIZE", "Memory of one chip; default: the chip's", kServed),
      override(&catalog::ClusterOverrides::memory));
  const auto settle = [](const std::string& text, Section& section) {
    std::optional<Bytes>& memory = section.overrides.memory;
    if (memory) memory = catalog::stated_memory(*memory, text);
  };
  key.read = [read = std::move(key.read), settle](const TomlTable& table, const std::string& name, Section& section) {
    read(table, name, section);
    settle(table.string_or(name, ""), section);
  };
  key.set = [set = std::move(key.set), settle](const std::string& text, Section& section) {
    const std::string problem = set(text, section);
    settle(text, section);
    return problem;
  };
  return key;
}

std::vector<Key<Section>> hardware_keys() {
  using Overrides = catalog::ClusterOverrides;
  return {quantity_key<BytesPerSecond, Section>(
              facts("nic", "--cluster-nic", "RATE", "One NIC of a node, such as \"400 Gb/s\"; default: the node's"),
              override(&Overrides::nic)),
          integer_key<Section>(facts("nics", "--cluster-nics", "N", "NICs of one node; default: the node's"),
                               override(&Overrides::nics), 1, kNicsMax),
          quantity_key<BytesPerSecond, Section>(
              instead_of({"nic", "nics"}, facts("nic_per_chip", "--nic-per-chip", "RATE",
                                                "One chip's share of the NICs, in place of both")),
              override(&Overrides::nic_per_chip)),
          quantity_key<BytesPerSecond, Section>(
              facts("scale_up", "--cluster-scale-up", "RATE", "One chip into its scale-up fabric; default: the chip's"),
              override(&Overrides::scale_up_bandwidth)),
          integer_key<Section>(facts("scale_up_domain", "--cluster-scale-up-domain", "N",
                                     "Chips that share a scale-up fabric; default: the node's"),
                               override(&Overrides::scale_up_domain), 1, kDomainMax),
          slice_key(),
          memory_key(),
          quantity_key<BytesPerSecond, Section>(facts("memory_bandwidth", "--memory-bandwidth", "RATE",
                                                      "Memory bandwidth of one chip; default: the chip's"),
                                                override(&Overrides::memory_bandwidth)),
          real_key<Section>(
              facts("power_cap", "--power-cap", "X", "Share of the chip's rated power that it may draw; default 1"),
              &Section::power_cap, kPowerCapLeast, 1.0)};
}

std::vector<Key<Section>> fabric_keys(const Vocabulary& vocabulary) {
  const auto about = [](const char* name, const char* flag, const char* value, const char* help) {
    KeyFacts of = facts(name, flag, value, help);
    of.section = "cluster.fabric";
    return of;
  };
  using Overrides = catalog::ClusterOverrides;
  std::vector<std::string> topologies = vocabulary.topologies;
  topologies.push_back(kLeafSpine);
  // Flags for NICs stand with the cluster's own keys of the same meaning.
  return {word_key<Section>(about("topology", "--cluster-topology", "NAME",
                                  "Topology between nodes; acts with network = \"flow\" and on simulations"),
                            &Section::topology, topologies),
          quantity_key<BytesPerSecond, Section>(about("nic", "", "", "As nic in [cluster]"), override(&Overrides::nic)),
          integer_key<Section>(about("nics", "", "", "As nics in [cluster]"), override(&Overrides::nics), 1, kNicsMax),
          real_key<Section>(about("oversubscription", "--cluster-oversubscription", "X",
                                  "Downlinks over uplinks of a leaf; default 1"),
                            override(&Overrides::oversubscription), 1.0, kOversubscriptionMax)};
}

std::vector<Key<Section>> price_keys() {
  return {name_key<Section>(
              {.section = "cluster",
               .name = "stack",
               .flag = "--stack",
               .value = "SLUG",
               .help = "Software stack of the catalogue; default: the middle of the plausible ones for the chip",
               .common = true},
              &Section::stack, "megatron-core-2025"),
          rent_key(),
          quantity_key<Money, Section>(
              facts("price", "--price", "AMOUNT", "Price of one node; default: the catalogue's", kPriced),
              &Section::price_per_node)};
}

void check_together(const TomlTable& table, bool candidate) {
  if (!table.has("node") && !table.has("chip"))
    table.problem("node", "node is missing; write node = \"hgx-h100\" or chip = \"h100-sxm\"");
  if (!candidate && !table.has("nodes") && !table.has("chips"))
    table.problem("nodes", "nodes is missing; write nodes = N, or chips = N");
}

}  // namespace

std::vector<Key<Section>> cluster_keys(const Vocabulary& vocabulary) {
  std::vector<Key<Section>> keys = machine_keys();
  for (auto part : {hardware_keys(), fabric_keys(vocabulary), price_keys()})
    keys.insert(keys.end(), part.begin(), part.end());
  return keys;
}

ClusterSection read_cluster(const TomlTable& table, const Vocabulary& vocabulary, bool candidate) {
  Section section;
  if (candidate) section.name = table.string_or("name", "");
  read_keys(table, machine_keys(), section);
  read_keys(table, hardware_keys(), section);
  if (const auto fabric = table.optional_table("fabric")) {
    for (const char* name : {"nic", "nics"}) {
      if (table.has(name) && fabric->has(name))
        fabric->problem(name, fmt::format("{} stands in [cluster] and in its fabric; write it once", name));
    }
    read_keys(*fabric, fabric_keys(vocabulary), section);
  }
  read_keys(table, price_keys(), section);
  check_together(table, candidate);
  return section;
}

Parsed<Money> parse_rent(std::string_view text) {
  constexpr std::string_view kUnit = "/chip-hour";
  if (!text.ends_with(kUnit)) {
    return {std::nullopt,
            fmt::format("\"{}\" is no rent; write an amount such as \"2.1 USD/chip-hour\"", text.substr(0, 40))};
  }
  Parsed<Money> amount = parse_unit_text<Money>(text.substr(0, text.size() - kUnit.size()));
  if (!amount.value) amount.problem += "/chip-hour";
  return amount;
}

}  // namespace socle::scenario
