#include <algorithm>
#include <functional>
#include <tuple>

#include "socle/serve/wait_queue.hpp"

namespace socle::serve {
namespace {

/// Does the first come after the second?
struct Later {
  std::vector<ServiceClass> classes;

  std::tuple<int, Picoseconds, std::int64_t> rank(const Waiting& one) const {
    const auto index = static_cast<std::size_t>(one.service_class);
    return {index < classes.size() ? classes[index].priority : 0, one.arrival, one.id};
  }
  bool operator()(const Waiting& a, const Waiting& b) const { return rank(b) < rank(a); }
};

class ByPriority final : public WaitQueue {
 public:
  explicit ByPriority(const std::vector<ServiceClass>& classes) : later_{classes} {}

  bool push(const Waiting& one) override {
    push_again(one);
    return heap_.front().id == one.id;
  }
  void push_again(const Waiting& one) override {
    heap_.push_back(one);
    std::push_heap(heap_.begin(), heap_.end(), std::cref(later_));
  }
  const Waiting& front() const override { return heap_.front(); }
  void pop() override {
    std::pop_heap(heap_.begin(), heap_.end(), std::cref(later_));
    heap_.pop_back();
  }
  std::int64_t size() const override { return static_cast<std::int64_t>(heap_.size()); }
  bool ranks() const override { return true; }
  bool outranks(const Waiting& a, const Waiting& b) const override { return later_(b, a); }

 private:
  Later later_;
  std::vector<Waiting> heap_;
};

}  // namespace

// A request that came earlier goes before its equals, also when it comes again. Among those that run the one of the
// largest priority number loses its cache, of equals the latest. Whether what runs makes room for what
// waits is the policy's to say: vLLM V1 and TensorRT-LLM never, vLLM V0 and SGLang by rank.
// Source: vLLM, vllm/v1/core/sched/request_queue.py (PriorityRequestQueue) and scheduler.py (Scheduler.schedule).
std::unique_ptr<WaitQueue> by_priority(const std::vector<ServiceClass>& classes) {
  return std::make_unique<ByPriority>(classes);
}

}  // namespace socle::serve
