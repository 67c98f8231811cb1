#include <openssl/evp.h>

#include <optional>
#include <utility>

#include "sync/model/text.hpp"
#include "tests/simulators/common.hpp"
#include "tests/simulators/console/handlers.hpp"
#include "tests/simulators/console/render.hpp"

namespace dirsync::sim::console {
namespace {

std::optional<std::string> from_base64(std::string const& text) {
  if (text.empty() || text.size() % 4 != 0) return std::nullopt;
  std::string decoded(text.size() / 4 * 3, '\0');
  auto const size =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(decoded.data()),
                      reinterpret_cast<unsigned char const*>(text.data()), static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  auto const padding = text.size() - text.find_last_not_of('=') - 1;
  decoded.resize(static_cast<std::size_t>(size) - padding);
  return decoded;
}

struct Login {
  std::string user, password;
};

std::optional<Login> login_of(Request const& request) {
  auto const decoded = from_base64(credentials(request, "Basic"));
  if (!decoded) return std::nullopt;
  auto const colon = decoded->find(':');
  if (colon == std::string::npos) return std::nullopt;
  return Login{decoded->substr(0, colon), decoded->substr(colon + 1)};
}

// Users of that name; of that organization only, when the caller names one.
std::vector<User const*> candidates(Model const& model, std::string const& name, std::string_view domain) {
  auto const same = [&model](std::string const& left, std::string const& right) {
    return enabled(model.knobs, "case_sensitive_names") ? left == right : fold_case(left) == fold_case(right);
  };
  std::vector<User const*> found;
  for (auto const& user : model.state().users) {
    if (!same(user.name, name)) continue;
    auto const* org = find(model.state().organizations, user.org);
    if (domain.empty() || (org && org->domain_name == domain)) found.push_back(&user);
  }
  return found;
}

json::object token_body(Knobs const& knobs, Sessions::Tokens const& tokens, bool refreshed) {
  auto const stamp = [&knobs](std::int64_t seconds) -> json::value {
    if (knobs.is("token_times_as", "number")) return seconds;
    return json::value(std::to_string(seconds));
  };
  // Clients cut the token out of the text, so it comes first. expiresInSecs is as useless as in the real
  // answers.
  json::object body{{"accessToken", tokens.access},
                    {"expiresInSecs", stamp(refreshed ? 0 : tokens.access_expires)},
                    {"accessTokenExpiresAt", stamp(tokens.access_expires)}};
  if (tokens.refresh.empty()) {
    body["refreshToken"] = nullptr;
  } else {
    body["refreshToken"] = tokens.refresh;
    body["refreshTokenExpiresAt"] = stamp(tokens.refresh_expires);
  }
  return body;
}

}  // namespace

std::string credentials(Request const& request, std::string_view scheme) {
  auto const value = request.header("Authorization");
  auto const start = std::string{scheme} + ' ';
  return value.starts_with(start) ? std::string{value.substr(start.size())} : std::string{};
}

Reply show_versions(Model& model, Context&) {
  json::array supported;
  for (std::string_view rest = model.knobs.text("api_versions"); !rest.empty();) {
    auto const end = rest.find(',');
    supported.emplace_back(rest.substr(0, end));
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  }
  return json::object{{"currentApiVersion", model.knobs.text("current_api_version")},
                      {"supportedApiVersions", std::move(supported)}};
}

Reply log_in(Model& model, Context& context) {
  auto const login = login_of(context.request);
  if (!login) return Refusal{401, "Authorization required"};
  auto const found = candidates(model, login->user, context.request.header("x-org-domain-name"));
  if (found.size() > 1) return Refusal{400, "User exists in several organizations"};
  auto const known = !found.empty() && !found.front()->password.empty();
  if (!known || found.front()->password != login->password) {
    auto const refused = status(model.knobs, "bad_login_status");
    return Refusal{refused, refused == 404 ? "No records found" : "Invalid credentials"};
  }
  if (found.front()->status != "ACTIVE") return Refusal{403, "User is not active"};
  context.caller = found.front()->id;
  return token_body(model.knobs, model.sessions.open(context.caller, context.now / 1000, model.knobs), false);
}

Reply refresh_token(Model& model, Context& context) {
  auto const token = credentials(context.request, "Bearer");
  auto const tokens = model.sessions.refresh(token, context.now / 1000, model.knobs);
  if (!tokens) return Refusal{401, "Invalid refresh token"};
  return token_body(model.knobs, *tokens, true);
}

Reply log_out(Model& model, Context& context) {
  model.sessions.close(credentials(context.request, "Bearer"));
  return json::value(nullptr);
}

Reply show_me(Model& model, Context& context) {
  auto const& state = model.seen(context.now);
  auto const* user = find(state.users, context.caller);
  if (!enabled(model.knobs, "me") || !user) return Refusal{404, "No records found"};
  return show_user(model.knobs, state, *user, Shown::whole);
}

}  // namespace dirsync::sim::console
