#include "mock/embedding_vector.h"

#include <boost/json.hpp>
#include <string>

#include "mock/dice.h"
#include "mock/proof.h"

namespace refrain::mock {

std::vector<float> embedding_of(const boost::json::value& input, std::string_view model, std::int64_t dimensions) {
  const auto proof = proof_of_members({{"input", input}, {"model", model}});
  dice pick(std::stoull(proof, nullptr, 16), 0);
  std::vector<float> vector;
  for (std::int64_t i = 0; i < dimensions; ++i) {
    vector.push_back(static_cast<float>(static_cast<int>(pick.share() * 2048) - 1024) / 2048);
  }
  return vector;
}

}  // namespace refrain::mock
