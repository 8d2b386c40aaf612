import DeployTestSupport
import Foundation
import XCTest

@testable import DeployCore

extension StateStoreContract {
    func delivery(_ event: Event, _ route: String, at next: Date) -> Delivery {
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
        head.nextAt = now + 90_000
        try state.update([head])
        XCTAssertTrue(try due(now).contains("1x"), "the clock was wrong when that was said")
        XCTAssertTrue(try state.hasNotices(at: now))
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
        XCTAssertEqual(try state.routes(toldOfTroubleSince: event.sequence), ["x", "y"])
        XCTAssertTrue(try state.answer(event.sequence, by: "ann", at: now))
        XCTAssertTrue(try state.answer(event.sequence, by: "bob", at: now))
        XCTAssertFalse(try state.answer(99, by: "ann", at: now))
        XCTAssertEqual(try open().deliveries(of: "a", limit: 1).first?.event.answeredBy, "ann")
    }

    func testWhatIsOverIsNotRevived() throws {
        let state = try open()
        try state.settle([Event(.drift, in: "a", on: "", at: now)], of: [.drift], in: "a", at: now)
        let drift = try XCTUnwrap(try state.unroutedEvents(limit: 1).first)
        try state.route([(drift.sequence, [delivery(drift, "x", at: now)])])
        let failed = try recorded(state, "1", in: "a")
        try state.route([(failed.sequence, [delivery(failed, "y", at: now)])])
        var dead = try state.dueDeliveries(at: now)
        for index in dead.indices { dead[index].state = .dead }
        try state.update(dead)
        try state.settle([], of: [.drift], in: "a", at: now + 9)
        XCTAssertEqual(try state.reviveDeliveries(at: now + 10), 1)
        XCTAssertEqual(try state.dueDeliveries(at: now + 10).map(\.route), ["y"])
        XCTAssertEqual(try state.deliveries(of: "a", limit: 9).map(\.state), [.waiting, .over])
        XCTAssertEqual(try state.noticeCounts(of: "a"), NoticeCounts(waiting: 1, dead: 0))
    }

    func testOldEventsGoAsAWholeAndWhatLastsOrWaitsStays() throws {
        let state = try open()
        func tell(_ event: Event, _ change: (inout Delivery) -> Void) throws {
            _ = try state.record(event)
            let known = try XCTUnwrap(try state.unroutedEvents(limit: 9).last)
            try state.route([(known.sequence, [delivery(known, event.subject, at: now)])])
            var sent = try XCTUnwrap(try state.deliveries(of: "a", limit: 1).first)
            sent.state = .sent
            change(&sent)
            try state.update([sent])
        }
        try tell(Event(.succeeded, in: "a", on: "old", at: now)) { _ in }
        try tell(Event(.succeeded, in: "a", on: "waiting", at: now)) { $0.state = .waiting }
        try tell(Event(.failed, in: "a", on: "lasting", at: now)) { _ in }
        try tell(Event(.succeeded, in: "a", on: "new", at: now + 100)) { _ in }
        try state.pruneNotices(before: now + 50)
        func left() throws -> [String] { try open().deliveries(of: nil, limit: 9).map(\.route) }
        XCTAssertEqual(try left(), ["new", "lasting", "waiting"])
        try state.pruneNotices(before: now + 200)
        XCTAssertEqual(try left(), ["lasting", "waiting"])
    }

    func testWhatLastsIsOneEventAndItsEndAnother() throws {
        let state = try open()
        let trouble = Event(.drift, in: "a", on: "", at: now)
        for _ in 0..<2 { try state.settle([trouble], of: [.drift, .unhealthy], in: "a", at: now) }
        XCTAssertEqual(try state.lasting([.drift, .unhealthy], in: "a").map(\.kind), [.drift])
        try state.settle([], of: [.unhealthy], in: "a", at: now)
        try state.settle([], of: [.drift], in: "b", at: now)
        XCTAssertEqual(try state.unroutedEvents(limit: 9).map(\.kind), [.drift])
        for _ in 0..<2 { try state.settle([], of: [.drift], in: "a", at: now + 9) }
        let events = try state.unroutedEvents(limit: 9)
        XCTAssertEqual(events.map(\.kind), [.drift, .recovered])
        XCTAssertEqual(events.map(\.subject), ["", "drift"])
        XCTAssertEqual(events.last?.detail, "\(events[0].sequence)")
        XCTAssertEqual(events.first?.overAt, now + 9)
        XCTAssertEqual(try state.lasting([.drift], in: "a"), [])
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

    func testWhoWasToldOfAnyOfItIsToldThatItIsOver() throws {
        let state = try open()
        func run(_ number: Int, _ outcome: Deployment.Outcome) throws {
            var plan = Sample.plan(number)
            plan.kind = .deploy
            let run = try state.begin(
                plan, origin: Sample.origin, approval: nil, at: Sample.timestamp(number).date)
            let error = DeployError(.stepFailed, what: "a", why: "b", next: "c")
            try state.finish(
                run, outcome: outcome, error: outcome == .succeeded ? nil : error,
                at: Sample.timestamp(number).date + 1)
        }
        try run(10, .failed)
        try run(20, .failed)
        try run(30, .succeeded)
        let events = try state.unroutedEvents(limit: 99)
        let failed = events.filter { $0.kind == .failed }
        for (event, route) in zip(failed, ["x", "y"]) {
            try state.route([(event.sequence, [delivery(event, route, at: now)])])
        }
        let over = try XCTUnwrap(events.last { $0.kind == .recovered })
        let first = try XCTUnwrap(over.detail.flatMap(Int64.init))
        XCTAssertEqual(first, failed.first?.sequence)
        XCTAssertEqual(try state.routes(toldOfTroubleSince: first), ["x", "y"])
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
