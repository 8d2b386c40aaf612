import DeployCore
import FoundationEssentials
import Glibc

/// What a child writes to one stream.
struct ChildOutput {
    /// nil once the stream has ended.
    var descriptor: Descriptor?
    private var kept: BoundedOutput

    init(limit: Int) { kept = BoundedOutput(limit: limit) }

    var text: String { kept.text }

    /// Bytes that came, kept or not.
    var total: Int { kept.total }

    /// What came since the last call.
    mutating func take() -> [UInt8] { kept.take() }

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
    /// Whether more may come after all is written.
    var staysOpen = false
    private var rest: Data

    var hasMore: Bool { !rest.isEmpty }

    /// Whether it has to be written, or closed behind what was.
    var isDue: Bool { hasMore || !staysOpen }

    func add(_ data: Data) { rest.append(data) }

    init(_ descriptor: Descriptor, _ data: Data) {
        self.descriptor = descriptor
        rest = data
        setNonBlocking(descriptor)
    }

    /// Writes what fits; false when nothing more is to come or nobody reads.
    func write() -> Bool {
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { bytes in
                retrying { Glibc.write(descriptor.number, bytes.baseAddress, min(bytes.count, 1 << 16)) }
            }
            if count < 0 { return errno == EAGAIN }
            rest = rest.dropFirst(count)
        }
        return staysOpen
    }
}

/// The ends of a child's three streams, its own and ours.
struct ChildStreams {
    /// Why a stream could not be opened.
    struct Failure: Error { let reason: String }

    private(set) var input: Descriptor?
    private(set) var output: Descriptor
    private(set) var errors: Descriptor
    private(set) var toInput: Descriptor?
    private(set) var fromOutput: Descriptor?
    private(set) var fromErrors: Descriptor?

    static func open(for request: CommandRequest, _ pipe: RunningCommand.Pipe?) -> Result<Self, Failure> {
        guard let outputs = makePipe(), let complaints = makePipe() else { return .failure(lastFailure()) }
        var streams = Self(
            output: outputs.writing, errors: complaints.writing, fromOutput: outputs.reading,
            fromErrors: complaints.reading)
        if let path = request.outputFile {
            guard let file = Descriptor.open(path, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600) else {
                return .failure(lastFailure(path))
            }
            (streams.output, streams.fromOutput) = (file, nil)
        }
        if let path = request.inputFile {
            guard let file = Descriptor.open(path, O_RDONLY) else { return .failure(lastFailure(path)) }
            streams.input = file
        } else if request.input != nil {
            guard let inputs = makePipe() else { return .failure(lastFailure()) }
            (streams.input, streams.toInput) = inputs
        }
        switch pipe {
        case .reading(let end): streams.input = end
        case .writing(let end): (streams.output, streams.fromOutput) = (end, nil)
        case nil: break
        }
        return .success(streams)
    }

    private static func lastFailure(_ path: String? = nil) -> Failure {
        let reason = String(cString: strerror(errno))
        return Failure(reason: path.map { "\($0): \(reason)" } ?? reason)
    }
}
