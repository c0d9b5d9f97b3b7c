#include "socle/report/validate/order_tables.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "socle/base/text_table.hpp"
#include "socle/base/unit_text.hpp"

namespace socle::report {
namespace {

using answer::JobOrder;

constexpr std::size_t kWorstShown = 5;

/// Jobs of one group.
struct OrderSummary {
  int jobs = 0, layouts = 0, ranked = 0;
  double regret = 0, worst = 0, correlation = 0;

  void add(const JobOrder& order) {
    ++jobs;
    layouts += order.layouts;
    regret += order.regret;
    worst = std::max(worst, order.regret);
    if (order.correlation) ++ranked, correlation += *order.correlation;
  }
  double mean_regret() const { return jobs > 0 ? regret / jobs : 0; }
  double mean_correlation() const { return ranked > 0 ? correlation / ranked : 0; }
};

std::map<std::string, OrderSummary> by_source(const std::vector<JobOrder>& orders) {
  std::map<std::string, OrderSummary> groups;
  for (const JobOrder& order : orders) groups[order.source].add(order);
  return groups;
}

std::vector<JobOrder> worst_first(std::vector<JobOrder> orders) {
  std::stable_sort(orders.begin(), orders.end(),
                   [](const JobOrder& a, const JobOrder& b) { return a.regret > b.regret; });
  return orders;
}

void add_row(TextTable& table, const std::string& name, const OrderSummary& summary) {
  table.add_row({name, std::to_string(summary.jobs), std::to_string(summary.layouts),
                 format_percent(summary.mean_regret()), format_percent(summary.worst),
                 summary.ranked > 0 ? fmt::format("{:+.2f}", summary.mean_correlation()) : "-"});
}

}  // namespace

std::string order_text(const std::vector<JobOrder>& orders) {
  if (orders.empty()) return {};
  OrderSummary all;
  for (const JobOrder& order : orders) all.add(order);
  TextTable table({{"jobs of several layouts"},
                   {"jobs", Align::kRight},
                   {"layouts", Align::kRight},
                   {"regret", Align::kRight},
                   {"worst", Align::kRight},
                   {"rank corr.", Align::kRight}});
  add_row(table, "all", all);
  for (const auto& [source, summary] : by_source(orders)) add_row(table, "source " + source, summary);
  std::string text =
      "\nThe layout that would be picked: its measured time over that of the fastest, minus 1\n" + table.str();
  std::string worst;
  const std::vector<JobOrder> sorted = worst_first(orders);
  for (std::size_t i = 0; i < std::min(kWorstShown, sorted.size()) && sorted[i].regret > 0; ++i)
    worst += wrap_text(
        fmt::format("- {}: {} of {} layouts", sorted[i].job, format_percent(sorted[i].regret), sorted[i].layouts), 100,
        2);
  return worst.empty() ? text : text + "\nMost regret\n" + worst;
}

Json order_json(const std::vector<JobOrder>& orders) {
  OrderSummary all;
  Json jobs = Json::array();
  for (const JobOrder& order : orders) {
    all.add(order);
    Json job = Json::object();
    job.set("job", order.job).set("source", order.source).set("layouts", order.layouts).set("regret", order.regret);
    jobs.push(std::move(job.set("rank_correlation", order.correlation ? Json(*order.correlation) : Json())));
  }
  Json json = Json::object();
  json.set("mean_regret", all.mean_regret())
      .set("worst_regret", all.worst)
      .set("mean_rank_correlation", all.mean_correlation());
  return std::move(json.set("jobs", std::move(jobs)));
}

}  // namespace socle::report
