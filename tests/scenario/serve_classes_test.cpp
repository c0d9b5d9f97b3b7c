// Classes of requests through the public face: what each is held to, who goes first, who is turned away.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <sstream>
#include <string>

#include "socle/api/catalog.hpp"
#include "socle/api/serve.hpp"
#include "socle/base/json.hpp"
#include "support/ask.hpp"

namespace socle::test {
namespace {

const char* const kServed = R"(
[model]
name = "llama-3.1-8b"
[cluster]
chip = "h100-sxm"
chips = 1
[serving]
max_model_len = 8192
max_num_seqs = 16
[requests]
)";

// More than sixteen sequences carry, so that a queue grows while the requests come.
const char* const kTwoClasses = R"(
rate = 14
requests = 600
output = 200
[[requests.class]]
name = "chat"
share = 3
input = 500
priority = -1
weight = 4
slo_ttft = "2 s"
[[requests.class]]
name = "batch"
input = 1500
output = 100
slo_e2e = "1 h"
)";

answer::ServeResult served(const std::string& requests, const Flags& flags = {}, const Files& files = {},
                           const answer::ServeOptions& options = {.curve = false, .keep_rows = true}) {
  api::Request request = request_of({.scenario = kServed + requests, .flags = flags, .files = files});
  request.open_file = [read = request.read_file](const std::string& path) {
    return std::make_unique<std::istringstream>(read(path));
  };
  return api::serve(api::load_catalog(""), request, options).result;
}

std::string problem_of(const std::string& requests, const Flags& flags = {}, const Files& files = {}) {
  try {
    served(requests, flags, files);
  } catch (const InputError& error) { return error.what(); }
  return {};
}

TEST(ServeClasses, EachHasItsShareItsLengthsAndItsOwnFigures) {
  const answer::ServeResult result = served(kTwoClasses);
  ASSERT_EQ(result.figures.classes.size(), 2U);
  const answer::ClassFigures &chat = result.figures.classes[0], &batch = result.figures.classes[1];
  EXPECT_EQ(chat.requests + batch.requests, 600);
  EXPECT_NEAR(static_cast<double>(chat.requests), 450, 30);  // three quarters; standard deviation 10.6
  EXPECT_EQ(chat.input_tokens, 500.0 * static_cast<double>(chat.requests));
  EXPECT_EQ(chat.output_tokens, 200.0 * static_cast<double>(chat.requests));  // as [requests] says
  EXPECT_EQ(batch.output_tokens, 100.0 * static_cast<double>(batch.requests));
  EXPECT_EQ(result.figures.input_tokens, chat.input_tokens + batch.input_tokens);
  EXPECT_EQ(batch.share_met, 1.0);
  EXPECT_LT(chat.share_met, 1.0);
  // A request keeps the objectives of its class: the share of all is the mean over classes.
  const double met = chat.share_met * static_cast<double>(chat.requests) + static_cast<double>(batch.requests);
  EXPECT_NEAR(result.figures.share_met, met / 600, 1e-12);
}

TEST(ServeClasses, PriorityServesChatAtTheCostOfBatch) {
  std::map<std::string, answer::ServeResult> by;
  for (const char* policy : {"fcfs", "priority", "fair"})
    by.emplace(policy, served(kTwoClasses, {{"--scheduling-policy", policy}}));
  const auto ttft = [&](const char* policy, std::size_t index) {
    return by.at(policy).figures.classes[index].ttft.mean;
  };
  EXPECT_LT(ttft("priority", 0) * 2.0, ttft("fcfs", 0));
  EXPECT_GT(ttft("priority", 1), ttft("fcfs", 1));
  // Chat has four fifths of the service while both wait, which is between the two.
  EXPECT_LT(ttft("fair", 0), ttft("fcfs", 0));
  EXPECT_LT(ttft("priority", 0), ttft("fair", 0));
  for (const auto& [policy, result] : by) EXPECT_EQ(result.rows.size(), 600U) << policy;  // nobody starves for ever
}

