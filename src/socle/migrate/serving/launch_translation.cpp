#include "socle/migrate/serving/launch_translation.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "socle/base/lower_case.hpp"
#include "socle/migrate/serving/launch_environment.hpp"
#include "socle/migrate/serving/launch_nodes.hpp"

namespace socle::migrate {
namespace {

using catalog::LaunchFlag;
using catalog::LaunchTable;
using catalog::LaunchUse;

constexpr const char* kSameFlags =
    "vllm-project/vllm-ascend@182b75ea84 docs/source/tutorials: vLLM's flags hold on its plugins";

/// Flags whose values name kernels or libraries of one platform.
constexpr std::array<std::string_view, 8> kKernels{
    "--attention-backend",       "--all2all-backend",           "--moe-a2a-backend",          "--moe-runner-backend",
    "--mm-encoder-attn-backend", "--prefill-attention-backend", "--decode-attention-backend", "--sampling-backend"};

bool names_kernels(const std::string& flag) {
  return std::find(kKernels.begin(), kKernels.end(), flag) != kKernels.end();
}

class Translator {
 public:
  Translator(const LaunchTable& from, const LaunchTable& to, const EngineFacts& facts, const LaunchTarget& target)
      : from_(from), to_(to), facts_(facts), target_(target) {}

  TranslatedLaunch run(const LaunchRecord& record, const CsvTable& environment) {
    out_.record.family = target_.engine;
    TranslatedEnvironment process = translate_environment(record, target_, same_engine(), environment);
    out_.items = std::move(process.items);
    out_.record.environment = std::move(process.variables);
    out_.record.launcher = launcher(record);
    for (const LaunchItem& item : record.items) translate(item);
    add_sizes();
    if (target_.nodes > 1) add_nodes();
    if (!target_.quantization.empty() && !told_.contains("quantization"))
      add(name_of("quantization", "--quantization"), target_.quantization, target_.weights_why, Status::kSupported,
          Evidence::kE1);
    if (!target_.dtype.empty() && !told_.contains("dtype"))
      add(name_of("dtype", "--dtype"), target_.dtype, target_.weights_why, Status::kSupported, Evidence::kE1);
    return std::move(out_);
  }

 private:
  bool same_engine() const { return from_.family == to_.family; }

  std::string name_of(const char* takes, const char* otherwise) const {
    for (const LaunchFlag& flag : to_.flags) {
      if (flag.takes == takes && flag.use == LaunchUse::kTaken) return flag.names.front();
    }
    return otherwise;
  }

  void put(const std::string& flag, std::vector<LaunchText> values, bool joined = false) {
    out_.record.items.push_back(
        {.flag = flag, .values = std::move(values), .joined = joined, .flag_expands = false, .line = 0});
  }

  Translated line_of(const LaunchItem& item) const {
    return {.item = item.flag.empty() ? "model" : item.flag,
            .value = value_text(item),
            .line = item.line,
            .change = Change::kSame,
            .to_item = item.flag.empty() ? "model" : item.flag,
            .to_value = value_text(item),
            .why = {},
            .status = Status::kSupported,
            .evidence = Evidence::kE1,
            .source = kSameFlags};
  }

  void keep(const LaunchItem& item, Translated line) {
    put(item.flag, item.values, item.joined);
    out_.items.push_back(std::move(line));
  }

  void change(Translated line, Change change, const std::string& flag, const std::string& value, std::string why) {
    line.change = change;
    line.to_item = flag;
    line.to_value = value;
    line.why = std::move(why);
    if (!flag.empty()) {
      std::vector<LaunchText> values;
      if (!value.empty()) values.push_back({value, false});
      put(flag == "model" ? std::string() : flag, std::move(values));
    }
    out_.items.push_back(std::move(line));
  }

  void add(const std::string& flag, const std::string& value, std::string why, Status status, Evidence evidence) {
    Translated line{.item = {},
                    .value = {},
                    .line = 0,
                    .change = Change::kAdded,
                    .to_item = {},
                    .to_value = {},
                    .why = {},
                    .status = status,
                    .evidence = evidence,
                    .source = kSameFlags};
    change(std::move(line), Change::kAdded, flag, value, std::move(why));
  }

