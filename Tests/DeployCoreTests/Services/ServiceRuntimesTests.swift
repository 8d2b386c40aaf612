import DeployTestSupport
import XCTest

@testable import DeployCore
@testable import DeployTestSupport

/// After a change of the definition, a record holds what another runtime started.
final class ServiceRuntimesTests: XCTestCase {
    func testServicesOfBothKindsAreAskedAndEndedEachByItsOwn() throws {
        let world = try ContainerWorld()
        let (context, ports) = (world.context, world.context.ports)
        let folder = context.layout.instance(ContainerWorld.instance)
        var instance = Instance(
            id: ContainerWorld.instance, release: ContainerWorld.release, database: nil)
        let old = world.machine.processes.add("bin/serve", marker: folder)
        instance.services = [RunningService(name: "old", body: .process(old), address: nil, since: .init())]
        try ports.files.makeFolder(folder)
        _ = try world.runtime.startData(ContainerWorld.release, applying: true, in: context)
        try world.runtime.start(context.environment.appServices, of: instance, in: context) {
            service throws(DeployError) in instance.services.append(service)
        }
        try context.site.records.write(instance)

        XCTAssertEqual(ports.running(instance.services), ["old", "web", "worker"])
        ports.end(Array(instance.services.prefix(2)), politely: true)
        XCTAssertEqual(ports.running(instance.services), ["worker"])
        try InstanceStopper(context: context).discard(ContainerWorld.instance)
        XCTAssertEqual(ports.running(instance.services), [])
        XCTAssertEqual(try world.remains(of: ContainerWorld.instance), [])
    }

    func testARecordOfContainersIsSweptWhereTheDefinitionSaysProcesses() throws {
        let world = try ContainerWorld()
        var instance = Instance(
            id: ContainerWorld.instance, release: ContainerWorld.release, database: nil)
        try world.context.ports.files.makeFolder(world.context.layout.instance(instance.id))
        _ = try world.runtime.startData(ContainerWorld.release, applying: true, in: world.context)
        try world.runtime.start(world.context.environment.appServices, of: instance, in: world.context) {
            service throws(DeployError) in
            if instance.services.isEmpty { instance.services.append(service) }
        }
        let changed = ContainerWorld.context(
            world.context.ports, project: world.machine.project,
            ContainerWorld.environment(.process, ["bin/serve"]))
        try changed.site.records.write(instance)
        try InstanceStopper(context: changed).discard(instance.id)
        XCTAssertEqual(try world.remains(of: instance.id), [], "the one that was not recorded is gone too")
    }

    func testEachKindThatIsUsedIsNamedOnce() {
        func used(_ kinds: Environment.Runtime.Kind...) -> [Bool] {
            ServiceRuntimes.used(by: kinds.map { ContainerWorld.environment($0, []) }).map(\.runsData)
        }
        XCTAssertEqual(used(), [])
        XCTAssertEqual(used(.compose, .process, .compose), [false, true])
        XCTAssertEqual(used(.compose), [true])
    }
}
