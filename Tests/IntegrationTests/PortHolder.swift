import DeployTestSupport
import Foundation

/// A stranger that listens on a port of this machine, at all its addresses of IPv4.
final class PortHolder {
    private let number: Int32

    /// - Throws: where the port is taken already.
    init(port: Int) throws {
        number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var yes: Int32 = 1
        setsockopt(number, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        let number = number
        let holds = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { general in
                bind(number, general, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                    && listen(number, 1) == 0
            }
        }
        guard holds else { throw Unexpected("port \(port) cannot be held: errno \(errno)") }
    }

    deinit { close(number) }
}
