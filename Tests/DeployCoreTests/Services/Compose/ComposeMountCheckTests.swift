import XCTest

@testable import DeployCore
@testable import DeployTestSupport

/// What the engine opens is what was judged, whatever containers put into folders they may write.
final class ComposeMountCheckTests: XCTestCase {
    private func document(_ mounts: [(path: String, isWritable: Bool)], labelled: Bool = true) -> JSONTree {
        let volumes = mounts.map { path, isWritable in
            JSONTree.object([
                "type": .text("bind"), "source": .text(path), "target": .text("/x"),
                "read_only": .bool(!isWritable),
            ])
        }
        var service: [String: JSONTree] = ["image": .text("busybox"), "volumes": .list(volumes)]
        if labelled { service["labels"] = .texts([ContainerLabels.project: "shop"]) }
        return .object(["services": .object(["web": .object(service)])])
    }

    /// The refusal of `wanted` beside a container with `present`; nil where it may start.
    private func refusal(
        of wanted: [(String, Bool)], beside present: [(String, Bool)] = [], labelled: Bool = true,
        in world: ContainerWorld
    ) throws -> DeployError? {
        let file = "\(world.machine.project)/other.json"
        try world.machine.files.publish(JSON.data(document(present, labelled: labelled)), to: file)
        let up = ComposeCommands.command(ComposeCommands.project("other", file: file) + ["up"])
        XCTAssertTrue(world.engine.run(CommandRequest(up)).succeeded)
        do throws(DeployError) {
            try ComposeMountCheck(context: world.context).check(document(wanted))
            return nil
        } catch { return error }
    }

    func testNoContainerMayWriteAFolderInWhichAnothersMountLies_S16() throws {
        let shared = try ContainerWorld().context.layout.shared
        let cases: [(wanted: (String, Bool), present: (String, Bool), isRefused: Bool)] = [
            (("a", true), ("", true), true), (("a/b", false), ("a", true), true),
            (("", true), ("a", false), true), (("a", true), ("a/b/c", false), true),
            (("a", true), ("a", true), false), (("a", true), ("", false), false),
            (("a", false), ("a/b", true), false), (("a", true), ("b", true), false),
            (("a", true), ("ab", true), false),
        ]
        for (wanted, present, isRefused) in cases {
            func place(_ mount: (String, Bool)) -> (String, Bool) {
                (mount.0.isEmpty ? shared : "\(shared)/\(mount.0)", mount.1)
            }
            let error = try refusal(of: [place(wanted)], beside: [place(present)], in: ContainerWorld())
            XCTAssertEqual(error != nil, isRefused, "\(wanted) beside \(present)")
            guard let error else { continue }
            XCTAssertEqual(error.code, .gateRefused)
            XCTAssertTrue(error.next.contains("deployctl stop staging"), error.next)
        }
    }

    func testContainersOfOthersAreTheirOwn() throws {
        let world = try ContainerWorld()
        let shared = world.context.layout.shared
        XCTAssertNil(
            try refusal(of: [("\(shared)/a", true)], beside: [(shared, true)], labelled: false, in: world))
    }

    func testAFolderThatBecameALinkIsNotFollowed_S16() throws {
        let world = try ContainerWorld()
        let shared = world.context.layout.shared
        XCTAssertNil(try refusal(of: [("\(shared)/a/b", false)], in: world))
        try world.machine.files.pointLink("\(shared)/a", to: "/etc")
        let error = try XCTUnwrap(refusal(of: [("\(shared)/a/b", false)], in: world))
        XCTAssertEqual(error.why, "\(shared)/a became a link")
    }

    func testDataServicesAndCommandsAreLookedAtBeforeTheyStart_S16() throws {
        let world = try ContainerWorld()
        let (context, files) = (world.context, world.machine.files)
        let (shared, release) = (context.layout.shared, context.layout.release(ContainerWorld.release))
        let mounts = #""volumes": [{"type": "bind", "source": "\#(shared)/a", "target": "/a"}]"#
        let services = ["web", "worker", "keeper"].map {
            #""\#($0)": {"image": "busybox", "expose": ["8000"], \#(mounts)}"#
        }
        files.write("{\"services\": {\(services.joined(separator: ", "))}}", to: "\(release)/compose.yml")
        XCTAssertNotNil(try refusal(of: [("\(shared)/a", true)], beside: [(shared, true)], in: world))
        let starts: [(String, () throws -> Void)] = [
            (
                "data services",
                { _ = try world.runtime.startData(ContainerWorld.release, applying: true, in: context) }
            ),
            (
                "commands",
                {
                    try world.runtime.run(
                        [Command("true")], for: ContainerWorld.release, on: nil, within: .seconds(9),
                        because: "x", in: context)
                }
            ),
        ]
        let before = world.engine.running.count
        for (name, start) in starts {
            XCTAssertThrowsError(try start(), name) {
                XCTAssertEqual(($0 as? DeployError)?.code, .gateRefused, "\(name): \($0)")
            }
        }
        XCTAssertEqual(world.engine.running.count, before, "nothing was started")
    }
}
