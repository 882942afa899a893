import Glibc
import OBEX
import SocketBackends
import SystemPackage

/// Where received files go: one directory, in which nothing is written over unless that was asked for.
///
/// A file is written under a name of its own and gets the wanted one when it is whole. Names of strangers are never used as
/// they are.
struct InboxDirectory: ~Copyable {
    /// For people.
    let path: String
    private let descriptor: OwnedDescriptor
    private let overwrites: Bool
    private let cleanUp: CleanUp
    private var lastNumber = 0

    /// Opens a directory.
    ///
    /// - Throws: `Failure` if it is none, or nothing can be put there.
    init(_ path: String, overwrites: Bool, cleanUp: CleanUp) throws {
        do {
            let opened = OwnedDescriptor(
                try FileDescriptor.open(FilePath(path), .readOnly, options: [.directory, .closeOnExec]))
            try systemCall { faccessat(opened.withDescriptor { $0.rawValue }, ".", W_OK | X_OK, 0) }
            descriptor = opened
        } catch let error as Errno {
            throw Failure("cannot put files into '\(path)': \(error).")
        }
        self.path = path
        self.overwrites = overwrites
        self.cleanUp = cleanUp
    }

    /// The descriptor's number, for calls with paths in this directory.
    private var directory: Int32 { descriptor.withDescriptor { $0.rawValue } }

    /// Begins a file that does not have its name yet.
    ///
    /// - Throws: `Errno` if it cannot be made.
    mutating func begin() throws(Errno) -> IncomingFile {
        while true {
            lastNumber += 1
            let name = ".irsock-\(getpid())-\(lastNumber).part"
            do throws(Errno) {
                let number = try systemCall {
                    openat(directory, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
                }
                // The path, not the descriptor: that is closed by then.
                let whole = "\(path)/\(name)"
                return IncomingFile(
                    descriptor: FileDescriptor(rawValue: number), name: name,
                    removal: cleanUp.add { unlink(whole) })
            } catch {
                guard error == .fileExists else { throw error }
            }
        }
    }

    /// Gives a whole file its name.
    ///
    /// - Parameter name: what the sender called it.
    /// - Returns: the name that it has now: a safe one, and one that was free.
    /// - Throws: `Errno` if that cannot be done; the file is then still to be dropped.
    func keep(_ file: IncomingFile, as name: String) throws(Errno) -> String {
        if fsync(file.descriptor.rawValue) != 0 { throw Errno(rawValue: errno) }
        let safe = OBEXFileName.safe(name)
        let free = overwrites ? safe : try reserve(safe)
        do throws(Errno) {
            try systemCall { renameat(directory, file.name, directory, free) }
        } catch {
            if !overwrites { unlinkat(directory, free, 0) }
            throw error
        }
        file.close()
        cleanUp.withdraw(file.removal)
        return free
    }

    /// Throws a file away.
    func drop(_ file: IncomingFile) {
        unlinkat(directory, file.name, 0)
        file.close()
        cleanUp.withdraw(file.removal)
    }

    /// Makes an empty file of a name that is free, which the whole one can then replace: no other program gets in between.
    private func reserve(_ name: String) throws(Errno) -> String {
        var candidate = name
        var number = 1
        while true {
            do throws(Errno) {
                let made = try systemCall {
                    openat(directory, candidate, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
                }
                Glibc.close(made)
                return candidate
            } catch {
                guard error == .fileExists, number < 10_000 else { throw error }
                number += 1
                candidate = OBEXFileName.numbered(name, number)
            }
        }
    }
}

/// A file that is being received.
struct IncomingFile {
    fileprivate let descriptor: FileDescriptor
    fileprivate let name: String
    fileprivate let removal: Int

    /// - Throws: `Errno`, for instance when the disk is full.
    func write(_ bytes: [UInt8]) throws(Errno) {
        do {
            _ = try descriptor.writeAll(bytes)
        } catch let error as Errno {
            throw error
        } catch {
            throw .ioError
        }
    }

    fileprivate func close() {
        try? descriptor.close()
    }
}
