#include <gtest/gtest.h>

#include <set>

#include "socle/base/error.hpp"
#include "socle/base/json.hpp"
#include "socle/base/random.hpp"
#include "socle/migrate/training/emit.hpp"
#include "socle/migrate/training/read_launch.hpp"
#include "socle/migrate/training/translate.hpp"
#include "support/training_facts.hpp"

// Random argument sets out of the pack, with values of every form: what each format writes reads back as the record
// that was written, and a translation has a line for all that was read.
namespace socle::migrate {
namespace {

constexpr std::uint64_t kRecords = 300;

using test::training_facts;

struct Draws {
  RandomStream stream{20, 1};
  std::uint64_t entity, draw = 0;
  std::size_t below(std::size_t bound) { return stream.below(bound, entity, draw++); }
};

ShellText value_of(Draws& draws, const ArgumentFacts& facts, bool live) {
  static const std::vector<std::string> texts{"a",
                                              "/data/my corpus/x_text_document",
                                              "([0]*3+[1]*58)",
                                              "{\"a\": [1, \"b c\"], \"d\": null}",
                                              "it's",
                                              "a\"b\\c",
                                              "$HOME",
                                              "${X}",
                                              "`x`",
                                              "99,1,0",
                                              "#5",
                                              "true",
                                              "null",
                                              "a: b",
                                              "- a",
                                              "x\ny\n  z",
                                              "x \n   \ny",
                                              "\xe6\x95\xb0\xe6\x8d\xae",
                                              "*?[a]",
                                              "~/x",
                                              "!x;&|<>()",
                                              " a ",
                                              ""};
  static const std::vector<std::string> lives{"${RANK}", "${A:-8}", "$(hostname)", "${1}"};
  if (live && draws.below(8) == 0) {
    ShellText text = ShellText::live(lives[draws.below(lives.size())], draws.below(2) == 0);
    if (draws.below(2) == 0) text.add({"/x y"});
    if (text.pieces.size() == 1) text.pieces[0].quoted = true;  // alone and bare it may be no word, or many
    return text;
  }
  if (facts.kind == ArgumentKind::kInteger) return ShellText(std::to_string(draws.below(100000)));
  if (facts.kind == ArgumentKind::kReal) return ShellText(draws.below(2) == 0 ? "-1e-5" : "0.95");
  if (facts.kind == ArgumentKind::kChoice && !facts.choices.empty())
    return ShellText(facts.choices[draws.below(facts.choices.size())]);
  return ShellText(texts[draws.below(texts.size())]);
}

JobRecord drawn(std::uint64_t entity, const std::string& framework, bool live) {
  Draws draws{.entity = entity};
  JobRecord record;
  record.framework = framework;
  record.launcher = {ShellText("torchrun")};
  record.script = {ShellText("pretrain_gpt.py")};
  record.launch = {{.name = "--nnodes", .values = {ShellText("4")}},
                   {.name = "--nproc_per_node", .values = {ShellText("8")}}};
  std::set<std::string> seen;
  for (std::size_t i = 1 + draws.below(40); i > 0; --i) {
    const ArgumentFacts& facts = training_facts().arguments.all()[draws.below(training_facts().arguments.all().size())];
    if (!training_facts().arguments.takes(framework, facts.name) || !seen.insert(facts.name).second) continue;
    Argument argument{.name = facts.name};
    if (facts.kind != ArgumentKind::kSwitch) argument.values.push_back(value_of(draws, facts, live));
    if (facts.kind == ArgumentKind::kList && draws.below(2) == 0)
      argument.values.push_back(value_of(draws, facts, live));
    record.arguments.push_back(std::move(argument));
  }
  for (std::size_t i = draws.below(3); i > 0; --i)
    record.environment.push_back({"VARIABLE_" + std::to_string(i), {value_of(draws, {}, false)}, 0, 0});
  return record;
}

JobRecord read_back(const LaunchFile& file, const std::string& framework) {
  return read_launch(training_facts().arguments, {{file.text, file.name}}, {.framework = framework});
}

TEST(TrainingRoundTrip, EveryFormatReadsBackAsTheRecordThatWasWritten) {
  const EmitPlace place{find_platform(training_facts().platforms, "ascend")};
  for (const char* framework : {"megatron-main", "megatron-0.12", "mindspeed-llm"}) {
    for (std::uint64_t entity = 0; entity < kRecords; ++entity) {
      const JobRecord record = drawn(entity, framework, true);
      for (const char* name : {"sh", "sbatch", "volcano", "trainjob", "lws"}) {
        const EmitFormat& format = emit_format(name);
        const LaunchFile file = emitted(format, record, place);
        ASSERT_EQ(read_back(file, framework), format.adapt(record, place)) << name << " " << entity << "\n"
                                                                           << file.text;
      }
    }
  }
}

TEST(TrainingRoundTrip, ConfigurationsOfTestsReadBackToo) {
  std::size_t written = 0;
  for (std::uint64_t entity = 0; entity < kRecords; ++entity) {
    const JobRecord record = drawn(entity, "megatron-main", false);
    const EmitFormat& format = emit_format("yaml");
    LaunchFile file;
    try {
      file = emitted(format, record, {});
    } catch (const InputError&) { continue; }  // says what the form cannot
    ++written;
    ASSERT_EQ(read_back(file, "megatron-main"), format.adapt(record, {})) << entity << "\n" << file.text;
  }
  EXPECT_GT(written, kRecords / 2);
}

TEST(TrainingRoundTrip, OverridesOfBridgeReadBack) {
  const EmitFormat& format = emit_format("bridge");
  for (std::uint64_t entity = 0; entity < kRecords; ++entity) {
    Draws draws{.entity = entity};
    JobRecord record = drawn(entity, "megatron-main", false);
    record.framework = "megatron-bridge";
    record.script = {ShellText("scripts/training/run_recipe.py")};
    record.arguments = {{.name = "--recipe", .values = {ShellText("x")}}};
    for (std::size_t i = draws.below(20); i > 0; --i) {
      const ArgumentFacts& facts =
          training_facts().arguments.all()[draws.below(training_facts().arguments.all().size())];
      if (facts.bridge.empty()) continue;
      const std::string key = facts.bridge[0].substr(0, facts.bridge[0].find('='));
      record.arguments.push_back(
          {.name = (draws.below(4) == 0 ? "+" : "") + key, .values = {value_of(draws, facts, true)}});
    }
    const LaunchFile file = emitted(format, record, {});
    ASSERT_EQ(read_back(file, "megatron-bridge"), format.adapt(record, {})) << entity << "\n" << file.text;
  }
}

TEST(TrainingRoundTrip, SettingsOfDeepSpeedReadBack) {
  const EmitFormat& format = emit_format("deepspeed-json");
  for (std::uint64_t entity = 0; entity < kRecords; ++entity) {
    Draws draws{.entity = entity};
    JobRecord record;
    record.framework = "deepspeed";
    std::set<std::string> seen;
    for (std::size_t i = 1 + draws.below(20); i > 0; --i) {
      static const std::vector<std::string> values{"1",          "true", "\"auto\"", "1e-05",
                                                   "[0.9,0.95]", "{}",   "null",     "\"a \\\" b\""};
      const std::string group = draws.below(3) == 0 ? "" : "group" + std::to_string(draws.below(4)) + ".";
      const std::string path = group + "key" + std::to_string(draws.below(9));
      if (seen.insert(path).second) record.settings.push_back({path, values[draws.below(values.size())], 0});
    }
    std::stable_sort(record.settings.begin(), record.settings.end(), [](const auto& a, const auto& b) {
      return a.path.substr(0, a.path.find('.')) < b.path.substr(0, b.path.find('.'));  // as an object holds them
    });
    const LaunchFile file = emitted(format, record, {});
    ASSERT_EQ(read_back(file, "deepspeed"), format.adapt(record, {})) << entity << "\n" << file.text;
  }
}

TEST(TrainingRoundTrip, ATranslationHasALineForAllThatWasRead) {
  const TrainingFacts& facts = training_facts();
  for (std::uint64_t entity = 0; entity < kRecords; ++entity) {
    const JobRecord record = drawn(entity, "megatron-main", true);
    for (const char* to :
         {"mindspeed-llm", "megatron-0.12", "megatron-bridge", "deepspeed", "torchtitan", "megatron-main"}) {
      const Translation made = translate(facts, record, {"megatron-main", to, "ascend"});
      std::size_t read = 0;
      for (const Translated& item : made.items) {
        read += !item.item.empty() && item.change != Change::kAdded;
        EXPECT_FALSE(item.why.empty()) << item.item;
        EXPECT_FALSE(item.source.empty()) << item.item;
      }
      EXPECT_GE(read, record.arguments.size() + record.environment.size()) << to << " " << entity;
    }
  }
}

}  // namespace
}  // namespace socle::migrate
