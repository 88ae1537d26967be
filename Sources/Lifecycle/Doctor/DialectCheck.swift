import Mimecast

/// The dialect that a v2 application is served, against the one that Muster speaks to it.
enum DialectCheck {
    static func findings(configured: Dialect, spoken: Dialect, code: String) -> [Finding] {
        guard configured != spoken else { return [] }
        return [
            Finding(
                .wrongDialect, .error,
                """
                Muster speaks the \(configured.rawValue) dialect here, and the application is served the \(spoken.rawValue) one: lists \
                and updates would fail or be misread.
                """,
                remedy: """
                    Say --dialect \(spoken.rawValue), or add the tenant again and let Muster find it out: muster tenants add \(code) … \
                    --dialect auto.
                    """)
        ]
    }
}
