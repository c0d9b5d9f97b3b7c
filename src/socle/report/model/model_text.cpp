#include <fmt/format.h>

#include "socle/base/text_table.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/base/utf8.hpp"
#include "socle/model/precision.hpp"
#include "socle/report/model/model_report.hpp"
#include "socle/report/model/model_words.hpp"
#include "socle/report/sentences.hpp"

namespace socle::report {
namespace {

using answer::LayerKind;
using answer::ModelShown;

constexpr int kPageWidth = 100;

/// Wrapped to the page, further lines as deep as the text after the prefix, or by two.
std::string paragraph(const std::string& text, const std::string& prefix = {}) {
  const std::size_t indent = prefix.empty() ? 2 : prefix.size();
  return prefix + wrap_text(text, kPageWidth, static_cast<int>(indent)).substr(indent);
}

std::string head_text(const ModelShown& shown) {
  const model::Transformer& m = shown.model;
  std::string out = paragraph(fmt::format("{}: {}", printable(m.name), model_line(m)));
  out += paragraph(
      fmt::format("read from {}{}{}", printable(shown.read_from), shown.family.empty() ? "" : " as ", shown.family));
  std::string sizes =
      fmt::format("width {}, vocabulary {}{}", m.hidden, m.vocab, m.tied_embeddings ? " (head tied)" : "");
  if (m.context > 0) sizes += fmt::format(", context {}", m.context);
  if (m.mtp_layers > 0)
    sizes += fmt::format(", {} prediction module{} beside", m.mtp_layers, m.mtp_layers == 1 ? "" : "s");
  if (m.residual_streams > 1) sizes += fmt::format(", {} residual streams", m.residual_streams);
  if (!m.weight_format.empty()) sizes += fmt::format(", published as {}", printable(m.weight_format));
  return out + paragraph(sizes);
}

std::string kinds_text(const ModelShown& shown) {
  std::string out = paragraph("layers in order: " + shown.pattern);
  for (const LayerKind& kind : shown.kinds) {
    const bool routed = kind.active < kind.parameters;
    out += fmt::format("  {}: {} of {}{}\n", kind.name, kind.layers, parameters_words(kind.parameters),
                       routed ? fmt::format(", {} active", parameters_words(kind.active)) : "");
    if (kind.layer.mixer.kind != model::MixerKind::kNone)
      out += paragraph(mixer_words(kind.layer.mixer), "    attention     ");
    if (kind.layer.feed_forward.ffn > 0)
      out += paragraph(feed_forward_words(kind.layer.feed_forward), "    feed-forward  ");
  }
  return out;
}

std::string beside(const char* what, double published, double counted) {
  const double miss = counted / published - 1.0;
  return fmt::format("{}: {} published, {} counted ({:+.1f} %)", what, format_count(published), format_count(counted),
                     100.0 * miss);
}

/// The published figures beside the counted ones; empty when none are known.
std::vector<std::string> published_beside(const model::Transformer& model, const model::ParameterCount& counted) {
  std::vector<std::string> lines;
  if (model.published_params > 0) lines.push_back(beside("total", model.published_params, counted.total));
  if (model.published_active_params > 0)
    lines.push_back(beside("active", model.published_active_params, counted.active));
  if (!lines.empty() && !model.published_excludes.empty())
    lines.push_back("the figures rightly differ: " + model.published_excludes);
  return lines;
}

// The file holds prediction modules and other towers too, and a tied head perhaps twice.
std::string weights_beside(const model::WeightFile& file, const model::ParameterCount& counted) {
  std::string text = fmt::format("{} file: {} tensors", file.format, format_whole(file.tensors));
  if (file.elements > 0)
    text += fmt::format(", {} weights ({:+.2f} % against the count)", format_count(file.elements),
                        100.0 * (file.elements / counted.total - 1.0));
  if (file.bytes > 0)
    text += fmt::format(", {}, {:.2f} bytes for each counted weight", format_bytes(Bytes{file.bytes}),
                        file.bytes / counted.total);
  return text + "; prediction modules and other towers are in it too";
}

std::string parameters_text(const ModelShown& shown) {
  const model::ParameterCount& p = shown.parameters;
  std::string out = fmt::format("parameters: {} total, {} active; embeddings {}, head {}", parameters_words(p.total),
                                parameters_words(p.active), parameters_words(p.embedding),
                                p.head > 0 ? parameters_words(p.head) : "tied");
  if (p.mtp > 0) out += fmt::format("; prediction modules {} more", parameters_words(p.mtp));
  out = paragraph(out);
  for (const std::string& line : published_beside(shown.model, p)) out += paragraph(line, "  ");
  if (shown.weights) out += paragraph(weights_beside(*shown.weights, p), "  ");
  return out;
}

std::string cost_text(const ModelShown& shown) {
  const model::TokenFlops& f = shown.flops;
  std::string out =
      paragraph(fmt::format("FLOPs per token at {} tokens: {} forward ({} of matrices, {} of attention), {} to train",
                            shown.sequence, format_flops(Flops{f.total()}), format_flops(Flops{f.matrices}),
                            format_flops(Flops{f.attention}), format_flops(Flops{3.0 * f.total()})));
  TextTable table({{"format"},
                   {"weights", Align::kRight},
                   {"KV cache per token", Align::kRight},
                   {fmt::format("KV cache of {} tokens", shown.sequence), Align::kRight}},
                  kPageWidth);
  for (const auto& [name, type] : model::storage_formats()) {
    const double bytes = model::bytes_per_element(type);
    table.add_row({std::string(name), format_bytes(Bytes{shown.parameters.total * bytes}),
                   format_bytes(Bytes{shown.cache.per_token * bytes}),
                   format_bytes(Bytes{shown.cache.at_context * bytes})});
  }
  out += "\n" + table.str();
  if (shown.cache.state > 0)
    out += paragraph(fmt::format("states of linear mixers: {} a sequence in bf16, whatever its length",
                                 format_bytes(Bytes{2.0 * shown.cache.state})));
  return out;
}

std::string unused_text(const ModelShown& shown) {
  std::string out;
  for (const model::UnusedKey& key : shown.unused) {
    if (key.why == model::kInert) continue;
    out += paragraph(fmt::format("{}: {}", printable(key.key), key.why), "  ");
  }
  return out.empty() ? out : "\nKeys not used, beside those that say nothing of a shape:\n" + out;
}

}  // namespace

std::string model_line(const model::Transformer& model) {
  const model::ParameterCount counts = model::count_parameters(model);
  std::string line = parameters_words(counts.total) + " parameters";
  if (counts.active < counts.total) line += fmt::format(", {} active", parameters_words(counts.active));
  return line + fmt::format(", {} layers", model.layers());
}

std::string model_text(const ModelShown& shown) {
  return head_text(shown) + "\n" + parameters_text(shown) + "\n" + kinds_text(shown) + "\n" + cost_text(shown) +
         unused_text(shown) + sentences_text("Notes", shown.notes);
}

}  // namespace socle::report
