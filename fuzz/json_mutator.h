// Changes of a JSON document, for inputs of which random bytes would make no document.
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <random>
#include <vector>

namespace promptcl::fuzz {

/// Changes one value somewhere in a document: another value, one from elsewhere, one more, one
/// less.
class JsonMutator {
  public:
    explicit JsonMutator(unsigned seed) : random_(seed) {}

    void change(nlohmann::json& document);
    std::size_t below(std::size_t end) { return random_() % end; }

  private:
    nlohmann::json any_value(const nlohmann::json& was);
    /// Reached by steps to any child, so that a long list is not all that ever changes.
    nlohmann::json& any_node(nlohmann::json& document);

    std::minstd_rand random_;
};

/// The body of LLVMFuzzerCustomMutator: changes the document in data, or where there is none one of
/// `examples`.
std::size_t mutate_json(const std::vector<nlohmann::json>& examples, std::uint8_t* data,
                        std::size_t size, std::size_t most, unsigned seed);

}  // namespace promptcl::fuzz
