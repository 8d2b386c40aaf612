import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Writes text to an open file, pipe or terminal, and remembers the first error.
final class DescriptorWriter: Sendable {
    private let descriptor: Int32
    private let failure = Mutex<Int32?>(nil)

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// The system's words for why text was lost; nil where none was, or where the reader closed its end.
    var loss: String? {
        failure.withLock { $0 }.flatMap { $0 == EPIPE ? nil : String(cString: strerror($0)) }
    }

    func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let part = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[rest.indices])
                let written = Self.system(descriptor, part.baseAddress, part.count)
                let error = errno
                if written > 0 {
                    rest = rest.dropFirst(written)
                } else if error == EAGAIN {
                    var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    if poll(&waiting, 1, 1_000) <= 0 { return lose(error) }
                } else if error != EINTR {
                    return lose(error)
                }
            }
        }
    }

    private func lose(_ error: Int32) { failure.withLock { $0 = $0 ?? error } }

    private static func system(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
        #if canImport(Glibc)
            Glibc.write(descriptor, bytes, count)
        #else
            Darwin.write(descriptor, bytes, count)
        #endif
    }
}
