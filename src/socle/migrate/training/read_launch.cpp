#include "socle/migrate/training/read_launch.hpp"

#include <algorithm>

#include "socle/base/error.hpp"
#include "socle/base/json.hpp"

namespace socle::migrate {
namespace {

enum class Form { kJson, kToml, kYaml, kScript };

/// Some line begins with it.
bool has_line(std::string_view text, std::string_view head) {
  for (std::size_t at = text.find(head); at != std::string_view::npos; at = text.find(head, at + 1)) {
    if (at == 0 || text[at - 1] == '\n') return true;
  }
  return false;
}

bool is_toml(std::string_view text) {
  return has_line(text, "[job]") || has_line(text, "[training]") || has_line(text, "[parallelism]");
}

bool is_yaml(std::string_view text) {
  return has_line(text, "MODEL_ARGS:") || has_line(text, "apiVersion:") || has_line(text, "ENV_VARS:");
}

Form form_of(const JobText& text) {
  const std::size_t first = text.text.find_first_not_of(" \t\r\n");
  if (text.name.ends_with(".json") || (first != std::string::npos && text.text[first] == '{')) return Form::kJson;
  if (text.name.ends_with(".yaml") || text.name.ends_with(".yml")) return Form::kYaml;
  if (text.name.ends_with(".toml")) return Form::kToml;
  if (text.name.ends_with(".sh") || text.text.starts_with("#!")) return Form::kScript;
  return is_yaml(text.text) ? Form::kYaml : is_toml(text.text) ? Form::kToml : Form::kScript;
}

JobRecord read_one(const ArgumentPack& pack, const JobText& text, const ReadOptions& options) {
  switch (form_of(text)) {
    case Form::kJson:
      return read_deepspeed_json(text);
    case Form::kToml:
      return read_titan_toml(text);
    case Form::kYaml:
      return read_launch_yaml(pack, text, options);
    case Form::kScript:
      break;
  }
  return read_script(pack, text, options);
}

}  // namespace

bool is_training_launch(std::string_view text) {
  const auto has = [&](std::string_view word) { return text.find(word) != std::string_view::npos; };
  if (has_line(text, "MODEL_ARGS:")) return true;
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && text[first] == '{')
    return has("\"zero_optimization\"") || has("\"train_batch_size\"") || has("\"train_micro_batch_size_per_gpu\"");
  if (has_line(text, "[parallelism]") || (has_line(text, "[training]") && has_line(text, "[job]"))) return true;
  if (has("vllm serve") || has("sglang.launch_server")) return false;
  const bool launcher = has("torchrun") || has("torch.distributed") || has("deepspeed ") || has("msrun ");
  return (launcher && (has(".py") || has("-m "))) || has("run_recipe.py") || has("pretrain_");
}

JobRecord read_launch(const ArgumentPack& pack, const std::vector<JobText>& texts, const ReadOptions& options) {
  std::vector<JobRecord> records;
  Problems problems;
  for (const JobText& text : texts) {
    try {
      records.push_back(read_one(pack, text, options));
    } catch (const InputError& error) { problems.add(error.problems()); }
  }
  if (texts.empty()) problems.add(Problem{{}, 0, 0, {}, "no launch; give a FILE or a 'COMMAND'"});
  problems.throw_if_any();
  // The launch first; settings of further files are joined to it.
  const auto has_launch = [](const JobRecord& record) { return !record.script.empty() || !record.arguments.empty(); };
  std::stable_partition(records.begin(), records.end(), has_launch);
  JobRecord record = std::move(records.front());
  for (std::size_t i = 1; i < records.size(); ++i) {
    if (has_launch(records[i]))
      throw InputError(Problem{records[i].file, 0, 0, {}, "a second launch; ask about one at a time"});
    record.settings.insert(record.settings.end(), records[i].settings.begin(), records[i].settings.end());
    if (options.framework.empty()) record.framework = records[i].framework;
  }
  if (!options.framework.empty()) record.framework = options.framework;
  if (record.framework.empty())
    throw InputError(Problem{record.file,
                             record.line,
                             0,
                             {},
                             "none of its arguments is known of any framework; say which it is: --from megatron-main"});
  return record;
}

}  // namespace socle::migrate
