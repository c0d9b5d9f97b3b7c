#include "socle/setup/launch_draft.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "socle/base/json.hpp"
#include "socle/base/lower_case.hpp"
#include "socle/base/utf8.hpp"
#include "socle/setup/launch_values.hpp"
#include "socle/setup/serve_setup.hpp"

namespace socle::setup {
namespace {

using scenario::Question;
using Value = LaunchDraft::Value;

constexpr int kGuessesMax = 100'000'000;

/// Flags of which one is given: a user's own takes the place of all.
constexpr std::array<std::array<std::string_view, 3>, 2> kTogether{
    {{"--gpu-memory-utilization", "--mem-fraction-static", "--kv-free-fraction"}, {"--model", "--config", "--config"}}};

bool is_given(const scenario::Flags& given, std::string_view flag) {
  if (given.contains(flag)) return true;
  for (const auto& group : kTogether) {
    if (std::find(group.begin(), group.end(), flag) == group.end()) continue;
    if (std::any_of(group.begin(), group.end(), [&](std::string_view one) { return given.contains(one); })) return true;
  }
  return false;
}

bool acts(std::string_view flag, Question question) {
  constexpr std::array<std::string_view, 8> kDeployed{"--kv-host",       "--prefix-caching",    "--drafts",
                                                      "--replicas",      "--scheduling-policy", "--max-waiting",
                                                      "--max-cpu-loras", "--prompt-wait-steps"};
  const bool deployed = std::find(kDeployed.begin(), kDeployed.end(), flag) != kDeployed.end();
  return !deployed || question != Question::kServeFit;
}

std::string key_of(std::string_view flag) {
  std::string key(flag.substr(2));
  std::replace(key.begin(), key.end(), '-', '_');
  return key;
}

/// Lays the pieces of a reading together.
class Assembly {
 public:
  Assembly(const catalog::Catalog& catalog, const catalog::LaunchTable& table, LaunchDraft& draft,
           const LaunchQuestion& asked)
      : catalog_(catalog), table_(table), draft_(draft), asked_(asked) {}

  LaunchReading run() {
    layout();
    if (!is_given(asked_.given, "--tp")) reading_.flags.emplace("--tp", "1");  // as engines take it
    limits();
    formats();
    guesses();
    scheduling();
    adapters();
    tiers();
    return std::move(reading_);
  }

 private:
  void set(const Value& from, std::string flag, std::string value) {
    LaunchFlagRead& row = draft_.rows[from.row];
    if (!acts(flag, asked_.question)) {
      row.use = catalog::LaunchUse::kIgnored;
      row.why += "; of what fits it changes nothing, socle serve takes it";
      return;
    }
    if (is_given(asked_.given, flag)) {
      const auto own = asked_.given.find(flag);
      row.taken = own == asked_.given.end() ? "what the command line says" : fmt::format("{} {}", flag, own->second);
      row.why = "the command line wins; " + row.why;
      return;
    }
    row.taken += fmt::format("{}{} = {}", row.taken.empty() ? "" : ", ", key_of(flag), value);
    reading_.flags[flag] = std::move(value);
  }

  void doubt(const Value& from, std::string why) {
    LaunchFlagRead& row = draft_.rows[from.row];
    row.use = catalog::LaunchUse::kUnmodelled;
    row.why = std::move(why);
  }

  void layout() {
    const Value *tp = draft_.find("tp"), *pp = draft_.find("pp"), *dp = draft_.find("dp"), *ep = draft_.find("ep");
    const int ranks = draft_.whole("tp").value_or(1), groups = draft_.whole("dp").value_or(1);
    const auto experts = draft_.whole("ep");
    chips_ = ranks * draft_.whole("pp").value_or(1);  // SGLang's tp counts groups of --enable-dp-attention
    if (const auto stages = draft_.whole("pp")) set(*pp, "--pp", std::to_string(*stages));
    const bool inside = draft_.on("dp_attention");
    if (table_.family == "vllm") return vllm_layout(tp, dp, ranks, groups);
    if (table_.family == "tensorrt-llm") {
      if (tp == nullptr) return given_experts(ep, experts, 1);
      set(*tp, "--tp", std::to_string(inside ? 1 : ranks));
      if (inside) set(*draft_.find("dp_attention"), "--dp", std::to_string(ranks));
      return given_experts(ep, experts, inside ? ranks : 1);
    }
    if (inside && ranks % groups != 0)
      return draft_.problem(*dp, fmt::format("{} groups of --enable-dp-attention do not divide --tp-size {}; use a "
                                             "divisor",
                                             groups, ranks));
    if (tp != nullptr) set(*tp, "--tp", std::to_string(inside ? ranks / groups : ranks));
    if (dp != nullptr && inside) set(*dp, "--dp", std::to_string(groups));
    if (dp != nullptr && !inside) set(*dp, "--replicas", std::to_string(groups));
    if (inside) draft_.rows[draft_.find("dp_attention")->row].taken = fmt::format("{} groups", groups);
    group_ = inside ? groups : 1;
    const bool whole = draft_.on("expert_parallel") || spreads_experts();
    if (whole && ep == nullptr && ranks > 1) {
      const Value* by = draft_.find(draft_.find("expert_parallel") != nullptr ? "expert_parallel" : "all_to_all");
      return set(*by, "--ep", std::to_string(ranks));
    }
    given_experts(ep, experts, inside ? groups : 1);
  }

