import HTTPTransport
import Mimecast
import Testing
import TestSupport

@testable import MimecastClient

struct CauseTests {
    typealias Row = (status: Int, code: String, ClientError.Code, ClientError.Cause)

    /// The recorded errors (facts, section 3) as they come for a whole call, and those of our own.
    static let calls: [Row] = [
        (401, "err_xdk_invalid_signature", .unauthorized, .invalidSignature),
        (200, "err_developer_key", .unauthorized, .unknownApplication),
        (418, "err_xdk_binding_expired", .expiredBinding, .bindingExpired),
        (200, "err_xdk_binding_expired", .expiredBinding, .bindingExpired),
        (200, "err_xdk_forbidden", .forbidden, .forbidden),
        (403, "err_xdk_forbidden", .forbidden, .forbidden),
        (200, "err_xdk_client_unauthorized", .forbidden, .clientUnauthorized),
        (200, "err_xdk_operation_forbidden_for_address", .refused, .forbiddenForAddress),
        (200, "err_deserialise", .refused, .deserialise),
        (400, "err_deserialise", .refused, .deserialise),
        (200, "err_audit_log_incorrect_region", .forbidden, .incorrectRegion),
        (403, "err_audit_log_incorrect_region", .forbidden, .incorrectRegion),
        (200, "err_audit_siem_invalid_token", .refused, .invalidSiemToken),
        (401, "token_expired", .unauthorized, .tokenExpired),
        (401, "token_verification_failed", .unauthorized, .tokenVerificationFailed),
        (401, "Unauthorized Request", .unauthorized, .unauthorizedRequest),
        (401, "unauthorized", .unauthorized, .unauthorizedRequest),
        (401, "", .unauthorized, .unauthorizedRequest),
        (401, "app_forbidden", .forbidden, .appForbidden),
        (403, "app_forbidden", .forbidden, .appForbidden),
        (429, "rate_limit_exceeded", .rateLimited, .rateLimited),
        (429, "", .rateLimited, .rateLimited),
        (403, "", .forbidden, .forbidden),
        (418, "", .expiredBinding, .bindingExpired),
        (400, "err_pagination_invalid", .refused, .invalidPage),
        (200, "err_audit_range_invalid", .refused, .auditRangeInvalid),
        (200, "err_directory_sync_running", .refused, .syncRunning),
    ]

    @Test(arguments: calls, [true, false])
    func aFailedCallHasItsCause(row: Row, isFlat: Bool) async throws {
        let reason = #""code":"\#(row.code)","message":"m""#
        let body =
            isFlat ? #"{"fail":[{\#(reason)}]}"# : #"{"meta":{"status":\#(row.status)},"data":[],"fail":[{"errors":[{\#(reason)}]}]}"#
        let transport = ScriptedTransport([
            .token(), .expect(Fixture.accountPath, times: nil, status: row.status, row.code.isEmpty ? "" : body),
        ])
        let error = try await clientError {
            try await Fixture.client(transport, retry: .never).call(Endpoints.Portal.account, items: [])
        }
        #expect(error.code == row.2)
        #expect(error.cause == row.3)
        #expect(error.status == row.status)
        #expect(error.remedy.hasSuffix(".") && error.remedy.count > 10)
        #expect(row.code.isEmpty || error.message.contains(row.code))
    }

    static let items: [(code: String, ClientError.Cause)] = [
        ("err_xdk_operation_forbidden_for_address", .forbiddenForAddress),
        ("err_folder_group_member_already_exists", .memberExists),
        ("err_folder_email_address_not_found", .addressNotFound),
        ("err_validation_null", .validation(field: "emailAddress")),
        ("err_validation_blank", .validation(field: "emailAddress")),
        ("err_validation_invalid", .validation(field: "emailAddress")),
        ("err_validation_invalid_email_address", .invalidEmailAddress(field: "emailAddress")),
        ("err_deserialise", .deserialise), ("err_user_already_exists", .userExists), ("err_directory_managed", .directoryManaged),
        ("err_folder_not_found", .groupNotFound), ("err_too_many_items", .tooManyItems), ("err_folder_not_empty", .groupNotEmpty),
        ("err_user_purge_forbidden", .purgeForbidden), ("err_user_alias_not_found", .aliasNotFound),
        ("err_delegate_exists", .delegateExists), ("err_delegate_not_found", .delegateNotFound),
        ("err_import_not_found", .importNotFound), ("err_import_invalid", .importInvalid), ("err_xdk_forbidden", .forbidden),
    ]

    @Test(arguments: items)
    func aFailedItemHasItsCause(code: String, cause: ClientError.Cause) async throws {
        let body = """
            {"meta":{"status":200},"data":[],"fail":[{"key":{"id":"g","emailAddress":"a@example.com"},\
            "errors":[{"code":"\(code)","message":"m","retryable":false,"field":"emailAddress"}]}]}
            """
        let transport = ScriptedTransport([.token(), .expect("/api/directory/add-group-member", body)])
        let error = try await clientError { try await Fixture.client(transport).addMember("a@example.com", toGroup: "g") }
        #expect(error.code == .refused)
        #expect(error.cause == cause)
        #expect(!error.outcomeUnknown)
        #expect(error.remedy.hasSuffix("."))
    }

    @Test func anEmptyBadRequestIsAMalformedID() async throws {
        let transport = ScriptedTransport([.token(), .expect("/api/directory/get-group-members", status: 400, "")])
        let error = try await clientError { try await Fixture.client(transport).members(ofGroup: "no id").all() }
        #expect(error.code == .refused)
        #expect(error.cause == .malformedID)
        #expect(error.remedy.contains("id"))
    }

    @Test func whatIsNotKnownHasNoCause() async throws {
        let transport = ScriptedTransport([.token(), .expect(Fixture.accountPath, Fixture.refusal("err_brand_new"))])
        let error = try await clientError { try await Fixture.client(transport).tenant() }
        #expect(error.code == .refused && error.cause == nil)
    }

    @Test func aWriteThatMayHaveHappenedSaysSoFirst() async throws {
        let body = #"{"fail":[{"code":"err_directory_managed","message":"m"}]}"#
        let transport = ScriptedTransport([.token(), .expect("/api/directory/add-group-member", status: 502, body)])
        let error = try await clientError { try await Fixture.client(transport).addMember("a@example.com", toGroup: "g") }
        #expect(error.outcomeUnknown && error.remedy.contains("read the account"))
    }

    @Test func aPlainBodyWithFailIsNoSuccess() async throws {
        let body = #"{"fail":[{"code":"err_directory_managed","message":"m"}]}"#
        let members = "/directory/cloud-gateway/v1/groups/g/members"
        let transport = ScriptedTransport([
            .token(), .expect(members, body), .expect(members, method: "GET", body),
        ])
        let client = Fixture.client(transport)
        let write = try await clientError { try await client.addGatewayMembers([.init(emailAddress: "a@example.com")], toGroup: "g") }
        let read = try await clientError { try await client.gatewayMembers(ofGroup: "g").all() }
        #expect([write, read].map(\.cause) == [.directoryManaged, .directoryManaged])
    }
}
