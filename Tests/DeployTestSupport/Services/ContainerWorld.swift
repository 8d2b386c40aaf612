@testable import DeployCore

/// Services as containers of an engine in memory.
struct ContainerWorld: RuntimeWorld {
    let machine = SimulatedMachine()
    let engine: SimulatedEngine
    let context: StepContext
    let runtime: any ServiceRuntime = ComposeRuntime()

    private static let file = #"""
        {"services": {"web": {"image": "busybox", "expose": ["8000"]}, "worker": {"image": "busybox"},
                      "keeper": {"image": "busybox"}}}
        """#

    init() throws {
        engine = SimulatedEngine(files: machine.files, base: machine.programs)
        var ports = machine.ports()
        ports.commands = engine
        context = Self.context(ports, project: machine.project, Self.environment(.compose, []))
        let folder = context.layout.release(Self.release)
        machine.files.write(Self.file, to: "\(folder)/compose.yml")
        try runtime.build(Self.release, in: folder, context)
    }

    func kill(_ service: RunningService) throws {
        _ = engine.run(CommandRequest(Command("docker", ["rm", "--", service.body.container ?? ""])))
    }

    func remains(of instance: String) throws -> [String] {
        engine.running.filter { $0[ContainerLabels.instance] == instance }.compactMap {
            $0[ContainerLabels.service]
        } + machine.processes.members(ofInstance: context.layout.instance(instance)).map { "\($0.pid)" }
    }

    func runningData() throws -> [String] {
        engine.running.filter { $0[ContainerLabels.role] == Service.Role.data.rawValue }.compactMap {
            $0[ContainerLabels.service]
        }
    }

    func strangersPort() throws -> Int { 9 }

    func interrupt() { machine.interruption.interrupt() }
}
