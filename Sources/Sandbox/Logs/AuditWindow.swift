import Mimecast

/// Which audit events are asked for, checked.
struct AuditWindow: Sendable {
    /// Milliseconds since 1970, inclusive. Events are shown to the second, so the bounds are whole seconds.
    let from: Int
    /// Exclusive.
    let until: Int
    /// Folded words, all of which have to occur.
    let words: [String]
    /// Codes; empty is all.
    let categories: Set<String>

    /// How many days back a window may begin (vendor's manual). Our choice: a day's grace, for clients that cut days in their own
    /// time zone or count their sixty days some time before they call.
    static let lookBack = 60

    /// - Parameter now: milliseconds since 1970.
    /// - Throws: ``ItemFailure``, with a reason for each of the times that is missing or cannot be read (recorded).
    init(_ query: AuditQuery, now: Int) throws {
        let times = [(query.startDateTime, "startDateTime"), (query.endDateTime, "endDateTime")].map(Self.time)
        guard case .success(let start) = times[0], case .success(let end) = times[1] else {
            throw ItemFailure(all: times.compactMap { if case .failure(let failure) = $0 { failure } else { nil } })
        }
        guard start <= end else {
            throw ItemFailure(FailureCode.auditRangeInvalid, "The start is after the end", field: "startDateTime")
        }
        guard start >= now - (Self.lookBack + 1) * VendorTime.day else {
            // Told rather than cut off in silence: whoever asks for ninety days must not take sixty for them (our choice).
            throw ItemFailure(
                FailureCode.auditRangeInvalid, "The start is more than \(Self.lookBack) days back", field: "startDateTime")
        }
        for code in query.categories ?? [] where AuditCategory(rawValue: code) == nil {
            _ = try FieldCheck.plain(code, "categories")
            throw ItemFailure.invalid("categories", "There is no category \(code)")
        }
        categories = Set(query.categories ?? [])
        words = try FieldCheck.plain(query.query ?? "", "query").lowercased().split(whereSeparator: \.isWhitespace).map { String($0) }
        guard words.count <= 20 else { throw ItemFailure.invalid("query", "At most 20 words are looked for") }
        from = start / 1_000 * 1_000
        until = end / 1_000 * 1_000 + 1_000
    }

    /// Whether an event is asked for, apart from its time.
    ///
    /// - Parameter text: what `words` are looked for in.
    func includes(category: String, _ text: () -> String) -> Bool {
        guard categories.isEmpty || categories.contains(category) else { return false }
        guard !words.isEmpty else { return true }
        let text = text().lowercased()
        return words.allSatisfy { text.contains($0) }
    }

    /// Every row passes: nothing has to be looked at beyond the page.
    var isUnfiltered: Bool { words.isEmpty && categories.isEmpty }

    private static func time(_ text: String?, _ field: String) -> Result<Int, ItemFailure> {
        do {
            let text = try FieldCheck.required(text, field)
            guard let time = VendorTime.parse(text) else {
                throw ItemFailure.invalid(field, "The time is not of the form yyyy-MM-dd'T'HH:mm:ss+0000")
            }
            return .success(time)
        } catch let failure as ItemFailure {
            return .failure(failure)
        } catch {
            return .failure(ItemFailure.invalid(field, "The time cannot be read"))
        }
    }
}