  /// --moe-a2a-backend but for its default. Source: sgl-project/sglang v0.5.6 server_args.py, recall: ep_size =
  /// tp_size.
  bool spreads_experts() {
    const Value* backend = draft_.find("all_to_all");
    if (backend == nullptr || backend->text == "none") return false;
    return true;
  }

  /// Groups that do not say how experts are shared out cut each over all of them.
  void given_experts(const Value* ep, std::optional<int> experts, int groups) {
    if (ep != nullptr && experts) return set(*ep, "--ep", std::to_string(*experts));
    if (ep == nullptr && groups > 1 && !is_given(asked_.given, "--ep")) reading_.flags["--ep"] = "1";
  }

  void vllm_layout(const Value* tp, const Value* dp, int ranks, int groups) {
    // The number of chips over which experts are shared follows from sizes that the user may set anew.
    const auto own = [&](std::string_view flag, int size) {
      const auto found = asked_.given.find(flag);
      int value = size;
      if (found != asked_.given.end())
        std::from_chars(found->second.data(), found->second.data() + found->second.size(), value);
      return value;
    };
    if (tp != nullptr) set(*tp, "--tp", std::to_string(ranks));
    if (dp != nullptr) set(*dp, "--dp", std::to_string(groups));
    const int all = own("--tp", ranks) * own("--dp", groups);
    if (draft_.on("expert_parallel")) return set(*draft_.find("expert_parallel"), "--ep", std::to_string(all));
    if (groups > 1 && !is_given(asked_.given, "--ep")) reading_.flags["--ep"] = "1";
  }

  void limits() {
    if (const Value* length = draft_.find("max_model_len")) {
      if (length->text == "auto" || length->text == "-1")
        doubt(*length, "the engine takes the longest that fits; Socle the model's context: see `longest sequence`");
      else
        set(*length, "--max-model-len", length->text);
    }
    for (const auto& [takes, flag] : {std::pair{"max_num_seqs", "--max-num-seqs"},
                                      std::pair{"max_num_batched_tokens", "--max-num-batched-tokens"}}) {
      const Value* value = draft_.find(takes);
      if (value == nullptr) continue;
      if (value->text == "-1") {
        doubt(*value, "no limit: Socle takes the engine's default");
        continue;
      }
      const Parsed<int> count = scenario::parse_token_count(value->text);
      if (!count.value) {
        draft_.problem(*value, count.problem);
      } else if (*count.value % group_ != 0) {
        draft_.problem(*value, fmt::format("{} is shared by {} groups of --enable-dp-attention; write a multiple",
                                           *count.value, group_));
      } else {
        set(*value, flag, std::to_string(*count.value / group_));
      }
    }
    if (const Value* share = draft_.find("share")) {
      const char* flag = table_.family == "vllm"     ? "--gpu-memory-utilization"
                         : table_.family == "sglang" ? "--mem-fraction-static"
                                                     : "--kv-free-fraction";
      set(*share, flag, share->text);
    }
    if (const Value* on = draft_.find("prefix_caching")) set(*on, "--prefix-caching", on->text);
    if (const Value* off = draft_.find("no_prefix_caching"); off != nullptr && draft_.on("no_prefix_caching"))
      set(*off, "--prefix-caching", "false");
  }

  void formats() {
    if (const Value* kv = draft_.find("kv")) {
      const auto format = launch_kv_format(lower_case(kv->text));
      if (format)
        set(*kv, "--kv", *format);
      else
        draft_.problem(*kv, fmt::format("\"{}\" is no format of a cache that is known; write {}", printable(kv->text),
                                        launch_kv_words()));
    }
    std::string published;
    if (const Value* named = draft_.find("model")) published = model(*named);
    if (const Value* quantization = draft_.find("quantization")) quantised(*quantization, published);
    const Value* dtype = draft_.find("dtype");
    if (dtype == nullptr) return;
    const std::string word = lower_case(dtype->text);
    if (word == "float32" || word == "float")
      return doubt(*dtype, "weights of 32 bits are not modelled: 16 bits are counted");
    if (word != "auto" && word != "half" && word != "float16" && word != "bfloat16")
      return draft_.problem(
          *dtype, fmt::format("\"{}\" is no type; write auto, bfloat16, float16 or float32", printable(dtype->text)));
    draft_.rows[dtype->row].taken = "16 bit";
  }

