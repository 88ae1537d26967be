import HTTPTransport
import Testing

struct NetworkAddressTests {
    @Test(arguments: [
        ("8.8.8.8", NetworkAddress.Reach.global), ("1.1.1.1", .global), ("100.63.255.255", .global), ("100.128.0.0", .global),
        ("172.15.0.1", .global), ("172.32.0.1", .global), ("192.167.0.1", .global), ("169.253.0.1", .global), ("198.17.0.1", .global),
        ("198.20.0.1", .global), ("223.255.255.255", .global), ("126.255.255.255", .global), ("128.0.0.1", .global),
        ("127.0.0.1", .loopback), ("127.255.255.254", .loopback), ("::1", .loopback),
        ("10.0.0.0", .privateUse), ("10.255.255.255", .privateUse), ("172.16.0.1", .privateUse), ("172.31.255.255", .privateUse),
        ("192.168.0.1", .privateUse), ("fc00::1", .privateUse), ("fdff::1", .privateUse),
        ("100.64.0.0", .shared), ("100.127.255.255", .shared),
        ("169.254.169.254", .linkLocal), ("fe80::1", .linkLocal), ("febf::1", .linkLocal),
        ("224.0.0.1", .multicast), ("239.255.255.255", .multicast), ("ff02::1", .multicast), ("ff0e::1", .multicast),
        ("0.0.0.0", .reserved), ("0.1.2.3", .reserved), ("192.0.0.1", .reserved), ("192.0.2.1", .reserved), ("192.88.99.1", .reserved),
        ("198.18.0.1", .reserved), ("198.19.255.255", .reserved), ("198.51.100.7", .reserved), ("203.0.113.7", .reserved),
        ("240.0.0.1", .reserved), ("255.255.255.255", .reserved),
        ("::", .reserved), ("::ffff:8.8.8.8", .reserved), ("::ffff:127.0.0.1", .reserved), ("::8.8.8.8", .reserved),
        ("64:ff9b::8.8.8.8", .global), ("64:ff9b::10.0.0.1", .privateUse), ("64:ff9b::127.0.0.1", .loopback),
        ("64:ff9b:1::8.8.8.8", .reserved),
        ("100::1", .reserved), ("2001::1", .reserved), ("2001:1ff::1", .reserved), ("2001:200::1", .global), ("2001:db8::1", .reserved),
        ("2002:a00:1::1", .reserved), ("2606:4700::1111", .global), ("3fff::1", .reserved), ("3fff:1000::1", .global),
        ("4000::1", .reserved),
        ("5f00::1", .reserved), ("fec0::1", .reserved),
    ])
    func `What is found at an address`(text: String, reach: NetworkAddress.Reach) throws {
        let address = try #require(NetworkAddress(text))
        #expect(address.reach == reach)
        #expect(NetworkAddress(address.description) == address)
    }

    @Test(arguments: [
        "", "127.1", "0177.0.0.1", "0x7f.0.0.1", "2130706433", "10.0.0.1:80", "[::1]", "fe80::1%eth0", "example.com", "1.2.3.4.5", "::g",
    ])
    func `What is no address`(text: String) { #expect(NetworkAddress(text) == nil) }
}
