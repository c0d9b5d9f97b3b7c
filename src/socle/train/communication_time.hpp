#pragma once

#include "socle/comm/collectives.hpp"
#include "socle/graph/op.hpp"

namespace socle::train {

/// Two times that neither hide one another nor add in full: (a^4 + b^4)^(1/4).
Seconds joined(Seconds a, Seconds b);

/// One run of a communication alone on its links. Copies of tokens that are drawn for `choices` members each: between
/// domains one for each domain that is meant, inside a domain one for each member; both at once, joined as DeepEP's
/// published figures join (docs/design/communication.md). Not for kRing under a core: that is the caller's.
Seconds communication_time(const graph::Communication& c, const comm::Footprint& group, const comm::Network& network);

/// Copies of its buffer that one rank of so many hands over.
double copies_of(const graph::Communication& c, int ranks);

}  // namespace socle::train
