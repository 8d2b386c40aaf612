import XCTest

@testable import DeployCore

final class AddressTextTests: XCTestCase {
    func testAnAddressIsWrittenAsNginxWritesIt() {
        let written = [
            "127.0.0.1": "127.0.0.1", "::": "::", "::1": "::1", "2001:DB8::0:1": "2001:db8::1",
            "2001:0db8:0:0:1:0:0:1": "2001:db8::1:0:0:1", "1:2:3:4:5:6:7:8": "1:2:3:4:5:6:7:8",
            "1:0:3:4:5:6:7:8": "1:0:3:4:5:6:7:8", "fe80::": "fe80::",
        ]
        for (text, expected) in written { XCTAssertEqual(AddressText.written(text), expected, text) }
        for text in ["", "here", "10.0.0.0/8", "1.2.3", "::1::", "../x"] {
            XCTAssertNil(AddressText.written(text), text)
        }
    }
}
