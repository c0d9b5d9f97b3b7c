#include "socle/scenario/lora_section.hpp"

#include "socle/scenario/values.hpp"

namespace socle::scenario {
namespace {

using Section = LoraSection;

constexpr int kAdaptersMax = 100'000, kSlotsMax = 4'096, kRankMax = 1'024;
constexpr double kExponentMax = 5.0;
constexpr Questions kHeld{Question::kServeFit, Question::kServe, Question::kServeEmit};
constexpr Questions kKept{Question::kServe, Question::kServeEmit};
constexpr Questions kPlayed{Question::kServe};

KeyFacts facts(const char* name, const char* flag, const char* value, const char* help, Questions questions) {
  return {.section = "serving.lora", .name = name, .flag = flag, .value = value, .help = help, .questions = questions};
}

}  // namespace

std::vector<Key<Section>> lora_keys() {
  return {
      integer_key<Section>(
          facts("adapters", "--lora-adapters", "N",
                "Low-rank adapters that requests ask for; default: as many as the chip holds", kPlayed),
          &Section::adapters, 1, kAdaptersMax),
      integer_key<Section>(facts("rank", "--max-lora-rank", "N", "Rank that there is room for; default 16", kHeld),
                           &Section::rank, 1, kRankMax),
      integer_key<Section>(facts("max_loras", "--max-loras", "N",
                                 "Adapters of one step, held on the chip; default: the engine's", kHeld),
                           &Section::max_loras, 1, kSlotsMax),
      integer_key<Section>(facts("max_cpu_loras", "--max-cpu-loras", "N",
                                 "Adapters in the host's memory; others are on disk; default: the engine's", kKept),
                           &Section::max_cpu_loras, 1, kAdaptersMax),
      word_key<Section>(facts("targets", "--lora-targets", "WHAT",
                              "Matrices that have adapters: all of attention and dense blocks, or attention's; default "
                              "all",
                              kHeld),
                        &Section::targets, {"all", "attention"}),
      real_key<Section>(facts("popularity", "--lora-popularity", "X",
                              "Exponent of Zipf's law over adapters; 0: all are asked for alike; default 1", kPlayed),
                        &Section::popularity, 0.0, kExponentMax),
      real_key<Section>(
          facts("share", "--lora-share", "X", "Share of the requests that have an adapter; default 1", kPlayed),
          &Section::share, 0.0, 1.0)};
}

}  // namespace socle::scenario
