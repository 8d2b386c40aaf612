import DeployTestSupport
import Foundation
import XCTest

/// Compose files as people write them, on a real engine.
final class ComposeHabitsTests: ComposeTestCase {
    func testAPortThatOnlyTheImageNamesIsUsed() throws {
        try world.replace("    expose: [\"8000\"]\n", with: "", in: "compose.yml")
        try world.replace("CMD", with: "EXPOSE 8000\nCMD", in: "app/Dockerfile")
        try world.commit("The port is in the image")
        try world.run("staging").expect(0)
        XCTAssertEqual(try world.version(), "one")
        try world.replace("EXPOSE 8000", with: "EXPOSE 8000 9000", in: "app/Dockerfile")
        try world.commit("Two ports")
        let refused = try world.run("staging").expect(10)
        XCTAssertTrue(refused.errors.contains("services.web of compose.yml is refused"), refused.errors)
    }

    func testFilesOfAReleaseAreReadByAnyUserOfAContainer() throws {
        let mount = "volumes: [\"./app:/mounted:ro\", \"${DEPLOYCTL_SHARED"
        try world.replace("volumes: [\"${DEPLOYCTL_SHARED", with: mount, in: "compose.yml")
        try world.replace(
            "CMD", with: "USER 1000\nRUN cat /app/version /app/server.py > /dev/null\nUSER root\nCMD",
            in: "app/Dockerfile")
        try world.commit("Read as somebody else")
        try world.run("staging").expect(0)
        let web = try world.container("web")
        XCTAssertEqual(try world.docker(["exec", "--user", "1000", web, "cat", "/mounted/version"]), "one")
        let release = try world.read(".deployctl/staging/current/REVISION")
        XCTAssertFalse(release.isEmpty)
        let tool = try FileManager.default.attributesOfItem(atPath: "\(world.project)/.deployctl")
        XCTAssertEqual((tool[.posixPermissions] as? Int).map { $0 & 0o007 }, 0, "nobody else gets that far")
    }

    func testABuildThatFailsSaysWhatItsStepPrinted() throws {
        try world.replace(
            "CMD", with: "RUN echo the reason of the day; exit 3\nCMD", in: "app/Dockerfile")
        try world.commit("A step that fails")
        let failed = try world.run("staging").expect(15)
        let why = try XCTUnwrap(failed.errors.components(separatedBy: "deployctl:").last)
        XCTAssertTrue(why.contains("the reason of the day\n"), failed.errors)
        XCTAssertFalse(why.contains("level=warning"), failed.errors)
    }

    func testAFileThatComposeRefusesIsFoundBeforeItIsDeployed() throws {
        try world.run("validate").expect(0)
        let good = try world.read("compose.yml")
        for (bad, complaint) in [
            (good.replacingOccurrences(of: "image:", with: "imagee:"), "'imagee' not allowed"),
            (
                good.replacingOccurrences(of: "services:", with: "services: ["),
                "failed to parse compose.yml: yaml"
            ),
        ] {
            try world.write(bad, to: "compose.yml")
            try world.commit("Not Compose")
            for words in [["validate"], ["staging"]] {
                let refused = try world.run(words).expect(10)
                XCTAssertTrue(refused.errors.contains(complaint), refused.errors)
                XCTAssertFalse(refused.errors.contains(".builds/"), refused.errors)
            }
            try world.run("doctor").expect(19)
        }
        let history = try world.run("history").expect(0).output
        XCTAssertTrue(history.contains("Not Compose"), "of a commit that no release was made of: \(history)")
        // What only the values of variables decide, nobody can say here.
        try world.write(
            good.replacingOccurrences(
                of: "services:\n",
                with:
                    "services:\n  late:\n    image: busybox\n    privileged: ${NOT_YET}\n    env_file: [later.env]\n"
            ), to: "compose.yml")
        try world.commit("Later")
        try world.run("validate").expect(0)
    }

