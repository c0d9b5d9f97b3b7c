#pragma once

#include <string>
#include <vector>

#include "socle/answer/validate/validation_rows.hpp"
#include "socle/base/csv.hpp"
#include "socle/base/progress.hpp"
#include "socle/catalog/catalog.hpp"

namespace socle::answer {

/// How much worse per chip the configuration is that Socle would pick than the best of those measured, over groups of
/// configurations of one model, chip and traffic.
struct Regret {
  int groups = 0;
  double mean = 0, worst = 0;
  std::string worst_group;  ///< "Llama 3.1 70B, h200-sxm, 1024 in, 1024 out, 64 at once"
};

/// Predictions of measured points of serving. Metrics ttft_ms, tpot_ms, output_tok_s; the last is derived on both sides
/// as concurrency x output / (TTFT + (output - 1) x TPOT).
struct ServingValidation {
  std::vector<ValidationRow> rows;  ///< three of each case, in the order of the file
  std::vector<ErrorSummary> ttft, tpot, throughput;
  /// TTFT and TPOT again, with what the engine adds on this chip taken from its other chips, or from other engines.
  std::vector<ErrorSummary> ttft_without_chip, tpot_without_chip, ttft_without_engine, tpot_without_engine;
  Regret regret;
};

/// Predicts every case of a CSV. `threads` 0 = all cores; the result does not depend on it. Throws InputError with
/// every malformed row.
ServingValidation validate_serving(const catalog::Catalog& catalog, const CsvTable& cases, unsigned threads,
                                   Progress* progress = nullptr);

}  // namespace socle::answer
