#include "socle/search/fitting.hpp"

#include <algorithm>
#include <functional>
#include <vector>

#include <fmt/format.h>

#include "socle/base/unit_text.hpp"
#include "socle/workload/layout_text.hpp"

namespace socle::search {
namespace {

using workload::Layout;
using workload::PartialLayout;
using workload::Recompute;

constexpr int kStepsBetween = 8;  // numbers of nodes tried between one that fails and one that fits
constexpr int kEveryOne = 64;     // so many or fewer between them are all tried: what divides comes at odd places

/// A key of a layout: can it be left out, and what does a layout say for it?
struct LayoutKey {
  std::function<bool(PartialLayout&)> leave_out;  ///< false when it was not given
  std::function<std::string(const Layout&)> text;
};

template <typename T, typename Text>
LayoutKey key(std::optional<T> PartialLayout::*member, Text text) {
  return {[member](PartialLayout& given) {
            const bool was_given = (given.*member).has_value();
            (given.*member).reset();
            return was_given;
          },
          text};
}

LayoutKey number_key(const char* name, std::optional<int> PartialLayout::*member, int Layout::*value) {
  return key(member, [=](const Layout& layout) { return fmt::format("{} = {}", name, layout.*value); });
}

std::vector<LayoutKey> layout_keys() {
  const auto name = [](const char* of, const std::vector<std::string>& names, auto value) {
    return fmt::format("{} = \"{}\"", of, names[static_cast<std::size_t>(value)]);
  };
  return {number_key("dp", &PartialLayout::data_parallel, &Layout::data_parallel),
          number_key("microbatch", &PartialLayout::microbatch, &Layout::microbatch),
          key(&PartialLayout::recompute,
              [=](const Layout& l) { return name("recompute", workload::recompute_names(), l.recompute); }),
          key(&PartialLayout::sharding,
              [=](const Layout& l) { return name("sharding", workload::sharding_names(), l.sharding); }),
          number_key("pp", &PartialLayout::pipeline_parallel, &Layout::pipeline_parallel),
          number_key("tp", &PartialLayout::tensor_parallel, &Layout::tensor_parallel),
          number_key("ep", &PartialLayout::expert_parallel, &Layout::expert_parallel),
          number_key("cp", &PartialLayout::context_parallel, &Layout::context_parallel),
          number_key("vpp", &PartialLayout::virtual_pipeline, &Layout::virtual_pipeline),
          number_key("etp", &PartialLayout::expert_tensor_parallel, &Layout::expert_tensor_parallel),
          key(&PartialLayout::schedule,
              [=](const Layout& l) { return name("schedule", workload::schedule_names(), l.schedule); })};
}

// Sharding is left open: which needs least memory depends on the pipeline.
PartialLayout frugal(PartialLayout given) {
  if (!given.recompute) given.recompute = Recompute::kFull;
  if (!given.microbatch) given.microbatch = 1;
  return given;
}

Feasible<SearchResult> search(const Misfit& misfit, const PartialLayout& given, const machine::Machine& machine,
                              int chips, unsigned threads, Progress* progress) {
  return search_layouts(misfit.model, misfit.job, given, machine, chips,
                        {.memory_headroom = misfit.memory_headroom,
                         .keep = 1,
                         .threads = threads,
                         .progress = progress,
                         .programs = misfit.programs});
}

// The first key that, left out, lets a layout fit on the same chips, with the value of the fastest such layout.
std::string key_that_fits(const Misfit& misfit, unsigned threads, Progress* progress) {
  for (const LayoutKey& key : layout_keys()) {
    PartialLayout given = misfit.given;
    if (!key.leave_out(given) || !some_layout_fits(misfit, given, misfit.chips, threads, progress)) continue;
    const auto found = search(misfit, given, misfit.machine, misfit.chips, threads, progress);
    if (found) return key.text(found->best.front().layout);
  }
  return {};
}

}  // namespace

bool some_layout_fits(const Misfit& misfit, const PartialLayout& given, int chips, unsigned threads,
                      Progress* progress) {
  const PartialLayout least = frugal(given);
  if (chips == misfit.chips) return static_cast<bool>(search(misfit, least, misfit.machine, chips, threads, progress));
  return static_cast<bool>(search(misfit, least, misfit.machine.on(chips), chips, threads, progress));
}

std::optional<int> smallest_fitting_chips(const Misfit& misfit, unsigned threads, Progress* progress) {
  if (!misfit.chips_may_change || misfit.given.data_parallel) return std::nullopt;
  const int per_node = misfit.chips_per_node;
  const auto fits = [&](int nodes) {
    return some_layout_fits(misfit, misfit.given, nodes * per_node, threads, progress);
  };
  // On part of a node, a whole one comes first.
  int fails = misfit.chips / per_node, works = std::max(1, 2 * fails);
  while (!fits(works)) {
    fails = works;
    works *= 2;
    if (works > kChipsMax / per_node) return std::nullopt;
  }
  while (works - fails > 1) {
    const int step = works - fails <= kEveryOne ? 1 : (works - fails) / kStepsBetween;
    int tried = fails + step;
    while (tried < works && !fits(tried)) tried += step;
    fails = tried - step;
    works = std::min(works, tried);
    if (step == 1) break;
  }
  return works * per_node;
}

std::string smallest_change(const Misfit& asked, unsigned threads, Progress* progress) {
  train::ProgramMemo programs;
  Misfit misfit = asked;
  if (misfit.programs == nullptr) misfit.programs = &programs;
  std::string change = key_that_fits(misfit, threads, progress);
  if (!change.empty()) change += " fits on these chips";
  if (const auto chips = smallest_fitting_chips(misfit, threads, progress)) {
    change += fmt::format("{}{} chips, the smallest number of whole nodes found on which it fits",
                          change.empty() ? "use " : "; so do ", format_whole(*chips));
  }
  return change;
}

}  // namespace socle::search
