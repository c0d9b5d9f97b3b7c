#include "socle/model/shape_check.hpp"

#include <fmt/format.h>

namespace socle::model {
namespace {

void check_mixer(const Mixer& m, std::vector<std::string>& problems) {
  if (m.kind == MixerKind::kNone) return;
  if (m.heads <= 0) problems.push_back("the mixer has no heads; give at least 1");
  if (m.head_dim <= 0) problems.push_back("the mixer's head_dim is zero; give the width of one head");
  if (m.v_head_dim <= 0) problems.push_back("the mixer's v_head_dim is zero; give the width of one value head");
  if (m.kind != MixerKind::kMla) {
    if (m.kv_heads <= 0)
      problems.push_back("the mixer has no key-value heads; give at least 1");
    else if (m.heads % m.kv_heads != 0) {
      problems.push_back(fmt::format("{} key-value heads do not divide {} heads; give a divisor", m.kv_heads, m.heads));
    }
  }
  if (m.rope_dim > m.head_dim) {
    problems.push_back(
        fmt::format("rope_dim = {} exceeds head_dim = {}, of which it is a part", m.rope_dim, m.head_dim));
  }
  if (m.kind == MixerKind::kMla && m.kv_lora <= 0)
    problems.push_back("MLA without kv_lora; give the rank of keys and values");
  if (m.kind == MixerKind::kMla && m.rope_dim <= 0) problems.push_back("MLA without rope_dim; give the rotary width");
  if (m.index_heads > 0 && (m.index_dim <= 0 || m.index_topk <= 0)) {
    problems.push_back("an indexer needs index_heads, index_dim and index_topk together");
  }
  if ((m.o_lora > 0) != (m.o_groups > 0)) problems.push_back("o_lora and o_groups come together");
  if (m.o_groups > 0 && m.heads % m.o_groups != 0) {
    problems.push_back(fmt::format("o_groups = {} does not divide {} heads; give a divisor", m.o_groups, m.heads));
  }
  if (m.window > 0 && m.chunk > 0) problems.push_back("window and chunk exclude each other; keep one");
}

void check_feed_forward(const FeedForward& ff, std::vector<std::string>& problems) {
  if (ff.experts == 0) {
    if (ff.topk > 0 || ff.shared_ffn > 0 || ff.latent > 0) {
      problems.push_back("topk, shared_ffn and latent need experts; remove them from a dense block");
    }
    return;
  }
  if (ff.ffn <= 0) problems.push_back("experts without ffn; give the width of one expert");
  if (ff.topk < 1 || ff.topk > ff.experts) {
    problems.push_back(fmt::format("topk = {} with {} experts; give 1 to {}", ff.topk, ff.experts, ff.experts));
  }
}

}  // namespace

std::vector<std::string> layer_problems(const Layer& layer) {
  std::vector<std::string> problems;
  check_mixer(layer.mixer, problems);
  check_feed_forward(layer.feed_forward, problems);
  if (layer.mixer.kind == MixerKind::kNone && layer.feed_forward.ffn == 0) {
    problems.push_back("a layer with neither mixer nor feed-forward block; remove it");
  }
  return problems;
}

}  // namespace socle::model
