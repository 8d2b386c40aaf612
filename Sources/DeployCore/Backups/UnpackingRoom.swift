/// How much may be unpacked where there is so much room: what else writes there goes on.
public struct UnpackingRoom: Sendable {
    /// Bytes; as many as there are numbers where the system does not say.
    public let bytes: Int64

    /// `free`: bytes; nil where the system does not say.
    public init(free: Int64?) { bytes = free.map { $0 - min($0 / 16, Self.reserve) } ?? .max }

    private static let reserve: Int64 = 16 << 20

    /// - Throws: `.backupFailed` where `needed` bytes do not fit; `archive` is what they come out of.
    public func demand(_ needed: Int64, for archive: String) throws(DeployError) {
        guard needed > bytes else { return }
        throw DeployError(
            .backupFailed, what: "\(archive) cannot be unpacked",
            why: "there is room for \(bytes.wholeMegabytes), and it takes at least \(needed.megabytes)",
            next: "make room, then run it again")
    }
}
