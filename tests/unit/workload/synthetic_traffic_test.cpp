#include "socle/workload/synthetic_traffic.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "socle/base/error.hpp"
#include "socle/workload/conversations.hpp"
#include "socle/workload/length_text.hpp"

namespace socle::workload {
namespace {

constexpr int kMany = 40'000;

std::vector<double> arrivals(OpenTraffic traffic) {
  OpenSource source(std::move(traffic));
  std::vector<double> times;
  while (const auto request = source.next()) times.push_back(request->arrival.value());
  return times;
}

struct Moments {
  double mean = 0, variation = 0;
};

Moments gaps_of(const std::vector<double>& times) {
  double sum = 0, squares = 0, last = 0;
  for (const double time : times) {
    sum += time - last;
    squares += (time - last) * (time - last);
    last = time;
  }
  const double n = static_cast<double>(times.size()), mean = sum / n;
  return {mean, std::sqrt(std::max(0.0, squares / n - mean * mean)) / mean};
}

OpenTraffic open(ArrivalKind kind, double rate, double variation, std::int64_t requests = kMany) {
  return {.arrivals = {.kind = kind, .rate = rate, .variation = variation},
          .input = {.mean = 10},
          .output = {.mean = 5},
          .requests = requests};
}

// The mean of 40,000 gaps is off by variation / 200 of itself (one standard deviation); their variation by about as
// much for Poisson, and several times that for laws with long tails.
TEST(Arrivals, HaveTheRateAndTheVariationTheyAreAskedFor) {
  struct Case {
    ArrivalKind kind;
    double variation, tolerance;
  };
  const Case cases[] = {{ArrivalKind::kPoisson, 1, 0.03},   {ArrivalKind::kGamma, 0.5, 0.03},
                        {ArrivalKind::kGamma, 1, 0.03},     {ArrivalKind::kGamma, 3, 0.1},
                        {ArrivalKind::kWeibull, 0.5, 0.03}, {ArrivalKind::kWeibull, 1, 0.03},
                        {ArrivalKind::kWeibull, 3, 0.2},    {ArrivalKind::kEven, 0, 0.006}};
  for (const Case& one : cases) {
    const Moments gaps = gaps_of(arrivals(open(one.kind, 4, std::max(one.variation, 0.01))));
    EXPECT_NEAR(gaps.mean * 4, 1, 0.02 * std::max(1.0, one.variation)) << static_cast<int>(one.kind);
    EXPECT_NEAR(gaps.variation, one.variation, one.tolerance * std::max(1.0, one.variation))
        << static_cast<int>(one.kind);
  }
  for (const double time : arrivals(open(ArrivalKind::kAtOnce, 4, 1, 100))) EXPECT_EQ(time, 0);
}

TEST(Arrivals, AtTwiceTheRateKeepTheirShape) {
  for (const ArrivalKind kind : {ArrivalKind::kPoisson, ArrivalKind::kGamma, ArrivalKind::kWeibull}) {
    const auto slow = arrivals(open(kind, 1, 2, 1000)), fast = arrivals(open(kind, 2, 2, 1000));
    for (std::size_t i = 0; i < slow.size(); ++i) ASSERT_NEAR(fast[i], slow[i] / 2, 1e-9 * slow[i]);
  }
}

TEST(Arrivals, FollowTheProfileOfTheDay) {
  // Parts of 1:0:3 over a day of 300 s at a mean rate of 10: 3,000 requests a day; 750 in the first part, none in the
  // second, 2,250 in the third. Even gaps, so that each count of three days is exact to the edges of its parts.
  OpenTraffic traffic = open(ArrivalKind::kEven, 10, 1, 9000);
  traffic.arrivals.profile = {1, 0, 3};
  traffic.arrivals.period = Seconds{300};
  int counts[3] = {};
  for (const double time : arrivals(traffic)) ++counts[static_cast<int>(std::fmod(time, 300) / 100) % 3];
  EXPECT_NEAR(counts[0], 2250, 4);
  EXPECT_LE(counts[1], 4);
  EXPECT_NEAR(counts[2], 6750, 4);
}

TEST(Arrivals, AShorterRunIsTheBeginningOfALongerOne) {
  const auto shorter = arrivals(open(ArrivalKind::kGamma, 3, 2, 50)),
             longer = arrivals(open(ArrivalKind::kGamma, 3, 2, 500));
  ASSERT_EQ(shorter.size(), 50u);
  EXPECT_TRUE(std::equal(shorter.begin(), shorter.end(), longer.begin()));
  OpenTraffic ended = open(ArrivalKind::kGamma, 3, 2, kNoLimit);
  ended.duration = Seconds{longer[99]};
  EXPECT_EQ(arrivals(ended).size(), 100u);
  EXPECT_EQ(arrivals(open(ArrivalKind::kGamma, 3, 2, 50)), shorter);
}

TEST(Lengths, AreDrawnWithTheirMeanAndInPairs) {
  OpenTraffic traffic = open(ArrivalKind::kPoisson, 1, 1);
  traffic.input = *parse_length_law("lognormal 1024 0.5").value;
  traffic.output = *parse_length_law("100-300").value;
  OpenSource source(traffic);
  double input = 0, squares = 0, output = 0;
  int least = 1000, most = 0;
  while (const auto request = source.next()) {
    input += request->input;
    squares += static_cast<double>(request->input) * request->input;
    output += request->output;
    least = std::min(least, request->output);
    most = std::max(most, request->output);
  }
  input /= kMany;
  EXPECT_NEAR(input, 1024, 10);  // 1024 x 0.5 / 200 is one standard deviation
  EXPECT_NEAR(std::sqrt(squares / kMany - input * input) / input, 0.5, 0.02);
  EXPECT_NEAR(output / kMany, 200, 2);
  EXPECT_EQ(least, 100);
  EXPECT_EQ(most, 300);

  const LengthList list =
      read_length_list("[{\"prompt_len\": 1, \"output_len\": 10}, {\"prompt_len\": 2, \"output_len\": 20}]", "l");
  OpenTraffic paired = open(ArrivalKind::kPoisson, 1, 1, 100);
  paired.input = {.kind = LengthKind::kEmpirical, .lengths = list.input};
  paired.output = {.kind = LengthKind::kEmpirical, .lengths = list.output};
  paired.paired = true;
  OpenSource pairs(paired);
  std::set<int> seen;
  while (const auto request = pairs.next()) {
    EXPECT_EQ(request->output, 10 * request->input);
    seen.insert(request->input);
  }
  EXPECT_EQ(seen.size(), 2u);
}

TEST(Lengths, AreReadFromEveryKindOfFile) {
  const std::pair<const char*, LengthList> cases[] = {
      {"12\n34\n\n56", {{12, 34, 56}, {}}},
      {"tokens\r\n12\r\n34\r\n", {{12, 34}, {}}},
      {"prompt_len,output_len\n1,2\n3,4\n", {{1, 3}, {2, 4}}},
      {"[1, 2, 3]", {{1, 2, 3}, {}}},
      {" [{\"prompt_len\": 1, \"output_len\": 2, \"prompt\": \"x\"}]", {{1}, {2}}},
      {"{\"input_tokens\": 1, \"output_tokens\": 2}\n{\"input_tokens\": 3, \"output_tokens\": 4}\n", {{1, 3}, {2, 4}}}};
  for (const auto& [text, expected] : cases) {
    const LengthList list = read_length_list(text, "l");
    EXPECT_EQ(list.input, expected.input) << text;
    EXPECT_EQ(list.output, expected.output) << text;
  }
  const std::pair<const char*, const char*> wrong[] = {
      {"", "l: holds no length; write one a line"},
      {"12\n0\n", "l:2: length = 0 is not a whole number of tokens from 1 to 10000000"},
      {"12\nx\n", "l:2: length = \"x\" is not a finite number"},
      {"a,b\n1,2\n", "l:1: the first line is \"a,b\""},
      {"[1, 2.5]", "l: [1] = 2.5 is not a whole number"},
      {"[1, \"a\"]", "l: element [1] is neither a number nor an object"},
      {"[1, {\"prompt_len\": 1, \"output_len\": 2}]", "l: element [1] is of another kind"},
      {"[{\"prompt_len\": 1}]", "l: element [0] has no number output_tokens or"},
      {"{\"input_tokens\": 1}", "l:1: the line has no number output_tokens or"}};
  for (const auto& [text, expected] : wrong) {
    try {
      read_length_list(text, "l");
      ADD_FAILURE() << text;
    } catch (const InputError& error) {
      EXPECT_NE(std::string(error.what()).find(expected), std::string::npos) << error.what();
    }
  }
}

TEST(Lengths, TextsThatAreNoneSayWhatIs) {
  for (const char* text : {"", "0", "-5", "1-", "12.5", "1e3", "20000000", "lognormal", "lognormal 5", "lognormal 0 1",
                           "lognormal 5 -1", "lognormal 5 nan", "lognormal 5 1 1", "800 - 1200"}) {
    const Parsed<LengthLaw> parsed = parse_length_law(text);
    EXPECT_FALSE(parsed.value) << text;
    EXPECT_NE(parsed.problem.find("800-1200"), std::string::npos) << text;
  }
  EXPECT_EQ(parse_length_law("12-8").problem, "12-8 is a range from more to less; write 8-12");
  EXPECT_EQ(parse_length_law("1024").value->average(), 1024);
  EXPECT_EQ(parse_length_law("8-8").value->kind, LengthKind::kFixed);
}

/// Answers each request so long after it came; looks for sooner requests after every answer, as a fleet does.
struct Served {
  std::vector<Request> requests;
  int at_once = 0;  ///< the most
};

Served serve(RequestSource& source, double seconds, bool looks = true) {
  Served served;
  std::vector<std::pair<double, Request>> running;  // in order of their ends
  std::optional<Request> coming = source.next();
  while (coming || !running.empty()) {
    if (coming && (running.empty() || coming->arrival.value() <= running.front().first)) {
      EXPECT_TRUE(served.requests.empty() || coming->arrival >= served.requests.back().arrival)
          << "arrivals never fall";
      EXPECT_EQ(coming->id, static_cast<std::int64_t>(served.requests.size()));
      served.requests.push_back(*coming);
      running.emplace_back(coming->arrival.value() + seconds, *coming);
      served.at_once = std::max(served.at_once, static_cast<int>(running.size()));
      coming = source.next();
      continue;
    }
    const auto [end, request] = running.front();
    running.erase(running.begin());
    source.completed(request, Seconds{end});
    if (coming && looks) coming = source.sooner(*std::move(coming));
    if (!coming) coming = source.next();
  }
  return served;
}

TEST(Closed, NeverExceedsItsConcurrency) {
  ClosedSource source(
      {.concurrency = 7, .input = {.mean = 10}, .output = {.mean = 1}, .requests = 500, .think = Seconds{0.5}});
  const Served served = serve(source, 2.0);
  EXPECT_EQ(served.requests.size(), 500u);
  EXPECT_EQ(served.at_once, 7);
  // 7 clients, 2.5 s a request: client 0 sends its second at 2.5 s.
  EXPECT_EQ(served.requests[7].arrival, Seconds{2.5});
  ClosedReplay replay(std::make_unique<OpenSource>(open(ArrivalKind::kPoisson, 1, 1, 40)), 3, Seconds{}, {});
  const Served replayed = serve(replay, 1.0);
  EXPECT_EQ(replayed.at_once, 3);
  EXPECT_EQ(replayed.requests.size(), 40u);
  EXPECT_EQ(replayed.requests.back().arrival, Seconds{13.0}) << "40 requests by 3 clients: the last is of round 14";
}

ConversationTraffic conversations() {
  return {.arrivals = {.kind = ArrivalKind::kPoisson, .rate = 3},
          .turns = {.kind = LengthKind::kUniform, .low = 2, .high = 4},
          .input = {.kind = LengthKind::kUniform, .low = 50, .high = 400},
          .output = {.mean = 100},
          .think = Seconds{5},
          .requests = 3000};
}

TEST(Conversations, GrowByWhatWasSaidAndShareTheirBeginning) {
  ConversationSource source(conversations());
  const Served served = serve(source, 1.0);
  ASSERT_EQ(served.requests.size(), 3000u);
  std::unordered_map<std::int64_t, std::vector<Request>> by_session;
  for (const Request& request : served.requests) by_session[request.session].push_back(request);
  for (const auto& [session, turns] : by_session) {
    EXPECT_LE(turns.size(), 4u);
    for (std::size_t i = 0; i < turns.size(); ++i) {
      EXPECT_EQ(turns[i].prefix.size(), static_cast<std::size_t>(turns[i].input / kConversationBlockTokens));
      if (i == 0) continue;
      const Request& before = turns[i - 1];
      EXPECT_GE(turns[i].input, before.input + before.output + 50);
      EXPECT_TRUE(std::equal(before.prefix.begin(), before.prefix.end(), turns[i].prefix.begin()));
      EXPECT_NEAR((turns[i].arrival - before.arrival).value(), 6, 1e-9) << "1 s to answer, 5 s to think";
    }
  }
  // Requests come at the stated rate, once the first conversations are under way.
  EXPECT_NEAR(3000 / served.requests.back().arrival.value(), 3, 0.2);
}

TEST(Conversations, WhereNoOneLooksForSoonerTurnsTheyComeWithTheNextArrival) {
  ConversationSource source(conversations());
  EXPECT_EQ(serve(source, 1.0, false).requests.size(), 3000u);  // and arrivals do not fall, which serve() looks at
}

TEST(Conversations, OfUsersAreAsManyAsUsersAndEndAtTheLimit) {
  ConversationTraffic traffic = conversations();
  traffic.concurrency = 4;
  traffic.length_max = 900;
  ConversationSource source(traffic);
  const Served served = serve(source, 1.0);
  EXPECT_EQ(served.requests.size(), 3000u);
  EXPECT_LE(served.at_once, 4);
  std::set<std::int64_t> sessions;
  for (const Request& request : served.requests) {
    EXPECT_LE(request.input + request.output, 900);
    sessions.insert(request.session);
  }
  EXPECT_GT(sessions.size(), 3000u / 4);
  // The same again, and the beginning of a longer run.
  ConversationTraffic shorter = traffic;
  shorter.requests = 100;
  ConversationSource again(shorter);
  const Served beginning = serve(again, 1.0);
  ASSERT_EQ(beginning.requests.size(), 100u);
  for (std::size_t i = 0; i < 100; ++i) {
    EXPECT_EQ(beginning.requests[i].input, served.requests[i].input);
    EXPECT_EQ(beginning.requests[i].arrival, served.requests[i].arrival);
  }
}

}  // namespace
}  // namespace socle::workload