TEST(ServeClasses, WhatIsTurnedAwayIsCountedOnce) {
  const answer::ServeResult result = served(kTwoClasses, {{"--max-waiting", "10"}});
  const answer::ServeFigures& f = result.figures;
  EXPECT_GT(f.rejected, 0);
  // Each request that came has one row: served, or why not.
  EXPECT_EQ(static_cast<std::int64_t>(result.rows.size()), f.requests);
  std::int64_t rejected = 0;
  for (const serve::RequestRow& row : result.rows) rejected += row.turned_away == serve::Refusal::kQueueFull ? 1 : 0;
  EXPECT_EQ(rejected, f.rejected);
  EXPECT_EQ(f.classes[0].rejected + f.classes[1].rejected, f.rejected);
  EXPECT_LT(f.classes[1].share_met, 1.0);  // who is turned away keeps no objective
  // Those that are let in wait for no more than ten others.
  EXPECT_LT(f.ttft.p99, served(kTwoClasses).figures.ttft.p99);
}

TEST(ServeClasses, ATraceNamesThem) {
  std::string trace = "arrival_s,input_tokens,output_tokens,class\n";
  for (int i = 0; i < 40; ++i) trace += std::to_string(i) + ",100,10," + (i % 4 == 0 ? "slow" : "fast") + "\n";
  const Files files{{"t.csv", trace}};
  const answer::ServeResult result =
      served("trace = \"t.csv\"\n[[requests.class]]\nname = \"slow\"\nslo_e2e = \"1 ns\"\n", {}, files);
  ASSERT_EQ(result.setup.requests.classes.size(), 2U);
  EXPECT_EQ(result.setup.requests.classes[0].name, "slow");
  EXPECT_EQ(result.figures.classes[0].requests, 10);
  EXPECT_EQ(result.figures.classes[0].share_met, 0.0);
  EXPECT_EQ(result.figures.classes[1].share_met, 1.0);
  const std::string wrong = problem_of("trace = \"t.csv\"\n[[requests.class]]\nname = \"slwo\"\n", {}, files);
  EXPECT_NE(wrong.find("no request of t.csv is of it; did you mean \"slow\"?"), std::string::npos) << wrong;
  const std::string share =
      problem_of("trace = \"t.csv\"\n[[requests.class]]\nname = \"slow\"\nshare = 2\n", {}, files);
  EXPECT_NE(share.find("share is of a synthetic traffic"), std::string::npos) << share;
}

TEST(ServeClasses, ConversationsAndClosedLoopsHaveThemToo) {
  const std::string classes =
      "[[requests.class]]\nname = \"a\"\ninput = 50\noutput = 10\n[[requests.class]]\nname = \"b\"\ninput = 70\n"
      "output = 20\n";
  const answer::ServeResult closed = served("concurrency = 4\nrequests = 100\n" + classes);
  EXPECT_EQ(closed.figures.classes[0].input_tokens, 50.0 * static_cast<double>(closed.figures.classes[0].requests));
  EXPECT_GT(closed.figures.classes[1].requests, 0);
  const answer::ServeResult turns = served("rate = 5\nturns = 3\nrequests = 90\n" + classes);
  std::map<std::int64_t, int> of_session;
  EXPECT_GT(turns.figures.classes[0].requests, 0);
  EXPECT_GT(turns.figures.classes[1].requests, 0);
  // Each conversation is of one class: answers of 10 and 20 are never mixed within it, so all add up.
  EXPECT_EQ(turns.figures.output_tokens, 10.0 * static_cast<double>(turns.figures.classes[0].requests) +
                                             20.0 * static_cast<double>(turns.figures.classes[1].requests));
}

