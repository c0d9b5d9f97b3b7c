#include <algorithm>
#include <deque>

#include "socle/base/check.hpp"
#include "socle/serve/wait_queue.hpp"

namespace socle::serve {
namespace {

// What a token costs its class: twice as much to generate as to read. Source: Sheng et al., "Fairness in Serving Large
// Language Models" (OSDI 2024), section 3: w_p = 1, w_q = 2, by the prices of public services.
constexpr std::int64_t kPromptToken = 16;      // a whole token, in sixteenths
constexpr std::int64_t kDecodedSixteenth = 2;  // of a token that is generated
constexpr std::int64_t kNone = -1;

class Fair final : public WaitQueue {
 public:
  explicit Fair(const std::vector<ServiceClass>& classes) {
    for (const ServiceClass& one : classes) lines_.push_back({.weight = one.weight});
    for (const Line& line : lines_)
      SOCLE_CHECK(line.weight >= 1 && line.weight <= kServiceWeightMax, "a class has a weight");
  }

  bool push(const Waiting& one) override {
    Line& line = line_of(one.service_class);
    line.waiting.push_back(one);
    ++size_;
    if (line.waiting.size() > 1) return false;
    fresh_.push_back(one.service_class);
    return true;
  }
  void push_again(const Waiting& one) override {
    line_of(one.service_class).waiting.push_front(one);
    ++size_;
    first_ = kNone;
  }
  const Waiting& front() const override {
    if (first_ == kNone) find_first();
    return lines_[static_cast<std::size_t>(first_)].waiting.front();
  }
  void pop() override {
    front();
    lines_[static_cast<std::size_t>(first_)].waiting.pop_front();
    --size_;
    first_ = kNone;
  }
  std::int64_t size() const override { return size_; }
  void admitted(const Waiting& one) override { last_ = one.service_class; }

  void settle() override {
    for (const int fresh : fresh_) lift(static_cast<std::size_t>(fresh));
    fresh_.clear();
    first_ = kNone;
  }
  void charge_prompt(int service_class, std::int64_t tokens) override {
    line_of(service_class).served += kPromptToken * tokens;
    first_ = kNone;
  }
  void charge_decode(std::span<const std::int64_t> decoding, std::int64_t sixteenths) override {
    for (std::size_t i = 0; i < decoding.size(); ++i) {
      if (decoding[i] > 0) line_of(static_cast<int>(i)).served += kDecodedSixteenth * sixteenths * decoding[i];
    }
    first_ = kNone;
  }

  // With g what a class is charged a step and w its weight, class a stays before b for the steps k with
  // (s_a + k g_a) / w_a <= (s_b + k g_b) / w_b; less than, where b is of the lower number.
  std::int64_t steps_of_front(std::span<const std::int64_t> decoding, std::int64_t sixteenths) const override {
    constexpr std::int64_t kAlways = std::numeric_limits<std::int64_t>::max();
    if (size_ == 0) return kAlways;
    front();
    const auto grows = [&](std::size_t i) {
      return i < decoding.size() ? kDecodedSixteenth * sixteenths * decoding[i] : std::int64_t{0};
    };
    const auto a = static_cast<std::size_t>(first_);
    std::int64_t steps = kAlways;
    for (std::size_t b = 0; b < lines_.size(); ++b) {
      if (b == a || lines_[b].waiting.empty()) continue;
      const std::int64_t ahead = lines_[b].served * lines_[a].weight - lines_[a].served * lines_[b].weight;
      const std::int64_t caught = grows(a) * lines_[b].weight - grows(b) * lines_[a].weight;
      if (caught > 0) steps = std::min(steps, (ahead - (b < a ? 1 : 0)) / caught + 1);
    }
    return steps;
  }

 private:
  /// Of one class.
  struct Line {
    std::int64_t weight = 1;
    std::int64_t served = 0;  ///< sixteenths of a prompt token
    std::deque<Waiting> waiting{};
  };

  Line& line_of(int service_class) {
    const auto index = static_cast<std::size_t>(service_class);
    if (lines_.size() <= index) lines_.resize(index + 1);
    return lines_[index];
  }
  bool less(std::size_t a, std::size_t b) const {
    return lines_[a].served * lines_[b].weight < lines_[b].served * lines_[a].weight;
  }
  void find_first() const {
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (lines_[i].waiting.empty()) continue;
      if (first_ == kNone || less(i, static_cast<std::size_t>(first_))) first_ = static_cast<std::int64_t>(i);
    }
  }

  // A class that had nothing to wait for gains nothing by it: it begins level with the least served that waits, or,
  // where none does, with the last that waited.
  void lift(std::size_t index) {
    std::int64_t level = kNone;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      const bool is_fresh = std::find(fresh_.begin(), fresh_.end(), static_cast<int>(i)) != fresh_.end();
      if (lines_[i].waiting.empty() || (is_fresh && !lifted(i, index))) continue;
      if (level == kNone || less(i, static_cast<std::size_t>(level))) level = static_cast<std::int64_t>(i);
    }
    if (level == kNone) level = last_;
    if (level == kNone || !less(index, static_cast<std::size_t>(level))) return;
    const Line& to = lines_[static_cast<std::size_t>(level)];
    lines_[index].served = (to.served * lines_[index].weight + to.weight - 1) / to.weight;
  }
  /// Of two fresh classes, did the one come before the other?
  bool lifted(std::size_t one, std::size_t other) const {
    const auto at = [&](std::size_t i) { return std::find(fresh_.begin(), fresh_.end(), static_cast<int>(i)); };
    return at(one) < at(other);
  }

  std::vector<Line> lines_;
  std::vector<int> fresh_;  ///< classes that begin to wait, in order
  std::int64_t size_ = 0;
  mutable std::int64_t first_ = kNone;  ///< the class in front, where it is known
  std::int64_t last_ = kNone;           ///< the class of the last that was admitted
};

}  // namespace

// Virtual token counters: each class is charged for the prompt tokens that are computed and the tokens that are
// generated for it, divided by its weight, and the least charged of those that wait goes next; within a class, first
// come first served. The gap between two classes that both wait stays bounded by what one admission and one full batch
// can charge. Preempted is the last admitted (assumption: the paper has no preemption), and it is charged its prompt
// once. Source: Sheng et al., "Fairness in Serving Large Language Models" (OSDI 2024), algorithm 2 and section 4.3.
std::unique_ptr<WaitQueue> fair(const std::vector<ServiceClass>& classes) { return std::make_unique<Fair>(classes); }

}  // namespace socle::serve
