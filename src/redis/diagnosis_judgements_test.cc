#include "redis/diagnosis_parts.h"

#include <gtest/gtest.h>

namespace refrain::redis {
namespace {

using base::errc;

struct told {
  errc code;
  std::string_view context;
  std::string_view remedy;  ///< a part of it
};

TEST(diagnosis_judgements, each_have_their_own_remedy) {
  for (const auto& [code, context, remedy] : std::initializer_list<told>{
           {errc::upstream_unreachable, "cannot connect to h:1: Connection refused", "start Redis"},
           {errc::upstream_unreachable, "cannot connect to h:1: No route to host", "the network"},
           {errc::upstream_unreachable, "cannot look up h: Host not found (authoritative)", "DNS"},
           {errc::upstream_timeout, "looking up h took too long", "DNS"},
           {errc::upstream_timeout, "connecting to h:1 took too long", "firewall"},
           {errc::upstream_timeout, "h:1 took over 5000 ms to answer", "hangs"},
           {errc::upstream_timeout, "the TLS handshake with h took too long", "tls-port"},
           {errc::upstream_tls, "TLS with h: certificate has expired", "renew"},
           {errc::upstream_tls, "TLS with h: certificate is not yet valid", "clock"},
           {errc::upstream_tls, "TLS with h: hostname mismatch", "name that the certificate holds"},
           {errc::upstream_tls, "TLS with h: IP address mismatch", "name that the certificate holds"},
           {errc::upstream_tls, "TLS with h: self-signed certificate in certificate chain", "redis.tls_ca"},
           {errc::upstream_tls, "TLS with h: unable to get local issuer certificate", "redis.tls_ca"},
           {errc::closed, "tlsv13 alert certificate required (SSL routines)", "redis.tls_certificate"},
           {errc::upstream_tls, "TLS with h: tlsv1 alert protocol version (SSL routines)", "TLS 1.2"},
       }) {
    const auto said = explain({.code = code, .context = std::string{context}}, "redis", "h:1");
    EXPECT_EQ(said.what, condition::fault);
    EXPECT_TRUE(said.remedy.contains(remedy)) << context << ": " << said.remedy;
    EXPECT_TRUE(said.text.contains(context));
    EXPECT_TRUE(said.text.contains('h'));
  }
}

TEST(diagnosis_judgements, know_when_a_port_may_speak_no_tls) {
  EXPECT_TRUE(may_be_no_tls({errc::upstream_tls, "TLS with h: wrong version number (SSL routines)"}));
  EXPECT_TRUE(may_be_no_tls({errc::upstream_timeout, "the TLS handshake with h took too long"}));
  EXPECT_FALSE(may_be_no_tls({errc::upstream_tls, "TLS with h: certificate has expired"}));
  EXPECT_FALSE(may_be_no_tls({errc::upstream_timeout, "connecting to h:1 took too long"}));
}

TEST(finding, parts_a_sentence_into_fault_and_remedy) {
  const auto both = from_sentence("redis", condition::fault, "h:1", "it is closed: open it: now");
  EXPECT_EQ(both.text, "h:1: it is closed");
  EXPECT_EQ(both.remedy, "open it: now");
  EXPECT_EQ(from_sentence("redis", condition::warning, "", "so it is").text, "so it is");
  EXPECT_EQ(from_sentence("redis", condition::warning, "", "so it is").remedy, "");
}

}  // namespace
}  // namespace refrain::redis
