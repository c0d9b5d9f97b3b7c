#include "socle/catalog/engine.hpp"
#include "socle/report/schemas.hpp"
#include "socle/scenario/serving_section.hpp"

namespace socle::report {
namespace {

Shape fit_shape() {
  return {"fit",
          "One layout and whether the model fits on it.",
          {{"layout", "object", "How one replica is laid over its chips."},
           {"layout.tp", "integer", "Tensor-parallel size."},
           {"layout.pp", "integer", "Pipeline stages."},
           {"layout.dp", "integer", "Attention data-parallel size: groups of tp chips with a cache each."},
           {"layout.ep", "integer", "Expert-parallel size, inside tp x dp."},
           {"chips", "integer", "Chips of the replica."},
           {"fits", "boolean", "The engine starts and serves the wanted length."},
           {"problem", "string|null", "Why the layout cannot be; null: it can."},
           {"missing_bytes", "number", "Bytes that one chip lacks until it fits; 0: it fits, or cannot be."},
           {"longest_sequence", "integer", "Tokens of the longest sequence that fits alone, max_model_len at most."},
           {"concurrency", "number", "Sequences of max_model_len at once, on one data-parallel rank."},
           {"memory", "object|null", "One chip of the stage that holds the fewest tokens; null: the layout cannot be."},
           {"memory.stage", "integer", "The stage, from 0."},
           {"memory.share", "number", "The engine's share, as share_name says."},
           {"memory.weights_dense_bytes", "number", "Attention, dense blocks, norms, routers."},
           {"memory.weights_experts_bytes", "number", "Routed experts."},
           {"memory.weights_embedding_bytes", "number", "Embedding and head."},
           {"memory.weights_prediction_bytes", "number", "Multi-token-prediction modules, where they are loaded."},
           {"memory.adapters_bytes", "number", "Slots of low-rank adapters."},
           {"memory.activations_bytes", "number", "Peak of one step at its limits."},
           {"memory.graphs_bytes", "number", "Captured graphs."},
           {"memory.context_bytes", "number", "Driver context and collective buffers."},
           {"memory.other_bytes", "number", "What grows beside the allocator."},
           {"memory.budget_bytes", "number", "The share times what it is a share of."},
           {"memory.kv_pool_bytes", "number", "What is left for the cache; 0: nothing, see missing_bytes."},
           {"memory.kv_bytes_per_token", "number", "Cache of a token while windows are not full."},
           {"memory.kv_padding_bytes_per_token", "number", "Padding beside it, where layers share a pool in groups."},
           {"memory.state_bytes_per_sequence", "number", "State of linear mixers, whatever the length."},
           {"memory.block_tokens", "integer", "Tokens of a block."},
           {"memory.blocks", "integer", "Whole blocks that fit."},
           {"memory.tokens", "integer", "Tokens in them, as the engine prints."}}};
}

SchemaRows fit_rows() {
  SchemaRows rows{
      {"model", "string", "The model."},
      {"engine", "string", "The line of the engine, by its name in the catalogue."},
      {"chip", "string", "The chip, by its name in the catalogue."},
      {"chip_memory_bytes", "number", "Memory of one chip that programs can have."},
      {"weights", "string", "Format of weights.", scenario::weight_format_names()},
      {"experts", "string", "Format of routed experts.", scenario::weight_format_names()},
      {"kv", "string", "Format of the key-value cache.", scenario::kv_format_names()},
      {"share_name",
       "string",
       "By which share the engine sizes its cache.",
       {"gpu_memory_utilization", "mem_fraction_static", "kv_free_fraction"}},
      {"max_model_len", "integer", "Longest sequence to serve, in tokens."},
      {"max_num_seqs", "integer", "Sequences of one step."},
      {"max_num_batched_tokens", "integer", "Tokens of one step."},
      {"model_kv_bytes_per_token", "number", "Cache of a token over all chips, copies counted once."},
      {"tp_chosen", "boolean", "No tp was stated: the smallest that fits was taken."},
      {"answer", "fit", "The layout that was asked for or chosen."},
      {"startup_lines[]", "string", "What the engine prints of its cache as it starts; none when it does not fit."},
      {"smallest", "fit|null", "The fewest chips on which it fits; null: none that was tried."},
      {"layouts[]", "fit", "Layouts beside each other."},
      {"nearest[]", "object", "When it does not fit: changes with which it does, one at a time."},
      {"nearest[].change", "string", "The change, as a scenario writes it."},
      {"nearest[].result", "fit", "What comes of it."}};
  return joined(std::move(rows), sentence_rows());
}

/// What was read of a launch command.
SchemaRows launch_rows() {
  return {{"from?", "object", "What was read of a launch command; absent: none was given."},
          {"from.engine", "string", "The family of its engine.", {"vllm", "sglang", "tensorrt-llm"}},
          {"from.version", "string|null", "Version of its image; null: nothing tells it."},
          {"from.flags", "object", "Flags of a scenario that follow from it."},
          {"from.flags.*", "string", "Their values."},
          {"from.read[]", "object", "Its flags, in their order."},
          {"from.read[].flag", "string", "The flag as written; model: where the model stands without one."},
          {"from.read[].value", "string|null", "Its value as written; null: it has none."},
          {"from.read[].use", "string", "What becomes of it.", {"taken", "not modelled", "ignored"}},
          {"from.read[].taken", "string|null", "What Socle takes of it; null: nothing."},
          {"from.read[].matters",
           "string|null",
           "For what it matters; null: for neither.",
           {"memory", "speed", "memory, speed"}},
          {"from.read[].why", "string", "How it matters, or why it is left."}};
}

}  // namespace

Shape serve_fit_shape() {
  return {"serve_fit", "Whether a served model fits, as `socle serve fit` answers.", fit_rows()};
}

Shape fit_row_shape() { return fit_shape(); }

Schema serve_fit_schema() {
  SchemaRows rows{{"provenance", "provenance", "What the document rests on."}};
  return {"socle.serve.fit/1",
          "Whether a served model fits: `socle serve fit`.",
          {{"", "always", joined(joined(std::move(rows), fit_rows()), launch_rows())}},
          {provenance_shape(), fit_shape()}};
}

}  // namespace socle::report
