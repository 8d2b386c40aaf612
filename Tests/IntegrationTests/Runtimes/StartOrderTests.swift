import DeployTestSupport
import Foundation
import XCTest

@testable import DeployAdapters
@testable import DeployCore

/// A service begins as soon as those it names are healthy, whatever the others are at.
final class StartOrderTests: XCTestCase {
    /// Says that it began, waits until another one did where it is told to, and answers then.
    private static let server = """
        import os, socket, sys, time
        folder, name, after, until = sys.argv[1:]
        def told(what): return os.path.exists(f"{folder}/{what}")
        def tell(what): open(f"{folder}/{what}", "w").close()
        if after != "nobody" and not told(f"{after}-answers"): tell(f"{name}-was-early")
        tell(f"{name}-began")
        while until != "nobody" and not told(f"{until}-began"): time.sleep(0.02)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(os.environ["SOCKET"])
        listener.listen()
        while True:
            visitor, _ = listener.accept()
            visitor.recv(65536)
            tell(f"{name}-answers")
            visitor.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\nConnection: close\\r\\n\\r\\nok")
            visitor.close()
        """

    /// `slow` answers once `last` has begun, which comes after `quick` alone.
    func testAChainIsNotHeldUpByAnother() throws {
        let world = try ProjectWorld(for: self)
        let told = "\(world.project)/.git/told"
        let port = try LinuxProcessTable().freePort()
        func service(_ name: String, after: String? = nil, until: String = "nobody") -> String {
            let order = after.map { #""after": ["\#($0)"], "# } ?? ""
            return
                #""\#(name)": {"role": "app", "listen": "socket", \#(order)"health": {"path": "/", "timeout": "20s"}, "command": ["python3", "-IS", "server.py", "\#(told)", "\#(name)", "\#(after ?? "nobody")", "\#(until)"]}"#
        }
        let services = [
            service("slow", until: "last"), service("then", after: "slow"), service("quick"),
            service("last", after: "quick"),
            #""front": {"role": "edge", "routes": {"/": "then"}}"#,
        ]
        try world.write(Self.server, to: "server.py")
        try world.write(
            #"{"project": "chains", "watch": "0s", "drain": "1s", "ports": {"http": \#(port)}, "services": {\#(services.joined(separator: ", "))}}"#,
            to: "environments/staging.json")
        try world.beginRepository()
        try FileManager.default.createDirectory(atPath: told, withIntermediateDirectories: false)
        try world.run("staging").expect(0)
        let files = try FileManager.default.contentsOfDirectory(atPath: told)
        let names = ["slow", "then", "quick", "last"]
        XCTAssertEqual(Set(files), Set(names.flatMap { ["\($0)-began", "\($0)-answers"] }))
    }
}
