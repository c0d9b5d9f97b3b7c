#include <deque>

#include "socle/serve/wait_queue.hpp"

namespace socle::serve {
namespace {

class Fcfs final : public WaitQueue {
 public:
  bool push(const Waiting& one) override {
    waiting_.push_back(one);
    return waiting_.size() == 1;
  }
  void push_again(const Waiting& one) override { waiting_.push_front(one); }
  const Waiting& front() const override { return waiting_.front(); }
  void pop() override { waiting_.pop_front(); }
  std::int64_t size() const override { return static_cast<std::int64_t>(waiting_.size()); }

 private:
  std::deque<Waiting> waiting_;
};

}  // namespace

// What was preempted comes first again. Source: vLLM, vllm/v1/core/sched/request_queue.py (FCFSRequestQueue).
std::unique_ptr<WaitQueue> fcfs(const std::vector<ServiceClass>&) { return std::make_unique<Fcfs>(); }

}  // namespace socle::serve
