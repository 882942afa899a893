import Glibc

/// Whether this machine has AF_VSOCK.
enum VSOCK {
    static var availability: String {
        let descriptor = socket(40, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor != -1 else { return "no: this kernel has no vsock sockets" }
        close(descriptor)
        return "yes"
    }
}
