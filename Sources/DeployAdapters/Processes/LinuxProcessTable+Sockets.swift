import DeployCore
import Glibc

extension LinuxProcessTable {
    public func freePort() throws(DeployError) -> Int {
        let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard number >= 0 else { throw systemError("127.0.0.1", "gives no socket") }
        let held = Descriptor(number)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let failed = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { general in
                bind(held.number, general, length) != 0 || getsockname(held.number, general, &length) != 0
            }
        }
        if failed { throw systemError("127.0.0.1", "has no free port") }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    /// By what listens: what only waits for its last packets does not, and would not let a socket be bound.
    public func isTaken(_ port: Int, on host: String) -> Bool {
        ListeningSocket.all(onPort: port).contains { socket in
            let isAny = host == "0.0.0.0" && socket.address.count == 4
            return isAny || ["*", "0.0.0.0", host].contains { socket.host == $0 }
        }
    }

    /// Of several that share the socket, such as a master and its workers, the one that started first.
    public func listener(onPort port: Int) -> ProcessIdentity? {
        let sockets = ListeningSocket.all(onPort: port).map { Array($0.link.utf8) }
        guard !sockets.isEmpty else { return nil }
        var pids = ProcFile.pids()
        // Most ports that are asked for are held by a service, which is told by a call.
        let start = pids.partition { !InheritedMark.isKnownToDescendFromNone($0) }
        return [pids[start...], pids[..<start]].lazy.compactMap { oldest(of: $0, holding: sockets) }.first
    }

    private func oldest(of pids: ArraySlice<Int32>, holding sockets: [[UInt8]]) -> ProcessIdentity? {
        pids.filter { ProcFile.holds(anyOf: sockets, $0) }.compactMap { identity(of: $0) }
            .min { ($0.started, $0.pid) < ($1.started, $1.pid) }
    }

    public func isListening(_ process: ProcessIdentity, onPort port: Int) -> Bool {
        let sockets = ListeningSocket.all(onPort: port).map { Array($0.link.utf8) }
        return !sockets.isEmpty && identity(of: process.pid) == process
            && ProcFile.holds(anyOf: sockets, process.pid)
    }

    /// Asks the kernel for the port, as a program does that says nothing of reusing addresses.
    public func use(ofPort port: Int) -> PortUse {
        if !ListeningSocket.all(onPort: port).isEmpty { return .listening }
        let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard number >= 0 else { return .free }
        let held = Descriptor(number)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(truncatingIfNeeded: port).bigEndian
        let failed = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(held.number, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) != 0
            }
        }
        return failed && errno == EADDRINUSE ? .lingering : .free
    }

    public func listeners(ofSession leader: ProcessIdentity) -> [String] {
        let members = ProcFile.pids().filter { pid in
            mayFollow(pid, anyOf: [leader.pid: leader])
                && identity(of: pid).map { isMember($0, ofSession: leader) } ?? false
        }
        let held = Set(members.flatMap { ProcFile.openFiles(of: $0) })
        return ListeningSocket.all().filter { held.contains($0.link) }.map { "\($0.host):\($0.port)" }
    }

    public func connections(toSocket path: String) -> Int {
        ProcFile.lines("/proc/net/unix").dropFirst().count { line in
            let fields = line.split(at: " ", max: 7)
            // 03 is a connection that was accepted, 02 one that waits for it, 01 the listening socket.
            return fields.count == 8 && (fields[5] == "03" || fields[5] == "02") && fields[7] == path
        }
    }
}
