#include <algorithm>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/base/yaml_settings.hpp"
#include "socle/migrate/training/emit.hpp"

// Schedulers: Slurm and three kinds of Kubernetes. Names as their documents state them: launch formats of Slurm,
// volcano-sh/volcano@ed72c7c815, kubeflow/trainer@8c0f5059bd, kubernetes-sigs/lws@060ab4da17.
namespace socle::migrate {
namespace {

std::string number(int value) { return std::to_string(value); }

/// Every line behind so many blanks; empty ones stay empty.
std::string indented(const std::string& text, std::size_t blanks) {
  std::string made;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (end > at) made += std::string(blanks, ' ') + text.substr(at, end - at);
    made += '\n';
    at = end + 1;
  }
  return made;
}

std::string resource_of(const EmitPlace& place) {
  if (place.platform && !place.platform->resource.empty()) return place.platform->resource;
  throw InputError(
      Problem{{}, 0, 0, "--emit", "the name of this platform's devices in Kubernetes is not known; emit sh or sbatch"});
}

/// A script as an element of a list: a block of lines, or a text in quotes where lines would not keep it.
std::string listed(const std::string& script, std::size_t blanks) {
  const bool odd = script.find('\r') != std::string::npos || script.find("\n ") == std::string::npos ||
                   std::any_of(script.begin(), script.end(),
                               [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t'; });
  bool blank_line = false;
  for (std::size_t at = 0; at < script.size() && !blank_line;) {
    const std::size_t end = std::min(script.find('\n', at), script.size());
    blank_line = end > at && script.find_first_not_of(" \t", at) >= end;
    at = end + 1;
  }
  const std::string dash(blanks, ' ');
  return odd || blank_line ? dash + "- " + yaml_quoted(script) + "\n" : dash + "- |\n" + indented(script, blanks + 2);
}

constexpr const char* kImage = "IMAGE";  // nothing says it: a word that nobody overlooks

std::string container(const JobRecord& record, const EmitPlace& place, std::size_t blanks) {
  const std::string devices = yaml_quoted(number(processes_in(record, place)));
  std::string text = fmt::format(
      "- name: train\n  image: {}  # yours\n  command: [\"/bin/bash\", \"-c\"]\n  args:\n{}"
      "  resources:\n    requests: {{ {}: {} }}\n    limits: {{ {}: {} }}\n"
      "  volumeMounts:\n    - {{ name: shm, mountPath: /dev/shm }}\n",
      kImage, listed(script_lines(record), 4), yaml_quoted(resource_of(place)), devices,
      yaml_quoted(resource_of(place)), devices);
  return indented(text, blanks);
}

std::string volumes(std::size_t blanks) {
  return indented("volumes:\n  - name: shm\n    emptyDir: { medium: Memory }\n", blanks);
}

JobRecord by_scheduler(const JobRecord& record, const EmitPlace& place, const Rendezvous& by) {
  nodes_in(record, place);
  JobRecord made = launched_by(record, by);
  made.wrapper.clear();
  made.before.insert(made.before.end(), made.inside.begin(), made.inside.end());
  made.inside.clear();
  made.tail_inside = false;
  return made;
}

}  // namespace

JobRecord emit_sbatch_adapt(const JobRecord& record, const EmitPlace& place) {
  JobRecord made = by_scheduler(
      record, place,
      {"${SLURM_NNODES}", "${SLURM_NODEID}", "${MASTER_ADDR}", "${MASTER_PORT}", number(processes_in(record, place))});
  made.wrapper = {ShellText("srun"), ShellText("bash"), ShellText("-c")};
  std::erase_if(made.environment,
                [](const Argument& one) { return one.name == "MASTER_ADDR" || one.name == "MASTER_PORT"; });
  made.environment.push_back(
      {"MASTER_ADDR",
       {ShellText::live("$(scontrol show hostnames \"${SLURM_JOB_NODELIST}\" | head -n 1)", true)},
       0,
       0});
  made.environment.push_back({"MASTER_PORT", {ShellText("6000")}, 0, 0});
  return made;
}

std::string emit_sbatch(const JobRecord& record, const EmitPlace& place) {
  const int nodes = place.nodes.value_or(1), processes = processes_in(record, place);
  const bool gpus = !place.platform || place.platform->key == "cuda" || place.platform->key == "hip";
  // The name of a generic resource is the site's own choice: npu is the usual one.
  const std::string devices =
      gpus ? fmt::format("--gpus-per-node={}", processes) : fmt::format("--gres=npu:{}", processes);
  return fmt::format(
             "#!/bin/bash\n#SBATCH --job-name=train\n#SBATCH --nodes={}\n#SBATCH --ntasks-per-node=1\n#SBATCH "
             "{}\n#SBATCH --exclusive\n",
             nodes, devices) +
         script_lines(record);
}

JobRecord emit_volcano_adapt(const JobRecord& record, const EmitPlace& place) {
  return by_scheduler(
      record, place,
      {"${WORLD_SIZE}", "${RANK}", "${MASTER_ADDR}", "${MASTER_PORT}", number(processes_in(record, place))});
}

std::string emit_volcano(const JobRecord& record, const EmitPlace& place) {
  const int nodes = place.nodes.value_or(1);
  const auto task = [&](const char* name, int replicas) {
    return fmt::format(
        "    - name: {}\n      replicas: {}\n      template:\n        spec:\n          restartPolicy: Never\n          "
        "containers:\n{}{}",
        name, replicas, container(record, place, 12), volumes(10));
  };
  return fmt::format(
             "apiVersion: batch.volcano.sh/v1alpha1\nkind: Job\nmetadata:\n  name: train\nspec:\n  minAvailable: {}\n  "
             "schedulerName: volcano\n"
             "  plugins:\n    pytorch: [\"--master=master\", \"--worker=worker\", \"--port=23456\"]\n  tasks:\n",
             nodes) +
         task("master", 1) + (nodes > 1 ? task("worker", nodes - 1) : "");
}

JobRecord emit_trainjob_adapt(const JobRecord& record, const EmitPlace& place) {
  return by_scheduler(record, place,
                      {"${PET_NNODES}", "${PET_NODE_RANK}", "${PET_MASTER_ADDR}", "${PET_MASTER_PORT}",
                       number(processes_in(record, place))});
}

std::string emit_trainjob(const JobRecord& record, const EmitPlace& place) {
  const int processes = processes_in(record, place);
  const std::string devices = yaml_quoted(number(processes));
  return fmt::format(
      "apiVersion: trainer.kubeflow.org/v1alpha1\nkind: TrainJob\nmetadata:\n  name: train\nspec:\n  runtimeRef:\n    "
      "name: torch-distributed\n"
      "  trainer:\n    image: {}  # yours\n    numNodes: {}\n    numProcPerNode: {}\n    command: [\"/bin/bash\", "
      "\"-c\"]\n    args:\n{}"
      "    resourcesPerNode:\n      requests: {{ {}: {} }}\n      limits: {{ {}: {} }}\n",
      kImage, place.nodes.value_or(1), processes, listed(script_lines(record), 6), yaml_quoted(resource_of(place)),
      devices, yaml_quoted(resource_of(place)), devices);
}

JobRecord emit_lws_adapt(const JobRecord& record, const EmitPlace& place) {
  return by_scheduler(record, place,
                      {"${LWS_GROUP_SIZE}", "${LWS_WORKER_INDEX}", "${LWS_LEADER_ADDRESS}", "23456",
                       number(processes_in(record, place))});
}

std::string emit_lws(const JobRecord& record, const EmitPlace& place) {
  const std::string pod =
      fmt::format("      spec:\n        containers:\n{}{}", container(record, place, 10), volumes(8));
  return fmt::format(
             "apiVersion: leaderworkerset.x-k8s.io/v1\nkind: LeaderWorkerSet\nmetadata:\n  name: train\nspec:\n  "
             "replicas: 1\n  leaderWorkerTemplate:\n"
             "    size: {}\n    restartPolicy: RecreateGroupOnPodRestart\n    leaderTemplate:\n",
             place.nodes.value_or(1)) +
         pod + "    workerTemplate:\n" + pod;
}

}  // namespace socle::migrate
