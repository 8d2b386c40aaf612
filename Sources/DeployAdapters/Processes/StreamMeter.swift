import Synchronization

/// Passes everything as it is, and counts.
final class StreamMeter: StreamFilter {
    private let counted = Mutex<Int64>(0)

    /// Bytes that passed so far.
    var passed: Int64 { counted.withLock { $0 } }

    func pass(_ bytes: UnsafeRawBufferPointer, isLast: Bool) -> [UInt8] {
        counted.withLock { $0 += Int64(bytes.count) }
        return Array(bytes)
    }
}
