/// A filter as a tree (RFC 7644, section 3.4.2.2). The same tree stands in the brackets of value paths and of PATCH paths.
public indirect enum Filter: Sendable, Hashable {
    /// `attribute op literal`.
    case compare(AttributePath, FilterOperator, FilterLiteral)
    /// `attribute pr`.
    case present(AttributePath)
    case and(Filter, Filter)
    case or(Filter, Filter)
    case not(Filter)
    /// `attribute[filter]`: one element of a multi-valued attribute matches all of the inner filter, whose names are sub-attributes.
    case element(AttributePath, Filter)
}

public enum FilterOperator: String, Sendable, Hashable, CaseIterable {
    case eq, ne, co, sw, ew, gt, ge, lt, le
}

/// What an attribute is compared with: a JSON scalar.
public enum FilterLiteral: Sendable, Hashable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(String)
}
