#include "socle/report/model/model_words.hpp"

#include <cmath>

#include <fmt/format.h>

namespace socle::report {

using model::FeedForward;
using model::Mixer;
using model::MixerKind;

std::string mixer_words(const Mixer& m) {
  std::string words;
  switch (m.kind) {
    case MixerKind::kNone:
      return "none";
    case MixerKind::kAttention: {
      const char* kind = m.kv_heads == m.heads ? "MHA" : m.kv_heads == 1 ? "MQA" : "GQA";
      words = fmt::format("{} {} heads", kind, m.heads);
      if (m.kv_heads != m.heads) words += fmt::format(", {} kv", m.kv_heads);
      words += fmt::format(", {} wide", m.head_dim);
      break;
    }
    case MixerKind::kMla:
      words = fmt::format("MLA {} heads, {} wide, kv rank {}", m.heads, m.head_dim, m.kv_lora);
      break;
    case MixerKind::kLinear:
      words = m.v_head_dim == 1 ? fmt::format("linear {} channels, state {}", m.heads, m.head_dim)
                                : fmt::format("linear {} heads, state {} x {}", m.heads, m.head_dim, m.v_head_dim);
      break;
  }
  if (m.window > 0) words += fmt::format(", window {}", m.window);
  if (m.chunk > 0) words += fmt::format(", chunks of {}", m.chunk);
  if (m.compress > 0) words += fmt::format(", 1/{} of the rest", m.compress);
  if (m.index_topk > 0) words += fmt::format(", top {} tokens", m.index_topk);
  if (m.reuses_kv) words += ", keys of an earlier layer";
  if (m.output_gate) words += ", gated";
  return words;
}

std::string feed_forward_words(const FeedForward& ff) {
  if (ff.ffn == 0) return "none";
  std::string words = ff.experts > 0 ? fmt::format("{} of {} experts, {} wide", ff.topk, ff.experts, ff.ffn)
                                     : fmt::format("{} wide", ff.ffn);
  if (ff.shared_ffn > 0) words += fmt::format(", shared {}", ff.shared_ffn);
  if (ff.latent > 0) words += fmt::format(", latent {}", ff.latent);
  if (!ff.gated) words += ", ungated";
  return words;
}

std::string parameters_words(double count) {
  const double tera = 1e12, giga = 1e9, mega = 1e6;
  if (count >= 0.9995 * tera) return fmt::format("{:.2f}T", count / tera);
  if (count >= 0.9995 * giga) return fmt::format("{:.1f}B", count / giga);
  return fmt::format("{:.1f}M", count / mega);
}

}  // namespace socle::report
