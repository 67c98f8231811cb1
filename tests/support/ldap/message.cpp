#include "tests/support/ldap/message.hpp"

#include <algorithm>

#include "tests/support/ldap/ber.hpp"

namespace dirsync::test {
namespace {

constexpr std::uint8_t kControls = 0xa0, kReferral = 0xa3;
constexpr std::string_view kPagedResults = "1.2.840.113556.1.4.319";

std::vector<std::string> texts_of(std::string_view list) {
  std::vector<std::string> texts;
  for (ber::Reader reader{list}; !reader.done();) texts.emplace_back(reader.next(ber::kOctets));
  return texts;
}

std::string page_control(std::string const& value) {
  return ber::element(kControls, ber::element(ber::kSequence, ber::octets(kPagedResults) + value));
}

}  // namespace

LdapMessage LdapMessage::parse(std::string_view bytes) {
  ber::Reader message{ber::Reader{bytes}.next(ber::kSequence)};
  LdapMessage parsed;
  parsed.id = message.number();
  auto const operation = message.next();
  parsed.operation = operation.tag;
  parsed.body = operation.content;
  parsed.controls = message.rest();
  return parsed;
}

std::string LdapMessage::bytes() const {
  return ber::element(ber::kSequence, ber::integer(id) + ber::element(operation, body) + controls);
}

LdapSearchRequest search_request_of(LdapMessage const& message) {
  ber::Reader body{message.body};
  LdapSearchRequest request;
  request.base = body.next(ber::kOctets);
  request.scope = static_cast<int>(body.number(ber::kEnumerated));
  for (auto skipped = 0; skipped < 5; ++skipped) body.next();  // aliases, two limits, types only, filter
  request.attributes = texts_of(body.next(ber::kSequence));
  return request;
}

std::vector<std::string>* LdapEntry::values(std::string_view name) {
  auto const found =
      std::ranges::find(attributes, name, &std::pair<std::string, std::vector<std::string>>::first);
  return found == attributes.end() ? nullptr : &found->second;
}

LdapEntry entry_of(LdapMessage const& message) {
  ber::Reader body{message.body};
  LdapEntry entry;
  entry.dn = body.next(ber::kOctets);
  for (ber::Reader attributes{body.next(ber::kSequence)}; !attributes.done();) {
    ber::Reader attribute{attributes.next(ber::kSequence)};
    std::string name{attribute.next(ber::kOctets)};
    entry.attributes.emplace_back(std::move(name), texts_of(attribute.next(ber::kSet)));
  }
  return entry;
}

void set_entry(LdapMessage& message, LdapEntry const& entry) {
  std::string attributes;
  for (auto const& [name, values] : entry.attributes) {
    std::string set;
    for (auto const& value : values) set += ber::octets(value);
    attributes += ber::element(ber::kSequence, ber::octets(name) + ber::element(ber::kSet, set));
  }
  message.body = ber::octets(entry.dn) + ber::element(ber::kSequence, attributes);
}

void set_result(LdapMessage& message, int code, std::string_view words, std::string_view referral) {
  message.body = ber::integer(code, ber::kEnumerated) + ber::octets("") + ber::octets(words);
  if (!referral.empty()) message.body += ber::element(kReferral, ber::octets(referral));
}

LdapMessage reference(std::int64_t id, std::string_view url) {
  return {id, LdapMessage::kSearchReference, ber::octets(url), ""};
}

std::optional<std::string> page_cookie_of(LdapMessage const& message) {
  if (message.controls.empty()) return std::nullopt;
  for (ber::Reader controls{ber::Reader{message.controls}.next(kControls)}; !controls.done();) {
    ber::Reader control{controls.next(ber::kSequence)};
    if (control.next(ber::kOctets) != kPagedResults) continue;
    auto value = control.next();
    if (value.tag == ber::kBoolean) value = control.next();  // criticality
    ber::Reader paging{ber::Reader{value.content}.next(ber::kSequence)};
    paging.number();
    return std::string{paging.next(ber::kOctets)};
  }
  return std::nullopt;
}

void set_page_cookie(LdapMessage& message, std::string_view cookie) {
  auto const value = ber::element(ber::kSequence, ber::integer(0) + ber::octets(cookie));
  message.controls = page_control(ber::octets(value));
}

void drop_page_value(LdapMessage& message) { message.controls = page_control(""); }

}  // namespace dirsync::test
