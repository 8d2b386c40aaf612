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

    /// By the kernel's table: what only waits for its last packets is no listener, and would not let a socket be bound.
    public func isTaken(_ port: Int, on host: String) -> Bool {
        ["/proc/net/tcp", "/proc/net/tcp6"].contains { table in
            ProcFile.lines(table).dropFirst().contains { line in
                let fields = line.split(at: " ")
                guard fields.count > 9, fields[3] == "0A", let place = Self.place(fields[1]),
                    place.ends(with: ":\(port)")
                else { return false }
                let isAny = host == "0.0.0.0" && !place.begins(with: "[")
                return isAny || ["*", "0.0.0.0", host].contains { place == "\($0):\(port)" }
            }
        }
    }

    /// Of several that share the socket, such as a master and its workers, the one that started first.
    public func listener(onPort port: Int) -> ProcessIdentity? {
        let sockets = Set(["/proc/net/tcp", "/proc/net/tcp6"].flatMap { listeningSockets($0, port) })
        guard !sockets.isEmpty else { return nil }
        return ProcFile.pids().filter { holdsAny(of: sockets, $0) }.compactMap { identity(of: $0) }
            .min { ($0.started, $0.pid) < ($1.started, $1.pid) }
    }

    public func isListening(_ process: ProcessIdentity, onPort port: Int) -> Bool {
        let sockets = Set(["/proc/net/tcp", "/proc/net/tcp6"].flatMap { listeningSockets($0, port) })
        return !sockets.isEmpty && identity(of: process.pid) == process && holdsAny(of: sockets, process.pid)
    }

    /// Asks the kernel for the port, as a program does that says nothing of reusing addresses.
    public func use(ofPort port: Int) -> PortUse {
        if ["/proc/net/tcp", "/proc/net/tcp6"].contains(where: { !listeningSockets($0, port).isEmpty }) {
            return .listening
        }
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
            identity(of: pid).map { isMember($0, ofSession: leader) } ?? false
        }
        let held = Set(members.flatMap { ProcFile.openFiles(of: $0) })
        return ["/proc/net/tcp", "/proc/net/tcp6"].flatMap { table in
            ProcFile.lines(table).dropFirst().compactMap { line -> String? in
                let fields = line.split(at: " ")
                guard fields.count > 9, fields[3] == "0A", case let socket = "socket:[\(fields[9])]",
                    held.contains(socket)
                else { return nil }
                return Self.place(fields[1])
            }
        }
    }

    /// `0100007F:1F90` as `127.0.0.1:8080`; an address of IPv6 as `*` where it is any, else as `[…]`.
    private static func place(_ text: Substring) -> String? {
        let parts = text.split(at: ":")
        guard parts.count == 2, let port = Int(parts[1], radix: 16) else { return nil }
        guard let address = UInt32(parts[0], radix: 16) else {
            let isAny = Set(parts[0].utf8) == [UInt8(ascii: "0")]
            return "\(isAny ? "*" : "[…]"):\(port)"
        }
        let bytes = withUnsafeBytes(of: address) { Array($0) }
        return bytes.map { "\($0)" }.joined(separator: ".") + ":\(port)"
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
