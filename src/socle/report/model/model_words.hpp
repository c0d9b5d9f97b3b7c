#pragma once

#include <string>

#include "socle/model/transformer.hpp"

namespace socle::report {

/// A mixer and a feed-forward block in a few words: "GQA 32 heads, 8 kv, 128 wide, window 4096"; "8 of 256 experts 2048
/// wide, shared 2048".
std::string mixer_words(const model::Mixer& mixer);
std::string feed_forward_words(const model::FeedForward& feed_forward);

/// "16.1B", "671.0B", "124.4M": three digits and more, for counts of parameters.
std::string parameters_words(double count);

}  // namespace socle::report
