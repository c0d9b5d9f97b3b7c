#pragma once

#include <string>

#include "socle/answer/risk/transfer.hpp"
#include "socle/api/request.hpp"

namespace socle::api {

/// Data that leaves a jurisdiction, as text; what is empty is not known.
struct TransferRequest {
  std::string from{}, to{};  ///< jurisdiction of the catalogue; code of a country
  std::string persons{}, sensitive{};
  std::string critical_operator{}, important_data{}, recipient_covered{};  ///< "yes", "no"
  std::string ground{}, day{};
};

using TransferAnswer = Answer<answer::TransferResult>;

/// What `socle risk transfer` asks. Throws InputError with every problem.
TransferAnswer transfer(const catalog::Catalog& catalog, const TransferRequest& asked);

std::string text(const TransferAnswer& answer);
std::string json(const TransferAnswer& answer);
/// It is known what the transfer needs.
bool holds(const TransferAnswer& answer);

}  // namespace socle::api
