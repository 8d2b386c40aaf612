import DeployTestSupport
import Foundation
import XCTest

/// A hook that hides what it is and outlives git still does not reach production.
final class HookEvasionTests: XCTestCase {
    private struct Evasion {
        let name: String
        /// The hook's text; it calls `job`, which deploys and writes down how that ended.
        let text: String
    }

    private static func evasions(_ job: String, _ project: String) -> [Evasion] {
        let clean = "env -i PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin CI=1 DEPLOYCTL_TRIGGER=ci HOME=/tmp"
        let quiet = "</dev/null >/dev/null 2>&1"
        // Until neither git nor the hook is left, as `at` would.
        let late = "while [ -e \(project)/.git/busy ]; do sleep 0.05; done; \(job)"
        return [
            Evasion(name: "in the background", text: "\(clean) \(job) \(quiet) &"),
            Evasion(name: "nohup", text: "\(clean) nohup \(job) \(quiet) &"),
            Evasion(name: "setsid", text: "\(clean) setsid \(job) \(quiet) &"),
            Evasion(name: "twice forked", text: "(\(clean) sh -c '\(late)' \(quiet) &) &"),
            Evasion(name: "setsid, after git has ended", text: "\(clean) setsid sh -c '\(late)' \(quiet) &"),
            Evasion(
                name: "setsid in setsid, after git has ended",
                text:
                    "\(clean) setsid sh -c '\(late.replacingOccurrences(of: job, with: "setsid -w \(job)"))' \(quiet) &"
            ),
            Evasion(
                name: "exec, so that deployctl leads the session",
                text:
                    "\(clean) setsid sh -c '\(late.replacingOccurrences(of: job, with: "exec \(job)"))' \(quiet) &"
            ),
            Evasion(
                name: "script feigns a terminal",
                text: "\(clean) setsid script --quiet --command '\(late)' /dev/null \(quiet) &"),
            Evasion(
                name: "python forks twice",
                text: """
                    \(clean) python3 - \(quiet.replacingOccurrences(of: "</dev/null ", with: "")) <<'END' &
                    import os, time
                    if os.fork(): os._exit(0)
                    os.setsid()
                    if os.fork(): os._exit(0)
                    while os.path.exists("\(project)/.git/busy"): time.sleep(0.05)
                    os.execv("/bin/sh", ["sh", "\(job)"])
                    END
                    """),
            Evasion(
                name: "GIT_DIR cleared, by sh -c",
                text: "unset GIT_DIR GIT_INDEX_FILE; sh -c '\(job)' \(quiet)"),
            Evasion(
                name: "a shell under another name",
                text: "cp /bin/sh \(job)-agentd; \(clean) setsid \(job)-agentd -c '\(late); :' \(quiet) &"),
            Evasion(
                name: "a shell under a daemon's name",
                text:
                    "cp /bin/sh \(job).d-cron; mkdir -p \(job).d; mv \(job).d-cron \(job).d/cron; \(clean) setsid \(job).d/cron -c '\(late); :' \(quiet) &"
            ),
            Evasion(
                name: "a parent out of sight",
                text:
                    "\(clean) setsid unshare --mount sh -c 'mount -t tmpfs none /proc/$$; \(late); :' \(quiet) &"
            ),
            Evasion(
                name: "another's parents",
                text:
                    "\(clean) setsid unshare --mount sh -c 'mount --bind /proc/1 /proc/$$; \(late); :' \(quiet) &"
            ),
            Evasion(
                name: "another's variables and arguments",
                text:
                    "\(clean) GIT_DIR=x setsid unshare --mount sh -c 'mount --bind /proc/1/stat /proc/$$/stat; \(late); :' \(quiet) &"
            ),
            Evasion(
                name: "a project that is younger than the process",
                text:
                    "\(clean) setsid sh -c 'until [ $(ps -o etimes= -p $$) -ge 4 ]; do sleep 0.1; done; \(anew(project)); \(late)' \(quiet) &"
            ),
            Evasion(name: "nothing hidden", text: "\(job) \(quiet)"),
        ]
    }

