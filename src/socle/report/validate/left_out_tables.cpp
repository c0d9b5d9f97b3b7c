#include "socle/report/validate/left_out_tables.hpp"

#include <fmt/format.h>

#include "socle/base/text_table.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/report/validate/error_tables.hpp"

namespace socle::report {
namespace {

using answer::LeftOutBoard;

std::string kind_words(answer::LeftOut kind) {
  switch (kind) {
    case answer::LeftOut::kStack:
      return "framework";
    case answer::LeftOut::kRelease:
      return "release";
    case answer::LeftOut::kChip:
      return "chip";
    case answer::LeftOut::kSource:
      return "source";
  }
  return {};
}

std::string range_text(const LeftOutBoard& board) {
  return board.range ? fmt::format("{:.2f}-{:.2f}", board.range->low, board.range->high) : "-";
}

}  // namespace

std::string left_out_text(const std::vector<LeftOutBoard>& boards, const answer::ErrorSummary& today) {
  if (today.cases == 0) return {};
  TextTable table({{"left out"},
                   {"cases", Align::kRight},
                   {"mean abs", Align::kRight},
                   {"median", Align::kRight},
                   {"signed", Align::kRight},
                   {"in range", Align::kRight},
                   {"groups", Align::kRight},
                   {"mean abs", Align::kRight},
                   {"signed", Align::kRight},
                   {"in range", Align::kRight},
                   {"unseen", Align::kRight}});
  table.add_row({"nothing", std::to_string(today.cases), format_percent(today.mean_absolute),
                 format_percent(today.median_absolute), format_signed_percent(today.signed_mean),
                 format_percent(today.covered), "", "", "", "", ""});
  std::string details;
  for (const LeftOutBoard& board : boards) {
    const answer::ErrorSummary& all = board.errors.front();
    if (all.cases == 0) continue;
    table.add_row({kind_words(board.kind), std::to_string(all.cases), format_percent(all.mean_absolute),
                   format_percent(all.median_absolute), format_signed_percent(all.signed_mean),
                   format_percent(all.covered), std::to_string(board.errors.size() - 1),
                   format_percent(board.mean_of_groups), format_signed_percent(board.signed_of_groups),
                   format_percent(board.covered_of_groups), range_text(board)});
    details += fmt::format("\nStep time with each {} left out\n", kind_words(board.kind)) + summary_table(board.errors);
  }
  return "\nWhat is left out whole and predicted from its relatives: by run, then each group once\n" + table.str() +
         details;
}

Json left_out_json(const std::vector<LeftOutBoard>& boards) {
  Json list = Json::array();
  for (const LeftOutBoard& board : boards) {
    Json entry = Json::object();
    entry.set("kind", std::string(answer::left_out_name(board.kind)))
        .set("errors", summary_json(board.errors))
        .set("mean_of_groups", board.mean_of_groups)
        .set("signed_of_groups", board.signed_of_groups)
        .set("covered_of_groups", board.covered_of_groups)
        .set("range_low", board.range ? Json(board.range->low) : Json())
        .set("range_high", board.range ? Json(board.range->high) : Json())
        .set("range_error", board.range ? Json(board.range->error) : Json());
    list.push(std::move(entry));
  }
  return list;
}

}  // namespace socle::report
