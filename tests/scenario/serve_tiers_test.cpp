// Caches of prompts on the host and on disk, through the public face.
#include <gtest/gtest.h>

#include <string>

#include "support/ask_serving.hpp"

namespace socle::test {
namespace {

// Conversations whose pauses are long beside what the chip's cache holds.
const Flags kTalk{{"--model", "llama-3.1-70b"}, {"--chip", "h100-sxm"},    {"--tp", "2"},
                  {"--weights", "fp8"},         {"--engine", "vllm-0.19"}, {"--rate", "0.5"},
                  {"--turns", "4-12"},          {"--think", "2 min"},      {"--input", "1500"},
                  {"--output", "100"},          {"--num-requests", "800"}, {"--max-model-len", "32768"}};

answer::ServeResult served(const Flags& more) { return served_by(with(kTalk, more)); }
std::string problem_of(const Flags& more) { return problem_of_serving(with(kTalk, more)); }

TEST(ServeTiers, AHostWithRoomSparesPrompts) {
  const auto none = served({}), host = served({{"--kv-host", "1 TB"}});
  EXPECT_GT(host.figures.cached_tokens, 1.5 * none.figures.cached_tokens);
  EXPECT_LT(host.figures.ttft.mean, none.figures.ttft.mean);
  EXPECT_GT(host.figures.tier_loads.from_host, 0);
  EXPECT_EQ(host.figures.tier_loads.from_disk, 0);
  EXPECT_EQ(none.figures.tier_loads.all(), 0);
  EXPECT_LT(host.deployment.timing.name_from_host, host.block_compute);
}

TEST(ServeTiers, ADiskIsSlowerThanAHostAndFasterThanNothing) {
  const Flags small{{"--kv-host", "20 GB"}};
  const auto none = served(small), disk = served(with(small, {{"--kv-disk", "2 TB"}})),
             host = served({{"--kv-host", "1 TB"}});
  EXPECT_GT(disk.figures.tier_loads.from_disk, 0);
  EXPECT_LT(disk.figures.ttft.mean, none.figures.ttft.mean);
  EXPECT_LT(host.figures.ttft.mean, disk.figures.ttft.mean);
  const auto slow = served(with(small, {{"--kv-disk", "2 TB"}, {"--kv-disk-bandwidth", "500 MB/s"}}));
  EXPECT_GT(slow.figures.ttft.mean, disk.figures.ttft.mean);
}

TEST(ServeTiers, RequestsThatNameNothingFindNothingAndThatIsSaid) {
  Flags alone = kTalk;
  alone.erase("--turns");
  alone.erase("--think");
  alone["--kv-host"] = "1 TB";
  const auto result =
      api::serve(api::load_catalog(""), request_of({.scenario = {}, .flags = alone}), {.curve = false}).result;
  EXPECT_EQ(result.figures.tier_loads.all(), 0);
  bool said = false;
  for (const std::string& doubt : result.setup.serve.doubts)
    said = said || doubt.find("name no common") != std::string::npos;
  EXPECT_TRUE(said);
}

TEST(ServeTiers, RefusesWhatSaysNothing) {
  EXPECT_NE(problem_of({{"--kv-disk-bandwidth", "1 GB/s"}}).find("kv_disk_bandwidth is of kv_disk"), std::string::npos);
  EXPECT_NE(problem_of({{"--kv-host", "1 TB"}, {"--prefix-caching", "false"}}).find("say prefix_caching = true"),
            std::string::npos);
}

TEST(ServeTiers, CommandsAreReadAndWritten) {
  const auto emitted = [](const std::string& command, const std::string& target, const Flags& flags) {
    api::Request request = request_of({.scenario = {}, .flags = flags});
    request.launch_text = command;
    request.launch_name = "--from";
    return api::text(api::serve_emit(catalog::Catalog(), request, target));
  };
  const std::string vllm =
      emitted("vllm serve meta-llama/Llama-3.1-8B --kv-offloading-size 64 --kv-offloading-backend native", "vllm",
              {{"--chip", "h100-sxm"}, {"--engine", "vllm-0.19"}});
  EXPECT_NE(vllm.find("--kv-offloading-size 64"), std::string::npos) << vllm;
  const std::string sglang = emitted(
      "python3 -m sglang.launch_server --model-path meta-llama/Llama-3.1-8B --tp 2 --enable-hierarchical-cache "
      "--hicache-size 40",
      "sglang", {{"--chip", "h100-sxm"}, {"--engine", "sglang-0.5"}});
  EXPECT_NE(sglang.find("--enable-hierarchical-cache \\\n  --hicache-size 40"), std::string::npos) << sglang;
}

}  // namespace
}  // namespace socle::test
