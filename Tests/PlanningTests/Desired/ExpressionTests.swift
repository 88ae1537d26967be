import Testing

@testable import Planning

@Suite struct ExpressionTests {
    static let attributes: [String: [String]] = [
        "department": ["Sales"], "mail": ["Ann.Bee@Acme.example"], "firstName": ["Ann"], "lastName": ["Bee"], "groups": ["Staff", "East"],
        "Cost Center": ["100"], "city": ["Zu\u{308}rich"], "path": ["/a/b/"], "in": ["x"], "blank": ["  x "],
    ]

    static func values(_ name: String) -> [String] { attributes[name] ?? [] }

    @Test(arguments: [
        ("'Sales'", "Sales"), ("\"Sales\"", "Sales"), ("'it''s'", "it's"), ("\"say \"\"so\"\"\"", "say \"so\""), ("'a{{b}}'", "a{b}"),
        ("department", "Sales"), (" department ", "Sales"), ("`Cost Center`", "100"), ("`in`", "x"), ("nothing", nil),
        ("lower(mail)", "ann.bee@acme.example"), ("LOWER(mail)", "ann.bee@acme.example"), ("upper(department)", "SALES"),
        ("nothing ?? department", "Sales"), ("nothing ?? other ?? 'x'", "x"), ("department ?? 'x'", "Sales"), ("nothing ?? other", nil),
        ("trim(blank)", "x"), ("replace(mail, '.', '_')", "Ann_Bee@Acme_example"), ("replace(mail, 'Ann.', '')", "Bee@Acme.example"),
        ("replace(department, 'Sales', '')", nil), ("part(mail, '@', 2)", "Acme.example"), ("part(mail, '@', 3)", nil),
        ("part(path, '/', 1)", nil), ("part(path, '/', 2)", "a"), ("lower(part(mail, '@', 1))", "ann.bee"),
        ("'{firstName} {lastName}'", "Ann Bee"), ("{firstName} {lastName}", "Ann Bee"), ("{firstName} {middle} {lastName}", nil),
        ("'{firstName} {middle}' ?? firstName", "Ann"), ("{lower(lastName)}.{part(mail, '@', 1)}", "bee.Ann.Bee"),
        ("'{'it''s {firstName}'}!'", "it's Ann!"), ("{nothing ?? 'x'}-", "x-"), ("groups", "Staff;East"), ("lower(groups)", "staff;east"),
        ("(nothing ?? department)", "Sales"), ("{{not a value}}", "{not a value}"),
    ])
    func texts(text: String, expected: String?) throws {
        guard case .text(let expression) = try Expression(parsing: text) else {
            Issue.record("a condition")
            return
        }
        #expect(expression.text(Self.values) == expected)
    }

    @Test(arguments: [
        ("department = 'Sales'", true), ("department = 'SALES'", true), ("department != 'Sales'", false), ("department = 'Sale'", false),
        ("nothing = 'x'", false), ("nothing != 'x'", true), ("not nothing = 'x'", true), ("nothing = other", false),
        ("department in ('A', 'sales')", true), ("department not in ('A', 'sales')", false), ("nothing in ('A')", false),
        ("nothing not in ('A')", true), ("department present", true), ("nothing present", false), ("not nothing present", true),
        ("mail endswith '@ACME.example'", true), ("mail startswith 'ann'", true), ("mail contains 'bee@'", true),
        ("mail contains 'z'", false),
        ("city = 'Z\u{FC}RICH'", true), ("groups = 'east'", true), ("groups != 'east'", false), ("groups in ('x', 'staff')", true),
        ("department = 'Sales' and nothing present or mail present", true),
        ("department = 'Sales' and (nothing present or mail present)", true),
        ("mail present or department = 'Sales' and nothing present", true),
        ("(mail present or department = 'x') and nothing present", false),
        ("not (department = 'Sales' and mail present)", false), ("not not mail present", true),
        ("NOT nothing PRESENT AND mail Present", true),
        ("lower(department) = 'sales'", true), ("nothing ?? department = 'Sales'", true), ("part(mail, '@', 2) = 'acme.example'", true),
        ("department=('Sales')", true), ("firstName = lastName", false), ("'{firstName}' = firstName", true),
    ])
    func conditions(text: String, expected: Bool) throws {
        #expect(try Condition(parsing: text).holds(Self.values) == expected)
    }

    struct Wrong: Sendable, CustomTestStringConvertible {
        let text: String
        let column: Int
        /// What message and remedy have to say.
        let says: String
        var testDescription: String { text }
    }

