import Foundation

/// One answer of a server; status 0 when there was none.
public struct HTTPAnswer: Sendable {
    public var status = 0
    public var headers: [String: String] = [:]
    public var body = ""
}

/// One request on one connection.
public enum HTTP {
    public static func ask(_ method: String, _ path: String, port: Int, body: String = "") -> HTTPAnswer {
        guard let connection = connection(to: port) else {
            return HTTPAnswer(body: "no connection: errno \(errno)")
        }
        defer { close(connection) }
        let request =
            "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        guard request.withCString({ send(connection, $0, strlen($0), Int32(MSG_NOSIGNAL)) }) > 0
        else {
            return HTTPAnswer(body: "not sent: errno \(errno)")
        }
        var received: [UInt8] = []
        var bytes = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = recv(connection, &bytes, bytes.count, 0)
            if count < 0, errno == EINTR { continue }
            if count < 0, received.isEmpty { return HTTPAnswer(body: "no answer: errno \(errno)") }
            if count <= 0 { break }
            received += bytes[..<count]
        }
        return parse(String(decoding: received, as: UTF8.self))
    }

    private static func parse(_ text: String) -> HTTPAnswer {
        let parts = text.components(separatedBy: "\r\n\r\n")
        let lines = parts[0].components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ")
        guard words.count > 1, let status = Int(words[1]) else {
            return HTTPAnswer(body: "no answer: \(text)")
        }
        var answer = HTTPAnswer(status: status, body: parts.dropFirst().joined(separator: "\r\n\r\n"))
        for line in lines.dropFirst() {
            let name = line.prefix { $0 != ":" }
            answer.headers[name.lowercased()] = line.dropFirst(name.count + 1).trimmingCharacters(
                in: .whitespaces)
        }
        if answer.headers["transfer-encoding"] == "chunked" { answer.body = joined(answer.body) }
        return answer
    }

    /// The chunks of a body without their lengths.
    private static func joined(_ body: String) -> String {
        var (rest, whole) = (Substring(body).utf8, "")
        while let end = rest.firstIndex(of: 13), let length = Int(Substring(rest[..<end]), radix: 16),
            length > 0
        {
            let chunk = rest[end...].dropFirst(2).prefix(length)
            whole += Substring(chunk)
            rest = rest[chunk.endIndex...].dropFirst(2)
        }
        return whole
    }

    private static func address(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        return address
    }

    private static func with(
        _ address: sockaddr_in, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = address
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    private static func connection(to port: Int) -> Int32? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        // A busy machine answers late, which is no loss: as long as a program may take.
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        guard with(address(port), { connect(descriptor, $0, $1) }) == 0 else {
            close(descriptor)
            return nil
        }
        return descriptor
    }

    /// A port of this process: the driver gives each of those that run side by side a range, as `20000-23999`.
    ///
    /// Below the range from which the kernel takes ports for outgoing connections.
    public static func freePort(except taken: Int? = nil) throws -> Int {
        let bounds = (ProcessInfo.processInfo.environment["DEPLOYCTL_TEST_PORTS"] ?? "20000-31999")
            .split(separator: "-").compactMap { Int($0) }
        try expect(bounds.count == 2 && bounds[0] < bounds[1], "DEPLOYCTL_TEST_PORTS is a range")
        for _ in 0..<200 {
            let port = Int.random(in: bounds[0]...bounds[1])
            if port != taken, canListen(on: port) { return port }
        }
        throw Unexpected("no free port")
    }

    private static func canListen(on port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        return with(address(port)) { bind(descriptor, $0, $1) } == 0
    }
}

extension HTTP {
    /// Everything that is answered to these very bytes before the connection ends.
    public static func exchange(_ request: String, port: Int) -> String {
        guard let connection = connection(to: port) else { return "no connection: errno \(errno)" }
        defer { close(connection) }
        guard request.withCString({ send(connection, $0, strlen($0), Int32(MSG_NOSIGNAL)) }) > 0 else {
            return "not sent: errno \(errno)"
        }
        var received: [UInt8] = []
        var bytes = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = recv(connection, &bytes, bytes.count, 0)
            if count <= 0 { break }
            received += bytes[..<count]
        }
        return String(decoding: received, as: UTF8.self)
    }
}
