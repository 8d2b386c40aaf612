import Foundation

@testable import DeployCore

extension MortalStateStore {
    func trafficPosition(of environment: String) throws(DeployError) -> LogPosition? {
        try base.trafficPosition(of: environment)
    }
    func add(
        _ traffic: [Traffic], of environment: String, from begin: LogPosition?, to end: LogPosition,
        at now: Date
    ) throws(DeployError) -> Bool {
        try life.change()
        return try base.add(traffic, of: environment, from: begin, to: end, at: now)
    }
    func traffic(of environment: String) throws(DeployError) -> [Traffic] {
        try base.traffic(of: environment)
    }
    func stepTimes(of environment: String) throws(DeployError) -> [StepTimes] {
        try base.stepTimes(of: environment)
    }
    func runTimes(of environment: String) throws(DeployError) -> [RunTimes] {
        try base.runTimes(of: environment)
    }
}
