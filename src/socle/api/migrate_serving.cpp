#include "socle/api/migrate_serving.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "socle/api/model_folder.hpp"
#include "socle/api/serve.hpp"
#include "socle/base/error.hpp"
#include "socle/base/shell_words.hpp"
#include "socle/base/split_list.hpp"
#include "socle/report/migrate/serving_move_report.hpp"

namespace socle::api {
namespace {

/// A folder of a model is asked about as vLLM would serve it on the fewest chips of today's.
MigrateServingRequest launched(const catalog::Catalog& catalog, MigrateServingRequest request,
                               const migrate::Checkpoint& checkpoint) {
  const std::string config = (std::filesystem::path(checkpoint.folder) / "config.json").string();
  request.flags.emplace("--config", config);
  Request fit{.flags = {{"--config", request.flags["--config"]}, {"--chip", request.from}}};
  fit.read_file = request.read_file;
  const workload::ServingLayout layout = serve_fit(catalog, fit).result.chosen.layout;
  request.launch_text = "vllm serve " + shell_quoted(checkpoint.folder);
  if (layout.tensor_parallel > 1)
    request.launch_text += fmt::format(" --tensor-parallel-size {}", layout.tensor_parallel);
  if (layout.pipeline_parallel > 1)
    request.launch_text += fmt::format(" --pipeline-parallel-size {}", layout.pipeline_parallel);
  if (checkpoint.own_code) request.launch_text += " --trust-remote-code";
  return request;
}

}  // namespace

MigrateServingAnswer migrate_serving(const catalog::Catalog& catalog, const MigrateServingRequest& asked,
                                     Progress* progress) {
  const auto refuse = [](const char* key, const char* message) { throw InputError(Problem{{}, 0, 0, key, message}); };
  if (asked.from.empty()) refuse("from", "--from is missing; name the chip that serves today: --from h100-sxm");
  if (asked.to.empty()) refuse("to", "--to is missing; name the chips to move to: --to ascend-910c,h20");
  std::optional<migrate::Checkpoint> checkpoint;
  if (is_model_folder(asked.launch_name)) checkpoint = read_model_folder(asked.launch_name);
  const MigrateServingRequest request = checkpoint ? launched(catalog, asked, *checkpoint) : asked;
  std::vector<report::InputText> inputs{{request.launch_name, report::content_hash(request.launch_text)},
                                        {"flags", report::content_hash(text_of(request.flags))}};
  setup::MoveQuestion question{.launch_text = request.launch_text,
                               .launch_name = request.launch_name,
                               .flags = request.flags,
                               .from = request.from,
                               .to = split_list(request.to),
                               .rents = request.rents.empty() ? std::vector<std::string>{} : split_list(request.rents),
                               .day = request.day,
                               .own_facts = {},
                               .own_facts_name = request.facts_name,
                               .checkpoint = checkpoint,
                               .read_file = noting(request.read_file, inputs)};
  if (!request.facts_name.empty()) {
    question.own_facts = request.facts_text;
    inputs.push_back({request.facts_name, report::content_hash(request.facts_text)});
  }
  const machine::MachineBuilder machines(catalog);
  setup::ServingMove move = setup::set_up_serving_move(catalog, question);
  answer::ServingMigration result = answer::serving_migration(machines, std::move(move), progress);
  result.move.load = {};  // it refers to the catalogue and to the inputs
  add_own_catalog(catalog, inputs);
  return {std::move(result), std::move(inputs)};
}

std::string text(const MigrateServingAnswer& answer) { return report::serving_move_text(answer.result); }
std::string json(const MigrateServingAnswer& answer) {
  return report::serving_move_json(answer.result, answer.inputs).dump() + "\n";
}

bool holds(const MigrateServingAnswer& answer) {
  const auto& targets = answer.result.targets;
  return std::any_of(targets.begin(), targets.end(), [](const answer::ServingVerdict& verdict) {
    return verdict.decision != migrate::Decision::kNoGo;
  });
}

std::vector<std::pair<std::string, std::string>> scripts(const MigrateServingAnswer& answer) {
  std::vector<std::pair<std::string, std::string>> all;
  for (std::size_t i = 0; i < answer.result.targets.size(); ++i) {
    if (answer.result.targets[i].fleet)
      all.emplace_back(answer.result.move.to[i].chip.slug, report::serving_move_script(answer.result, i));
  }
  return all;
}

}  // namespace socle::api
