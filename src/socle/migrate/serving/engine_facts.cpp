#include "socle/migrate/serving/engine_facts.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/base/lower_case.hpp"
#include "socle/base/utf8.hpp"

namespace socle::migrate {
namespace {

constexpr std::string_view kEngineColumn = "engine_of_";

CsvTable pack(const catalog::Catalog& catalog, const char* path) {
  return parse_csv(catalog.text_of(path), catalog.source_of(path));
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    if (end > at) words.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

Evidence evidence_of(const CsvTable& table, std::size_t row) {
  const std::string& text = table.cell(row, "evidence");
  for (const Evidence level : {Evidence::kE0, Evidence::kE1, Evidence::kE2, Evidence::kE3, Evidence::kE4}) {
    if (text == evidence_key(level)) return level;
  }
  return Evidence::kE0;
}

/// "org/Qwen3-32B Instruct" is "qwen3-32b-instruct".
std::string model_word(std::string_view identifier) {
  std::string word = lower_case(identifier.substr(identifier.rfind('/') + 1));
  std::replace(word.begin(), word.end(), ' ', '-');
  return word;
}

}  // namespace

bool fits_glob(std::string_view glob, std::string_view text) {
  std::size_t g = 0, t = 0, star = std::string_view::npos, from = 0;
  while (t < text.size()) {
    if (g < glob.size() && glob[g] == '*') {
      star = g++;
      from = t;
    } else if (g < glob.size() && glob[g] == text[t]) {
      ++g;
      ++t;
    } else if (star != std::string_view::npos) {
      g = star + 1;
      t = ++from;
    } else {
      return false;
    }
  }
  while (g < glob.size() && glob[g] == '*') ++g;
  return g == glob.size();
}

EngineFacts::EngineFacts(const catalog::Catalog& catalog, const CsvTable* own) {
  if (own != nullptr) {
    own->require_columns({"engine", "hardware", "kind", "item", "status"});
    read_features(*own, Evidence::kE0);
  }
  read_features(pack(catalog, "compat/engine-features.csv"), Evidence::kE1);
  read_models(pack(catalog, "compat/engine-models.csv"));
  const CsvTable hardware = pack(catalog, "compat/serving-hardware.csv");
  for (std::size_t row = 0; row < hardware.rows(); ++row) {
    ServingHardware one{.key = hardware.cell(row, "hardware"),
                        .platform = hardware.cell(row, "platform"),
                        .chips = words_of(hardware.cell(row, "chips")),
                        .engines = {},
                        .dated = hardware.cell(row, "dated"),
                        .source = hardware.cell(row, "source")};
    for (const std::string& column : hardware.columns()) {
      if (column.starts_with(kEngineColumn))
        one.engines[column.substr(kEngineColumn.size())] = hardware.cell(row, column);
    }
    hardware_.push_back(std::move(one));
  }
  const CsvTable knobs = pack(catalog, "compat/serving-arguments.csv");
  for (std::size_t row = 0; row < knobs.rows(); ++row) {
    ServingKnob knob{.knob = knobs.cell(row, "knob"),
                     .flags = {},
                     .rule = knobs.cell(row, "rule"),
                     .source = knobs.cell(row, "source")};
    for (const char* engine : {"vllm", "sglang", "tensorrt-llm"}) knob.flags[engine] = knobs.cell(row, engine);
    knobs_.push_back(std::move(knob));
  }
}

void EngineFacts::read_features(const CsvTable& table, Evidence evidence) {
  for (std::size_t row = 0; row < table.rows(); ++row) {
    Known known{.status = status_of(table, row, "status"),
                .evidence = evidence == Evidence::kE0 ? evidence : evidence_of(table, row),
                .note = table.cell(row, "note"),
                .source = table.cell(row, "source")};
    const std::string& kind = table.cell(row, "kind");
    if (kind == "model") {
      models_.push_back(
          {.engine = table.cell(row, "engine"),
           .hardware = table.cell(row, "hardware"),
           .patterns = words_of(lower_case(table.cell(row, "item"))),
           .support = {
               .row = table.cell(row, "item"), .known = std::move(known), .context = {}, .lacks = {}, .untested = {}}});
      continue;
    }
    if (kind != "feature" && kind != "pair" && kind != "quantization" && kind != "connector" && kind != "argument")
      throw InputError(Problem{table.source(), table.line(row), 0, "kind",
                               fmt::format("kind = \"{}\"; write feature, pair, quantization, connector, argument or "
                                           "model",
                                           printable(kind, 40))});
    rows_.push_back({.engine = table.cell(row, "engine"),
                     .hardware = table.cell(row, "hardware"),
                     .kind = kind,
                     .item = table.cell(row, "item"),
                     .known = std::move(known)});
  }
}

void EngineFacts::read_models(const CsvTable& table) {
  for (std::size_t row = 0; row < table.rows(); ++row) {
    models_.push_back({.engine = table.cell(row, "engine"),
                       .hardware = table.cell(row, "hardware"),
                       .patterns = words_of(table.cell(row, "patterns")),
                       .support = {.row = table.cell(row, "model"),
                                   .known = {.status = status_of(table, row, "status"),
                                             .evidence = evidence_of(table, row),
                                             .note = {},
                                             .source = table.cell(row, "source")},
                                   .context = table.cell(row, "context"),
                                   .lacks = words_of(table.cell(row, "lacks")),
                                   .untested = words_of(table.cell(row, "untested"))}});
  }
}

const ServingHardware* EngineFacts::hardware_of(std::string_view chip_slug) const {
  for (const ServingHardware& one : hardware_) {
    const bool holds = std::any_of(one.chips.begin(), one.chips.end(),
                                   [&](const std::string& glob) { return fits_glob(glob, chip_slug); });
    if (holds) return &one;
  }
  return nullptr;
}

Known EngineFacts::of(std::string_view engine, std::string_view hardware, std::string_view kind,
                      std::string_view item) const {
  for (const Row& row : rows_) {
    const bool here = row.hardware == hardware || (row.hardware == "nvidia" && hardware.starts_with("nvidia_"));
    if (row.engine == engine && here && row.kind == kind && row.item == item) return row.known;
  }
  return {};
}

Known EngineFacts::argument(std::string_view engine, std::string_view hardware, const catalog::LaunchFlag& flag) const {
  for (const std::string& name : flag.names) {
    const Known known = of(engine, hardware, "argument", name);
    if (known.status != Status::kUnknown) return known;
  }
  return {};
}

Known EngineFacts::pair(std::string_view engine, std::string_view hardware, std::string_view a,
                        std::string_view b) const {
  for (const Row& row : rows_) {
    if (row.engine != engine || row.kind != "pair" || (row.hardware != hardware && row.hardware != "any")) continue;
    if (row.item == fmt::format("{} + {}", a, b) || row.item == fmt::format("{} + {}", b, a)) return row.known;
  }
  return {};
}

bool EngineFacts::speaks_of(std::string_view engine, std::string_view hardware, std::string_view kind) const {
  return std::any_of(rows_.begin(), rows_.end(), [&](const Row& row) {
    return row.engine == engine && row.hardware == hardware && row.kind == kind;
  });
}

std::optional<ModelSupport> EngineFacts::model(std::string_view engine, std::string_view hardware,
                                               std::string_view identifier) const {
  const std::string word = model_word(identifier);
  const ModelRow* best = nullptr;
  std::size_t longest = 0;
  for (const ModelRow& row : models_) {
    if (row.engine != engine || row.hardware != hardware) continue;
    for (const std::string& pattern : row.patterns) {
      if (pattern.size() <= longest || !fits_glob(pattern, word)) continue;
      longest = pattern.size();
      best = &row;
    }
  }
  if (best == nullptr) return std::nullopt;
  return best->support;
}

}  // namespace socle::migrate
