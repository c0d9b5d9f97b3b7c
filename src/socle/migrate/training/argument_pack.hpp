#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "socle/catalog/catalog.hpp"
#include "socle/migrate/judgement.hpp"

namespace socle::migrate {

enum class ArgumentKind { kSwitch, kInteger, kReal, kText, kChoice, kList, kUnknown };

/// What is known of one argument of Megatron's kind in each framework.
struct ArgumentFacts {
  std::string name;  ///< "--num-layers"
  ArgumentKind kind = ArgumentKind::kUnknown;
  std::vector<std::string> choices{};
  std::string default_value{};  ///< empty: not stated
  bool main = false, core_0_12 = false, mindspeed = false, mindspeed_llm = false;
  std::vector<std::string> bridge{};  ///< KEY or KEY=VALUE
  std::string deepspeed{};            ///< path in its JSON, or PATH=VALUE
  int scripts = 0;                    ///< of 49 pretraining scripts of MindSpeed-LLM, those that have it
  bool approximate = false;           ///< its name was derived: static reading does not settle negations
  std::string source, dated;
};

/// catalog/compat/training-arguments.csv, found by spelling. Immutable once read.
class ArgumentPack {
 public:
  /// Throws InputError.
  explicit ArgumentPack(const catalog::Catalog& catalog);

  const std::vector<ArgumentFacts>& all() const { return facts_; }
  const ArgumentFacts* find(std::string_view name) const;
  /// Of a setting of Megatron-Bridge or DeepSpeed, its argument in Megatron; the first where several say the same.
  const ArgumentFacts* of_bridge(std::string_view key) const;
  const ArgumentFacts* of_deepspeed(std::string_view path) const;
  /// The framework's parser takes the name. Settings of DeepSpeed and torchtitan are told by path.
  bool takes(std::string_view framework, std::string_view name) const;
  /// The newest date of a row.
  const std::string& dated() const { return dated_; }

 private:
  std::vector<ArgumentFacts> facts_;
  std::map<std::string, std::size_t, std::less<>> by_name_, by_bridge_, by_deepspeed_;
  std::string dated_;
};

}  // namespace socle::migrate
