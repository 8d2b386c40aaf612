@testable import DeployCore

extension WrongDefinition {
    private static func mounting(_ mounts: String, _ more: String = "") -> String {
        #""runtime": {"kind": "compose", "file": "c.yml"}, "services": {"backend": {"command": null, "mounts": \#(mounts)}}\#(more)"#
    }

    static let mounts: [WrongDefinition] =
        ["data", "/", "/data/", "/a/../b", "/a//b"].map {
            .init(
                "mounting at \($0)", mounting(#"{"\#($0)": "data"}"#, #", "shared": ["data"]"#),
                at: DefinitionPath.key($0, in: "services.backend.mounts"),
                says: "an absolute path in the container")
        } + [
            .init(
                "mounting what is not shared", mounting(#"{"/data": "data"}"#, #", "shared": ["other"]"#),
                at: DefinitionPath.key("/data", in: "services.backend.mounts"),
                says: "lies in none of the shared folders"),
            .init(
                "mounts of a process",
                #""services": {"backend": {"mounts": {"/data": "data"}}}, "shared": ["data"]"#,
                at: "services.backend.mounts", says: "for containers only"),
        ]
}
