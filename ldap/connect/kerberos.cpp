#include "ldap/connect/kerberos.hpp"

#include <gssapi/gssapi_ext.h>
#include <gssapi/gssapi_krb5.h>
#include <krb5.h>

#include <array>
#include <functional>

#include "ldap/connect/timed_call.hpp"
#include "ldap/errors.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

gss_buffer_desc buffer_of(std::string const& text) { return {text.size(), const_cast<char*>(text.data())}; }

/// GSSAPI's own objects: each has its own release function, with a place for a second error.
template <class Handle, auto Release>
class Owned {
 public:
  Owned() = default;
  Owned(Owned const&) = delete;
  Owned& operator=(Owned const&) = delete;
  ~Owned() {
    OM_uint32 ignored = 0;
    Release(&ignored, &handle_);
  }
  Handle* out() { return &handle_; }
  Handle get() const { return handle_; }

 private:
  Handle handle_{};
};
inline OM_uint32 delete_context(OM_uint32* minor, gss_ctx_id_t* context) {
  return gss_delete_sec_context(minor, context, GSS_C_NO_BUFFER);
}
using Name = Owned<gss_name_t, gss_release_name>;
using Credentials = Owned<gss_cred_id_t, gss_release_cred>;
using Context = Owned<gss_ctx_id_t, delete_context>;
using Buffer = Owned<gss_buffer_desc, gss_release_buffer>;

std::string words_of(OM_uint32 status, int kind) {
  std::string words;
  OM_uint32 more = 0, minor = 0;
  do {
    Buffer text;
    if (GSS_ERROR(
            gss_display_status(&minor, status, kind, const_cast<gss_OID>(gss_mech_krb5), &more, text.out())))
      break;
    words += (words.empty() ? "" : ", ") +
             std::string{static_cast<char const*>(text.get().value), text.get().length};
  } while (more != 0);
  return words;
}

struct Remedy {
  krb5_error_code code;
  char const* text;
};
constexpr std::array kRemedies{
    Remedy{KRB5_KDC_UNREACH, "check that the realm's KDC runs, krb5.conf and the network"},
    Remedy{KRB5_REALM_UNKNOWN, "name the realm's KDC in krb5.conf, or in the DNS"},
    Remedy{KRB5_REALM_CANT_RESOLVE, "check the KDC's name in krb5.conf"},
    Remedy{KRB5KDC_ERR_C_PRINCIPAL_UNKNOWN, "check bind.principal, or make that principal"},
    Remedy{KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN,
           "give the LDAP server its ldap/HOST principal, and name it by that host in uris"},
    Remedy{KRB5KDC_ERR_PREAUTH_FAILED, "the key is an old one; extract the keytab again"},
    Remedy{KRB5KRB_AP_ERR_BAD_INTEGRITY, "the key is an old one; extract the keytab again"},
    Remedy{KRB5_KT_NOTFOUND, "check bind.principal, or extract a keytab that has it"},
    Remedy{KRB5KRB_AP_ERR_SKEW, "synchronise the clocks of this machine and the KDC"},
    Remedy{KRB5KRB_AP_ERR_TKT_EXPIRED, "renew the ticket, or set bind.keytab"},
    Remedy{KRB5_FCC_NOFILE, "set bind.keytab, or get a ticket into $KRB5CCNAME"},
    Remedy{KRB5_CC_NOTFOUND, "set bind.keytab, or get a ticket into $KRB5CCNAME"},
    Remedy{KRB5KDC_ERR_CLIENT_REVOKED, "the account is locked or disabled at the KDC"},
    Remedy{KRB5KDC_ERR_NAME_EXP, "the principal has expired; give it a later end"},
    Remedy{KRB5KDC_ERR_KEY_EXP, "the principal's key has expired; change it and extract the keytab again"},
};

Error kerberos_error(OM_uint32 major, OM_uint32 minor, std::string const& what) {
  auto const code = static_cast<krb5_error_code>(minor);
  auto const no_kdc =
      code == KRB5_KDC_UNREACH || code == KRB5_REALM_CANT_RESOLVE || code == KRB5_REALM_UNKNOWN;
  auto const words = minor != 0 ? words_of(minor, GSS_C_MECH_CODE) : words_of(major, GSS_C_GSS_CODE);
  std::string remedy = "check bind.keytab, bind.principal and krb5.conf";
  for (auto const& known : kRemedies)
    if (known.code == code) remedy = known.text;
  // Another server of the list may have what this one lacks; for all else the next would be no better.
  auto const refusal = code == KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN ? LdapErrc::bad_setup : LdapErrc::bind_refused;
  return {no_kdc ? LdapErrc::connect_failed : refusal,
          "Kerberos, " + what + ": " + printable(words) + "; " + remedy};
}