TEST(ServeClasses, TheLoadThatHoldsIsThatOfTheWorstClass) {
  const std::string strict =
      "rate = 4\nrequests = 300\ninput = 500\noutput = 100\n[[requests.class]]\nname = \"a\"\n"
      "slo_ttft = \"200 ms\"\n[[requests.class]]\nname = \"b\"\n";
  std::string loose = strict;
  loose.replace(loose.find("200 ms"), 6, "5 s");
  const answer::ServeOptions curve{.curve = true};
  const auto low = served(strict, {}, {}, curve).capacity, high = served(loose, {}, {}, curve).capacity;
  ASSERT_TRUE(low && high);
  EXPECT_LT(*low, *high);
}

TEST(ServeClasses, WhatIsNotUsedIsSaid) {
  const answer::ServeResult result = served(kTwoClasses);
  const auto said = [&](const std::string& sentence) {
    const auto& all = result.setup.serve.assumptions;
    return std::find(all.begin(), all.end(), sentence) != all.end();
  };
  EXPECT_TRUE(said("Priorities of classes are not used: scheduling_policy is fcfs."));
  EXPECT_TRUE(said("Weights of classes are not used: scheduling_policy is fcfs."));
}

TEST(ServeClasses, RefusesWhatContradicts) {
  const auto expect = [](const std::string& requests, const Flags& flags, const std::string& text) {
    const std::string problem = problem_of(requests, flags);
    EXPECT_NE(problem.find(text), std::string::npos) << problem;
  };
  expect("[[requests.class]]\nshare = 1\n", {}, "name is missing");
  expect("[[requests.class]]\nname = \"a\"\n[[requests.class]]\nname = \"a\"\n", {}, "two classes are named \"a\"");
  expect("[[requests.class]]\nname = \"a\"\nshare = 0\n", {}, "share = 0 is out of range");
  expect("[[requests.class]]\nname = \"a\"\nwieght = 2\n", {}, "did you mean \"weight\"");
  expect("input = 5\n[[requests.class]]\nname = \"a\"\ninput = 7\n", {}, "all have one; leave it out");
  expect("[[requests.class]]\nname = \"a\"\nslo_percentile = 0.9\n", {}, "slo_percentile needs an objective");
  expect("concurrency = 8\n", {{"--max-waiting", "4"}}, "would ask again at once");
  expect("rate = 1\n", {{"--scheduling-policy", "prioritty"}}, "priority");
}

TEST(ServeTimeline, HasEveryStepOfAShortRunAndSaysWhatItKept) {
  const api::Request request = request_of(
      {.scenario = std::string(kServed) + "rate = 5\nrequests = 50\ninput = 300\noutput = 40\n", .flags = {}});
  const api::ServeAnswer answer = api::serve(api::load_catalog(""), request, {.curve = false, .timeline = true});
  const Json trace = parse_json(api::timeline(answer), "trace");
  std::int64_t steps = 0, counters = 0;
  double end = 0;
  for (const Json& event : trace.find("traceEvents")->as_array()) {
    const std::string& kind = event.find("ph")->as_string();
    if (kind == "C") ++counters;
    if (kind != "X") continue;
    steps += event.find("args")->find("steps")->as_int();
    EXPECT_GE(event.find("ts")->as_double() + 1e-6, end);  // one step after the other
    end = event.find("ts")->as_double() + event.find("dur")->as_double() - 1e-3;
  }
  EXPECT_EQ(steps, answer.result.figures.steps);
  EXPECT_GT(counters, 0);
  EXPECT_NE(api::text(answer).find("Timeline: all "), std::string::npos);
}

TEST(ServeTimeline, IsBounded) {
  answer::ServeTimeline timeline;
  const serve::Segment segment{.run = {.start = 0, .first = 10, .growth = 0, .steps = 2}};
  for (std::size_t i = 0; i < answer::ServeTimeline::kEntriesMax + 5; ++i) timeline.see(false, 0, segment);
  EXPECT_EQ(timeline.entries.size(), answer::ServeTimeline::kEntriesMax);
  EXPECT_EQ(timeline.steps, timeline.steps_kept + 10);
}

}  // namespace
}  // namespace socle::test
