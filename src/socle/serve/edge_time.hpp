#pragma once

#include "socle/base/quantity.hpp"

namespace socle::serve {

/// What a request takes at the server's edge, apart from its scheduler, before its first token reaches the client:
/// HTTP, tokens, detokenisation. Requests do not wait for each other there.
struct EdgeTime {
  Seconds request{};       ///< of each
  Seconds prompt_token{};  ///< of each token of its prompt: tokenizer, hashes, copies from process to process
  Seconds of(double input) const { return request + prompt_token * input; }
};

}  // namespace socle::serve
