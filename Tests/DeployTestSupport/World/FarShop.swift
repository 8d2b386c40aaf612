import Foundation
import XCTest

/// A shop whose definitions are here and that is served elsewhere: what stands in for ssh runs the line it is given in another
/// home folder, with nothing of this side's environment, and without a terminal unless it is told to have one.
public final class FarShop: DeployctlFixture, @unchecked Sendable {
    /// The home folder there.
    public var home: String { "\(folder)/far" }
    /// The project's folder there.
    public var place: String { "\(home)/deployctl/shop" }
    /// What ssh was asked for, one line a call.
    public var calls: String { (try? String(contentsOfFile: "\(folder)/calls", encoding: .utf8)) ?? "" }

    /// By whose line in authorized_keys ssh lets somebody in; nil for one that may do everything.
    public func useKey(_ line: String?) throws { try write(line, to: "../key") }

    override public init(for test: XCTestCase?) throws {
        try super.init(for: test)
        for made in [home, "\(folder)/runtime"] {
            try FileManager.default.createDirectory(
                atPath: made, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }
        try replace(
            "\"project\": \"shop\"", with: "\"project\": \"shop\", \"host\": \"deploy@shop.example\"",
            in: "environments/base.json")
        try commit("Name the host")
        let folders =
            "\((binary as NSString).deletingLastPathComponent):/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
        let script = """
            #!/bin/bash
            echo "$*" >> \(folder)/calls
            line=${!#}
            test ! -e \(folder)/silent || { cat \(folder)/silent >&2; exit 255; }
            case $line in
            *far-run*) test ! -e \(folder)/cut || exit 255;;
            *far-ending*) test ! -e \(folder)/deaf || exit 255;;
            esac
            path=\(folders); test ! -e \(folder)/bare || path=/usr/bin:/bin
            case $line in *far-run*) test ! -e \(folder)/raw || { stty raw -echo </dev/tty; kill -9 $$; };; esac
            session=(setsid -w); test "$1" != -t || session=()
            cd \(home)
            asked=(); test ! -e \(folder)/key || { asked=("SSH_ORIGINAL_COMMAND=$line"); line=$(cat \(folder)/key); }
            there=("${session[@]}" env -i "${asked[@]}" HOME=\(home) PATH=$path LANG=C.UTF-8 TERM=xterm USER=deploy XDG_RUNTIME_DIR=\(folder)/runtime
            GIT_COMMITTER_NAME=d GIT_COMMITTER_EMAIL=d@e /bin/sh -c "$line")
            case $line in *far-run*) test ! -e \(folder)/torn || { "${there[@]}"; exit 255; };; esac
            exec "${there[@]}"
            """
        try write(script, to: "../bin/ssh")
        chmod("\(folder)/bin/ssh", 0o755)
        variables["PATH"] = "\(folder)/bin:\(folders)"
    }
}
