extension Filter {
    /// Reads a filter (RFC 7644, section 3.4.2.2): at most 8,192 bytes, 500 comparisons, and 32 parentheses and brackets deep.
    ///
    /// `and` binds stronger than `or`; both gather from the left. What the names mean is no matter here.
    ///
    /// - Parameter urns: the schemas that names may be prefixed with (``ResourceType/urns``); an unknown URN ends at its last colon.
    /// - Throws: 400 `invalidFilter`, with the place and what was expected there.
    public static func parse(_ text: String, urns: [String]) throws -> Filter {
        do throws(SyntaxFailure) {
            var syntax = try FilterSyntax(text, urns: urns)
            return try syntax.wholeFilter()
        } catch {
            throw SCIMError.invalidFilter(error.sentence("Filter", text))
        }
    }
}

extension AttributePath {
    /// Reads the name of an attribute, as in `sortBy` and `attributes` (RFC 7644, section 3.10). A known URN alone is its whole schema.
    ///
    /// - Parameter urns: the schemas that names may be prefixed with; an unknown URN ends at its last colon.
    /// - Throws: 400 `invalidPath`.
    public static func parse(_ text: String, urns: [String]) throws -> AttributePath {
        do throws(SyntaxFailure) {
            var syntax = try FilterSyntax(text, urns: urns)
            let path = try syntax.attributePath()
            if syntax.position < syntax.bytes.count { throw syntax.failure("expected the end of the name") }
            return path
        } catch {
            throw SCIMError.invalidPath(error.sentence("Attribute name", text))
        }
    }
}

extension PatchPath {
    /// Reads the path of a PATCH operation (RFC 7644, section 3.5.2), with the limits of ``Filter/parse(_:urns:)``.
    ///
    /// - Parameter urns: the schemas that names may be prefixed with; an unknown URN ends at its last colon.
    /// - Throws: 400 `invalidPath`, and `invalidFilter` for what is wrong inside the brackets.
    public static func parse(_ text: String, urns: [String]) throws -> PatchPath {
        do throws(SyntaxFailure) {
            var syntax = try FilterSyntax(text, urns: urns)
            var path = PatchPath(try syntax.attributePath())
            if syntax.at("[") {
                path.filter = try syntax.brackets(after: path.attribute, from: 0)
                if syntax.at(".") {
                    syntax.advance(to: syntax.position + 1)
                    path.subAttribute = try syntax.subAttributeName()
                }
            }
            if syntax.position < syntax.bytes.count { throw syntax.failure("expected the end of the path") }
            return path
        } catch {
            let sentence = error.sentence("Path", text)
            throw error.isInBrackets ? SCIMError.invalidFilter(sentence) : SCIMError.invalidPath(sentence)
        }
    }
}
