import Foundation
import Mimecast
import Planning
import Synchronization
import Testing

@testable import Lifecycle

struct GraphTests {
    /// The whole text, and what it was made of.
    private func export(_ bench: Bench, _ format: GraphFormat) async throws -> (text: String, nodes: [GraphNode], edges: [GraphEdge]) {
        let parts = Mutex((nodes: [GraphNode](), edges: [GraphEdge]()))
        try await TenantGraph(store: bench.store, tenant: "CACME").walk(
            node: { node in parts.withLock { $0.nodes.append(node) } }, edge: { edge in parts.withLock { $0.edges.append(edge) } })
        let (nodes, edges) = parts.withLock { $0 }
        var text = format.head("CACME")
        for (index, node) in nodes.enumerated() { text += format.node(node, isFirst: index == 0) }
        text += format.middle
        for (index, edge) in edges.enumerated() { text += format.edge(edge, isFirst: index == 0) }
        return (text + format.foot, nodes, edges)
    }

    private func withGraph(_ body: (Bench) async throws -> Void) async throws {
        try await withBench { bench in
            bench.vendor.tenant.members["g1"] = [at("carl"), at("ann"), "guest@elsewhere.example"]
            bench.vendor.tenant.groups[0].name = "Staff & \"friends\" <all>\\"
            _ = try await bench.plan([Person(address: at("ann"), externalID: "a"), Person(address: at("dora"))])
            try await body(bench)
        }
    }

    @Test func `Everything is in it, and what links it`() async throws {
        try await withGraph { bench in
            let graph = try await export(bench, .json)
            #expect(
                Set(graph.nodes.map(\.id)) == [
                    "tenant:CACME", "domain:acme.example", "person:\(at("ann"))", "person:\(at("dora"))", "account:\(at("ann"))",
                    "account:\(at("bob"))", "account:\(at("carl"))", "account:\(at("dora"))", "address:guest@elsewhere.example", "group:g1",
                ])
            #expect(graph.nodes.first { $0.id == "person:\(at("ann"))" }?.facts["externalId"] == "a")
            #expect(graph.nodes.first { $0.id == "account:\(at("bob"))" }?.facts["status"] == "disabled")
            let edges = Set(graph.edges.map { "\($0.from) \($0.kind.rawValue) \($0.to)" })
            #expect(edges.count == graph.edges.count)
            #expect(edges.contains("person:\(at("ann")) owns account:\(at("ann"))"))
            #expect(edges.contains("account:\(at("carl")) member-of group:g1"))
            #expect(edges.contains("address:guest@elsewhere.example member-of group:g1"))
            #expect(edges.contains("account:\(at("bob")) belongs-to domain:acme.example"))
            let known = Set(graph.nodes.map(\.id))
            #expect(graph.edges.allSatisfy { known.contains($0.from) && known.contains($0.to) }, "an edge leads nowhere")
        }
    }

    @Test func `JSON is one document, with every piece`() async throws {
        try await withGraph { bench in
            let graph = try await export(bench, .json)
            let document = try JSONDecoder().decode(JSON.self, from: Data(graph.text.utf8))
            guard case .array(let nodes)? = document["nodes"], case .array(let edges)? = document["edges"] else {
                Issue.record("no lists: \(graph.text)")
                return
            }
            #expect(nodes.count == graph.nodes.count && edges.count == graph.edges.count)
            #expect(nodes.contains { $0["label"]?.text == "Staff & \"friends\" <all>\\" })
        }
    }

    @Test func `Names that would end a quotation do not`() async throws {
        try await withGraph { bench in
            let dot = try await export(bench, .dot).text
            #expect(dot.contains(#""group:g1" [label="Staff & \"friends\" <all>\\", shape=tab];"#))
            let xml = try await export(bench, .graphml).text
            #expect(xml.contains(#"<data key="label">Staff &amp; &quot;friends&quot; &lt;all&gt;\</data>"#))
        }
    }

    @Test func `Control characters leave no broken document`() {
        let node = GraphNode(kind: .group, key: "g\u{0}", label: "a\u{1}b\nc\r\nd")
        #expect(GraphFormat.graphml.node(node, isFirst: true).contains("a\u{FFFD}b&#10;c&#13;&#10;d"))
        #expect(GraphFormat.dot.node(node, isFirst: true).contains("a\u{1}b c d"))
    }

    @Test func `A tenant that was not read has no graph`() async throws {
        try await withBench { bench in
            let error = try await lifecycleError { try await export(bench, .dot) }
            #expect(error.code == "no-snapshot")
        }
    }
}
