import DeployCore

/// Commands of single machines of a fleet, each by a process of this program that is told the machine.
struct FleetCall {
    let context: CommandContext
    let table: CommandTable

    /// The variable by which such a process learns what a release is to be called.
    static let releaseName = "DEPLOYCTL_RELEASE_NAME"
    /// Longer than any run takes.
    private static let patience = Duration.seconds(86_400)

    /// The command line as it was typed, for one machine, without these flags.
    func typed(without dropped: [String] = []) -> [String] {
        let words = FarLine(invocation: context.invocation, table: table).words(building: nil)
        let own = words.prefix { $0 != "--" }.filter { word in
            !dropped.contains { word == "--\($0)" || word.begins(with: "--\($0)=") }
        }
        return own + words.drop { $0 != "--" }
    }

    /// Answers of the same command line, all machines being asked at once.
    func ask(_ words: [String], of machines: [FarAddress]) -> [FleetAnswer] {
        ask(machines.map { ($0, words) })
    }

    /// Answers of a command line for each, all being asked at once; `release`: what is built is called so.
    func ask(_ lines: [(machine: FarAddress, words: [String])], release: Timestamp? = nil) -> [FleetAnswer] {
        let requests = lines.map { line in
            let own = line.words.prefix { $0 != "--" }.filter { $0 != "--json" }
            return request(
                ["--json"] + own + line.words.drop { $0 != "--" }, on: line.machine, release: release)
        }
        return zip(lines, context.ports.commands.runTogether(requests)).map {
            FleetAnswer($0.machine, $1)
        }
    }

    /// Runs it on one machine with this process's terminal and outputs; the exit code.
    func lend(_ words: [String], to machine: FarAddress, release: Timestamp? = nil) -> Int32 {
        context.progress.pause()
        let result = context.ports.commands.lend(
            request(words, on: machine, release: release), lifeline: false)
        return result.status ?? context.ports.interruption.requested()?.rawValue
            ?? ExitCode.connectionLost.rawValue
    }

    private func request(_ words: [String], on machine: FarAddress, release: Timestamp?) -> CommandRequest {
        let place = ["--host=\(machine.text)", "--project=\(context.project)"]
        var request = CommandRequest(
            Command(context.program, place + words), in: context.workingFolder, deadline: Self.patience,
            outputLimit: 16 << 20)
        request.environment = context.variables
        request.environment[Self.releaseName] = release?.description
        return request
    }
}
