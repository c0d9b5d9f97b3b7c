#include "socle/workload/adapters.hpp"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <set>
#include <vector>

#include "socle/workload/conversations.hpp"

namespace socle::workload {
namespace {

std::unique_ptr<RequestSource> open(std::int64_t requests) {
  return std::make_unique<OpenSource>(OpenTraffic{.requests = requests});
}

TEST(Adapters, AreAskedForByZipfsLaw) {
  // Three adapters, exponent 1: 6/11, 3/11 and 2/11 of four fifths of 20,000 requests: 8727, 4364, 2909. Standard
  // deviations of about 70, 58 and 50.
  AdapterSource source(open(20'000), {.adapters = 3, .exponent = 1, .share = 0.8}, 1);
  std::map<int, int> counts;
  while (const auto request = source.next()) ++counts[request->adapter];
  EXPECT_NEAR(counts[0], 8727, 280);
  EXPECT_NEAR(counts[1], 4364, 240);
  EXPECT_NEAR(counts[2], 2909, 200);
  EXPECT_NEAR(counts[-1], 4000, 240);
}

TEST(Adapters, ChangeNothingElseOfARequest) {
  AdapterSource source(open(200), {.adapters = 10}, 1);
  const auto plain = open(200);
  while (const auto request = source.next()) {
    const auto same = plain->next();
    EXPECT_EQ(request->arrival, same->arrival);
    EXPECT_EQ(request->input, same->input);
    EXPECT_EQ(request->output, same->output);
  }
}

TEST(Adapters, AConversationKeepsItsOwnAndItsOwnNames) {
  const LengthLaw four{.kind = LengthKind::kFixed, .mean = 4}, hundreds{.kind = LengthKind::kFixed, .mean = 300};
  const auto conversations = [&] {
    return std::make_unique<ConversationSource>(ConversationTraffic{
        .arrivals = {.rate = 4}, .turns = four, .input = hundreds, .output = hundreds, .requests = 200});
  };
  AdapterSource source(conversations(), {.adapters = 5, .exponent = 0}, 1);
  std::map<std::int64_t, std::pair<int, std::vector<std::int64_t>>> last;
  std::set<int> seen;
  Seconds now{};
  while (auto request = source.next()) {
    request = source.sooner(*std::move(request));
    now = std::max(now, request->arrival) + Seconds{0.3};
    seen.insert(request->adapter);
    const auto found = last.find(request->session);
    if (found != last.end()) {
      EXPECT_EQ(found->second.first, request->adapter);
      for (std::size_t i = 0; i < found->second.second.size(); ++i)
        EXPECT_EQ(found->second.second[i], request->prefix[i]);  // what was said before is found again
    }
    last[request->session] = {request->adapter, request->prefix};
    source.completed(*request, now);
  }
  EXPECT_EQ(seen.size(), 5U);
}

}  // namespace
}  // namespace socle::workload
