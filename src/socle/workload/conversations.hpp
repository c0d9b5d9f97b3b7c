#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <unordered_map>
#include <utility>
#include <vector>

#include "socle/workload/synthetic_traffic.hpp"

namespace socle::workload {

/// What one name of a conversation's prefix stands for (assumption: a multiple of the blocks that engines use).
inline constexpr int kConversationBlockTokens = 128;

/// Conversations of several turns. Each prompt is all that was said before and something new; the next turn comes when
/// the answer has been thought over.
struct ConversationTraffic {
  /// Conversations begin by this law, at its rate / the mean number of turns, so that requests come at its rate ...
  ArrivalLaw arrivals{};
  int concurrency = 0;  ///< ... or, above 0, each of so many users begins one when the last has ended
  LengthLaw turns{};
  LengthLaw input{}, output{};  ///< new tokens of each turn, and of its answer
  bool paired = false;
  std::vector<TrafficClass> classes{};  ///< of conversations, in place of the lengths above; empty: one class
  Seconds think{};                      ///< between an answer and the next turn
  std::int64_t requests = 1000;
  std::optional<Seconds> duration{};  ///< none comes later
  int length_max = 0;                 ///< a conversation ends before a turn that exceeds it; 0: none does
  std::uint32_t seed = 1;
};

/// Its requests: turns of a conversation share a session, and the names of the whole blocks that their prompts share.
/// Memory grows with the conversations that go on at once.
class ConversationSource final : public RequestSource {
 public:
  explicit ConversationSource(ConversationTraffic traffic);
  std::optional<Request> next() override;
  void completed(const Request& request, Seconds time) override;
  Request sooner(Request held) override;

 private:
  struct Conversation {
    int turn = 0, turns = 1;
    int said = 0;  ///< tokens so far
    int service_class = 0;
  };
  using Ready = std::pair<double, std::int64_t>;  ///< seconds, session

  std::optional<Request> begin();
  Request take_turn(std::int64_t session, Seconds arrival);
  bool goes_on(std::int64_t session, const Conversation& conversation) const;
  int drawn(std::int64_t session, const Conversation& conversation, bool answer) const;

  ConversationTraffic traffic_;
  RandomStream random_;
  std::optional<OpenSource> starts_;
  std::optional<Clients> users_;
  std::optional<Seconds> start_;                             ///< of the next conversation, when it is known
  std::unordered_map<std::int64_t, Conversation> going_on_;  ///< looked up, never walked
  std::priority_queue<Ready, std::vector<Ready>, std::greater<>> ready_;
  std::optional<Request> returned_;  ///< given back by sooner()
  std::int64_t sessions_ = 0, made_ = 0;
  Seconds last_{};
};

}  // namespace socle::workload
