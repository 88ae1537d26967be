// swift-tools-version: 6.2

import PackageDescription

let package = Package(
    name: "people",
    platforms: [.macOS(.v15)],
    // Outside of this repository: .package(url: …, from: …)
    dependencies: [.package(name: "muster", path: "../..")],
    targets: [
        .executableTarget(
            name: "People", dependencies: [.product(name: "MimecastClient", package: "muster")],
            swiftSettings: [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)])
    ]
)