  /// The published format of the model that is named.
  std::string model(const Value& named) {
    if (is_given(asked_.given, "--model")) {
      set(named, "--model", named.text);
      return {};
    }
    const auto found = launch_model(catalog_, named.text);
    if (!found) {
      draft_.problem(named,
                     fmt::format("the model \"{}\" is not in the catalogue; say what it is with --model NAME (`socle "
                                 "catalog models` lists them) or --config config.json beside --from",
                                 printable(named.text)));
      return {};
    }
    set(named, "--model", found->name);
    reading_.model = named.text;
    LaunchFlagRead& row = draft_.rows[named.row];
    if (!found->suffix.empty()) row.why += fmt::format("; \"{}\" leaves the shape as it is", found->suffix);
    if (!found->weights.empty() && found->weights != found->published) {
      row.why += fmt::format("; its name says {}", found->weights);
      set(named, "--weights", found->weights);
      return found->weights;
    }
    return found->published;
  }

  void quantised(const Value& value, const std::string& published) {
    const auto format = launch_quantization(lower_case(value.text));
    if (!format)
      return draft_.problem(value,
                            fmt::format("\"{}\" is no quantisation that is known; leave it out and say --weights "
                                        "FORMAT beside --from",
                                        printable(value.text)));
    const auto as_published = published_formats(published);
    const bool narrow = as_published && (as_published->matrices != model::WeightFormat::kBf16 ||
                                         as_published->experts != model::WeightFormat::kBf16);
    if (narrow || (format->weights.empty() && !format->of_checkpoint)) {
      draft_.rows[value.row].taken = narrow ? "as the weights are: " + published : "as published";
      return;
    }
    if (!format->of_checkpoint) return set(value, "--weights", format->weights);
    if (is_given(asked_.given, "--weights")) return set(value, "--weights", {});
    doubt(value, "which format it is, the checkpoint says: say --weights FORMAT beside --from; bf16 is counted");
  }

  void guesses() {
    const Value* config = draft_.find("speculative_config");
    if (config != nullptr && !config->text.empty()) return json_guesses(*config);
    const Value* algorithm = draft_.find("speculative_algorithm");
    const Value* draft_model = draft_.find("draft_model");
    if (algorithm != nullptr) {
      const std::string word = lower_case(algorithm->text);
      const bool modules = draft_model == nullptr && (word == "eagle" || word == "nextn" || word == "mtp");
      if (modules)
        set(*algorithm, "--mtp", "true");
      else if (word != "ngram" && word != "none")
        doubt(*algorithm, "what guesses takes memory and time that are not counted; only the model's own modules are");
    }
    if (draft_model != nullptr) doubt(*draft_model, "a model that guesses takes memory and time that are not counted");
    if (const auto drafts = draft_.whole("drafts")) set(*draft_.find("drafts"), "--drafts", std::to_string(*drafts));
  }

  void json_guesses(const Value& config) {
    Json json;
    try {
      json = parse_json(config.text, config.source);
    } catch (const InputError& error) {
      return draft_.problem(config, fmt::format("is no JSON: {}", error.problems().front().message));
    }
    const Json* method = json.find("method");
    const Json* drafts = json.find("num_speculative_tokens");
    if (!json.is_object() || (method != nullptr && !method->is_string()) ||
        (drafts != nullptr && (!drafts->is_integer() || drafts->as_int() < 1 || drafts->as_int() > kGuessesMax)))
      return draft_.problem(config, "write {\"method\": \"...\", \"num_speculative_tokens\": N}");
    if (method != nullptr && method->as_string().find("mtp") != std::string::npos)
      set(config, "--mtp", "true");
    else if (method == nullptr || method->as_string() != "ngram")
      doubt(config,
            "a model that guesses takes memory and time that are not counted; only the model's own modules are");
    if (drafts != nullptr) set(config, "--drafts", std::to_string(drafts->as_int()));
  }

