import DeployTestSupport
import Foundation
import XCTest

/// On the real engine: whatever staging's containers do, production's serve.
final class NoisyContainersTests: ComposeTestCase {
    /// What staging may take is said in the definition, and of processors nothing: it yields.
    private func furnish() throws {
        let commands = Neighbour.kinds.map {
            "  \($0): {build: ./app, command: [python3, /app/hog.py, \($0), /app/go]}"
        }
        try world.write(Neighbour.hog, to: "app/hog.py")
        try world.write(Neighbour.measure, to: "measure.py")
        try world.write(
            """
            FROM python:3.11
            COPY version hog.py /app/
            WORKDIR /app
            CMD ["sh", "-c", "exec python3 -m http.server $PORT --bind $HOST"]
            """, to: "app/Dockerfile")
        try world.write(
            """
            services:
              web: {build: ./app, expose: ["8000"]}
            \(commands.joined(separator: "\n"))
            """, to: "compose.yml")
        let hogs = [("forks", #""processes": 70"#), ("spins", ""), ("takes", #""memory": "100MB""#)].map {
            #", "\#($0)": {"role": "app", "listen": "none", "limits": {\#($1)}}"#
        }
        try define("staging", world.port, services: hogs.joined())
        try define("production", world.dataPort, more: #", "promotion": {"from": "staging"}"#)
        try world.commit("Hogs")
    }

    private func define(_ environment: String, _ port: Int, services: String = "", more: String = "") throws {
        try world.write(
            """
            {"project": "\(world.name)", "runtime": {"kind": "compose", "file": "compose.yml"},
             "services": {
               "web": {"role": "app", "health": {"path": "/version", "timeout": "60s"}},
               "front": {"role": "edge", "routes": {"/": "web"}}\(services)},
             "ports": {"http": \(port)}, "network": "\(world.name)-\(environment)", "drain": "1s", "watch": "0s",
             "logs": "logs/\(environment)"\(more)}
            """, to: "environments/\(environment).json")
    }

    private func status() throws -> String { try world.run("status", "staging").output }

    func testProductionServesWhateverStagingsContainersTake() throws {
        try furnish()
        try world.run("staging").expect(0)
        try world.run("production", "--confirm", "CONFIRM").expect(0)
        let hogs = try Neighbour.kinds.map { ($0, try world.container($0)) }
        for (_, container) in hogs { _ = try world.docker(["exec", container, "touch", "/app/go"]) }
        let rounds = Neighbour.isLong ? "15" : "3"
        let words = ["python3", "\(world.project)/measure.py", "\(world.dataPort)", rounds]
        let times = try world.runProgram(words + hogs.map { "\($0)=\($1)" }).expect(0).output
        try Neighbour.judge(times, "containers")
        var said = try status()
        XCTAssertTrue(said.contains("killed for want of memory"), said)
        _ = try world.docker(["exec", try world.container("takes"), "touch", "/app/self"])
        _ = try eventually(within: 30) {
            said = try status()
            return said.contains("for lack of memory")
        }
        XCTAssertTrue(said.contains("for lack of memory"), said)
    }
}
