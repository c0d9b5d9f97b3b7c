#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "socle/base/shell_words.hpp"
#include "socle/base/text_table.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/base/utf8.hpp"
#include "socle/base/yaml_settings.hpp"
#include "socle/report/serve/emit_report.hpp"
#include "socle/report/serve/fit_report.hpp"

namespace socle::report {
namespace {

using answer::EmitResult;
using answer::LaunchSetting;
using answer::LaunchWord;

constexpr int kPageWidth = 96;
constexpr double kGiB = 1073741824.0;
constexpr const char* kEndOfFile = "END_OF_SETTINGS";

std::string gib(Bytes bytes) { return fmt::format("{:.2f}", bytes.value() / kGiB); }

/// Lines that begin with "# ", those after the first further in.
std::string comment(const std::string& sentence) {
  std::string text = "# ";
  std::string lines = wrap_text(sentence, kPageWidth, 0);
  while (lines.ends_with('\n')) lines.pop_back();
  for (const char c : lines) text += c == '\n' ? std::string("\n#   ") : std::string(1, c);
  return text + "\n";
}

std::string memory_sentence(const EmitResult& result) {
  const answer::FitRow& row = result.fit.chosen;
  const memory::ServingMemory& m = *row.memory;
  return fmt::format(
      "checked: of the {} GiB of one chip, weights {}, activations {}, graphs {}, driver {}, other {}, "
      "cache {} GiB",
      gib(result.fit.setup.chip_memory), gib(m.weights.total()), gib(m.activations), gib(m.graphs), gib(m.context),
      gib(m.other), gib(m.kv_pool));
}

std::string cache_sentence(const EmitResult& result) {
  const answer::FitRow& row = result.fit.chosen;
  const memory::ServingMemory& m = *row.memory;
  const char* each = row.layout.data_parallel > 1 ? " on each data-parallel rank" : "";
  if (m.tokens == 0)
    return fmt::format("checked: {:.2f} sequences of {} tokens at once", row.concurrency,
                       format_whole(result.fit.setup.max_model_len));
  return fmt::format("checked: {} tokens of cache{}, {:.2f} sequences of {} tokens at once", format_whole(m.tokens),
                     each, row.concurrency, format_whole(result.fit.setup.max_model_len));
}

void add_words(const LaunchWord& word, std::vector<std::string>& words) {
  if (!word.flag.empty()) words.push_back(word.flag);
  if (!word.value.empty()) words.push_back(word.value);
}

/// "--flag value", quoted for a shell.
std::string line_of(const LaunchWord& word) {
  const std::string value = word.expands ? fmt::format("\"${{{}}}\"", word.value) : shell_quoted(word.value);
  if (word.flag.empty()) return value;
  return word.value.empty() ? word.flag : word.flag + " " + value;
}

std::string command_text(const EmitResult& result) {
  std::string text;
  for (const std::string& word : result.command.launcher) text += (text.empty() ? "" : " ") + shell_quoted(word);
  const std::vector<LaunchWord>& words = result.command.words;
  for (std::size_t i = 0; i < words.size(); ++i) text += (i == 0 ? " " : " \\\n  ") + line_of(words[i]);
  return text + "\n";
}

}  // namespace

std::string emit_comments(const EmitResult& result) {
  const setup::ServeSetup& setup = result.fit.setup;
  const answer::FitRow& row = result.fit.chosen;
  std::string text = comment(fmt::format("{} under {}: {} on {} x {}", printable(setup.model.name), setup.engine.name,
                                         layout_words(row.layout), row.layout.chips(), setup.chip.name));
  text += comment("written by socle serve emit, which counts memory as socle serve fit does");
  text += comment(memory_sentence(result));
  text += comment(cache_sentence(result));
  for (const std::string& note : result.command.notes) text += comment("to do: " + note);
  for (const std::string& sentence : setup.assumptions) text += comment("assumed: " + sentence);
  for (const std::string& sentence : setup.doubts) text += comment("doubt: " + sentence);
  text += comment(fmt::format("doubt: flags of {}: {}.", result.setup.table.name, result.setup.table.checked));
  return text;
}

std::vector<std::string> emit_argv(const EmitResult& result) {
  std::vector<std::string> words = result.command.launcher;
  for (const LaunchWord& word : result.command.words) add_words(word, words);
  return words;
}

std::string emit_settings(const EmitResult& result) {
  std::string text, parent;
  for (const LaunchSetting& setting : result.command.settings) {
    const std::size_t dot = setting.path.find('.');
    const std::string above = dot == std::string::npos ? std::string() : setting.path.substr(0, dot);
    if (above != parent && !above.empty()) text += above + ":\n";
    parent = above;
    const std::string value = setting.is_text ? yaml_quoted(setting.value) : setting.value;
    text += (above.empty() ? setting.path : "  " + setting.path.substr(dot + 1)) + ": " + value + "\n";
  }
  return text;
}

std::string serve_emit_text(const EmitResult& result) {
  if (!result.fits()) return serve_fit_text(result.fit);
  if (result.setup.target == setup::LaunchTarget::kKubernetes) return emit_comments(result) + emit_manifests(result);
  std::string text = emit_comments(result);
  if (const std::string settings = emit_settings(result); !settings.empty())
    text += fmt::format("cat > {} <<'{}'\n{}{}\n", shell_quoted(result.command.settings_file), kEndOfFile, settings,
                        kEndOfFile);
  return text + command_text(result);
}

}  // namespace socle::report
