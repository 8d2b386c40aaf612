import DeployAdapters
import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

/// The machine the tests run on, with a state and a database in memory.
struct RealMachine {
    let interruption = FakeInterruption()
    let ports: Ports

    init() {
        let files = LocalFileStore()
        ports = Ports(
            commands: ProcessCommandRunner(interruption: interruption), processes: LinuxProcessTable(),
            groups: LinuxResourceGroups(), witness: LinuxWitness(), files: files,
            clock: SystemClock(interruption: interruption),
            interruption: interruption,
            state: MemoryStateStore(), secrets: FixedSecrets(), prompter: ScriptedPrompter(),
            databases: FakeDatabaseEngines(FakeApplicationDatabase(files: MemoryFileStore())),
            rooms: NoWaitingRooms())
    }

    func end(_ processes: [ProcessIdentity]) {
        for process in processes { ports.processes.signal(process, .kill) }
        XCTAssertTrue(eventually { !processes.contains(where: ports.processes.isRunning) })
    }
}
