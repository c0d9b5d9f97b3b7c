#pragma once

#include <cstdint>
#include <limits>
#include <span>

#include "socle/serve/lane.hpp"

namespace socle::serve {

/// Holds prompts back until every lane has one, so that few steps are long ones; at most so many steps.
///
/// A step of lanes that step together takes as long as its fullest: a prompt on one holds up the decodes of all. A
/// count of steps runs on whether prompts wait or not, and begins anew whenever prompts may run: when every lane has
/// some, when some lane has nothing that decodes, and when it has come to `most`. Source: TensorRT-LLM,
/// tensorrt_llm/_torch/pyexecutor/py_executor.py (_balance_adp_requests: attention_dp_config with enable_balance,
/// timeout_iters), as recalled; batching_wait_iters is taken as 0.
class PromptGate {
 public:
  /// most = 0: nothing is ever held.
  explicit PromptGate(int most) : most_(most) {}

  /// Of the step that is planned now: do its prompts wait?
  bool holds(std::span<const Lane> lanes);
  /// Steps, that one included, after which it may decide otherwise although nothing came or ended.
  std::int64_t repeats() const { return repeats_; }
  /// So many steps were taken since it was asked.
  void passed(std::int64_t steps);

 private:
  std::int64_t most_;
  std::int64_t count_ = 0;
  std::int64_t repeats_ = std::numeric_limits<std::int64_t>::max();
  bool counts_ = false;  ///< steps that follow unchanged
};

}  // namespace socle::serve
