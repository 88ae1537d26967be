import Foundation
import Mimecast

/// Who signs in to v1 by password. Its descriptions show no secret.
public struct PersonLogin: Sendable, Hashable {
    /// Which password it is (facts, section 2).
    public enum Kind: String, Sendable {
        case cloud = "Basic-Cloud"
        case directory = "Basic-Ad"
    }

    /// The keys that sign.
    public struct Binding: Sendable, Hashable {
        public let accessKey: String
        /// Base64.
        public let secretKey: String

        public init(accessKey: String, secretKey: String) {
            self.accessKey = accessKey
            self.secretKey = secretKey
        }
    }

    public let username: String
    public let password: String
    public let kind: Kind
    /// A binding that there is already: used until it runs out, and then renewed, not replaced.
    public let binding: Binding?

    public init(username: String, password: String, kind: Kind = .cloud, binding: Binding? = nil) {
        self.username = username
        self.password = password
        self.kind = kind
        self.binding = binding
    }

    /// The header `Authorization` of a login.
    var header: String { "\(kind.rawValue) \(Data("\(username):\(password)".utf8).base64EncodedString())" }
}

extension PersonLogin: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "login of \(username)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: ["login": description]) }
}

extension PersonLogin.Binding: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "v1 binding" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: ["binding": description]) }
}
