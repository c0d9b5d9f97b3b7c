#pragma once

#include <optional>
#include <string>

#include "socle/base/csv.hpp"
#include "socle/catalog/catalog.hpp"
#include "socle/model/transformer.hpp"
#include "socle/workload/layout.hpp"
#include "socle/workload/training_job.hpp"

namespace socle::answer {

/// One published training run, read from a row of a validation CSV.
struct TrainingCase {
  std::string id;
  std::string source;
  std::string chip;
  int year = 0;
  int chips = 0;
  int chips_per_node = 8;
  int scale_up_domain = 0;       ///< 0 = the chip's own
  double nic_gbit_per_chip = 0;  ///< 0 = not stated
  model::Transformer model;
  workload::TrainingJob job;
  workload::Layout layout;
  bool recompute_known = false;
  bool sharding_known = false;
  std::optional<bool> sequence_parallel;  ///< empty: what the stack does
  std::optional<double> graph_share;      ///< of launches captured in graphs; empty: what the stack does
  bool precision_known = false;
  std::string overlap_notes;
  std::string unsupported;  ///< why the run cannot be predicted; empty when it can
  std::optional<double> step_s;
  std::optional<double> memory_gb;
};

/// Reads one row. What is missing takes the documented default (docs/guide/validate.md); what cannot be done without
/// is named in `unsupported`. Throws InputError for cells that are not what their column holds.
TrainingCase read_training_case(const catalog::Catalog& catalog, const CsvTable& table, std::size_t row);

}  // namespace socle::answer
