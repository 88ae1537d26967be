import ArgumentParser
import Mimecast

/// The flags that every verb knows.
struct GlobalOptions: ParsableArguments {
    @Flag(help: "Machine output on stdout: one document; progress and messages go to stderr.")
    var json = false

    @Option(help: ArgumentHelp("Configuration file. Default: muster.yaml, then $XDG_CONFIG_HOME/muster/muster.yaml.", valueName: "file"))
    var config: String?

    @Option(help: ArgumentHelp("The tenant's account code.", valueName: "code"))
    var tenant: String?

    @Option(help: ArgumentHelp("Muster's store, sqlite:FILE. Default: sqlite:muster.db; also MUSTER_STORE.", valueName: "url"))
    var store: String?

    @Option(name: .customLong("as"), help: ArgumentHelp("Who acts; recorded. Default: the user of the system.", valueName: "who"))
    var actor: String?

    @Flag(name: .shortAndLong, help: "Say more about what is going on, on stderr.")
    var verbose = false

    @Flag(name: .customLong("no-color"), help: "No colours; NO_COLOR does the same.")
    var noColor = false

    @Flag(help: "Answer prompts with yes; never a guard or an approval.")
    var yes = false
}

/// Which application of a tenant named by the environment is meant.
struct ApplicationOptions: ParsableArguments {
    @Option(help: ArgumentHelp("v2 (OAuth) or v1 (HMAC), where the environment names the credentials.", valueName: "generation"))
    var generation: Generation?

    @Option(help: ArgumentHelp("portal or guide, where the environment names the credentials.", valueName: "dialect"))
    var dialect: Dialect?
}

extension Generation: ExpressibleByArgument {}
extension Dialect: ExpressibleByArgument {}
extension Region: ExpressibleByArgument {}
