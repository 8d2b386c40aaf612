import FoundationEssentials

/// What the project's own tool says runs: the one JSON object that its status command prints.
struct OwnToolAnswer: Hashable, Sendable {
    /// What becomes of what was deployed last, or of one service of it.
    enum State: String, CaseIterable, Sendable { case running, starting, failed, stopped }

    /// One part of what was deployed.
    struct Part: Hashable, Sendable {
        var state: State
        var healthy: Bool
    }

    /// Why an answer cannot be read, as the end of a sentence.
    struct Fault: Error { var why: String }

    /// What was deployed last, as the tool names it; nil where nothing is.
    var release: String?
    /// A commit or its beginning; nil where the tool does not say.
    var commit: String?
    /// Of deployctl's environments; nil where the tool does not say.
    var environment: String?
    /// The tool's own name for this deployment, another after each; nil where it has none.
    var deployment: String?
    var state: State
    /// By name; nil where the tool does not tell parts apart.
    var services: [String: Part]?

    /// Bytes of an answer.
    static let limit = 64 << 10

    /// Reads what the command printed.
    init(_ text: String) throws(Fault) {
        guard text.utf8.count <= Self.limit else {
            throw Fault(
                why: "printed more than \(Self.limit >> 10) kB, which begin with \(Self.quoted(text))")
        }
        guard let value = try? JSONDecoder().decode(JSONField.self, from: Data(text.utf8)),
            case .object(let members) = value
        else { throw Fault(why: "did not print one JSON object: \(Self.quoted(text))") }
        state = try Self.state(members["state"], "state", text)
        release = try Self.text(members["release"], "release", text)
        commit = try Self.text(members["commit"], "commit", text)
        environment = try Self.text(members["environment"], "environment", text)
        deployment = try Self.text(members["deployment"], "deployment", text)
        services = try Self.parts(members["services"], text)
        guard release != nil || state == .stopped else {
            throw Fault(why: "names no release in \"release\": \(Self.quoted(text))")
        }
    }

    private static func quoted(_ text: String) -> String {
        text.isBlank ? "nothing" : Shown.text(String(text.trimmed), limit: 300)
    }

    private static func state(_ value: JSONField?, _ key: String, _ text: String) throws(Fault) -> State {
        if case .text(let word)? = value, let state = State(rawValue: word) { return state }
        let words = State.allCases.map(\.rawValue).joined(separator: ", ")
        throw Fault(why: "has none of \(words) in \"\(key)\": \(quoted(text))")
    }

    private static func text(_ value: JSONField?, _ key: String, _ text: String) throws(Fault) -> String? {
        switch value {
        case nil, .null?: return nil
        case .text(let word)?: return word.isEmpty ? nil : word
        default: throw Fault(why: "has no text in \"\(key)\": \(quoted(text))")
        }
    }

    private static func parts(_ value: JSONField?, _ text: String) throws(Fault) -> [String: Part]? {
        guard let value, value != .null else { return nil }
        guard case .list(let items) = value else {
            throw Fault(why: "has no list in \"services\": \(quoted(text))")
        }
        var parts: [String: Part] = [:]
        for (index, item) in items.enumerated() {
            guard case .object(let members) = item,
                let name = try Self.text(members["name"], "services[\(index)].name", text)
            else { throw Fault(why: "has a service without \"name\": \(quoted(text))") }
            let state = try state(members["state"], "services[\(index)].state", text)
            parts[name] = Part(state: state, healthy: members["healthy"] != .flag(false))
        }
        return parts
    }
}

extension OwnToolAnswer {
    /// That it says so of what was there before, as the end of what it says.
    var asBefore: String { ", in deployment \(Shown.text(deployment ?? "", limit: 40)) as before" }

    /// What it says, as the end of a sentence.
    var words: String {
        guard let release else { return "nothing is deployed" }
        let source = commit.map { " of commit \(Shown.text($0, limit: 40))" } ?? ""
        let named = "release \(Shown.text(release))\(source) is \(state.rawValue)"
        let others = (services ?? [:]).sorted { $0.key < $1.key }.filter { $0.value.state != .running }
            .prefix(5).map { "\(Shown.text($0.key)) is \($0.value.state.rawValue)" }
        return ([named] + others).joined(separator: ", ")
    }
}
