import IrDAService

/// The messages between a program and the service: what was read and written is read as the same.
func fuzzMessages(_ bytes: [UInt8]) {
    if let (number, request) = try? ServiceRequest.read(bytes) {
        let again = try? ServiceRequest.read(request.bytes(number: number))
        require(again?.request == request && again?.number == number, "a request that changes")
    }
    if let (number, reply) = try? ServiceReply.read(bytes) {
        let again = try? ServiceReply.read(reply.bytes(number: number))
        require(again?.reply == reply && again?.number == number, "a reply that changes")
    }
}
