#pragma once

#include <string>
#include <vector>

#include "socle/migrate/platform.hpp"
#include "socle/migrate/serving/engine_facts.hpp"
#include "socle/migrate/serving/launch_record.hpp"
#include "socle/migrate/translation.hpp"

namespace socle::migrate {

/// What a launch command is translated for, sizes and formats re-planned.
struct LaunchTarget {
  std::string engine;    ///< family there: "vllm-ascend"
  std::string hardware;  ///< of the packs; empty where none has the chip
  Platform from, to;
  int tp = 1, pp = 1, dp = 1, ep = 1;  ///< as the engine's flags count them
  bool attention_dp = false;           ///< groups of attention lie inside tp, by a switch of their own
  int chips = 1;                       ///< of one replica
  int nodes = 1;                       ///< of one replica
  int chips_today = 1;                 ///< of one replica, on the source
  std::string quantization;            ///< value of --quantization there; empty: none
  std::string dtype;                   ///< value of --dtype there, where it has to be said; empty: as today
  std::string weights_why;             ///< why the weights are others; empty: they stay
  bool fp8_cache = true;               ///< the chip and the engine have a cache of 8-bit floats
  bool same_platform() const { return from.key == to.key; }
};

struct TranslatedLaunch {
  std::vector<Translated> items;  ///< one or more for each word of the command, then what is added
  LaunchRecord record;            ///< on the target
  bool headless = false;          ///< nodes of a replica other than the first add --headless
};

/// Translates a launch command. `from` and `to`: tables of the engine that is left and the one that is gone to. Every
/// item of the record gets a line.
TranslatedLaunch translate_launch(const LaunchRecord& record, const catalog::LaunchTable& from,
                                  const catalog::LaunchTable& to, const EngineFacts& facts, const LaunchTarget& target,
                                  const CsvTable& environment);

}  // namespace socle::migrate
