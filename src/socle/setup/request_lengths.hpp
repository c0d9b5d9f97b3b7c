#pragma once

#include <string>
#include <vector>

#include "socle/scenario/named.hpp"
#include "socle/setup/fabric_setup.hpp"
#include "socle/workload/length_law.hpp"

namespace socle::setup {

/// What prompts and answers are drawn from.
struct RequestLengths {
  workload::LengthLaw input, output;
  bool paired = false;  ///< one draw takes a prompt with its answer
};

/// Lengths as a scenario states them.
struct AskedLengths {
  std::string source;  ///< file name of the scenario
  std::string key;     ///< of the section, for messages: "requests"
  scenario::Named input, output;
};

/// Laws as they stand, or the lengths of the files that they name; what is empty is the fallback's. Adds a sentence for
/// each file. Throws InputError for a malformed file, and for outputs that are said twice.
RequestLengths request_lengths(const AskedLengths& asked, const RequestLengths& fallback, const FileReader& read_file,
                               std::vector<std::string>& assumptions);

}  // namespace socle::setup
