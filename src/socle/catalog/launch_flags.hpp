#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "socle/catalog/catalog.hpp"

namespace socle::catalog {

/// What becomes of a flag of an engine's launch command.
enum class LaunchUse {
  kTaken,       ///< says something that Socle computes with
  kUnmodelled,  ///< changes memory or speed in a way that Socle does not follow
  kIgnored,     ///< changes neither
};

/// What follows a flag.
enum class LaunchValue {
  kOne,      ///< one word
  kNone,     ///< nothing: a switch
  kBoolean,  ///< nothing; `--no-x` is the other way; `true` or `false` may follow
  kList,     ///< words up to the next flag
  kJson,     ///< one word of JSON
};

/// One flag of an engine, or one setting of its file.
struct LaunchFlag {
  std::vector<std::string> names;  ///< "--tensor-parallel-size", "-tp"; settings: "kv_cache_config.dtype"
  LaunchValue value = LaunchValue::kOne;
  LaunchUse use = LaunchUse::kIgnored;
  std::string takes;    ///< what it is to Socle: "tp", "kv"; of those taken
  std::string matters;  ///< "memory", "speed", "memory, speed"; empty = neither
  std::string why;      ///< how it matters, or why it is left
};

/// A container image that holds an engine.
struct LaunchImage {
  std::string name;     ///< without its tag: "vllm/vllm-openai"
  std::string family;   ///< of engines
  bool starts = false;  ///< its entry point is the engine: arguments follow
};

/// The launch command of one family of engines (`launch/<family>.toml`).
struct LaunchTable {
  std::string family;                 ///< "vllm"
  std::string name;                   ///< "vLLM"
  std::vector<std::string> commands;  ///< "vllm serve"
  std::vector<std::string> modules;   ///< of python -m
  std::vector<LaunchImage> images;    ///< the first is the one that manifests name
  std::vector<std::string> families;  ///< of engines that are started by this command: "vllm", "vllm-ascend"
  bool positional_model = false;      ///< the model may stand without a flag
  std::vector<LaunchFlag> flags;
  std::string source;
  std::string checked;  ///< how far it is to be trusted: "seen: ...; recall: ..."

  /// The flag of this name, '_' and '-' alike; null when there is none.
  const LaunchFlag* find(std::string_view name) const;
  std::vector<std::string> names() const;
};

/// All of them, in the order of their families. Throws InputError on a malformed file.
std::vector<LaunchTable> load_launch_tables(const Catalog& catalog);

/// The table by which engines of a family are started; null when none is known.
const LaunchTable* launch_table(const std::vector<LaunchTable>& tables, std::string_view family);

}  // namespace socle::catalog
