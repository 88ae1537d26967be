import Foundation
import Mimecast
import TestSupport
import Testing

/// A store that cannot be used: 73 with cause and remedy, and what is in it stays whole.
@Suite struct StoreTests {
    /// On a new machine these may be missing.
    static let python = ["/usr/bin/python3", "/usr/local/bin/python3"].first { FileManager.default.isExecutableFile(atPath: $0) } ?? ""

    @Test func whatIsNoStoreIsRefused() async throws {
        try await Desk.with { desk in
            try desk.folder.write("This is a letter, not a database. \(String(repeating: "x", count: 4_096))", to: "letter.txt")
            let calls: [(store: String, code: String)] = [
                ("sqlite:\(desk.folder.path)", "store-cannot-open"), ("sqlite:letter.txt", "store-not-a-database"),
                ("sqlite:no/such/folder/muster.db", "store-cannot-open"), ("sqlite:letter.txt/muster.db", "store-cannot-open"),
                ("sqlite:sandbox.db", "store-newer"),
            ]
            for call in calls {
                let outcome = try await desk.muster("sync", "--json", "--store", call.store, expect: 73)
                #expect(outcome.error?["code"]?.text == call.code, "\(outcome)")
                let plain = try await desk.muster("sync", "--store", call.store, expect: 73)
                #expect(plain.err.contains("--store") && plain.out == "", "\(plain)")
            }
            #expect(try desk.folder.read("letter.txt").hasPrefix("This is a letter"))
        }
    }

    @Test func aStoreThatCannotBeWrittenSaysSo() async throws {
        try await Desk.with { desk in
            try await desk.muster("sync", expect: 0)
            // Rights do not bind root; a file system that is read-only does. /proc is one everywhere.
            let outcome = try await desk.muster("sync", "--json", "--store", "sqlite:/proc/muster.db", expect: 73)
            #expect(outcome.error?["code"]?.text?.hasPrefix("store-") == true)
        }
    }

    @Test(.enabled(if: !python.isEmpty, "python3 is needed to hold the lock"))
    func aLockedStoreIsWaitedForAndThenRefused() async throws {
        try await Desk.with { desk in
            try await desk.muster("sync", expect: 0)
            let script = """
                import sqlite3, sys, time
                db = sqlite3.connect("muster.db", isolation_level=None)
                db.execute("BEGIN IMMEDIATE")
                print("held", flush=True)
                time.sleep(600)
                """
            let holder = try desk.binary.start(["-c", script], program: Self.python)
            defer { holder.send(signal: SIGKILL) }
            try await eventually("the lock is held") { holder.standardOutput.contains("held") }
            let outcome = try await desk.muster("sync", "--json", expect: 73)
            #expect(outcome.error?["code"]?.text == "store-locked")
            #expect(outcome.error?["remedy"]?.text?.isEmpty == false)
            holder.send(signal: SIGKILL)
            _ = try await holder.outcome()
            try await desk.muster("sync", expect: 0)
        }
    }

    @Test(.enabled(if: !python.isEmpty, "python3 is needed to change the store"))
    func aStoreOfANewerMusterIsNotTouched() async throws {
        try await Desk.with { desk in
            try await desk.muster("sync", expect: 0)
            let script = """
                import sqlite3
                db = sqlite3.connect("muster.db")
                db.execute("INSERT INTO grdb_migrations (identifier) VALUES ('muster-99')")
                db.commit()
                """
            let change = try await desk.binary.start(["-c", script], program: Self.python).outcome()
            #expect(change.exit == 0, "\(change)")
            let outcome = try await desk.muster("sync", "--json", expect: 73)
            #expect(outcome.error?["code"]?.text == "store-newer")
            #expect(outcome.error?["message"]?.text?.contains("newer") == true)
        }
    }

