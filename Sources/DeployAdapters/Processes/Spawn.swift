import CSpawn
import DeployCore
import Glibc

/// How a child is started: everything it may have, and nothing it inherits.
///
/// It leads a session of its own, so that it has no terminal, unless it is lent this process's.
struct Spawn {
    var program: String
    /// The argument vector, the program's name first.
    var arguments: [String]
    var environment: [String: String]
    var directory: String?
    /// Bytes each file it writes may have; nil: as many as this process may give it.
    var mostWritten: Int64?
    /// nil: `/dev/null`.
    var input: Descriptor?
    var output: Descriptor
    var errors: Descriptor
    /// Handed on under the numbers from `ServiceLaunch.firstListener` on, in this order.
    var handed: [Descriptor] = []
    /// nil: this process's own.
    var account: ChildAccount?
    /// What it hands on to all it starts; nil: nothing.
    var mark: InheritedMark?
    /// Whether it is killed when the thread that starts it ends.
    var diesWithParent = false
    var keepsTerminal = false
    /// Where it has to be before it does anything; nil: where this process is.
    var group: ResourceGroup?

    enum Outcome {
        case started(Int32)
        /// An error number of the C library.
        case failed(Int32)
        /// Why it could not be brought to its group.
        case refused(String)
    }

    /// Starts the child with default signal dispositions and an empty signal mask.
    func start() -> Outcome {
        let placement = group.map(Placement.init)
        let variables = environment.map { "\($0.key)=\($0.value)" }.sorted()
        let pid = withCStrings([program] + [directory].compactMap(\.self)) { paths in
            withCStrings(arguments) { vector in
                withCStrings(variables) { variables in
                    withAccountAndNumbers { account, numbers in
                        var child = child_program(
                            program: paths[0], arguments: vector, variables: variables, directory: paths[1],
                            input: input?.number ?? -1, output: output.number, errors: errors.number,
                            handed: numbers.baseAddress, handed_count: numbers.count,
                            mark: mark?.number ?? 0,
                            most_written: mostWritten.map { UInt64(max($0, 1)) } ?? 0,
                            dies_with_parent: diesWithParent ? 1 : 0,
                            keeps_terminal: keepsTerminal ? 1 : 0, account: account, place: nil,
                            context: nil)
                        if let placement {
                            child.place = Placement.call
                            child.context = Unmanaged.passUnretained(placement).toOpaque()
                        }
                        return withExtendedLifetime(placement) { spawn_child(&child) }
                    }
                }
            }
        }
        if pid <= 0, let group { LinuxResourceGroups().tidy(group) }
        if let refusal = placement?.refusal { return .refused(refusal) }
        return pid > 0 ? .started(pid) : .failed(-pid)
    }

    /// The failure in words.
    static func reason(_ code: Int32) -> String {
        code == EAGAIN ? CommandResult.tooManyProcesses : String(cString: strerror(code))
    }

    private func withAccountAndNumbers(
        _ body: (UnsafePointer<child_account>?, UnsafeBufferPointer<Int32>) -> pid_t
    ) -> pid_t {
        handed.map(\.number).withUnsafeBufferPointer { numbers in
            account?.withPointer { body($0, numbers) } ?? body(nil, numbers)
        }
    }
}

/// Calls `body` with a NULL-terminated vector of C strings.
func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    var bytes: [CChar] = []
    var starts: [Int] = []
    for string in strings {
        starts.append(bytes.count)
        bytes.append(contentsOf: string.utf8CString)
    }
    if bytes.isEmpty { bytes.append(0) }
    return bytes.withUnsafeMutableBufferPointer { buffer in
        var pointers: [UnsafeMutablePointer<CChar>?] = starts.map { buffer.baseAddress?.advanced(by: $0) }
        pointers.append(nil)
        return pointers.withUnsafeMutableBufferPointer { vector in
            guard let base = vector.baseAddress else {
                preconditionFailure("a vector holds at least its end")
            }
            return body(UnsafePointer(base))
        }
    }
}
