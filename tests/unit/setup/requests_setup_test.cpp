#include "socle/setup/requests_setup.hpp"

#include <map>
#include <sstream>

#include <gtest/gtest.h>

#include "socle/base/error.hpp"
#include "socle/setup/vocabulary.hpp"

namespace socle::setup {
namespace {

using scenario::Flags;
using scenario::Question;

// Gaps of 1, 2 and 5 s: three gaps in 8 s.
const std::string kTrace = "arrival_s,input_tokens,output_tokens\n10,100,10\n11,200,20\n13,300,30\n18,400,40\n";
const std::string kMooncake =
    "{\"timestamp\": 0, \"input_length\": 600, \"output_length\": 5, \"hash_ids\": [0, 1]}\n"
    "{\"timestamp\": 500, \"input_length\": 600, \"output_length\": 5, \"hash_ids\": [0, 2]}\n";
const std::map<std::string, std::string> kFiles = {
    {"t.csv", kTrace},
    {"m.jsonl", kMooncake},
    {"burst.csv",
     "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n1,a,5,5,10,x\n2,b,5,0,5,x\n3,b,6,6,12,x\n"},
    {"once.csv", "arrival_s,input_tokens,output_tokens\n1,1,1\n1,2,2\n"},
    {"long.csv", "arrival_s,input_tokens,output_tokens\n0,1,1\n9e6,2,2\n"},
    {"cut.jsonl", kMooncake + "{\"timestamp\": 7"},
    {"pairs.json", "[{\"prompt_len\": 7, \"output_len\": 70}, {\"prompt_len\": 8, \"output_len\": 80}]"},
    {"lengths.txt", "10\n20\n30\n"}};

std::string text_of(const std::string& path) {
  const auto found = kFiles.find(path);
  if (found == kFiles.end()) throw InputError(Problem{path, 0, 0, {}, "no such file"});
  return found->second;
}

RequestsSetup set_up(const Flags& flags, const std::string& file = {}, std::int64_t max_model_len = 0) {
  const scenario::Scenario scenario = read_scenario(file, file.empty() ? "" : "s.toml", flags, Question::kServe);
  return set_up_requests(
      scenario, text_of, [](const std::string& path) { return std::make_unique<std::istringstream>(text_of(path)); },
      max_model_len);
}

std::vector<workload::Request> all_of(const RequestsSetup& setup, std::uint32_t seed = 1) {
  std::vector<workload::Request> list;
  const auto source = setup.make(seed);
  while (const auto request = source->next()) {
    list.push_back(*request);
    source->completed(*request, request->arrival);
  }
  return list;
}

std::string problem_of(const Flags& flags, const std::string& file = {}) {
  try {
    set_up(flags, file);
    return {};
  } catch (const InputError& error) { return error.what(); }
}

bool has(const std::vector<std::string>& notes, const std::string& part) {
  return std::any_of(notes.begin(), notes.end(), [&](const std::string& n) { return n.find(part) != n.npos; });
}

TEST(RequestsSetup, NothingSaidIsAThousandPoissonRequests) {
  const RequestsSetup setup = set_up({});
  EXPECT_EQ(setup.count, 1000);
  EXPECT_EQ(setup.offered_rate, 1);
  EXPECT_EQ(setup.input.mean, 1024);
  EXPECT_EQ(setup.output.mean, 256);
  EXPECT_EQ(setup.description, "1000 requests at 1 a second");
  for (const char* said : {"1024 tokens", "256 tokens", "Poisson", "1 request/s", "1000."})
    EXPECT_TRUE(has(setup.assumptions, said)) << said;
  const auto requests = all_of(setup);
  ASSERT_EQ(requests.size(), 1000u);
  EXPECT_EQ(all_of(setup)[999].arrival, requests[999].arrival) << "the same seed, the same stream";
  EXPECT_NE(all_of(setup, 2)[999].arrival, requests[999].arrival);
}

TEST(RequestsSetup, ATraceIsReplayedAsItIsOrAtARate) {
  const RequestsSetup as_it_is = set_up({{"--trace", "t.csv"}});
  EXPECT_EQ(as_it_is.description, "t.csv (csv): 4 requests in 8 s");
  EXPECT_EQ(as_it_is.count, 4);
  EXPECT_EQ(as_it_is.offered_rate, 3.0 / 8);
  EXPECT_EQ(as_it_is.input.mean, 250);
  EXPECT_EQ(as_it_is.output.longest, 40);
  EXPECT_EQ(all_of(as_it_is)[2].arrival, Seconds{3.0});
  const RequestsSetup fast = set_up({{"--trace", "t.csv"}, {"--rate", "3"}});
  EXPECT_EQ(fast.offered_rate, 3);
  EXPECT_EQ(all_of(fast)[2].arrival, Seconds{3.0 / 8}) << "8 times as fast, the gaps in proportion";
  // A part of the trace keeps the pace of the whole: a shorter replay is the beginning of a longer one.
  EXPECT_EQ(all_of(set_up({{"--trace", "t.csv"}, {"--rate", "3"}, {"--num-requests", "3"}}))[2].arrival,
            Seconds{3.0 / 8});
  EXPECT_EQ(all_of(set_up({{"--trace", "t.csv"}, {"--rate-scale", "2"}, {"--duration", "2 s"}})).size(), 3u);
  EXPECT_EQ(all_of(fast).size(), all_of(fast).size()) << "each stream begins anew";
}

TEST(RequestsSetup, WhereNothingOpensFilesTracesAreReadWhole) {
  const scenario::Scenario scenario = read_scenario("", "", {{"--trace", "t.csv"}}, Question::kServe);
  EXPECT_EQ(all_of(set_up_requests(scenario, text_of, {}, 0)).size(), 4u);
}

TEST(RequestsSetup, ATraceCanBeSentByClients) {
  const RequestsSetup setup = set_up({{"--trace", "t.csv"}, {"--concurrency", "2"}, {"--think", "3 s"}});
  EXPECT_EQ(setup.concurrency, 2);
  EXPECT_EQ(setup.offered_rate, 0);
  const auto requests = all_of(setup);
  ASSERT_EQ(requests.size(), 4u);
  EXPECT_EQ(requests[1].arrival, Seconds{0.0});
  EXPECT_EQ(requests[3].arrival, Seconds{3.0});
  EXPECT_TRUE(has(setup.assumptions, "its times are not used"));
}

TEST(RequestsSetup, WhatTheFileToldIsSaid) {
  const RequestsSetup mooncake = set_up({{"--trace", "m.jsonl"}}, {}, 604);
  EXPECT_EQ(mooncake.prefix_tokens, 512);
  EXPECT_EQ(mooncake.too_long, 2);
  EXPECT_TRUE(has(mooncake.doubts, "2 of 2 requests are longer than max_model_len 604: the engine refuses them"));
  EXPECT_TRUE(has(mooncake.assumptions, "read as a trace of format mooncake"));
  const RequestsSetup burst = set_up({{"--trace", "burst.csv"}});
  EXPECT_EQ(burst.count, 2);
  ASSERT_EQ(burst.classes.size(), 2U);
  EXPECT_EQ(burst.classes[0].name + burst.classes[1].name, "ab");
  EXPECT_TRUE(has(burst.assumptions, "1 requests that failed"));
}

TEST(RequestsSetup, LengthsComeFromTextsAndFiles) {
  const RequestsSetup pairs = set_up({{"--input", "pairs.json"}, {"--num-requests", "50"}});
  for (const auto& request : all_of(pairs)) EXPECT_EQ(request.output, 10 * request.input);
  EXPECT_TRUE(has(pairs.assumptions, "prompts with their answers"));
  const RequestsSetup list = set_up({{"--input", "100-300"}, {"--output", "lengths.txt"}});
  EXPECT_NEAR(list.input.mean, 200, 10);
  EXPECT_NEAR(list.output.mean, 20, 2);
  const RequestsSetup file =
      set_up({},
             "[requests]\ninput = 64\noutput = \"lognormal 100 1\"\nrate = 2.5\narrivals = \"weibull\"\n"
             "burstiness = 3\nprofile = [1, 3]\nduration = \"100 s\"\nslo_ttft = \"500 ms\"\n");
  EXPECT_EQ(file.input.mean, 64);
  EXPECT_EQ(file.offered_rate, 2.5);
  EXPECT_EQ(file.count, 0) << "the duration decides";
  EXPECT_EQ(file.slo.ttft, Seconds{0.5});
  EXPECT_EQ(file.slo.percentile, 0.99);
  EXPECT_TRUE(has(file.assumptions, "99 % of the requests"));
}

TEST(RequestsSetup, ConversationsEndBeforeTheModelsLimit) {
  const RequestsSetup setup = set_up({{"--turns", "50"}, {"--think", "1 s"}, {"--num-requests", "200"}}, {}, 8192);
  EXPECT_EQ(setup.too_long, 0);
  EXPECT_EQ(setup.prefix_tokens, 128);
  EXPECT_GT(setup.input.longest, 6000);
  EXPECT_LE(setup.input.longest + 256, 8192);
}

TEST(RequestsSetup, KeysThatDoNotGoTogetherAreNamedBoth) {
  const std::pair<Flags, const char*> cases[] = {
      {{{"--trace", "t.csv"}, {"--input", "8"}}, "--trace and --input are both given"},
      {{{"--rate", "2"}, {"--concurrency", "8"}}, "--rate and --concurrency are both given"},
      {{{"--rate", "2"}, {"--rate-scale", "8"}}, "--rate and --rate-scale are both given"},
      {{{"--concurrency", "2"}, {"--arrivals", "gamma"}}, "--concurrency and --arrivals are both given"},
      {{{"--rate-scale", "2"}}, "rate_scale acts on a trace only"},
      {{{"--think", "2 s"}}, "think acts with concurrency or turns only"},
      {{{"--arrivals", "even"}, {"--burstiness", "2"}}, "burstiness acts on arrivals = gamma and weibull only"},
      {{{"--arrivals", "at-once"}, {"--rate", "2"}}, "rate and arrivals = at-once are both given"},
      {{{"--profile", "0,0"}}, "profile is zero all day"},
      {{{"--slo-percentile", "0.9"}}, "slo_percentile needs an objective"},
      {{{"--input", "pairs.json"}, {"--output", "5"}},
       "input and output are both given, and pairs.json has outputs too"},
      {{{"--output", "pairs.json"}}, "output = pairs.json has inputs too"},
      {{{"--input", "0"}}, "--input = \"0\": write 1024, 800-1200"},
      {{{"--input", "none.txt"}}, "none.txt: no such file"},
      {{{"--trace", "none.csv"}}, "none.csv: no such file"},
      {{{"--trace", "cut.jsonl"}}, "cut.jsonl:3: not valid JSON"},
      {{{"--trace", "once.csv"}, {"--rate", "2"}}, "once.csv: all requests come at one time"},
      {{{"--trace", "long.csv"}}, "long.csv: the trace goes on for 104.2 days, a simulation for 30 days at most"},
      {{{"--num-requests", "20000001"}}, "write an integer from 1 to 20000000"},
      {{{"--num-requests", "20000000"}, {"--rate", "2"}}, "come in 115.7 days at 2 a second, a simulation takes 30"},
      {{{"--duration", "1 day"}, {"--rate", "1000"}}, "86,400,000 requests come in 1 days at 1000 a second"}};
  for (const auto& [flags, expected] : cases)
    EXPECT_NE(problem_of(flags).find(expected), std::string::npos) << problem_of(flags) << "\nnot: " << expected;
  // One in the file, one as a flag.
  EXPECT_NE(problem_of({{"--concurrency", "8"}}, "[requests]\nrate = 2\n").find("rate and concurrency are both given"),
            std::string::npos);
  EXPECT_NE(problem_of({}, "[requests]\nrate = 2\ninpt = 5\n").find("s.toml:3:1: "), std::string::npos);
}

}  // namespace
}  // namespace socle::setup
