/// Where a project is to be served: a machine, an account of it, a folder.
public struct ServerPlace: Hashable, Sendable {
    static let nginx = "nginx.service"
    /// What low ports are opened by.
    static let portSetting = "/etc/sysctl.d/60-deployctl.conf"

    /// What ssh is told for the preparation; its account need not be the one that deploys.
    public let target: String
    /// Whom commits come to, and who deploys.
    public let account: String
    let needs: ServerNeeds
    /// As the definitions or the command line name it; nil for the usual place.
    let named: String?

    /// - Throws: `.usage` where the account cannot be one.
    public init(_ target: String, account: String, folder: String?, needs: ServerNeeds) throws(DeployError) {
        let first = account.utf8.first
        let isName =
            account.utf8.count <= 32 && first.map { $0.isASCIILetter || $0 == UInt8(ascii: "_") } == true
            && account.utf8.allSatisfy { $0.isASCIILetter || $0.isDigit || "_-".utf8.contains($0) }
        guard isName else {
            throw DeployError(
                .usage, what: "\(Shown.text(account)) cannot be an account there",
                why: "its name is up to 32 letters, digits, _ and -", next: "deployctl help server prepare")
        }
        (self.target, self.account, named, self.needs) = (target, account, folder, needs)
    }

    /// What commands are typed with from then on.
    public var address: String {
        let machine = target.cut(at: "@").map { String($0.after) } ?? target
        return "\(account)@\(machine)" + (named.map { ":\($0)" } ?? "")
    }

    /// The machine's own name, as ssh knows it.
    public var machine: String { target.cut(at: "@").map { String($0.after) } ?? target }

    /// The project's folder there, absolute.
    func folder(_ home: String) -> String {
        let folder = named ?? "deployctl/\(needs.project)"
        return folder.begins(with: "/") ? folder : "\(home)/\(folder)"
    }

    var unit: String { "deployctl-\(needs.project).service" }

    /// Every package that may be wanted.
    var candidates: [String] {
        needs.packages + needs.servers.map(\.package) + ["certbot", "lego"] + ServerPlan.ofContainers
    }
}
