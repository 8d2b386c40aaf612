/// What of the rules that guard an environment is not as it was at its last deployment.
///
/// A definition can take a promise back, but not in silence: what differs is shown with the plan, and a person confirms
/// it once, also where the new rules ask nobody.
struct RuleChanges {
    private let before: Environment?
    private let now: Environment
    /// One for each key, such as `confirmation.phrase: CONFIRM → none`.
    let sentences: [String]

    /// Nothing has changed where nothing was deployed, or where nothing was or is promoted.
    init(of environment: Environment, in state: any StateStore) throws(DeployError) {
        now = environment
        before = try state.lastDefinition(of: environment.name)
        guard let before, before.promotion != nil || now.promotion != nil else {
            sentences = []
            return
        }
        let (old, new) = (try Self.rules(before), try Self.rules(now))
        sentences = Set(old.keys).union(new.keys).sorted().filter { old[$0] != new[$0] }.map {
            "\($0): \(Self.shown(old[$0])) → \(Self.shown(new[$0]))"
        }
    }

    var notices: [String] {
        sentences.map { "changes the rules of \(now.name), maybe weakening them: \($0)" }
    }

    /// What a person has to confirm by: the present rule, or where something changed the stricter of both.
    func confirmation(overriding: Bool) -> Environment.Confirmation? {
        guard !sentences.isEmpty || overriding else { return now.confirmation }
        guard var rule = now.confirmation else { return before?.confirmation ?? Environment.Confirmation() }
        rule.nonInteractive = max(rule.nonInteractive, before?.confirmation?.nonInteractive ?? .phrase)
        return rule
    }

    /// - Throws: `.notConfirmed` where something changed, because nobody would look at it.
    func refuseUnseen() throws(DeployError) {
        guard !sentences.isEmpty else { return }
        throw DeployError(
            .notConfirmed, what: "\(now.name) is not promoted by itself under other rules",
            why:
                "since its last deployment changed \(sentences.joined(separator: "; ")); nothing was changed",
            next: "deployctl \(now.name), once, by hand")
    }

    /// By key, two levels deep.
    private static func rules(_ environment: Environment) throws(DeployError) -> [String: JSONField] {
        let fields = try JSON.value(
            [String: JSONField].self, from: JSON.data(environment), named: "the definition")
        var rules: [String: JSONField] = [:]
        for key in ["backup", "branches", "confirmation", "promotion", "source"] {
            guard case .object(let members) = fields[key] else {
                rules[key] = fields[key]
                continue
            }
            for (name, value) in members where key != "backup" || ["beforeDeploy", "verify"].contains(name) {
                rules["\(key).\(name)"] = value
            }
        }
        return rules
    }

    private static func shown(_ value: JSONField?) -> String {
        value.map { Shown.text($0.plainText) } ?? "none"
    }
}
