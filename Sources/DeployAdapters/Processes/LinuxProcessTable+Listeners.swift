import CSpawn
import DeployCore
import Glibc

extension LinuxProcessTable {
    /// The kernel gives copies to who may trace a process: the superuser, and where Yama does not forbid it, its account.
    public func listeners(
        heldBy processes: [ProcessIdentity], where wanted: (ListeningPlace) -> Bool
    ) -> (any HeldListeners)? {
        var found: [String: HeldSockets.Socket] = [:]
        for process in processes {
            let opened = open_process(process.pid)
            guard opened >= 0 else { continue }
            let handle = Descriptor(opened)
            guard isRunning(process) else { continue }
            guard let sockets = sockets(of: process.pid) else { return nil }
            for (number, link) in sockets where found[link] == nil {
                let copy = copy_descriptor(handle.number, number)
                // It was closed meanwhile.
                if copy == -EBADF { continue }
                guard copy >= 0 else { return nil }
                let socket = Descriptor(copy)
                guard HeldSockets.listens(socket), let place = HeldSockets.place(of: socket), wanted(place)
                else { continue }
                found[link] = (place, socket)
            }
        }
        return HeldSockets(found.sorted { $0.key < $1.key }.map(\.value))
    }

    /// By their numbers there; nil where that may not be seen.
    private func sockets(of pid: Int32) -> [(Int32, String)]? {
        folderNames("/proc/\(pid)/fd")?.compactMap { name in
            guard let number = Int32(name), let link = readLink("/proc/\(pid)/fd/\(name)"),
                link.begins(with: "socket:")
            else { return nil }
            return (number, link)
        }
    }
}

/// Listening sockets of which this process has copies.
final class HeldSockets: HeldListeners {
    typealias Socket = (place: ListeningPlace, socket: Descriptor)

    let sockets: [Descriptor]
    let places: [ListeningPlace]

    /// nil where there are none, or more than can be handed on.
    init?(_ found: [Socket]) {
        guard !found.isEmpty, found.count <= most_handed else { return nil }
        (places, sockets) = (found.map(\.place), found.map(\.socket))
    }

    static func listens(_ socket: Descriptor) -> Bool {
        var (answer, length) = (Int32(0), socklen_t(MemoryLayout<Int32>.size))
        return getsockopt(socket.number, SOL_SOCKET, SO_ACCEPTCONN, &answer, &length) == 0 && answer != 0
    }

    /// nil where it is at no port and no path.
    static func place(of socket: Descriptor) -> ListeningPlace? {
        var (storage, length) = (sockaddr_storage(), socklen_t(MemoryLayout<sockaddr_storage>.size))
        let isNamed = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getsockname(socket.number, $0, &length) == 0
            }
        }
        guard isNamed else { return nil }
        return withUnsafeBytes(of: storage) { bytes in
            switch Int32(storage.ss_family) {
            // Of both, the port stands behind the family.
            case AF_INET, AF_INET6:
                return .port(Int(bytes[2]) << 8 | Int(bytes[3]))
            case AF_UNIX:
                let path = bytes[2..<max(2, Int(length))].prefix { $0 != 0 }
                return path.isEmpty ? nil : .socket(String(decoding: path, as: UTF8.self))
            default: return nil
            }
        }
    }
}
