#include "socle/setup/launch_reading.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "socle/base/json.hpp"
#include "socle/base/lower_case.hpp"
#include "socle/base/suggest.hpp"
#include "socle/base/utf8.hpp"
#include "socle/base/yaml_settings.hpp"
#include "socle/setup/launch_command.hpp"
#include "socle/setup/launch_draft.hpp"

namespace socle::setup {
namespace {

using catalog::LaunchFlag;
using catalog::LaunchUse;
using catalog::LaunchValue;

/// One flag as it stands in the command.
struct Written {
  std::string name;   ///< "--tp", without what follows '='
  std::string value;  ///< behind '=', or the next words
  bool has_value = false;
  bool off = false;  ///< `--no-x`
  const ShellWord* at = nullptr;
};

/// Walks through the words after the launcher.
class ArgumentReader {
 public:
  ArgumentReader(const LaunchCommand& command, const LaunchQuestion& asked)
      : command_(command), asked_(asked), table_(command.table) {}

  LaunchDraft run() {
    const std::vector<ShellWord>& words = command_.arguments;
    while (next_ < words.size()) {
      const ShellWord& word = words[next_++];
      if (word.text.size() > 1 && word.text.front() == '-')
        flag(word);
      else
        positional(word);
    }
    for (auto& [name, parts] : parts_) take(*parts.flag, parts.written, parts.json.dump(false));
    if (const LaunchDraft::Value* file = draft_.find("settings")) settings(*file);
    if (draft_.find("model") == nullptr && draft_.problems.empty())
      draft_.problems.add({asked_.source, 0, 0, "from", "the command names no model; add it behind the launcher"});
    return std::move(draft_);
  }

 private:
  /// `--speculative-config.method mtp`: members of one JSON value.
  struct Parts {
    const LaunchFlag* flag;
    Written written;
    Json json;
  };

  void refuse(const ShellWord& word, std::string message) {
    draft_.problems.add({asked_.source, word.line, word.column, "from", std::move(message)});
  }

  LaunchDraft::Value value_at(const ShellWord& word, std::string text) const {
    return {.text = std::move(text), .source = asked_.source, .line = word.line, .column = word.column};
  }

  void positional(const ShellWord& word) {
    const LaunchFlag* model = table_.positional_model ? table_.find("--model") : nullptr;
    if (model == nullptr || draft_.find("model") != nullptr)
      return refuse(word, fmt::format("\"{}\" belongs to no flag; write the flag before it, or leave it out",
                                      printable(word.text)));
    if (refused_expansion(word, *model)) return;
    draft_.say(*model, value_at(word, word.text),
               {.flag = "model",
                .value = word.text,
                .use = model->use,
                .taken = {},
                .matters = model->matters,
                .why = model->why});
  }

  /// What a shell would fill in is not known here; of flags that change nothing it does not matter.
  bool refused_expansion(const ShellWord& word, const LaunchFlag& flag) {
    if (!word.expands || flag.use == LaunchUse::kIgnored) return false;
    refuse(word, fmt::format("\"{}\" is filled in by a shell; assign it in the script, or write the value itself",
                             printable(word.text)));
    return true;
  }

  void flag(const ShellWord& word) {
    Written written{.name = word.text, .value = {}, .has_value = false, .off = false, .at = &word};
    const std::size_t equals = word.text.find('=');
    if (equals != std::string::npos) {
      written.name = word.text.substr(0, equals);
      written.value = word.text.substr(equals + 1);
      written.has_value = true;
    }
    const LaunchFlag* found = table_.find(written.name);
    if (found == nullptr && written.name.starts_with("--no-")) {
      found = table_.find("--" + written.name.substr(5));
      written.off = found != nullptr && found->value == LaunchValue::kBoolean;
      if (!written.off) found = nullptr;
    }
    if (found == nullptr && written.name.starts_with("-O")) {  // -O3, -O.mode=3
      found = table_.find("-O");
      if (found != nullptr && written.name.size() > 2) written.has_value = true;
      if (found != nullptr && equals == std::string::npos && written.name.size() > 2)
        written.value = word.text.substr(2);
    }
    const std::size_t dot = written.name.find('.');
    if (found == nullptr && dot != std::string::npos) {
      found = table_.find(written.name.substr(0, dot));
      if (found != nullptr && found->value == LaunchValue::kJson) return member(*found, written, dot);
      found = nullptr;
    }
    if (found == nullptr) {
      while (next_ < command_.arguments.size() && !command_.arguments[next_].text.starts_with('-'))
        written.value += (written.value.empty() ? "" : " ") + command_.arguments[next_++].text;
      if (asked_.keep_unknown) return leave_unknown(written);
      return refuse(
          word, fmt::format("{} is no flag of {} that is known{}; correct it, or leave it out", printable(written.name),
                            table_.name, did_you_mean(written.name, table_.names())));
    }
    if (!read_value(*found, written)) return;
    if (refused_expansion(word, *found)) return;
    take(*found, written, written.value);
  }

