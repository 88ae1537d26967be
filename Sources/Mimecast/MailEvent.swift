/// A line of the cloud gateway's mail logs: receipt, process or delivery. The names are those that public clients read; counts and sizes
/// are text there (recorded). The files of the older call tell the same with other names (``SiemQuery``).
public struct MailEvent: Codable, Sendable, Hashable {
    /// receipt, process or delivery.
    public var type: String
    /// The action again; of a delivery whether it was delivered.
    public var subtype: String?
    /// The same for all lines of one message.
    public var aggregateId: String
    public var processingId: String
    public var accountId: String
    /// Milliseconds since 1970.
    public var timestamp: Int64
    /// Acc, Rej or Hld.
    public var action: String?
    /// Inbound, Outbound or Internal.
    public var direction: String?
    public var senderEnvelope: String?
    public var senderHeader: String?
    public var recipients: String?
    public var subject: String?
    public var messageId: String?
    public var senderIp: String?
    public var rejectionType: String?
    public var rejectionCode: String?
    public var rejectionInfo: String?
    public var holdReason: String?
    public var tlsVersion: String?
    public var tlsCipher: String?
    public var spamScore: String?
    public var emailSize: String?
    public var numberAttachments: String?
    public var totalSizeAttachments: String?
    /// Of a delivery: "true" or "false", as the next ones are text.
    public var delivered: String?
    public var deliveryAttempts: String?
    /// Milliseconds that it took.
    public var deliveryTime: String?
    public var destinationIp: String?
    public var route: String?
    /// Yes or No.
    public var tlsUsed: String?

    public init(
        type: String, subtype: String? = nil, aggregateId: String, processingId: String, accountId: String, timestamp: Int64,
        action: String? = nil, direction: String? = nil, senderEnvelope: String? = nil, senderHeader: String? = nil,
        recipients: String? = nil, subject: String? = nil, messageId: String? = nil, senderIp: String? = nil, rejectionType: String? = nil,
        rejectionCode: String? = nil, rejectionInfo: String? = nil, holdReason: String? = nil, tlsVersion: String? = nil,
        tlsCipher: String? = nil, spamScore: String? = nil, emailSize: String? = nil, numberAttachments: String? = nil,
        totalSizeAttachments: String? = nil, delivered: String? = nil, deliveryAttempts: String? = nil, deliveryTime: String? = nil,
        destinationIp: String? = nil, route: String? = nil, tlsUsed: String? = nil
    ) {
        self.type = type
        self.subtype = subtype
        self.aggregateId = aggregateId
        self.processingId = processingId
        self.accountId = accountId
        self.timestamp = timestamp
        self.action = action
        self.direction = direction
        self.senderEnvelope = senderEnvelope
        self.senderHeader = senderHeader
        self.recipients = recipients
        self.subject = subject
        self.messageId = messageId
        self.senderIp = senderIp
        self.rejectionType = rejectionType
        self.rejectionCode = rejectionCode
        self.rejectionInfo = rejectionInfo
        self.holdReason = holdReason
        self.tlsVersion = tlsVersion
        self.tlsCipher = tlsCipher
        self.spamScore = spamScore
        self.emailSize = emailSize
        self.numberAttachments = numberAttachments
        self.totalSizeAttachments = totalSizeAttachments
        self.delivered = delivered
        self.deliveryAttempts = deliveryAttempts
        self.deliveryTime = deliveryTime
        self.destinationIp = destinationIp
        self.route = route
        self.tlsUsed = tlsUsed
    }
}
