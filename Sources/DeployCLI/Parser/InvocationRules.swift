import DeployCore

/// Refuses flags that contradict each other before any work.
struct InvocationRules {
    let verb: Verb
    let flags: [String: String]

    func check() throws(DeployError) {
        try refuse("code-only", with: "data-only", because: "together they would change nothing")
        try refuse("all", with: "sample", because: "one asks for every backup and the other for some")
        try refuse("quiet", with: "verbose", because: "one asks for less and the other for more")
        if flags["json"] != nil, flags["progress"] == "tty" {
            throw .usage(
                "--json contradicts --progress tty", why: "a program reads JSON and a person a live display",
                verb: verb)
        }
        if flags["override"] != nil, flags["reason"]?.contains(where: { !$0.isWhitespace }) != true {
            throw .usage(
                "--override needs --reason", why: "the history keeps who went on against a gate and why",
                verb: verb)
        }
        if flags["rehearse"] != nil, flags["dry-run"] == nil {
            throw .usage(
                "--rehearse needs --dry-run",
                why: "it tries the plan beside everything that serves and changes nothing; without --dry-run"
                    + " the plan itself would run",
                verb: verb)
        }
        if flags["skip-safety-backup"] != nil, flags["reason"] == nil {
            throw .usage(
                "--skip-safety-backup needs --reason",
                why: "without that backup the present data cannot come back",
                verb: verb)
        }
    }

    private func refuse(_ left: String, with right: String, because why: String) throws(DeployError) {
        if flags[left] != nil, flags[right] != nil {
            throw .usage("--\(left) contradicts --\(right)", why: why, verb: verb)
        }
    }
}

/// Checks a flag's value as far as it can be without looking anything up.
struct FlagValueCheck {
    let flag: Flag
    let text: String
    let verb: Verb?

    func check(_ value: String) throws(DeployError) {
        switch flag.value {
        case .count:
            guard let number = Int(value), number >= 1 else {
                throw refusal(value, "a whole number from 1 is expected")
            }
        case .optionalSeconds:
            guard value.isEmpty || value.utf8.allSatisfy({ (48...57).contains($0) || $0 == 46 }),
                value.isEmpty || Double(value) != nil
            else { throw refusal(value, "a number of seconds is expected") }
        case .choice(let choices):
            guard choices.contains(value) else {
                throw refusal(value, "it is one of \(choices.joined(separator: ", "))")
            }
        default: break
        }
    }

    private func refusal(_ value: String, _ why: String) -> DeployError {
        .usage("\(text) cannot be '\(value)'", why: why, verb: verb)
    }
}

/// Gives each operand its place.
struct OperandBinder {
    let verb: Verb
    let environmentByFlag: Bool
    /// The flag that chooses more than one backup.
    let manyByFlag: String?

    func bind(_ words: [String]) throws(DeployError) -> [Operand.Kind: [String]] {
        var bound: [Operand.Kind: [String]] = [:]
        var rest = words[...]
        for operand in verb.operands where !(operand.kind == .environment && environmentByFlag) {
            if operand.arity == .repeating {
                bound[operand.kind] = Array(rest)
                rest = []
            } else if let word = rest.popFirst() {
                bound[operand.kind] = [try checked(word, operand)]
            } else if operand.arity == .required {
                throw .usage("\(verb.name) needs \(operand.name)", why: "usage: \(verb.usage)", verb: verb)
            }
        }
        if let word = rest.first {
            throw .usage("\(verb.name) has no use for '\(word)'", why: "usage: \(verb.usage)", verb: verb)
        }
        if bound[.timestamp] != nil, let manyByFlag {
            throw .usage(
                "--\(manyByFlag) contradicts TS", why: "one backup is named and others are asked for",
                verb: verb)
        }
        return bound
    }

    private func checked(_ word: String, _ operand: Operand) throws(DeployError) -> String {
        guard !word.isEmpty else {
            throw .usage("\(operand.name) is empty", why: "usage: \(verb.usage)", verb: verb)
        }
        if operand.kind == .shell, !CompletionShell.names.contains(word) {
            throw .usage(
                "there is no completion for '\(word)'",
                why: "it is one of \(CompletionShell.names.joined(separator: ", "))",
                verb: verb)
        }
        return word
    }
}

extension Verb {
    /// As typed, as in `deployctl logs ENV [SERVICE] [FLAGS]`.
    public var usage: String {
        let last = operands.filter { $0.kind == .program }
        let first = operands.filter { $0.kind != .program }
        return (["deployctl", name] + first.map(\.usage) + ["[FLAGS]"] + last.map(\.usage))
            .joined(separator: " ")
    }
}
