/// Where a secret is to be found; the definition holds only this.
public enum SecretSource: Hashable, Codable, Sendable {
    case environment(String)
    /// A file only its owner may read, relative to the project.
    case file(String)
    case command([String])
}

extension SecretSource {
    /// Where that is, in words.
    public var place: String {
        switch self {
        case .environment(let variable): "the environment variable \(variable)"
        case .file(let path): "the file \(path)"
        case .command(let vector): "the command \(vector.first ?? "")"
        }
    }
}

/// A secret's value, which prints and encodes as `[redacted]`.
public struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    /// The bare value; hand it to exactly one child and never to a message.
    public let exposed: String

    public init(_ value: String) { exposed = value }

    public var description: String { "[redacted]" }
    public var debugDescription: String { description }
}
