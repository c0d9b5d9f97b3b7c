#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "socle/base/yaml_settings.hpp"
#include "socle/report/serve/emit_report.hpp"

// Shapes of manifests: kubernetes-sigs/lws@060ab4da17 docs/examples/vllm/GPU/lws.yaml (LeaderWorkerSet, its variables,
// the script that starts Ray, shared memory); Deployment, Service and probes: recall.

namespace socle::report {
namespace {

using answer::EmitResult;
using answer::LaunchWord;

constexpr int kPort = 8000;
constexpr int kRendezvousPort = 20000;
constexpr int kNameMax = 50;  // of 63, the rest is for what controllers add
constexpr const char* kShared = "16Gi";
constexpr const char* kFolder = "/etc/socle";
constexpr const char* kRayScript = "/vllm-workspace/examples/online_serving/multi-node-serving.sh";

/// A name of letters, digits and dashes that begins with a letter.
std::string object_name(const EmitResult& result) {
  std::string name;
  for (const unsigned char c : result.setup.serve.model.name) {
    if (std::isalnum(c) != 0)
      name += static_cast<char>(std::tolower(c));
    else if (!name.empty() && name.back() != '-')
      name += '-';
  }
  if (name.empty() || std::isalpha(static_cast<unsigned char>(name.front())) == 0) name = "model-" + name;
  name = name.substr(0, kNameMax);
  while (name.ends_with('-')) name.pop_back();
  return name;
}

/// As a word of command or args: $(NAME) would be filled in, $$ is a plain dollar.
std::string pod_word(const std::string& word) {
  std::string text;
  for (std::size_t i = 0; i < word.size(); ++i) {
    text += word[i];
    if (word[i] == '$' && i + 1 < word.size() && word[i + 1] == '(') text += '$';
  }
  return yaml_quoted(text);
}

std::string pod_variable(const std::string& name) {
  if (name == "NODE_RANK") return yaml_quoted("$(LWS_WORKER_INDEX)");
  return yaml_quoted(fmt::format("$(LWS_LEADER_ADDRESS):{}", kRendezvousPort));
}

std::vector<std::string> argument_lines(const EmitResult& result) {
  std::vector<std::string> lines;
  for (const LaunchWord& word : result.command.words) {
    if (!word.flag.empty()) lines.push_back(pod_word(word.flag));
    if (word.value.empty()) continue;
    const bool file = word.value == result.command.settings_file;
    lines.push_back(word.expands ? pod_variable(word.value)
                                 : pod_word(file ? fmt::format("{}/{}", kFolder, word.value) : word.value));
  }
  for (const char* word : {"--host", "0.0.0.0", "--port"}) lines.push_back(pod_word(word));
  lines.push_back(yaml_quoted(std::to_string(kPort)));
  return lines;
}

/// Lines of a block, each indented.
class Yaml {
 public:
  void line(int indent, const std::string& text) {
    text_ += std::string(static_cast<std::size_t>(indent), ' ') + text + "\n";
  }
  std::string str() const { return text_; }

