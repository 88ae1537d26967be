/// A package of the tenant's: one row each, in an object of its own (as a public client reads it).
public struct ProvisionedPackage: Codable, Sendable, Hashable {
    public struct Product: Codable, Sendable, Hashable {
        public var id: String
        public var name: String

        public init(id: String, name: String) {
            self.id = id
            self.name = name
        }
    }

    public var products: Product

    public init(products: Product) { self.products = products }
}
