#pragma once

#include <optional>
#include <string>
#include <vector>

#include "socle/answer/risk/risk_job.hpp"
#include "socle/reliability/goodput.hpp"

namespace socle::answer {

/// One thing that a store must do. `enough` is empty where nothing is stated to judge.
struct StorageDemand {
  std::string what;  ///< "read samples"
  std::string need, have;
  std::optional<bool> enough;
  double need_value = 0;
  std::optional<double> have_value;  ///< bytes, or bytes a second
};

struct StorageNeed {
  Bytes dataset{};                    ///< zero: not known
  Bytes kept{};                       ///< all checkpoints that are kept
  BytesPerSecond samples{};           ///< that training reads; zero: not known
  BytesPerSecond write{};             ///< to end a checkpoint before the next
  Seconds restore_once, restore_all;  ///< each byte read once; every replica reading its weights at the same time
  std::vector<StorageDemand> demands;
  std::vector<std::string> assumptions;

  bool suffices() const;
};

/// Share of a parallel file system that may be filled.
inline constexpr double kUsableCapacity = 0.8;

StorageNeed storage_need(const setup::RiskSetup& setup, const JobFacts& facts, const RiskJob& job,
                         const reliability::Goodput& goodput);

}  // namespace socle::answer
