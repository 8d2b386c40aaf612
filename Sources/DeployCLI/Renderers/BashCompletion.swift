/// Completion for bash 3.2 and later.
struct BashCompletion {
    let facts: CompletionFacts

    func script() -> String {
        """
        # bash completion for deployctl; load it with: source <(deployctl completion bash)

        \(ShellFunctions(facts: facts).text())
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

        """
    }
}

/// Completion for zsh, on the same functions as bash.
struct ZshCompletion {
    let facts: CompletionFacts

    func script() -> String {
        """
        #compdef deployctl
        # zsh completion for deployctl; load it with: source <(deployctl completion zsh)

        \(ShellFunctions(facts: facts).text())
        _deployctl() {
          local cur="${words[CURRENT]}" prev="${words[CURRENT-1]}" candidates
          if [[ $cur == --*=* ]]; then
            prev="${cur%%=*}"
            compset -P '*='
            cur="${cur#*=}"
          fi
          candidates="$(_deployctl_candidates "$prev" "$cur" "${(@)words[2,CURRENT-1]}")"
          if [[ $candidates == "@folder" ]]; then
            _files -/
          else
            if [[ -n $candidates ]]; then compadd -- "${(@f)candidates}"; fi
          fi
        }
        if [[ $funcstack[1] == _deployctl ]]; then _deployctl "$@"; else compdef _deployctl deployctl; fi

        """
    }
}

/// Functions in the language that bash and zsh share.
struct ShellFunctions {
    let facts: CompletionFacts

    func text() -> String {
        """
        _deployctl_environments() {
          ( cd "$1" 2>/dev/null && ls environments 2>/dev/null ) | sed -n '/^base\\.json$/d;s/\\.json$//p'
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
          local prev="$1" cur="$2" verb="" count=0 skip="" project="." word kind="" flags="\(facts.globalFlags.joined(separator: " "))"
          shift 2
          for word in "$@"; do
            if [ -n "$skip" ]; then
              case "$skip" in -C|--project) project="$word" ;; esac
              skip=""
              continue
            fi
            case "$verb $word" in
        \(valueFlagLines())
              *" -"*|*" =") continue ;;
            esac
            case "${verb:+$verb }$word" in
              \(known().joined(separator: "|"))) verb="${verb:+$verb }$word" ;;
              *) count=$((count + 1)) ;;
            esac
          done
          case "$verb" in
        \(verbLines())
          esac
          case "$prev" in
        \(flagLines())
            *)
              if [ -n "$skip" ]; then return; fi
              case "$cur" in
                -*) kind="$flags" ;;
                *)
                  case "$verb:$count" in
        \(operandLines())
                  esac ;;
              esac ;;
          esac
          case "$kind" in
            *@environment) echo "${kind%@environment}" | tr ' ' '\\n'; _deployctl_environments "$project" ;;
            @timestamp) _deployctl_known timestamp "$project" "$@"; case "$verb" in rollback) echo previous ;; esac ;;
            @reference) _deployctl_references "$project" ;;
            @folder) echo "$kind" ;;
            @*) _deployctl_known "${kind#@}" "$project" "$@" ;;
            *) echo "$kind" | tr ' ' '\\n' ;;
          esac
        }

        """
    }

    private func known() -> [String] {
        facts.known.map { "\"\($0)\"" }
    }

    /// Long names and unambiguous short ones take a value everywhere; `-n` only after some verbs.
    private func valueFlagLines() -> String {
        let plainShorts = facts.plainShorts
        var everywhere: [String] = []
        var lines: [String] = []
        for verb in facts.table.verbs {
            for flag in verb.flags where flag.takesValue {
                for short in flag.shorts where plainShorts.contains(String(short)) {
                    let names = facts.names(of: verb).map { "\"\($0) -\(short)\"" }.joined(separator: "|")
                    lines.append("      \(names)) skip=\"$word\"; continue ;;")
                }
            }
        }
        for flag in facts.table.globalFlags + facts.table.verbs.flatMap(\.flags) where flag.takesValue {
            let names =
                flag.longs.map { "--\($0)" }
                + flag.shorts.filter { !plainShorts.contains(String($0)) }.map { "-\($0)" }
            for name in names where !everywhere.contains(name) { everywhere.append(name) }
        }
        lines.append(
            "      " + everywhere.map { "*\" \($0)\"" }.joined(separator: "|")
                + ") skip=\"$word\"; continue ;;")
        return lines.joined(separator: "\n")
    }

    private func verbLines() -> String {
        facts.table.verbs.map { verb in
            let names = facts.names(of: verb).map { "\"\($0)\"" }.joined(separator: "|")
            return "    \(names)) flags=\"\(facts.flags(of: verb).joined(separator: " "))\" ;;"
        }.joined(separator: "\n")
    }

    private func flagLines() -> String {
        facts.flagsWithCandidates.map { flag in
            "    \(flag.spellings.joined(separator: "|"))) kind=\"\(facts.candidates(for: flag))\" ;;"
        }.joined(separator: "\n")
    }

    private func operandLines() -> String {
        var lines = facts.prefixes.filter { facts.table.verb($0) == nil }.map { prefix in
            "            \"\(prefix.joined(separator: " ")):0\") kind=\"\(facts.children(of: prefix).joined(separator: " "))\" ;;"
        }
        for verb in facts.table.verbs {
            for (place, operand) in verb.operands.enumerated() where !facts.candidates(for: operand).isEmpty {
                let names = facts.names(of: verb).map { "\"\($0):\(place)\"" }.joined(separator: "|")
                let words = place == 0 ? facts.table.children(of: verb.path) : []
                let kind = (words + [facts.candidates(for: operand)]).joined(separator: " ")
                lines.append("            \(names)) kind=\"\(kind)\" ;;")
            }
        }
        return lines.joined(separator: "\n")
    }
}