    @Test(arguments: [
        Wrong(text: "", column: 1, says: "missing"),
        Wrong(text: "department", column: 1, says: "department = 'Sales'"),
        Wrong(text: "lower(department)", column: 1, says: "a condition is needed"),
        Wrong(text: "department = Sales'", column: 19, says: "Texts stand in quotes"),
        Wrong(text: "department = 'Sales", column: 14, says: "not closed"),
        Wrong(text: "department == 'Sales'", column: 13, says: "One = is enough"),
        Wrong(text: "department eq 'Sales'", column: 12, says: "Write = instead"),
        Wrong(text: "a = 'b' && c = 'd'", column: 9, says: "Write and instead"),
        Wrong(text: "a = 'b' || c = 'd'", column: 9, says: "Write or instead"),
        Wrong(text: "a = 'b' adn c = 'd'", column: 9, says: "Did you mean and?"),
        Wrong(text: "mail endwith 'x'", column: 6, says: "Did you mean endswith?"),
        Wrong(text: "lowr(mail) = 'x'", column: 1, says: "Did you mean lower?"),
        Wrong(text: "sqrt(mail) = 'x'", column: 1, says: "The functions are"),
        Wrong(text: "a = ''", column: 5, says: "must not be empty"),
        Wrong(text: "a in 'b'", column: 6, says: "A list in brackets"),
        Wrong(text: "a in ('b' 'c')", column: 11, says: "separate its texts with commas"),
        Wrong(text: "a in ()", column: 7, says: "not expected"),
        Wrong(text: "a not 'b'", column: 3, says: "department not in"),
        Wrong(text: "(a = 'b'", column: 9, says: "not closed"),
        Wrong(text: "a = 'b')", column: 8, says: "not expected"),
        Wrong(text: "a = (b = 'c')", column: 5, says: "a text is needed"),
        Wrong(text: "a present = 'b'", column: 11, says: "not expected"),
        Wrong(text: "not a", column: 5, says: "a condition is needed"),
        Wrong(text: "a = 'b' and c", column: 13, says: "c = 'Sales'"),
        Wrong(text: "part(a, '@', 0) = 'b'", column: 14, says: "A number from 1"),
        Wrong(text: "part(a, '', 1) = 'b'", column: 9, says: "A text in quotes"),
        Wrong(text: "part(a, b, 1) = 'b'", column: 9, says: "A text in quotes"),
        Wrong(text: "part(a, '{b}', 1) = 'b'", column: 9, says: "A text in quotes"),
        Wrong(text: "replace(a, 'b') = 'b'", column: 15, says: "An argument is missing"),
        Wrong(text: "'{a' = 'b'", column: 4, says: "A brace is not closed"),
        Wrong(text: "'a}' = 'b'", column: 3, says: "was not opened"),
        Wrong(text: "`` = 'b'", column: 1, says: "empty or not closed"),
        Wrong(text: "in = 'b'", column: 1, says: "`in`"),
        Wrong(text: "a = 'b' and", column: 12, says: "missing"),
        Wrong(text: "a > 'b'", column: 3, says: "not expected"),
        Wrong(text: "ünïcode ?", column: 9, says: "not expected"),
    ])
    func whatIsWrongIsNamedWithItsColumn(_ wrong: Wrong) throws {
        do throws(ExpressionError) {
            _ = try Condition(parsing: wrong.text)
            Issue.record("no error")
        } catch {
            #expect(error.column == wrong.column, "\(error)")
            #expect("\(error.message) \(error.remedy)".contains(wrong.says), "\(error)")
            let lines = error.excerpt.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines.count == 2)
            #expect(lines[0] == wrong.text)
            #expect(lines[1] == String(repeating: " ", count: wrong.column - 1) + "^")
        }
    }

    @Test func lengthAndDepthHaveLimits() throws {
        let deep = String(repeating: "(", count: 40) + "a = 'b'" + String(repeating: ")", count: 40)
        #expect(throws: ExpressionError.self) { try Condition(parsing: deep) }
        #expect(throws: ExpressionError.self) { try Condition(parsing: String(repeating: "not ", count: 40) + "a = 'b'") }
        #expect(throws: ExpressionError.self) { try Condition(parsing: "a = '" + String(repeating: "x", count: 4_096) + "'") }
        #expect(throws: ExpressionError.self) {
            try Expression(parsing: String(repeating: "lower(", count: 600) + "a" + String(repeating: ")", count: 600))
        }
        #expect(throws: ExpressionError.self) { try Expression(parsing: String(repeating: "{'", count: 1_000)) }
        _ = try Condition(parsing: String(repeating: "(", count: 20) + "a = 'b'" + String(repeating: ")", count: 20))
    }

    @Test func aLongLineShowsTheNeighbourhood() throws {
        let text = "department in (" + (1...60).map { "'group number \($0)'" }.joined(separator: ", ") + ") adn mail present"
        do throws(ExpressionError) {
            _ = try Condition(parsing: text)
        } catch {
            let lines = error.excerpt.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines[0].count <= 80)
            #expect(lines[0].dropFirst(lines[1].count - 1).hasPrefix("adn"))
        }
    }

    @Test func theAttributesOfAnExpression() throws {
        let condition = try Condition(parsing: "lower(a) = '{b} x' and (`c d` in ('x', e) or not f present) and g ?? h contains 'i'")
        #expect(Expression.condition(condition).attributes == ["a", "b", "c d", "e", "f", "g", "h"])
        #expect(
            "\(condition.renamed { $0 + "1" })"
                == "lower(a1) = '{b1} x' and (`c d1` in ('x', e1) or not f1 present) and g1 ?? h1 contains 'i'")
    }

    /// Whatever is written reads as what it was.
    @Test(arguments: 1...20)
    func whatIsWrittenReadsTheSame(seed: Int) throws {
        var grower = Grower(seed)
        for _ in 0..<150 {
            let text = Expression.text(grower.text(4))
            #expect(try Expression(parsing: "\(text)") == text, "\(text)")
            let condition = grower.condition(4)
            #expect(try Condition(parsing: "\(condition)") == condition, "\(condition)")
        }
    }

    /// Whatever is typed ends with an expression or an error that points into the text.
    @Test(arguments: 1...10)
    func noTextStopsTheParser(seed: Int) {
        var random = Seeded(seed)
        let bits = [
            "(", ")", "'", "\"", "{", "}", "`", ",", "??", "=", "!=", " ", "and", "or", "not", "in", "present", "lower", "part", "a", "1",
            "\u{301}", "é", "\n",
        ]
        for _ in 0..<500 {
            let text = (0..<Int.random(in: 0..<14, using: &random)).map { _ in bits.randomElement(using: &random) ?? "" }.joined()
            do throws(ExpressionError) {
                let expression = try Expression(parsing: text)
                #expect((try? Expression(parsing: "\(expression)")) == expression, "\(text)")
            } catch {
                #expect((1...text.unicodeScalars.count + 1).contains(error.column), "\(text) \(error)")
                _ = error.excerpt
            }
        }
    }
}