    /// Where docker is not installed, nothing is wrong with the Compose file.
    func testAMachineWithoutDockerSaysSo() throws {
        let programs = "\(world.project)-programs"
        try FileManager.default.createDirectory(atPath: programs, withIntermediateDirectories: true)
        addTeardownBlock { try? FileManager.default.removeItem(atPath: programs) }
        for name in try FileManager.default.contentsOfDirectory(atPath: "/usr/bin")
        where !name.hasPrefix("docker") {
            try FileManager.default.createSymbolicLink(
                atPath: "\(programs)/\(name)", withDestinationPath: "/usr/bin/\(name)")
        }
        world.variables["PATH"] = "\(programs):/usr/sbin"
        let refused = try world.run("staging").expect(15)
        XCTAssertTrue(refused.errors.contains("docker is not installed"), refused.errors)
        XCTAssertFalse(refused.errors.contains("compose.yml"), refused.errors)
        XCTAssertTrue(try world.run("doctor").expect(19).output.contains("apt-get install docker.io"))
        world.variables["PATH"] = nil
    }

    func testAContainerThatEndsSaysWithWhichStatus() throws {
        try world.replace("import ", with: "import sys; sys.exit(3)\nimport ", in: "app/server.py")
        try world.commit("Ends at once")
        let failed = try world.run("staging").expect(15)
        XCTAssertTrue(failed.errors.contains("ended with exit status 3"), failed.errors)
    }

    func testAServiceWithAProfileRunsWhenItIsNamed() throws {
        try world.replace(
            "    image: busybox\n", with: "    image: busybox\n    profiles: [full]\n", in: "compose.yml")
        try world.write("services:\n  web: {privileged: true}\n", to: "compose.override.yml")
        try world.write("GREETING=hello\n", to: ".env")
        try world.commit("A profile")
        let answer = try world.run("staging", "--progress", "plain").expect(0)
        XCTAssertTrue(
            (answer.output + answer.errors).contains("compose.override.yml is not merged"), answer.errors)
        XCTAssertTrue((answer.output + answer.errors).contains(".env is not read"), answer.errors)
        XCTAssertEqual(try world.containers().count, 2)
    }

    func testAVariableThatNothingSetsIsNotBlank() throws {
        try world.write("ANSWER=42\n", to: ".env")
        try world.replace(
            "    secrets: [TOKEN]\n", with: "    secrets: [TOKEN]\n    environment: [\"ANSWER=${ANSWER}\"]\n",
            in: "compose.yml")
        try world.commit("A variable")
        let refused = try world.run(["staging"], environment: ["ANSWER": "43"]).expect(10)
        XCTAssertTrue(refused.errors.contains("needs variable ANSWER, which nothing sets"), refused.errors)
        try world.replace("${ANSWER}", with: "${ANSWER:-}", in: "compose.yml")
        try world.commit("It may be empty")
        try world.run("staging").expect(0)
    }
}

/// What services that outlive releases mount of one.
final class ComposeKeptFilesTests: ComposeTestCase {
    func testADataServiceStaysWhileItsFilesStayAndOutlivesTheirRelease() throws {
        try world.write("one\n", to: "settings/keeper.conf")
        try world.replace(
            "volumes: [\"kept:/kept\"]", with: "volumes: [\"kept:/kept\", \"./settings:/settings\"]",
            in: "compose.yml")
        try world.commit("Settings of the keeper")
        try world.run("staging").expect(0)
        let first = try world.container("keeper")
        try world.commit(version: "two")
        try world.run("staging").expect(0)
        XCTAssertEqual(try world.container("keeper"), first, "a release that changes nothing of it")
        XCTAssertEqual(try world.docker(["exec", first, "cat", "/settings/keeper.conf"]), "one")
        try world.commit(["settings/keeper.conf": "two\n"], "Other settings")
        try world.run("staging").expect(0)
        let second = try world.container("keeper")
        XCTAssertEqual(try world.docker(["exec", second, "cat", "/settings/keeper.conf"]), "two")
        XCTAssertTrue(
            try world.docker(["inspect", "--format", "{{json .Mounts}}", second]).contains("\"RW\":false"))
    }
}
