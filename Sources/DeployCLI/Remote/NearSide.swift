import DeployCore

/// Where a command line was typed that is run here.
struct NearSide: Sendable {
    /// What this machine is called there; nil from a version that does not say so.
    let host: String?
    /// Whether a command typed there comes here only with that name.
    let isTyped: Bool
    /// What this machine is called in "host"; nil where that is not said by whom it may be.
    var machine: String?
    /// What a release is called that is built for it; nil where it does not say.
    var release: Timestamp?

    private static let commands = Set(
        CommandTable.deployctl.verbs.compactMap { verb in
            if case .working = verb.body { verb.path.first } else { nil }
        })

    /// The same failure as it is read there: it says on which machine it happened, and its commands lead back here.
    func told(_ error: DeployError) -> DeployError {
        guard let host else { return error }
        return error.recast(as: error.code, next: typed(error.next)).happening(on: host)
    }

    /// A sentence whose commands can be typed there.
    func typed(_ text: String) -> String {
        guard isTyped, let host else { return text }
        let name = "deployctl "
        var (told, rest) = ("", text)
        while let found = rest.cut(at: name) {
            let command = found.after.utf8.prefix { (0x61...0x7A).contains($0) || $0 == UInt8(ascii: "-") }
            told += found.before + name
            if Self.commands.contains(String(decoding: command, as: UTF8.self)) {
                told += "-H \(ShellText.quoted(host)) "
            }
            rest = String(found.after)
        }
        return told + rest
    }
}

extension NearSide {
    init(_ request: FarRequest) {
        self.init(
            host: request.host, isTyped: request.isHostTyped ?? false, machine: request.machine,
            release: request.release)
    }
}
