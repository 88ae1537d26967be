/// Writes resources of one type as a client is to see them: the stored bytes with `groups`, `members` and `meta` woven in (RFC 7643,
/// sections 3.1, 4.1.2 and 4.2). Only a projection that takes something from the stored part has it parsed.
public final class ResourceRenderer: Sendable {
    private let plan: ProjectionPlan
    /// `"resourceType":"User"`, or nothing where the projection leaves it out.
    private let resourceType: [UInt8]
    private let showsMeta: Bool
    private let showsCreated: Bool
    private let showsModified: Bool
    private let showsLocation: Bool
    private let showsVersion: Bool
    /// In JSON, without quotes.
    private let base: [UInt8]
    private let location: [UInt8]
    private let plainLocation: String
    private let groupParts: ReferenceParts
    private let memberParts: ReferenceParts

    /// - Parameters:
    ///   - baseURL: absolute, without a slash at its end: "https://example.com/scim/v2".
    public init(baseURL: String, type: ResourceType, projection: Projection) {
        let plan = ProjectionPlan(projection, type)
        self.plan = plan
        groupParts = ReferenceParts(plan.groups)
        memberParts = ReferenceParts(plan.members)
        base = Self.escaped(baseURL)
        location = base + Self.escaped(type.endpoint) + [UInt8(ascii: "/")]
        plainLocation = baseURL + type.endpoint + "/"
        showsMeta = plan.meta != .none
        showsCreated = plan.meta.shows("created")
        showsModified = plan.meta.shows("lastModified")
        showsLocation = plan.meta.shows("location")
        showsVersion = plan.meta.shows("version")
        var start: [UInt8] = []
        if plan.meta.shows("resourceType") {
            start.append(contentsOf: #""resourceType":"#.utf8)
            JSONWriter.string(type.name, into: &start)
        }
        resourceType = start
    }

    /// The absolute address of a resource: what `Location` and `meta.location` say.
    public func location(of id: String) -> String {
        var bytes: [UInt8] = []
        ByteSink.append(to: &bytes) { Self.percentEncode(id, into: &$0) }
        return plainLocation + String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the resource as one JSON object.
    ///
    /// - Throws: 500 where the stored bytes are not a JSON object; then nothing is appended.
    public func write(_ entry: ResourceEntry, into bytes: inout [UInt8]) throws {
        var written = WrittenReferences(most: 0)
        try write(entry, into: &bytes, &written)
    }

    /// - Parameter written: of the page so far, by this renderer.
    public func write(_ entry: ResourceEntry, into bytes: inout [UInt8], _ written: inout WrittenReferences) throws {
        guard entry.body.count > 2, entry.body.first == UInt8(ascii: "{"), entry.body.last == UInt8(ascii: "}") else {
            throw Self.damaged(entry)
        }
        var part: JSONObject?
        if !plan.isWholeBody {
            guard let object = try? JSONValue.parse(entry.body, Self.limits).object else { throw Self.damaged(entry) }
            part = plan.applied(to: object)
        }
        ByteSink.append(to: &bytes) { sink in
            if let part {
                JSONWriter.members(part, into: &sink)
            } else {
                entry.body.withUnsafeBufferPointer { sink.put(UnsafeBufferPointer(rebasing: $0.dropLast())) }
            }
            if plan.showsGroups, !entry.groups.isEmpty {
                list("groups", entry.groups, groupParts, into: &sink) { group, sink in
                    written.put(group, into: &sink) { self.element(group, groupParts, into: &$0) }
                }
            }
            if plan.showsMembers, let members = entry.members {
                list("members", members, memberParts, into: &sink) { self.element($0, memberParts, into: &$1) }
            }
            if showsMeta { meta(entry, into: &sink) }
            sink.put(UInt8(ascii: "}"))
        }
    }

    private static let limits = JSONLimits(depth: 64, values: .max, members: .max)

    private static func damaged(_ entry: ResourceEntry) -> SCIMError {
        SCIMError(500, nil, "The stored \(entry.type) \(entry.id.prefix(100)) is damaged.")
    }

    private func meta(_ entry: ResourceEntry, into sink: inout ByteSink) {
        JSONWriter.word(#","meta":{"#, into: &sink)
        Self.put(resourceType, into: &sink)
        var isFirst = resourceType.isEmpty
        if showsCreated { Self.date(#""created":""#, entry.created, &isFirst, into: &sink) }
        if showsModified { Self.date(#""lastModified":""#, entry.modified, &isFirst, into: &sink) }
        if showsLocation {
            Self.name(#""location":""#, &isFirst, into: &sink)
            Self.put(location, into: &sink)
            Self.percentEncode(entry.id, into: &sink)
            sink.put(UInt8(ascii: "\""))
        }
        if showsVersion {
            Self.name(#""version":"W/\""#, &isFirst, into: &sink)
            JSONWriter.content(entry.version, into: &sink)
            JSONWriter.word(#"\"""#, into: &sink)
        }
        sink.put(UInt8(ascii: "}"))
    }

    /// What of a reference the projection shows.
    private struct ReferenceParts {
        let value: Bool
        let ref: Bool
        let display: Bool
        let type: Bool

        init(_ fate: ProjectionPlan.Fate) {
            value = fate.shows("value")
            ref = fate.shows("$ref")
            display = fate.shows("display")
            type = fate.shows("type")
        }

        func show(_ reference: Reference) -> Bool {
            value || ref && reference.endpoint != nil || display && reference.display != nil || type && reference.type != nil
        }
    }

    /// Nothing where there is nobody, or where the projection leaves nothing of anybody.
    private func list(
        _ attribute: StaticString, _ references: [Reference], _ parts: ReferenceParts, into sink: inout ByteSink,
        _ element: (Reference, inout ByteSink) -> Void
    ) {
        var isFirst = true
        for reference in references where parts.show(reference) {
            if isFirst {
                JSONWriter.word(#",""#, into: &sink)
                JSONWriter.word(attribute, into: &sink)
                JSONWriter.word(#"":["#, into: &sink)
            } else {
                sink.put(UInt8(ascii: ","))
            }
            isFirst = false
            element(reference, &sink)
        }
        if !isFirst { sink.put(UInt8(ascii: "]")) }
    }

    private func element(_ reference: Reference, _ parts: ReferenceParts, into sink: inout ByteSink) {
        sink.put(UInt8(ascii: "{"))
        var isStart = true
        if parts.value {
            Self.name(#""value":"#, &isStart, into: &sink)
            JSONWriter.string(reference.value, into: &sink)
        }
        if parts.ref, let endpoint = reference.endpoint {
            Self.name(#""$ref":""#, &isStart, into: &sink)
            Self.put(base, into: &sink)
            JSONWriter.content(endpoint, into: &sink)
            sink.put(UInt8(ascii: "/"))
            Self.percentEncode(reference.value, into: &sink)
            sink.put(UInt8(ascii: "\""))
        }
        if parts.display, let display = reference.display {
            Self.name(#""display":"#, &isStart, into: &sink)
            JSONWriter.string(display, into: &sink)
        }
        if parts.type, let type = reference.type {
            Self.name(#""type":"#, &isStart, into: &sink)
            JSONWriter.string(type, into: &sink)
        }
        sink.put(UInt8(ascii: "}"))
    }

    // MARK: Bytes

    @inline(__always)
    private static func name(_ text: StaticString, _ isFirst: inout Bool, into sink: inout ByteSink) {
        if !isFirst { sink.put(UInt8(ascii: ",")) }
        isFirst = false
        JSONWriter.word(text, into: &sink)
    }

    private static func date(_ name: StaticString, _ milliseconds: Int, _ isFirst: inout Bool, into sink: inout ByteSink) {
        Self.name(name, &isFirst, into: &sink)
        ResourceDate.put(milliseconds: milliseconds, into: &sink)
        sink.put(UInt8(ascii: "\""))
    }

    private static func put(_ bytes: [UInt8], into sink: inout ByteSink) { bytes.withUnsafeBufferPointer { sink.put($0) } }

    private static func escaped(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        JSONWriter.content(text, into: &bytes)
        return bytes
    }

    /// The unreserved characters of RFC 3986 stay; the rest needs no escape in JSON.
    private static func percentEncode(_ id: String, into sink: inout ByteSink) {
        var id = id
        id.withUTF8 { bytes in
            // Nearly every id is plain as a whole, and goes out in one piece.
            if bytes.allSatisfy(isUnreserved) { return sink.put(bytes) }
            for byte in bytes {
                if isUnreserved(byte) {
                    sink.put(byte)
                } else {
                    sink.put(UInt8(ascii: "%"))
                    JSONWriter.hexadecimal(byte, isCapital: true, into: &sink)
                }
            }
        }
    }

    @inline(__always)
    private static func isUnreserved(_ byte: UInt8) -> Bool {
        byte < 128 && (byte < 64 ? 0x03FF_6000_0000_0000 : 0x47FF_FFFE_87FF_FFFE) as UInt64 >> UInt64(byte & 63) & 1 == 1
    }
}
