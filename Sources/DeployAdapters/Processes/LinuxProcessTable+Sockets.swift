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

    /// Of several that share the socket, such as a master and its workers, the one that started first.
    public func listener(onPort port: Int) -> ProcessIdentity? {
        let sockets = Set(["/proc/net/tcp", "/proc/net/tcp6"].flatMap { listeningSockets($0, port) })
        guard !sockets.isEmpty else { return nil }
        return ProcFile.pids().filter { holdsAny(of: sockets, $0) }.compactMap { identity(of: $0) }
            .min { ($0.started, $0.pid) < ($1.started, $1.pid) }
    }

    public func connections(toSocket path: String) -> Int {
        ProcFile.lines("/proc/net/unix").dropFirst().count { line in
            let fields = line.split(at: " ", max: 7)
            // 03 is a connection that was accepted, 02 one that waits for it, 01 the listening socket.
            return fields.count == 8 && (fields[5] == "03" || fields[5] == "02") && fields[7] == path
        }
    }

    private func listeningSockets(_ table: String, _ port: Int) -> [String] {
        ProcFile.lines(table).dropFirst().compactMap { line in
            let fields = line.split(at: " ")
            guard fields.count > 9, fields[3] == "0A", let local = fields[1].split(at: ":").last,
                Int(local, radix: 16) == port
            else { return nil }
            return "socket:[\(fields[9])]"
        }
    }

    private func holdsAny(of sockets: Set<String>, _ pid: Int32) -> Bool {
        let folder = "/proc/\(pid)/fd"
        return (folderNames(folder) ?? []).contains { name in
            readLink("\(folder)/\(name)").map(sockets.contains) ?? false
        }
    }
}
