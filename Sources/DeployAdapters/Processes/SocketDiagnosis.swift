import Glibc

/// Asks the kernel over netlink which sockets listen, as its header `inet_diag.h` lays question and answer out.
enum SocketDiagnosis {
    private static let (netlink, diagnosis): (Int32, Int32) = (16, 4)
    private static let (header, question, answer) = (16, 56, 72)

    /// nil where the kernel does not say, or not all of it.
    static func listening(_ family: Int32, onPort port: Int?) -> [ListeningSocket]? {
        let kind = Int32(SOCK_RAW.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let number = Glibc.socket(netlink, kind, diagnosis)
        guard number >= 0 else { return nil }
        let held = Descriptor(number)
        var patience = timeval(tv_sec: 2, tv_usec: 0)
        setsockopt(number, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        guard request(family, port).withUnsafeBytes(held.write) else { return nil }
        return withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 8) { buffer in
            var found: [ListeningSocket] = []
            while true {
                let count = held.read(into: buffer)
                guard count >= header else { return nil }
                let part = UnsafeRawBufferPointer(rebasing: buffer[..<count])
                guard let isWhole = take(part, into: &found) else { return nil }
                if isWhole { return found }
            }
        }
    }

    private static func request(_ family: Int32, _ port: Int?) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: header + question)
        bytes.withUnsafeMutableBytes { message in
            message.storeBytes(of: UInt32(header + question), toByteOffset: 0, as: UInt32.self)
            // SOCK_DIAG_BY_FAMILY, a request for the whole list.
            message.storeBytes(of: 20, toByteOffset: 4, as: UInt16.self)
            message.storeBytes(of: 0x301, toByteOffset: 6, as: UInt16.self)
            message[header] = UInt8(family)
            message[header + 1] = UInt8(IPPROTO_TCP)
            let listens: UInt32 = 1 << 10
            message.storeBytes(of: listens, toByteOffset: header + 4, as: UInt32.self)
            message.storeBytes(
                of: in_port_t(truncatingIfNeeded: port ?? 0).bigEndian, toByteOffset: header + 8,
                as: UInt16.self)
        }
        return bytes
    }

    /// Whether the list is whole with this; nil where it never will be.
    private static func take(_ part: UnsafeRawBufferPointer, into found: inout [ListeningSocket]) -> Bool? {
        var start = 0
        while part.count - start >= header {
            let length = Int(part.loadUnaligned(fromByteOffset: start, as: UInt32.self))
            let kind = part.loadUnaligned(fromByteOffset: start + 4, as: UInt16.self)
            let flags = part.loadUnaligned(fromByteOffset: start + 6, as: UInt16.self)
            let interrupted: UInt16 = 0x10
            guard length >= header, length <= part.count - start, flags & interrupted == 0 else { return nil }
            switch kind {
            case 3:
                return length < header + 4
                    || part.loadUnaligned(fromByteOffset: start + header, as: Int32.self) >= 0 ? true : nil
            case 20 where length >= header + answer: found.append(socket(in: part, at: start + header))
            default: return nil
            }
            start += (length + 3) & ~3
        }
        return false
    }

    private static func socket(in part: UnsafeRawBufferPointer, at start: Int) -> ListeningSocket {
        let isSix = part[start] == UInt8(AF_INET6)
        let port = part.loadUnaligned(fromByteOffset: start + 4, as: UInt16.self)
        let number = part.loadUnaligned(fromByteOffset: start + 68, as: UInt32.self)
        return ListeningSocket(
            port: Int(UInt16(bigEndian: port)),
            address: Array(part[(start + 8)..<(start + (isSix ? 24 : 12))]), number: UInt64(number))
    }
}
