#include "socle/workload/conversations.hpp"

#include <algorithm>
#include <utility>

#include "socle/base/check.hpp"

namespace socle::workload {
namespace {

constexpr std::uint32_t kTurnPurpose = 0x7AFF1C01;
constexpr std::uint64_t kTurnsDraw = 0, kClassDraw = 1, kFirstTurnDraw = 8, kDrawsOfTurn = 2;
constexpr int kConversationTokensMax = 100'000'000;
constexpr std::int64_t kBlocksOfSession = std::int64_t{1} << 20;  // more than the longest prompt has

}  // namespace

ConversationSource::ConversationSource(ConversationTraffic traffic)
    : traffic_(std::move(traffic)), random_(traffic_.seed, kTurnPurpose) {
  if (traffic_.concurrency > 0) {
    users_.emplace(traffic_.concurrency, traffic_.think);
    return;
  }
  OpenTraffic starts{.arrivals = traffic_.arrivals, .requests = kNoLimit, .duration = traffic_.duration};
  starts.arrivals.rate /= traffic_.turns.average();
  starts.seed = traffic_.seed;
  starts_.emplace(std::move(starts));
}

// Tokens of the conversation's turn, or of its answer.
int ConversationSource::drawn(std::int64_t session, const Conversation& conversation, bool answer) const {
  const std::uint64_t draw = kFirstTurnDraw + kDrawsOfTurn * static_cast<std::uint64_t>(conversation.turn);
  const auto take = [&](const auto& lengths) {
    const LengthLaw& law = answer ? lengths.output : lengths.input;
    return law.draw(random_, static_cast<std::uint64_t>(session), draw + (answer && !lengths.paired ? 1 : 0));
  };
  if (traffic_.classes.empty()) return take(traffic_);
  return take(traffic_.classes[static_cast<std::size_t>(conversation.service_class)]);
}

// Does the next turn of this conversation exist, and fit?
bool ConversationSource::goes_on(std::int64_t session, const Conversation& conversation) const {
  if (conversation.turn >= conversation.turns) return false;
  const std::int64_t length =
      std::int64_t{conversation.said} + drawn(session, conversation, false) + drawn(session, conversation, true);
  return length <= (traffic_.length_max > 0 ? traffic_.length_max : kConversationTokensMax);
}

Request ConversationSource::take_turn(std::int64_t session, Seconds arrival) {
  const Conversation& conversation = going_on_.at(session);
  Request request{.id = made_++, .arrival = arrival, .session = session};
  request.service_class = conversation.service_class;
  request.input = conversation.said + drawn(session, conversation, false);
  request.output = drawn(session, conversation, true);
  const std::int64_t blocks = request.input / kConversationBlockTokens;
  request.prefix.reserve(static_cast<std::size_t>(blocks));
  for (std::int64_t block = 0; block < blocks; ++block) request.prefix.push_back(session * kBlocksOfSession + block);
  return request;
}

// The first turn of a new conversation.
std::optional<Request> ConversationSource::begin() {
  const std::int64_t session = sessions_++;
  const int turns = traffic_.turns.draw(random_, static_cast<std::uint64_t>(session), kTurnsDraw);
  Conversation& conversation = going_on_.emplace(session, Conversation{.turns = turns}).first->second;
  if (!traffic_.classes.empty())
    conversation.service_class =
        class_of_draw(traffic_.classes, random_.uniform(static_cast<std::uint64_t>(session), kClassDraw));
  Request request = take_turn(session, *start_);
  start_.reset();
  if (users_) users_->send();
  return request;
}

std::optional<Request> ConversationSource::next() {
  if (made_ >= traffic_.requests) return std::nullopt;
  if (returned_ && (ready_.empty() || returned_->arrival.value() <= ready_.top().first)) {
    std::optional<Request> request = std::exchange(returned_, std::nullopt);
    request->id = made_++;
    last_ = request->arrival;
    return request;
  }
  if (!start_ && !returned_) {
    if (users_) {
      start_ = users_->ready();
    } else if (const auto start = starts_->next()) {
      start_ = start->arrival;
    }
  }
  const bool turn = !ready_.empty() && (!start_ || ready_.top().first <= start_->value());
  if (!turn && !start_) return std::nullopt;
  const Seconds when = turn ? Seconds{ready_.top().first} : *start_;
  if (traffic_.duration && when > *traffic_.duration) return std::nullopt;
  std::optional<Request> request;
  if (turn) {
    request = take_turn(ready_.top().second, when);
    ready_.pop();
  } else {
    request = begin();
  }
  request->arrival = last_ = std::max(last_, request->arrival);  // a turn may be ready before what was given already
  return request;
}

Request ConversationSource::sooner(Request held) {
  if (ready_.empty() || !(ready_.top().first < held.arrival.value())) return held;
  SOCLE_CHECK(!returned_ && held.id == made_ - 1, "what is given back is what was given last");
  --made_;
  last_ = Seconds{ready_.top().first};
  returned_ = std::move(held);
  return *next();
}

void ConversationSource::completed(const Request& request, Seconds time) {
  const auto found = going_on_.find(request.session);
  SOCLE_CHECK(found != going_on_.end(), "a turn that is done is of a conversation");
  Conversation& conversation = found->second;
  ++conversation.turn;
  conversation.said = request.input + request.output;
  if (goes_on(request.session, conversation)) {
    ready_.emplace((time + traffic_.think).value(), request.session);
    return;
  }
  going_on_.erase(found);
  if (users_) users_->answered(time);
}

}  // namespace socle::workload
