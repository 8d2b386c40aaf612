import Glibc
import Synchronization

/// Changes what one program hands to another, piece by piece.
protocol StreamFilter: Sendable {
    /// What goes on; the last call has what is left and nothing comes after it.
    mutating func pass(_ bytes: UnsafeRawBufferPointer, isLast: Bool) -> [UInt8]
    /// Whether nothing more may go on.
    var isFull: Bool { get }
}

extension StreamFilter {
    var isFull: Bool { false }
}

/// Passes everything as it is, up to so many bytes.
struct StreamBound: StreamFilter {
    static let complaint = "more comes out of it than was put in"

    let most: Int64
    private var passed: Int64 = 0

    init(most: Int64) { self.most = most }

    var isFull: Bool { passed > most }

    mutating func pass(_ bytes: UnsafeRawBufferPointer, isLast: Bool) -> [UInt8] {
        passed += Int64(bytes.count)
        return isFull ? [] : Array(bytes)
    }
}

/// Passes everything from one pipe through a filter to another, on a thread of its own, which ends when either pipe does.
final class FilteredPipe: Sendable {
    private let thread: OwnThread
    private let outcome = Outcome()

    private final class Outcome: Sendable {
        let isWhole = Mutex(false)
        let isFull = Mutex(false)
    }

    /// nil where no thread can be had, which `errno` says.
    init?(_ reading: Descriptor, _ filter: any StreamFilter, _ writing: Descriptor) {
        let outcome = outcome
        let thread = OwnThread {
            var filter = filter
            let isWhole = Self.pump(reading, &filter, writing)
            outcome.isWhole.withLock { $0 = isWhole }
            let isFull = filter.isFull
            outcome.isFull.withLock { $0 = isFull }
        }
        guard let thread else {
            errno = EAGAIN
            return nil
        }
        self.thread = thread
    }

    /// Waits for the end, once; whether everything arrived.
    func finish() -> Bool {
        thread.join()
        return outcome.isWhole.withLock { $0 }
    }

    /// Whether the filter let nothing more pass, once it ended.
    var isFull: Bool { outcome.isFull.withLock { $0 } }

    private static func pump(
        _ reading: Descriptor, _ filter: inout any StreamFilter, _ writing: Descriptor
    ) -> Bool {
        withUnsafeTemporaryAllocation(byteCount: 1 << 18, alignment: 16) { buffer in
            while true {
                let count = reading.read(into: buffer)
                guard count >= 0 else { return false }
                let passed = filter.pass(
                    UnsafeRawBufferPointer(rebasing: buffer[..<count]), isLast: count == 0)
                guard !filter.isFull, passed.withUnsafeBytes(writing.write) else { return false }
                if count == 0 { return true }
            }
        }
    }
}