/// Grows expressions at random, in the forms that the parser makes.
struct Grower {
    private var random: Seeded

    init(_ seed: Int) { random = Seeded(seed) }

    private static let scalars: [Character] = [
        "a", "B", " ", "'", "\"", "{", "}", "`", "é", "\u{301}", "=", "?", "(", ",", "\\", "\n", "王",
    ]

    private mutating func string() -> String {
        String((0..<Int.random(in: 1...6, using: &random)).map { _ in Self.scalars.randomElement(using: &random) ?? "a" })
    }

    private mutating func name() -> String {
        random.chance(60) ? ["department", "mail", "x.y-z", "in", "Present", "ünï", "_1"].randomElement(using: &random) ?? "" : string()
    }

    private mutating func list<T>(_ range: ClosedRange<Int>, _ one: (inout Grower) -> T) -> [T] {
        (0..<Int.random(in: range, using: &random)).map { _ in one(&self) }
    }

    mutating func text(_ depth: Int) -> TextExpression {
        guard depth > 0 else { return random.chance(50) ? .literal(string()) : .attribute(name()) }
        switch Int.random(in: 0..<9, using: &random) {
        case 0: return .literal(string())
        case 1:
            var pieces: [TextExpression.Piece] = []
            for index in 0..<Int.random(in: 1...3, using: &random) {
                if index > 0 || random.chance(50), random.chance(60) { pieces.append(.text(string())) }
                pieces.append(.value(text(depth - 1)))
            }
            if random.chance(50) { pieces.append(.text(string())) }
            return .template(pieces)
        case 2: return .fallback(list(2...3) { $0.text(depth - 1) })
        case 3: return .lower(text(depth - 1))
        case 4: return .upper(text(depth - 1))
        case 5: return .trim(text(depth - 1))
        case 6: return .replace(text(depth - 1), string(), with: random.chance(30) ? "" : string())
        case 7: return .part(text(depth - 1), separator: string(), number: Int.random(in: 1...100, using: &random))
        default: return .attribute(name())
        }
    }

    mutating func condition(_ depth: Int) -> Condition {
        guard depth > 0 else { return .present(text(1)) }
        switch Int.random(in: 0..<7, using: &random) {
        case 0, 1:
            return .compare(text(depth - 1), Condition.Comparison.allCases.randomElement(using: &random) ?? .equal, text(depth - 1))
        case 2: return .isIn(text(depth - 1), list(1...3) { $0.text(depth - 1) })
        case 3: return .present(text(depth - 1))
        case 4: return .not(condition(depth - 1))
        case 5: return .all(list(2...3) { $0.condition(depth - 1) })
        default: return .any(list(2...3) { $0.condition(depth - 1) })
        }
    }
}
