#include <gtest/gtest.h>

#include "socle/base/json.hpp"
#include "support/ask.hpp"

namespace socle::test {
namespace {

struct Simulated {
  bool complete = true;
  std::string text{}, flows{}, links{}, trace{};
};

Simulated ask(const std::string& scenario, const Flags& flags = {}, bool json = false, unsigned threads = 1,
              const Files& files = {}) {
  const api::FabricAnswer answer = api::simulate_fabric(
      catalog::Catalog(), request_of({.scenario = scenario, .flags = flags, .files = files}), {}, {.threads = threads});
  Simulated simulated{.complete = api::holds(answer), .text = shown(answer, json)};
  if (const auto* exchange = std::get_if<api::SimulateAnswer>(&answer)) {
    simulated.flows = api::flows_csv(*exchange);
    simulated.links = api::links_csv(*exchange);
    simulated.trace = api::flows_trace(*exchange);
  }
  return simulated;
}

double time_of(const std::string& scenario, const Flags& flags = {}) {
  return parse_json(ask(scenario, flags, true).text, "answer").find("completion_time_s")->as_double();
}

const std::string kTree = "[fabric]\nhosts = 128\nnics = 1\nradix = 8\ntiers = 3\n";

// 128 hosts at 50 GB/s, 6 us from pod to pod: 254 steps of 7.8125 MB in a ring; 127 MB each in an all-to-all.
TEST(FabricSimulate, AnswersAlphaBetaOnANonBlockingTree) {
  EXPECT_NEAR(time_of(kTree + "[traffic]\nkind = \"all-reduce\"\nbytes = \"1 GB\"\n"), 41.2115e-3, 1e-12);
  EXPECT_NEAR(time_of(kTree + "[traffic]\nkind = \"all-to-all\"\nbytes = \"128 MB\"\n"), 2.546e-3, 1e-12);
  EXPECT_NEAR(time_of(kTree + "hop_latency = \"0 us\"\n[traffic]\nkind = \"incast\"\nshift = 10\nbytes = \"50 MB\"\n"),
              10e-3, 1e-12);
}

TEST(FabricSimulate, RefusesWhatItsClockCannotHold) {
  const Flags small{{"--hosts", "8"}, {"--nics", "1"}};
  const auto refused = [&](const std::string& flag, const std::string& value, const std::string& said) {
    Flags flags = small;
    flags[flag] = value;
    try {
      ask("", flags);
      return false;
    } catch (const InputError& error) { return std::string(error.what()).find(said) != std::string::npos; }
  };
  EXPECT_TRUE(refused("--software-latency", "1e300 s", "out of range"));
  EXPECT_TRUE(refused("--software-latency", "20 s", "at most 10 s"));
  EXPECT_TRUE(refused("--hop-latency", "1 h", "at most 10 s"));
  EXPECT_TRUE(refused("--fail-at", "21 days", "at most 20 days"));
  // Of 100,000 members every one would send to every other before the eight endpoints are counted.
  EXPECT_TRUE(refused("--ranks", "100000", "there are 8"));
  EXPECT_TRUE(refused("--link", "1 B/s", "out of range; write one from 1 Mb/s"));
}

TEST(FabricSimulate, FlagsAndFileSayTheSame) {
  const Flags flags{{"--hosts", "128"},          {"--nics", "1"},    {"--radix", "8"}, {"--tiers", "3"},
                    {"--traffic", "all-reduce"}, {"--bytes", "1 GB"}};
  EXPECT_EQ(time_of("", flags), time_of(kTree + "[traffic]\nkind = \"all-reduce\"\nbytes = \"1 GB\"\n"));
}

TEST(FabricSimulate, SameBytesForAnyNumberOfThreads) {
  const std::string scenario = kTree +
                               "routing = \"hashed\"\n[traffic]\nkind = \"all-to-all\"\nbytes = \"128 MB\"\nseeds = "
                               "7\nsizes = [\"1 MB\", \"64 MB\"]\n";
  const Simulated one = ask(scenario, {}, true, 1);
  for (const unsigned threads : {2u, 7u}) {
    const Simulated many = ask(scenario, {}, true, threads);
    EXPECT_EQ(one.text, many.text);
    EXPECT_EQ(one.flows, many.flows);
    EXPECT_EQ(one.trace, many.trace);
  }
}

TEST(FabricSimulate, TextStaysWithinAHundredColumns) {
  const std::string text = ask("[fabric]\nhosts = 16\n[traffic]\nkind = \"incast\"\n").text +
                           ask(kTree +
                               "routing = \"hashed\"\nfailed = [\"leaf 3\"]\nfail_at = \"1 ms\"\nreroute_after = \"1 "
                               "ms\"\n[traffic]\nkind = \"permutation\"\nbytes = \"64 MB\"\nseeds = 3\n")
                               .text;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    EXPECT_LE(end - at, 100u) << text.substr(at, end - at);
    at = end + 1;
  }
}

// A leaf that fails cuts its hosts off: what they were to send never arrives, and the answer says so.
TEST(FabricSimulate, MessagesWithoutAWayAreToldAndFailTheCommand) {
  const Simulated answer = ask(kTree +
                               "failed = [\"leaf 3\"]\nfail_at = \"0.1 ms\"\nreroute_after = \"1 ms\"\n[traffic]\nkind "
                               "= \"shift\"\nshift = 64\nbytes = \"64 MB\"\n");
  EXPECT_FALSE(answer.complete);
  EXPECT_NE(answer.text.find("STALLED"), std::string::npos);
}

TEST(FabricSimulate, OwnNetworksAndMatrices) {
  const Files files{{"net.csv", "from,to,bandwidth,latency\na,s,8 Gb/s,0 us\nb,s,8 Gb/s,0 us\nc,s,16 Gb/s,0 us\n"},
                    {"m.csv", "from,to,bytes\na,c,1 GB\nb,c,1 GB\n0,1,500 MB\n"}};
  const std::string scenario = "[fabric]\nfile = \"net.csv\"\n[traffic]\nkind = \"matrix\"\nfile = \"m.csv\"\n";
  // a sends 1.5 GB over 1 GB/s; b gets 0.5 GB at half of a's link: done at 1 s; a -> c then has the whole link: 1.5 s.
  const Json answer = parse_json(ask(scenario, {}, true, 1, files).text, "answer");
  EXPECT_NEAR(answer.find("completion_time_s")->as_double(), 1.5, 1e-9);
}

// A spine of one cable is a rank unless the scenario says which nodes are endpoints.
TEST(FabricSimulate, GuessedEndpointsAreWarnedOf) {
  const Files files{{"net.csv", "from,to,bandwidth,latency\nh0,l,8 Gb/s,0 us\nh1,l,8 Gb/s,0 us\nl,s,8 Gb/s,0 us\n"}};
  const std::string scenario = "[fabric]\nfile = \"net.csv\"\n";
  const std::string guessed = ask(scenario, {}, false, 1, files).text;
  EXPECT_NE(guessed.find("WARNING"), std::string::npos);
  EXPECT_NE(guessed.find("3 endpoints"), std::string::npos) << guessed;
  const std::string said = ask(scenario, {{"--endpoints", "h*"}}, false, 1, files).text;
  EXPECT_EQ(said.find("WARNING"), std::string::npos);
  EXPECT_NE(said.find("2 endpoints"), std::string::npos);
}

// Two answers of two inputs never share a hash: flags, cables, matrices and the user's own catalogue are all inputs.
TEST(FabricSimulate, ProvenanceHoldsEveryInput) {
  const std::string scenario = "[fabric]\nfile = \"net.csv\"\n[traffic]\nkind = \"matrix\"\nfile = \"m.csv\"\n";
  const auto inputs = [&](const char* bandwidth, const char* bytes, const Flags& flags) {
    const Files files{{"net.csv", std::string("from,to,bandwidth,latency\na,s,") + bandwidth +
                                      ",0 us\nb,s,8 Gb/s,0 us\nc,s,16 Gb/s,0 us\n"},
                      {"m.csv", std::string("from,to,bytes\na,c,") + bytes + "\n"}};
    return parse_json(ask(scenario, flags, true, 1, files).text, "answer").find("provenance")->dump();
  };
  const std::string first = inputs("8 Gb/s", "1 GB", {});
  EXPECT_EQ(first, inputs("8 Gb/s", "1 GB", {}));
  EXPECT_NE(first, inputs("9 Gb/s", "1 GB", {}));
  EXPECT_NE(first, inputs("8 Gb/s", "2 GB", {}));
  EXPECT_NE(first, inputs("8 Gb/s", "1 GB", {{"--routing", "hashed"}}));
  const catalog::Catalog own(
      {{"transports/mine.toml", "name = \"mine\"\nshare = 0.5\nsource = \"x\"\n", "my/mine.toml"}});
  const auto answer = api::simulate_fabric(own, request_of({.flags = {{"--hosts", "2"}}}), {}, {});
  EXPECT_NE(shown(answer, true).find("\"name\": \"catalog\""), std::string::npos);
}

TEST(FabricSimulate, BadInputIsNamedWithItsKey) {
  const struct {
    const char* scenario;
    const char* says;
  } cases[] = {
      {"[fabric]\nhosts = 0\n", "hosts"},
      {"[fabric]\nhosts = 16\nradix = 7\n", "even radix"},
      {"[fabric]\nhosts = 16\nlink = \"0 Gb/s\"\n", "link"},
      {"[fabric]\nhosts = 16\nlink = \"-1 Gb/s\"\n", "link"},
      {"[fabric]\nhosts = 16\noversubscription = nan\n", "oversubscription"},
      {"[fabric]\nhosts = 16\ntopologie = \"torus\"\n", "did you mean"},
      {"[fabric]\nhosts = 16\ntopology = \"slim-fli\"\n", "slim-fly"},
      {"[fabric]\nhosts = 16\nfailed = [\"leaf 77\"]\n", "leaf 77"},
      {"[fabric]\nhosts = 16\nfailed = [\"leaf\"]\n", "no part of this network"},
      {"[fabric]\nhosts = 900000\nnics = 8\n", "endpoints"},
      {"[fabric]\nhosts = 16\ntorus = [4]\ntopology = \"torus\"\n", "torus"},
      {"[fabric]\nhosts = 16\ntorus = [3, 3]\ntopology = \"torus\"\n", "do not hold"},
      {"[fabric]\nhosts = 16\njobs = 3\nplacement = \"compare\"\n", "compare"},
      {"[fabric]\nhosts = 16\njobs = 64\n", "64 jobs on 16 hosts leave none for each; run at most 16"},
      {"[fabric]\nhosts = 16\n[traffic]\nranks = 3\n", "whole number of groups"},
      {"[fabric]\nhosts = 16\n[traffic]\nranks = 16\nstride = 99\n", "stride"},
      {"[fabric]\nhosts = 16\n[traffic]\nkind = \"all-to-all\"\nalgorithm = \"ring\"\n", "cannot carry"},
      {"[fabric]\nhosts = 16\n[traffic]\nkind = \"all-to-all\"\nbytes = \"0 B\"\n", "bytes"},
      {"[fabric]\nhosts = 16\n[traffic]\nkind = \"matrix\"\n", "file"},
      {"[fabric]\nhosts = 16\n[traffic]\nkind = \"shift\"\nshift = 128\n", "itself"},
      {"[fabric]\nhosts = 16\n[traffic]\nkind = \"incast\"\nshift = 128\n", "senders"},
      {"[fabric]\nhosts = 16\n[traffic]\nkind = \"permutation\"\nsizes = [\"1 MB\"]\n", "sizes"},
      {"[fabric]\nhosts = 8000\n[traffic]\nkind = \"all-to-all\"\n", "messages"},
      {"[fabric]\nhosts = 8000\nnics = 1\n[traffic]\nkind = \"all-to-all\"\n", "one group of 8000 ranks"},
      {"[fabric]\nhosts = 4\nnics = 2\ntopology = \"rail-only\"\nrail_forwarding = false\n[traffic]\nkind = "
       "\"all-to-all\"\nalgorithm = \"pairwise\"\n",
       "rail_forwarding = true"},
      {"[fabric]\nfile = \"net.csv\"\n", "no such file"},
      {"[traffic]\nkind = \"all-reduce\"\n", "hosts"},
      {"[fabric]\nhosts = 16\nsoftware_latency = \"1e300 s\"\n", "out of range"},
      {"[fabric]\nhosts = 16\nhop_latency = \"60 s\"\n", "at most 10 s"},
      {"[fabric]\nhosts = 16\nlink = \"1 kb/s\"\n", "from 1 Mb/s"},
      {"[fabric]\nhosts = 16\n[traffic]\nbytes = \"1e30 B\"\n", "from 0.001 B to 1000 EB"},
      {"[fabric]\nhosts = 16\n[traffic]\nalgorithm = \"ring\"\nbytes = \"1e30 B\"\n", "from 0.001 B to 1000 EB"},
      {"[fabric]\nhosts = 16\n[traffic]\nsizes = [\"1 MB\", \"1e28 B\"]\n", "from 0.001 B to 1000 EB"},
      {"[fabric]\nhosts = 16\nfail_at = \"1e20 s\"\nfailed = [\"spine 0\"]\n", "out of range"},
      {"[fabric]\nhosts = 16\nendpoints = [\"h*\"]\n", "network of your own"},
  };
  for (const auto& c : cases) {
    try {
      ask(c.scenario);
      ADD_FAILURE() << c.scenario;
    } catch (const InputError& error) {
      EXPECT_NE(std::string(error.what()).find(c.says), std::string::npos) << c.scenario << error.what();
    }
  }
}

constexpr const char* kJob = R"(
[model]
name = "llama-3-70b"
[training]
tokens = "1T"
sequence_length = 8192
global_batch = 512
precision = "bf16"
[cluster]
node = "hgx-h100"
nodes = 64
[layout]
tp = 8
pp = 4
cp = 1
dp = 16
microbatch = 1
schedule = "1f1b"
recompute = "none"
sharding = "zero1"
[fabric]
)";

