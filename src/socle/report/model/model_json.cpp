#include "socle/model/precision.hpp"
#include "socle/report/model/model_report.hpp"
#include "socle/report/sentences.hpp"

namespace socle::report {
namespace {

using answer::LayerKind;
using answer::ModelShown;

Json bytes_by_format(double elements) {
  Json json = Json::object();
  for (const auto& [name, type] : model::storage_formats()) json.set(name, elements * model::bytes_per_element(type));
  return json;
}

Json mixer_json(const model::Mixer& m) {
  static constexpr const char* kKinds[] = {"attention", "mla", "linear", "none"};
  Json json = Json::object();
  json.set("kind", kKinds[static_cast<int>(m.kind)]);
  const auto figure = [&](const char* key, int value) {
    if (value > 0) json.set(key, value);
  };
  figure("heads", m.heads);
  figure("kv_heads", m.kv_heads);
  figure("head_dim", m.head_dim);
  figure("v_head_dim", m.v_head_dim);
  figure("window", m.window);
  figure("chunk", m.chunk);
  figure("q_lora", m.q_lora);
  figure("kv_lora", m.kv_lora);
  figure("index_topk", m.index_topk);
  figure("compress", m.compress);
  return json;
}

Json feed_forward_json(const model::FeedForward& ff) {
  Json json = Json::object();
  json.set("ffn", ff.ffn).set("gated", ff.gated).set("experts", ff.experts).set("topk", ff.topk);
  return std::move(json.set("shared_ffn", ff.shared_ffn));
}

Json kinds_json(const ModelShown& shown) {
  Json list = Json::array();
  for (const LayerKind& kind : shown.kinds) {
    Json json = Json::object();
    json.set("name", kind.name)
        .set("layers", kind.layers)
        .set("parameters", kind.parameters)
        .set("active", kind.active)
        .set("mixer", mixer_json(kind.layer.mixer))
        .set("feed_forward", feed_forward_json(kind.layer.feed_forward));
    list.push(std::move(json));
  }
  return list;
}

Json weights_json(const ModelShown& shown) {
  if (!shown.weights) return {};
  const auto known = [](double value) { return value > 0 ? Json(value) : Json(); };
  Json json = Json::object();
  json.set("format", shown.weights->format).set("tensors", shown.weights->tensors);
  return std::move(json.set("elements", known(shown.weights->elements)).set("bytes", known(shown.weights->bytes)));
}

Json unused_json(const ModelShown& shown) {
  Json list = Json::array();
  for (const model::UnusedKey& key : shown.unused) {
    Json json = Json::object();
    list.push(std::move(json.set("key", key.key).set("why", key.why)));
  }
  return list;
}

}  // namespace

Json model_json(const ModelShown& shown, const std::vector<InputText>& inputs) {
  const model::Transformer& m = shown.model;
  const auto known = [](double value) { return value > 0 ? Json(value) : Json(); };
  Json json = Json::object();
  json.set("schema", "socle.model/1")
      .set("provenance", provenance("model show", inputs))
      .set("name", m.name)
      .set("family", shown.family.empty() ? Json() : Json(shown.family))
      .set("layers", m.layers())
      .set("hidden", m.hidden)
      .set("vocab", m.vocab)
      .set("context", m.context > 0 ? Json(m.context) : Json())
      .set("parameters_total", shown.parameters.total)
      .set("parameters_active", shown.parameters.active)
      .set("parameters_embedding", shown.parameters.embedding)
      .set("parameters_head", shown.parameters.head)
      .set("parameters_mtp", shown.parameters.mtp)
      .set("published_total", known(m.published_params))
      .set("published_active", known(m.published_active_params))
      .set("sequence_length", shown.sequence)
      .set("flops_per_token", shown.flops.total())
      .set("flops_per_token_matrices", shown.flops.matrices)
      .set("flops_per_token_attention", shown.flops.attention)
      .set("weight_bytes", bytes_by_format(shown.parameters.total))
      .set("kv_cache_bytes_per_token", bytes_by_format(shown.cache.per_token))
      .set("kv_cache_bytes", bytes_by_format(shown.cache.at_context))
      .set("state_bytes", bytes_by_format(shown.cache.state))
      .set("weights", weights_json(shown))
      .set("pattern", shown.pattern)
      .set("kinds", kinds_json(shown))
      .set("keys_unused", unused_json(shown))
      .set("notes", sentences_json(shown.notes));
  return json;
}

}  // namespace socle::report