    /// Shell that puts the project's folder and its repository into folders made now.
    private static func anew(_ project: String) -> String {
        [project, "\(project)/.git"].map {
            "mkdir \($0).new && find \($0) -mindepth 1 -maxdepth 1 -exec mv -t \($0).new {} + && rmdir \($0) && mv \($0).new \($0)"
        }.joined(separator: " && ")
    }

    func testNoEvasionReachesProduction() throws {
        let world = try DeployctlFixture(for: self)
        try world.ask("")
        let busy = "\(world.project)/.git/busy"
        let hook = "\(world.project)/.git/hooks/post-commit"
        let job = "\(world.folder)/job"
        for (number, evasion) in Self.evasions(job, world.project).enumerated() {
            let result = "\(world.folder)/result\(number)"
            try script(
                job,
                """
                '\(world.binary)' -C '\(world.project)' production --confirm CONFIRM --idempotency-key k\(number) >'\(result).log' 2>&1
                echo $? >'\(result).partial'
                mv '\(result).partial' '\(result)'
                """)
            try script(hook, evasion.text)
            try "".write(toFile: busy, atomically: true, encoding: .utf8)
            try world.git("commit", "--quiet", "--allow-empty", "--message", evasion.name)
            try FileManager.default.removeItem(atPath: busy)
            XCTAssertTrue(eventually(within: 30) { access(result, F_OK) == 0 }, "\(evasion.name) ran")
            let code = try String(contentsOfFile: result, encoding: .utf8).trimmingCharacters(in: .newlines)
            let said = try String(contentsOfFile: "\(result).log", encoding: .utf8)
            XCTAssertEqual(code, "13", "\(evasion.name): \(said)")
            XCTAssertTrue(
                said.contains("A hook may not") || said.contains("A detached run may not"),
                "\(evasion.name): \(said)")
            print("\(evasion.name): \(said.prefix { !$0.isNewline })")
        }
        XCTAssertEqual(world.get("/version", from: "production").status, 0, "nothing was deployed")
    }

    /// What people use without a terminal still works: a script that waits, as cron, ssh and CI have it.
    func testAScriptThatSomebodyWaitsForReachesProduction() throws {
        let world = try DeployctlFixture(for: self)
        try world.ask("")
        let call = "'\(world.binary)' -C '\(world.project)' production --confirm CONFIRM"
        try world.runProgram([
            "setsid", "-w", "sh", "-c", "env -i PATH=\"$PATH\" HOME=/tmp sh -c \"\(call)\"; exit $?",
        ])
        .expect(0, "sessions below one another, each waited for")
        XCTAssertEqual(try world.version("production"), "one")
    }

    /// Whoever starts the run chose its variables.
    func testWhoBeganARunIsAskedOfNoProgram() throws {
        let world = try DeployctlFixture(for: self)
        try world.ask("")
        let (programs, asked, result) = (
            "\(world.folder)/bin", "\(world.folder)/asked", "\(world.folder)/end"
        )
        for name in ["stat", "ps", "date", "readlink", "cat", "id"] {
            try FileManager.default.createDirectory(atPath: programs, withIntermediateDirectories: true)
            try script("\(programs)/\(name)", "echo \(name) >> '\(asked)'; exec /usr/bin/\(name) \"$@\"")
        }
        let job = "\(world.folder)/job"
        try script(
            job,
            """
            until [ $(/usr/bin/ps -o etimes= -p $$) -ge 4 ]; do /usr/bin/sleep 0.1; done
            '\(world.binary)' -C '\(world.project)' production --confirm CONFIRM
            echo $? > '\(result).partial'
            mv '\(result).partial' '\(result)'
            """)
        try world.runProgram([
            "strace", "-f", "-qq", "-e", "trace=execve", "-o", "\(world.folder)/trace", "sh", "-c",
            "PATH='\(programs)':$PATH setsid sh '\(job)' </dev/null >/dev/null 2>&1 &",
        ]).expect(0)
        XCTAssertTrue(eventually(within: 30) { access(result, F_OK) == 0 })
        XCTAssertEqual(try String(contentsOfFile: result, encoding: .utf8), "13\n")
        XCTAssertNotEqual(access(asked, F_OK), 0, "a program of the caller's PATH")
        let trace = try String(contentsOfFile: "\(world.folder)/trace", encoding: .utf8)
        XCTAssertFalse(trace.contains("/stat\""), "nor any other that tells of files")
    }

