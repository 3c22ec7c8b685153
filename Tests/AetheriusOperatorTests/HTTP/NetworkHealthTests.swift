// SPDX-License-Identifier: Apache-2.0
import Observability
import Testing

@testable import AetheriusOperator

@Suite struct NetworkHealthTests {
    @Test("given a thread of the network that hangs for more than 20 seconds, then the process is not to go on")
    func limit() {
        #expect(HealthCheck.network(delay: .zero) == HealthCheck(name: "network"))
        #expect(HealthCheck.network(delay: .seconds(20)).problem == nil)
        #expect(
            HealthCheck.network(delay: .milliseconds(31_700)).problem
                == "a thread that talks to the API server has hung for 31 s"
        )
    }
}
