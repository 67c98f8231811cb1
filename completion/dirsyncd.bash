# Completion of dirsyncd for bash; needs nothing but bash. tests/completion compares its words with --help.

# The command that the words before the cursor name, such as "log verify", and the option that waits for its value.
__dirsyncd_read_words() {
  local at word
  command='' option=''
  for ((at = 1; at < COMP_CWORD; at++)); do
    word=${COMP_WORDS[at]}
    if [ -n "$option" ]; then
      [ "$word" = = ] || option=''
      continue
    fi
    case $word in
      --config | --log-level | --rule | --group | --user | --approve | --reason | --members | --audit | --since | --until | --at | --target | --run | --action | \
        --outcome | --limit | --after | --before | --format | --out | --file | --head | --key | --id | --name | --new-name | --description | --role | --update-version | --query-type | \
        --uri | --flavour | --bind-dn | --bind-password-file | --ca-file | --base | --users-base | \
        --groups-base | --groups | --vault-url | --vault-user | --vault-password-file | --vault-ca-file | \
        --vault-domain | --console-url | --console-user | --console-password-file | --console-ca-file | --console-role | \
        --state-dir | --output | --side)
        option=$word ;;
      -*) ;;
      *)
        case $command in
          '') command=$word ;;
          run | log | config | console) command+=" $word" ;;
        esac
        ;;
    esac
  done
}

_dirsyncd() {
  local word=${COMP_WORDS[COMP_CWORD]} command option words=
  __dirsyncd_read_words
  [ "$word" != = ] || word=''
  COMPREPLY=()
  case $option in
    '') ;;
    --config | --audit | --out | --file | --key | --output | --ca-file | --*-ca-file | --*-password-file | --state-dir)
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -f -- "$word")
      return
      ;;
    --log-level) words='trace debug info warn error' ;;
    --members) words='desired all' ;;
    --flavour) words='auto openldap 389ds ad' ;;
    --format)
      words='table json csv'
      [ "$command" != 'log export' ] || words='jsonl csv cef'
      [ "$command" != report ] || words='html csv json'
      ;;
    --query-type) words='SHOW_CURRENT SHOW_ANCESTORS SHOW_DESCENDANTS SHOW_ALL' ;;
    *) return ;;
  esac
  if [ -z "$option" ]; then
    case $command in
      '') words='init run sync plan undo approve reject freeze thaw retry adopt recover log runs status who why report page config doctor console --version' ;;
      init)
        words='--uri --flavour --starttls --anonymous --bind-dn --bind-password-file --ca-file --base --users-base --groups-base
          --groups --vault-url --vault-user --vault-password-file --vault-ca-file --vault-domain --console-url
          --console-user --console-password-file --console-ca-file --console-role --state-dir --output --yes --force'
        ;;
      run) words='show' ;;
      sync) words='--rule --group --user --dry-run --yes --approve --reason --accept-band --detailed-exitcode --verbose' ;;
      adopt) words='--rule --group --members --approve --reason --verbose' ;;
      recover) words='--audit --approve --reason --verbose' ;;
      plan) words='--rule --group --user --detailed-exitcode --offline --verbose' ;;
      undo) words='--dry-run --approve --reason --verbose' ;;
      approve | reject) words='--reason' ;;
      freeze) words='--removals --target --reason --until' ;;
      thaw) words='--target' ;;
      retry) words='--target --group --user' ;;
      log)
        words='verify export key prune acknowledge --since --until --target --group --user --run --action --outcome --limit --after
          --follow --format'
        ;;
      'log export') words='--since --until --format --out' ;;
      'log verify') words='--file --head --key' ;;
      'log prune') words='--before' ;;
      'log acknowledge') words='--reason' ;;
      runs) words='--limit' ;;
      who) words='--target --at' ;;
      why) words='--target --at --trace' ;;
      report) words='--at --format --out' ;;
      config) words='check' ;;
      'config check') words='--online' ;;
      doctor) words='--side' ;;
      console) words='list get users create update delete' ;;
      'console list') words='--target --name --query-type' ;;
      'console get' | 'console users' | 'console delete') words='--target --id' ;;
      'console create') words='--target --role --description' ;;
      'console update') words='--target --id --new-name --description --role --update-version' ;;
    esac
    words+=' --help --config --json --log-level'
  fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}

complete -F _dirsyncd dirsyncd
