# Checks that say what holds; for scripts with a folder $work of their own.

failures=0
holds() { # what, command...
  local what=$1
  shift
  if "$@" >/dev/null 2>"$work/err"; then
    printf 'ok    %s\n' "$what"
  else
    printf 'WRONG %s\n' "$what"
    sed 's/^/      /' "$work/err"
    failures=$((failures + 1))
  fi
}
not() { ! "$@"; }
end_where_checks_failed() {
  [ $failures = 0 ] && return
  printf '\n%s checks failed\n' $failures
  exit 1
}
