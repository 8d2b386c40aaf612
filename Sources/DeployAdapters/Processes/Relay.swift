import DeployCore
import Glibc

/// Passes bytes between two connections until one of them ends.
final class Relay {
    private var ways: [Way]

    /// What was read on one side and is not yet written on the other.
    private struct Way {
        let from: Descriptor
        let to: Descriptor
        var waiting: [UInt8] = []
        var isOver = false
    }

    init(_ one: Descriptor, _ other: Descriptor) {
        for end in [one, other] { setNonBlocking(end) }
        ways = [Way(from: one, to: other), Way(from: other, to: one)]
    }

    /// Returns when one side has ended and the other has got all that it said.
    func run() {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while !ways.contains(where: { $0.isOver && $0.waiting.isEmpty }) {
            var waits = ways.map { way in
                let asks = way.waiting.isEmpty
                return pollfd(
                    fd: asks ? way.from.number : way.to.number, events: Int16(asks ? POLLIN : POLLOUT),
                    revents: 0)
            }
            guard poll(&waits, nfds_t(waits.count), -1) >= 0 || errno == EINTR else { return }
            for index in ways.indices where waits[index].revents != 0 {
                guard ways[index].waiting.isEmpty ? take(index, &buffer) : give(index) else { return }
            }
        }
    }

    /// Whether the connection still is one.
    private func take(_ index: Int, _ buffer: inout [UInt8]) -> Bool {
        let size = buffer.count
        let count = recv(ways[index].from.number, &buffer, size, 0)
        if count > 0 {
            ways[index].waiting = Array(buffer[..<count])
            return give(index)
        }
        ways[index].isOver = count == 0
        return count == 0 || Self.isPassing
    }

    private func give(_ index: Int) -> Bool {
        let bytes = ways[index].waiting
        let count = send(ways[index].to.number, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        guard count > 0 else { return Self.isPassing }
        ways[index].waiting.removeFirst(count)
        return true
    }

    private static var isPassing: Bool { errno == EAGAIN || errno == EINTR }
}
