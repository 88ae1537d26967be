import Mimecast
import Testing

@Suite struct CodeVerifierTests {
    /// RFC 7636, appendix B.
    @Test func theChallengeIsTheRFCs() {
        let verifier = CodeVerifier(random: [
            116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186, 22, 212, 37, 77, 105, 214, 191, 240, 91, 88, 5, 88,
            83,
            132, 141, 121,
        ])
        #expect(verifier.text == "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
        #expect(verifier.challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
    }

    @Test(arguments: [([], ""), ([0xFB, 0xFF], "-_8"), ([0], "AA")] as [([UInt8], String)])
    func base64IsForURLs(bytes: [UInt8], text: String) {
        #expect(CodeVerifier.base64URL(bytes) == text)
    }
}
