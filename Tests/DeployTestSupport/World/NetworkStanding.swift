import Foundation

/// This thread in the network of another process, until it leaves.
public struct NetworkStanding: Sendable {
    private let before: Int32

    init(of pid: Int32) throws {
        let network = open("/proc/\(pid)/ns/net", O_RDONLY | O_CLOEXEC)
        defer { close(network) }
        before = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)
        try expect(network >= 0 && before >= 0, "the networks of processes can be opened: errno \(errno)")
        try expectEqual(Self.enter(network), 0, "a network is entered")
    }

    public func leave() {
        _ = Self.enter(before)
        close(before)
    }

    /// Hidden behind a feature macro.
    private static func enter(_ network: Int32) -> Int32 {
        typealias Call = @convention(c) (Int32, Int32) -> Int32
        guard let place = dlsym(nil, "setns") else { return -1 }
        return unsafeBitCast(place, to: Call.self)(network, 0x4000_0000)
    }
}
