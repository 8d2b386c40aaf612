import DeployCore
import Glibc

/// A TCP socket on which somebody listens in this machine's network.
struct ListeningSocket: Hashable {
    let port: Int
    /// As the network has it: 4 bytes, or 16 of IPv6.
    let address: [UInt8]
    /// The socket's number, as a link in `/proc/PID/fd` names it.
    let number: UInt64

    /// Those on one port, or on all where it is nil.
    ///
    /// The kernel is asked for what listens. Its table under `/proc/net`, which is read where it does not answer, goes through every
    /// connection, also those that only wait for their last packets.
    static func all(onPort port: Int? = nil) -> [ListeningSocket] {
        [(AF_INET, "/proc/net/tcp"), (AF_INET6, "/proc/net/tcp6")].flatMap { family, table in
            let found = SocketDiagnosis.listening(family, onPort: port) ?? listed(in: table)
            return found.filter { port == nil || $0.port == port }
        }
    }

    /// As it stands in `/proc/PID/fd`.
    var link: String { "socket:[\(number)]" }

    /// `127.0.0.1`; of IPv6 `*` where it is any, else `[…]`.
    var host: String {
        if address.count == 4 { return address.map { "\($0)" }.joined(separator: ".") }
        return address.allSatisfy { $0 == 0 } ? "*" : "[…]"
    }

    static func listed(in table: String) -> [ListeningSocket] {
        ProcFile.lines(table).dropFirst().compactMap { line in
            let fields = line.split(at: " ")
            guard fields.count > 9, fields[3] == "0A", let number = UInt64(fields[9]),
                case let place = fields[1].split(at: ":"), place.count == 2,
                let port = Int(place[1], radix: 16), let address = bytes(place[0])
            else { return nil }
            return ListeningSocket(port: port, address: address, number: number)
        }
    }

    /// Words of four bytes, each as this machine would print it as a number.
    private static func bytes(_ words: Substring) -> [UInt8]? {
        let digits = Array(words.utf8)
        guard digits.count == 8 || digits.count == 32 else { return nil }
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: digits.count, by: 8) {
            let word = String(decoding: digits[start..<start + 8], as: UTF8.self)
            guard let value = UInt32(word, radix: 16) else { return nil }
            bytes += withUnsafeBytes(of: value, Array.init)
        }
        return bytes
    }
}