  void scheduling() {
    if (const Value* policy = draft_.find("scheduling_policy")) {
      const std::string word = lower_case(policy->text);
      if (word == "fcfs" || word == "priority")
        set(*policy, "--scheduling-policy", word);
      else
        draft_.problem(*policy, "is no scheduling policy; write fcfs or priority");
    }
    if (draft_.on("priority_scheduling")) {
      const Value& priority = *draft_.find("priority_scheduling");
      set(priority, "--scheduling-policy", "priority");
      if (!draft_.on("low_priority_first"))
        draft_.rows[priority.row].why +=
            "; larger numbers go first there, lower ones here: turn those of classes round";
    }
    if (const Value* low = draft_.find("low_priority_first"); low != nullptr && draft_.on("low_priority_first"))
      draft_.rows[low->row].taken = "as Socle counts priorities";
    if (const auto most = draft_.whole("max_waiting"))
      set(*draft_.find("max_waiting"), "--max-waiting", std::to_string(*most * group_));
    prompt_wait();
  }

  // Steps unless they are said: tensorrt_llm/llmapi/llm_args.py (AttentionDpConfig), as recalled.
  void prompt_wait() {
    constexpr int kSteps = 50;
    const Value* steps = draft_.find("prompt_wait_steps");
    const auto most = draft_.whole("prompt_wait_steps");
    if (!draft_.on("prompts_wait")) {
      if (steps != nullptr) doubt(*steps, "without enable_balance it says nothing");
      return;
    }
    if (steps != nullptr && !most) return;
    if (!draft_.on("dp_attention"))
      return doubt(*draft_.find("prompts_wait"), "without enable_attention_dp it says nothing");
    set(*draft_.find("prompts_wait"), "--prompt-wait-steps", std::to_string(most.value_or(kSteps)));
  }

  void tiers() {
    const auto gigabytes = [&](const char* takes, double unit, const char* name) {
      const Value* size = draft_.find(takes);
      if (size == nullptr) return;
      double number = 0;
      const char* end = size->text.data() + size->text.size();
      const auto [stop, error] = std::from_chars(size->text.data(), end, number);
      if (error != std::errc() || stop != end || !(number > 0) || number > 1e6)
        return draft_.problem(*size, fmt::format("write a number of {} from 0 to 1000000", name));
      set(*size, "--kv-host", fmt::format("{} GB", number * unit));
    };
    gigabytes("kv_host_gib", 1.073741824, "GiB");
    if (draft_.find("kv_host_gb") != nullptr && !draft_.on("hierarchical"))
      return doubt(*draft_.find("kv_host_gb"), "without --enable-hierarchical-cache it says nothing");
    gigabytes("kv_host_gb", static_cast<double>(chips_), "GB");
    if (const Value* on = draft_.find("hierarchical"); on != nullptr && draft_.on("hierarchical")) {
      if (draft_.find("kv_host_gb") != nullptr)
        draft_.rows[on->row].taken = "caches on the host";
      else
        doubt(*on, "how much memory it takes follows from a ratio that is not modelled: say --kv-host SIZE");
    }
  }

  void adapters() {
    const bool on = draft_.on("lora") || table_.family == "tensorrt-llm";
    if (draft_.on("lora")) draft_.rows[draft_.find("lora")->row].taken = "adapters";
    bool any = false;
    for (const auto& [takes, flag] : {std::pair{"max_loras", "--max-loras"}, std::pair{"lora_rank", "--max-lora-rank"},
                                      std::pair{"max_cpu_loras", "--max-cpu-loras"}}) {
      const auto count = draft_.whole(takes);
      if (!count) continue;
      if (on)
        set(*draft_.find(takes), flag, std::to_string(*count));
      else
        doubt(*draft_.find(takes), "without --enable-lora it says nothing");
      any = true;
    }
    if (const Value* targets = draft_.find("lora_targets")) {
      const bool attention = targets->text.find("gate") == std::string::npos &&
                             targets->text.find("all") == std::string::npos &&
                             targets->text.find("up_proj") == std::string::npos;
      set(*targets, "--lora-targets", attention ? "attention" : "all");
    }
    // One slot, where only the switch is said.
    if (draft_.on("lora") && !any && !is_given(asked_.given, "--max-lora-rank"))
      set(*draft_.find("lora"), "--max-lora-rank", "16");
  }

  const catalog::Catalog& catalog_;
  const catalog::LaunchTable& table_;
  LaunchDraft& draft_;
  const LaunchQuestion& asked_;
  LaunchReading reading_;
  int chips_ = 1;  ///< of a replica
  int group_ = 1;  ///< that share the limits of a step
};

}  // namespace

LaunchReading put_together(const catalog::Catalog& catalog, const catalog::LaunchTable& table, LaunchDraft& draft,
                           const LaunchQuestion& asked) {
  return Assembly(catalog, table, draft, asked).run();
}

}  // namespace socle::setup
