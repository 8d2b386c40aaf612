// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "deployctl",
    products: [.executable(name: "deployctl", targets: ["deployctl"])],
    targets: [
        .systemLibrary(
            name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite"])]),
        .target(
            name: "StateSchema", path: "migrations",
            resources: [
                .embedInCode("V0001_state.sql"), .embedInCode("V0002_promotion.sql"),
                .embedInCode("V0003_pins.sql"), .embedInCode("V0004_proofs.sql"),
                .embedInCode("V0005_tries.sql"), .embedInCode("V0006_wishes.sql"),
                .embedInCode("V0007_who.sql"), .embedInCode("V0008_audit.sql"),
                .embedInCode("V0009_log_anchors.sql"),
                .embedInCode("V0010_schedules.sql"), .embedInCode("V0011_told.sql"),
                .embedInCode("V0012_features.sql"), .embedInCode("V0013_rebuilt.sql"),
            ]),
        .target(name: "CFiles"),
        .target(name: "CSpawn"),
        .target(name: "CHash"),
        .target(name: "CText"),
        .target(name: "DeployCore", dependencies: ["CHash", "CText"]),
        .target(
            name: "DeployAdapters",
            dependencies: ["DeployCore", "CSQLite", "CFiles", "CSpawn", "StateSchema"]),
        .target(name: "DeployCLI", dependencies: ["DeployCore"]),
        .executableTarget(name: "deployctl", dependencies: ["DeployCore", "DeployAdapters", "DeployCLI"]),
        .target(
            name: "DeployTestSupport", dependencies: ["DeployCore", "DeployAdapters", "DeployCLI"],
            path: "Tests/DeployTestSupport"),
        .testTarget(
            name: "DeployCoreTests", dependencies: ["DeployCore", "DeployTestSupport"],
            exclude: ["Plan/Golden"]),
        .testTarget(
            name: "DeployAdaptersTests",
            dependencies: ["DeployCore", "DeployAdapters", "DeployTestSupport", "StateSchema"]),
        .testTarget(
            name: "DeployCLITests", dependencies: ["DeployCore", "DeployCLI", "DeployTestSupport"],
            exclude: ["Golden"]),
        .testTarget(
            name: "IntegrationTests", dependencies: ["DeployCore", "DeployAdapters", "DeployTestSupport"],
            exclude: ["Golden"]),
    ],
    swiftLanguageModes: [.v6]
)