Json train_on(const std::string& fabric) {
  const Asked asked{.scenario = kJob + fabric, .json = true};
  return parse_json(train_text(asked).text, "answer");
}
double step_of(const Json& answer) { return answer.find("figures")->find("step_time_s")->find("value")->as_double(); }

// On a fabric that shares nothing both networks know the same; latencies of rings differ by microseconds.
TEST(TrainOnFlows, AgreesWithClosedFormsWhereNothingIsShared) {
  const double closed = step_of(train_on("network = \"closed-form\"\n"));
  const double flow = step_of(train_on("network = \"flow\"\ntopology = \"rail-optimized\"\n"));
  EXPECT_NEAR(flow / closed, 1.0, 0.005);
}

TEST(TrainOnFlows, CollisionsOversubscriptionAndNeighboursCost) {
  const double best = step_of(train_on("network = \"flow\"\n"));
  EXPECT_GT(step_of(train_on("network = \"flow\"\nrouting = \"hashed\"\n")), best);
  EXPECT_GT(step_of(train_on("network = \"flow\"\nrouting = \"spray\"\noversubscription = 3.0\n")), best);
  EXPECT_GE(step_of(train_on("network = \"flow\"\njobs = 2\nplacement = \"interleaved\"\n")), best * (1 - 1e-9));
}