/// A credential cache in memory that nobody else knows.
class PrivateCache {
 public:
  PrivateCache() = default;
  PrivateCache(PrivateCache const&) = delete;
  PrivateCache& operator=(PrivateCache const&) = delete;
  ~PrivateCache() {
    if (cache_ != nullptr) krb5_cc_destroy(context_, cache_);
    if (context_ != nullptr) krb5_free_context(context_);
  }
  Result<std::string> make() {
    auto failed = krb5_init_context(&context_);
    if (failed == 0) failed = krb5_cc_new_unique(context_, "MEMORY", nullptr, &cache_);
    char* raw = nullptr;
    if (failed == 0) failed = krb5_cc_get_full_name(context_, cache_, &raw);
    if (failed != 0)
      return kerberos_error(GSS_S_FAILURE, static_cast<OM_uint32>(failed), "making a credential cache");
    std::string name = raw;
    krb5_free_string(context_, raw);
    return name;
  }

 private:
  krb5_context context_ = nullptr;
  krb5_ccache cache_ = nullptr;
};

}  // namespace

struct Ticket::State {
  PrivateCache cache;  // outlives the credentials in it
  Credentials credentials;

  Result<void> log_on(std::string const& keytab, std::string const& principal);
  Result<void> get_ticket(std::string const& host) const;
};

Result<void> Ticket::State::log_on(std::string const& keytab, std::string const& principal) {
  OM_uint32 minor = 0;
  auto const what = "logging on" + (principal.empty() ? "" : " as " + printable(principal)) +
                    (keytab.empty() ? "" : " with " + printable(keytab));
  Name name;
  if (!principal.empty()) {
    auto text = buffer_of(principal);
    auto const major =
        gss_import_name(&minor, &text, const_cast<gss_OID>(GSS_KRB5_NT_PRINCIPAL_NAME), name.out());
    if (GSS_ERROR(major)) return kerberos_error(major, minor, what);
  }
  std::string cache_name;
  std::array<gss_key_value_element_desc, 2> elements{};
  gss_key_value_set_desc store{0, elements.data()};
  auto const keytab_name = "FILE:" + keytab;
  if (!keytab.empty()) {
    auto made = cache.make();
    if (!made) return made.error();
    cache_name = std::move(*made);
    elements = {{{"client_keytab", keytab_name.c_str()}, {"ccache", cache_name.c_str()}}};
    store.count = elements.size();
  }
  gss_OID_set_desc mechanisms{1, const_cast<gss_OID>(gss_mech_krb5)};
  auto const major =
      gss_acquire_cred_from(&minor, name.get(), GSS_C_INDEFINITE, &mechanisms, GSS_C_INITIATE,
                            keytab.empty() ? nullptr : &store, credentials.out(), nullptr, nullptr);
  if (GSS_ERROR(major)) return kerberos_error(major, minor, what);
  return {};
}

/// The first step towards the server leaves the ticket in the cache; the bind's own first step finds it there
/// and asks no KDC again.
Result<void> Ticket::State::get_ticket(std::string const& host) const {
  OM_uint32 minor = 0;
  auto const service = "ldap@" + host;
  auto const what = "getting a ticket for " + printable(service);
  auto text = buffer_of(service);
  Name target;
  auto major = gss_import_name(&minor, &text, const_cast<gss_OID>(GSS_C_NT_HOSTBASED_SERVICE), target.out());
  if (GSS_ERROR(major)) return kerberos_error(major, minor, what);
  Context context;
  Buffer token;
  major = gss_init_sec_context(&minor, credentials.get(), context.out(), target.get(),
                               const_cast<gss_OID>(gss_mech_krb5), GSS_C_MUTUAL_FLAG, 0,
                               GSS_C_NO_CHANNEL_BINDINGS, GSS_C_NO_BUFFER, nullptr, token.out(), nullptr,
                               nullptr);
  if (GSS_ERROR(major)) return kerberos_error(major, minor, what);
  return {};
}

Result<Ticket> Ticket::get(Bind const& bind, std::string const& host, Instant end, Stop& stop) {
  std::function<Result<Ticket>()> work = [keytab = bind.keytab, principal = bind.principal,
                                          host]() -> Result<Ticket> {
    auto const state = std::make_shared<State>();
    if (auto const logged_on = state->log_on(keytab, principal); !logged_on) return logged_on.error();
    if (auto const got = state->get_ticket(host); !got) return got.error();
    return Ticket{state};
  };
  auto ticket = result_until<Ticket>(end, stop, std::move(work));
  if (!ticket && ticket.error().code == LdapErrc::timed_out)
    return Error{LdapErrc::timed_out,
                 "Kerberos: the KDC did not answer in time; check krb5.conf, the KDC and the network"};
  return ticket;
}

void* Ticket::credentials() const { return state_->credentials.get(); }

}  // namespace dirsync::ldap
