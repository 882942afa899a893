// What the information base answers to each operation (IrLMP 1.1, 4.3.6).
extension IASDatabase {
    /// A reply lists no more objects or names than this; who wants more asks again.
    private static let longestList = 64

    /// The reply to a request; FF for an operation that is not supported.
    package func reply(to request: IASRequest) -> IASReply {
        guard supports(request) else { return .unreadable }
        return switch request {
        case .infoBaseDetails:
            .infoBaseDetails(
                objects: UInt16(clamping: objects.count), largestID: objects.lazy.map(\.id).max() ?? Self.deviceObjectID
            )
        case .objects(let first, let maximum, let className):
            summaries(from: first, maximum: Int(maximum), className: className)
        case .values(let id, let names):
            values(of: id, names)
        case .valueByClass(let className, let attribute):
            switch values(className: className, attribute: attribute) {
            case .success(let entries): .valueByClass(entries)
            case .noSuchClass: .notThere
            case .noSuchAttribute: .noSuchAttribute
            case .failed(let code): .failed(code: code)
            }
        case .objectInfo(let id):
            info(of: id)
        case .attributeNames(let id, let first, let maximum):
            names(of: id, from: first, maximum: Int(maximum))
        }
    }

    private func supports(_ request: IASRequest) -> Bool {
        switch request {
        case .infoBaseDetails: operations.contains(.infoBaseDetails)
        case .objects: operations.contains(.objects)
        case .values: operations.contains(.value)
        case .valueByClass: true
        case .objectInfo: operations.contains(.objectInfo)
        case .attributeNames: operations.contains(.attributeNames)
        }
    }

    private func summaries(from first: UInt16, maximum: Int, className: IASName?) -> IASReply {
        let candidates = objects.filter { $0.id >= first && (className == nil || $0.className == className) }
            .sorted { $0.id < $1.id }
        let listed = candidates.prefix(min(maximum, Self.longestList))
        return .objects(
            listed.map {
                IASObjectSummary(
                    id: $0.id, attributeCount: UInt8(clamping: $0.attributes.count),
                    className: className == nil ? $0.className : nil)
            }, next: candidates.dropFirst(listed.count).first?.id ?? 0)
    }

    private func values(of id: UInt16, _ names: [IASName]) -> IASReply {
        guard let object = object(id: id) else { return .notThere }
        guard names.count <= IASRequest.mostNames else { return .failed(code: 0x03) }
        let values = names.map { object.value(of: $0) }
        return .values(values.map { $0 ?? .missing }, isComplete: !values.contains(nil))
    }

    /// Slots are the places of the attributes, from 1 on.
    private func info(of id: UInt16) -> IASReply {
        guard let object = object(id: id) else { return .notThere }
        let count = UInt16(object.attributes.count)
        return .objectInfo(lowest: min(1, count), highest: count, used: count)
    }

    private func names(of id: UInt16, from first: UInt16, maximum: Int) -> IASReply {
        guard let object = object(id: id) else { return .unreadable }  // This operation has no code of its own for it.
        let skipped = max(0, Int(first) - 1)
        let listed = object.attributes.dropFirst(skipped).prefix(min(maximum, Self.longestList))
        let end = skipped + listed.count
        return .attributeNames(
            listed.map { IASAttributeSummary(name: $0.name, type: $0.value.bytes[0]) },
            next: end < object.attributes.count ? UInt16(end + 1) : 0)
    }
}