  void leave_unknown(const Written& written) {
    draft_.leave({.flag = written.name,
                  .value = written.value,
                  .use = LaunchUse::kUnmodelled,
                  .taken = {},
                  .matters = "memory, speed",
                  .why = "no flag that is known: what it changes is not followed"});
  }

  /// Words that belong to the flag. False after a problem.
  bool read_value(const LaunchFlag& flag, Written& written) {
    const std::vector<ShellWord>& words = command_.arguments;
    const bool more = next_ < words.size();
    switch (flag.value) {
      case LaunchValue::kNone:
        if (!written.has_value) return true;
        refuse(*written.at, fmt::format("{} takes no value; write it alone", printable(written.name)));
        return false;
      case LaunchValue::kBoolean: {
        const std::string word = written.has_value ? lower_case(written.value)
                                 : more            ? lower_case(words[next_].text)
                                                   : "";
        const bool told = word == "true" || word == "false";
        if (told && !written.has_value) ++next_;
        if (written.has_value && !told) {
          refuse(*written.at, fmt::format("{} takes true or false", printable(written.name)));
          return false;
        }
        written.off = written.off != (word == "false");
        written.value = told ? word : std::string();
        return true;
      }
      case LaunchValue::kList:
        while (next_ < words.size() && !words[next_].text.starts_with("--")) {
          written.value += (written.value.empty() ? "" : " ") + words[next_++].text;
        }
        return true;
      case LaunchValue::kOne:
      case LaunchValue::kJson:
        break;
    }
    if (written.has_value) return true;
    const bool is_flag = more && words[next_].text.size() > 1 && words[next_].text.front() == '-' &&
                         table_.find(words[next_].text.substr(0, words[next_].text.find('='))) != nullptr;
    if (!more || is_flag) {
      refuse(*written.at, fmt::format("{} lacks its value; write one behind it", printable(written.name)));
      return false;
    }
    const ShellWord& value = words[next_++];
    if (refused_expansion(value, flag)) return false;
    written.value = value.text;
    return true;
  }

  void member(const LaunchFlag& flag, Written written, std::size_t dot) {
    LaunchFlag one = flag;
    one.value = LaunchValue::kOne;
    if (!read_value(one, written)) return;
    Json value(written.value);
    try {
      value = parse_json(written.value, asked_.source);
    } catch (const InputError&) {  // a text without quotes
    }
    auto& parts = parts_.try_emplace(flag.names.front(), Parts{&flag, written, Json::object()}).first->second;
    parts.json.set(written.name.substr(dot + 1), std::move(value));
    parts.written.name = written.name.substr(0, dot);
  }

  void take(const LaunchFlag& flag, const Written& written, std::string text) {
    LaunchFlagRead row{
        .flag = written.off && !written.name.starts_with("--no-") ? written.name + " false" : written.name,
        .value = text,
        .use = flag.use,
        .taken = {},
        .matters = flag.matters,
        .why = flag.why};
    if (flag.value == LaunchValue::kBoolean) {
      text = written.off ? "false" : "true";
      row.value.clear();
      if (flag.use == LaunchUse::kTaken && written.off) row.why = "switched off: " + flag.why;
    }
    if (flag.value == LaunchValue::kNone) text = "true";
    if (flag.use != LaunchUse::kTaken) return draft_.leave(std::move(row));
    draft_.say(flag, value_at(*written.at, std::move(text)), std::move(row));
  }

  /// The text of a file of settings: written by the same script, or read.
  std::string settings_text(const LaunchDraft::Value& file) {
    for (const ScriptDocument& document : command_.script.documents) {
      if (document.path == file.text) return document.text;
    }
    if (asked_.read_file) return asked_.read_file(file.text);
    draft_.problem(file, "the file cannot be read here; write its settings into a here-document of the same script");
    return {};
  }

  void settings(const LaunchDraft::Value& file) {
    const std::string name = file.text;
    draft_.rows[file.row].taken = "its settings, below";
    std::vector<std::string> known;
    for (const std::string& one : table_.names()) {
      if (!one.starts_with("-")) known.push_back(one);
    }
    for (const YamlSetting& setting : parse_yaml_settings(settings_text(file), name)) {
      const LaunchFlag* flag = setting.path.starts_with("-") ? nullptr : table_.find(setting.path);
      if (flag == nullptr) flag = table_.find(setting.path.substr(0, setting.path.find('.')));
      if (flag == nullptr) {
        draft_.problems.add({name, setting.line, setting.column, "from",
                             fmt::format("{} is no setting of {} that is known{}; correct it, or leave it out",
                                         printable(setting.path), table_.name, did_you_mean(setting.path, known))});
        continue;
      }
      LaunchFlagRead row{.flag = setting.path,
                         .value = setting.text,
                         .use = flag->use,
                         .taken = {},
                         .matters = flag->matters,
                         .why = flag->why};
      if (flag->use != LaunchUse::kTaken) {
        draft_.leave(std::move(row));
        continue;
      }
      const std::string text = flag->value == LaunchValue::kBoolean ? lower_case(setting.text) : setting.text;
      if (flag->value == LaunchValue::kBoolean && text != "true" && text != "false") {
        draft_.problems.add({name, setting.line, setting.column, "from",
                             fmt::format("{} takes true or false", printable(setting.path))});
        continue;
      }
      draft_.say(*flag, {.text = text, .row = 0, .source = name, .line = setting.line, .column = setting.column},
                 std::move(row));
    }
  }

