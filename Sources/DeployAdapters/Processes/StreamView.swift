import DeployCore
import Synchronization

/// Passes everything as it is, and shows it.
struct StreamView: StreamFilter {
    let watch: @Sendable (UnsafeRawBufferPointer) -> Void

    func pass(_ bytes: UnsafeRawBufferPointer, isLast: Bool) -> [UInt8] {
        watch(bytes)
        return Array(bytes)
    }
}

/// Size and SHA-256 of what passes.
final class StreamDigest: Sendable {
    private let taken = Mutex<(hash: SHA256, bytes: Int64)>((SHA256(), 0))

    func take(_ bytes: UnsafeRawBufferPointer) {
        taken.withLock {
            $0.hash.update(bytes)
            $0.bytes += Int64(bytes.count)
        }
    }

    /// Of all that passed so far.
    var value: FileDigest {
        taken.withLock { FileDigest(bytes: $0.bytes, sha256: $0.hash.hexadecimal()) }
    }
}
