#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include "admin/json_forms.h"
#include "admin/routes.h"
#include "semantic/index.h"
#include "semantic/matcher.h"

namespace refrain::admin {
namespace {

namespace json = boost::json;
using base::errc;
using base::fail;

base::error no_encoder() {
  return {.code = errc::not_found,
          .context =
              "similar questions are not compared here: no encoder is installed, or semantic.mode is off; "
              "`refrain encoder pull` installs one"};
}

json::object form_of(const semantic::reason_counts& counts) {
  json::object form;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] > 0) form[to_string(static_cast<semantic::reason>(i))] = counts[i];
  }
  return form;
}

/// What is known of one class of requests and one bin of guards. Above the threshold: the share of wrong answers as
/// measured, and its upper bound.
json::object form_of(const std::string& name, semantic::bin where, const semantic::learner::account& one,
                     const semantic::assurance& wanted) {
  json::object form{{"class", name},
                    {"bin", to_string(where)},
                    {"labels", one.labels},
                    {"threshold", nullptr},
                    {"alarm", one.alarmed}};
  if (!one.from) return form;
  const auto seen = one.seen.at_or_above_score(*one.from);
  form["threshold"] = *one.from;
  form["candidates"] = seen.traffic;
  form["wrong"] = seen.wrong;
  form["wrong_at_most"] =
      semantic::wilson_upper_bound(seen.wrong, seen.worth, semantic::normal_quantile(wanted.confidence));
  return form;
}

base::result<std::pair<base::digest256, bool>> read_feedback(const std::string& body) {
  json::error_code fault;
  const auto parsed = json::parse(body, fault);
  const auto* const given = fault ? nullptr : parsed.if_object();
  const auto text = [given](std::string_view name) -> std::string_view {
    const auto* const member = given == nullptr ? nullptr : given->if_contains(name);
    return member != nullptr && member->is_string() ? std::string_view{member->get_string()} : std::string_view{};
  };
  if (given == nullptr) return fail(errc::malformed_request, "the body is no JSON object");
  const auto entry = base::digest256::from_hex(text("entry"));
  if (!entry) return fail(errc::bad_usage, "entry: give the 64 hex digits that x-refrain-entry had");
  const auto verdict = text("verdict");
  if (verdict != "wrong" && verdict != "right") return fail(errc::bad_usage, "verdict: give wrong or right");
  return std::pair{*entry, verdict == "wrong"};
}

}  // namespace

handled show_semantic(const view& gateway, api_call /*call*/) {
  if (gateway.questions == nullptr) co_return fail(no_encoder());
  json::object form{{"questions", form_of(gateway.questions->counted())}};
  json::array classes;
  gateway.questions->show([&](const semantic::learner& learned, std::size_t quarantined) {
    form["quarantined"] = quarantined;
    form["max_wrong_hits"] = learned.options().wanted.max_wrong;
    form["confidence"] = learned.options().wanted.confidence;
    for (const auto& [key, one] : learned.accounts()) {
      classes.push_back(form_of(key.first, key.second, one, learned.options().wanted));
    }
  });
  form["classes"] = std::move(classes);
  const auto& stored = gateway.questions->stored();
  form["index"] =
      json::object{{"questions", stored.size()}, {"bytes", stored.bytes()}, {"partitions", stored.partitions()}};
  co_return json_reply(form);
}

handled take_feedback(const view& gateway, api_call call) {
  if (gateway.questions == nullptr) co_return fail(no_encoder());
  const auto given = read_feedback(call.body);
  if (!given) co_return fail(given.error());
  const auto [entry, wrong] = *given;
  if (!gateway.questions->report(entry, wrong)) {
    co_return fail(errc::not_found, "no similar question was lately answered by this entry");
  }
  co_return json_reply({{"entry", entry.hex()}, {"verdict", wrong ? "wrong" : "right"}});
}

}  // namespace refrain::admin
