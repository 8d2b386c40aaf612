import DeployTestSupport
import XCTest

@testable import DeployCore

/// Records that older versions wrote are read, and written again as they were.
final class InstanceRecordTests: XCTestCase {
    private func record(_ services: String) -> String {
        #"{"id":"20260101000002","release":"20260101000001","services":[\#(services)]}"#
    }

    private func service(_ body: String, _ address: String = "") -> String {
        #"{\#(address)"body":{\#(body)},"name":"web","since":802000000}"#
    }

    func testEachKindOfServiceAndAddressIsReadAndWrittenAsBefore() throws {
        let process = #""process":{"_0":{"boot":"b","pid":7,"started":8}}"#
        let container = #""container":{"_0":"abc"}"#
        let identity = ProcessIdentity(pid: 7, started: 8, boot: "b")
        let cases: [(text: String, body: ServiceBody, address: ServiceAddress?)] = [
            (
                service(process, #""address":{"socket":{"_0":"/run/app-web.sock"}},"#), .process(identity),
                .socket("/run/app-web.sock")
            ),
            (service(process, #""address":{"port":{"_0":4000}},"#), .process(identity), .port(4000)),
            (service(container, #""address":{"tls":{"_0":443}},"#), .container("abc"), .tls(443)),
            (service(container), .container("abc"), nil),
        ]
        let files = MemoryFileStore()
        let layout = Layout(project: "/p", environment: Environment(name: "staging", project: "shop"))
        let records = InstanceRecords(files: files, layout: layout)
        let path = "\(layout.instance("20260101000002"))/instance.json"
        for (text, body, address) in cases {
            files.write(record(text), to: path)
            let instance = try XCTUnwrap(records.read("20260101000002"), text)
            XCTAssertEqual(instance.services.map(\.body), [body])
            XCTAssertEqual(instance.services.map(\.address), [address])
            try records.write(instance)
            let written = String(decoding: try XCTUnwrap(files.read(path)), as: UTF8.self)
            XCTAssertEqual(written.filter { !$0.isWhitespace }, record(text))
        }
    }
}