 private:
  std::string text_;
};

/// How the container starts: in place of its entry point.
enum class Start { kServer, kRayLeader, kRayWorker };

void add_command(const EmitResult& result, Start start, int at, Yaml& yaml) {
  if (start == Start::kRayWorker) {
    yaml.line(at, "command:");
    for (const char* word : {"bash", kRayScript, "worker", "--ray_address=$(LWS_LEADER_ADDRESS)"})
      yaml.line(at + 2, "- " + yaml_quoted(word));
    return;
  }
  yaml.line(at, "command:");
  if (start == Start::kRayLeader) {
    // The words of the server follow as arguments of the shell, so that none of them is read by it.
    const std::string script =
        fmt::format("bash {} leader --ray_cluster_size=$LWS_GROUP_SIZE && exec \"$@\"", kRayScript);
    for (const std::string& word : {std::string("bash"), std::string("-c"), script, std::string("server")})
      yaml.line(at + 2, "- " + pod_word(word));
    yaml.line(at, "args:");
    for (const std::string& word : result.command.launcher) yaml.line(at + 2, "- " + pod_word(word));
  } else {
    for (const std::string& word : result.command.launcher) yaml.line(at + 2, "- " + pod_word(word));
    yaml.line(at, "args:");
  }
  for (const std::string& word : argument_lines(result)) yaml.line(at + 2, "- " + word);
}

void add_probes(int at, Yaml& yaml) {
  const auto probe = [&](const char* name, int period, int failures) {
    yaml.line(at, fmt::format("{}:", name));
    yaml.line(at + 2, "httpGet:");
    yaml.line(at + 4, "path: \"/health\"");
    yaml.line(at + 4, fmt::format("port: {}", kPort));
    yaml.line(at + 2, fmt::format("periodSeconds: {}", period));
    yaml.line(at + 2, fmt::format("failureThreshold: {}", failures));
  };
  probe("startupProbe", 10, 360);  // weights are loaded and graphs captured within an hour
  probe("readinessProbe", 5, 3);
}

void add_pod(const EmitResult& result, Start start, int at, Yaml& yaml) {
  const bool settings = !result.command.settings.empty();
  const int chips = std::min(result.fit.chosen.layout.chips(), std::max(1, result.setup.serve.chips_per_node));
  yaml.line(at, "containers:");
  yaml.line(at + 2, "- name: \"server\"");
  yaml.line(at + 4, "image: " + yaml_quoted(result.setup.image));
  add_command(result, start, at + 4, yaml);
  if (start != Start::kRayWorker) {
    yaml.line(at + 4, "ports:");
    yaml.line(at + 6, fmt::format("- containerPort: {}", kPort));
    add_probes(at + 4, yaml);
  }
  yaml.line(at + 4, "resources:");
  yaml.line(at + 6, "limits:");
  yaml.line(at + 8, fmt::format("{}: {}", yaml_quoted(result.setup.device->resource), chips));
  yaml.line(at + 4, "volumeMounts:");
  yaml.line(at + 6, "- name: \"shm\"");
  yaml.line(at + 8, "mountPath: \"/dev/shm\"");
  if (settings) {
    yaml.line(at + 6, "- name: \"settings\"");
    yaml.line(at + 8, "mountPath: " + yaml_quoted(kFolder));
  }
  yaml.line(at, "volumes:");
  yaml.line(at + 2, "- name: \"shm\"");
  yaml.line(at + 4, "emptyDir:");
  yaml.line(at + 6, "medium: \"Memory\"");
  yaml.line(at + 6, fmt::format("sizeLimit: \"{}\"", kShared));
  if (settings) {
    yaml.line(at + 2, "- name: \"settings\"");
    yaml.line(at + 4, "configMap:");
    yaml.line(at + 6, "name: " + yaml_quoted(object_name(result) + "-settings"));
  }
}

void add_template(const EmitResult& result, const char* name, const char* role, Start start, int at, Yaml& yaml) {
  yaml.line(at, fmt::format("{}:", name));
  yaml.line(at + 2, "metadata:");
  yaml.line(at + 4, "labels:");
  yaml.line(at + 6, "app: " + yaml_quoted(object_name(result)));
  if (role[0] != '\0') yaml.line(at + 6, "role: " + yaml_quoted(role));
  yaml.line(at + 2, "spec:");
  add_pod(result, start, at + 4, yaml);
}

void add_head(const char* version, const char* kind, const std::string& name, Yaml& yaml) {
  yaml.line(0, "---");
  yaml.line(0, fmt::format("apiVersion: {}", yaml_quoted(version)));
  yaml.line(0, fmt::format("kind: {}", yaml_quoted(kind)));
  yaml.line(0, "metadata:");
  yaml.line(2, "name: " + yaml_quoted(name));
}

void add_workload(const EmitResult& result, Yaml& yaml) {
  const std::string name = object_name(result);
  if (result.nodes == 1) {
    add_head("apps/v1", "Deployment", name, yaml);
    yaml.line(0, "spec:");
    yaml.line(2, fmt::format("replicas: {}", result.setup.replicas));
    yaml.line(2, "selector:");
    yaml.line(4, "matchLabels:");
    yaml.line(6, "app: " + yaml_quoted(name));
    return add_template(result, "template", "", Start::kServer, 2, yaml);
  }
  const bool ray = result.setup.table.family == "vllm";
  add_head("leaderworkerset.x-k8s.io/v1", "LeaderWorkerSet", name, yaml);
  yaml.line(0, "spec:");
  yaml.line(2, fmt::format("replicas: {}", result.setup.replicas));
  yaml.line(2, "leaderWorkerTemplate:");
  yaml.line(4, fmt::format("size: {}", result.nodes));
  yaml.line(4, "restartPolicy: \"RecreateGroupOnPodRestart\"");
  add_template(result, "leaderTemplate", "leader", ray ? Start::kRayLeader : Start::kServer, 4, yaml);
  // Workers of SGLang answer /health as well: recall.
  add_template(result, "workerTemplate", "worker", ray ? Start::kRayWorker : Start::kServer, 4, yaml);
}

}  // namespace

std::string emit_manifests(const EmitResult& result) {
  Yaml yaml;
  const std::string name = object_name(result);
  if (const std::string settings = emit_settings(result); !settings.empty()) {
    add_head("v1", "ConfigMap", name + "-settings", yaml);
    yaml.line(0, "data:");
    yaml.line(2, fmt::format("{}: {}", yaml_quoted(result.command.settings_file), yaml_quoted(settings)));
  }
  add_workload(result, yaml);
  add_head("v1", "Service", name, yaml);
  yaml.line(0, "spec:");
  yaml.line(2, "selector:");
  yaml.line(4, "app: " + yaml_quoted(name));
  if (result.nodes > 1) yaml.line(4, "role: \"leader\"");
  yaml.line(2, "ports:");
  yaml.line(4, "- port: 80");
  yaml.line(6, fmt::format("targetPort: {}", kPort));
  return yaml.str();
}

}  // namespace socle::report
