// SPDX-License-Identifier: Apache-2.0
import Observability
import Testing

@Suite struct BindAddressTests {
    @Test(
        "given an address as Kubernetes' programs have it, then host and port are read, and written alike",
        arguments: [
            (":8080", "", 8080), ("127.0.0.1:9090", "127.0.0.1", 9090), ("localhost:0", "localhost", 0),
            ("[::1]:80", "::1", 80), ("[fe80::1]:65535", "fe80::1", 65535),
        ]
    )
    func valid(text: String, host: String, port: Int) {
        let address = BindAddress(text)
        #expect(address == BindAddress(host: host, port: port))
        #expect(address?.description == text)
    }

    @Test(
        "given something else, then it is none",
        arguments: [
            "", "0", "8080", ":", ":-1", ":65536", ":80a", "::1:80", "[::1]", "[]:80", "[a]:80", "http://a:80", "a b:1",
            ":+1", "a/b:80",
        ]
    )
    func invalid(text: String) {
        #expect(BindAddress(text) == nil)
    }
}
