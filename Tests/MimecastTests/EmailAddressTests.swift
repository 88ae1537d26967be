import Mimecast
import Testing

@Suite struct EmailAddressTests {
    @Test(arguments: [
        ("Anna@Acme.Example", "anna@acme.example"),
        ("  anna@acme.example\n", "anna@acme.example"),
        ("andre\u{301}@acme.example", "andr\u{E9}@acme.example"),
        ("ANDR\u{C9}@acme.example", "andr\u{E9}@acme.example"),
        ("ΑΘΗΝΑΣ@acme.example", "αθηνασ@acme.example"),
        ("\u{212A}@acme.example", "k@acme.example"),
        ("a@MÜNCHEN.example", "a@münchen.example"),
        ("a@mu\u{308}nchen.example", "a@münchen.example"),
        ("a@xn--mnchen-3ya.example", "a@münchen.example"),
        ("a@XN--MNCHEN-3YA.EXAMPLE", "a@münchen.example"),
        ("a@mail.xn--fsqu00a.xn--0zwm56d", "a@mail.例子.测试"),
        ("o'neil+tag=x@acme.example", "o'neil+tag=x@acme.example"),
        ("a.b-c_d~!#$%&*/?^`{|}@acme.example", "a.b-c_d~!#$%&*/?^`{|}@acme.example"),
        ("漢字@acme.example", "漢字@acme.example"),
        ("😀@acme.example", "😀@acme.example"),
    ])
    func folds(raw: String, folded: String) throws {
        let address = try #require(EmailAddress(raw))
        #expect(Array(address.folded.utf8) == Array(folded.utf8))
        #expect(EmailAddress(folded) == address)
        #expect(address.folded.hasSuffix("@" + address.domain))
    }

    @Test(arguments: [
        "", "@", "a", "a@", "@acme.example", "a@acme", "a b@acme.example", "a@@acme.example", "a@b@acme.example", ".a@acme.example",
        "a.@acme.example", "a..b@acme.example", "a@.example", "a@acme..example", "a@acme.example.", "a@-acme.example", "a@acme-.example",
        "a@ac me.example", "a@acme_x.example", "\"a\"@acme.example", "a@[127.0.0.1]", "a,b@acme.example", "a;b@acme.example",
        "<a@acme.example>", "Anna <a@acme.example>", "a\\b@acme.example", "a:b@acme.example", "a(b)@acme.example", "a\u{0}@acme.example",
        "a\u{7F}@acme.example", "a\u{85}b@acme.example", "a\u{A0}b@acme.example", "a\tb@acme.example", "a@xn--.example",
        // A combining mark makes another character of the comma, not another address.
        "a,\u{301}b@acme.example", "a@\u{301}b@acme.example", ".\u{301}a@acme.example",
        "a..\u{301}b@acme.example",
        // The Greek question mark is a semicolon in NFC.
        "a\u{37E}b@acme.example",
        String(repeating: "a", count: 65) + "@acme.example", "a@" + String(repeating: "b", count: 64) + ".example",
        "a@" + String(repeating: "bcdefghi.", count: 30) + "example",
    ])
    func refuses(raw: String) {
        #expect(EmailAddress(raw) == nil)
    }

    @Test func equalityAndHashGoByTheFoldedForm() throws {
        let addresses = ["A@acme.example", "a@ACME.example"].compactMap { EmailAddress($0) }
        #expect(Set(addresses).count == 1)
        #expect(addresses.map(\.text) == ["A@acme.example", "a@ACME.example"])
        #expect("\(addresses[0])" == "A@acme.example")
        // No dot rule, no tag rule: those are other people's conventions.
        #expect(EmailAddress("a.b@acme.example") != EmailAddress("ab@acme.example"))
        #expect(EmailAddress("a+b@acme.example") != EmailAddress("a@acme.example"))
        #expect(EmailAddress("ß@acme.example") != EmailAddress("ss@acme.example"))
    }

    @Test(arguments: [
        ("ACME.example.", "acme.example"), ("xn--mnchen-3ya.example", "münchen.example"),
        // Nobody gives these out; decoded they would stand for a domain that they are not.
        ("xn--acme-.example", "xn--acme-.example"), ("xn--.example", "xn--.example"), ("xn--a\u{E9}-x.example", "xn--a\u{E9}-x.example"),
        ("xn--!.example", "xn--!.example"), ("", ""), ("xn--99999999.example", "xn--99999999.example"),
    ])
    func foldsDomains(domain: String, folded: String) {
        #expect(EmailAddress.foldDomain(domain) == folded)
    }

    /// An `xn--` label of the Kelvin sign, whose folded form is a plain k.
    @Test func aDisguisedLetterStaysDisguised() {
        #expect(EmailAddress.foldDomain("xn--acme-ue8a.example") == "xn--acme-ue8a.example")
    }

    /// Folding twice is folding once, for every scalar there is.
    @Test func foldingIsIdempotent() {
        var wrong: [UInt32] = []
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let once = EmailAddress.fold("a" + String(Character(scalar)))
            if !EmailAddress.fold(once).utf8.elementsEqual(once.utf8) { wrong.append(value) }
        }
        #expect(wrong == [])
    }

    @Test(
        arguments: [
            "ann@acme.example", "ann.o-k+x_1@acme.example", "Ann@Acme.example", "ann@xn--mnchen-3ya.example", "ann@a--b.example",
            "ann@acme.example.", "no address", "@", "", "a@b@c.example", "zoë@acme.example", "-a@acme.example",
        ])
    func theKeyIsTheFoldedFormHoweverItIsFound(text: String) {
        #expect(EmailAddress.key(text) == EmailAddress(text)?.folded ?? EmailAddress.fold(text))
    }

    /// Plain addresses are read in one pass; with a blank in front they go the long way.
    @Test func theShortWayAgreesWithTheLongOne() {
        var random = SystemRandomNumberGenerator()
        let letters = Array("ab0.-_+@")
        for _ in 0..<20_000 {
            let text = String((0..<Int.random(in: 0...12, using: &random)).map { _ in letters.randomElement(using: &random) ?? "a" })
            let (short, long) = (EmailAddress(text), EmailAddress(" " + text))
            #expect(short?.text == long?.text && short?.folded == long?.folded, "\(text)")
        }
        let label = String(repeating: "a", count: 63)
        for text in [
            "\(label)a@b.example", "\(label)aa@b.example", "a@\(label).example", "a@a\(label).example",
            "a@\(label).\(label).\(label).example",
            "a@b.\(label)", "a@b.a\(label)",
        ] {
            #expect(EmailAddress(text)?.folded == EmailAddress(" " + text)?.folded, "\(text)")
        }
    }
}
