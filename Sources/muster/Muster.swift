import MusterCommands

@main
enum Muster {
    static func main() async {
        await MusterCommand.run()
    }
}