TEST(TrainOnFlows, PlacementsAreCompared) {
  const Json answer = train_on("network = \"flow\"\nhosts = 128\nplacement = \"compare\"\nrouting = \"hashed\"\n");
  EXPECT_EQ(answer.find("network")->find("placements")->as_array().size(), 6u);  // three placements, two orders
}

TEST(TrainOnFlows, AFabricTooSmallForTheJobIsRefused) {
  EXPECT_THROW(train_on("network = \"flow\"\nhosts = 8\n"), InputError);
  EXPECT_THROW(train_on("network = \"flow\"\nnics = 7\n"), InputError);
}

// A topology that [cluster] states is the one that flows run over, and closed forms say that they do not see it.
TEST(ClusterFabric, ItsTopologyIsSimulatedOrSaidToBeUnused) {
  const auto ask = [](const char* topology, const char* network) {
    const std::string scenario = std::string(
                                     "[model]\nname = \"llama-3-8b\"\n[cluster]\nnode = \"hgx-h100\"\nnodes = "
                                     "4\n[cluster.fabric]\ntopology = \"") +
                                 topology +
                                 "\"\n[layout]\ntp = 8\npp = 1\ncp = 1\ndp = 4\nmicrobatch = 1\nschedule = "
                                 "\"1f1b\"\nrecompute = \"none\"\nsharding = \"zero1\"\n" +
                                 network;
    return train_text({.scenario = scenario}).text;
  };
  EXPECT_NE(ask("slim-fly", "").find("topology (slim-fly) does not"), std::string::npos);
  EXPECT_NE(ask("slim-fly", "[fabric]\nnetwork = \"flow\"\n").find("slim-fly of"), std::string::npos);
  EXPECT_NE(ask("leaf-spine", "[fabric]\nnetwork = \"flow\"\n").find("fat-tree of"), std::string::npos);
}

}  // namespace
}  // namespace socle::test
