import Foundation
import Mimecast
import Testing

/// A body as it stands on the wire, with every field its type has, and the type that reads and writes it.
struct ShapeSample: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let text: String
    private let roundTrip: @Sendable (Data) throws -> Data

    init<Shape: Codable & SendableMetatype>(_ shape: Shape.Type, _ text: String) {
        testDescription = "\(shape)"
        self.text = text
        roundTrip = { try JSONEncoder().encode(JSONDecoder().decode(Shape.self, from: $0)) }
    }

    /// What its type writes of what it has read.
    func written(of text: String? = nil) throws -> JSON {
        try Self.json(roundTrip(Data((text ?? self.text).utf8)))
    }

    static func json(_ data: Data) throws -> JSON { try JSONDecoder().decode(JSON.self, from: data) }
    static func json(_ text: String) throws -> JSON { try json(Data(text.utf8)) }
}

extension ShapeSample {
    /// What is sent: every field may be missing.
    static let items: [ShapeSample] = users.items + groups.items + logs.items + login.items
    /// What is answered.
    static let rows: [ShapeSample] = users.rows + groups.rows + tenant + logs.rows + login.rows

    private typealias Samples = (items: [ShapeSample], rows: [ShapeSample])

    private static let users: Samples = (
        [
            ShapeSample(AddressKey.self, #"{"emailAddress":"a@example.com"}"#),
            ShapeSample(AliasChange.self, #"{"alias":"b@example.com","aliasFor":"a@example.com"}"#),
            ShapeSample(AttributeChange.self, #"{"emailAddress":"a@example.com","attributes":[{"name":"phone","value":"1"}]}"#),
            ShapeSample(DelegateChange.self, #"{"primaryAddress":"a@example.com","delegateAddress":"b@example.com"}"#),
            ShapeSample(DelegateQuery.self, #"{"primaryAddress":"a@example.com"}"#),
            ShapeSample(GatewayNewUser.self, #"{"emailAddress":"a@x.org","name":"A","password":"p","forcePasswordChange":true}"#),
            ShapeSample(IDKey.self, #"{"id":"eNq"}"#),
            ShapeSample(
                ImportOrder.self,
                """
                {"notifyEmailAddress":"a@example.com","allowAddressMigration":true,"groupId":"eNq","clearGroup":false,"fileType":"csv"}
                """),
            ShapeSample(ProfileKey.self, #"{"emailAddress":"a@example.com","showAvatar":true}"#),
            ShapeSample(PurgeChange.self, #"{"emailAddresses":["a@example.com"]}"#),
        ],
        [
            ShapeSample(
                AliasRow.self,
                """
                {"domain":"example.com","isInternal":true,"alias":"b@example.com","aliasDisplayName":"B","aliasFor":"a@example.com",
                "type":"created_manually"}
                """),
            ShapeSample(AttributeList.self, #"{"emailAddress":"a@example.com","attributes":[{"name":"phone","value":"1"}]}"#),
            ShapeSample(
                DelegateList.self, #"{"delegateUsers":[{"id":"eNq","emailAddress":"b@example.com","name":"B","source":"ADCON"}]}"#),
            ShapeSample(DelegateReply.self, #"{"id":"eNq","success":true}"#),
            ShapeSample(
                GatewayPage<GatewayUser>.self,
                """
                {"users":[{"id":"1","emailAddress":"a@example.com","name":"A","domain":"example.com","type":"user","internal":true,
                "disabled":false,"createdDateTime":"2026-01-01T00:00:00Z","updatedDateTime":"2026-01-01T00:00:00Z",
                "addressType":"created_manually","isAlias":false,"source":"cloud"}],"meta":{"pagination":{"pageSize":1,"totalCount":2,
                "next":"n"}}}
                """),
            ShapeSample(ImportReply.self, #"{"id":"eNq","status":"queued"}"#),
            ShapeSample(
                ImportStatus.self,
                """
                {"status":"completed","notifyEmailAddress":"a@example.com","totalUsers":2,"allowAddressMigration":false,
                "successfulImportedUsers":1,"id":"eNq","clearGroup":false,"created":"2026-01-01T00:00:00+0000","sourceFile":"eNr",
                "importer":"a@example.com","reportFile":"eNs"}
                """),
            ShapeSample(PurgeReply.self, #"{"emailAddresses":["a@example.com"],"status":"added"}"#),
            ShapeSample(
                UserProfile.self,
                """
                {"id":"a@example.com","emailAddress":"a@example.com","name":"A","role":"Basic Administrator","admin":true,
                "external":false,"editable":true,"localPassword":true,"changePassword":false,"companyName":"Example",
                "serverTimeZone":"UTC","accountCode":"C0A0","attributes":{"phone":"1"},
                "links":[{"name":"self","method":"POST","uri":"/api/user/get-profile"}]}
                """),
        ]
    )

    private static let groups: Samples = (
        [
            ShapeSample(GatewayMemberChange.self, #"{"groupMembers":[{"emailAddress":"a@x.org","note":"n"},{"domain":"x.org"}]}"#),
            ShapeSample(GroupUpdate.self, #"{"id":"eNq","description":"Sales","parentId":"eNr"}"#),
            ShapeSample(MemberChange.self, #"{"id":"eNq","emailAddress":"a@example.com","domain":"example.com","notes":"n"}"#),
            ShapeSample(NewGroup.self, #"{"description":"Sales","parentId":"eNr"}"#),
        ],
        [
            ShapeSample(DeletedGroup.self, #"{"id":"eNq"}"#),
            ShapeSample(GatewayCreatedGroup.self, #"{"id":"eNq"}"#),
            ShapeSample(GatewayMemberResults.self, #"{"results":[{"success":true},{"success":false}]}"#),
            ShapeSample(
                GatewayPage<GatewayGroup>.self,
                """
                {"groups":[{"id":"eNq","description":"Sales","source":"cloud","parentId":"eNr","userCount":2,"groupCount":0}],
                "meta":{"pagination":{"pageSize":1}}}
                """),
            ShapeSample(
                GatewayPage<GatewayMember>.self,
                """
                {"groupMembers":[{"emailAddress":"a@example.com","domain":"example.com","name":"A","internal":true,
                "type":"created_manually","note":"n"},{"domain":"example.org"}],"meta":{"pagination":{"pageSize":2}}}
                """),
            ShapeSample(GuideMemberReply.self, #"{"id":"eNq","domain":"example.com","status":"added"}"#),
            ShapeSample(PortalMemberReply.self, #"{"id":"eNq","folderId":"eNr","emailAddress":"a@example.com","internal":true}"#),
            ShapeSample(PortalMemberReply.self, #"{"id":"eNq","folderId":"eNr","domain":"example.com"}"#),
        ]
    )

    private static let tenant = [
        ShapeSample(
            Connection.self,
            """
            {"id":"MTOKEN:eNq","enabled":true,"description":"Head office","info":"i","serverType":"active_directory",
            "ldapSettings":{"hostname":"ad.example.com","alternateHostname":"ad2.example.com","port":636,"userDn":"CN=sync",
            "rootDn":"DC=example","encryptionMode":"strict"},"status":"ok","lastSync":"2026-01-01T00:00:00+0000","syncRunning":false,
            "domains":"example.com","acknowledgeDisabledAccounts":true}
            """),
        ShapeSample(
            GatewayPage<GatewayDomain>.self,
            """
            {"domains":[{"id":"eNq","domain":"example.com","local":true,"sendOnly":false,"inboundType":"any"}],
            "meta":{"pagination":{"pageSize":1}}}
            """),
        ShapeSample(GatewayPage<GatewayRole>.self, #"{"roles":[{"id":"1","roleName":"Help Desk Administrator"}],"meta":{}}"#),
        ShapeSample(
            PageReply.self, #"{"pageSize":25,"totalCount":60,"next":"n","pageToken":"n","previous":"p","recordStart":26}"#),
        ShapeSample(ProvisionedPackage.self, #"{"products":{"id":"1","name":"Email Security"}}"#),
        ShapeSample(SyncReply.self, #"{"type":"ACTIVE_DIRECTORY","syncStatus":"started"}"#),
        ShapeSample(
            WhoAmI.self,
            #"{"version":"1","type":"application","account-codes":{"cg":"C0A0","ci":"C0A1"},"home-account":{"cg":"C0A0"}}"#),
    ]

    private static let mailEvent = """
        {"type":"receipt","subtype":"Rej","aggregateId":"J5","processingId":"hP","accountId":"C0A0","timestamp":1715708287466,
        "action":"Rej","direction":"Inbound","senderEnvelope":"a@example.org","senderHeader":"a@example.org",
        "recipients":"a@example.com","subject":"s","messageId":"<1@example.org>","senderIp":"192.0.2.1","rejectionType":"Virus",
        "rejectionCode":"554","rejectionInfo":"i","holdReason":"Spm","tlsVersion":"TLSv1.3","tlsCipher":"c","spamScore":"0",
        "emailSize":"3466","numberAttachments":"0","totalSizeAttachments":"0","delivered":"true","deliveryAttempts":"1",
        "deliveryTime":"1633","destinationIp":"192.0.2.2","route":"Head office","tlsUsed":"Yes"}
        """

    private static let logs: Samples = (
        [
            ShapeSample(
                AuditQuery.self,
                """
                {"startDateTime":"2026-01-01T00:00:00+0000","endDateTime":"2026-01-02T00:00:00+0000","query":"logon",
                "categories":["account_logs"]}
                """),
            ShapeSample(SiemQuery.self, #"{"type":"MTA","fileFormat":"json","compress":true,"token":"t"}"#),
            ShapeSample(
                SiemWindow.self,
                """
                {"type":"receipt","types":"receipt,process","dateRangeStartsAt":"2026-01-01","dateRangeEndsAt":"2026-01-02",
                "pageSize":100,"nextPage":"n"}
                """),
        ],
        [
            ShapeSample(
                AuditCategories.self, #"{"categories":[{"id":"1","code":"account_logs","name":"Account Logs"}]}"#),
            ShapeSample(
                AuditEvent.self,
                """
                {"id":"eNq","auditType":"User Logged On","user":"a@example.com","eventTime":"2026-01-01T00:00:00+0000",
                "eventInfo":"Application: x","category":"authentication_logs"}
                """),
            ShapeSample(MailEvent.self, mailEvent),
            ShapeSample(
                SiemBatch.self,
                """
                {"value":[{"url":"https://example.com/1.json.gz","expiry":"2026-01-01T00:00:00Z","size":489}],"@nextPage":"n",
                "isCaughtUp":true}
                """),
            ShapeSample(SiemEnd.self, #"{"meta":{"status":200,"isLastToken":true},"data":[],"fail":[]}"#),
            ShapeSample(SiemEvents.self, #"{"value":[\#(mailEvent)],"@nextPage":"n"}"#),
        ]
    )

    private static let login: Samples = (
        [
            ShapeSample(DiscoveryKey.self, #"{"emailAddress":"a@example.com"}"#),
            ShapeSample(LoginKey.self, #"{"username":"a@example.com","accessKey":"k"}"#),
            ShapeSample(LogoutKey.self, #"{"accessKey":"k"}"#),
        ],
        [
            ShapeSample(
                Discovery.self,
                """
                {"authenticate":["Basic-Cloud"],"emailAddress":"a@example.com","emailToken":"t",
                "region":{"api":"https://eu-api.mimecast.com","code":"eu"}}
                """),
            ShapeSample(
                Login.self,
                """
                {"accessKey":"k","secretKey":"cw==","duration":43200000,"username":"a@example.com","bindingType":"one_step",
                "extendOnValidate":false,"lastUserToken":"t"}
                """),
            ShapeSample(LogoutReply.self, #"{"accessKey":"k","success":true}"#),
        ]
    )
}
