import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

extension StateStoreContract {
    private func delivery(_ event: Event, _ route: String, at next: Date) -> Delivery {
        Delivery(event, to: route, severity: .p1, at: next)
    }

    private func recorded(_ state: any StateStore, _ subject: String, in environment: String) throws -> Event
    {
        _ = try state.record(Event(.failed, in: environment, on: subject, at: now))
        return try XCTUnwrap(try state.unroutedEvents(limit: 100).last)
    }

    func testEachQueueIsSentInOrderAndWaitsForItsHead() throws {
        let state = try open()
        for (subject, name) in [("1", "a"), ("2", "a"), ("3", "b")] {
            let event = try recorded(state, subject, in: name)
            try state.route([
                (event.sequence, [delivery(event, "x", at: now), delivery(event, "y", at: now)])
            ])
            try state.route([(event.sequence, [delivery(event, "z", at: now)])])
        }
        XCTAssertEqual(try state.unroutedEvents(limit: 9), [])
        func due(_ moment: Date) throws -> [String] {
            try open().dueDeliveries(at: moment).map { "\($0.event.subject)\($0.route)" }
        }
        XCTAssertEqual(try due(now), ["1x", "1y", "3x", "3y"])
        var head = try XCTUnwrap(try state.dueDeliveries(at: now).first)
        (head.attempts, head.error, head.nextAt) = (1, "no", now + 5)
        try state.update([head])
        XCTAssertEqual(try due(now), ["1y", "3x", "3y"], "nothing overtakes the head of its queue")
        XCTAssertEqual(try due(now + 5), ["1x", "1y", "3x", "3y"])
        head.state = .dead
        try state.update([head])
        XCTAssertEqual(Set(try due(now)), ["2x", "1y", "3x", "3y"])
        XCTAssertEqual(try state.noticeCounts(of: "a"), NoticeCounts(waiting: 3, dead: 1))
        XCTAssertTrue(try state.hasNotices(at: now))
        XCTAssertEqual(try state.reviveDeliveries(at: now), 1)
        XCTAssertTrue(try due(now).contains("1x"))
    }

    func testWhatWaitsBehindAMessageIsNothingToDo() throws {
        let state = try open()
        for subject in ["1", "2"] {
            let event = try recorded(state, subject, in: "a")
            try state.route([(event.sequence, [delivery(event, "x", at: now)])])
        }
        var head = try XCTUnwrap(try state.dueDeliveries(at: now).first)
        (head.attempts, head.error, head.nextAt) = (1, "no", now + 5)
        try state.update([head])
        XCTAssertFalse(try state.hasNotices(at: now), "nobody has to come for it")
        XCTAssertTrue(try state.hasNotices(at: now + 5))
    }

    func testAnEscalationEndsWithItsMessageOrAnAnswer() throws {
        let state = try open()
        let event = try recorded(state, "1", in: "a")
        var first = delivery(event, "x", at: now)
        (first.escalateAt, first.escalateTo) = (now + 60, "y")
        try state.route([(event.sequence, [first])])
        XCTAssertEqual(try state.escalations(at: now), [])
        let due = try XCTUnwrap(try state.escalations(at: now + 60).first)
        XCTAssertEqual(due.escalateTo, "y")
        try state.escalate(due.sequence, to: delivery(event, "y", at: now))
        XCTAssertEqual(try state.escalations(at: now + 60), [])
        XCTAssertEqual(try state.routes(toldOf: event.sequence), ["x", "y"])
        XCTAssertTrue(try state.answer(event.sequence, by: "ann", at: now))
        XCTAssertTrue(try state.answer(event.sequence, by: "bob", at: now))
        XCTAssertFalse(try state.answer(99, by: "ann", at: now))
        XCTAssertEqual(try open().deliveries(of: "a", limit: 1).first?.event.answeredBy, "ann")
    }

