// swift-tools-version: 6.2

import PackageDescription

let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    // Asynchronous functions stay where their caller runs: on an event loop every other one would be one more turn of the loop.
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// A failpoint stops the process at a chosen journal write. Debug builds alone, which the tests drive, contain it.
let withFailpoints = strict + [.define("FAILPOINTS", .when(configuration: .debug))]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let bitCollections = Target.Dependency.product(name: "BitCollections", package: "swift-collections")
let configuration = Target.Dependency.product(name: "Configuration", package: "swift-configuration")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let grdbSQLite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioHTTPCompression = Target.Dependency.product(name: "NIOHTTPCompression", package: "swift-nio-extras")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let swiftASN1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")
let x509 = Target.Dependency.product(name: "X509", package: "swift-certificates")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")

let package = Package(
    name: "muster",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "muster", targets: ["muster"]),
        .library(name: "MimecastClient", targets: ["MimecastClient", "Mimecast", "HTTPTransport"]),
        .library(name: "SCIM", targets: ["SCIM"]),
        .library(name: "SCIMClient", targets: ["SCIMClient", "HTTPTransport"]),
        .library(name: "SCIMServer", targets: ["SCIMServer"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1.git", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-certificates.git", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // The rooms, top to bottom: a target imports only what stands below it (ARCHITECTURE.md).
        .executableTarget(name: "muster", dependencies: ["MusterCommands"], swiftSettings: strict),
        .target(
            name: "MusterCommands",
            dependencies: [
                "Sandbox", "Lifecycle", "Sources", "Planning", "SCIMClient", "MimecastClient", "HTTPTransport", "Mimecast", "MusterStore",
                argumentParser, configuration, crypto, logging, nioCore, nioPosix, serviceLifecycle, unixSignals, yams,
            ],
            swiftSettings: strict
        ),
        .target(
            name: "Sandbox",
            dependencies: [
                "Mimecast", "SCIM", "SCIMServer", "SCIMStore", "MusterStore",
                crypto, cryptoExtras, httpTypes, hummingbird, logging, mustache, nioCore, nioHTTPTypes, nioPosix, serviceLifecycle,
            ],
            swiftSettings: strict
        ),
        .target(
            name: "Lifecycle",
            dependencies: [
                "Planning", "MimecastClient", "Mimecast", "SCIMClient", "SCIM", "HTTPTransport", "MusterStore", bitCollections, crypto,
            ],
            swiftSettings: withFailpoints
        ),
        .target(name: "Sources", dependencies: ["Planning", "Mimecast", "SCIM", crypto], swiftSettings: strict),
        .target(name: "Planning", dependencies: ["Mimecast", crypto], swiftSettings: strict),
        .target(
            name: "MimecastClient",
            dependencies: ["Mimecast", "HTTPTransport", logging, nioCore, nioHTTP1, nioPosix],
            swiftSettings: strict
        ),
        .target(name: "Mimecast", dependencies: [crypto], swiftSettings: strict),
        .target(name: "SCIMServer", dependencies: ["SCIM", crypto, httpTypes], swiftSettings: strict),
        .target(name: "SCIMClient", dependencies: ["SCIM", "HTTPTransport"], swiftSettings: strict),
        .target(name: "SCIMStore", dependencies: ["SCIM", "MusterStore"], swiftSettings: strict),
        .target(name: "SCIM", swiftSettings: strict),
        .target(
            name: "HTTPTransport", dependencies: [asyncHTTPClient, nioCore, nioEmbedded, nioHTTP1, nioHTTPCompression],
            swiftSettings: strict),
        .target(name: "MusterStore", dependencies: [grdb, grdbSQLite], swiftSettings: strict),
        .target(
            name: "TestSupport",
            dependencies: ["Planning", "MimecastClient", "HTTPTransport", "Mimecast", "MusterStore"],
            path: "Tests/TestSupport",
            swiftSettings: strict
        ),

        // Driven by script/bench; no room of the house and no product.
        .executableTarget(
            name: "SandboxBench",
            dependencies: [
                "Lifecycle", "Planning", "MimecastClient", "HTTPTransport", "Mimecast", "MusterStore", argumentParser, asyncHTTPClient,
                grdb, grdbSQLite, nioCore, nioHTTP1,
            ],
            path: "Benchmarks/SandboxBench",
            swiftSettings: strict
        ),

        .testTarget(name: "MimecastTests", dependencies: ["Mimecast"], swiftSettings: strict),
        .testTarget(
            name: "MimecastClientTests",
            dependencies: [
                "MimecastClient", "HTTPTransport", "Mimecast", "TestSupport", asyncHTTPClient, crypto, nioCore, nioHTTP1, nioPosix, nioSSL,
                nioTLS, swiftASN1, x509,
            ],
            swiftSettings: strict
        ),
        .testTarget(name: "MusterStoreTests", dependencies: ["MusterStore"], swiftSettings: strict),
        .testTarget(name: "SCIMTests", dependencies: ["SCIM"], swiftSettings: strict),
        .testTarget(name: "SCIMServerTests", dependencies: ["SCIMServer", "SCIM", httpTypes], swiftSettings: strict),
        .testTarget(
            name: "SCIMClientTests", dependencies: ["SCIMClient", "SCIM", "HTTPTransport", "TestSupport", asyncHTTPClient],
            swiftSettings: strict),
        .testTarget(name: "SCIMStoreTests", dependencies: ["SCIMStore", "SCIM", "MusterStore"], swiftSettings: strict),
        .testTarget(
            name: "SandboxTests",
            dependencies: [
                "Sandbox", "MimecastClient", "HTTPTransport", "Mimecast", "SCIMStore", "MusterStore",
                asyncHTTPClient, logging, nioCore, nioHTTP1, nioPosix, serviceLifecycle,
            ],
            swiftSettings: strict
        ),
        .testTarget(name: "PlanningTests", dependencies: ["Planning", "Mimecast"], swiftSettings: strict),
        .testTarget(name: "SourcesTests", dependencies: ["Sources", "Planning", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "LifecycleTests",
            dependencies: [
                "Lifecycle", "Sources", "Planning", "SCIMClient", "SCIM", "MimecastClient", "HTTPTransport", "Mimecast", "MusterStore",
                "TestSupport",
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["muster", "TestSupport", "Planning", "MimecastClient", "HTTPTransport", "Mimecast"],
            swiftSettings: strict
        ),
    ]
)

// The fuzzers, which need libFuzzer's instrumentation and with it unsafe flags: script/fuzz
if Context.environment["FUZZ"] != nil {
    let instrumented = strict + [.unsafeFlags(["-sanitize=fuzzer"])]
    for target in package.targets where ["Mimecast", "SCIM"].contains(target.name) { target.swiftSettings = instrumented }
    package.targets.append(.target(name: "FuzzDriver", path: "Fuzz/FuzzDriver", swiftSettings: strict))
    let fuzzers = [
        "FuzzBody": "Mimecast", "FuzzSignature": "Mimecast", "FuzzJson": "SCIM", "FuzzFilter": "SCIM", "FuzzPath": "SCIM",
        "FuzzPatch": "SCIM",
    ]
    package.targets += fuzzers.map { name, room in
        .executableTarget(
            name: name,
            dependencies: ["FuzzDriver", .byName(name: room)],
            path: "Fuzz/\(name)",
            swiftSettings: instrumented,
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"]), .linkedLibrary("stdc++")]
        )
    }
}

// While a room is being rebuilt: MUSTER_ONLY=Planning,PlanningTests swift test
if let only = Context.environment["MUSTER_ONLY"]?.split(separator: ",").map(String.init), !only.isEmpty {
    package.targets = package.targets.filter { only.contains($0.name) }
    package.products = package.products.filter { only.contains($0.name) }
}
