#include "support/ask.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "socle/base/error.hpp"
#include "socle/base/json.hpp"
#include "socle/base/utf8.hpp"
#include "socle/machine/fabric_machine.hpp"

namespace socle::test {
namespace {

Text ask(const std::string& scenario, const Flags& flags = {}, bool json = false, unsigned threads = 1) {
  return design_text({.scenario = scenario, .flags = flags, .json = json, .threads = threads});
}

std::string message_of(const std::string& scenario, const Flags& flags = {}) {
  try {
    ask(scenario, flags);
  } catch (const InputError& error) { return error.what(); }
  ADD_FAILURE() << "no InputError";
  return {};
}

const Flags kFlags{{"--hosts", "32"}, {"--nics", "8"}, {"--link", "400 Gb/s"}};

const Json& of(const Json& document, const std::string& name) {
  for (const Json& c : document.find("candidates")->as_array()) {
    if (c.find("name")->as_string() == name) return c;
  }
  ADD_FAILURE() << "no " << name;
  return document;
}

TEST(FabricDesign, TextStaysWithinAHundredColumns) {
  for (const std::string& text : {ask("", kFlags).text, ask("", {{"--hosts", "2048"},
                                                                 {"--nics", "8"},
                                                                 {"--link", "400 Gb/s"},
                                                                 {"--topologies", "fat-tree,rail-only,multi-plane"}})
                                                            .text}) {
    for (std::size_t at = 0, end; at < text.size(); at = end + 1) {
      end = std::min(text.find('\n', at), text.size());
      EXPECT_LE(display_width(std::string_view(text).substr(at, end - at)), 100) << text.substr(at, end - at);
    }
  }
}

TEST(FabricDesign, JsonIsTheSameForAnyNumberOfThreads) {
  EXPECT_EQ(ask("", kFlags, true, 1).text, ask("", kFlags, true, 3).text);
}

TEST(FabricDesign, FlagsAndFileAskTheSameQuestion) {
  const Json by_flags = parse_json(ask("", kFlags, true).text, "flags");
  const Json by_file = parse_json(ask("[fabric]\nhosts = 32\nnics = 8\nlink = \"400 Gb/s\"\n", {}, true).text, "file");
  EXPECT_EQ(by_flags.find("candidates")->dump(), by_file.find("candidates")->dump());
  const Json by_cluster = parse_json(ask("[cluster]\nnode = \"hgx-h100\"\nnodes = 32\n", {}, true).text, "cluster");
  EXPECT_EQ(by_flags.find("candidates")->dump(), by_cluster.find("candidates")->dump());
}

TEST(FabricDesign, AListAndPricesGivenAreTold) {
  const std::string text = ask("[fabric]\nhosts = 32\nnics = 8\nlink = \"400 Gb/s\"\nradix = 64\n[fabric.prices]\nlist "
                               "= \"isca-2025\"\nswitch = \"30000 USD\"\ndate = \"2026-02\"\nsource = \"quote 7\"\n")
                               .text;
  EXPECT_NE(text.find("2026-02"), std::string::npos);
  EXPECT_NE(text.find("quote 7"), std::string::npos);
  EXPECT_NE(text.find("given"), std::string::npos);
  EXPECT_NE(text.find("arXiv 2505.09343"), std::string::npos);
}

TEST(FabricDesign, CurrencyNeverConvertsSilently) {
  const std::string text =
      ask("[fabric]\nhosts = 32\nnics = 8\nlink = \"400 Gb/s\"\n[fabric.prices]\nswitch = \"250000 CNY\"\n").text;
  EXPECT_NE(text.find("CNY per USD"), std::string::npos);
  EXPECT_EQ(text.find("M USD"), std::string::npos);
}

TEST(FabricDesign, OversubscriptionSlowsAStepAndCostsLess) {
  const Json answer = parse_json(ask(R"(
[cluster]
node = "hgx-h100"
nodes = 32
[fabric]
topologies = ["fat-tree"]
tiers = 2
oversubscription = [1, 7]
[model]
name = "llama-3-8b"
[training]
global_batch = 256
sequence_length = 8192
)",
                                     {}, true)
                                     .text,
                                 "answer");
  const Json &flat = of(answer, "2-tier fat-tree 1:1"), &steep = of(answer, "2-tier fat-tree 7:1");
  EXPECT_LT(flat.find("step_time_s")->as_double(), steep.find("step_time_s")->as_double());
  EXPECT_GT(flat.find("bill")->find("price")->find("amount")->as_double(),
            steep.find("bill")->find("price")->find("amount")->as_double());
}

TEST(FabricDesign, LimitsThatNothingKeepsAreNoAnswer) {
  const Text answer =
      ask("[fabric]\nhosts = 32\nnics = 8\nlink = \"400 Gb/s\"\ntopologies = [\"fat-tree\"]\n[limits]\nnetwork_capex = "
          "\"1000 "
          "USD\"\n");
  EXPECT_FALSE(answer.feasible);
  EXPECT_NE(answer.text.find("exceeds network_capex"), std::string::npos);
}

TEST(FabricDesign, LimitsOfNodesDoNotBindTheNetworkAndSayIt) {
  const std::string question =
      "[fabric]\nhosts = 32\nnics = 8\nlink = \"400 Gb/s\"\ntopologies = [\"fat-tree\"]\n[fabric.prices]\nswitch = "
      "\"100000 CNY\"\n[limits]\n";
  const Text nodes = ask(question + "capex = \"1000 USD\"\n");
  EXPECT_TRUE(nodes.feasible);
  EXPECT_NE(nodes.text.find("network_capex and"), std::string::npos);
  // Prices in yuan under a limit in dollars are brought into one currency.
  const Text network = ask(question + "network_capex = \"1000 USD\"\n");
  EXPECT_FALSE(network.feasible);
  EXPECT_NE(network.text.find("exceeds network_capex"), std::string::npos);
  EXPECT_THROW(design_text({.flags = {{"--hosts", "32"}, {"--link", "400 Gb/s"}, {"--capex", "1000 USD"}}}),
               InputError);
}

TEST(FabricDesign, RacksAndSupernodesAreComposedWithTheFabric) {
  const std::string racks =
      ask("[cluster]\nnode = \"gb200-nvl72\"\nnodes = 8\n[fabric]\ntopologies = [\"rail-optimized\"]\n").text;
  EXPECT_NE(racks.find("scale-up domains of 72"), std::string::npos);
  EXPECT_NE(racks.find("scale-up domain (many parts)"), std::string::npos);
  const Json supernodes = parse_json(
      ask("[cluster]\nnode = \"cloudmatrix-384\"\nnodes = 4\n[fabric]\ntopologies = [\"fat-tree\"]\n", {}, true).text,
      "answer");
  EXPECT_EQ(supernodes.find("question")->find("scale_up_domain")->as_int(), 384);
}

TEST(FabricDesign, HostileInputIsRefusedAtItsPlace) {
  struct Case {
    const char* scenario;
    const char* part;
  };
  const Case cases[] = {
      {"[fabric]\nhosts = 0\n", "hosts = 0"},
      {"[fabric]\nhosts = 8\nlink = \"0 Gb/s\"\n", "link is zero"},
      {"[fabric]\nhosts = 8\nlink = \"-400 Gb/s\"\n", "s.toml:3"},
      {"[fabric]\nhosts = 8\nlink = \"1e300 Gb/s\"\n", "out of range"},
      {"[fabric]\nhosts = 8\n", "speed of a NIC is not stated"},
      {"[fabric]\nhosts = 99999999999\n", "hosts"},
      {"[fabric]\nhosts = 1000000\nnics = 1024\nlink = \"400 Gb/s\"\n", "exceed the 4000000 endpoints"},
      {"[fabric]\nhosts = 8\nlink = \"400 Gb/s\"\nswitch = \"MQM97000\"\n", "did you mean"},
      {"[fabric]\nhosts = 8\nlink = \"400 Gb/s\"\nswitch = \"Generic\"\n", "more than one"},
      {"[fabric]\nhosts = 8\nlink = \"400 Gb/s\"\nswitch = \"TH5\"\n", "write one of them in full"},
      {"[fabric]\nhosts = 8\nlink = \"400 Gb/s\"\nswitch = \"51.2T\"\n[fabric.prices]\nswitch = \"1 USD\"\n",
       "51.2T stands for several boxes"},
      {"[fabric]\nhosts = 8\nlink = \"400 Gb/s\"\nswitch = \"51.2\"\n", "write 51.2T"},
      {"[fabric]\nhosts = 8\nlink = \"400 Gb/s\"\nswitch = \"99T\"\n", "51.2T"},
      {"[fabric]\nhosts = 8\nlink = \"300 Gb/s\"\nswitch = \"51.2T\"\n", "a whole number of such links"},
      {"[fabric]\nhosts = 8\nlink = \"400 Gb/s\"\nradixx = 64\n", "did you mean \"radix\""},
      {"[fabric]\nhosts = 8\nlink = \"400 Gb/s\"\ntopologies = [\"fat-trees\"]\n", "did you mean \"fat-tree\""},
      {"[fabric]\nhosts = 8\nlink = \"400 Gb/s\"\ntopologies = []\n", "names none"},
      {"[fabric]\nhosts = 8\nlink = \"400 Gb/s\"\noversubscription = [0.5]\n", "from 1 to 1000"},
      {"[fabric]\nhosts = 8\nlink = \"400 Gb/s\"\nplanes = 2.5\n", "write an integer"},
      {"[fabric]\nhosts = 8\nlink = \"400 Gb/s\"\nswitch = \"MQM9700\"\nradix = 64\n",
       "radix and switch are both given"},
      {"[fabric]\nhosts = 8\nlink = \"400 Gb/s\"\n[fabric.prices]\nlist = \"isca\"\n", "did you mean \"isca-2025\""},
      {"[fabric]\nhosts = 8\nlink = \"200 Gb/s\"\nradix = 64\n[fabric.prices]\nlist = \"isca-2025\"\n", "400 Gb/s"},
      {"[fabric]\nhosts = 8\nlink = \"400 Gb/s\"\n[fabric.prices]\nswitch = \"0 USD\"\n", "switch is zero"},
      {"[cluster]\nnode = \"hgx-h100\"\nnodes = 4\n[fabric]\nhosts = 8\n", "both say how many hosts"},
      {"[fabric]\nhosts = 8\nlink = \"400 Gb/s\"\n[model]\nname = \"llama-3-8b\"\n", "not the chips"},
      {"[fabric]\nhosts = 9\nnics = 8\nlink = \"400 Gb/s\"\nrails = 5\n", "does not divide"},
  };
  for (const Case& c : cases)
    EXPECT_NE(message_of(c.scenario).find(c.part), std::string::npos) << c.scenario << message_of(c.scenario);
  EXPECT_NE(message_of("", {{"--hosts", "-3"}}).find("write an integer"), std::string::npos);
  EXPECT_NE(message_of("").find("nothing says how many hosts"), std::string::npos);
}

// 64 ports of 800 Gb/s are 128 of 400 Gb/s, and two tiers hold 128 x 128 / 2 = 8,192 endpoints: 1,024 hosts of eight
// just fit, on 128 leaves and 64 spines; twice as many take a third tier.
TEST(FabricDesign, FabricsOfOneGenerationAreThoseOfItsBoxes) {
  const auto answered = [](const char* hosts) {
    return parse_json(
        ask("", {{"--hosts", hosts}, {"--nics", "8"}, {"--link", "400 Gb/s"}, {"--switch", "51.2T"}}, true).text,
        "one");
  };
  const Json full = answered("1024");
  const Json& tree = of(full, "2-tier fat-tree 1:1");
  ASSERT_TRUE(tree.find("feasible")->as_bool());
  EXPECT_EQ(tree.find("radix")->as_int(), 128);
  double price = -1;  // of the box, as the catalogue has it
  for (const catalog::NetworkGear& box : catalog::Catalog().gear()) {
    if (box.name == tree.find("switch")->as_string() && box.price) price = box.price->amount;
  }
  const Json& boxes = tree.find("bill")->find("lines")->as_array().front();
  EXPECT_EQ(boxes.find("count")->as_double(), 192);
  EXPECT_DOUBLE_EQ(boxes.find("price")->find("amount")->as_double(), 192 * price);
  const Json beyond = answered("2048");
  EXPECT_FALSE(of(beyond, "2-tier fat-tree 1:1").find("feasible")->as_bool());
  EXPECT_TRUE(of(beyond, "3-tier fat-tree 1:1").find("feasible")->as_bool());
}

// Of 300 Gb/s no port of the catalogue holds a whole number.
TEST(FabricDesign, ASpeedThatNoPortHoldsHasNoSwitch) {
  EXPECT_NE(ask("", {{"--hosts", "32"}, {"--nics", "8"}, {"--link", "300 Gb/s"}}).text.find("has no switch for 300"),
            std::string::npos);
}

TEST(FabricDesign, BreakoutsAreConsideredAndARadixFindsItsBoxes) {
  const Json answer = parse_json(
      ask("", {{"--hosts", "1024"}, {"--nics", "8"}, {"--link", "400 Gb/s"}, {"--radix", "128"}}, true).text, "answer");
  const Json& tree = of(answer, "2-tier fat-tree 1:1");
  EXPECT_EQ(tree.find("radix")->as_int(), 128);
  EXPECT_FALSE(tree.find("switch")->as_string().empty());
  EXPECT_FALSE(tree.find("bill")->find("price")->is_null());
  const Json fixed = parse_json(
      ask("", {{"--hosts", "128"}, {"--nics", "8"}, {"--link", "400 Gb/s"}, {"--switch", "MQM9700"}}, true).text,
      "one");
  EXPECT_EQ(of(fixed, "2-tier fat-tree 1:1").find("switch")->as_string(), "MQM9700-NS2F (Quantum-2)");
}

// A box without a price: who needs fewer of it, and no more of anything else, is on the front; the verdict says so.
TEST(FabricDesign, UnknownPricesAreRankedByWhatIsKnown) {
  const Flags flags{{"--hosts", "256"}, {"--nics", "8"}, {"--link", "400 Gb/s"}, {"--switch", "H3C S9825-64D"}};
  const Json answer = parse_json(ask("", flags, true).text, "answer");
  EXPECT_TRUE(of(answer, "2-tier fat-tree 1:1").find("bill")->find("price")->is_null());
  int front = 0;
  for (const Json& c : answer.find("candidates")->as_array())
    front += c.find("on_front") != nullptr && c.find("on_front")->as_bool();
  EXPECT_GE(front, 1);
  EXPECT_NE(ask("", flags).text.find("no known price"), std::string::npos);
}

TEST(FabricDesign, AnOddRadixAndASingleHostAreAnsweredNotCrashed) {
  const Text odd = ask("", {{"--hosts", "32"}, {"--nics", "8"}, {"--link", "400 Gb/s"}, {"--radix", "63"}});
  EXPECT_NE(odd.text.find("use an even radix"), std::string::npos);
  EXPECT_NE(ask("", {{"--hosts", "1"}, {"--nics", "8"}, {"--link", "400 Gb/s"}}).text.find("single host"),
            std::string::npos);
}

}  // namespace
}  // namespace socle::test