  /// The launcher's words; `docker run` and other wrappers name an image and devices of the platform that is left.
  std::vector<LaunchText> launcher(const LaunchRecord& record) {
    if (!record.wrapper.empty()) {
      std::string text;
      for (const LaunchText& word : record.wrapper) text += (text.empty() ? "" : " ") + word.text;
      if (target_.same_platform() && same_engine()) {
        out_.record.wrapper = record.wrapper;
        out_.items.push_back({.item = "wrapper",
                              .value = text,
                              .line = 0,
                              .change = Change::kSame,
                              .to_item = "wrapper",
                              .to_value = text,
                              .why = {},
                              .status = Status::kSupported,
                              .evidence = Evidence::kE0,
                              .source = {}});
      } else {
        out_.items.push_back(
            {.item = "wrapper",
             .value = text,
             .line = 0,
             .change = Change::kNoEquivalent,
             .to_item = {},
             .to_value = {},
             .why =
                 "image, devices and mounts are of the platform that is left: start from an image of " + target_.engine,
             .status = Status::kUnknown,
             .evidence = Evidence::kE0,
             .source = {}});
      }
    }
    if (same_engine()) return record.launcher;
    std::vector<LaunchText> words;
    const std::string command = to_.commands.empty() ? "python3 -m " + to_.modules.front() : to_.commands.front();
    for (std::size_t at = 0; at < command.size();) {
      const std::size_t end = std::min(command.find(' ', at), command.size());
      words.push_back({command.substr(at, end - at), false});
      at = end + 1;
    }
    return words;
  }

  void translate(const LaunchItem& item) {
    const LaunchFlag* known = from_.find(item.flag.empty() ? "--model" : item.flag);
    if (known == nullptr && item.flag.starts_with("--no-")) known = from_.find("--" + item.flag.substr(5));
    if (known == nullptr && item.flag.find('.') != std::string::npos)
      known = from_.find(item.flag.substr(0, item.flag.find('.')));
    const std::string takes = known != nullptr && known->use == LaunchUse::kTaken ? known->takes : std::string();
    Translated line = line_of(item);
    if (takes == "tp") return size(item, std::move(line), "tp", target_.tp);
    if (takes == "pp") return size(item, std::move(line), "pp", target_.pp);
    if (takes == "dp") return size(item, std::move(line), "dp", target_.dp);
    if (takes == "ep") return size(item, std::move(line), "ep", target_.ep);
    if (takes == "expert_parallel") return experts(item, std::move(line));
    if (takes == "dp_attention") return attention(item, std::move(line));
    if (takes == "quantization") return quantization(item, std::move(line));
    if (takes == "dtype" && !target_.dtype.empty()) {
      told_.insert("dtype");
      return change(std::move(line), Change::kValueChanged, same_engine() ? item.flag : name_of("dtype", "--dtype"),
                    target_.dtype, target_.weights_why);
    }
    if (takes == "kv") return cache(item, std::move(line));
    if (item.flag == "--kv-transfer-config") return connector(item, std::move(line));
    if (is_of_nodes(item.flag) && (target_.nodes > 1 || target_.chips != target_.chips_today))
      return change(std::move(line), Change::kDroppedHarmless, {}, {},
                    target_.nodes > 1 ? "said anew for the nodes there" : "one node holds a replica there");
    if (names_kernels(item.flag) && !target_.same_platform()) {
      line.status = Status::kUnsupported;
      line.evidence = Evidence::kE0;  // our judgement of the flag
      line.source.clear();
      return change(std::move(line), Change::kDroppedPerformance, {}, {},
                    "names kernels or libraries of " + target_.from.name);
    }
    if (known == nullptr) return unknown(item, std::move(line));
    if (same_engine()) return stay(item, *known, std::move(line));
    across(item, *known, takes, std::move(line));
  }

  void size(const LaunchItem& item, Translated line, const char* takes, int wanted) {
    told_.insert(takes);
    const std::string flag = same_engine() ? item.flag : name_of(takes, "");
    const std::string value = std::to_string(wanted);
    if (flag.empty()) return by_switch(std::move(line), takes, wanted);
    if (value == line.value && same_engine()) return keep(item, std::move(line));
    if (value == line.value) return change(std::move(line), Change::kRenamed, flag, value, {});
    change(std::move(line), Change::kValueChanged, flag, value, "re-planned on the chips of the target");
  }

  /// A size that the target's engine says by a switch, such as vLLM's --enable-expert-parallel.
  void by_switch(Translated line, const char* takes, int wanted) {
    const bool experts = std::string_view(takes) == "ep";
    if (wanted <= 1) return change(std::move(line), Change::kDroppedHarmless, {}, {}, "not needed in the layout there");
    if (!experts) return change(std::move(line), Change::kNoEquivalent, {}, {}, "no flag of the target says it");
    told_.insert("expert_parallel");
    change(std::move(line), Change::kValueChanged, name_of("expert_parallel", "--enable-expert-parallel"), {},
           "a switch there: experts lie over all ranks");
  }

