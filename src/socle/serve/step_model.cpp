#include "socle/serve/step_model.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "socle/base/check.hpp"

namespace socle::serve {
namespace {

constexpr std::size_t kNodes = 84;  // 2^21 tokens of context
constexpr Picoseconds kUnknown = -1;
constexpr std::int64_t kForever = std::int64_t{1} << 40;

// Whole numbers of tokens near 2^(i/4), all different: 1, 2, 3, 4, 5, 6, 8, 10, ...
const std::array<std::int64_t, kNodes>& nodes() {
  static const std::array<std::int64_t, kNodes> all = [] {
    std::array<std::int64_t, kNodes> made{};
    std::int64_t last = 0;
    for (std::size_t i = 0; i < kNodes; ++i)
      made[i] = last = std::max<std::int64_t>(last + 1, std::llround(std::pow(2.0, static_cast<double>(i) / 4.0)));
    return made;
  }();
  return all;
}

Picoseconds ticks(Seconds time) { return net::to_picoseconds(time); }

template <typename Compute>
Picoseconds remembered(std::vector<Picoseconds>& memory, std::int64_t key, const Compute& compute) {
  const auto index = static_cast<std::size_t>(key);
  if (memory.size() <= index) memory.resize(std::max(index + 1, 2 * memory.size()), kUnknown);
  if (memory[index] == kUnknown) memory[index] = ticks(compute(static_cast<double>(key)));
  return memory[index];
}

}  // namespace

StepModel::StepModel(const StepCosts& costs, EngineTiming timing)
    : costs_(costs),
      timing_(std::move(timing)),
      halves_(costs.served().dual_batch ? 2 : 1),
      launches_(costs.launches()),
      around_kernels_(halves_ * ticks(timing_.device_layer * costs.served().model.layers() +
                                      timing_.expert_layer * costs.expert_layers())) {}

Picoseconds StepModel::in_halves(std::int64_t count, Picoseconds (StepModel::*part)(std::int64_t)) {
  return halves_ * (this->*part)((count + halves_ - 1) / halves_);
}

std::int64_t StepModel::padded(std::int64_t sequences) const {
  const auto at = std::lower_bound(timing_.graph_sizes.begin(), timing_.graph_sizes.end(), sequences);
  return at == timing_.graph_sizes.end() ? sequences : *at;
}

Picoseconds StepModel::matrices(std::int64_t tokens) {
  return remembered(matrices_, tokens, [&](double t) { return costs_.matrices(t) + costs_.stage_hops(t); });
}

Picoseconds StepModel::head(std::int64_t sequences) {
  return remembered(head_, sequences, [&](double n) { return costs_.head(n); });
}

Picoseconds StepModel::draft(std::int64_t sequences) {
  return remembered(draft_, sequences, [&](double n) { return costs_.draft(n); });
}

Picoseconds StepModel::adapters(std::int64_t tokens, std::int64_t distinct) {
  constexpr std::int64_t kTokensMax = std::int64_t{1} << 32;
  const auto [at, is_new] = adapters_.try_emplace(distinct * kTokensMax + tokens, 0);
  if (is_new) at->second = ticks(costs_.adapters(static_cast<double>(tokens), static_cast<double>(distinct)));
  return at->second;
}

StepModel::ExpertTimes StepModel::experts(std::int64_t lane_tokens, std::int64_t all_tokens) {
  const auto index = static_cast<std::size_t>(all_tokens);
  if (experts_.size() <= index) experts_.resize(std::max(index + 1, 2 * experts_.size()));
  ExpertTimes& times = experts_[index];
  if (times.lane_tokens == lane_tokens) return times;
  const auto part = [&](std::int64_t tokens) { return static_cast<double>((tokens + halves_ - 1) / halves_); };
  times = {.lane_tokens = lane_tokens,
           .kernels = halves_ * ticks(costs_.expert_kernels(part(all_tokens))),
           .exchanges = halves_ * ticks(costs_.exchanges(part(lane_tokens)))};
  return times;
}

Picoseconds StepModel::decode_node(std::int64_t sequences, std::size_t node) {
  const auto index = static_cast<std::size_t>(sequences);
  if (decode_.size() <= index) decode_.resize(index + 1);
  std::vector<Picoseconds>& row = decode_[index];
  if (row.empty()) row.assign(kNodes, kUnknown);
  if (row[node] == kUnknown)
    row[node] = halves_ * ticks(costs_.decode_attention(static_cast<double>((sequences + halves_ - 1) / halves_),
                                                        static_cast<double>(nodes()[node])));
  return row[node];
}

// A step attends to what it adds, too.
StepModel::Line StepModel::decode_line(const LaneStep& lane) {
  const std::int64_t sequences = lane.decoding, context = lane.context16 + lane.growth16;
  const std::int64_t each = context / (16 * sequences);
  const auto above = std::upper_bound(nodes().begin() + 1, nodes().end() - 1, each);
  const auto high = static_cast<std::size_t>(above - nodes().begin()), low = high - 1;
  const Picoseconds at_low = decode_node(sequences, low);
  const std::int64_t from = 16 * sequences * nodes()[low], to = 16 * sequences * nodes()[high];
  const Picoseconds rise = std::max<Picoseconds>(0, decode_node(sequences, high) - at_low);
  const Picoseconds slope = (rise + (to - from) / 2) / (to - from);
  return {.value = at_low + slope * std::max<std::int64_t>(0, context - from),
          .growth = slope * lane.growth16,
          .steps = context >= to ? kForever : (to - context + lane.growth16 - 1) / lane.growth16};
}

// A lane's part of a step; nothing else but the context changes it while no request comes or goes.
StepModel::Line StepModel::lane_line(const LaneStep& lane, std::int64_t tokens) {
  Line line{.steps = kForever};
  if (lane.decoding > 0) line = decode_line(lane);
  line.value += in_halves(tokens, &StepModel::matrices);
  const std::int64_t checked = 1 + costs_.served().speculation.drafts;
  if (lane.decoding + lane.ending > 0) line.value += in_halves(lane.decoding * checked + lane.ending, &StepModel::head);
  if (checked > 1 && lane.decoding > 0) line.value += (checked - 1) * draft(lane.decoding);
  const std::int64_t adapted = lane.decoding_adapted * checked + lane.prompt_tokens_adapted;
  if (adapted > 0) line.value += adapters(adapted, lane.adapters);
  for (const Chunk& chunk : lane.chunks)
    line.value +=
        ticks(costs_.prefill_attention(static_cast<double>(chunk.tokens), static_cast<double>(chunk.context)));
  line.value += ticks(timing_.per_sequence * static_cast<double>(lane.decoding) +
                      timing_.per_prompt * static_cast<double>(lane.chunks.size()));
  return line;
}

// The slowest lane, and for how many steps it stays the slowest.
StepModel::Line StepModel::slowest_line() const {
  Line slowest = lines_.front();
  for (const Line& line : lines_) {
    if (line.value > slowest.value || (line.value == slowest.value && line.growth > slowest.growth)) slowest = line;
  }
  std::int64_t steps = kForever;
  for (const Line& line : lines_) {
    steps = std::min(steps, line.steps);
    if (line.growth > slowest.growth)  // it catches up
      steps = std::min(steps, (slowest.value - line.value) / (line.growth - slowest.growth) + 1);
  }
  slowest.steps = steps;
  return slowest;
}

// Compute and exchanges one after the other, or under each other; then the line is flat while exchanges are longer.
StepModel::Line StepModel::together(Line compute, const ExpertTimes& experts) const {
  compute.value += experts.kernels;
  if (halves_ == 1) {
    compute.value += experts.exchanges;
  } else if (compute.value < experts.exchanges) {
    const Picoseconds room = experts.exchanges - compute.value;
    if (compute.growth > 0) compute.steps = std::min(compute.steps, room / compute.growth + 1);
    compute.value = experts.exchanges;
    compute.growth = 0;
  }
  return compute;
}

StepTime StepModel::time(std::span<const LaneStep> lanes) {
  std::int64_t all_tokens = 0, most_tokens = 0;
  const std::int64_t checked = 1 + costs_.served().speculation.drafts;  // tokens of one that decodes
  bool prompts = false;
  bool adapted = false;
  Seconds loads{};
  Seconds copies{};  // lanes are processes of their own: the longest holds all up
  for (const LaneStep& lane : lanes) {
    prompts = prompts || !lane.chunks.empty();
    adapted = adapted || lane.decoding_adapted > 0;
    loads = std::max(loads, timing_.name_from_host * static_cast<double>(lane.tier_loads.from_host) +
                                timing_.name_from_disk * static_cast<double>(lane.tier_loads.from_disk));
    copies = std::max(copies, timing_.adapter_from_host * static_cast<double>(lane.loads.from_host) +
                                  timing_.adapter_from_disk * static_cast<double>(lane.loads.from_disk));
  }
  lines_.clear();
  for (const LaneStep& lane : lanes) {
    std::int64_t tokens = (prompts ? lane.decoding : padded(lane.decoding)) * checked;
    for (const Chunk& chunk : lane.chunks) tokens += chunk.tokens;
    if (tokens == 0) continue;
    all_tokens += tokens;
    most_tokens = std::max(most_tokens, tokens);
    lines_.push_back(lane_line(lane, tokens));
  }
  SOCLE_CHECK(all_tokens > 0, "a step has tokens");
  const Line slowest = together(slowest_line(), experts(most_tokens, all_tokens));
  const double scale = prompts ? timing_.prefill : timing_.decode;
  Picoseconds device = net::rounded(static_cast<double>(slowest.value) * scale);
  const bool graphed = !prompts;
  const double launches = launches_ + (adapted ? costs_.adapter_launches() : 0.0);
  if (graphed) device = std::max(device / 4, device - halves_ * ticks(timing_.hidden_launch * launches));
  device += around_kernels_;
  device = std::max(device, ticks(loads));
  const Picoseconds step = ticks(timing_.step + copies);
  const bool eager = prompts || timing_.graph_sizes.empty() || most_tokens > timing_.graph_sizes.back();
  const Picoseconds host = eager ? halves_ * ticks(timing_.eager_layer * costs_.served().model.layers()) : 0;
  if (prompts || device < host) return {.first = std::max(device, host) + step, .growth = 0, .steps = 1};
  const auto growth = static_cast<Picoseconds>(static_cast<double>(slowest.growth) * scale);
  return {.first = device + step, .growth = growth, .steps = slowest.steps};
}

}  // namespace socle::serve
