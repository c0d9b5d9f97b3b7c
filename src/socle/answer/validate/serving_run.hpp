#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "socle/base/quantity.hpp"
#include "socle/catalog/catalog.hpp"
#include "socle/serve/step_costs.hpp"

namespace socle::answer {

/// One request of a recorded run.
struct RecordedRequest {
  int input = 0, output = 0;
  Seconds arrival{};                    ///< since the first
  Seconds first_token{}, last_token{};  ///< since its own arrival
};

/// The files of a recorded run: what an engine was started with, and when each request came and was answered.
struct RunFiles {
  std::string name;      ///< of its folder
  std::string meta;      ///< meta.json
  std::string config;    ///< config.json; may be empty: then meta names the chip
  std::string requests;  ///< requests.jsonl
};

/// A recorded run of a serving engine.
struct ServingRun {
  std::string name, chip, engine;
  serve::Served served;
  int max_num_seqs = 0, max_num_batched_tokens = 0;  ///< 0: the engine's own
  std::optional<double> share;                       ///< gpu_memory_utilization
  std::vector<RecordedRequest> requests;             ///< in order of arrival
  std::string unsupported;                           ///< why it cannot be predicted; empty when it can
};

/// Reads a run as the collection of LLMServingSim writes them: meta.json with `vllm_version` and `engine_kwargs`,
/// requests.jsonl with input_toks, output_toks, queued_ts, first_token_ts and last_token_ts a line. Throws InputError
/// naming file and line.
ServingRun read_serving_run(const catalog::Catalog& catalog, const RunFiles& files);

}  // namespace socle::answer
