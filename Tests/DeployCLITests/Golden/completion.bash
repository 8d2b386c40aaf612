# bash completion for deployctl; load it with: source <(deployctl completion bash)

_deployctl_environments() {
  ( cd "$1" 2>/dev/null && ls environments 2>/dev/null ) | sed -n '/^base\.json$/d;s/\.json$//p'
}

_deployctl_references() {
  git -C "$1" for-each-ref --format='%(refname:short)' refs/heads refs/tags 2>/dev/null
}

# What only the project knows: kind, project's folder, the words typed so far.
_deployctl_known() {
  local kind="$1" project="$2"
  shift 2
  deployctl -C "$project" candidates -- "$kind" "$@" 2>/dev/null
}

# Prints the candidates for the word after the words given: previous word, current word, words before.
_deployctl_candidates() {
  local prev="$1" cur="$2" verb="" count=0 skip="" project="." word kind="" flags="-C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version"
  shift 2
  for word in "$@"; do
    if [ -n "$skip" ]; then
      case "$skip" in -C|--project) project="$word" ;; esac
      skip=""
      continue
    fi
    case "$verb $word" in
      "history -n"|"releases -n") skip="$word"; continue ;;
      "audit -n") skip="$word"; continue ;;
      "logs -n") skip="$word"; continue ;;
      "notifications -n") skip="$word"; continue ;;
      *" --project"|*" -C"|*" --environments"|*" --host"|*" -H"|*" --progress"|*" --reason"|*" --idempotency-key"|*" --ref"|*" --release"|*" --confirm"|*" --override"|*" --environment"|*" --destination"|*" -e"|*" -d"|*" --limit"|*" --since"|*" --lines"|*" --grep"|*" --request"|*" --output"|*" --allow"|*" --message"|*" -m"|*" --sample"|*" --name"|*" --engine"|*" --port"|*" --branch"|*" --ci"|*" --as"|*" --account"|*" --package"|*" --out"|*" --identity"|*" --admin"|*" --socket") skip="$word"; continue ;;
      *" -"*|*" =") continue ;;
    esac
    case "${verb:+$verb }$word" in
      "plan"|"maintenance"|"lock"|"backup"|"certificate"|"secret"|"hooks"|"boot"|"server"|"kit"|"database"|"staging"|"production"|"rollback"|"status"|"plan staging"|"plan production"|"plan rollback"|"gates"|"diff"|"why"|"history"|"releases"|"show"|"audit"|"audit verify"|"logs"|"schedules"|"metrics"|"report"|"validate"|"doctor"|"start"|"stop"|"restart"|"exec"|"db"|"notifications"|"notifications send"|"notifications retry"|"notifications test"|"ack"|"feature"|"maintenance on"|"maintenance off"|"lock show"|"lock acquire"|"lock release"|"resume"|"abort"|"approve"|"approvals"|"veto"|"clear"|"backup create"|"backup list"|"backup verify"|"backup copy"|"backup restore"|"backup pin"|"backup unpin"|"backup prune"|"certificate renew"|"certificate status"|"secret set"|"secret list"|"secret remove"|"init"|"hooks install"|"gate-keeper"|"boot install"|"boot remove"|"boot status"|"boot run"|"server prepare"|"server check"|"kit create"|"kit adopt"|"kit drill"|"adopt"|"database prepare"|"schema"|"completion"|"man"|"help"|"version") verb="${verb:+$verb }$word" ;;
      *) count=$((count + 1)) ;;
    esac
  done
  case "$verb" in
    "staging") flags="--ref --detach -n --dry-run -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "production") flags="--release --confirm --override --unproved-backup -n --dry-run -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "rollback") flags="-e -d --environment --destination --code-only --data-only --confirm --skip-safety-backup --rehearse -n --dry-run -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "status") flags="-e -d --environment --destination --watch -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "plan staging") flags="--ref -n --dry-run -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "plan production") flags="--release --confirm --override --unproved-backup -n --dry-run -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "plan rollback") flags="-e -d --environment --destination --code-only --data-only --confirm --skip-safety-backup -n --dry-run -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "gates") flags="-C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "diff") flags="--values -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "why") flags="-e -d --environment --destination -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "history"|"releases") flags="-e -d --environment --destination -n --limit -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "show") flags="-C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "audit") flags="-e -d --environment --destination -n --limit --since -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "audit verify") flags="-C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "logs") flags="-e -d --environment --destination -f --follow -n --lines --since --grep --previous --access --request -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "schedules") flags="-e -d --environment --destination -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "metrics") flags="-e -d --environment --destination --output --rules --dashboard -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "report") flags="--output -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "validate") flags="-C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "doctor") flags="--isolation -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "start") flags="-e -d --environment --destination -n --dry-run -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "stop") flags="-e -d --environment --destination -n --dry-run -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "restart") flags="-e -d --environment --destination -n --dry-run -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "exec") flags="-n --dry-run -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "db") flags="-e -d --environment --destination -n --dry-run -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "notifications") flags="-e -d --environment --destination -n --limit -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "notifications send") flags="-C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "notifications retry") flags="-C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "notifications test") flags="-e -d --environment --destination -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "ack") flags="-C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "feature") flags="-e -d --environment --destination --confirm -n --dry-run -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "maintenance on") flags="-e -d --environment --destination --allow -m --message -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "maintenance off") flags="-e -d --environment --destination -m --message -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "lock show") flags="-e -d --environment --destination -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "lock acquire") flags="-e -d --environment --destination -m --message -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "lock release") flags="-e -d --environment --destination -m --message -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "resume") flags="-e -d --environment --destination -n --dry-run -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "abort") flags="-e -d --environment --destination -n --dry-run -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "approve") flags="-C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "approvals") flags="-C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "veto") flags="-m --message -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "clear") flags="-m --message -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "backup create") flags="-e -d --environment --destination -n --dry-run -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "backup list") flags="-e -d --environment --destination -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "backup verify") flags="-e -d --environment --destination --all --sample -n --dry-run -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "backup copy") flags="-e -d --environment --destination -n --dry-run -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "backup restore") flags="-e -d --environment --destination --confirm --rehearse -n --dry-run -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "backup pin") flags="-e -d --environment --destination -m --message -n --dry-run -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "backup unpin") flags="-e -d --environment --destination -n --dry-run -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "backup prune") flags="-e -d --environment --destination --yes --uncopied -n --dry-run -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "certificate renew") flags="-e -d --environment --destination --force -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "certificate status") flags="-e -d --environment --destination -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "secret set") flags="-e -d --environment --destination -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "secret list") flags="-e -d --environment --destination -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "secret remove") flags="-e -d --environment --destination --confirm -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "init") flags="-y --yes --name --engine --port --branch --check --client -n --dry-run -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "hooks install") flags="--server --ci -n --dry-run -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "gate-keeper") flags="--allow --as -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "boot install") flags="-n --dry-run -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "boot remove") flags="-C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "boot status") flags="-C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "boot run") flags="-C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "server prepare") flags="-y --yes --account --package -n --dry-run -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "server check") flags="--account -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "kit create") flags="-e -d --environment --destination --out --with-secrets -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "kit adopt") flags="--identity --confirm -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "kit drill") flags="-C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "adopt") flags="--state -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "database prepare") flags="-e -d --environment --destination --print --admin --socket -C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "schema") flags="-C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "completion") flags="-C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "man") flags="-C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "help") flags="-C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
    "version") flags="-C --project --environments -H --host --json -q --quiet -v --verbose --no-color --progress --lock-wait --reason --idempotency-key -h --help --version" ;;
  esac
  case "$prev" in
    -C|--project) kind="@folder" ;;
    --environments) kind="@folder" ;;
    --progress) kind="auto tty plain json quiet" ;;
    --ref) kind="@reference" ;;
    --release) kind="@timestamp" ;;
    --override) kind="@gate" ;;
    -e|-d|--environment|--destination) kind="@environment" ;;
    --engine) kind="sqlite mysql postgresql none" ;;
    --branch) kind="@reference" ;;
    --ci) kind="github gitlab" ;;
    *)
      if [ -n "$skip" ]; then return; fi
      case "$cur" in
        -*) kind="$flags" ;;
        *)
          case "$verb:$count" in
            ":0") kind="staging production rollback status plan gates diff why history show audit logs schedules metrics report validate doctor start stop restart exec db notifications ack feature maintenance lock resume abort approve approvals veto clear backup certificate secret init hooks gate-keeper boot server kit adopt database schema completion man help version releases" ;;
            "plan:0") kind="staging production rollback" ;;
            "maintenance:0") kind="on off" ;;
            "lock:0") kind="show acquire release" ;;
            "backup:0") kind="create list verify copy restore pin unpin prune" ;;
            "certificate:0") kind="renew status" ;;
            "secret:0") kind="set list remove" ;;
            "hooks:0") kind="install" ;;
            "boot:0") kind="install remove status run" ;;
            "server:0") kind="prepare check" ;;
            "kit:0") kind="create adopt drill" ;;
            "database:0") kind="prepare" ;;
            "rollback:0") kind="@timestamp" ;;
            "status:0") kind="@environment" ;;
            "plan rollback:0") kind="@timestamp" ;;
            "why:0") kind="@environment" ;;
            "history:0"|"releases:0") kind="@environment" ;;
            "show:0") kind="@timestamp" ;;
            "audit:0") kind="verify @environment" ;;
            "logs:0") kind="@environment" ;;
            "logs:1") kind="@service" ;;
            "schedules:0") kind="@environment" ;;
            "metrics:0") kind="@environment" ;;
            "report:0") kind="@timestamp" ;;
            "start:0") kind="@environment" ;;
            "start:1") kind="@service" ;;
            "stop:0") kind="@environment" ;;
            "stop:1") kind="@service" ;;
            "restart:0") kind="@environment" ;;
            "restart:1") kind="@service" ;;
            "exec:0") kind="@environment" ;;
            "exec:1") kind="@service" ;;
            "db:0") kind="@environment" ;;
            "notifications:0") kind="send retry test @environment" ;;
            "notifications test:0") kind="@environment" ;;
            "feature:0") kind="@feature" ;;
            "feature:1") kind="@environment" ;;
            "feature:2") kind="on off" ;;
            "maintenance on:0") kind="@environment" ;;
            "maintenance off:0") kind="@environment" ;;
            "lock show:0") kind="@environment" ;;
            "lock acquire:0") kind="@environment" ;;
            "lock release:0") kind="@environment" ;;
            "resume:0") kind="@environment" ;;
            "abort:0") kind="@environment" ;;
            "approve:0") kind="@item" ;;
            "veto:0") kind="@timestamp" ;;
            "clear:0") kind="@timestamp" ;;
            "backup create:0") kind="@environment" ;;
            "backup list:0") kind="@environment" ;;
            "backup verify:0") kind="@environment" ;;
            "backup verify:1") kind="@timestamp" ;;
            "backup copy:0") kind="@environment" ;;
            "backup copy:1") kind="@timestamp" ;;
            "backup restore:0") kind="@environment" ;;
            "backup restore:1") kind="@timestamp" ;;
            "backup pin:0") kind="@environment" ;;
            "backup pin:1") kind="@timestamp" ;;
            "backup unpin:0") kind="@environment" ;;
            "backup unpin:1") kind="@timestamp" ;;
            "backup prune:0") kind="@environment" ;;
            "certificate renew:0") kind="@environment" ;;
            "certificate status:0") kind="@environment" ;;
            "secret set:0") kind="@environment" ;;
            "secret set:1") kind="@secret" ;;
            "secret list:0") kind="@environment" ;;
            "secret remove:0") kind="@environment" ;;
            "secret remove:1") kind="@secret" ;;
            "kit create:0") kind="@environment" ;;
            "database prepare:0") kind="@environment" ;;
            "completion:0") kind="bash zsh fish" ;;
            "help:0") kind="staging production rollback status plan gates diff why history show audit logs schedules metrics report validate doctor start stop restart exec db notifications ack feature maintenance lock resume abort approve approvals veto clear backup certificate secret init hooks gate-keeper boot server kit adopt database schema completion man help version releases" ;;
          esac ;;
      esac ;;
  esac
  case "$kind" in
    *@environment) echo "${kind%@environment}" | tr ' ' '\n'; _deployctl_environments "$project" ;;
    @timestamp) _deployctl_known timestamp "$project" "$@"; case "$verb" in rollback) echo previous ;; esac ;;
    @reference) _deployctl_references "$project" ;;
    @folder) echo "$kind" ;;
    @*) _deployctl_known "${kind#@}" "$project" "$@" ;;
    *) echo "$kind" | tr ' ' '\n' ;;
  esac
}

_deployctl() {
  local cur="${COMP_WORDS[COMP_CWORD]}" prev="${COMP_WORDS[COMP_CWORD-1]}"
  # Bash splits --flag=value into three words.
  if [[ $cur == "=" ]]; then cur=""; elif [[ $prev == "=" ]]; then prev="${COMP_WORDS[COMP_CWORD-2]}"; fi
  local candidates
  candidates="$(_deployctl_candidates "$prev" "$cur" "${COMP_WORDS[@]:1:COMP_CWORD-1}")"
  if [[ $candidates == "@folder" ]]; then
    COMPREPLY=($(compgen -d -- "$cur"))
  else
    local word
    COMPREPLY=()
    while IFS= read -r word; do
      case "$word" in "") ;; "$cur"*) COMPREPLY+=("$(printf %q "$word")") ;; esac
    done <<< "$candidates"
  fi
}
complete -F _deployctl deployctl
