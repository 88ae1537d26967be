public typealias FuzzedBody = @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32

// SwiftPM renames main, so libFuzzer is driven from an ordinary one.
@_silgen_name("LLVMFuzzerRunDriver") func runDriver(
    _ argc: UnsafeMutablePointer<Int32>, _ argv: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<Int8>?>>,
    _ body: FuzzedBody
) -> Int32

/// Hands input after input to `body` until libFuzzer has had enough.
public func drive(_ body: FuzzedBody) {
    var argc = CommandLine.argc
    var argv = CommandLine.unsafeArgv
    _ = runDriver(&argc, &argv, body)
}
