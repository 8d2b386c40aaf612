import DeployCore
import Glibc

/// Stream sockets of this machine.
enum LocalSocket {
    /// One of unix; nil where there is none to be had.
    static func make(_ family: Int32 = AF_UNIX) -> Descriptor? {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let number = socket(family, kind, 0)
        guard number >= 0 else { return nil }
        // A listener with a full queue would have it wait for ever.
        var patience = timeval(tv_sec: 1, tv_usec: 0)
        setsockopt(number, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        return Descriptor(number)
    }

    /// Whether it is bound now; `errno` says why not.
    static func bind(_ socket: Descriptor, to path: String) -> Bool {
        withAddress(path) { Glibc.bind(socket.number, $0, $1) == 0 } ?? false
    }

    /// A connection; nil where nobody takes it.
    static func connect(to address: ServiceAddress) -> Descriptor? {
        guard let socket = make(address.family) else { return nil }
        return connect(socket, to: address) ? socket : nil
    }

    /// Whether it is connected now; `errno` says why not.
    static func connect(_ socket: Descriptor, to address: ServiceAddress) -> Bool {
        switch address {
        case .socket(let path):
            guard let isConnected = withAddress(path, { Glibc.connect(socket.number, $0, $1) == 0 }) else {
                errno = ENAMETOOLONG
                return false
            }
            return isConnected
        case .port(let port), .tls(let port):
            guard let port = UInt16(exactly: port) else {
                errno = EINVAL
                return false
            }
            var place = sockaddr_in()
            place.sin_family = sa_family_t(AF_INET)
            place.sin_port = port.bigEndian
            place.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            return withUnsafePointer(to: &place) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    Glibc.connect(socket.number, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
        }
    }

    /// nil where the path is too long for the kernel.
    private static func withAddress<Result>(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result? {
        var place = sockaddr_un()
        place.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: place.sun_path) else { return nil }
        withUnsafeMutableBytes(of: &place.sun_path) { $0.copyBytes(from: bytes) }
        return withUnsafePointer(to: &place) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}

extension ServiceAddress {
    /// Of sockets that reach it.
    var family: Int32 { if case .socket = self { AF_UNIX } else { AF_INET } }
}
