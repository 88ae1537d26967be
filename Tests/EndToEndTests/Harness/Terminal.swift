import Foundation

/// A terminal at which somebody sits: what is typed there, a program reads as from a keyboard.
final class Terminal: Sendable {
    /// The device that a program opens.
    let path: String
    private let keyboard: Int32

    init() throws {
        keyboard = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        // By the kernel's own calls: Glibc's module shows none of posix_openpt and its kin.
        var number: UInt32 = 0
        var isLocked: Int32 = 0
        guard keyboard >= 0, ioctl(keyboard, Self.number, &number) == 0, ioctl(keyboard, Self.lock, &isLocked) == 0 else {
            throw HarnessError("There is no terminal: \(String(cString: strerror(errno)))")
        }
        path = "/dev/pts/\(number)"
    }

    /// TIOCGPTN and TIOCSPTLCK (ioctl_tty(2)).
    private static let number: UInt = 0x8004_5430
    private static let lock: UInt = 0x4004_5431

    deinit { close(keyboard) }

    func type(_ line: String) throws {
        let bytes = Array((line + "\n").utf8)
        guard write(keyboard, bytes, bytes.count) == bytes.count else { throw HarnessError("Nothing can be typed.") }
    }
}