    @Test func aFullDiskEndsTheRunAndNothingHalfDoneStays() async throws {
        try await Desk.with { desk in
            let users = try await desk.tenant.users()
            var csv = PeopleCSV(users)
            csv["nova@\(desk.sandbox.domain)"].name = "Nova"
            let id = try await desk.plan(csv, expect: 2)["plan"]?.text ?? ""
            let before = try await desk.muster("show", id, "--json", expect: 0).document
            // A limit for the size of files is a disk of that size: SIGXFSZ is ignored, so that the write fails instead.
            let full = "trap '' XFSZ; ulimit -f 8; exec \"$0\" \"$@\""
            let sync = try await desk.binary.start(
                ["-c", full, MusterBinary.path, "sync", "--json", "--store", "sqlite:small.db"], program: "/bin/bash"
            ).outcome()
            #expect(sync.exit == 73, "\(sync)")
            #expect(sync.error?["code"]?.text == "store-disk-full", "\(sync)")
            #expect(sync.error?["remedy"]?.text?.contains("space") == true || sync.error?["remedy"]?.text?.contains("disk") == true)

            let mark = try await desk.control.mark()
            let apply = try await desk.binary.start(["-c", full, MusterBinary.path, "apply", id, "--json"], program: "/bin/bash").outcome()
            #expect(apply.exit == 73, "\(apply)")
            #expect(apply.error?["code"]?.text == "store-disk-full", "\(apply)")
            // What could not be written down was not sent.
            #expect(try await desk.control.requests(since: mark).filter { $0.hadEffect }.isEmpty)
            #expect(try await desk.tenant.users() == users)
            #expect(try await desk.muster("show", id, "--json", expect: 0).document == before)
            // With space again, it goes on.
            try await desk.muster("apply", id, expect: 0)
            try await desk.expectInLine(csv)
        }
    }

    @Test(.enabled(if: TinyDisk.isPossible, "mounting needs rights"))
    func aDiskThatFillsUpInTheMiddleLeavesAStoreThatWorks() async throws {
        try await Desk.with { desk in
            let disk = try await TinyDisk(desk.binary, kilobytes: 1_536)
            let store = "sqlite:\(disk.path)/muster.db"
            let filler = disk.path + "/filler"
            // As much as is left beside an empty store.
            try await desk.muster("tenants", "list", "--store", store, expect: 0)
            try await disk.fill(filler, but: 24)
            let outcome = try await desk.muster("sync", "--json", "--store", store, expect: 73)
            #expect(outcome.error?["code"]?.text == "store-disk-full", "\(outcome)")
            try FileManager.default.removeItem(atPath: filler)
            let again = try await desk.muster("sync", "--json", "--store", store, expect: 0)
            #expect(again.document?["closed"]?.bool == true)
            await disk.unmount()
        }
    }
}

/// A file system of a few hundred kilobytes.
struct TinyDisk: Sendable {
    let path: String
    private let binary: MusterBinary

    /// Tried once, for real.
    static let isPossible: Bool = {
        guard geteuid() == 0, let folder = try? TemporaryFolder() else { return false }
        func call(_ command: String) -> Bool {
            let shell = try? MusterBinary(folder: folder.path).start(["-c", command], program: "/bin/sh")
            guard let shell else { return false }
            while shell.isRunning { usleep(2_000) }
            return shell.exit == 0
        }
        return call("mount -t tmpfs -o size=64k tmpfs '\(folder.path)'") && call("umount -l '\(folder.path)'")
    }()

    init(_ binary: MusterBinary, kilobytes: Int) async throws {
        self.binary = binary
        path = binary.folder + "/tiny"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try await shell("mount -t tmpfs -o size=\(kilobytes)k tmpfs '\(path)'")
    }

    /// Fills it up, but for some kilobytes.
    func fill(_ file: String, but kilobytes: Int) async throws {
        try await shell(
            "free=$(df -k --output=avail '\(path)' | tail -1); head -c $(( (free - \(kilobytes)) * 1024 )) /dev/zero > '\(file)'")
    }

    func unmount() async { try? await shell("umount -l '\(path)'") }

    private func shell(_ command: String) async throws {
        let outcome = try await binary.start(["-c", command], program: "/bin/bash").outcome()
        guard outcome.exit == 0 else { throw HarnessError("\(command): \(outcome)") }
    }
}
