#pragma once

#include <string_view>
#include <vector>

/// Names that generic traces use for the same thing: ours first, then those of vLLM's request dumps and load
/// generators, and of Vidur's traces. Times are in seconds.
namespace socle::workload {

inline const std::vector<std::string_view>& time_names() {
  static const std::vector<std::string_view> names{"arrival_s", "timestamp", "arrival_time", "arrived_at"};
  return names;
}
inline const std::vector<std::string_view>& input_names() {
  static const std::vector<std::string_view> names{"input_tokens", "input_toks", "prompt_len", "num_prefill_tokens"};
  return names;
}
inline const std::vector<std::string_view>& output_names() {
  static const std::vector<std::string_view> names{"output_tokens", "output_toks", "output_len", "num_decode_tokens"};
  return names;
}
inline constexpr std::string_view kClassName = "class", kSessionName = "session";

}  // namespace socle::workload
