import Mimecast
import MimecastClient
import SCIM
import SCIMClient

/// Proves that SCIM does what it answers: one person's title is set to a marker, read back, and put back.
///
/// The marker holds the title that was there before. Whoever is killed in between leaves it, and the next run with the same person puts
/// the title back from it, on whatever machine. The undo is not cancelled with the run.
struct Canary: Sendable {
    enum Outcome: Sendable, Hashable {
        /// It showed, and was put back.
        case kept
        /// It was answered as done and never showed.
        case lost
        /// SCIM showed it and the API did not.
        case hiddenFromTheAPI
        /// It showed, and the undo was answered as done and never did.
        case stuck(marker: String)
    }

    struct Report: Sendable, Hashable {
        var outcome: Outcome
        /// A marker that an earlier run had left was taken away first.
        var cleanedUp = false
    }

    private static let readings = 3

    let scim: SCIMClient
    let api: TenantClient
    let address: String
    let clock: any Clock<Duration>

    /// - Throws: ``LifecycleError`` where the person is not there or may not be written; `ClientError`.
    func fly() async throws -> Report {
        var user = try await find()
        var report = Report(outcome: .kept)
        if let left = CanaryMarker(reading: title(user)) {
            try await set(user.id, left.old, unless: nil)
            guard let restored = try await reading(user.id, until: { $0 == left.old }) else {
                return Report(outcome: .stuck(marker: left.title))
            }
            user = restored
            report.cleanedUp = true
        }
        let marker = CanaryMarker(over: title(user))
        guard (marker.old?.count ?? 0) <= CanaryMarker.longest, CanaryMarker(reading: marker.old) == nil else {
            throw LifecycleError(
                .input, "canary-unsuitable", "The title of \(address) is longer than \(CanaryMarker.longest) characters; nothing was sent.",
                remedy: "Take somebody with a shorter one.")
        }
        let apiShowsTitles = try await apiTitle() == marker.old && marker.old != nil
        let (before, id) = (user, user.id)
        // Whatever comes now, and whoever says stop: it is put back.
        let flight = Task {
            var outcome = Outcome.kept
            var trouble: (any Error)?
            do {
                try await set(id, marker.title, unless: before.version)
                if try await reading(id, until: { $0 == marker.title }) == nil {
                    outcome = .lost
                } else if apiShowsTitles, try await !apiShows(marker.title) {
                    outcome = .hiddenFromTheAPI
                }
            } catch let error as ClientError where !error.outcomeUnknown {
                throw error
            } catch {
                trouble = error
            }
            let isBack = try await undo(id, marker)
            if let trouble { throw trouble }
            return isBack ? outcome : .stuck(marker: marker.title)
        }
        report.outcome = try await flight.value
        return report
    }

    /// - Returns: whether the title reads as before.
    private func undo(_ id: String, _ marker: CanaryMarker) async throws -> Bool {
        for _ in 0..<Self.readings {
            // Where it never showed it may yet come: a title of somebody else's making is left alone all the same.
            let user = try await get(id)
            let now = title(user)
            guard now == marker.title || now == marker.old else { return true }
            do {
                try await set(id, marker.old, unless: user.version)
            } catch let error as ClientError where error.status == 412 {
                continue
            }
            if try await reading(id, until: { $0 == marker.old }) != nil { return true }
        }
        return false
    }

    private func find() async throws -> SCIMRecord {
        let found = try await translated { () -> SCIMRecord? in
            if let user = try await scim.find(userName: address), SCIMUser.address(of: user) == EmailAddress.key(address) { return user }
            let filter = Filter.compare(AttributePath("emails", "value"), .eq, .string(address))
            return try await scim.first(.users, filter).first { SCIMUser.address(of: $0) == EmailAddress.key(address) }
        }
        guard let found else {
            throw LifecycleError(
                .input, "no-such-account", "SCIM shows nobody with the address \(address); nothing was sent.",
                remedy: "Name somebody of the cloud directory whom nobody misses, such as a test account.")
        }
        return try await get(found.id)
    }

    private func get(_ id: String) async throws -> SCIMRecord { try await translated { try await scim.get(.users, id: id) } }

    private func title(_ user: SCIMRecord) -> String? {
        user.object.value(ofAttribute: "title")?.text.flatMap { $0.isEmpty ? nil : $0 }
    }

    private func set(_ id: String, _ title: String?, unless version: String?) async throws {
        let path = PatchPath(AttributePath("title"))
        let operation = title.map { PatchOperation(.replace, path, value: .string($0)) } ?? PatchOperation(.remove, path)
        do {
            _ = try await scim.patch(.users, id: id, [operation], ifMatch: version)
        } catch let error as SCIMClientError {
            guard error.code == .forbidden else { throw ClientError(error, namesResource: false) }
            throw LifecycleError(
                .notPermitted, "canary-refused", "SCIM does not let \(address) be changed: \(error.message)",
                remedy: "Take somebody whom the directory does not own, and give the application the right to write (user/write).")
        }
    }

    /// Reads until the title is as expected; a service may take a moment.
    private func reading(_ id: String, until isExpected: (String?) -> Bool) async throws -> SCIMRecord? {
        for turn in 1...Self.readings {
            let user = try await get(id)
            if isExpected(title(user)) { return user }
            if turn < Self.readings { try? await clock.sleep(for: .milliseconds(500)) }
        }
        return nil
    }

    private func apiShows(_ title: String) async throws -> Bool {
        for turn in 1...Self.readings {
            if try await apiTitle() == title { return true }
            if turn < Self.readings { try? await clock.sleep(for: .milliseconds(500)) }
        }
        return false
    }

    /// As the API's attributes have it; nil also where they do not.
    private func apiTitle() async throws -> String? {
        guard case .success(let list)? = try await api.attributes(of: [address]).first else { return nil }
        return list.attributes.first { $0.name?.lowercased() == "title" }?.value
    }

    private func translated<T>(_ body: () async throws -> T) async throws -> T {
        do {
            return try await body()
        } catch let error as SCIMClientError {
            throw ClientError(error, namesResource: false)
        }
    }
}

/// What became of the canary.
enum CanaryCheck {
    static func findings(_ report: Canary.Report, address: String) -> [Finding] {
        let remedy = """
            Prove single sign-on with one sign-in and renew what has run out (certificate, metadata); until then write by the API \
            (--writes api).
            """
        switch report.outcome {
        case .kept: return []
        case .lost:
            return [
                Finding(
                    .ssoDegraded, .error,
                    """
                    A change of the title of \(address) over SCIM was answered as done, and does not show when it is read back. \
                    Nothing is left of it.
                    """,
                    remedy: remedy)
            ]
        case .hiddenFromTheAPI:
            return [
                Finding(
                    .ssoDegraded, .error,
                    "A change of the title of \(address) shows over SCIM and not over the API. It was put back.", remedy: remedy)
            ]
        case .stuck(let marker):
            return [
                Finding(
                    .ssoDegraded, .error,
                    """
                    The change back of the title of \(address) was answered as done, and does not show: it may still read “\(marker)”.
                    """,
                    remedy: "Run muster doctor --canary \(address) again, which puts it back, or set the title in the console. \(remedy)")
            ]
        }
    }
}
