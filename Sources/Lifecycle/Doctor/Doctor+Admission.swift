import Foundation
import Mimecast
import MimecastClient

extension Doctor {
    /// Accepted credentials.
    struct Admission: Sendable {
        var client: TenantClient
        /// Nil where the account may not be read.
        var facts: TenantFacts?
        /// Why not.
        var refusal: ClientError?
    }

    /// Reach, clock and credentials.
    ///
    /// - Returns: nil where nobody answers, or the credentials are refused.
    func admit(_ diagnosis: inout Diagnosis) async throws -> Admission? {
        var client = client()
        var attempt = try await attempt(client)
        var isRefusedForTheClock = false
        let lead = wire.seen.lead
        if case .failure(let error) = attempt, tenant.generation == .v1, error.code == .unauthorized, let lead, abs(lead) > ClockCheck.told
        {
            let dated = self.client(ahead: lead)
            let second = try await self.attempt(dated)
            if case .success = second {
                (client, attempt, isRefusedForTheClock) = (dated, second, true)
            }
        }
        if case .failure(let error) = attempt {
            let unreached = ReachCheck.findings(error, baseURL: tenant.baseURL)
            diagnosis.add("reach", unreached, well: "\(tenant.baseURL) answers")
            if !unreached.isEmpty { return nil }
        } else {
            diagnosis.add("reach", [], well: "\(tenant.baseURL) answers")
        }
        let skew = ClockCheck.findings(lead: lead, tenant.generation, isRefusedForIt: isRefusedForTheClock)
        if lead == nil {
            diagnosis.skip("clock", "no answer named the vendor's time")
        } else {
            diagnosis.add("clock", skew, well: "within \(ClockCheck.span(ClockCheck.told)) of the vendor's")
        }
        switch attempt {
        case .success(let facts, let refusal):
            let others = facts.map { CredentialCheck.findings(found: $0.accountCode, wanted: tenant.code) } ?? []
            diagnosis.add(
                "credentials, region and generation", others,
                well: "\(tenant.generation.rawValue) at \(tenant.baseURL) accepts them"
                    + (facts.map { ", for \($0.accountCode)\($0.name.map { " (\($0))" } ?? "")" } ?? ""))
            return others.isEmpty ? Admission(client: client, facts: facts, refusal: refusal) : nil
        case .failure(let error):
            let refusal = try await investigate(error)
            diagnosis.add("credentials, region and generation", CredentialCheck.findings(refusal), well: "")
            return nil
        }
    }

    private enum Attempt {
        /// Accepted; without facts where the account may not be read.
        case success(TenantFacts?, ClientError?)
        case failure(ClientError)
    }

    /// - Throws: what has nothing to do with the vendor, such as a base URL that is none.
    private func attempt(_ client: TenantClient) async throws -> Attempt {
        do {
            return .success(try await client.tenant(), nil)
        } catch let error as ClientError {
            switch error.code {
            case .misconfigured where error.status == nil: throw error
            case .forbidden, .refused: return .success(nil, error)
            default: return .failure(error)
            }
        }
    }

    /// Whoever accepts these credentials there.
    private func isAccepted(_ client: TenantClient) async throws -> Bool {
        if case .success(let facts, _) = try await attempt(client) { return facts?.accountCode ?? tenant.code == tenant.code }
        return false
    }

    /// Sees what may tell the reasons of a refusal apart.
    private func investigate(_ error: ClientError) async throws -> CredentialCheck.Refusal {
        var seen = CredentialCheck.Refusal(
            error: error, generation: tenant.generation, code: tenant.code, baseURL: tenant.baseURL, acceptedOn: patient.acceptedOn)
        guard error.code == .unauthorized else { return seen }
        means.progress("generation")
        switch patient.credentials {
        case .v2(let id, _), .v2Person(let id, _): seen.isKnownToV1 = await isKnownToV1(id)
        case .v1(let id, let applicationKey, _, let secretKey):
            if error.cause == .unknownApplication {
                seen.isKnownToV1 = false
                // A v2 secret stands where v1 has a key. It goes to the host that has just seen it, or nowhere.
                for key in [applicationKey, secretKey] where !seen.isTakenByV2 {
                    seen.isTakenByV2 = (try? await client(.v2(clientID: id, clientSecret: key)).bearerToken()) != nil
                }
            } else {
                seen.isKnownToV1 = await isKnownToV1(id)
            }
            if let address = request.address { seen.discovered = await discovered(address, id) }
            if let twin = patient.twin { seen.hasWorkingV2 = try await isAccepted(client(twin, dialect: .portal)) }
        case .v1Person(let id, _, _): seen.isKnownToV1 = await isKnownToV1(id)
        }
        seen.search = try await search(seen)
        return seen
    }

    /// Asks without credentials.
    private func isKnownToV1(_ id: String) async -> Bool? {
        do {
            _ = try await v1(id).discover("muster-doctor@example.invalid")
            return true
        } catch let error as ClientError {
            switch error.cause {
            case .unknownApplication?: return false
            // It was asked about the address, so the application is known.
            case .invalidEmailAddress?, .forbiddenForAddress?, .addressNotFound?: return true
            default: return nil
            }
        } catch {
            return nil
        }
    }

    private func discovered(_ address: String, _ id: String) async -> (address: String, url: String)? {
        guard let found = try? await v1(id).discover(address).region?.api else { return nil }
        return (address, found)
    }

    /// A client that signs nothing: discovery needs the application's id alone. Of the vendor's hosts one knows all regions.
    private func v1(_ id: String) -> TenantClient {
        let isVendors = tenant.generation == .v2 && !RegionPlace.others(than: tenant.baseURL, .v2).isEmpty
        return client(
            .v1(applicationID: id, applicationKey: "", accessKey: "", secretKey: ""), at: isVendors ? Region.global.baseURL(.v1) : nil)
    }

    /// Tries the credentials at the other regions' hosts, where it may.
    private func search(_ seen: CredentialCheck.Refusal) async throws -> CredentialCheck.Refusal.Search {
        // What was accepted here once, or is somebody else's, is not carried around.
        if seen.isTakenByV2 || seen.generation == .v2 && seen.isKnownToV1 == true || seen.hasWorkingV2 { return .notNeeded }
        if seen.generation == .v1, seen.acceptedOn != nil, request.regions == nil { return .notNeeded }
        let own = RegionPlace.key(tenant.baseURL)
        let places = (request.regions ?? RegionPlace.others(than: tenant.baseURL, tenant.generation)).filter {
            RegionPlace.key($0.url) != own
        }
        guard !places.isEmpty else { return .noOthers }
        guard means.mayTry(places) else { return .notAllowed(places) }
        // What is signed is dated by the vendor's clock: a wrong one here must not hide the region.
        let lead = wire.seen.lead.flatMap { abs($0) > ClockCheck.told ? $0 : nil } ?? 0
        var accepting: [RegionPlace] = []
        for place in places {
            means.progress("region \(place.name)")
            if try await isAccepted(client(at: place.url, ahead: lead)) { accepting.append(place) }
        }
        return .tried(places, accepting: accepting)
    }
}
