@testable import DeployCore

extension MortalStateStore {
    func record(_ run: ScheduleRun) throws(DeployError) {
        try life.change()
        try base.record(run)
    }
    func lastScheduleRuns(of environment: String) throws(DeployError) -> [ScheduleRun] {
        try base.lastScheduleRuns(of: environment)
    }
}
