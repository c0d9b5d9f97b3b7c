#pragma once

#include <optional>
#include <string>

#include "socle/base/csv.hpp"
#include "socle/catalog/catalog.hpp"
#include "socle/serve/step_costs.hpp"

namespace socle::answer {

/// Columns without which a table is none of measured serving.
inline constexpr const char* kServingColumns[] = {
    "engine", "model", "chip", "input_tokens", "output_tokens", "concurrency", "measured_ttft_ms", "measured_tpot_ms"};

/// One measured point of a served model under a fixed concurrency, read from a row of a CSV.
struct ServingCase {
  std::string id;
  std::string source;
  std::string chip;            ///< slug
  std::string engine;          ///< as the row names it: vllm, sglang, trtllm, ...
  std::string engine_version;  ///< may be empty
  std::string date;            ///< "2026-03" or longer; may be empty
  serve::Served served;
  int input = 0, output = 0, concurrency = 0;
  std::string unsupported;  ///< why it cannot be predicted; empty when it can
  std::optional<double> ttft_ms, tpot_ms;
};

/// Reads one row. Throws InputError for cells that are not what their column holds.
ServingCase read_serving_case(const catalog::Catalog& catalog, const CsvTable& table, std::size_t row);

}  // namespace socle::answer
