import DeployCore
import FoundationEssentials
import Synchronization

/// The machine that serves: takes requests that were typed on another one, runs them, and says how they ended.
struct FarSide {
    let cli: CLI
    private let operands: [String]
    /// Judges a request for a folder before it is taken and before it is run, and says what it is worth.
    typealias Admission = (FarRequest, FarFolder) throws(DeployError) -> FarRequest

    private let admit: Admission

    static let runtimeFolder = "XDG_RUNTIME_DIR"

    init(_ cli: CLI, _ invocation: Invocation) throws(DeployError) {
        try self.init(cli, invocation.program) { request, _ in request }
    }

    /// `words`: as the near side encoded them.
    init(_ cli: CLI, _ words: [String], admit: @escaping Admission) throws(DeployError) {
        (self.cli, self.admit) = (cli, admit)
        var found: [String] = []
        for word in words {
            guard let text = FarWord.decoded(word) else { throw Self.unreadable }
            found.append(text)
        }
        guard (1...2).contains(found.count) else { throw Self.unreadable }
        operands = found
    }

    func greet() throws(DeployError) -> Int32 {
        let ports = cli.makePorts(folder)
        let place = place(ports)
        guard let bytes = ports.prompter.piped(limit: FarDesk.limit), bytes.count <= FarDesk.limit,
            let request = try? JSON.value(FarRequest.self, from: Data(bytes), named: "the request")
        else { throw Self.unreadable }
        let admitted = try admit(request, place)
        let commit = try place.prepare()
        let greeting = FarGreeting(
            version: CLI.version, schema: cli.build.schema, folder: place.path, commit: commit,
            request: try place.desk().accept(admitted))
        return try answer(greeting)
    }

    func tell() throws(DeployError) -> Int32 {
        try answer(try desk().ending(of: try name, waiting: .seconds(20)))
    }

    /// The exit code is left behind, for a near side that was not there any more.
    func run() throws(DeployError) -> Int32 {
        let begun = try begin()
        defer { withExtendedLifetime(begun.lock) {} }
        let said = Mutex<DeployError?>(nil)
        let serving = cli.serving(NearSide(begun.request)) { error in said.withLock { $0 = error } }
        let code = FarRequestRun(cli: serving, folder: folder, id: try name, request: begun.request).run()
        begun.lock.describe(
            FarDesk.description(of: code, said.withLock { $0?.code.rawValue == code ? $0 : nil }))
        return code
    }

    func become() throws(DeployError) -> Int32 {
        let request = try takeRequest()
        let serving = cli.serving(NearSide(request)) { _ in }
        return FarRequestRun(cli: serving, folder: folder, id: try name, request: request).runProgram()
    }

    /// A set of ports is gone before the next is made: signals are the process's own.
    private func begin() throws(DeployError) -> (lock: any HeldLock, request: FarRequest) {
        let place = place(cli.makePorts(folder))
        let (desk, name) = (try place.desk(), try name)
        try refuseOther(try desk.request(name), of: place)
        let begun = try desk.begin(name)
        if !FarRequestRun.isProgram(begun.request) { try desk.forget(name) }
        return begun
    }

    /// What was not taken as it would be now came by another key, or from a person.
    private func refuseOther(_ request: FarRequest, of place: FarFolder) throws(DeployError) {
        let admitted = try admit(request, place)
        if admitted == request { return }
        throw DeployError(
            .notConfirmed, what: "This request came by another key", why: "nothing was done",
            next: "repeat the command where it was typed")
    }

    private func takeRequest() throws(DeployError) -> FarRequest {
        let (desk, name) = (try desk(), try name)
        let request = try desk.request(name)
        try desk.forget(name)
        return request
    }

    private func desk() throws(DeployError) -> FarDesk {
        try place(cli.makePorts(folder)).desk()
    }

    /// With the folder that systemd makes for an account while it is logged in, on no disk.
    private func place(_ ports: Ports) -> FarFolder {
        let spare = cli.variables[Self.runtimeFolder].flatMap { $0.begins(with: "/") ? $0 : nil }
        return FarFolder(ports, path: folder, spare: spare)
    }

    private func answer(_ value: some Encodable) throws(DeployError) -> Int32 {
        cli.streams.output.write(try JSON.text(value) + "\n")
        return ExitCode.done.rawValue
    }

    /// Absolute, or as it was told and relative to the home folder.
    var folder: String {
        let folder = operands[0]
        return folder.begins(with: "/") ? folder : "\(cli.variables["HOME"] ?? cli.workingFolder)/\(folder)"
    }

    /// What the request is called.
    private var name: String {
        get throws(DeployError) {
            guard operands.count == 2 else { throw Self.unreadable }
            return operands[1]
        }
    }

    private static let unreadable = DeployError.usage(
        "this is no line of another deployctl", why: "deployctl --host of the same version writes it",
        next: "deployctl help")
}
