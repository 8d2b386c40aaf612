import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

extension FileStoreContract {
    /// A folder with a file of an odd name, an empty folder and a link.
    func fill(_ path: String) throws {
        try files.makeFolder("\(path)/empty")
        try files.publish(Data("a".utf8), to: "\(path)/Größe 9%.txt")
        try files.pointLink("\(path)/link", to: "a b")
    }

    /// The manifest of a new release without its folder `left`.
    func release() throws -> Manifest {
        let release = "\(folder)/release"
        for inner in ["a", "left/out"] { try files.makeFolder("\(release)/\(inner)") }
        for (path, text) in [("a/file", "1"), ("a.b", "2"), ("left/out/file", "3")] {
            try files.publish(Data(text.utf8), to: "\(release)/\(path)")
        }
        try files.pointLink("\(release)/link", to: "a/file")
        return try files.manifest(of: release, except: ["left"])
    }
}
