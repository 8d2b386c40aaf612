/// A machine that the system's ssh reaches, and where the project lies there.
public struct FarAddress: Hashable, Sendable {
    /// As it was written: `deploy@shop.example`, or `deploy@shop.example:/srv/shop`.
    public let text: String
    /// What ssh is told: a name, or an alias of its configuration, with or without a user.
    public let target: String
    /// Absolute, or relative to the home folder there; nil where none was written.
    public let folder: String?

    /// nil where it cannot be one.
    public init?(_ text: String) {
        let parts = text.cut(at: ":")
        let target = String(parts?.before ?? Substring(text))
        let folder = parts.map { String($0.after.after("~/") ?? $0.after) }
        guard Self.isTarget(target), folder.map(Self.isFolder) ?? true else { return nil }
        (self.text, self.target, self.folder) = (text, target, folder)
    }

    /// Where a project lies for which no folder was written.
    public func folder(of project: String) -> String { folder ?? "deployctl/\(project)" }

    private static func isTarget(_ text: String) -> Bool {
        let parts = text.split(at: "@", max: 1, keepsEmpty: true).map(String.init)
        return parts.allSatisfy { part in
            guard (1...253).contains(part.utf8.count), let first = part.utf8.first else { return false }
            return first.isASCIILetter || first.isDigit || first == UInt8(ascii: "_")
        } && text.utf8.allSatisfy { $0.isASCIILetter || $0.isDigit || "._-@".utf8.contains($0) }
            && text.split(at: "@", keepsEmpty: true).count <= 2
    }

    private static func isFolder(_ text: String) -> Bool {
        let isPlain = text.utf8.first.map { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "~") } ?? false
        return isPlain && text.utf8.count <= 1024 && text.utf8.allSatisfy { $0 > 31 && $0 != 127 }
            && !text.split(at: "/").contains { $0 == ".." }
    }
}
