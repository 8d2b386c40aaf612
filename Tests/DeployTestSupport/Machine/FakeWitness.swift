@testable import DeployCore

/// A machine on which a test says who is who.
public struct FakeWitness: Witness {
    public var user: UInt32 = 1000
    public var knowsUsers = true
    public var loginUser: UInt32?
    public var terminal: String?
    public var names: [UInt32: String] = [0: "root", 1000: "ada", 1001: "eve"]
    public var variables: [Int32: [String: String]] = [:]

    public var births: [String: Double] = [:]

    public init() {}

    public func birth(of path: String) -> Double? { births[path] }

    public func name(of user: UInt32) -> String? { names[user] }
    public func variable(_ name: String, of pid: Int32) -> String? { variables[pid]?[name] }
}
