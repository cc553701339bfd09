#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace refrain::provider {

/// How the LiteLLM whose cache is read names its keys.
struct litellm_naming {
  std::string_view provider;    ///< `openai` of `openai/gpt-4o-mini`; empty where its models have no such prefix
  std::string_view name_space;  ///< its cache's own (`Cache(namespace=)`); empty for none
  std::string_view asked{};     ///< the request's (`cache: {"namespace": ...}`); empty for none
};

/// The keys under which LiteLLM may have kept the answer to an OpenAI chat completions request, likeliest first: at
/// most six, so that to ask for them all is cheap.
///
/// A key is the SHA-256 of the parameters of the call in the order of the call, `name: value` each, the value as
/// Python's `str` writes it (measured with LiteLLM 1.106). What is not in the body has to be guessed, so each of these
/// gives a key: `completion(model="openai/gpt-4o-mini", ...)` with the other parameters in the body's order, in that of
/// LiteLLM's signature, with the tools first, and with `stream` last, which may be False where the body does not say
/// it; and its router or proxy, whose models have no prefix, which ends with `stream`, and the proxy puts
/// `stream_options: {'include_usage': True}` before it.
///
/// None where LiteLLM's key would part less than ours does, as it leaves out parameters that it does not know; and
/// none where a value has no `repr` that all Pythons agree on. Pure.
[[nodiscard]] std::vector<std::string> litellm_keys(std::string_view body, const litellm_naming& named);

/// The same for a request for embeddings, whose items LiteLLM keeps one by one, each as if it had been asked for alone:
/// the keys of each item, in the items' order. A vector may have been asked for in the body's form or in the other
/// one's name, as OpenAI's SDK asks for base64 by itself. At most four keys an item, and as many again for the list of
/// one as a whole. Empty where there are none.
[[nodiscard]] std::vector<std::vector<std::string>> litellm_embedding_keys(std::string_view body,
                                                                           const litellm_naming& named);

}  // namespace refrain::provider
