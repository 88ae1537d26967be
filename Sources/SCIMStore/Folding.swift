import SCIM

/// The form in which names are indexed: NFC and lower case, compared bytewise afterwards. Idempotent.
public func foldedKey(_ text: String) -> String { FoldedText.fold(text) }
