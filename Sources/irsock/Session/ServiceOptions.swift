import ArgumentParser
import Glibc
import IrDAService
import IrDAStation

/// The options of commands that share stations with other programs.
struct SharingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Let the members of this group use the stations, too; without it only you and root may.", valueName: "group"
        ))
    var group: String?

    func access() throws -> ServiceAccess {
        guard let group else { return ServiceAccess() }
        if let number = gid_t(group) { return ServiceAccess(group: number) }
        guard let entry = getgrnam(group) else { throw Failure("there is no group '\(group)'.") }
        return ServiceAccess(group: entry.pointee.gr_gid)
    }
}

/// The options of commands that talk to a service.
struct ServiceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The station, where there are several.", valueName: "name"))
    var station: String?

    func client() throws -> ServiceClient {
        try ServiceClient(path: ServiceDirectory.standard.chooseSocket(station: station))
    }
}
