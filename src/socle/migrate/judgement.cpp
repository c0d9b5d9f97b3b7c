#include "socle/migrate/judgement.hpp"

#include <array>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/base/utf8.hpp"

namespace socle::migrate {
namespace {

constexpr std::array<Status, 5> kStatuses{Status::kSupported, Status::kExperimental, Status::kPartial,
                                          Status::kUnsupported, Status::kUnknown};

}  // namespace

const char* status_key(Status status) {
  switch (status) {
    case Status::kSupported:
      return "supported";
    case Status::kExperimental:
      return "experimental";
    case Status::kPartial:
      return "partial";
    case Status::kUnsupported:
      return "unsupported";
    case Status::kUnknown:
      break;
  }
  return "unknown";
}

Status status_of(const CsvTable& table, std::size_t row, const std::string& column) {
  const std::string& text = table.cell(row, column);
  if (text.empty()) return Status::kUnknown;
  for (const Status status : kStatuses) {
    if (text == status_key(status)) return status;
  }
  throw InputError(Problem{table.source(), table.line(row), 0, column,
                           fmt::format("{} = \"{}\"; write supported, experimental, partial, unsupported or unknown",
                                       column, printable(text, 40))});
}

const char* evidence_key(Evidence evidence) {
  static constexpr std::array<const char*, 5> kKeys{"E0", "E1", "E2", "E3", "E4"};
  return kKeys[static_cast<std::size_t>(evidence)];
}

const char* decision_key(Decision decision) {
  return decision == Decision::kGo ? "go" : decision == Decision::kNoGo ? "no_go" : "go_with_work";
}

const char* effort_key(Effort effort) {
  switch (effort) {
    case Effort::kNone:
      return "none";
    case Effort::kHours:
      return "hours";
    case Effort::kDays:
      return "days";
    case Effort::kWeeks:
      break;
  }
  return "weeks";
}

Effort effort_of(double hours) {
  if (hours == 0) return Effort::kNone;
  if (hours <= kHoursADay) return Effort::kHours;
  return hours <= kHoursADay * kDaysMost ? Effort::kDays : Effort::kWeeks;
}

}  // namespace socle::migrate
