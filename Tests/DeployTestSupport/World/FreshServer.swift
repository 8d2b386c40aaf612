import Foundation
import XCTest

/// A clone of somebody's project on a laptop, and a machine that was rented a minute ago: root is let in by a key, and nothing
/// else is there.
public final class FreshServer: ProjectWorld, @unchecked Sendable {
    public private(set) var server: ThrowawayServer!

    /// `name`: what the machine is called, as no other test's is; `sources`: what the repository holds.
    public init(_ name: String, sources: String, for test: XCTestCase) throws {
        try super.init(for: test)
        server = try ThrowawayServer(fresh: name, for: test)
        try server.root(
            "install -d -m 700 /root/.ssh && install -m 600 /home/deploy/.ssh/authorized_keys /root/.ssh/ && userdel -rf deploy 2>/dev/null; rm -f /etc/sudoers.d/deploy"
        )
        let programs = "\(folder)/bin"
        try server.makeSSH(in: programs, as: "shop.example")
        let own = (binary as NSString).deletingLastPathComponent
        variables["PATH"] = "\(programs):\(own):/usr/bin:/bin"
        patience = 400
        try runProgram(["cp", "-r", "\(sources)/.", project]).expect(0)
        let begin = "git init -q -b main && git add --all && git commit -q -m 'Theirs'"
        try runProgram(["sh", "-c", begin]).expect(0)
        try pack("\(folder)/deployctl_0.1.0_amd64.deb")
    }

    /// The built program as a package, with the libraries that a machine without Swift lacks.
    private func pack(_ package: String) throws {
        let script = """
            set -eu
            t=$(mktemp -d); mkdir -p $t/DEBIAN $t/usr/bin; cp \(binary) $t/usr/bin/deployctl
            for l in $(ldd \(binary) | awk '$3 ~ /^\\// && $3 !~ /\\/lib(c|m|dl|rt|pthread|sqlite3|stdc\\+\\+|gcc_s)\\.so/ {print $3}'); do
                mkdir -p $t$(dirname $l); cp -L $l $t$l
            done
            printf '%s\\n' 'Package: deployctl' 'Version: 0.1.0' 'Architecture: amd64' 'Maintainer: nobody <nobody@localhost>' \
                'Depends: git, libsqlite3-0, libstdc++6, libgcc-s1' 'Description: the program that is tested' >$t/DEBIAN/control
            dpkg-deb -Zgzip -z1 --root-owner-group --build $t \(package) >/dev/null; rm -rf $t
            """
        try runProgram(["sh", "-c", script]).expect(0)
    }
}
