import XCTest

@testable import DeployCore

final class EngineSilenceTests: XCTestCase {
    private func silence(_ errors: String, _ ending: CommandResult.Ending = .exited(1)) -> DeployError {
        EngineSilence(result: CommandResult(ending, errors: errors)).error
    }

    func testAnAccountThatMayNotIsNoServerThatIsDown() {
        let closed = silence(
            """
            permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: \
            Get "http://%2Fvar%2Frun%2Fdocker.sock/v1.50/version": dial unix /var/run/docker.sock: connect: permission denied
            """)
        XCTAssertEqual(closed.why, "this account may not use unix:///var/run/docker.sock")
        XCTAssertEqual(closed.next, #"usermod -aG docker "$USER" as root, then log in anew"#)
        let down = silence(
            "Cannot connect to the Docker daemon at unix:///run/user/7/docker.sock. Is the docker daemon running?"
        )
        XCTAssertEqual(down.why, "nothing answers at unix:///run/user/7/docker.sock")
        XCTAssertEqual(down.next, "systemctl start docker")
    }

    func testWhatIsNotThereIsToBeInstalled() {
        let absent = silence("", .notStarted("docker is not installed"))
        XCTAssertEqual(absent.why, "docker is not installed")
        XCTAssertEqual(absent.next, "apt-get install docker.io")
    }

    func testWhatElseItSaysIsRepeated() {
        let other = silence("Error response from daemon: client version 1.50 is too new")
        XCTAssertTrue(other.why.contains("client version 1.50 is too new"), other.why)
        XCTAssertEqual(other.next, "deployctl doctor")
    }
}
