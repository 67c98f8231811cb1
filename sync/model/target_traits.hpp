#pragma once
#include <functional>
#include <string>
#include <string_view>

namespace dirsync {

enum class TargetKind { vault, console };
char const* to_text(TargetKind kind);  // "cyberark-vault", "pulse-console"

/// How a target differs, as far as planning and applying must know.
struct TargetTraits {
  TargetKind kind{};
  bool matches_by_dn = false;         // Vault: user's DN first; console: user name only
  bool group_names_fold_case = true;  // Vault; console group names compare exactly
  bool one_write_per_user = false;    // console: all groups of a user in one call
  int concurrency = 1;                // writes at a time
  /// Why a group of this name cannot be created; empty when it can.
  std::function<std::string(std::string_view name)> refuse_group_name;
  /// Why a member of this name cannot be removed through the API; empty when it can.
  std::string (*refuse_removal)(std::string_view principal) = nullptr;
  /// Why a member of this name must not be added, as no request could take it out again; empty when it may.
  /// Null: every one may.
  std::string (*refuse_addition)(std::string_view principal) = nullptr;
  /// Whether it says that a group was deleted. False for the Vault: asked for one of its own that the service
  /// user does not see it says the same; there another group of that name tells, as names are borne once.
  bool tells_deleted = true;
  /// Vault: calls name a member, be it a user or a group.
  bool members_by_name = false;
  /// Why nobody can be provisioned through a directory mapping; null when they can.
  char const* no_provisioning = nullptr;
  /// Where the target makes users for people who have none: why it makes none of this name; empty when it
  /// does.
  std::function<std::string(std::string_view name)> refuse_user_name = {};
  /// Why they wait elsewhere, for the end of a sentence.
  std::string why_people_wait = {};
};

}  // namespace dirsync