  const LaunchCommand& command_;
  const LaunchQuestion& asked_;
  const catalog::LaunchTable& table_;
  std::size_t next_ = 0;
  LaunchDraft draft_;
  std::map<std::string, Parts> parts_;
};

bool is_assignment(const std::string& word) {
  const std::size_t equals = word.find('=');
  return equals != std::string::npos && equals > 0 &&
         std::all_of(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(equals),
                     [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
}

/// What stands before the launcher.
std::vector<LaunchFlagRead> before_rows(const LaunchCommand& command) {
  std::vector<LaunchFlagRead> rows;
  for (const ShellWord& word : command.before) {
    if (!is_assignment(word.text)) continue;
    const std::size_t equals = word.text.find('=');
    LaunchFlagRead row{.flag = word.text.substr(0, equals),
                       .value = word.text.substr(equals + 1),
                       .use = LaunchUse::kIgnored,
                       .taken = {},
                       .matters = {},
                       .why = "of the process's environment"};
    if (row.flag == "VLLM_USE_V1" && row.value == "0") {
      row.use = LaunchUse::kUnmodelled;
      row.matters = "memory, speed";
      row.why = "asks for the first engine; say --engine vllm-0.6 for what it does";
    }
    if (row.flag.ends_with("VISIBLE_DEVICES")) row.why = "how many chips are used follows from the sizes below";
    rows.push_back(std::move(row));
  }
  return rows;
}

/// Words that state a default for what a shell would fill in are read by it; says so, a sentence each.
std::vector<std::string> take_defaults(std::vector<ShellWord>& words) {
  std::vector<std::string> said;
  for (ShellWord& word : words) {
    if (!word.expands || word.by_default.empty()) continue;
    said.push_back(fmt::format("{} of the launch command is read as {}, its own default.", printable(word.text),
                               printable(word.by_default)));
    word.text = word.by_default;
    word.expands = false;
  }
  return said;
}

/// The engine to ask about, unless the user names one.
void name_engine(const LaunchCommand& command, const LaunchQuestion& asked, LaunchReading& reading) {
  reading.version = command.version;
  if (asked.given.contains("--engine")) return;
  const auto chip = asked.given.find("--chip");
  const bool ascend = chip != asked.given.end() && lower_case(chip->second).find("ascend") != std::string::npos;
  std::string family = command.family;
  if (family == "vllm" && ascend) family = "vllm-ascend";
  // Without a version, vLLM is left to the chip, which may need the plugin.
  if (command.version.empty() && family == "vllm") return;
  reading.flags["--engine"] = command.version.empty() ? family : family + "-" + command.version;
}

}  // namespace

LaunchReading read_launch(const catalog::Catalog& catalog, std::string_view text, const LaunchQuestion& asked) {
  LaunchCommand command = find_launch(catalog::load_launch_tables(catalog), text, asked.source);
  const std::vector<std::string> defaults = take_defaults(command.arguments);
  LaunchDraft draft = ArgumentReader(command, asked).run();
  LaunchReading reading = put_together(catalog, command.table, draft, asked);
  draft.problems.throw_if_any();
  reading.family = command.table.family;
  reading.name = command.table.name;
  reading.rows = before_rows(command);
  reading.rows.insert(reading.rows.end(), draft.rows.begin(), draft.rows.end());
  name_engine(command, asked, reading);
  reading.doubts = defaults;
  for (const LaunchFlagRead& row : reading.rows) {
    if (row.use != LaunchUse::kUnmodelled) continue;
    reading.doubts.push_back(fmt::format("{}{}{} of the launch command matters for {}: {}.", printable(row.flag),
                                         row.value.empty() ? "" : " ", printable(row.value),
                                         row.matters == "memory, speed" ? "memory and speed" : row.matters, row.why));
  }
  return reading;
}

scenario::Flags with_launch(scenario::Flags given, const LaunchReading& reading) {
  for (const auto& [flag, value] : reading.flags) given.emplace(flag, value);
  return given;
}

}  // namespace socle::setup
