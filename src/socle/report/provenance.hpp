#pragma once

#include <istream>
#include <string>
#include <string_view>
#include <vector>

#include "socle/base/json.hpp"

namespace socle::report {

/// One text that a result depends on, by the name the user knows it by.
struct InputText {
  std::string name;
  std::string hash;  ///< content_hash of the text
};

/// FNV-1a of the bytes as sixteen hexadecimal digits: tells two inputs apart, protects against nothing.
/// Source: Fowler, Noll, Vo, 64-bit parameters.
std::string content_hash(std::string_view text);
/// The same of a stream, in constant memory.
std::string content_hash(std::istream& stream);

/// Socle's version, the command, and the hash of every input.
Json provenance(std::string_view command, const std::vector<InputText>& inputs);

}  // namespace socle::report
