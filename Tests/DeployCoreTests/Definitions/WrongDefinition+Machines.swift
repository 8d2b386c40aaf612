@testable import DeployCore

extension WrongDefinition {
    private static let several = #""host": ["deploy@a.example", "deploy@b.example"]"#

    private static func machines(_ name: String, _ change: String, at path: String, says: String)
        -> WrongDefinition
    {
        .init(
            name, text: "{\"project\": \"shop\", \(several),\n\(change)}", line: 2, at: path, says: says)
    }

    private static let ownEach = "would be another one on each machine"

    static let joined: [WrongDefinition] =
        [
            .init(
                "a batch of one machine",
                text: "{\"project\": \"shop\", \"host\": \"deploy@a.example\",\n\"batch\": 2}", line: 2,
                at: "batch", says: "is for several machines"),
            .init(
                "no machines", text: "{\"project\": \"shop\",\n\"host\": []}", line: 2, at: "host",
                says: "is empty"),
            .init(
                "a machine twice", text: "{\"project\": \"shop\",\n\"host\": [\"a.example\", \"a.example\"]}",
                line: 2,
                at: "host[1]", says: "is in the list twice"),
            .init(
                "a machine that ssh would read as an option",
                text: "{\"project\": \"shop\",\n\"host\": [\"a.example\", \"-oX\"]}",
                line: 2, at: "host[1]", says: "a host that ssh knows"),
            machines("a batch of none", #""batch": 0"#, at: "batch", says: "from 1 to 100"),
            machines("uploads of several machines", #""shared": ["uploads"]"#, at: "shared", says: ownEach),
            machines(
                "volumes of machines that serve together", #""volumes": ["data"]"#, at: "volumes",
                says: ownEach),
            machines(
                "a data service on several machines",
                #""runtime": {"kind": "compose", "file": "c.yml"}, "services": {"db": {"role": "data"}}"#,
                at: "services.db",
                says: ownEach),
            machines(
                "a database in a file of each machine",
                #""database": {"engine": "sqlite", "file": "d/a.db"}"#,
                at: "database.engine", says: "is a file of one machine"),
            machines(
                "a database at each of the machines itself",
                #""database": {"engine": "mysql", "name": "shop", "user": "shop", "host": "localhost"}"#,
                at: "database.host", says: "is each machine itself"),
            machines(
                "a certificate that one of several asks for",
                #""hosts": ["shop.example"], "tls": {"acme": {"email": "o@shop.example"}}"#, at: "tls.acme",
                says: "is asked of one machine"),
        ]
        + [#"{"kind": "swarm", "file": "c.yml", "registry": "r.example/shop"}"#].map {
            .init(
                "a swarm on several machines",
                text: "{\"project\": \"shop\", \"runtime\": \($0),\n\(several)}", line: 2,
                at: "host", says: "to all its machines by itself")
        }
}
