#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "socle/catalog/catalog.hpp"
#include "socle/migrate/training/record.hpp"
#include "socle/migrate/translation.hpp"

namespace socle::migrate {

/// One rule of translation: what becomes of an item between two frameworks, or on a platform.
struct TrainingRule {
  bool environment = false;
  std::string from, to;            ///< patterns of frameworks
  std::string platform;            ///< key; "!a b": none of those; empty: any
  std::string item;                ///< name, or a beginning with * behind it; empty: an addition
  std::string value;               ///< the value to which it applies; "leading", "list": forms of lists; empty: any
  std::vector<std::string> needs;  ///< "--a", "--a=v", "!--a": what else must be given, or must not
  Change change = Change::kUnknown;
  std::vector<std::pair<std::string, std::string>> becomes;  ///< items and values, {placeholders} in them
  std::string why;
  Status status = Status::kUnknown;
  Evidence evidence = Evidence::kE0;
  std::string source;
};

/// Where a translation goes.
struct Passage {
  std::string from, to, platform;  ///< keys
};

/// The user's rules, then catalog/compat/training-rules.csv in its order. Immutable once read.
class TrainingRules {
 public:
  /// `own`: the columns of the pack, of which item and change are needed; they count as E0. Throws InputError.
  explicit TrainingRules(const catalog::Catalog& catalog, const CsvTable* own = nullptr);

  /// The first that applies to an item; nothing without one.
  const TrainingRule* find(bool environment, const Passage& passage, std::string_view item, std::string_view value,
                           const JobRecord& record) const;
  /// The first that names the item, whatever its value and what else is given: for questions without a job.
  const TrainingRule* of_name(const Passage& passage, std::string_view item) const;
  /// Additions that apply, in order.
  std::vector<const TrainingRule*> additions(bool environment, const Passage& passage, const JobRecord& record) const;
  std::size_t size() const { return rules_.size(); }
  const std::string& dated() const { return dated_; }

 private:
  void read(const CsvTable& table, bool own);

  std::vector<TrainingRule> rules_;
  std::string dated_;
};

/// Leading zeros of "([0]*3+[1]*58)" and its length; nothing unless it is zeros and then ones.
struct LeadingDense {
  int dense = 0, all = 0;
};
std::optional<LeadingDense> leading_dense(std::string_view list);

}  // namespace socle::migrate
