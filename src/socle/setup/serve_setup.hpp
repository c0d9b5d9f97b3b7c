#pragma once

#include <optional>
#include <string>
#include <vector>

#include "socle/catalog/engine.hpp"
#include "socle/memory/serving_memory.hpp"
#include "socle/scenario/scenario.hpp"

namespace socle::setup {

/// One served model on one kind of chip under one engine, every name looked up and every default filled in.
struct ServeSetup {
  std::string source;  ///< file name of the scenario; empty = flags only
  model::Transformer model;
  catalog::Engine engine;
  catalog::Chip chip;
  Bytes chip_memory{};  ///< that programs can have
  int chips_per_node = 8;
  std::optional<int> chips;  ///< that there are; empty = as many as it takes
  std::optional<int> tensor_parallel, pipeline_parallel, data_parallel, expert_parallel;  ///< as asked
  model::ServingFormats formats;
  std::string formats_from;     ///< "as published", "as asked", "default"
  std::optional<double> share;  ///< as asked
  int max_model_len = 0;        ///< 0 = the model's context is not known
  bool max_model_len_asked = false;
  int max_num_seqs = 0;  ///< of one step, for each data-parallel rank
  int max_num_batched_tokens = 0;
  bool prediction = false;
  workload::AdapterServing adapters{};
  std::vector<std::string> assumptions;
  std::vector<std::string> doubts;
};

/// Throws InputError with every problem: no model, no chip, unknown names, memory that is not public, a share that is
/// not the engine's. `config` as config_text gives it.
ServeSetup set_up_serve(const catalog::Catalog& catalog, const scenario::Scenario& scenario,
                        const std::optional<std::string>& config);

/// A served model under the engine's own defaults. Requires: the chip's memory is known.
ServeSetup set_up_served(model::Transformer model, catalog::Engine engine, const catalog::Chip& chip,
                         const model::ServingFormats& formats);

/// The engine's share on this layout: as asked, or its default.
double share_on(const ServeSetup& setup, const workload::ServingLayout& layout);

/// What the engine does with memory on this layout.
memory::ServingRules rules_on(const ServeSetup& setup, const workload::ServingLayout& layout);

/// Formats of published weights: "fp8-block", "bf16, experts mxfp4"; empty when the text names none.
std::optional<model::ServingFormats> published_formats(std::string_view text);

/// Names as scenarios write them.
std::string_view weight_format_name(model::WeightFormat format);
std::string_view kv_format_name(model::DataType format);

}  // namespace socle::setup
