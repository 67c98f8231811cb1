#include "daemon/init/configuration_text.hpp"

#include <algorithm>

#include "daemon/config/reading.hpp"
#include "daemon/init/proposal.hpp"
#include "sync/model/join.hpp"
#include "sync/model/text.hpp"

namespace dirsync::init {
namespace {

using config::key_spelling;
using config::quoted;

constexpr std::size_t kWidth = 110;

class Writer {
 public:
  void comment(std::string const& sentence) {
    std::string line = "#";
    auto const text = printable(sentence, 2'000);
    for (std::size_t at = 0; at < text.size();) {
      auto const end = std::min(text.find(' ', at), text.size());
      auto const word = text.substr(at, end - at);
      if (line.size() > 1 && line.size() + 1 + word.size() > kWidth) {
        text_ += line + "\n";
        line = "#";
      }
      line += " " + word;
      at = end + 1;
    }
    text_ += line + "\n";
  }
  void comments(std::vector<std::string> const& sentences) {
    for (auto const& sentence : sentences) comment(sentence);
  }
  void section(std::string const& name) { text_ += "\n[" + name + "]\n"; }
  void rule() { text_ += "\n[[rule]]\n"; }
  void blank() { text_ += "\n"; }
  void key(std::string const& name, std::string const& value) { text_ += name + " = " + value + "\n"; }
  void unused(std::string const& name, std::string const& value) {
    text_ += "#" + name + " = " + value + "\n";
  }
  std::string text() && { return std::move(text_); }

 private:
  std::string text_;
};

std::string secret(SecretPlace const& place) {
  return (place.is_credential ? "{ credential = " : "{ file = ") + quoted(place.name) + " }";
}

void write_tls(Writer& out, std::string const& section, std::string const& ca_file, bool starttls) {
  out.section(section + ".tls");
  if (starttls) out.key("starttls", "true");
  if (ca_file.empty()) {
    out.comment(
        "Certificates are checked against the system's CAs; name your own where they are not among them.");
    out.unused("ca_file", quoted("/etc/ssl/certs/corp.pem"));
  } else {
    out.key("ca_file", quoted(ca_file));
  }
}

void write_head(Writer& out, ldap::Survey const& survey, Answers const& answers) {
  out.comment("Configuration of dirsyncd, proposed by `dirsyncd init` after a look at " + survey.server.uri +
              ".");
  out.comment("Read it, change what does not fit, then: dirsyncd config check; dirsyncd plan.");
  out.comment("dirsyncd.toml(5) explains every key. Secrets never stand here, only where they are.");
  out.section("service");
  out.key("state_dir", quoted(answers.state_dir));
  out.section("schedule");
  out.key("interval", quoted("5m"));
}

void write_limits(Writer& out, LimitsProposal const& limits) {
  out.blank();
  out.comment("What may happen without a person's approval. The first plan of a rule always waits for one.");
  out.comments(limits.reasons);
  out.section("limits");
  out.key("first_plan", quoted("hold"));
  out.key("empty_group", quoted("hold"));
  out.key("groups_created", std::to_string(limits.groups_created));
  out.section("limits.removals");
  out.key("percent", "10");
  out.key("at_least", std::to_string(limits.at_least));
  out.key("at_most", std::to_string(limits.at_most));
}

void write_bind(Writer& out, std::string const& section, DirectoryAnswers const& directory) {
  out.section(section + ".bind");
  if (directory.is_anonymous) {
    out.key("method", quoted("anonymous"));
    return;
  }
  out.key("dn", quoted(directory.bind_dn));
  out.key("password", secret(directory.bind_password));
}

void write_users(Writer& out, std::string const& section, Proposal const& proposal) {
  out.section(section + ".users");
  out.comments(proposal.users_base.reasons);
  out.key("base", quoted(proposal.users_base.value));
  out.comments(proposal.user_name.reasons);
  out.key("name", quoted(proposal.user_name.value));
  out.comments(proposal.disabled.reasons);
  if (proposal.disabled.value.empty())
    out.unused("account_states", "[\"disabled\", \"expired\"]");
  else
    out.key("disabled", quoted(proposal.disabled.value));
  if (proposal.join.value.empty()) return;
  out.comment("For a second directory with the same people. " + join(proposal.join.reasons, " "));
  out.unused("join", quoted(proposal.join.value));
}

void write_directory(Writer& out, ldap::Survey const& survey, DirectoryAnswers const& directory,
                     Proposal const& proposal) {
  auto const section = "directory." + key_spelling(directory.name);
  out.section(section);
  out.key("uris", quoted(directory.uris));
  out.key("base", quoted(survey.base));
  if (directory.flavour == "auto") {
    out.comment("The server says what it is" +
                (survey.server.vendor.empty() ? std::string{"."} : ": " + survey.server.vendor + "."));
    out.unused("flavour", quoted(ldap::to_text(survey.server.flavour)));
  } else {
    out.key("flavour", quoted(directory.flavour));
  }
  if (!proposal.referrals.empty()) {
    out.comments(proposal.referrals);
    out.unused("referrals", quoted("ignore"));
  }
  write_bind(out, section, directory);
  write_tls(out, section, directory.ca_file, directory.starttls);
  write_users(out, section, proposal);
  out.section(section + ".groups");
  out.comments(proposal.groups_base.reasons);
  out.key("base", quoted(proposal.groups_base.value));
  out.comments(proposal.kinds);
  std::vector<std::string> classes;
  for (auto const& kind : survey.groups.kinds)
    if (kind.is_read)
      for (auto const& name : kind.classes)
        if (std::ranges::find(classes, name) == classes.end()) classes.push_back(name);
  if (classes.empty()) return;
  out.comment("To read some of these classes only, name them.");
  out.unused("classes", quoted(classes));
}

/// What targets of both kinds have.
template <class Target>
void write_target(Writer& out, std::string const& name, std::string const& kind, Target const& target) {
  out.section("target." + name);
  out.key("kind", quoted(kind));
  out.key("url", quoted(target.url));
}

template <class Target>
void write_logon(Writer& out, std::string const& name, Target const& target) {
  out.section("target." + name + ".auth");
  out.key("user", quoted(target.user));
  out.key("password", secret(target.password));
  write_tls(out, "target." + name, target.ca_file, false);
}

void write_vault(Writer& out, VaultAnswers const& vault) {
  write_target(out, "vault", "cyberark-vault", vault);
  if (vault.domain.empty()) {
    out.comment("The Vault's directory mapping for these people; without it, who is no Vault user waits.");
    out.unused("domain", quoted("example.com"));
  } else {
    out.key("domain", quoted(vault.domain));
  }
  write_logon(out, "vault", vault);
}

void write_rule(Writer& out, Answers const& answers, std::string const& target, GroupNames const& names) {
  out.rule();
  out.key("name", quoted(target + "-groups"));
  out.key("directory", quoted(answers.directory.name));
  out.key("target", quoted(target));
  out.comments(names.reasons);
  out.key("groups", quoted(names.filter));
  if (!names.refused.empty()) {
    std::vector<std::string> some{
        names.refused.begin(),
        names.refused.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(names.refused.size(), 5))};
    out.comment("The target takes " + std::to_string(names.refused.size()) +
                " of the names under no such template: " + quoted(some) + ".");
  }
  out.key("group_name", quoted(names.group_name));
}

void write_rules(Writer& out, Answers const& answers, Proposal const& proposal) {
  if (proposal.vault) {
    write_rule(out, answers, "vault", *proposal.vault);
    out.comment(
        "Groups that the Vault does not have are made. Existing groups are taken over with adopt alone.");
    out.key("create_groups", "true");
    out.unused("adopt", "true");
  }
  if (!proposal.console) return;
  write_rule(out, answers, "console", *proposal.console);
  out.comments(proposal.console_members);
  if (answers.console->role.empty()) {
    out.comment("To make groups that the console does not have, name a role that their members get.");
    out.unused("create_groups", "true");
    out.unused("roles", "[\"Device Administrator\"]");
  } else {
    out.key("create_groups", "true");
    out.key("roles", quoted(std::vector{answers.console->role}));
  }
  out.unused("adopt", "true");
}

}  // namespace

std::string configuration_text(ldap::Survey const& survey, Answers const& answers) {
  auto const proposal = propose(survey, answers);
  Writer out;
  write_head(out, survey, answers);
  write_limits(out, proposal.limits);
  write_directory(out, survey, answers.directory, proposal);
  if (answers.vault) write_vault(out, *answers.vault);
  if (answers.console) {
    write_target(out, "console", "pulse-console", *answers.console);
    write_logon(out, "console", *answers.console);
  }
  write_rules(out, answers, proposal);
  return std::move(out).text();
}

}  // namespace dirsync::init
