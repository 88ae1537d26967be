import Foundation

/// A graph as text that other programs read, written piece by piece: a head, nodes, a middle, edges, a foot.
public enum GraphFormat: String, Sendable, CaseIterable {
    /// Graphviz.
    case dot
    /// GraphML 1.0, as yEd, Gephi and NetworkX read it.
    case graphml
    /// One document: `{"tenant","nodes":[{"id","kind","label",…}],"edges":[{"kind","from","to"}]}`.
    case json

    /// Facts that nodes may have; GraphML declares them beforehand.
    private static let facts = ["externalId", "internal", "name", "source", "status"]

    public func head(_ tenant: String) -> String {
        switch self {
        case .dot: "digraph \(Self.quoted(tenant)) {\n  rankdir=LR;\n  node [shape=box];\n"
        case .graphml:
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <graphml xmlns="http://graphml.graphdrawing.org/xmlns">

            """
                + (["kind", "label"] + Self.facts).map { "  <key id=\"\($0)\" for=\"node\" attr.name=\"\($0)\" attr.type=\"string\"/>\n" }
                .joined()
                + "  <key id=\"link\" for=\"edge\" attr.name=\"kind\" attr.type=\"string\"/>\n"
                + "  <graph id=\"\(Self.escaped(tenant))\" edgedefault=\"directed\">\n"
        case .json: "{\"tenant\":\(Self.json(tenant)),\"nodes\":["
        }
    }

    /// - Parameter isFirst: the first of its kind of piece, which in JSON has no comma before it.
    public func node(_ node: GraphNode, isFirst: Bool) -> String {
        switch self {
        case .dot:
            "  \(Self.quoted(node.id)) [label=\(Self.quoted(node.label)), shape=\(node.kind.shape)"
                + (node.facts["status"] == "disabled" ? ", style=dashed" : "") + "];\n"
        case .graphml:
            "    <node id=\"\(Self.escaped(node.id))\">"
                + ([("kind", node.kind.rawValue), ("label", node.label)] + node.facts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
                .map { "<data key=\"\($0.0)\">\(Self.escaped($0.1))</data>" }.joined() + "</node>\n"
        case .json:
            (isFirst ? "\n" : ",\n")
                + Self.json(node.facts.merging(["id": node.id, "kind": node.kind.rawValue, "label": node.label]) { $1 })
        }
    }

    public var middle: String { self == .json ? "\n],\"edges\":[" : "" }

    public func edge(_ edge: GraphEdge, isFirst: Bool) -> String {
        switch self {
        case .dot: "  \(Self.quoted(edge.from)) -> \(Self.quoted(edge.to)) [label=\(Self.quoted(edge.kind.rawValue))];\n"
        case .graphml:
            "    <edge source=\"\(Self.escaped(edge.from))\" target=\"\(Self.escaped(edge.to))\"><data key=\"link\">\(edge.kind.rawValue)</data></edge>\n"
        case .json: (isFirst ? "\n" : ",\n") + Self.json(["kind": edge.kind.rawValue, "from": edge.from, "to": edge.to])
        }
    }

    public var foot: String {
        switch self {
        case .dot: "}\n"
        case .graphml: "  </graph>\n</graphml>\n"
        case .json: "\n]}\n"
        }
    }

    /// In DOT a backslash begins an escape, and a line's end is none.
    private static func quoted(_ text: String) -> String {
        let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"" + String(escaped.map { $0.isNewline ? " " : $0 }) + "\""
    }

    /// XML 1.0 has no place for most control characters, not even escaped.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\t", "\n", "\r": result += "&#\(scalar.value);"
            case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func json(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Texts and dictionaries of texts, which can always be written.
        return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "null"
    }
}

extension GraphNode.Kind {
    fileprivate var shape: String {
        switch self {
        case .tenant: "doubleoctagon"
        case .domain: "folder"
        case .person: "ellipse"
        case .account, .address: "box"
        case .group: "tab"
        case .role: "diamond"
        }
    }
}
