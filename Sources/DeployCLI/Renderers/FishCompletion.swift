/// Completion for fish 3 and later.
struct FishCompletion {
    let facts: CompletionFacts

    func script() -> String {
        """
        # fish completion for deployctl; load it with: deployctl completion fish | source

        function __deployctl_project
            set -l words (commandline -opc)
            for i in (seq (count $words))
                if contains -- $words[$i] -C --project; and test $i -lt (count $words)
                    echo $words[(math $i + 1)]
                    return
                end
            end
            echo .
        end

        function __deployctl_environments
            for file in (__deployctl_project)/environments/*.json
                set -l name (string replace -r '.*/(.*)\\.json$' '$1' -- $file)
                test "$name" != base; and echo $name
            end
        end

        function __deployctl_references
            git -C (__deployctl_project) for-each-ref --format='%(refname:short)' refs/heads refs/tags 2>/dev/null
        end

        # What only the project knows.
        function __deployctl_known
            deployctl -C (__deployctl_project) candidates -- $argv[1] (commandline -opc)[2..-1] 2>/dev/null
        end

        # The verb typed so far; the number of operands after it follows a colon.
        function __deployctl_place
            set -l verb ""
            set -l operands 0
            set -l skip 0
            for word in (commandline -opc)[2..-1]
                if test $skip = 1
                    set skip 0
                    continue
                end
                switch "$verb $word"
        \(valueFlagLines())
                        set skip 1
                        continue
                    case '* -*'
                        continue
                end
                set -l longer (string trim -- "$verb $word")
                if contains -- $longer \(known())
                    set verb $longer
                else
                    set operands (math $operands + 1)
                end
            end
            echo "$verb:$operands"
        end

        function __deployctl_at
            contains -- (__deployctl_place) $argv
        end

        function __deployctl_in
            contains -- (string replace -r ':.*' '' -- (__deployctl_place)) $argv
        end

        complete -c deployctl -f
        \((wordLines() + operandLines() + flagLines()).joined(separator: "\n"))

        """
    }

    private func known() -> String {
        facts.known.map { "'\($0)'" }.joined(separator: " ")
    }

    private func valueFlagLines() -> String {
        let plainShorts = facts.plainShorts
        var patterns: [String] = []
        for verb in facts.table.verbs {
            for flag in verb.flags where flag.takesValue {
                for short in flag.shorts where plainShorts.contains(String(short)) {
                    patterns += facts.names(of: verb).map { "'\($0) -\(short)'" }
                }
            }
        }
        for flag in facts.table.globalFlags + facts.table.verbs.flatMap(\.flags) where flag.takesValue {
            let names =
                flag.longs.map { "--\($0)" }
                + flag.shorts.filter { !plainShorts.contains(String($0)) }.map { "-\($0)" }
            for name in names where !patterns.contains(where: { $0 == "'* \(name)'" }) {
                patterns.append("'* \(name)'")
            }
        }
        return "            case " + patterns.joined(separator: " ")
    }

    private func wordLines() -> [String] {
        facts.prefixes.flatMap { prefix in
            facts.children(of: prefix).map { word in
                let summary = facts.table.verb(prefix + [word])?.summary ?? "More commands"
                return
                    "complete -c deployctl -n \"__deployctl_at '\(prefix.joined(separator: " ")):0'\" -a \(word) -d '\(quoted(summary))'"
            }
        }
    }

    private func operandLines() -> [String] {
        facts.table.verbs.flatMap { verb in
            verb.operands.enumerated().compactMap { place, operand in
                let candidates = facts.candidates(for: operand)
                guard !candidates.isEmpty else { return nil }
                let names = facts.names(of: verb).map { "'\($0):\(place)'" }.joined(separator: " ")
                return "complete -c deployctl -n \"__deployctl_at \(names)\" -a '\(source(candidates))'"
            }
        }
    }

    private func flagLines() -> [String] {
        facts.table.globalFlags.map { flag($0, condition: "") }
            + facts.table.verbs.flatMap { verb in
                let names = facts.names(of: verb).map { "'\($0)'" }.joined(separator: " ")
                return verb.flags.map { flag($0, condition: " -n \"__deployctl_in \(names)\"") }
            }
    }

    private func flag(_ flag: Flag, condition: String) -> String {
        let names = flag.shorts.map { " -s \($0)" } + flag.longs.map { " -l \($0)" }
        let candidates = facts.candidates(for: flag)
        let folder = candidates == "@folder"
        let value = flag.takesValue ? (folder ? " -r -F" : " -x") : ""
        let words = candidates.isEmpty || folder ? "" : " -a '\(source(candidates))'"
        return
            "complete -c deployctl\(condition)\(names.joined())\(value)\(words) -d '\(quoted(flag.summary))'"
    }

    private func source(_ candidates: String) -> String {
        switch candidates {
        case "@environment": "(__deployctl_environments)"
        case "@reference": "(__deployctl_references)"
        default:
            candidates.begins(with: "@") ? "(__deployctl_known \(candidates.dropFirst()))" : candidates
        }
    }

    private func quoted(_ text: String) -> String {
        text.map { $0 == "'" ? "\\'" : $0 == "\\" ? "\\\\" : String($0) }.joined()
    }
}
