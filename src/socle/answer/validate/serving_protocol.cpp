#include "socle/answer/validate/serving_protocol.hpp"

#include <algorithm>

namespace socle::answer {
namespace {

bool has_prediction(const model::Transformer& model) { return model.mtp_layers > 0; }

/// Chips of the generation whose scripts poll less often: Blackwell.
bool blackwell(const std::string& chip) {
  return chip.starts_with("b200") || chip.starts_with("b300") || chip.starts_with("gb");
}

// Submissions of DeepSeek models that need half the time a token of others of the same engine, chip and settings: with
// three drafts by the model's own modules. In the sweep of 2026-01-14 runs with attention data parallel gain less, on
// both chips: with one (recall of its scripts; predictions of them stay too fast, by a quarter on average).
int drafts_of(const ServingCase& c) {
  if (c.engine != "trtllm" || !has_prediction(c.served.model)) return 0;
  if (c.engine_version == "1.2.0rc6.post3" || c.engine_version.starts_with("1.3.")) return 3;
  if (c.engine_version != "1.1.0rc2.post2" || c.date != "2026-01-14") return 0;
  return c.served.layout.data_parallel > 1 ? 1 : 3;
}

// TensorRT-LLM's rows of October 2025 at 1,024 tokens in and out on fewer than 8 chips have their first token 19 decode
// steps later than those of 1,024 in and 8,192 out, on both chips, in both formats, at every tp: 20 tokens at a time.
bool streams_by_twenties(const ServingCase& c) {
  return c.engine == "trtllm" && c.date.starts_with("2025-10") && c.input == 1024 && c.output == 1024 &&
         c.served.layout.tensor_parallel < 8;
}

// SGLang's 4-bit rows of November 2025 lose 68 s once, on both sizes of group, as soon as the first prompts together
// fill a step of 16,384 tokens (32 of 1,024 or 4 of 8,192, not 16 of 1,024), and nothing with fewer: kernels that are
// compiled or tuned at that size. The three rows of 32 and more prompts of 8,192 on eight chips did not.
bool compiles(const ServingCase& c) {
  return c.engine == "sglang" && c.date.starts_with("2025-11") &&
         c.served.formats.experts == model::WeightFormat::kNvFp4;
}

}  // namespace

ServingProtocol protocol_of(const ServingCase& c) {
  ServingProtocol protocol;
  // One wave: the time to the first token is that of all prompts together.
  if (c.engine == "sglang" && c.engine_version == "0.5.1.post1")
    return {.length_low = 1.0, .rounds = 1, .speculation = {}};
  // InferenceX (dated rows) starts SGLang on Blackwell with --scheduler-recv-interval 30, or 10 below 16 clients, and
  // TensorRT-LLM with stream_interval 10 for DeepSeek models. Recall of its scripts; both show in the rows: so many
  // steps more to the first token.
  if (c.engine == "sglang" && !c.date.empty() && blackwell(c.chip)) protocol.poll_steps = c.concurrency < 16 ? 10 : 30;
  if (c.engine == "trtllm" && !c.date.empty() && c.served.model.name.starts_with("DeepSeek")) protocol.held_steps = 9;
  // InferenceX starts TensorRT-LLM with attention_dp_config: enable_balance true, timeout_iters 60. Recall of its
  // scripts; the rows' first tokens come 16 to 60 steps late.
  if (c.engine == "trtllm" && !c.date.empty()) protocol.prompt_wait = 60;
  if (compiles(c)) protocol.compiling = Seconds{68.0}, protocol.compiled_from = 16384;
  if (streams_by_twenties(c)) protocol.held_steps = 19;
  constexpr double kAccepted = 0.65;  // of each draft whose predecessors were (assumption: middle of 0.5 to 0.8)
  if (const int drafts = drafts_of(c); drafts > 0)
    protocol.speculation = {drafts, serve::accepted_drafts(drafts, kAccepted)};
  return protocol;
}

}  // namespace socle::answer
