#include "socle/answer/validate/case_model.hpp"

#include <cmath>

#include "socle/base/error.hpp"
#include "socle/model/shape_check.hpp"
#include "socle/setup/model_catalog.hpp"

namespace socle::answer {

using model::Transformer;

namespace {

constexpr double kLayersMax = 4'096;

// A dense or evenly mixed-expert transformer from the shape columns.
struct Shape {
  double layers, hidden, ffn, heads, kv_heads, vocab, experts, topk, params, active;
  int sequence;
};

Shape read_shape(const CsvTable& table, std::size_t row) {
  const auto value = [&](const char* column) { return table.number(row, column).value_or(0.0); };
  Shape s{value("layers"),
          value("hidden"),
          value("ffn_hidden"),
          value("heads"),
          value("kv_heads"),
          value("vocab"),
          value("n_experts"),
          value("topk"),
          value("params_b") * 1e9,
          value("active_params_b") * 1e9,
          static_cast<int>(value("seq_len"))};
  if (s.ffn == 0) s.ffn = 4 * s.hidden;
  if (s.vocab == 0) s.vocab = 51200;
  // Heads of 128 unless told otherwise, the usual width since GPT-3.
  if (s.heads == 0) {
    const double tensor = std::max(1.0, value("tp"));
    s.heads = std::max(1.0, std::round(s.hidden / 128.0 / tensor)) * tensor;
    // Of the head counts that tp divides, the nearest whose width is a multiple of 8.
    for (int step = 0; step < 2 * s.hidden / 128.0; ++step) {
      const double heads = s.heads + tensor * ((step % 2 == 0 ? 1 : -1) * ((step + 1) / 2));
      if (heads >= 1 && std::fmod(s.hidden, heads) == 0 && std::fmod(s.hidden / heads, 8.0) == 0) {
        s.heads = heads;
        break;
      }
    }
  }
  if (s.kv_heads == 0) s.kv_heads = s.heads;
  return s;
}

Transformer plain(const Shape& s, bool gated, bool tied) {
  Transformer t;
  t.hidden = static_cast<int>(s.hidden);
  t.vocab = static_cast<int>(s.vocab);
  t.tied_embeddings = tied;
  t.layer_norm = !gated;
  t.learned_positions = gated ? 0 : s.sequence;
  model::Layer layer;
  const int head_dim = static_cast<int>(std::round(s.hidden / s.heads));
  layer.mixer = {.heads = static_cast<int>(s.heads),
                 .kv_heads = static_cast<int>(s.kv_heads),
                 .head_dim = head_dim,
                 .v_head_dim = head_dim,
                 .qkv_bias = !gated};
  layer.feed_forward = {.ffn = static_cast<int>(s.ffn),
                        .gated = gated,
                        .bias = !gated,
                        .experts = static_cast<int>(s.experts),
                        .topk = static_cast<int>(s.topk)};
  t.kinds.push_back(layer);
  t.kind_of_layer.assign(static_cast<std::size_t>(s.layers), 0);
  return t;
}

// A width of four times hidden is the mark of ungated blocks; a stated parameter count decides where it differs.
Transformer from_shape(const Shape& s) {
  const bool four_wide = s.ffn >= 3.9 * s.hidden;
  Transformer best = plain(s, !four_wide, four_wide);
  if (s.params <= 0) return best;
  double least = 1e300;
  for (const bool gated : {!four_wide, four_wide}) {
    for (const bool tied : {four_wide, !four_wide}) {
      const Transformer candidate = plain(s, gated, tied);
      const double miss = std::fabs(model::count_parameters(candidate).total / s.params - 1.0);
      if (miss + 0.02 < least) {
        least = miss;
        best = candidate;
      }
    }
  }
  return best;
}

// A head wider than its block, more experts a token than there are: one problem for each.
void refuse_impossible(const Transformer& t, const CsvTable& table, std::size_t row) {
  Problems problems;
  for (const std::string& problem : model::layer_problems(t.kinds.front()))
    problems.add({table.source(), table.line(row), 0, "heads", problem});
  problems.throw_if_any();
}

// Keeps the first `layers` layers' mix of kinds in proportion.
void resize_layers(Transformer& t, std::size_t layers) {
  std::vector<int> kept;
  const std::size_t all = t.kind_of_layer.size();
  for (std::size_t i = 0; i < layers; ++i) kept.push_back(t.kind_of_layer[i < all ? i : all - 1]);
  t.kind_of_layer = kept;
}

}  // namespace

std::optional<Transformer> case_model(const catalog::Catalog& catalog, const CsvTable& table, std::size_t row) {
  const std::string& name = table.cell(row, "model_name");
  const double layers = table.number(row, "layers").value_or(0.0);
  if (auto known = setup::find_published_model(catalog, name)) {
    if (layers > 0 && layers < known->layers()) resize_layers(*known, static_cast<std::size_t>(layers));
    if (const auto vocab = table.number(row, "vocab")) known->vocab = static_cast<int>(*vocab);
    return known;
  }
  Shape shape = read_shape(table, row);
  if (shape.hidden <= 0) return std::nullopt;
  if (shape.layers <= 0) {
    if (shape.params <= 0) return std::nullopt;
    // As many layers as the parameter count asks for.
    shape.layers = 1;
    refuse_impossible(plain(shape, true, false), table, row);
    const Transformer one = plain(shape, shape.ffn < 3.9 * shape.hidden, shape.ffn >= 3.9 * shape.hidden);
    const double per_layer = model::layer_parameters(one, one.kinds.front());
    shape.layers = std::max(
        1.0, std::round((shape.params - model::count_parameters(one).embedding - model::count_parameters(one).head) /
                        per_layer));
  }
  if (shape.layers > kLayersMax) return std::nullopt;
  refuse_impossible(plain(shape, true, false), table, row);
  Transformer t = from_shape(shape);
  t.name = name;
  return t;
}

}  // namespace socle::answer
