#include "socle/setup/placement.hpp"

#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "socle/base/random.hpp"
#include "socle/setup/refusal.hpp"

namespace socle::setup {
namespace {

constexpr std::uint32_t kPurpose = 0x706c6163;  // of the random stream

/// All hosts in the order in which nodes are put on them, job after job.
std::vector<std::uint32_t> host_order(const std::string& kind, std::uint32_t hosts, std::uint32_t nodes,
                                      std::uint32_t jobs, std::uint32_t seed) {
  std::vector<std::uint32_t> order(hosts);
  std::iota(order.begin(), order.end(), 0u);
  if (kind == "scattered") {
    const RandomStream random(seed, kPurpose);
    for (std::uint32_t i = hosts - 1; i > 0; --i) std::swap(order[i], order[random.below(i + 1, i, 0)]);
  } else if (kind == "interleaved") {
    const std::uint32_t step = hosts / nodes;
    for (std::uint32_t job = 0; job < jobs; ++job) {
      for (std::uint32_t node = 0; node < nodes; ++node) order[job * nodes + node] = node * step + job;
    }
  }
  return order;
}

}  // namespace

std::vector<std::vector<std::uint32_t>> place_jobs(const scenario::Scenario& scenario, const std::string& kind,
                                                   std::uint32_t hosts, std::uint32_t nodes, std::uint32_t seed) {
  const std::uint32_t jobs = scenario.fabric.jobs.value_or(1);
  if (static_cast<std::uint64_t>(nodes) * jobs > hosts) {
    throw refusal(
        scenario, "fabric.hosts",
        fmt::format(
            "{} jobs of {} nodes need {} hosts, the fabric has {}; write hosts = {} in [fabric] or run fewer jobs",
            jobs, nodes, static_cast<std::uint64_t>(nodes) * jobs, hosts, static_cast<std::uint64_t>(nodes) * jobs));
  }
  if (nodes == 0) {
    throw refusal(scenario, "fabric.jobs",
                  fmt::format("{} jobs on {} hosts leave none for each; run at most {}", jobs, hosts, hosts));
  }
  const std::vector<std::uint32_t> order = host_order(kind, hosts, nodes, jobs, seed);
  std::vector<std::vector<std::uint32_t>> placed(jobs);
  for (std::uint32_t job = 0; job < jobs; ++job)
    placed[job].assign(order.begin() + job * nodes, order.begin() + (job + 1) * nodes);
  return placed;
}

std::vector<std::vector<std::uint32_t>> endpoints_of(const std::vector<std::vector<std::uint32_t>>& hosts,
                                                     std::uint32_t rails) {
  std::vector<std::vector<std::uint32_t>> endpoints;
  for (const auto& job : hosts) {
    endpoints.emplace_back();
    for (const std::uint32_t host : job) {
      for (std::uint32_t rail = 0; rail < rails; ++rail) endpoints.back().push_back(host * rails + rail);
    }
  }
  return endpoints;
}

}  // namespace socle::setup
