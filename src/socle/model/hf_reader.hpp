#pragma once

#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "socle/base/error.hpp"
#include "socle/base/json.hpp"

namespace socle::model {

/// A view of one object of a config.json that gathers problems and remembers which keys were asked for. A key that
/// holds null counts as absent. Reads never throw: after a problem they return the least allowed value, so that a shape
/// can be built to find the next problem. Internal to the import.
class HfReader {
 public:
  using Keys = std::initializer_list<const char*>;  ///< synonyms; the first that is present counts

  /// Requires: `object` is an object; it, the source name and the problems outlive the reader.
  HfReader(const Json& object, std::string path, const std::string& source, Problems& problems)
      : object_(&object), path_(std::move(path)), source_(&source), problems_(&problems) {}

  bool has(std::string_view key) const;       ///< does not count as asking
  bool is_array(std::string_view key) const;  ///< neither does this
  bool is_empty_array(std::string_view key) const;
  int required(Keys keys, int most) const;  ///< an integer from 1
  int optional(Keys keys, int fallback, int most, int least = 1) const;
  /// As `optional`; an array of equal numbers, one for each layer, is that number.
  int uniform(Keys keys, int fallback, int most, int least = 1) const;
  bool flag(std::string_view key, bool fallback) const;
  double real(std::string_view key, double least, double most) const;
  double optional_real(std::string_view key, double fallback, double least, double most) const;
  std::string text(std::string_view key) const;  ///< empty when absent
  std::vector<int> integers(std::string_view key, int least, int most) const;
  /// An array of one flag or 0/1 for each layer, or an empty one when absent or empty. Another length is a problem.
  std::vector<int> per_layer(std::string_view key, int layers) const;
  std::vector<std::string> texts(std::string_view key) const;
  std::vector<std::string> texts_per_layer(std::string_view key, int layers) const;
  std::optional<HfReader> object(std::string_view key) const;
  std::vector<HfReader> objects(std::string_view key) const;

  void ignore(Keys keys) const;
  /// Counts the unread keys of a part as unread keys of this object, under their path.
  void adopt_unread(const HfReader& part) const;
  void problem(std::string_view key, std::string_view message) const;
  /// Keys that nothing asked for and that hold something, in the order of the file.
  std::vector<std::string> unread() const;
  /// The same with their values, and with those of adopted parts.
  struct Unread {
    std::string key;   ///< with the path of its part
    std::string name;  ///< without
    const Json* value;
  };
  std::vector<Unread> all_unread() const;
  std::vector<std::string> keys() const;  ///< all that hold something
  const std::string& source() const { return *source_; }
  /// Requires: the key is there.
  const Json& value(std::string_view key) const { return *object_->find(key); }

 private:
  const Json* find(std::string_view key) const;
  std::optional<int> integer(std::string_view key, const Json& value, int least, int most) const;

  const Json* object_;
  std::string path_;
  const std::string* source_;
  Problems* problems_;
  mutable std::set<std::string, std::less<>> asked_;
  mutable std::vector<Unread> adopted_;
};

}  // namespace socle::model
