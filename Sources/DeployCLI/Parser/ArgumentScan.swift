import DeployCore

/// Splits a command line, word by word, into verb, operands and flags.
struct ArgumentScan {
    enum Answer { case goOn, help }

    let table: CommandTable
    private var path: [String] = []
    private var verb: Verb?
    private var operands: [String] = []
    private var values: [String: String] = [:]
    /// Flags by key as they were written, for messages.
    private var written: [(flag: Flag, text: String)] = []
    private var waiting: (flag: Flag, text: String)?
    private var flagsEnded = false
    /// How many operands stand before `--`; nil where that is none.
    private(set) var beforeDashes: Int?

    init(table: CommandTable) { self.table = table }

    mutating func take(_ argument: String) throws(DeployError) -> Answer {
        if let (flag, text) = waiting {
            guard !argument.isEmpty, !argument.begins(with: "--"), !isShortFlag(argument) else {
                throw missingValue(flag, text)
            }
            waiting = nil
            try store(argument, for: flag, as: text)
        } else if flagsEnded || argument == "-" || !argument.begins(with: "-") {
            try takeWord(argument)
        } else if argument == "--" {
            flagsEnded = true
            beforeDashes = operands.isEmpty ? nil : operands.count
        } else if argument.begins(with: "--") {
            try takeLong(argument)
        } else {
            return try takeShort(argument)
        }
        return .goOn
    }

    func result() throws(DeployError) -> (Verb, [String], [String: String]) {
        if let (flag, text) = waiting { throw missingValue(flag, text) }
        guard let verb else {
            let choices = table.children(of: path).joined(separator: ", ")
            throw path.isEmpty
                ? .usage("no command is named", why: "only flags were given")
                : .usage(
                    "\(path.joined(separator: " ")) needs one more word", why: "it is one of \(choices)",
                    next: "deployctl help \(path.joined(separator: " "))")
        }
        let known = Set(table.flags(of: verb).map(\.key))
        for (flag, text) in written where !known.contains(flag.key) {
            throw foreignFlag(flag, text, verb)
        }
        return (verb, operands, values)
    }

    private mutating func takeWord(_ word: String) throws(DeployError) {
        guard verb == nil || operands.isEmpty && !flagsEnded && table.verb(path + [word]) != nil else {
            return operands.append(word)
        }
        path.append(word)
        if let found = table.verb(path) {
            verb = found
        } else if table.verbs(below: path).isEmpty {
            throw unknownVerb(word)
        }
    }

    private mutating func takeLong(_ argument: String) throws(DeployError) {
        let parts = (argument.after("--") ?? "").split(at: "=", max: 1, keepsEmpty: true)
        let name = String(parts.first ?? "")
        let text = "--\(name)"
        guard let flag = candidates.first(where: { $0.longs.contains(name) }) else { throw unknownFlag(text) }
        if parts.count == 2 {
            guard flag.value != .none else {
                throw .usage("\(text) takes no value", why: "it was given '\(parts[1])'", verb: verb)
            }
            guard !parts[1].isEmpty else { throw missingValue(flag, text) }
            try store(String(parts[1]), for: flag, as: text)
        } else if flag.takesValue {
            waiting = (flag, text)
        } else {
            try store("", for: flag, as: text)
        }
    }

    private mutating func takeShort(_ argument: String) throws(DeployError) -> Answer {
        var letters = argument.dropFirst()
        while let letter = letters.popFirst() {
            if letter == "h" { return .help }
            let text = "-\(letter)"
            guard let flag = shortCandidate(letter) else { throw unknownFlag(text, in: argument) }
            guard flag.takesValue else {
                try store("", for: flag, as: text)
                continue
            }
            letters = letters.after("=") ?? letters
            if letters.isEmpty {
                waiting = (flag, text)
            } else {
                try store(String(letters), for: flag, as: text)
            }
            break
        }
        return .goOn
    }

    private mutating func store(_ value: String, for flag: Flag, as text: String) throws(DeployError) {
        if flag.isRepeatable, let earlier = values[flag.key] {
            try FlagValueCheck(flag: flag, text: text, verb: verb).check(value)
            values[flag.key] = "\(earlier)\0\(value)"
            return
        }
        if flag.value != .none, values[flag.key] != nil {
            throw .usage("\(text) is given twice", why: "only one value can count", verb: verb)
        }
        try FlagValueCheck(flag: flag, text: text, verb: verb).check(value)
        values[flag.key] = value
        written.append((flag, text))
    }

    /// Before the verb is known every long flag of the table may stand.
    private var candidates: [Flag] {
        verb.map { table.flags(of: $0) } ?? table.globalFlags + table.verbs.flatMap(\.flags)
    }

    private func shortCandidate(_ letter: Character) -> Flag? {
        candidates.first { $0.shorts.contains(letter) }
    }

    private func isShortFlag(_ argument: String) -> Bool {
        guard argument.begins(with: "-"), let letter = argument.dropFirst().first else { return false }
        return shortCandidate(letter) != nil
    }

    private func missingValue(_ flag: Flag, _ text: String) -> DeployError {
        .usage("\(text) needs a value", why: "it is written \(text)\(flag.placeholder)", verb: verb)
    }

    private func unknownVerb(_ word: String) -> DeployError {
        let before = path.dropLast()
        let known =
            table.children(of: Array(before))
            + (before.isEmpty ? table.verbs.flatMap(\.aliases).map { $0.joined(separator: " ") } : [])
        let full = path.joined(separator: " ")
        if before.isEmpty, let ours = ForeignWords.verb(word) {
            return .usage(
                "there is no command '\(full)'", why: "what other tools call so is 'deployctl \(ours)' here",
                next: "deployctl help \(ours)")
        }
        guard let nearest = Nearest.word(to: word, in: known) else {
            let shown =
                before.isEmpty
                ? "deployctl help lists the commands" : "it is one of \(known.joined(separator: ", "))"
            let help = (["deployctl help"] + before).joined(separator: " ")
            return .usage("there is no command '\(full)'", why: shown, next: help)
        }
        let suggestion = (before + [nearest]).joined(separator: " ")
        return .usage(
            "there is no command '\(full)'", why: "the nearest is '\(suggestion)'",
            next: "deployctl help \(suggestion)")
    }

    /// A flag of other commands alone.
    private func foreignFlag(_ flag: Flag, _ text: String, _ verb: Verb) -> DeployError {
        let why =
            flag.key == Flag.dryRun.key
            ? "there is no dry run of it; nothing was done" : "the flag belongs to another command"
        return .usage("\(verb.name) does not know \(text)", why: why, verb: verb)
    }

    private func unknownFlag(_ text: String, in argument: String? = nil) -> DeployError {
        if let verb, Flag.dryRun.spellings.contains(text) { return foreignFlag(.dryRun, text, verb) }
        let what = (verb.map { "\($0.name) does not know" } ?? "no command knows") + " \(text)"
        if let phrase = ForeignWords.consent(text),
            verb?.flags.contains(where: { $0.key == Flag.confirm.key }) == true
        {
            return .usage(what, why: phrase, verb: verb)
        }
        let known = candidates.flatMap(\.longs).map { "--\($0)" }
        if let nearest = Nearest.word(to: text, in: known) {
            return .usage(what, why: "the nearest flag is \(nearest)", verb: verb)
        }
        let place = argument.flatMap { $0 == text ? nil : "it stands in \($0)" }
        return .usage(what, why: place ?? "the command's help lists its flags", verb: verb)
    }
}
