#include "socle/scenario/fabric_section.hpp"

#include "socle/scenario/values.hpp"

namespace socle::scenario {
namespace {

using Section = FabricSection;
using Count = std::optional<std::uint32_t> Section::*;

constexpr std::uint32_t kMany = 4'000'000;
constexpr std::uint32_t kSeedMax = 2'000'000'000;
constexpr AtMost<Seconds> kLatencyMost{Seconds{10.0}, "10 s"};  // as a cable's in a file; far beyond a satellite
constexpr AtMost<Seconds> kEventMost{Seconds{20.0 * 86400.0}, "20 days"};
constexpr Questions kSimulated{Question::kTrain, Question::kSimulate};
constexpr Questions kSimulateOnly{Question::kSimulate};
constexpr Questions kDesignOnly{Question::kDesign};
constexpr Questions kNetworks{Question::kTrain, Question::kSimulate, Question::kDesign};

KeyFacts facts(const char* name, const char* flag, const char* value, const char* help,
               Questions questions = kSimulated) {
  return {.section = "fabric", .name = name, .flag = flag, .value = value, .help = help, .questions = questions};
}

Key<Section> count(KeyFacts about, Count member, std::uint32_t least, std::uint32_t most) {
  return integer_key<Section>(std::move(about), member, least, most);
}

Key<Section> hosts_key() {
  Key<Section> key =
      count(common(facts("hosts", "--hosts", "N", "Hosts; default: the nodes of the cluster", kNetworks)),
            &Section::hosts, 1, kMany);
  key.read = [read = std::move(key.read)](const TomlTable& table, const std::string& name, Section& section) {
    read(table, name, section);
    section.hosts_at = table.position(name);
  };
  key.set = [set = std::move(key.set)](const std::string& text, Section& section) {
    section.hosts_at = {};
    return set(text, section);
  };
  return key;
}

Key<Section> radix_key() {
  Key<Section> key =
      count(common(facts("radix", "--radix", "N",
                         "Ports of a switch at the speed of the link; default 64, for design those of the catalogue's "
                         "boxes",
                         kNetworks)),
            &Section::radix, 2, 1024);
  key.set = [set = std::move(key.set)](const std::string& text, Section& section) {
    section.switch_box = {};
    return set(text, section);
  };
  return key;
}

Key<Section> switch_key() {
  KeyFacts about =
      common(facts("switch", "--switch", "NAME",
                   "Switch box of the catalogue, or a generation such as 51.2T; default: the cheapest for each fabric",
                   kDesignOnly));
  about.instead_of = {"radix"};
  Key<Section> key = name_key<Section>(std::move(about), &Section::switch_box, "MQM9700");
  key.set = [set = std::move(key.set)](const std::string& text, Section& section) {
    section.radix.reset();
    return set(text, section);
  };
  return key;
}

Key<Section> torus_key() {
  Key<Section> key = numbers_key<std::uint32_t, Section>(
      facts("torus", "--torus", "X,Y,Z", "torus: routers along each dimension, two or three; default: the most cubic"),
      &Section::torus, 1, 4096, 3, 2);
  key.facts.example = "[8, 8, 8]";
  return key;
}

std::vector<Key<Section>> shape_keys(const Vocabulary& vocabulary) {
  KeyFacts file = facts("file", "--fabric-file", "FILE", "Your own network: cables as CSV or TOML");
  file.other_names = {"topology_file"};
  file.other_flags = {"--topology-file"};
  return {
      word_key<Section>(common(facts("topology", "--topology", "NAME", "Topology; default fat-tree")),
                        &Section::topology, vocabulary.topologies),
      name_key<Section>(std::move(file), &Section::file, "cables.csv"),
      texts_key<Section>(facts("endpoints", "--endpoints", "LIST",
                               "Endpoints of cables in a CSV, by name or pattern: \"h*, login-0\""),
                         &Section::endpoints, "names or patterns", "[\"h*\"]",
                         [](const std::vector<std::string>& names) {
                           return names.empty() ? std::string("it names none; write such as [\"h*\"]") : std::string();
                         }),
      hosts_key(),
      count(common(facts("nics", "--nics", "N", "NICs of one host, one for each rail; default: the cluster's, else 8",
                         kNetworks)),
            &Section::nics, 1, 1024),
      radix_key(),
      quantity_key<BytesPerSecond, Section>(
          common(facts("link", "--link", "RATE", "One NIC, such as \"400 Gb/s\"; default: the cluster's, else 400 Gb/s",
                       kNetworks)),
          &Section::link),
      numbers_key<std::uint32_t, Section>(
          facts("tiers", "--tiers", "N,..", "Fat trees: tiers of switches; default: the fewest, for design 2,3",
                kNetworks),
          &Section::tiers, 1, 3),
      numbers_key<double, Section>(facts("oversubscription", "--oversubscription", "X,..",
                                         "Downlinks over uplinks of a leaf; default 1", kNetworks),
                                   &Section::oversubscriptions, 1.0, 1000.0),
      numbers_key<std::uint32_t, Section>(
          facts("planes", "--planes", "N,..", "multi-plane: ports a NIC is split into; default 2, for design 2,8",
                kNetworks),
          &Section::planes, 2, 64),
      count(facts("groups", "--groups", "N", "dragonfly, dragonfly+: groups; default: as many as needed"),
            &Section::groups, 2, kMany),
      count(facts("group_routers", "--group-routers", "N", "dragonfly: routers of a group; default: balanced"),
            &Section::group_routers, 2, 4096),
      count(facts("router_endpoints", "--router-endpoints", "N", "dragonfly, slim-fly, torus: endpoints of a router"),
            &Section::router_endpoints, 1, 4096),
      count(facts("field", "--field", "Q", "slim-fly: order of its field; default: the smallest that holds"),
            &Section::field, 3, 1024),
      torus_key(),
      quantity_key<Seconds, Section>(
          facts("hop_latency", "--hop-latency", "TIME",
                "One link and the switch behind it; default 1 us, for design the switch's", kNetworks),
          &Section::hop_latency, Zero::kAllowed, kLatencyMost),
      count(facts("scale_up_domain", "--scale-up-domain", "N", "Endpoints that share a scale-up fabric; 1 = none",
                  kNetworks),
            &Section::scale_up_domain, 1, kMany),
      quantity_key<BytesPerSecond, Section>(
          facts("scale_up", "--scale-up", "RATE", "One endpoint into its scale-up fabric, such as \"450 GB/s\""),
          &Section::scale_up),
      boolean_key<Section>(facts("rail_forwarding", "--rail-forwarding", "BOOL",
                                 "To another rail: over the scale-up fabric first (PXN)"),
                           &Section::rail_forwarding),
  };
}

std::vector<Key<Section>> use_keys(const Vocabulary& vocabulary) {
  KeyFacts failed = common(facts("failed", "--failed", "LIST", "What has failed: \"leaf 3, cable 17, endpoint 5\""));
  failed.other_names = {"fail"};
  failed.other_flags = {"--fail"};
  return {
      name_key<Section>(
          common(facts("transport", "--transport", "NAME",
                       "How messages cross a NIC: infiniband, roce, efa, gpudirect-tcpx, gpudirect-tcpxo, "
                       "hccs or tcp; default: the node's, else infiniband")),
          &Section::transport, "gpudirect-tcpx"),
      real_key<Section>(facts("efficiency", "--efficiency", "X",
                              "Share of a link that messages reach; default: the transport's, 1 without a cluster"),
                        &Section::efficiency, 0.01, 1.0),
      quantity_key<Seconds, Section>(facts("software_latency", "--software-latency", "TIME",
                                           "Of each message; default 0, 8 us less 6 hops for clusters"),
                                     &Section::software_latency, Zero::kAllowed, kLatencyMost),
      word_key<Section>(
          common(facts("routing", "--routing", "KIND", "How messages find their way; default deterministic")),
          &Section::routing, vocabulary.routings),
      count(facts("seed", "--seed", "N", "Of hashes, permutations and scattered placement; default 1"), &Section::seed,
            0, kSeedMax),
      count(facts("queue_pairs", "--queue-pairs", "N",
                  "Connections of each message; default 1, the planes for multi-plane"),
            &Section::queue_pairs, 1, 256),
      texts_key<Section>(std::move(failed), &Section::failed, "parts by name", "[\"leaf 3\", \"cable 17\"]",
                         [](const auto&) { return std::string(); }),
      quantity_key<Seconds, Section>(
          facts("fail_at", "--fail-at", "TIME", "It fails then; default: before the run", kSimulateOnly),
          &Section::fail_at, Zero::kAllowed, kEventMost),
      quantity_key<Seconds, Section>(facts("reroute_after", "--reroute-after", "TIME",
                                           "From a failure until traffic has other ways; default 1 s", kSimulateOnly),
                                     &Section::reroute_after, Zero::kAllowed, kEventMost),
      word_key<Section>(facts("network", "--network", "KIND", "Closed forms (default), or flows on the true topology",
                              {Question::kTrain}),
                        &Section::network, {"closed-form", "flow"}),
      word_key<Section>(facts("placement", "--placement", "KIND", "Of nodes on hosts; default packed"),
                        &Section::placement, {"packed", "interleaved", "scattered", "compare"}),
      count(facts("jobs", "--jobs", "N", "Equal jobs side by side on the fabric; default 1"), &Section::jobs, 1, 1000),
  };
}

std::vector<Key<Section>> design_keys(const Vocabulary& vocabulary) {
  const auto check_topologies = [known = vocabulary.topologies](const std::vector<std::string>& given) -> std::string {
    if (given.empty()) return fmt::format("it names none; write some of {}", fmt::join(known, ", "));
    for (const std::string& name : given) {
      if (std::find(known.begin(), known.end(), name) != known.end()) continue;
      return fmt::format("\"{}\" is no topology; write some of {}{}", name, fmt::join(known, ", "),
                         did_you_mean(name, known));
    }
    return {};
  };
  return {
      count(facts("rails", "--rails", "N",
                  "NICs that are numbered alike in every host; default: all of a host's, groups of 8 at most beyond 16",
                  kDesignOnly),
            &Section::rails, 1, 1024),
      switch_key(),
      texts_key<Section>(
          common(facts("topologies", "--topologies", "LIST", "Topologies to try; default: all", kDesignOnly)),
          &Section::topologies, "names of topologies", "[\"fat-tree\", \"rail-only\"]", check_topologies),
      word_key<Section>(facts("rail_cable", "--rail-cable", "REACH",
                              "Cable from a host to a leaf of one rail; default row", kDesignOnly),
                        &Section::rail_cable, vocabulary.reaches),
      word_key<Section>(facts("host_cable", "--host-cable", "REACH",
                              "Cable from a host to any other switch; default rack", kDesignOnly),
                        &Section::host_cable, vocabulary.reaches),
  };
}

constexpr std::array<const char*, kFabricParts> kPriceFlags{"--switch-price", "--rack-cable-price", "--row-cable-price",
                                                            "--hall-cable-price", "--nic-price"};
constexpr std::array<const char*, kFabricParts> kPowerFlags{"--switch-power", "--rack-cable-power", "--row-cable-power",
                                                            "--hall-cable-power", "--nic-power"};
constexpr std::array<const char*, kFabricParts> kPartWords{
    "one switch", "one cable inside a rack", "one cable inside a row", "one cable across the hall", "one NIC"};

std::vector<Key<Section>> price_keys() {
  const auto about = [](const char* name, const char* flag, const char* value, std::string help) {
    return KeyFacts{.section = "fabric.prices",
                    .name = name,
                    .flag = flag,
                    .value = value,
                    .help = std::move(help),
                    .questions = kDesignOnly};
  };
  std::vector<Key<Section>> keys{
      name_key<Section>(about("list", "--prices", "LIST", "Price list of the catalogue; default: prices of parts"),
                        &Section::price_list, "isca-2025"),
      text_key<Section>(about("date", "--price-date", "DATE", "Date of the prices given here"), &Section::price_date,
                        "a date", "2026-06-30"),
      text_key<Section>(about("source", "--price-source", "TEXT", "Source of the prices given here"),
                        &Section::price_source, "a text", "quote of a vendor")};
  for (std::size_t i = 0; i < kFabricParts; ++i) {
    const auto field = [i](Section& section) -> std::optional<Money>& { return section.prices[i]; };
    keys.push_back(quantity_key<Money, Section>(
        about(kFabricPartNames[i], kPriceFlags[i], "AMOUNT", fmt::format("Price of {}", kPartWords[i])), field));
  }
  return keys;
}

std::vector<Key<Section>> power_keys() {
  std::vector<Key<Section>> keys;
  for (std::size_t i = 0; i < kFabricParts; ++i) {
    const auto field = [i](Section& section) -> std::optional<Watts>& { return section.power[i]; };
    keys.push_back(quantity_key<Watts, Section>({.section = "fabric.power",
                                                 .name = kFabricPartNames[i],
                                                 .flag = kPowerFlags[i],
                                                 .value = "POWER",
                                                 .help = fmt::format("Power of {}", kPartWords[i]),
                                                 .questions = kDesignOnly},
                                                field));
  }
  return keys;
}

std::vector<Key<Section>> own_keys(const Vocabulary& vocabulary) {
  std::vector<Key<Section>> keys = shape_keys(vocabulary);
  for (auto part : {use_keys(vocabulary), design_keys(vocabulary)}) keys.insert(keys.end(), part.begin(), part.end());
  return keys;
}

}  // namespace

std::vector<Key<Section>> fabric_keys(const Vocabulary& vocabulary) {
  std::vector<Key<Section>> keys = own_keys(vocabulary);
  for (auto part : {price_keys(), power_keys()}) keys.insert(keys.end(), part.begin(), part.end());
  return keys;
}

void read_fabric(const TomlTable& table, const Vocabulary& vocabulary, FabricSection& section) {
  read_keys(table, own_keys(vocabulary), section);
  if (const auto prices = table.optional_table("prices")) read_keys(*prices, price_keys(), section);
  if (const auto power = table.optional_table("power")) read_keys(*power, power_keys(), section);
}

}  // namespace socle::scenario
