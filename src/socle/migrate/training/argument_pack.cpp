#include "socle/migrate/training/argument_pack.hpp"

#include <algorithm>
#include <array>

#include "socle/base/csv.hpp"
#include "socle/base/error.hpp"

namespace socle::migrate {
namespace {

constexpr const char* kPack = "compat/training-arguments.csv";

ArgumentKind kind_of(const std::string& text) {
  static constexpr std::array<const char*, 6> kKinds{"switch", "integer", "real", "text", "choice", "list"};
  for (std::size_t i = 0; i < kKinds.size(); ++i) {
    if (text == kKinds[i]) return static_cast<ArgumentKind>(i);
  }
  return ArgumentKind::kUnknown;
}

std::vector<std::string> words(const std::string& text) {
  std::vector<std::string> list;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    if (end > at) list.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return list;
}

const ArgumentFacts* at_name(const std::map<std::string, std::size_t, std::less<>>& places,
                             const std::vector<ArgumentFacts>& facts, std::string_view name) {
  const auto at = places.find(name);
  return at == places.end() ? nullptr : &facts[at->second];
}

}  // namespace

ArgumentPack::ArgumentPack(const catalog::Catalog& catalog) {
  const CsvTable table = parse_csv(catalog.text_of(kPack), catalog.source_of(kPack));
  table.require_columns({"argument", "kind", "choices", "default", "megatron-main", "megatron-0.12", "mindspeed",
                         "mindspeed-llm", "bridge", "deepspeed", "scripts", "approximate", "source", "dated"});
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto cell = [&](const char* column) { return table.cell(row, column); };
    const auto yes = [&](const char* column) { return cell(column) == "y"; };
    ArgumentFacts facts{.name = cell("argument"),
                        .kind = kind_of(cell("kind")),
                        .choices = words(cell("choices")),
                        .default_value = cell("default"),
                        .main = yes("megatron-main"),
                        .core_0_12 = yes("megatron-0.12"),
                        .mindspeed = yes("mindspeed"),
                        .mindspeed_llm = yes("mindspeed-llm"),
                        .bridge = words(cell("bridge")),
                        .deepspeed = cell("deepspeed"),
                        .scripts = static_cast<int>(table.integer(row, "scripts").value_or(0)),
                        .approximate = cell("approximate") == "yes",
                        .source = cell("source"),
                        .dated = cell("dated")};
    if (!by_name_.try_emplace(facts.name, facts_.size()).second)
      throw InputError(Problem{table.source(), table.line(row), 0, "argument", facts.name + " stands here twice"});
    for (const std::string& key : facts.bridge) by_bridge_.try_emplace(key, facts_.size());
    if (!facts.deepspeed.empty()) by_deepspeed_.try_emplace(facts.deepspeed, facts_.size());
    dated_ = std::max(dated_, facts.dated);
    facts_.push_back(std::move(facts));
  }
}

const ArgumentFacts* ArgumentPack::find(std::string_view name) const { return at_name(by_name_, facts_, name); }
const ArgumentFacts* ArgumentPack::of_bridge(std::string_view key) const { return at_name(by_bridge_, facts_, key); }
const ArgumentFacts* ArgumentPack::of_deepspeed(std::string_view path) const {
  return at_name(by_deepspeed_, facts_, path);
}

bool ArgumentPack::takes(std::string_view framework, std::string_view name) const {
  if (framework == "megatron-bridge") return of_bridge(name) != nullptr;
  if (framework == "deepspeed") return of_deepspeed(name) || of_deepspeed(std::string(name) + "[0]");
  const ArgumentFacts* facts = find(name);
  if (!facts) return false;
  if (framework == "megatron-main") return facts->main;
  if (framework == "megatron-0.12") return facts->core_0_12;
  // MindSpeed and MindSpeed-LLM patch core_v0.12.1 and add to it.
  if (framework == "mindspeed") return facts->mindspeed || facts->core_0_12;
  if (framework == "mindspeed-llm") return facts->mindspeed_llm || facts->mindspeed || facts->core_0_12;
  return false;
}

}  // namespace socle::migrate
