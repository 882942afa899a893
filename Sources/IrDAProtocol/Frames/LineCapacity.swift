/// How many bytes fit one turn on the line, and what that leaves of window and data size (IrLAP 1.1, 6.6.11).
public enum LineCapacity {
    /// The bytes that one transmission may take.
    ///
    /// Below 115200 bit/s only 500 ms is valid, whatever was announced (IrLAP 1.1, 6.6.4). 2400 and 16 Mbit/s are not in
    /// the table of the specification; their values follow the proportion of the others.
    public static func bytes(at rate: BaudRate, maximumTurnaround: MaximumTurnaround) -> Int {
        let row: [MaximumTurnaround: Int]
        switch rate {
        case .rate2400: return 100
        case .rate9600: return 400
        case .rate19200: return 800
        case .rate38400: return 1600
        case .rate57600: return 2360
        case .rate115200: row = [.ms500: 4800, .ms250: 2400, .ms100: 960, .ms50: 480]
        case .rate576000: row = [.ms500: 28800, .ms250: 11520, .ms100: 5760, .ms50: 2880]
        case .rate1152000: row = [.ms500: 57600, .ms250: 28800, .ms100: 11520, .ms50: 5760]
        case .rate4000000: row = [.ms500: 200_000, .ms250: 100_000, .ms100: 40000, .ms50: 20000]
        case .rate16000000: row = [.ms500: 800_000, .ms250: 400_000, .ms100: 160_000, .ms50: 80000]
        }
        return row[maximumTurnaround] ?? 0
    }

    /// The bytes that a window of full frames requests: each has A, C, check sequence, BOF, EOF and its additional BOFs,
    /// the turn as a whole the peer's minimum turn-around.
    public static func requested(window: Int, dataSize: Int, additionalBOFs: Int, turnaroundBytes: Int) -> Int {
        window * (dataSize + 6 + additionalBOFs) + turnaroundBytes
    }

    /// The largest I-field of which one frame requests less than the capacity; never below the smallest data size, 64.
    public static func largestFrame(additionalBOFs: Int, turnaroundBytes: Int, capacity: Int) -> Int {
        max(
            DataSize.bytes64.bytes,
            capacity - 1
                - requested(
                    window: 1, dataSize: 0, additionalBOFs: additionalBOFs, turnaroundBytes: turnaroundBytes))
    }

    /// Reduces window and data size until they request less than the capacity: first the window, down to 1, then the data
    /// size by halves, down to 64. The order is not laid down; this is the common one.
    ///
    /// - Parameters:
    ///   - window: the peer's window size, 1 to 7.
    ///   - dataSize: the peer's data size in bytes.
    ///   - additionalBOFs: the fillers before each frame at the negotiated speed.
    ///   - turnaroundBytes: the peer's minimum turn-around in bytes at the negotiated speed.
    ///   - capacity: the bytes one turn may take.
    public static func fit(
        window: Int, dataSize: Int, additionalBOFs: Int, turnaroundBytes: Int, capacity: Int
    ) -> (window: Int, dataSize: Int) {
        var window = window
        var dataSize = dataSize
        while requested(
            window: window, dataSize: dataSize, additionalBOFs: additionalBOFs, turnaroundBytes: turnaroundBytes)
            >= capacity
        {
            if window > 1 {
                window -= 1
            } else if dataSize > DataSize.bytes64.bytes {
                dataSize /= 2
            } else {
                break
            }
        }
        return (window, dataSize)
    }
}
