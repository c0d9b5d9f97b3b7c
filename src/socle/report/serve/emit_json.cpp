#include "socle/report/schemas.hpp"
#include "socle/report/serve/emit_report.hpp"
#include "socle/report/serve/fit_report.hpp"

namespace socle::report {
namespace {

Json strings(const std::vector<std::string>& lines) {
  Json list = Json::array();
  for (const std::string& line : lines) list.push(line);
  return list;
}

Json file(const char* name, std::string content) {
  Json json = Json::object();
  return std::move(json.set("name", name).set("content", std::move(content)));
}

Json files(const answer::EmitResult& result) {
  Json list = Json::array();
  if (!result.fits()) return list;
  const bool manifests = result.setup.target == setup::LaunchTarget::kKubernetes;
  list.push(file(manifests ? "manifests.yaml" : "launch.sh", serve_emit_text(result)));
  const std::string settings = emit_settings(result);
  if (!manifests && !settings.empty()) list.push(file(result.command.settings_file.c_str(), settings));
  return list;
}

}  // namespace

Json serve_emit_json(const answer::EmitResult& result, const std::vector<InputText>& inputs) {
  Json json = Json::object();
  json.set("schema", "socle.serve.emit/1")
      .set("provenance", provenance("serve emit", inputs))
      .set("target", setup::launch_target_names()[static_cast<std::size_t>(result.setup.target)])
      .set("engine", result.fit.setup.engine.slug)
      .set("model", result.setup.model)
      .set("nodes", result.nodes)
      .set("replicas", result.setup.replicas)
      .set("argv", result.fits() ? strings(emit_argv(result)) : Json::array())
      .set("files", files(result))
      .set("notes", strings(result.command.notes));
  return std::move(json.set("fit", serve_fit_part(result.fit)));
}

Schema serve_emit_schema() {
  return {"socle.serve.emit/1",
          "A launch command or manifests: `socle serve emit`.",
          {{"",
            "always",
            {{"provenance", "provenance", "What the document rests on."},
             {"target", "string", "What it was written for.", setup::launch_target_names()},
             {"engine", "string", "The line of the engine, by its name in the catalogue."},
             {"model", "string", "Identifier or path of the weights, as the command has it."},
             {"nodes", "integer", "Nodes of one replica."},
             {"replicas", "integer", "Copies of the model."},
             {"argv[]", "string", "Words of the command, unquoted; none when it does not fit."},
             {"files[]", "object", "Files that were written; none when it does not fit."},
             {"files[].name", "string", "launch.sh, manifests.yaml, or a file of settings that the command names."},
             {"files[].content", "string", "Its text."},
             {"notes[]", "string", "What is to be done by hand, a sentence each."},
             {"fit", "serve_fit", "The answer of `socle serve fit` to exactly this command."}}}},
          {provenance_shape(), serve_fit_shape(), fit_row_shape()}};
}

}  // namespace socle::report
