import XCTest

/// A test of a small shop on the real engine.
class ComposeTestCase: XCTestCase {
    private(set) var world: ComposeWorld!

    override func setUpWithError() throws {
        try ContainerEngine.require("python:3.11", "busybox")
        world = try ComposeWorld(for: self)
    }
}
