#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "socle/base/csv.hpp"
#include "socle/migrate/judgement.hpp"

namespace socle::migrate {

/// A platform to which CUDA sources can be moved.
enum class Target { kHip, kMusa, kMaca, kSupa, kCnrt, kAscend };
inline constexpr std::array<Target, 6> kTargets{Target::kHip,  Target::kMusa, Target::kMaca,
                                                Target::kSupa, Target::kCnrt, Target::kAscend};
const char* target_key(Target target);   ///< "hip"
const char* target_name(Target target);  ///< "AMD HIP"
/// Kernels of CUDA are compiled there; elsewhere each is written anew.
constexpr bool takes_kernels(Target target) { return target != Target::kCnrt && target != Target::kAscend; }
/// Names are known well enough that a patch of them is of use.
constexpr bool takes_patch(Target target) { return target == Target::kHip || target == Target::kMusa; }
/// Throws InputError, naming those that there are.
Target target_of(const std::string& key);

/// One CUDA name and its names elsewhere.
struct Name {
  std::string cuda, library, kind;
  struct There {
    std::string name;  ///< empty: none, or none known
    Status status = Status::kUnknown;
  };
  std::array<There, kTargets.size()> there{};
  bool own = false;  ///< stated by the user

  const There& on(Target target) const { return there[static_cast<std::size_t>(target)]; }
};

/// CUDA names, found by spelling. Immutable once read; lookups may run side by side.
class NameTable {
 public:
  /// Columns cuda, library, kind, and a name and status of each target; a name without a status is partial.
  /// Rows of `own` (the same columns, all but cuda optional) replace rows of the pack. Throws InputError.
  NameTable(const CsvTable& pack, const CsvTable* own);

  std::optional<std::size_t> find(std::string_view cuda) const;
  const std::vector<Name>& names() const { return names_; }
  /// Names that the pack has in a column such as "maca".
  std::size_t known_in(std::string_view column) const;

 private:
  void add(const CsvTable& table, std::size_t row, bool own);

  std::vector<Name> names_;
  std::unordered_map<std::string, std::size_t> places_;
  std::vector<std::pair<std::string, std::size_t>> known_;
};

/// A name with a prefix of CUDA's libraries, such as cudaNewThing: CUDA's, though no row knows it.
bool looks_like_cuda(std::string_view name);

}  // namespace socle::migrate
