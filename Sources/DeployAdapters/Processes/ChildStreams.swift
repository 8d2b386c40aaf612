import FoundationEssentials
import Glibc

/// What a child writes to one stream.
struct ChildOutput {
    /// nil once the stream has ended.
    var descriptor: Descriptor?
    private var kept: BoundedOutput

    init(limit: Int) { kept = BoundedOutput(limit: limit) }

    var text: String { kept.text }

    /// Reads what is there, but yields to the other children after a while.
    mutating func read() {
        withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 8) { buffer in
            var rounds = 0
            while let descriptor, rounds < 16 {
                let count = descriptor.read(into: buffer)
                guard count > 0 else {
                    if count == 0 || errno != EAGAIN { close() }
                    return
                }
                kept.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                rounds += 1
            }
        }
    }

    mutating func close() { descriptor = nil }
}

/// What a child is given to read.
final class ChildInput {
    let descriptor: Descriptor
    private var rest: Data

    init(_ descriptor: Descriptor, _ data: Data) {
        self.descriptor = descriptor
        rest = data
        setNonBlocking(descriptor)
    }

    /// Writes what fits; false when there is nothing more to write or nobody reads.
    func write() -> Bool {
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { bytes in
                retrying { Glibc.write(descriptor.number, bytes.baseAddress, min(bytes.count, 1 << 16)) }
            }
            if count < 0 { return errno == EAGAIN }
            rest = rest.dropFirst(count)
        }
        return false
    }
}
