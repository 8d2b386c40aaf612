import DeployCore
import Glibc

/// Runs a program as another account of this machine: the superuser takes it, anybody else asks sudo, which asks nothing back.
struct OtherAccount {
    let name: String

    init(_ name: String) { self.name = name }

    func placed(_ request: CommandRequest) -> CommandRequest {
        guard let entry = getpwnam(name)?.pointee, entry.pw_uid != geteuid() else { return request }
        var placed = request
        guard geteuid() != 0 else {
            let group = getgrgid(entry.pw_gid).map { String(cString: $0.pointee.gr_name) } ?? ""
            placed.command = AccountCommand(user: name, group: group, command: request.command).typed
            return placed
        }
        // No password is among them: who comes through the socket has none.
        let variables = request.environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        placed.command = Command(
            "sudo", ["-n", "-u", name, "--", "env"] + variables + request.command.vector)
        return placed
    }
}
