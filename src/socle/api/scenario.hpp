#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "socle/api/fabric_scenario.hpp"
#include "socle/api/fabric_design_scenario.hpp"
#include "socle/api/named.hpp"
#include "socle/base/error.hpp"
#include "socle/base/money.hpp"
#include "socle/base/quantity.hpp"
#include "socle/base/toml_reader.hpp"
#include "socle/catalog/cluster.hpp"
#include "socle/model/precision.hpp"
#include "socle/report/layout_text.hpp"
#include "socle/workload/partial_layout.hpp"
#include "socle/workload/training_job.hpp"

namespace socle::api {

struct ScenarioModel {
  Named name;             ///< of the catalogue
  Named config;           ///< path of a Hugging Face config.json, relative to the scenario; the face reads it
};

struct ScenarioTraining {
  std::optional<Tokens> tokens;
  std::optional<int> sequence_length;
  std::optional<int> global_batch;      ///< sequences
  std::optional<model::Recipe> precision;
  std::optional<workload::AttentionKernel> attention;
  std::optional<bool> lora, mtp;
  std::optional<int> lora_rank;
};

/// Another name of a fat tree of two tiers.
inline constexpr const char* kLeafSpine = "leaf-spine";

/// What is used or bought: nodes of the catalogue, or bare chips in nodes of eight.
struct ScenarioCluster {
  std::string name;                     ///< of a candidate, for people
  Named node, chip;                     ///< exactly one of the two
  std::optional<int> nodes;             ///< empty in a candidate = sized by the planner
  std::optional<int> chips;             ///< in place of `nodes`
  std::string topology;                 ///< of the scale-out fabric; empty = not stated
  catalog::ClusterOverrides overrides;
  Named stack;                          ///< software stack; empty = the chip's latest default
  double power_cap = 1.0;               ///< share of the chip's rated power
  std::optional<Money> rent_per_chip_hour;
  std::optional<Money> price_per_node;
};

struct ScenarioLimits {
  std::optional<Money> capex, opex;     ///< opex: the whole run's
  std::optional<Watts> power;
  std::optional<Seconds> deadline;
  std::optional<int> chips;
  std::optional<double> memory_headroom;  ///< share of the chip's memory that must stay free
};

/// One question, as the user put it. Names are not looked up yet.
struct Scenario {
  std::string source;                   ///< file name; empty = flags only
  ScenarioModel model;
  ScenarioTraining training;
  std::optional<ScenarioCluster> cluster;
  std::vector<ScenarioCluster> candidates;
  workload::PartialLayout layout;
  ScenarioLimits limits;
  FabricSections network;               ///< [fabric] and [traffic]
  FabricDesignKeys fabric_design;       ///< [fabric], as `socle fabric design` reads it
};

/// Reads a scenario (design, section 3) and lays flags over it. An empty `source` means that there is no file.
/// Throws InputError with every problem of file and flags: unknown keys with "did you mean", wrong types, units, ranges.
Scenario read_scenario(std::string_view text, const std::string& source, const ScenarioFlags& flags);

/// "2.1 USD/chip-hour". Gives the amount, or a sentence in `problem`.
Parsed<Money> parse_rent(std::string_view text);

/// Accepted names of number formats, in the order of model::Recipe.
const std::vector<std::string>& precision_names();
using report::attention_names;
using report::recompute_names;
using report::schedule_names;
using report::sharding_names;

/// Ranges that file and flags share.
inline constexpr int kParallelMax = 1'000'000;
inline constexpr int kNodesMax = 1'000'000;
inline constexpr int kChipsMax = 10'000'000;
inline constexpr int kSequenceMax = 1 << 24;
inline constexpr int kBatchMax = 10'000'000;
inline constexpr int kMicrobatchMax = 65'536;
inline constexpr int kLoraRankMax = 4'096;
inline constexpr double kTokensMax = 1e18;

}  // namespace socle::api
