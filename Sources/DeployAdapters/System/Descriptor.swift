import DeployCore
import Glibc

/// An open file, closed when the last reference goes; no child inherits it.
final class Descriptor: Sendable {
    let number: Int32

    init(_ number: Int32) { self.number = number }

    deinit { close(number) }

    /// nil when it cannot be opened; `errno` says why.
    static func open(_ path: String, _ flags: Int32, mode: mode_t = 0) -> Descriptor? {
        let number = retrying { Glibc.open(path, flags | O_CLOEXEC, mode) }
        return number < 0 ? nil : Descriptor(number)
    }

    var information: stat? {
        var information = stat()
        return fstat(number, &information) == 0 ? information : nil
    }

    /// Bytes read, 0 at the end, -1 with `errno`.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        retrying { Glibc.read(number, buffer.baseAddress, buffer.count) }
    }

    /// Whether every byte was written; `errno` says why not.
    func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var written = 0
        while written < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
            let count = retrying { Glibc.write(number, rest.baseAddress, rest.count) }
            guard count > 0 else { return false }
            written += count
        }
        return true
    }

    /// Everything up to the end; nil with `errno` on failure.
    func readAll() -> [UInt8]? {
        var bytes: [UInt8] = []
        let expected = Int(information?.st_size ?? 0)
        let step = max(4096, min(expected + 1, 1 << 20))
        bytes.reserveCapacity(expected + 1)
        while true {
            var count = 0
            let chunk = [UInt8](unsafeUninitializedCapacity: step) { buffer, used in
                count = read(into: UnsafeMutableRawBufferPointer(buffer))
                used = max(0, count)
            }
            if count < 0 { return nil }
            if count == 0 { return bytes }
            bytes.append(contentsOf: chunk)
        }
    }
}

/// Both ends of a new pipe, never numbered 0, 1 or 2 and inherited by no child.
func makePipe() -> (reading: Descriptor, writing: Descriptor)? {
    var numbers: [Int32] = [-1, -1]
    guard pipe2(&numbers, O_CLOEXEC) == 0 else { return nil }
    guard let reading = aboveStandard(numbers[0]), let writing = aboveStandard(numbers[1]) else { return nil }
    return (reading, writing)
}

/// A tool started with closed standard streams gets their numbers for its own files.
private func aboveStandard(_ number: Int32) -> Descriptor? {
    let descriptor = Descriptor(number)
    guard number <= 2 else { return descriptor }
    let moved = fcntl(number, F_DUPFD_CLOEXEC, 3)
    return moved < 0 ? nil : Descriptor(moved)
}

func setNonBlocking(_ descriptor: Descriptor) {
    _ = fcntl(descriptor.number, F_SETFL, fcntl(descriptor.number, F_GETFL) | O_NONBLOCK)
}
