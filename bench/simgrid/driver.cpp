// The workloads of network_bench on SimGrid. Usage: simgrid_driver WORKLOAD HOSTS LATENCY_US
// WORKLOAD: permutation, all-to-all, ring; HOSTS: k^3 / 4. Prints one line of CSV:
// version,workload,hosts,latency_us,simulated_ms,cpu_s,peak_mb
//
// Network model CM02 without TCP window and cross traffic. Its shares weigh flows by the inverse of their latency, so
// it is plain max-min at latency 0 only. Flows are posted by one actor, which is SimGrid's cheapest way.
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <simgrid/version.h>
#include <unistd.h>
#include <simgrid/s4u.hpp>

#include "../network_workloads.hpp"

namespace {

namespace sg4 = simgrid::s4u;
using Hosts = std::vector<sg4::Host*>;

std::string platform(int radix, const char* latency_us) {
  const int half = radix / 2, hosts = half * half * radix;
  return fmt::format(
      "<?xml version='1.0'?>\n<!DOCTYPE platform SYSTEM \"https://simgrid.org/simgrid.dtd\">\n<platform "
      "version=\"4.1\"><zone id=\"world\" routing=\"Full\">\n"
      "<cluster id=\"tree\" prefix=\"h\" suffix=\"\" radical=\"0-{}\" speed=\"1Gf\" bw=\"50GBps\" lat=\"{}us\" "
      "sharing_policy=\"SPLITDUPLEX\"\n"
      " topology=\"FAT_TREE\" topo_parameters=\"3;{},{},{};1,{},{};1,1,1\"/>\n</zone></platform>\n",
      hosts - 1, latency_us, half, half, radix, half, half);
}

void wait_all(std::vector<sg4::CommPtr>& flows) {
  for (sg4::CommPtr& flow : flows) flow->wait();
  flows.clear();
}

void permutation(const Hosts& hosts) {
  const auto to = socle::bench::permutation(static_cast<std::uint32_t>(hosts.size()));
  std::vector<sg4::CommPtr> flows;
  for (std::size_t i = 0; i < hosts.size(); ++i)
    flows.push_back(
        sg4::Comm::sendto_async(hosts[i], hosts[to[i]], static_cast<std::uint64_t>(socle::bench::kPermutationBytes)));
  wait_all(flows);
}

void all_to_all(const Hosts& hosts) {
  std::vector<sg4::CommPtr> flows;
  for (std::size_t r = 1; r < hosts.size(); ++r) {
    for (std::size_t i = 0; i < hosts.size(); ++i)
      flows.push_back(sg4::Comm::sendto_async(hosts[i], hosts[(i + r) % hosts.size()],
                                              static_cast<std::uint64_t>(socle::bench::kPairBytes)));
  }
  wait_all(flows);
}

// 2 (N - 1) steps of buffer / N to the right neighbour. Sizes are whole bytes here.
void ring(const Hosts& hosts) {
  const auto share = static_cast<std::uint64_t>(socle::bench::kRingBytes / static_cast<double>(hosts.size()));
  std::vector<sg4::CommPtr> flows;
  for (std::size_t step = 0; step < 2 * (hosts.size() - 1); ++step) {
    for (std::size_t i = 0; i < hosts.size(); ++i)
      flows.push_back(sg4::Comm::sendto_async(hosts[i], hosts[(i + 1) % hosts.size()], share));
    wait_all(flows);
  }
}

}  // namespace

int main(int count, char** arguments) {
  sg4::Engine engine(&count, arguments);
  const std::string workload = count > 1 ? arguments[1] : "";
  const int wanted = count > 2 ? std::atoi(arguments[2]) : 0;
  int radix = 2;
  while (radix * radix * radix / 4 < wanted) radix += 2;
  if (count != 4 || radix * radix * radix / 4 != wanted ||
      (workload != "permutation" && workload != "all-to-all" && workload != "ring")) {
    std::fprintf(
        stderr,
        "usage: simgrid_driver permutation|all-to-all|ring HOSTS LATENCY_US, with HOSTS = k^3 / 4 for an even k\n");
    return 2;
  }
  for (const char* setting : {"network/model:CM02", "network/TCP-gamma:0", "network/crosstraffic:0"})
    sg4::Engine::set_config(setting);
  const auto file = std::filesystem::temp_directory_path() / fmt::format("socle-fat-tree-{}.xml", getpid());
  std::ofstream(file) << platform(radix, arguments[3]);
  engine.load_platform(file.string());
  std::filesystem::remove(file);
  Hosts hosts;
  for (int i = 0; i < wanted; ++i) hosts.push_back(engine.host_by_name("h" + std::to_string(i)));
  sg4::Actor::create("driver", hosts.front(), [&] {
    workload == "permutation" ? permutation(hosts) : workload == "ring" ? ring(hosts) : all_to_all(hosts);
  });
  engine.run();
  int major = 0, minor = 0, patch = 0;
  sg_version_get(&major, &minor, &patch);
  std::printf("%d.%d.%d,%s,%d,%s,%.6f,%.3f,%.0f\n", major, minor, patch, workload.c_str(), wanted, arguments[3],
              sg4::Engine::get_clock() * 1e3, static_cast<double>(std::clock()) / CLOCKS_PER_SEC,
              socle::bench::memory_peak_mb());
  return 0;
}
