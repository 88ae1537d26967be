import ArgumentParser
import Foundation
import Lifecycle
import Synchronization

struct GraphCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "graph", abstract: "Persons, accounts, groups, roles and domains, and what links them.",
        subcommands: [GraphExport.self])
}

extension GraphFormat: ExpressibleByArgument {}

struct GraphExport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write the last read as a graph for other programs.",
        discussion: """
              muster graph export --format dot | dot -Tsvg > tenant.svg
              muster graph export --format graphml > tenant.graphml       (yEd, Gephi, NetworkX)
              muster graph export --format json | jq '.edges[] | select(.kind == "holds")'
              muster graph export --format dot --as-of 2026-11-24          (as the last read until then showed it)
            """)

    @OptionGroup var global: GlobalOptions
    @Option(help: "dot, graphml or json.") var format: GraphFormat
    @Option(help: ArgumentHelp("As the last read until then showed it; links are today's.", valueName: "time")) var asOf: PastTime?

    func run() async throws {
        let work = try await Workbench(global)
        let code = try await work.code()
        let sheet = Sheet(format: format)
        try await TenantGraph(store: work.store, tenant: code).walk(
            asOf: asOf?.date, node: { sheet.put($0, tenant: code) }, edge: { sheet.put($0) })
        sheet.end(tenant: code)
    }

    /// What is written so far. Nothing is, before the first node has come: an error leaves no half of a document.
    private final class Sheet: Sendable {
        private let format: GraphFormat
        private let state = Mutex((nodes: 0, edges: 0))

        init(format: GraphFormat) { self.format = format }

        func put(_ node: GraphNode, tenant: String) {
            state.withLock { state in
                if state.nodes == 0 { write(format.head(tenant)) }
                write(format.node(node, isFirst: state.nodes == 0))
                state.nodes += 1
            }
        }

        func put(_ edge: GraphEdge) {
            state.withLock { state in
                if state.edges == 0 { write(format.middle) }
                write(format.edge(edge, isFirst: state.edges == 0))
                state.edges += 1
            }
        }

        func end(tenant: String) {
            if state.withLock({ $0.edges }) == 0 { write(format.middle) }
            write(format.foot)
            fflush(nil)
        }

        private func write(_ text: String) { print(text, terminator: "") }
    }
}
