import FoundationEssentials

/// What a repository does not say, as it is usual or as a person says it.
public struct OutsetAnswers: Sendable {
    /// Of the application.
    public var project: String
    /// nil: no database.
    public var engine: Engine?
    public var stagingPort: Int
    public var productionPort: Int
    /// Whose commits may go to production.
    public var branch: String

    /// The machine that serves, as ssh knows it; nil: this one.
    public var host: String?

    /// The database's product, by the definition's word.
    public typealias Engine = Environment.Database.Engine

    /// What cannot be written into a definition, as words for a person; nil where everything can.
    public var mistake: String? {
        if !TextRule.name.accepts(project) {
            return "\(Shown.text(project)) cannot be a project's name: \(TextRule.name.expectation)"
        }
        if !TextRule.branch.accepts(branch) {
            return "\(Shown.text(branch)) cannot stand under branches: \(TextRule.branch.expectation)"
        }
        if let host, FarAddress(host) == nil {
            return "\(Shown.text(host)) is no host: \(TextRule.farAddress.expectation)"
        }
        for port in [stagingPort, productionPort] where !(1...65535).contains(port) {
            return "\(port) is no port: 1 to 65535"
        }
        return stagingPort == productionPort
            ? "staging and production cannot both have port \(stagingPort)" : nil
    }

    /// A folder's name as a project may be called.
    static func name(from folder: String) -> String {
        var bytes: [UInt8] = []
        for byte in folder.lowered.utf8.prefix(40) {
            let isKept = TextRule.isAlphanumeric(byte)
            if isKept || (!bytes.isEmpty && bytes.last != UInt8(ascii: "-")) {
                bytes.append(isKept ? byte : UInt8(ascii: "-"))
            }
        }
        while bytes.last == UInt8(ascii: "-") { bytes.removeLast() }
        return bytes.isEmpty ? "app" : String(decoding: bytes, as: UTF8.self)
    }
}
