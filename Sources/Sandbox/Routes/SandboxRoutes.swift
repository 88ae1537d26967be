/// Every call that the sandbox serves, area by area.
enum SandboxRoutes {
    static let all: [Route] =
        GuideRoutes.all + PortalRoutes.all + UserRoutes.all + GroupRoutes.all + GatewayRoutes.all + ConnectionRoutes.all
        + LogRoutes.all + LoginRoutes.all
}
