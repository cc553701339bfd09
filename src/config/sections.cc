#include "config/sections.h"

#include <array>

namespace refrain::config {
namespace {

constexpr std::array rows{
    section{"server", "The data plane, which applications talk to"},
    section{"admin", "The admin plane, which the commands and the dashboard talk to"},
    section{"cache", "What is kept, for how long, and what parts one answer from another"},
    section{"store", "Where entries are kept between runs"},
    section{"redis", "How a Redis or Valkey is spoken to"},
    section{"memory", "The tier before the store"},
    section{"fill", "Answers that are being recorded"},
    section{"security", "Sealing of what is stored"},
    section{"limits", "Bounds in size and time"},
    section{"log", "What is written to standard error"},
    section{"network", "The way to the upstreams"},
    section{"upstream", "The providers. Built in ones need no more than a key; any other takes a name of its own"},
    section{"clients", "Named clients, their keys and tenants; without any, callers on this machine need no key"},
};

}  // namespace

std::span<const section> sections() noexcept { return rows; }

std::string default_of(const setting& row) {
  static const settings built_in;
  return is_named(row) ? "" : row.value.read(built_in, "");
}

}  // namespace refrain::config
