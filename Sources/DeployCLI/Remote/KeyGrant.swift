import DeployCore

/// What a key may do, as `--allow` says it.
struct KeyGrant {
    /// `read`: every command that only shows something.
    private static let reading = "read"
    /// `propose`: plans for environments that releases are promoted to.
    private static let proposing = "propose"
    /// These choose another project, other definitions or another machine, or write a file wherever they are told.
    private static let foreign = ["project", "environments", "host", "output"]
    /// Commands that go by a commit which is brought along, and so need what brings it.
    private static let bringing = ["staging", "plan staging", "secret list", "secret set", "secret remove"]
    private static let everybodys = ["help", "version"]

    private let words: [String]
    private let table: CommandTable

    /// - Throws: `.usage` for a word that is no command which a key can be given.
    init(_ text: String, table: CommandTable) throws(DeployError) {
        words = text.split(at: ",").map { String($0.trimmed) }
        self.table = table
        guard !words.isEmpty else { throw Self.wrong("nothing is named") }
        for word in words where word != Self.reading && word != Self.proposing {
            guard let verb = table.verb(word.split(at: "-").map(String.init)) else {
                throw Self.wrong("there is no command \(Shown.text(word))")
            }
            guard [.reading, .changing].contains(AgentRule.standing(of: verb)) else {
                throw Self.wrong("\(verb.name) is not for a key that may only propose")
            }
        }
    }

    private static func wrong(_ why: String) -> DeployError {
        .usage("--allow is wrong", why: why, verb: .gateKeeper)
    }

    /// Whether commits may be pushed.
    var bringsCommits: Bool { has("staging") }

    /// - Throws: `.notConfirmed` for a command that the key was not given.
    func check(_ invocation: Invocation) throws(DeployError) {
        let verb = invocation.verb
        if let flag = Self.foreign.first(where: { invocation.has($0) }) {
            throw refusal("--\(flag) is not for this key", "it leads to another project, machine or file")
        }
        guard allows(verb) else {
            throw refusal("\(verb.name) is not for this key", "it was given \(listed)")
        }
        let isStaging = invocation.environmentMeant == "staging"
        if AgentRule.standing(of: verb) == .proposing, verb.name != "production", isStaging, !has("staging") {
            throw refusal("\(verb.name) of staging is not for this key", "it was given \(listed)")
        }
    }

    /// - Throws: `.notConfirmed` where a commit would be brought by a command that needs none, or by a key that may not.
    func check(_ invocation: Invocation, bringing commit: String?) throws(DeployError) {
        try check(invocation)
        guard commit != nil else { return }
        guard bringsCommits, Self.bringing.contains(invocation.verb.name) else {
            throw refusal(
                "\(invocation.verb.name) brings no commit with this key", "it was given \(listed)")
        }
    }

    func refusal(_ what: String, _ why: String) -> DeployError {
        DeployError(
            .notConfirmed, what: what, why: "\(why); nothing was done",
            next: "let a person run it, or change the key's line in authorized_keys there")
    }

    private func allows(_ verb: Verb) -> Bool {
        if Self.everybodys.contains(verb.name) { return true }
        switch AgentRule.standing(of: verb) {
        case .proposing: return has(Self.proposing)
        case .reading: return has(verb.path.joined(separator: "-")) || goesAlong(verb) || has(Self.reading)
        case .changing: return has(verb.path.joined(separator: "-"))
        case .settingUp, .personal: return false
        }
    }

    /// Whoever may ask for something may see its plan first.
    private func goesAlong(_ verb: Verb) -> Bool {
        switch verb.name {
        case "plan staging": has("staging")
        case "plan production", "plan rollback": has(Self.proposing)
        default: false
        }
    }

    private func has(_ word: String) -> Bool { words.contains { $0 == word } }
    private var listed: String { words.joined(separator: ", ") }
}
