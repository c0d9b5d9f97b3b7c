#include "socle/migrate/serving/launch_nodes.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace socle::migrate {
namespace {

constexpr std::array<std::string_view, 17> kOfNodes{"--data-parallel-size-local",
                                                    "-dpl",
                                                    "--data-parallel-address",
                                                    "-dpa",
                                                    "-dpp",
                                                    "--data-parallel-rpc-port",
                                                    "--data-parallel-start-rank",
                                                    "-dpr",
                                                    "--headless",
                                                    "--nnodes",
                                                    "--node-rank",
                                                    "--master-addr",
                                                    "--master-port",
                                                    "--dist-init-addr",
                                                    "-n",
                                                    "--distributed-executor-backend",
                                                    "-r"};

LaunchItem item(const char* flag, std::string value, bool expands) {
  return {.flag = flag, .values = {{std::move(value), expands}}, .joined = false, .flag_expands = false, .line = 0};
}

}  // namespace

bool is_of_nodes(std::string_view flag) { return std::find(kOfNodes.begin(), kOfNodes.end(), flag) != kOfNodes.end(); }

NodeFlags node_flags(std::string_view family, const LaunchTarget& target) {
  NodeFlags flags;
  if (family == "sglang") {
    flags.items = {item("--nnodes", std::to_string(target.nodes), false), item("--node-rank", "$NODE_RANK", true),
                   item("--dist-init-addr", "$HEAD_IP:20000", true)};
    return flags;
  }
  if (family == "tensorrt-llm") {
    flags.missing = "mpirun or srun has to start it on every node, with trtllm-llmapi-launch before it";
    return flags;
  }
  if (target.dp > 1 && target.dp % target.nodes == 0) {
    const int here = target.dp / target.nodes;
    flags.items = {item("--data-parallel-size-local", std::to_string(here), false),
                   item("--data-parallel-address", "$HEAD_IP", true), item("--data-parallel-rpc-port", "13389", false),
                   item("--data-parallel-start-rank", fmt::format("$((NODE_RANK * {}))", here), true)};
    flags.headless = true;
    return flags;
  }
  flags.items = {item("--distributed-executor-backend", "ray", false)};
  flags.missing = "a Ray cluster over the nodes has to run before";
  return flags;
}

}  // namespace socle::migrate