    /// The application on staging has the whole of its folder, and the same user.
    func testAServiceDoesNotDeployItself() throws {
        let world = try DeployctlFixture(for: self)
        let call = "['\(world.binary)', '-C', '\(world.project)', 'production', '--confirm', 'CONFIRM']"
        let (plain, closed) = ("\(world.folder)/plain", "\(world.folder)/closed")
        let later = """
            import os as _o, subprocess as _s, threading as _t, time as _w
            def _later():
                _w.sleep(1)
                for name, more in (('\(plain)', {}), ('\(closed)', {'env': {'PATH': _o.environ['PATH'], 'CI': '1'}})):
                    run = _s.run(\(call), capture_output=True, text=True, **more)
                    open(name + '.partial', 'w').write(str(run.returncode) + ' ' + run.stderr)
                    _o.rename(name + '.partial', name)
            if _o.environ.get('DEPLOYCTL_ENVIRONMENT') == 'staging': _t.Thread(target=_later, daemon=True).start()

            """
        try world.write(later + world.read("app/server.py"), to: "app/server.py")
        try world.commit("Deploy myself")
        try world.run("staging").expect(0)
        for result in [plain, closed] {
            XCTAssertTrue(eventually(within: 60) { access(result, F_OK) == 0 }, result)
            let said = try String(contentsOfFile: result, encoding: .utf8)
            XCTAssertTrue(said.hasPrefix("13 ") && said.contains("A service may not"), said)
        }
        XCTAssertEqual(world.get("/version", from: "production").status, 0, "nothing was deployed")
    }

    /// Every other verb that changes production refuses as well.
    func testALeftBehindRunChangesNothingElseInProduction() throws {
        let world = try DeployctlFixture(for: self)
        try world.ask("")
        try world.promote()
        let job = "\(world.folder)/job"
        try world.run("lock", "acquire", "production").expect(0)
        let calls = [
            "stop production", "restart production",
            "rollback previous --environment production --confirm CONFIRM",
            "backup create production", "approve release", "resume production", "abort production",
            "lock release production", "db production", "exec production web -- true",
        ]
        for (number, call) in calls.enumerated() {
            let result = "\(world.folder)/other\(number)"
            try script(
                job,
                """
                '\(world.binary)' -C '\(world.project)' \(call) >'\(result).log' 2>&1
                echo $? >'\(result).partial'
                mv '\(result).partial' '\(result)'
                """)
            try world.runProgram([
                "sh", "-c", "env -i PATH=\"$PATH\" CI=1 setsid sh \(job) </dev/null >/dev/null 2>&1 &",
            ])
            .expect(0)
            XCTAssertTrue(eventually(within: 30) { access(result, F_OK) == 0 }, call)
            let code = try String(contentsOfFile: result, encoding: .utf8).trimmingCharacters(in: .newlines)
            let said = try String(contentsOfFile: "\(result).log", encoding: .utf8)
            XCTAssertEqual(code, "13", "\(call): \(said)")
        }
        XCTAssertEqual(try world.version("production"), "one", "it still serves")
    }

    private func script(_ path: String, _ text: String) throws {
        try "#!/bin/sh\n\(text)\n".write(toFile: path, atomically: true, encoding: .utf8)
        chmod(path, 0o755)
    }
}
