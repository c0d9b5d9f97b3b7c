#pragma once

#include <optional>
#include <string>
#include <vector>

#include "socle/answer/migrate/code_migration.hpp"
#include "socle/answer/migrate/serving_migration.hpp"
#include "socle/answer/migrate/torch_migration.hpp"
#include "socle/answer/migrate/training_migration.hpp"

namespace socle::answer {

/// What an input of a migration is.
enum class InputKind { kServing, kCode, kOnnx, kTraining };
const char* input_kind_key(InputKind kind);  ///< "served_model"

/// One thing that stands in the way.
struct FindingPlace {
  std::string place;  ///< "mean.cu:18", "line 4"; empty: of the whole input
  std::string what, why;
};

/// A figure for people: "speed a chip, times today's", "0.49 (0.14 to 0.77)".
struct FindingFigure {
  std::string name, text;
};

/// What one input says of one target.
struct Finding {
  InputKind kind = InputKind::kCode;
  migrate::Decision decision = migrate::Decision::kNoGo;
  std::optional<double> coverage;  ///< share of what the input uses that is known there; empty: nothing to cover
  std::vector<FindingFigure> figures;
  std::vector<FindingPlace> places;
  double hours = 0;
  migrate::Evidence evidence = migrate::Evidence::kE0;
  std::string dated;   ///< of the facts used; empty: not stated
  std::string launch;  ///< the command there, each flag on a line; empty: none
};

/// One input, and its finding on each target in their order.
struct MoveInput {
  std::string name;
  InputKind kind = InputKind::kCode;
  std::string summary;  ///< "Qwen3 32B: 32.8B parameters, 64 layers"
  std::vector<Finding> findings;
};

/// One target of the whole move.
struct MoveTarget {
  std::string key;       ///< as asked: a chip's slug, or a platform's key
  std::string name;      ///< for people
  std::string platform;  ///< its key; empty: none is known
  bool chip = false;     ///< a chip of the catalogue: what needs one can be planned
  std::string export_class;
  migrate::Decision decision = migrate::Decision::kGo;
  double hours = 0;
  migrate::Effort effort = migrate::Effort::kNone;
  migrate::Evidence evidence = migrate::Evidence::kE4;
};

/// What `socle migrate` answers: every input on every target.
struct MoveReport {
  std::string from;
  std::vector<MoveTarget> targets;
  std::vector<MoveInput> inputs;
  std::vector<std::string> notes;  ///< how it is judged, a sentence each
};

Finding finding_of(const ServingMigration& result, std::size_t target);
Finding finding_of(const CodeResult& result, std::size_t target);
Finding finding_of(const TorchResult& result, std::size_t target);
Finding finding_of(const TrainingMigration& result, std::size_t target);
/// Where no pack speaks of an input's kind on a platform.
Finding nothing_known(InputKind kind, std::string why);

/// Sums up each target: the worst decision, all hours, the least evidence. Requires: a finding a target in each input.
void sum_up(MoveReport& report);

}  // namespace socle::answer
