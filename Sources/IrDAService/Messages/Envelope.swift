/// A message as it travels: a number that joins an answer to its request, then the content.
struct Envelope<Content: MessageField> {
    let number: UInt32
    let content: Content

    init(number: UInt32, content: Content) {
        self.number = number
        self.content = content
    }

    init(bytes: ArraySlice<UInt8>) throws(MalformedMessage) {
        guard bytes.count <= MessageLimits.longestMessage else { throw .tooLong(bytes.count) }
        var message = MessageReader(bytes)
        number = try message.number()
        content = try message.field()
        guard message.isAtEnd else { throw .trailingBytes }
    }

    var bytes: [UInt8] {
        var message = MessageWriter()
        message.put(number)
        message.put(content)
        return message.bytes
    }
}

extension ServiceRequest {
    /// The version of the messages; a service that speaks another refuses the greeting and says which it speaks.
    package static let protocolVersion: UInt16 = 1

    /// Reads a request.
    package static func read(_ bytes: [UInt8]) throws(MalformedMessage) -> (number: UInt32, request: ServiceRequest) {
        let envelope = try Envelope<ServiceRequest>(bytes: bytes[...])
        return (envelope.number, envelope.content)
    }

    /// The bytes of a request.
    package func bytes(number: UInt32) -> [UInt8] { Envelope(number: number, content: self).bytes }
}

extension ServiceReply {
    /// Reads an answer.
    package static func read(_ bytes: [UInt8]) throws(MalformedMessage) -> (number: UInt32, reply: ServiceReply) {
        let envelope = try Envelope<ServiceReply>(bytes: bytes[...])
        return (envelope.number, envelope.content)
    }

    /// The bytes of an answer.
    package func bytes(number: UInt32) -> [UInt8] { Envelope(number: number, content: self).bytes }
}
