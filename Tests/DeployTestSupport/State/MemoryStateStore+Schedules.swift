import Foundation

@testable import DeployCore

extension MemoryStateStore {
    public func record(_ run: ScheduleRun) throws(DeployError) {
        locked { memory in
            memory.scheduleRuns.removeAll {
                ($0.environment, $0.schedule) == (run.environment, run.schedule) && $0.due == run.due
            }
            memory.scheduleRuns.append(run)
        }
    }

    public func moveLastScheduleRun(
        of schedule: String, in environment: String, to due: Date
    ) throws(DeployError) {
        locked { memory in
            let own = memory.scheduleRuns.filter { ($0.environment, $0.schedule) == (environment, schedule) }
            guard var last = own.max(by: { $0.due < $1.due }) else { return }
            last.due = due
            memory.scheduleRuns.removeAll {
                ($0.environment, $0.schedule) == (environment, schedule)
                    && ($0.due == own.map(\.due).max() || $0.due >= due)
            }
            memory.scheduleRuns.append(last)
        }
    }

    public func lastScheduleRuns(of environment: String) throws(DeployError) -> [ScheduleRun] {
        let runs = locked { $0.scheduleRuns.filter { $0.environment == environment } }
        return Dictionary(grouping: runs, by: \.schedule).values
            .compactMap { $0.max { $0.due < $1.due } }.sorted { $0.schedule < $1.schedule }
    }
}
