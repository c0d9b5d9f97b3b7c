#include <algorithm>
#include <array>
#include <cctype>

#include "socle/migrate/training/read_launch.hpp"

namespace socle::migrate {
namespace {

/// The word as far as it is known from its beginning.
std::string_view head(const ShellText& word) {
  return word.pieces.empty() || word.pieces[0].live ? std::string_view() : std::string_view(word.pieces[0].text);
}

bool names_option(const ShellText& word) {
  const std::string_view text = head(word);
  if (text.size() < 2 || text[0] != '-') return false;
  return text[1] == '-' ? text.size() > 2 : std::isalpha(static_cast<unsigned char>(text[1])) != 0;
}

/// A variable alone and not in quotes: it may be any number of words.
bool may_be_many(const ShellText& word) {
  return word.pieces.size() == 1 && word.pieces[0].live && !word.pieces[0].quoted;
}

/// KEY=VALUE of hydra: "model.num_layers=4", "+a=1", "~b".
bool names_override(const ShellText& word) {
  const std::string_view text = head(word);
  const std::size_t from = std::min(text.find_first_not_of("+~"), text.size());
  const std::size_t end = text.find('=');
  if (end == std::string_view::npos || end <= from) return from > 0 && from < text.size() && text[0] == '~';
  return std::isdigit(static_cast<unsigned char>(text[from])) == 0 &&
         std::all_of(text.begin() + static_cast<std::ptrdiff_t>(from), text.begin() + static_cast<std::ptrdiff_t>(end),
                     [](char c) {
                       return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' || c == '/' ||
                              c == '@';
                     });
}

/// NAME=VALUE in two; the name alone where there is no sign.
Argument split_at_sign(const ShellText& word) {
  Argument argument{.line = word.line, .column = word.column};
  const std::size_t end = head(word).find('=');
  if (end == std::string_view::npos) {
    argument.name = word.text();
    return argument;
  }
  ShellText value = word;
  argument.name = value.pieces[0].text.substr(0, end);
  value.pieces[0].text.erase(0, end + 1);
  if (value.pieces[0].text.empty()) value.pieces.erase(value.pieces.begin());
  argument.values.push_back(std::move(value));
  return argument;
}

}  // namespace

std::vector<Argument> read_arguments(const ArgumentPack& pack, const std::vector<ShellText>& words, bool overrides) {
  std::vector<Argument> list;
  bool open = false;  // further values may follow the last one
  for (const ShellText& word : words) {
    if (overrides && names_override(word)) {
      list.push_back(split_at_sign(word));
      open = false;
    } else if (names_option(word)) {
      list.push_back(split_at_sign(word));
      open = list.back().values.empty();
    } else {
      bool takes = open;
      if (takes && (may_be_many(word) || overrides)) {
        const ArgumentFacts* facts = pack.find(list.back().name);
        const bool one =
            overrides || (facts && facts->kind != ArgumentKind::kList && facts->kind != ArgumentKind::kUnknown);
        const bool none = facts && facts->kind == ArgumentKind::kSwitch;
        takes = !none && (!one || list.back().values.empty());
      }
      if (!takes) {
        list.push_back({.line = word.line, .column = word.column});
        open = false;
      }
      list.back().values.push_back(word);
    }
  }
  return list;
}

std::vector<Argument> read_launcher_arguments(const std::vector<ShellText>& words, std::size_t& at) {
  static constexpr std::array<std::string_view, 12> kSwitches{
      "--standalone", "--no_python",     "--no-python",          "--use_env",     "--use-env", "--no_ssh",
      "--no-ssh",     "--no_local_rank", "--bind_cores_to_rank", "--force_multi", "-u",        "--run-path"};
  std::vector<Argument> list;
  const auto is_script = [&](std::size_t i) {
    return words[i].text().ends_with(".py") || head(words[i]) == "-m" || head(words[i]) == "--module";
  };
  for (; at < words.size(); ++at) {
    const ShellText& word = words[at];
    if (is_script(at)) break;
    if (!names_option(word)) {
      bool later = false;
      for (std::size_t i = at + 1; i < words.size() && !later; ++i) later = is_script(i);
      if (!may_be_many(word) || !later) break;
      list.push_back({.values = {word}, .line = word.line, .column = word.column});
      continue;
    }
    list.push_back(split_at_sign(word));
    const bool is_switch = std::find(kSwitches.begin(), kSwitches.end(), list.back().name) != kSwitches.end();
    if (!is_switch && list.back().values.empty() && at + 1 < words.size() && !names_option(words[at + 1]))
      list.back().values.push_back(words[++at]);
  }
  return list;
}

std::string guessed_framework(const ArgumentPack& pack, const JobRecord& record) {
  std::string script;
  for (const ShellText& word : record.script) script += word.text() + " ";
  std::string launcher;
  for (const ShellText& word : record.launcher) launcher += word.text() + " ";
  if (script.find("run_recipe") != std::string::npos || record.has("--recipe")) return "megatron-bridge";
  if (script.find("torchtitan") != std::string::npos || record.has("--job.config_file")) return "torchtitan";
  if (launcher.find("deepspeed") != std::string::npos || record.has("--deepspeed") ||
      record.has("--deepspeed_config") || record.has("--deepspeed-config"))
    return "deepspeed";
  int main = 0, core = 0, ascend = 0;
  for (const Argument& argument : record.arguments) {
    const ArgumentFacts* facts = pack.find(argument.name);
    if (!facts) continue;
    main += facts->main;
    core += facts->core_0_12;
    ascend += !facts->main && !facts->core_0_12 && (facts->mindspeed || facts->mindspeed_llm);
  }
  if (ascend > 0) return "mindspeed-llm";
  return core > main ? "megatron-0.12" : main > 0 ? "megatron-main" : "";
}

}  // namespace socle::migrate
