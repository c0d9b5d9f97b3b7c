#pragma once

#include "socle/migrate/code/tokens.hpp"

namespace socle::migrate {

/// Follows whether a source is inside the body of a function that runs on the device: `__global__` or `__device__`, up
/// to the brace that closes the body. A body that also runs on the host counts.
class DeviceScope {
 public:
  /// Takes the current word. True when it marks device code.
  bool step(const Tokens& tokens) {
    const Token& token = tokens.current();
    if (token.kind == TokenKind::kName) {
      if (token.text != "__global__" && token.text != "__device__") return false;
      if (body_ < 0) announced_ = true;
      return true;
    }
    if (token.kind != TokenKind::kOther) return false;
    if (token.text == "{") {
      if (announced_ && body_ < 0) body_ = depth_;
      announced_ = false;
      ++depth_;
    } else if (token.text == "}") {
      if (depth_ > 0) --depth_;
      if (body_ >= 0 && depth_ <= body_) body_ = -1;
    } else if (token.text == ";") {
      announced_ = false;
    }
    return false;
  }

  bool inside() const { return body_ >= 0; }

 private:
  long depth_ = 0, body_ = -1;  ///< open braces; depth at which the body began
  bool announced_ = false;
};

}  // namespace socle::migrate
