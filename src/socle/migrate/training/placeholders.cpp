#include <bit>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/base/json.hpp"
#include "socle/base/shell_variables.hpp"
#include "socle/migrate/training/requirements.hpp"
#include "socle/migrate/training/translate.hpp"

namespace socle::migrate {
namespace {

std::optional<std::string> text_of(std::optional<int> number) {
  return number ? std::optional(std::to_string(*number)) : std::nullopt;
}

/// Layers of a chunk of virtual stages, and the other way round: layers = pp x chunks x layers of a chunk.
std::optional<int> shares(const TrainingNeeds& needs, long by) {
  const long stage = needs.pp * by;
  if (!needs.layers || stage < 1 || *needs.layers % stage != 0) return std::nullopt;
  return static_cast<int>(*needs.layers / stage);
}

std::optional<long> number_of(const Argument& argument) {
  const auto number = shell_arithmetic(argument.values.empty() ? "" : argument.values[0].by_default().value_or(""));
  return number && *number > 0 && *number < 1'000'000'000'000 ? std::optional(static_cast<long>(*number))
                                                              : std::nullopt;
}

/// One of two numbers of a list of JSON.
std::optional<std::string> of_pair(const Argument& argument, std::size_t which) {
  try {
    const Json json = parse_json(argument.text(), "value");
    if (json.is_array() && json.as_array().size() == 2) return json.as_array()[which].dump(false);
  } catch (const InputError&) {}
  return std::nullopt;
}

std::optional<std::string> placeholder(std::string_view name, const Argument& argument, const JobRecord& record) {
  const TrainingNeeds needs = training_needs(record);
  if (name == "item") return argument.name;
  if (name == "leading") {
    const auto list = leading_dense(argument.values.empty() ? "" : argument.values[0].by_default().value_or(""));
    return list ? std::optional(std::to_string(list->dense)) : std::nullopt;
  }
  if (name == "experts_behind") {
    const auto dense = number_of(argument);
    if (!needs.layers || !dense || *dense >= *needs.layers) return std::nullopt;
    return std::to_string(*needs.layers - *dense);
  }
  if (name == "layers_per_chunk") {
    const auto chunks = number_of(argument);
    return chunks && *chunks < 1000 ? text_of(shares(needs, *chunks)) : std::nullopt;
  }
  if (name == "chunks") {
    const auto layers = number_of(argument);
    return layers && *layers < 100000 ? text_of(shares(needs, *layers)) : std::nullopt;
  }
  if (name == "log2") {
    const auto number = number_of(argument);
    if (!number || !std::has_single_bit(static_cast<unsigned long>(*number))) return std::nullopt;
    return std::to_string(std::countr_zero(static_cast<unsigned long>(*number)));
  }
  if (name == "accumulation") return text_of(needs.accumulation());
  if (name == "first") return of_pair(argument, 0);
  if (name == "second") return of_pair(argument, 1);
  if (name == "betas")
    return fmt::format("[{}, {}]", record.value("--adam-beta1").value_or("0.9"),
                       record.value("--adam-beta2").value_or("0.999"));
  if (name == "shared_width") {
    const auto shared = number_of(argument);
    if (!shared || !needs.expert_ffn || *shared > 1000) return std::nullopt;
    return std::to_string(*shared * *needs.expert_ffn);
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> filled_in(const std::string& text, const Argument& argument, const JobRecord& record) {
  std::string made;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text[at] == '{' ? text.find('}', at) : std::string::npos;
    const bool dollar = at > 0 && text[at - 1] == '$';
    if (end == std::string::npos || dollar) {
      made += text[at++];
      continue;
    }
    const std::string name = text.substr(at + 1, end - at - 1);
    const auto value = name == "value" ? std::optional(argument.text()) : placeholder(name, argument, record);
    if (!value) return std::nullopt;
    made += *value;
    at = end + 1;
  }
  return made;
}

}  // namespace socle::migrate
