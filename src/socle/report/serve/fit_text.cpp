#include <fmt/format.h>

#include "socle/base/text_table.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/base/utf8.hpp"
#include "socle/report/model/model_report.hpp"
#include "socle/report/sentences.hpp"
#include "socle/report/serve/fit_report.hpp"

namespace socle::report {
namespace {

using answer::FitChange;
using answer::FitResult;
using answer::FitRow;
using memory::ServingMemory;
using setup::ServeSetup;

constexpr int kPageWidth = 100;
constexpr double kGiB = 1073741824.0;

std::string gib(Bytes bytes) { return fmt::format("{:.2f}", bytes.value() / kGiB); }

std::string formats_words(const ServeSetup& setup) {
  const model::ServingFormats& formats = setup.formats;
  std::string text = fmt::format("weights {}", setup::weight_format_name(formats.matrices));
  if (formats.experts != formats.matrices)
    text += fmt::format(", experts {}", setup::weight_format_name(formats.experts));
  if (setup.formats_from == "as published") text += " (as published)";
  return text + fmt::format(", cache {}", setup::kv_format_name(formats.kv));
}

std::string verdict(const FitResult& result) {
  const FitRow& row = result.chosen;
  const int chips = row.layout.chips();
  const std::string where = fmt::format("{} on {} x {}", layout_words(row.layout), chips, result.setup.chip.name);
  if (row.fits) {
    const char* how = result.tp_chosen ? ", the smallest tp with which it fits" : "";
    return fmt::format("fits: {}{}\n", where, how);
  }
  return fmt::format("does not fit: {} lacks {} GiB a chip\n", where, gib(row.missing));
}

std::string head_text(const FitResult& result) {
  const ServeSetup& setup = result.setup;
  std::string out = fmt::format("{}: {}\n", printable(setup.model.name), model_line(setup.model));
  out += fmt::format("{}; {}\n", setup.engine.name, formats_words(setup));
  return out + verdict(result);
}

/// What the pool is computed by, as a sum that can be done again by hand.
std::string rule_words(const ServeSetup& setup, const FitRow& row) {
  const ServingMemory& m = *row.memory;
  const std::string share = fmt::format("{} {:.3g}", share_name(setup.engine.memory.share), row.share);
  const std::string total = fmt::format("{} GiB", gib(setup.chip_memory));
  switch (setup.engine.memory.share) {
    case catalog::MemoryShare::kOfTotal:
      return fmt::format("{} x {} = {} GiB for weights, activations,{}{} other and cache", share, total, gib(m.budget),
                         setup.engine.memory.graphs_inside ? " graphs," : "",
                         setup.engine.memory.context_inside ? " driver," : "");
    case catalog::MemoryShare::kOfStatic:
      return fmt::format("{} x ({} - {} of driver and collectives) = {} GiB for weights and cache", share, total,
                         gib(m.context), gib(m.budget));
    case catalog::MemoryShare::kOfFree:
      break;
  }
  return fmt::format("{} of what weights and the engine leave of {} = {} GiB for the cache", share, total,
                     gib(m.budget));
}

std::string parts_text(const FitResult& result) {
  const ServeSetup& setup = result.setup;
  const FitRow& row = result.chosen;
  const ServingMemory& m = *row.memory;
  TextTable table({{"on one chip"}, {"GiB", Align::kRight}, {"what it is"}}, kPageWidth);
  const auto add = [&](const char* part, Bytes bytes, std::string what) {
    if (bytes > Bytes{}) table.add_row({part, gib(bytes), std::move(what)});
  };
  const auto format = [](model::WeightFormat one) { return std::string(setup::weight_format_name(one)); };
  add("weights", m.weights.dense, "attention, dense blocks, norms, routers: " + format(setup.formats.matrices));
  add("", m.weights.experts, "routed experts: " + format(setup.formats.experts));
  add("", m.weights.embedding, "embedding and head: 16 bit");
  add("", m.weights.prediction, "multi-token prediction");
  add("adapters", m.weights.adapters,
      fmt::format("{} slots of rank {}: 16 bit", setup.adapters.slots, setup.adapters.rank));
  add("activations", m.activations,
      fmt::format("peak of a step of {} tokens and {} sequences", format_whole(setup.max_num_batched_tokens),
                  format_whole(m.sequences)));
  add("graphs", m.graphs,
      setup.engine.memory.graphs_inside ? "captured batch sizes" : "captured batch sizes, outside the share");
  add("driver", m.context,
      setup.engine.memory.context_inside ? "context, collective buffers"
                                         : "context, collective buffers, outside the share");
  add("other", m.other, "what grows beside the allocator");
  table.add_row({"cache", gib(m.kv_pool), m.kv_pool > Bytes{} ? "key-value pool" : "nothing is left for a cache"});
  return table.str() + "\n" + wrap_text(rule_words(setup, row), kPageWidth, 2).substr(2);
}

std::string cache_text(const FitResult& result) {
  const ServeSetup& setup = result.setup;
  const FitRow& row = result.chosen;
  const ServingMemory& m = *row.memory;
  std::string out = fmt::format("cache of a token: {} on one chip, {} of the model\n",
                                format_bytes(m.kv_bytes_per_token), format_bytes(result.model_kv_per_token));
  if (m.padding_per_token > Bytes{})
    out += fmt::format("and {} of padding: layers share a pool in groups of equally many\n",
                       format_bytes(m.padding_per_token));
  if (m.state_per_sequence > Bytes{})
    out +=
        fmt::format("state of a sequence, whatever its length: {} on one chip\n", format_bytes(m.state_per_sequence));
  for (const memory::CacheGroup& group : m.groups) {
    if (group.window > 0)
      out += fmt::format("  of that {} for the last {} tokens only\n", format_bytes(group.per_token),
                         format_whole(group.window));
  }
  if (m.tokens > 0) {
    const char* ranks = row.layout.data_parallel > 1 ? ", on each data-parallel rank" : "";
    out += fmt::format("tokens that fit: {} in {} blocks of {}{}\n", format_whole(m.tokens), format_whole(m.blocks),
                       m.block_tokens, ranks);
    out += fmt::format("sequences of {} tokens at once: {:.2f}; longest sequence: {} of {}\n",
                       format_whole(setup.max_model_len), row.concurrency, format_whole(row.longest),
                       format_whole(setup.max_model_len));
  }
  if (result.smallest)
    out += fmt::format("fewest chips on which it fits: {} ({})\n", result.smallest->layout.chips(),
                       layout_words(result.smallest->layout));
  const std::vector<std::string> lines = startup_lines(setup, row);
  if (!lines.empty() && row.fits) out += fmt::format("\n{} would print:\n", setup.engine.name);
  for (const std::string& line : lines) {
    if (row.fits) out += "  " + line + "\n";
  }
  return out;
}

std::string layouts_text(const FitResult& result) {
  TextTable table({{"layout"},
                   {"chips", Align::kRight},
                   {"weights GiB", Align::kRight},
                   {"cache GiB", Align::kRight},
                   {"tokens", Align::kRight},
                   {"longest", Align::kRight},
                   {"at once", Align::kRight},
                   {"verdict"}},
                  kPageWidth);
  for (const FitRow& row : result.layouts) {
    const std::string chips = std::to_string(row.layout.chips());
    if (!row.memory) {
      table.add_row({layout_words(row.layout), chips, "-", "-", "-", "-", "-", row.problem});
      continue;
    }
    const ServingMemory& m = *row.memory;
    table.add_row({layout_words(row.layout), chips, gib(m.weights.total()), gib(m.kv_pool), format_whole(m.tokens),
                   format_whole(row.longest), fmt::format("{:.2f}", row.concurrency),
                   row.fits ? "fits" : fmt::format("lacks {} GiB a chip", gib(row.missing))});
  }
  return "\n" + table.str();
}

std::string nearest_text(const FitResult& result) {
  if (result.chosen.fits) return {};
  if (result.nearest.empty()) return "\nno single change that was tried makes it fit\n";
  std::string out = "\nthe nearest that fits, one change each\n";
  for (const FitChange& change : result.nearest) {
    out += fmt::format("- {}: {} chips, {} tokens, longest {}\n", change.text, change.row.layout.chips(),
                       format_whole(change.row.memory->tokens), format_whole(change.row.longest));
  }
  return out;
}

}  // namespace

std::string layout_words(const workload::ServingLayout& layout) {
  std::string text = fmt::format("tp {}", layout.tensor_parallel);
  if (layout.pipeline_parallel > 1) text += fmt::format(" pp {}", layout.pipeline_parallel);
  if (layout.data_parallel > 1) text += fmt::format(" dp {}", layout.data_parallel);
  if (layout.expert_parallel > 1) text += fmt::format(" ep {}", layout.expert_parallel);
  return text;
}

std::string serve_fit_text(const FitResult& result) {
  return head_text(result) + "\n" + parts_text(result) + "\n" + cache_text(result) + layouts_text(result) +
         nearest_text(result) + sentences_text("Assumptions", result.setup.assumptions) +
         sentences_text("Doubts", result.setup.doubts);
}

}  // namespace socle::report
