import Testing

@testable import Sandbox

/// What each identity provider sends in the life of people and groups, played to a sandbox over HTTP.
@Suite struct ConversationTests {
    @Test(arguments: ConversationPartner.allCases)
    func everyStepReads(_ partner: ConversationPartner) throws {
        let steps = try ConversationStep.all(of: partner)
        #expect(steps.count >= 40)
        let numbers = try steps.map { try #require(Int($0.file.drop { $0 != "/" }.dropFirst().prefix(3)), "\($0.file)") }
        #expect(numbers == Array(1...steps.count))
    }

    @Test(arguments: ConversationPartner.allCases)
    func theSandboxHoldsTheConversation(_ partner: ConversationPartner) async throws {
        let steps = try ConversationStep.all(of: partner)
        try await SandboxHarness.run { box in
            var player = try await ConversationPlayer(box)
            try await player.play(steps)
        }
    }
}