  void experts(const LaunchItem& item, Translated line) {
    told_.insert("expert_parallel");
    if (target_.ep <= 1)
      return change(std::move(line), Change::kDroppedPerformance, {}, {}, "the layout there cuts experts by tensor");
    if (same_engine()) return keep(item, std::move(line));
    const std::string sized = name_of("ep", "");
    if (sized.empty()) return change(std::move(line), Change::kRenamed, name_of("expert_parallel", ""), {}, {});
    told_.insert("ep");
    change(std::move(line), Change::kValueChanged, sized, std::to_string(target_.ep), "a number there");
  }

  void attention(const LaunchItem& item, Translated line) {
    told_.insert("dp_attention");
    if (target_.attention_dp && same_engine()) return keep(item, std::move(line));
    const std::string flag = name_of("dp_attention", "");
    if (target_.attention_dp) return change(std::move(line), Change::kRenamed, flag, {}, {});
    change(std::move(line), Change::kDroppedHarmless, {}, {},
           target_.dp > 1 ? "its size says it there" : "the layout there has one group of attention");
  }

  void quantization(const LaunchItem& item, Translated line) {
    told_.insert("quantization");
    if (target_.weights_why.empty() && same_engine()) return keep(item, std::move(line));
    if (target_.quantization.empty())
      return change(std::move(line), Change::kDroppedCorrectness, {}, {}, target_.weights_why);
    if (target_.quantization == line.value)
      return change(std::move(line), same_engine() ? Change::kSame : Change::kRenamed,
                    name_of("quantization", "--quantization"), target_.quantization, {});
    change(std::move(line), Change::kValueChanged, name_of("quantization", "--quantization"), target_.quantization,
           target_.weights_why);
  }

  void cache(const LaunchItem& item, Translated line) {
    const std::string value = lower_case(line.value);
    const bool narrow = value.starts_with("fp8");
    const std::string flag = same_engine() ? item.flag : name_of("kv", "--kv-cache-dtype");
    if (narrow && !target_.fp8_cache) {
      line.status = Status::kUnsupported;
      return change(std::move(line), Change::kValueChanged, flag, "auto",
                    "no cache of 8-bit floats there: a token takes twice the memory");
    }
    if (same_engine()) return keep(item, std::move(line));
    const std::string there = !narrow ? "auto" : to_.family == "sglang" ? "fp8_e4m3" : "fp8";
    change(std::move(line), there == value ? Change::kRenamed : Change::kValueChanged, flag, there, {});
  }

  void connector(const LaunchItem& item, Translated line) {
    if (target_.same_platform() && same_engine()) return keep(item, std::move(line));
    line.status = Status::kUnknown;
    change(std::move(line), Change::kNoEquivalent, {}, {},
           target_.engine == "vllm-ascend" ? "connectors of CUDA do not run there: MooncakeConnectorV1 with explicit "
                                             "dp and tp of both sides and kv_port"
                                           : "the connector is not known on the target");
  }

  /// The same engine on another platform: its flags stay, as far as no page says otherwise.
  void stay(const LaunchItem& item, const LaunchFlag& known, Translated line) {
    if (!target_.same_platform() && facts_.speaks_of(to_.family, target_.hardware, "argument")) {
      const Known page = facts_.argument(to_.family, target_.hardware, known);
      line.status = page.status;
      line.evidence = page.evidence;
      line.source = page.source;
      line.why = page.note;
      if (page.status == Status::kUnsupported)
        return change(std::move(line),
                      known.use == LaunchUse::kIgnored ? Change::kDroppedHarmless : Change::kDroppedPerformance, {}, {},
                      "for CUDA only, as its page says");
      if (page.status == Status::kUnknown && known.use == LaunchUse::kIgnored) line.status = Status::kSupported;
      if (page.status == Status::kUnknown) line.evidence = Evidence::kE0;
      if (line.status == Status::kUnknown) line.why = "no page that is known speaks of it there";
    }
    keep(item, std::move(line));
  }

  void unknown(const LaunchItem& item, Translated line) {
    line.status = Status::kUnknown;
    line.evidence = Evidence::kE0;
    line.source.clear();
    if (!same_engine())
      return change(std::move(line), Change::kUnknown, {}, {},
                    "no flag of " + from_.name + " that is known: look it up");
    line.change = Change::kUnknown;
    line.why = "no flag that is known: carried over as it is";
    keep(item, std::move(line));
  }

