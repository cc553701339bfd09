#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.h"
#include "entry/entry.h"
#include "entry/uncacheable_reason.h"

namespace refrain::entry {

/// What a request's body asks of the cache (LiteLLM's member `cache`); stripped before forwarding.
struct body_directives {
  bool present = false;  ///< the member stands in the body, whatever it says
  std::optional<std::chrono::seconds> ttl;
  std::optional<std::chrono::seconds> max_age;  ///< its `s-maxage`
  bool no_cache = false;
  bool no_store = false;
  std::string name_space;

  friend bool operator==(const body_directives&, const body_directives&) = default;
};

/// One of the things that a request for a list asks for.
struct listed_item {
  base::digest256 content;   ///< as parsed_request::content, of this item alone
  std::string query;         ///< as parsed_request::query
  std::uint64_t weight = 1;  ///< its share of the tokens that the whole costs, beside the others' weights
  std::optional<std::uint64_t> characters{};  ///< as parsed_request::characters

  friend bool operator==(const listed_item&, const listed_item&) = default;
};

/// What a request asks for one by one: texts to embed, texts to speak. Each is an entry of its own.
struct item_list {
  std::vector<listed_item> items{};
  bool alone = false;  ///< the answer is to hold its only item without a list
  /// Whether the answer is to hold vectors as bytes rather than as numbers; nothing: the request does not say.
  std::optional<bool> as_base64{};

  friend bool operator==(const item_list&, const item_list&) = default;
};

/// What a dialect reads from a request. The same body bytes on the same endpoint always give the same facts.
struct parsed_request {
  uncacheable_reason why_not = uncacheable_reason::none;  ///< set: forward it, do not cache it
  std::string model;
  wire_form form = wire_form::plain;        ///< what the client asked for
  bool wants_usage = false;                 ///< streams: the client asked for the usage event
  std::string query;                        ///< the last text that a person wrote, shortened
  std::optional<std::uint64_t> characters;  ///< of the text to be spoken: see token_usage
  std::string group;                        ///< see entry_id
  std::string suffix;
  bool target_in_content = false;       ///< `content` covers path and query too, as far as they are to be keyed
  bool bound_to_account = false;        ///< the answer holds ids that work for one upstream account alone
  std::optional<double> temperature{};  ///< at which tokens are sampled, stated or not; nothing: they are not
  bool exact_only = false;              ///< it stands on what its text does not show: similar texts are no match
  bool keyed = true;                    ///< false: nobody asks for a key, so `content`, `fields` and `user` are unset
  base::digest256 content;              ///< digest of the canonical body less the dialect's denylist; not keyed
  std::vector<field_digest> fields;     ///< of each keyed member; not keyed, so never shown outside sealed metas
  std::vector<std::string> ignored;     ///< members that were not to be keyed on the operator's or the client's word
  std::optional<base::digest256> user;  ///< of the member `user`, where the dialect leaves it out of the key
  body_directives directives;
  item_list list;  ///< of dialects that have a provider::batch; empty: what is asked for is one thing

  friend bool operator==(const parsed_request&, const parsed_request&) = default;
};

}  // namespace refrain::entry
