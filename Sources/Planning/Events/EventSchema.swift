/// The JSON Schema (2020-12) of events: of the envelope, and below `#data` of what it tells.
public enum EventSchema {
    public static let text: String = {
        let types = EventType.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
        let parts = EventType.allCases.map { type in
            """
                {
                  "if": {"properties": {"type": {"const": "\(type.rawValue)"}}},
                  "then": {
                    "$comment": "\(type.summary)",
                    "properties": {"data": {"required": [\((["tenant"] + type.parts).map { "\"\($0)\"" }.joined(separator: ", "))]}}
                  }
                }
            """
        }
        return """
            {
              "$schema": "https://json-schema.org/draft/2020-12/schema",
              "$id": "urn:muster:event:1",
              "title": "An event of Muster",
              "description": "What changed in a tenant: CloudEvents 1.0 in JSON. Members may be added; none is renamed or ever null.",
              "type": "object",
              "required": ["specversion", "id", "source", "type", "time", "datacontenttype", "dataschema", "data"],
              "properties": {
                "specversion": {"const": "1.0"},
                "id": {"type": "string", "pattern": "^[0-9a-f]{32}$", "description": "The same for the same change, however often it is told."},
                "source": {"type": "string", "pattern": "^/tenants/.+$"},
                "type": {"enum": [\(types)]},
                "subject": {"type": "string", "minLength": 1, "description": "The folded address of the account that it is about."},
                "time": {"$ref": "#/$defs/time", "description": "When the read began that showed it, or the vendor's audit event says it was."},
                "datacontenttype": {"const": "application/json"},
                "dataschema": {"const": "\(EventEnvelope.schema)"},
                "data": {"$ref": "#data"}
              },
              "additionalProperties": false,
              "allOf": [
            \(parts.joined(separator: ",\n"))
              ],
              "$defs": {
                "time": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"},
                "proof": {"enum": ["closed", "open"]},
                "data": {
                  "$anchor": "data",
                  "type": "object",
                  "required": ["tenant"],
                  "properties": {
                    "tenant": {"type": "string", "minLength": 1},
                    "person": {
                      "type": "object",
                      "description": "Whose account it is in the source, where a plan or a human said so.",
                      "required": ["address"],
                      "properties": {"address": {"type": "string"}, "externalId": {"type": "string"}},
                      "additionalProperties": false
                    },
                    "account": {
                      "type": "object",
                      "description": "After the change; of one that is gone, as it was last.",
                      "required": ["address"],
                      "properties": {"address": {"type": "string"}, "id": {"type": "string"}},
                      "additionalProperties": false
                    },
                    "group": {
                      "type": "object",
                      "description": "Without an id where only the vendor's audit event names it.",
                      "minProperties": 1,
                      "properties": {"id": {"type": "string"}, "name": {"type": "string"}},
                      "additionalProperties": false
                    },
                    "domain": {"$ref": "#/$defs/named", "description": "A domain, or `external` for the list of external people."},
                    "integration": {"$ref": "#/$defs/named", "description": "A connection to the company's directory."},
                    "fields": {"type": "array", "items": {"type": "string"}, "minItems": 1, "uniqueItems": true},
                    "before": {"$ref": "#/$defs/values"},
                    "after": {"$ref": "#/$defs/values"},
                    "read": {
                      "type": "object",
                      "description": "The read that showed it; what happened, happened after `previous.at`.",
                      "required": ["snapshot", "at", "proof"],
                      "properties": {
                        "snapshot": {"type": "string"},
                        "at": {"$ref": "#/$defs/time"},
                        "proof": {"$ref": "#/$defs/proof"},
                        "previous": {
                          "type": "object",
                          "required": ["snapshot", "at", "proof"],
                          "properties": {"snapshot": {"type": "string"}, "at": {"$ref": "#/$defs/time"}, "proof": {"$ref": "#/$defs/proof"}},
                          "additionalProperties": false
                        }
                      },
                      "additionalProperties": false
                    },
                    "by": {
                      "type": "object",
                      "description": "Who did it; missing where nobody knows.",
                      "properties": {
                        "actor": {"type": "string"},
                        "at": {"$ref": "#/$defs/time"},
                        "audit": {"type": "string", "description": "The vendor's audit event that says so."},
                        "plan": {"type": "string", "pattern": "^p-"},
                        "line": {"type": "integer", "minimum": 1},
                        "reason": {"type": "string"},
                        "own": {"type": "boolean", "description": "True where a plan of Muster's did it."}
                      },
                      "additionalProperties": false
                    },
                    "undone": {"const": true, "description": "Undone before a read could show it."}
                  },
                  "additionalProperties": false
                },
                "named": {
                  "type": "object",
                  "required": ["name"],
                  "properties": {"name": {"type": "string"}, "id": {"type": "string"}},
                  "additionalProperties": false
                },
                "values": {
                  "type": "object",
                  "minProperties": 1,
                  "properties": {
                    "address": {"type": "string"},
                    "id": {"type": "string"},
                    "name": {"type": "string"},
                    "firstName": {"type": "string"},
                    "lastName": {"type": "string"},
                    "aliases": {"type": "array", "items": {"type": "string"}},
                    "adminRoles": {"type": "array", "items": {"type": "string"}},
                    "status": {"enum": ["active", "disabled", "ok", "failed", "gone", "closed", "open"]},
                    "source": {"enum": ["cloud", "ldap"]},
                    "internal": {"type": "boolean"},
                    "role": {"type": "string"},
                    "alias": {"type": "string"},
                    "delegate": {"type": "string"},
                    "reason": {"type": "string"},
                    "taken": {"type": "integer", "minimum": 0},
                    "contracted": {"type": "integer", "minimum": 1},
                    "level": {"enum": ["free", "near", "over"]}
                  },
                  "additionalProperties": false
                }
              }
            }
            """
    }()
}

extension EventType {
    /// Members of the data that events of this type always have, beside the tenant.
    public var parts: [String] {
        switch self {
        case .accountCreated, .roleGranted, .delegateAdded: ["account", "after"]
        case .accountRemoved, .roleTaken, .delegateRemoved: ["account", "before"]
        case .accountChanged: ["account", "after", "before", "fields"]
        case .accountRenamed, .accountDisabled, .accountEnabled, .accountPlain: ["account", "after", "before"]
        case .groupCreated: ["after", "group"]
        case .groupRenamed: ["after", "before", "group"]
        case .groupChanged: ["after", "before", "fields", "group"]
        case .groupRemoved: ["before", "group"]
        case .groupJoined: ["account", "after", "group"]
        case .groupLeft: ["account", "before", "group"]
        case .aliasAdded, .seatsCrossed: ["after"]
        case .aliasRemoved: ["before"]
        case .integrationFailed, .integrationRecovered: ["after", "integration"]
        case .proofOpened, .proofClosed: ["after", "domain"]
        }
    }
}
