// Entries on their way from one store to another: docs/formats/export.md.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <memory>

#include "admin/json_forms.h"
#include "admin/routes.h"
#include "base/text.h"
#include "entry/export_line.h"

namespace refrain::admin {
namespace {

namespace json = boost::json;
using base::errc;
using base::fail;
using namespace std::chrono_literals;

constexpr std::size_t most_faults = 20;            // named in an answer; all are counted
constexpr std::chrono::seconds clocks_apart = 1h;  // so far ahead of ours another machine's clock may be

/// What the gateway's secret makes digests known by.
std::string key_id_of(const view& gateway) {
  const auto now = gateway.configuration();
  return base::digester{now->values.security.secret}.key_id();
}

std::string other_secret(std::string_view theirs, std::string_view ours) {
  if (theirs.empty()) return "it was exported without a secret, and one is set here: nothing would ever find it";
  return fmt::format("it was exported under another secret ({}): set security.secret to that one{}", theirs,
                     ours.empty() ? "" : fmt::format(", in place of {}", ours));
}

/// Reads the lines of one call, counts what becomes of them, and hands the good ones to the store.
class importer {
 public:
  importer(const view& gateway, bool despite_purges)
      : gateway_(gateway),
        settings_(gateway.configuration()),
        key_id_(key_id_of(gateway)),
        despite_purges_(despite_purges) {}

  void read(std::int64_t number, std::string_view line) {
    auto exported = entry::read_export_line(line);
    if (!exported) return refuse(number, exported.error().context);
    if (exported->key_id != key_id_) return refuse(number, other_secret(exported->key_id, key_id_));
    put(number, std::move(exported->content));
  }

  /// What became of them all.
  [[nodiscard]] reply answer() {
    // A store says how many it has dropped, not which; those of requests meanwhile are among them.
    const auto dropped = static_cast<std::int64_t>(gateway_.store.status().writes_dropped - dropped_before_);
    const auto lost = std::min(dropped, written_);
    return json_reply({{"written", written_ - lost},
                       {"expired", expired_},
                       {"purged", purged_},
                       {"dropped", lost},
                       {"refused", refused_},
                       {"faults", faults_}});
  }

 private:
  void put(std::int64_t number, entry::entry content) {
    auto& about = content.about;
    const auto& limits = settings_->values.cache;
    const auto now = gateway_.clock.seconds();
    if (about.size > limits.max_entry.value) return refuse(number, "it is larger than cache.max_entry");
    if (about.stored_at > now + clocks_apart) return refuse(number, "it was stored in the future: look at the clocks");
    // No record of a purge is kept for longer than the longest TTL.
    about.ttl = std::min(about.ttl, limits.ttl_ceiling);
    if (about.stored_at + about.ttl <= now) {
      ++expired_;
      return;
    }
    // Another store's count of purges says nothing here: what was purged here, whenever that was, stays away.
    about.purge_number = 0;
    if (!despite_purges_ && gateway_.purges.dead(about)) {
      ++purged_;
      return;
    }
    about.purge_number = gateway_.purges.current();
    gateway_.store.put(std::make_shared<const entry::entry>(std::move(content)));
    ++written_;
  }

  void refuse(std::int64_t number, std::string_view why) {
    ++refused_;
    if (faults_.size() < most_faults) faults_.push_back(json::object{{"line", number}, {"why", text_form(why)}});
  }

  const view& gateway_;
  const std::shared_ptr<const config::loaded> settings_;
  const std::string key_id_;
  const bool despite_purges_;
  const std::uint64_t dropped_before_ = gateway_.store.status().writes_dropped;
  std::int64_t written_ = 0;
  std::int64_t expired_ = 0;
  std::int64_t purged_ = 0;
  std::int64_t refused_ = 0;
  json::array faults_;
};

base::result<bool> despite_purges(const parameters& query) {
  constexpr std::array<std::string_view, 1> known{"despite_purges"};
  bool despite = false;
  for (const auto& [name, text] : query.all()) {
    if (name != known[0]) return fail(unknown_name(name, known));
    if (text != "true" && text != "false") return fail(errc::bad_usage, "despite_purges: give true or false");
    despite = text == "true";
  }
  return despite;
}

}  // namespace

handled export_entry(const view& gateway, api_call call) {
  const auto found = co_await gateway.store.catalogue().find(std::move(call.name));
  if (!found) co_return fail(found.error());
  if (*found == nullptr) co_return fail(errc::not_found, "there is no entry of this name");
  co_return reply{.body = entry::to_export_line(**found, key_id_of(gateway))};
}

handled import_entries(const view& gateway, api_call call) {
  const auto despite = despite_purges(call.query);
  if (!despite) co_return fail(despite.error());
  importer lines{gateway, *despite};
  std::int64_t number = 0;
  for (std::string_view rest = call.body; !rest.empty();) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    ++number;
    if (!base::trim(line).empty() && line != "\r") lines.read(number, line);
  }
  co_return lines.answer();
}

}  // namespace refrain::admin
