import Foundation

@testable import DeployCore

extension MortalStateStore {
    func record(_ run: ScheduleRun) throws(DeployError) {
        try life.change()
        try base.record(run)
    }
    func moveLastScheduleRun(of schedule: String, in environment: String, to due: Date) throws(DeployError) {
        try life.change()
        try base.moveLastScheduleRun(of: schedule, in: environment, to: due)
    }
    func lastScheduleRuns(of environment: String) throws(DeployError) -> [ScheduleRun] {
        try base.lastScheduleRuns(of: environment)
    }
}
