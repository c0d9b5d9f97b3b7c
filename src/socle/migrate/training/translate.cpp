#include "socle/migrate/training/translate.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/base/json.hpp"
#include "socle/migrate/training/framework.hpp"
#include "socle/migrate/training/requirements.hpp"

namespace socle::migrate {
namespace {

LaunchStyle style_of(const std::string& key) { return framework_of(key, "framework").style; }

/// Works through a record item by item.
class Translator {
 public:
  Translator(const TrainingFacts& facts, const JobRecord& record, const Passage& passage)
      : facts_(facts),
        from_(record),
        passage_(passage),
        from_style_(style_of(passage.from)),
        to_style_(style_of(passage.to)) {
    made_.record = record;
    made_.record.framework = passage.to;
    made_.record.arguments.clear();
    made_.record.settings.clear();
    made_.record.extras.clear();
  }

  Translation run() {
    for (const Argument& argument : from_.arguments) item(argument, false);
    for (const JobSetting& setting : from_.settings) {
      std::string value = setting.value;
      if (value.size() > 1 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
      item({setting.path, {ShellText(value, setting.line)}, setting.line, 0}, true);
    }
    for (const JobSetting& extra : from_.extras) {
      Translated line = started({extra.path, {ShellText(extra.value)}, extra.line, 0});
      const bool stays = passage_.from == passage_.to;
      say(line, stays ? Change::kSame : Change::kDroppedHarmless,
          stays ? "kept for this form; no other one says it" : "of the tests around it, or not given",
          Status::kSupported, Evidence::kE0, "the file itself");
      if (stays) {
        line.to_item = extra.path;
        line.to_value = extra.value;
        made_.record.extras.push_back(extra);
      }
      made_.items.push_back(std::move(line));
    }
    if (passage_.from != passage_.to) {
      for (const TrainingRule* rule : facts_.rules.additions(false, passage_, from_)) add(*rule);
    }
    return std::move(made_);
  }

 private:
  static Translated started(const Argument& argument) {
    Translated line;
    line.item = argument.name.empty() ? argument.text() : argument.name;
    line.value = argument.name.empty() ? "" : argument.text();
    line.line = argument.line;
    return line;
  }
  static void say(Translated& line, Change change, std::string why, Status status, Evidence evidence,
                  std::string source) {
    line.change = change;
    line.why = std::move(why);
    line.status = status;
    line.evidence = evidence;
    line.source = std::move(source);
  }

  /// Gives an item to the target; false when it is there already.
  bool give(const std::string& name, std::vector<ShellText> values, int line) {
    if (to_style_ == LaunchStyle::kDeepSpeed || (to_style_ == LaunchStyle::kTorchTitan && !name.starts_with("--"))) {
      if (!name.starts_with("--")) {
        if (made_.record.setting(name)) return false;
        made_.record.settings.push_back({name, json_of(values), line});
        return true;
      }
    }
    const bool repeats = passage_.from == passage_.to;
    if (!repeats && made_.record.has(name)) return false;
    made_.record.arguments.push_back({name, std::move(values), line, 0});
    return true;
  }

  /// As JSON: what reads as a number, true, false or a list stays one.
  static std::string json_of(const std::vector<ShellText>& values) {
    std::string text;
    for (const ShellText& value : values) text += (text.empty() ? "" : " ") + value.by_default().value_or(value.text());
    if (text.empty()) return "true";
    try {
      return parse_json(text, "value").dump(false);
    } catch (const InputError&) { return Json(text).dump(false); }
  }

  static std::vector<ShellText> words(const std::string& text) {
    std::vector<ShellText> list;
    if (text.empty()) return list;
    if (text.starts_with("${")) return {ShellText::live(text, true)};
    list.emplace_back(text);
    return list;
  }

  void item(const Argument& argument, bool setting) {
    Translated line = started(argument);
    const std::string value =
        argument.values.size() == 1 ? argument.values[0].by_default().value_or(argument.text()) : argument.text();
    if (argument.name.empty()) {
      say(line, Change::kUnknown, "only a run knows what it holds", Status::kUnknown, Evidence::kE0,
          "the launch itself");
      line.to_item = line.item;
      made_.record.arguments.push_back(argument);
    } else if (const TrainingRule* rule = facts_.rules.find(false, passage_, argument.name, value, from_)) {
      by_rule(*rule, argument, line);
    } else if (passage_.from == passage_.to) {
      same_framework(argument, setting, line);
    } else if (from_style_ == LaunchStyle::kMegatron && to_style_ == LaunchStyle::kMegatron) {
      between_megatrons(argument, value, line);
    } else if (from_style_ == LaunchStyle::kMegatron) {
      to_keys(argument, line);
    } else {
      from_keys(argument, value, line);
    }
    made_.items.push_back(std::move(line));
  }

  void by_rule(const TrainingRule& rule, const Argument& argument, Translated& line) {
    say(line, rule.change, rule.why, rule.status, rule.evidence, rule.source);
    for (const auto& [name, text] : rule.becomes) {
      const auto value = filled_in(text, argument, from_);
      if (!value) {
        say(line, Change::kNoEquivalent, rule.why + ": its value cannot be worked out from what is known",
            Status::kUnknown, rule.evidence, rule.source);
        line.to_item = line.to_value = "";
        return;
      }
      const bool copies = text == "{value}";
      const bool is_new = give(name, copies ? argument.values : words(*value), argument.line);
      if (!is_new && rule.change == Change::kRenamed) line.change = Change::kMerged;
      line.to_item += (line.to_item.empty() ? "" : "; ") + name;
      line.to_value += (line.to_value.empty() ? "" : "; ") + *value;
    }
  }

  void same_framework(const Argument& argument, bool setting, Translated& line) {
    const bool known = facts_.arguments.takes(passage_.to, argument.name);
    const ArgumentFacts* facts = facts_.arguments.find(argument.name);
    say(line, Change::kSame, known ? "the same framework" : "the same framework; no pack knows it",
        known ? Status::kSupported : Status::kUnknown, known ? Evidence::kE2 : Evidence::kE0,
        facts ? facts->source : "the launch itself");
    line.to_item = argument.name;
    line.to_value = line.value;
    if (setting)
      made_.record.settings.push_back(*from_.setting(argument.name));
    else
      made_.record.arguments.push_back(argument);
  }

  void between_megatrons(const Argument& argument, const std::string& value, Translated& line) {
    const ArgumentFacts* facts = facts_.arguments.find(argument.name);
    const bool there = facts_.arguments.takes(passage_.to, argument.name);
    const std::string& target = framework_of(passage_.to, "framework").name;
    if (there) {
      say(line, Change::kSame, facts->approximate ? "the same name, derived by static reading" : "the same name",
          facts->approximate ? Status::kPartial : Status::kSupported, Evidence::kE2, facts->source);
      line.to_item = argument.name;
      line.to_value = line.value;
      give(argument.name, argument.values, argument.line);
    } else if (!facts || !facts_.arguments.takes(passage_.from, argument.name)) {
      say(line, Change::kUnknown, "no pack knows this argument", Status::kUnknown, Evidence::kE0,
          "training-arguments.csv");
    } else if (!facts->default_value.empty() && facts->default_value == value) {
      say(line, Change::kDroppedHarmless, fmt::format("{} does not know it, and it says the default", target),
          Status::kUnsupported, Evidence::kE2, facts->source);
    } else {
      say(line, Change::kNoEquivalent, fmt::format("{} does not know it", target), Status::kUnsupported, Evidence::kE2,
          facts->source);
    }
  }

  void to_keys(const Argument& argument, Translated& line) {
    const ArgumentFacts* facts = facts_.arguments.find(argument.name);
    if (!facts) {
      say(line, Change::kUnknown, "no pack knows this argument", Status::kUnknown, Evidence::kE0,
          "training-arguments.csv");
      return;
    }
    std::vector<std::string> keys;
    if (to_style_ == LaunchStyle::kBridge) keys = facts->bridge;
    if (to_style_ == LaunchStyle::kDeepSpeed && !facts->deepspeed.empty()) keys = {facts->deepspeed};
    if (keys.empty()) {
      const bool code = to_style_ != LaunchStyle::kBridge;
      say(line, code ? Change::kNoEquivalent : Change::kUnknown,
          code ? "no setting of it: said in the code of a script of your own"
               : "its table of arguments does not list it",
          Status::kUnknown, Evidence::kE1, framework_of(passage_.to, "framework").repository);
      return;
    }
    const bool is_switch = argument.values.empty();
    say(line, keys.size() > 1 ? Change::kSplit : Change::kRenamed, "its table of arguments states the key",
        Status::kSupported, to_style_ == LaunchStyle::kBridge ? Evidence::kE1 : Evidence::kE0,
        framework_of(passage_.to, "framework").repository);
    for (const std::string& one : keys) {
      const std::size_t sign = one.find('=');
      const std::string key = one.substr(0, sign);
      const bool off = argument.name.starts_with("--no-") || argument.name.starts_with("--disable-");
      std::vector<ShellText> values = argument.values;
      if (is_switch || sign != std::string::npos)
        values = words(sign != std::string::npos ? one.substr(sign + 1) : off ? "false" : "true");
      line.to_value += (line.to_item.empty() ? "" : "; ") + Argument{.values = values}.text();
      line.to_item += (line.to_item.empty() ? "" : "; ") + key;
      if (!give(key, std::move(values), argument.line)) line.change = Change::kMerged;
    }
  }

  void from_keys(const Argument& argument, const std::string& value, Translated& line) {
    const auto find = [&](const std::string& key) {
      return from_style_ == LaunchStyle::kBridge ? facts_.arguments.of_bridge(key) : facts_.arguments.of_deepspeed(key);
    };
    std::string key = argument.name;
    key.erase(0, std::min(key.find_first_not_of("+"), key.size()));
    const ArgumentFacts* exact = find(key + "=" + value);
    const ArgumentFacts* facts = exact ? exact : find(key);
    if (from_style_ == LaunchStyle::kTorchTitan || !facts) {
      const bool own = from_style_ != LaunchStyle::kBridge && argument.name.starts_with("--");
      say(line, Change::kUnknown, own ? "an argument of a script of your own" : "no pack knows this setting",
          Status::kUnknown, Evidence::kE0, "training-arguments.csv");
      return;
    }
    const bool is_switch = facts->kind == ArgumentKind::kSwitch;
    const bool negates = facts->name.starts_with("--no-") || facts->name.starts_with("--disable-");
    say(line, Change::kRenamed, "the table of arguments states the key", Status::kSupported,
        from_style_ == LaunchStyle::kBridge ? Evidence::kE1 : Evidence::kE0, facts->source);
    if (is_switch && !exact && (value == "true" || value == "True" || value == "false" || value == "False")) {
      const bool on = value == "true" || value == "True";
      if (on == negates) {
        say(line, Change::kDroppedHarmless, fmt::format("{} is not given then", facts->name), Status::kSupported,
            Evidence::kE1, facts->source);
        return;
      }
    }
    if (value == "auto") {
      say(line, Change::kUnknown, "\"auto\": a trainer around DeepSpeed fills it in", Status::kUnknown, Evidence::kE1,
          "deepspeedai/DeepSpeed@edaa722126");
      return;
    }
    line.to_item = facts->name;
    std::vector<ShellText> values = is_switch || exact ? std::vector<ShellText>{} : argument.values;
    line.to_value = Argument{.values = values}.text();
    if (!give(facts->name, std::move(values), argument.line)) line.change = Change::kMerged;
  }

  void add(const TrainingRule& rule) {
    for (const auto& [name, text] : rule.becomes) {
      Translated line;
      const auto value = filled_in(text, {}, from_);
      say(line, Change::kAdded, rule.why, rule.status, rule.evidence, rule.source);
      line.to_item = name;
      if (!value) {
        line.to_value = "?";
        say(line, Change::kUnknown, rule.why + ": its value cannot be worked out from what is known", Status::kUnknown,
            rule.evidence, rule.source);
        line.item = name;
      } else {
        line.to_value = *value;
        if (!give(name, words(*value), 0)) continue;
      }
      made_.items.push_back(std::move(line));
    }
  }

  const TrainingFacts& facts_;
  const JobRecord& from_;
  const Passage& passage_;
  LaunchStyle from_style_, to_style_;
  Translation made_;
};

/// What became of an item in two steps.
Translated chained(const Translated& first, const Translated& second) {
  Translated both = second;
  both.item = first.item;
  both.value = first.value;
  both.line = first.line;
  if (both.change == Change::kSame || both.change == Change::kAdded) both.change = first.change;
  both.why = first.change == Change::kSame ? second.why : first.why + "; " + second.why;
  both.evidence = std::min(first.evidence, second.evidence);
  if (!counts_as_yes(first.status)) both.status = first.status;
  return both;
}

Translation in_two_steps(const TrainingFacts& facts, const JobRecord& record, const Passage& passage) {
  const Passage to_middle{passage.from, "megatron-main", {}},
      from_middle{"megatron-main", passage.to, passage.platform};
  Translation first = Translator(facts, record, to_middle).run();
  Translation second = Translator(facts, first.record, from_middle).run();
  std::vector<Translated> items;
  std::vector<bool> used(second.items.size(), false);
  for (const Translated& item : first.items) {
    const auto next = std::find_if(second.items.begin(), second.items.end(), [&](const Translated& one) {
      return !item.to_item.empty() && !one.item.empty() && item.to_item.substr(0, item.to_item.find(';')) == one.item;
    });
    if (next == second.items.end()) {
      items.push_back(item);
      continue;
    }
    used[static_cast<std::size_t>(next - second.items.begin())] = true;
    items.push_back(chained(item, *next));
  }
  for (std::size_t i = 0; i < second.items.size(); ++i) {
    if (!used[i]) items.push_back(second.items[i]);
  }
  second.items = std::move(items);
  return second;
}

}  // namespace

Translation translate(const TrainingFacts& facts, const JobRecord& record, const Passage& passage) {
  const bool direct = passage.from == passage.to || style_of(passage.from) == LaunchStyle::kMegatron ||
                      style_of(passage.to) == LaunchStyle::kMegatron;
  const bool ascend_from_keys =
      style_of(passage.from) != LaunchStyle::kMegatron && matches_framework("mindspeed*", passage.to);
  const bool keys_from_ascend =
      style_of(passage.to) != LaunchStyle::kMegatron && matches_framework("mindspeed*", passage.from);
  Translation made = direct && !ascend_from_keys && !keys_from_ascend ? Translator(facts, record, passage).run()
                                                                      : in_two_steps(facts, record, passage);
  translate_environment(facts, record, passage, made);
  return made;
}

JobRecord in_megatron_words(const TrainingFacts& facts, const JobRecord& record) {
  if (style_of(record.framework) == LaunchStyle::kMegatron) return record;
  const Passage passage{record.framework, "megatron-main", {}};
  return Translator(facts, record, passage).run().record;
}

Translated translate_name(const TrainingFacts& facts, std::string_view name, const Passage& passage) {
  JobRecord record;
  record.framework = passage.from;
  const ArgumentFacts* known = facts.arguments.find(name);
  Argument argument{.name = std::string(name)};
  if (known && known->kind != ArgumentKind::kSwitch) argument.values.emplace_back("VALUE");
  record.arguments.push_back(argument);
  const TrainingRule* rule = facts.rules.of_name(passage, name);
  Translated made;
  if (rule) {
    made.item = name;
    made.change = rule->change;
    made.why = rule->why;
    made.status = rule->status;
    made.evidence = rule->evidence;
    made.source = rule->source;
    for (const auto& [to, value] : rule->becomes) made.to_item += (made.to_item.empty() ? "" : "; ") + to;
    return made;
  }
  Translation whole = Translator(facts, record, passage).run();
  made = whole.items.empty() ? Translated{} : whole.items.front();
  made.value = made.to_value = "";
  return made;
}

}  // namespace socle::migrate
