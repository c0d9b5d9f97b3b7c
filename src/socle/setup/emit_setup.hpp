#pragma once

#include <optional>
#include <string>
#include <vector>

#include "socle/catalog/launch_flags.hpp"
#include "socle/catalog/pod_device.hpp"
#include "socle/setup/serve_setup.hpp"

namespace socle::setup {

/// What a launch command is written for.
enum class LaunchTarget { kVllm, kSglang, kTensorrtLlm, kKubernetes };

/// "vllm", "sglang", "trtllm", "k8s", in the order of LaunchTarget.
const std::vector<std::string>& launch_target_names();

/// A deployment whose launch command is to be written.
struct EmitSetup {
  ServeSetup serve;
  LaunchTarget target = LaunchTarget::kVllm;
  catalog::LaunchTable table;
  std::string model;                         ///< name or path that the command has for the weights
  std::string version;                       ///< of the engine, for images: "0.11.0"
  std::string image;                         ///< with its tag; empty where none is known
  std::optional<catalog::PodDevice> device;  ///< of the chip's vendor
  int replicas = 1;
  bool prefix_caching = true;
  Bytes kv_host{};             ///< host memory of a replica for caches of prompts; zero = none
  int drafts = 0;              ///< tokens guessed ahead; 0 = none
  std::string order = "fcfs";  ///< in which waiting requests are admitted
  int max_waiting = 0;         ///< requests that may wait at a replica; 0: any number
  int prompt_wait = 0;         ///< steps that prompts wait until every data-parallel rank has one
  std::vector<std::string> notes;
};

/// `weights`: identifier or path of the weights; empty = the model's own. Throws InputError as set_up_serve does, and
/// for a target that is none or is not of the engine's family, an engine whose launch command is not known, and a model
/// whose name cannot stand in a command.
EmitSetup set_up_emit(const catalog::Catalog& catalog, const scenario::Scenario& scenario,
                      const std::optional<std::string>& config, const std::string& target,
                      const std::string& weights = {});

}  // namespace socle::setup
