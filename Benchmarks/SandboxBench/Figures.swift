import Foundation

extension [Duration] {
    var median: Duration { isEmpty ? .zero : sorted()[count / 2] }
}

/// Numbers as the tables show them.
enum Figure {
    static func seconds(_ duration: Duration) -> String { String(format: "%.1f", duration / .seconds(1)) }
    static func milliseconds(_ duration: Duration) -> String { String(format: "%.2f ms", duration / .milliseconds(1)) }
    static func ratio(_ left: Duration, _ right: Duration) -> String { String(format: "%.1f", left / right) }
    /// How much of the right one the left one is.
    static func percent(_ left: Duration, _ right: Duration) -> String { String(format: "%.0f %%", 100 * (left / right)) }
    static func rate(_ count: Int, _ duration: Duration) -> String { String(format: "%.0f", Double(count) / (duration / .seconds(1))) }
}

/// What Linux says about a process; nil elsewhere.
struct ProcessMemory {
    /// Kilobytes that no file is behind.
    let anonymous: Int

    enum Process {
        case own
        case other(Int)
    }

    init?(_ pid: Int) { self.init(.other(pid)) }

    init?(_ process: Process) {
        let place =
            switch process {
            case .own: "self"
            case .other(let pid): String(pid)
            }
        guard let text = try? String(contentsOfFile: "/proc/\(place)/smaps_rollup", encoding: .utf8),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix("Anonymous:") }),
            let kilobytes = line.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { return nil }
        anonymous = kilobytes
    }
}
