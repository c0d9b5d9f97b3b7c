#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "socle/base/csv.hpp"
#include "socle/catalog/catalog.hpp"
#include "socle/catalog/launch_flags.hpp"
#include "socle/migrate/judgement.hpp"

namespace socle::migrate {

/// What a pack says of one thing.
struct Known {
  Status status = Status::kUnknown;
  Evidence evidence = Evidence::kE0;
  std::string note, source;
};

/// A kind of chips as the pages of engines group them, and the engines that run there.
struct ServingHardware {
  std::string key;                             ///< "ascend_a2_a3"
  std::string platform;                        ///< of migrate/platform: "ascend"
  std::vector<std::string> chips;              ///< globs of slugs
  std::map<std::string, std::string> engines;  ///< by the engine that is left ("vllm"); an empty one: none is known
  std::string dated, source;
};

/// What an engine's page says of a model.
struct ModelSupport {
  std::string row;  ///< as the page has it: "Qwen3-Dense"
  Known known;
  std::string context;                       ///< longest that the page states: "128k"; may be empty
  std::vector<std::string> lacks, untested;  ///< features
};

/// One knob with its flag on each engine; an empty one: none.
struct ServingKnob {
  std::string knob;
  std::map<std::string, std::string> flags;  ///< by family of engines
  std::string rule;                          ///< "bf16_is_auto", "negated"; empty: values stay
  std::string source;
};

/// The fact packs of serving engines (compat/engine-*.csv, serving-*.csv) with rows of the user's before them.
class EngineFacts {
 public:
  /// Columns of `own`: engine, hardware, kind, item, status, note, source; kind "model" has a glob as its item. Throws
  /// InputError for rows that are wrong.
  EngineFacts(const catalog::Catalog& catalog, const CsvTable* own);

  /// Null where no pack has the chip.
  const ServingHardware* hardware_of(std::string_view chip_slug) const;
  /// Kinds: "feature", "quantization", "connector", "argument"; unknown where no row speaks of it.
  Known of(std::string_view engine, std::string_view hardware, std::string_view kind, std::string_view item) const;
  /// The row of a flag under any of its names.
  Known argument(std::string_view engine, std::string_view hardware, const catalog::LaunchFlag& flag) const;
  /// Both at once, in either order; features that the page has no pair of are unknown.
  Known pair(std::string_view engine, std::string_view hardware, std::string_view a, std::string_view b) const;
  /// Has the page of this engine and hardware any row of a kind? Without one nothing is said of anything.
  bool speaks_of(std::string_view engine, std::string_view hardware, std::string_view kind) const;
  /// The row whose pattern is the longest that fits the last part of an identifier.
  std::optional<ModelSupport> model(std::string_view engine, std::string_view hardware,
                                    std::string_view identifier) const;
  const std::vector<ServingKnob>& knobs() const { return knobs_; }

 private:
  struct Row {
    std::string engine, hardware, kind, item;
    Known known;
  };
  struct ModelRow {
    std::string engine, hardware;
    std::vector<std::string> patterns;
    ModelSupport support;
  };
  void read_features(const CsvTable& table, Evidence evidence);
  void read_models(const CsvTable& table);

  std::vector<Row> rows_;  ///< the user's first
  std::vector<ModelRow> models_;
  std::vector<ServingHardware> hardware_;
  std::vector<ServingKnob> knobs_;
};

/// Does a glob, of which only * is special, fit the text?
bool fits_glob(std::string_view glob, std::string_view text);

}  // namespace socle::migrate
