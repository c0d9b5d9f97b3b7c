#include "socle/answer/validate/serving_protocol.hpp"

#include <algorithm>

namespace socle::answer {
namespace {

bool has_prediction(const model::Transformer& model) { return model.mtp_layers > 0; }

/// Chips of the generation whose scripts poll less often: Blackwell (recall of the InferenceX scripts).
bool blackwell(const std::string& chip) {
  return chip.starts_with("b200") || chip.starts_with("b300") || chip.starts_with("gb");
}

// Submissions of DeepSeek models that need half the time a token of others of the same engine, chip and settings: with
// three drafts by the model's own modules.
bool speculates(const ServingCase& c) {
  if (c.engine != "trtllm" || !has_prediction(c.served.model)) return false;
  const bool release = c.engine_version == "1.2.0rc6.post3" || c.engine_version.starts_with("1.3.");
  return release || (c.engine_version == "1.1.0rc2.post2" && c.date == "2026-01-14");
}

}  // namespace

ServingProtocol protocol_of(const ServingCase& c) {
  ServingProtocol protocol;
  // One wave: the time to the first token is that of all prompts together.
  if (c.engine == "sglang" && c.engine_version == "0.5.1.post1")
    return {.length_low = 1.0, .rounds = 1, .speculation = {}};
  // InferenceX starts SGLang with --scheduler-recv-interval.
  if (c.engine == "sglang" && !c.date.empty()) protocol.poll_steps = blackwell(c.chip) ? 30 : 10;
  constexpr int kDrafts = 3;
  constexpr double kAccepted = 0.65;  // of each draft whose predecessors were (assumption: middle of 0.5 to 0.8)
  if (speculates(c)) protocol.speculation = {kDrafts, serve::accepted_drafts(kDrafts, kAccepted)};
  return protocol;
}

}  // namespace socle::answer
