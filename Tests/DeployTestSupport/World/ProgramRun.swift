import Foundation
import XCTest

/// How a program ended and what it printed.
public struct ProgramRun: Sendable {
    public let words: [String]
    /// The exit status; the negated signal when one ended it.
    public let status: Int32
    public let output: String
    public let errors: String
    public let seconds: Double

    /// The run itself when it ended so; otherwise everything it said.
    @discardableResult
    public func expect(_ wanted: Int32, _ claim: String = "") throws -> ProgramRun {
        guard status == wanted else {
            throw Unexpected(
                "\(claim.isEmpty ? "" : "\(claim): ")\(words.joined(separator: " ")) ended with \(status) instead of \(wanted)\n"
                    + "\(output)\n\(errors)")
        }
        return self
    }

    public func json<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            return try decoder.decode(type, from: Data(output.utf8))
        } catch {
            throw Unexpected("\(words.joined(separator: " ")): \(error)\n\(output)\n\(errors)")
        }
    }
}
