@testable import DeployCore

/// Services as processes of a machine in memory.
struct ProcessWorld: RuntimeWorld {
    let machine = SimulatedMachine()
    let context: StepContext
    let runtime: any ServiceRuntime = ProcessRuntime()

    init() {
        context = Self.context(
            machine.ports(), project: machine.project, Self.environment(.process, ["bin/serve"]))
    }

    func kill(_ service: RunningService) throws {
        if let process = service.body.process { machine.processes.signal(process, .kill) }
    }

    func remains(of instance: String) throws -> [String] {
        machine.processes.running.filter { $0.marker == context.layout.instance(instance) }.map(\.program)
    }

    func runningData() throws -> [String] { [] }

    func strangersPort() throws -> Int {
        machine.processes.add("stranger", marker: "elsewhere", environment: ["PORT": "9"])
        return 9
    }

    func interrupt() { machine.interruption.interrupt() }
}
