#include <algorithm>

#include "socle/report/sentences.hpp"
#include "socle/report/serve/fit_report.hpp"

namespace socle::report {
namespace {

using answer::FitRow;
using memory::ServingMemory;

Json layout_json(const workload::ServingLayout& layout) {
  Json json = Json::object();
  json.set("tp", layout.tensor_parallel).set("pp", layout.pipeline_parallel).set("dp", layout.data_parallel);
  return std::move(json.set("ep", layout.expert_parallel));
}

Json memory_json(const FitRow& row) {
  if (!row.memory) return {};
  const ServingMemory& m = *row.memory;
  Json json = Json::object();
  json.set("stage", m.stage)
      .set("share", row.share)
      .set("weights_dense_bytes", m.weights.dense.value())
      .set("weights_experts_bytes", m.weights.experts.value())
      .set("weights_embedding_bytes", m.weights.embedding.value())
      .set("weights_prediction_bytes", m.weights.prediction.value())
      .set("adapters_bytes", m.weights.adapters.value())
      .set("activations_bytes", m.activations.value())
      .set("graphs_bytes", m.graphs.value())
      .set("context_bytes", m.context.value())
      .set("other_bytes", m.other.value())
      .set("budget_bytes", std::max(m.budget, Bytes{}).value())
      .set("kv_pool_bytes", std::max(m.kv_pool, Bytes{}).value())
      .set("kv_bytes_per_token", m.kv_bytes_per_token.value())
      .set("kv_padding_bytes_per_token", m.padding_per_token.value())
      .set("state_bytes_per_sequence", m.state_per_sequence.value())
      .set("block_tokens", m.block_tokens)
      .set("blocks", m.blocks);
  return std::move(json.set("tokens", m.tokens));
}

Json row_json(const FitRow& row) {
  Json json = Json::object();
  json.set("layout", layout_json(row.layout))
      .set("chips", row.layout.chips())
      .set("fits", row.fits)
      .set("problem", row.problem.empty() ? Json() : Json(row.problem))
      .set("missing_bytes", row.missing.value())
      .set("longest_sequence", row.longest)
      .set("concurrency", row.concurrency);
  return std::move(json.set("memory", memory_json(row)));
}

Json lines_json(const std::vector<std::string>& lines) {
  Json list = Json::array();
  for (const std::string& line : lines) list.push(line);
  return list;
}

void add_fit(const answer::FitResult& result, Json& json) {
  const setup::ServeSetup& setup = result.setup;
  json.set("model", setup.model.name)
      .set("engine", setup.engine.slug)
      .set("chip", setup.chip.slug)
      .set("chip_memory_bytes", setup.chip_memory.value())
      .set("weights", setup::weight_format_name(setup.formats.matrices))
      .set("experts", setup::weight_format_name(setup.formats.experts))
      .set("kv", setup::kv_format_name(setup.formats.kv))
      .set("share_name", share_name(setup.engine.memory.share))
      .set("max_model_len", setup.max_model_len)
      .set("max_num_seqs", setup.max_num_seqs)
      .set("max_num_batched_tokens", setup.max_num_batched_tokens)
      .set("model_kv_bytes_per_token", result.model_kv_per_token.value())
      .set("tp_chosen", result.tp_chosen)
      .set("answer", row_json(result.chosen))
      .set("startup_lines", result.chosen.fits ? lines_json(startup_lines(setup, result.chosen)) : Json::array());
  json.set("smallest", result.smallest ? row_json(*result.smallest) : Json());
  Json layouts = Json::array(), nearest = Json::array();
  for (const FitRow& row : result.layouts) layouts.push(row_json(row));
  for (const answer::FitChange& change : result.nearest) {
    Json one = Json::object();
    nearest.push(std::move(one.set("change", change.text).set("result", row_json(change.row))));
  }
  json.set("layouts", std::move(layouts)).set("nearest", std::move(nearest));
  json.set("assumptions", sentences_json(setup.assumptions)).set("doubts", sentences_json(setup.doubts));
}

}  // namespace

Json serve_fit_json(const answer::FitResult& result, const std::vector<InputText>& inputs) {
  Json json = Json::object();
  json.set("schema", "socle.serve.fit/1").set("provenance", provenance("serve fit", inputs));
  add_fit(result, json);
  return json;
}

Json serve_fit_part(const answer::FitResult& result) {
  Json json = Json::object();
  add_fit(result, json);
  return json;
}

}  // namespace socle::report
