#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "socle/base/unit_text.hpp"
#include "socle/workload/length_law.hpp"

namespace socle::workload {

inline constexpr int kLengthMax = 10'000'000;  ///< tokens

/// What `parse_length_law` takes, for messages.
inline constexpr const char* kLengthTexts =
    "1024, 800-1200, \"lognormal 1024 0.5\" (mean, variation) or a file of lengths";

/// Does a text name a file of lengths: does it end in .txt, .csv, .json or .jsonl?
bool names_length_file(std::string_view text);

/// "1024", "800-1200" (whole numbers of that range) or "lognormal 1024 0.5" (mean, standard deviation / mean).
Parsed<LengthLaw> parse_length_law(std::string_view text);

/// Lengths of prompts, or prompts with their answers.
struct LengthList {
  std::vector<int> input;
  std::vector<int> output;  ///< as many as inputs, or none
};

/// Reads a file of lengths: a number a line; CSV whose header names one column, or an input and an output column; JSON
/// or JSONL of numbers, or of objects such as {"prompt_len": 12, "output_len": 34}. Throws InputError with the line or
/// the element for lengths that are not whole numbers from 1 to kLengthMax, and for an empty list.
LengthList read_length_list(std::string_view text, const std::string& source);

}  // namespace socle::workload