    func testWhatLastsIsOneEventAndItsEndAnother() throws {
        let state = try open()
        let trouble = Event(.drift, in: "a", on: "", at: now)
        for _ in 0..<2 { try state.settle([trouble], of: [.drift, .unhealthy], in: "a", at: now) }
        try state.settle([], of: [.unhealthy], in: "a", at: now)
        try state.settle([], of: [.drift], in: "b", at: now)
        XCTAssertEqual(try state.unroutedEvents(limit: 9).map(\.kind), [.drift])
        for _ in 0..<2 { try state.settle([], of: [.drift], in: "a", at: now + 9) }
        let events = try state.unroutedEvents(limit: 9)
        XCTAssertEqual(events.map(\.kind), [.drift, .recovered])
        XCTAssertEqual(events.map(\.subject), ["", "drift"])
        XCTAssertEqual(events.last?.detail, "\(events[0].sequence)")
        XCTAssertEqual(events.first?.overAt, now + 9)
    }
}

extension SQLiteStateContractTests {
    func testATroubleIsOverOnlyByWhatMendsIt() throws {
        let state = try open()
        func run(_ number: Int, _ kind: Deployment.Kind, _ outcome: Deployment.Outcome) throws {
            var plan = Sample.plan(number)
            plan.kind = kind
            let run = try state.begin(
                plan, origin: Sample.origin, approval: nil, at: Sample.timestamp(number).date)
            let error = DeployError(.stepFailed, what: "a", why: "b", next: "c")
            try state.finish(
                run, outcome: outcome, error: outcome == .succeeded ? nil : error,
                at: Sample.timestamp(number).date + 1)
        }
        func over() throws -> [String] {
            try state.unroutedEvents(limit: 99).filter { $0.kind == .recovered }.map(\.subject)
        }
        _ = try state.record(
            Event(.refused, in: Sample.plan(0).environment.name, on: "", at: Sample.timestamp(0).date))
        try run(10, .copy, .failed)
        try run(20, .deploy, .failed)
        try run(30, .stop, .succeeded)
        try run(40, .backup, .succeeded)
        XCTAssertEqual(try over(), [], "neither a stop nor a backup here mends any of them")
        try run(50, .copy, .succeeded)
        XCTAssertEqual(try over(), ["backup-failed"])
        try run(60, .deploy, .succeeded)
        XCTAssertEqual(try over(), ["backup-failed", "refused", "failed"])
    }

    /// What a run and its end leave for those who are to be told.
    func testRunsAndSchedulesAreEventsInTheirOwnTransaction() throws {
        let state = try open()
        func run(_ number: Int, _ outcome: Deployment.Outcome, _ code: ExitCode?) throws {
            let sample = Sample.plan(number)
            let plan = Plan(
                id: sample.id, timestamp: sample.timestamp, kind: .deploy, environment: sample.environment,
                release: sample.release, commit: nil, previousRelease: nil, steps: sample.steps, loss: nil)
            let run = try state.begin(
                plan, origin: Sample.origin, approval: nil, at: Sample.timestamp(number).date)
            let error = code.map { DeployError($0, what: "a", why: "b", next: "c") }
            try state.finish(run, outcome: outcome, error: error, at: Sample.timestamp(number).date + 1)
        }
        try run(0, .succeeded, nil)
        try run(10, .failed, .stepFailed)
        try run(20, .rolledBack, .needsPerson)
        try run(30, .failed, .needsPerson)
        try run(40, .failed, .backupFailed)
        try run(50, .succeeded, nil)
        let kinds = try state.unroutedEvents(limit: 99).map(\.kind).filter { $0 != .started }
        XCTAssertEqual(
            kinds.filter { $0 != .recovered && $0 != .succeeded },
            [
                .failed, .rolledBack, .needsPerson, .backupFailed,
            ])
        let over = try state.unroutedEvents(limit: 99).filter { $0.kind == .recovered }.map(\.subject)
        XCTAssertEqual(Set(over), ["failed", "rolled-back", "needs-person"], "a backup is still lacking")

        var schedule = ScheduleRun(environment: "production", schedule: "nightly", due: now, started: now)
        try state.record(schedule)
        for status in [Int32(3), 0] {
            schedule.due += 60
            (schedule.ended, schedule.status) = (schedule.due, status)
            try state.record(schedule)
        }
        XCTAssertEqual(
            try state.unroutedEvents(limit: 99).suffix(2).map(\.subject),
            ["nightly", "schedule-failed nightly"])
    }
}