  /// Another engine: by what the flag is to Socle, then by the table of knobs.
  void across(const LaunchItem& item, const LaunchFlag& known, const std::string& takes, Translated line) {
    line.source = "ai-dynamo/aiconfigurator@095f58a51c config/backend_config_mapping.yaml";
    if (takes == "model") {
      put({}, item.values);
      out_.items.push_back(std::move(line));
      return;
    }
    if (takes == "share")
      return change(std::move(line), Change::kDroppedPerformance, {}, {},
                    "a share means another thing there: its default is taken");
    for (const LaunchFlag& flag : to_.flags) {
      if (takes.empty() || flag.takes != takes || flag.use != LaunchUse::kTaken) continue;
      return change(std::move(line), Change::kRenamed, flag.names.front(), line.value, {});
    }
    for (const ServingKnob& knob : facts_.knobs()) {
      const std::string& there = knob.flags.at(to_.family);
      const std::string& here = knob.flags.at(from_.family);
      if (here.empty() || (here != item.flag && from_.find(here) != &known)) continue;
      if (there.empty()) break;
      line.source = knob.source;
      const bool negated = knob.rule == "negated";
      return change(std::move(line), negated ? Change::kValueChanged : Change::kRenamed, there, line.value, knob.knob);
    }
    if (const LaunchFlag* there = to_.find(item.flag); there != nullptr && there->use == known.use)
      return keep(item, std::move(line));
    if (known.use == LaunchUse::kIgnored)
      return change(std::move(line), Change::kDroppedHarmless, {}, {},
                    "changes neither memory nor speed: " + known.why);
    line.status = Status::kUnknown;
    change(std::move(line), Change::kNoEquivalent, {}, {}, "no flag of " + to_.name + " that is known: " + known.why);
  }

  void add_sizes() {
    const auto add_size = [&](const char* takes, int value, const char* otherwise) {
      if (value <= 1 || told_.contains(takes)) return;
      const std::string flag = name_of(takes, otherwise);
      if (!flag.empty())
        add(flag, std::to_string(value), "re-planned on the chips of the target", Status::kSupported, Evidence::kE1);
    };
    add_size("tp", target_.tp, "--tensor-parallel-size");
    add_size("pp", target_.pp, "--pipeline-parallel-size");
    add_size("dp", target_.dp, "--data-parallel-size");
    if (target_.attention_dp && !told_.contains("dp_attention"))
      add(name_of("dp_attention", "--enable-dp-attention"), {}, "re-planned: groups of attention", Status::kSupported,
          Evidence::kE1);
    if (target_.ep <= 1 || told_.contains("ep") || told_.contains("expert_parallel")) return;
    if (!name_of("ep", "").empty()) return add_size("ep", target_.ep, "");
    add(name_of("expert_parallel", "--enable-expert-parallel"), {}, "re-planned: experts lie over all ranks",
        Status::kSupported, Evidence::kE1);
  }

  void add_nodes() {
    const NodeFlags flags = node_flags(to_.family, target_);
    for (const LaunchItem& item : flags.items) {
      put(item.flag, item.values);
      out_.items.push_back({.item = {},
                            .value = {},
                            .line = 0,
                            .change = Change::kAdded,
                            .to_item = item.flag,
                            .to_value = value_text(item),
                            .why = fmt::format("a replica lies over {} nodes", target_.nodes),
                            .status = Status::kSupported,
                            .evidence = to_.family == "vllm" ? Evidence::kE1 : Evidence::kE0,
                            .source = kSameFlags});
    }
    out_.headless = flags.headless;
    if (flags.missing.empty()) return;
    out_.items.push_back({.item = fmt::format("{} nodes", target_.nodes),
                          .value = {},
                          .line = 0,
                          .change = Change::kNoEquivalent,
                          .to_item = {},
                          .to_value = {},
                          .why = flags.missing,
                          .status = Status::kUnknown,
                          .evidence = Evidence::kE0,
                          .source = {}});
  }

  const LaunchTable& from_;
  const LaunchTable& to_;
  const EngineFacts& facts_;
  const LaunchTarget& target_;
  TranslatedLaunch out_;
  std::set<std::string, std::less<>> told_;
};

}  // namespace

TranslatedLaunch translate_launch(const LaunchRecord& record, const catalog::LaunchTable& from,
                                  const catalog::LaunchTable& to, const EngineFacts& facts, const LaunchTarget& target,
                                  const CsvTable& environment) {
  return Translator(from, to, facts, target).run(record, environment);
}

}  // namespace socle::migrate
