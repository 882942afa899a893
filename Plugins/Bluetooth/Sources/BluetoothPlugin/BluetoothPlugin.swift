import BluetoothBackend
public import CSocketPlugin
import SocketBackends

private let plugin = ExportedPlugin([BluetoothBackend()])

/// What the loader of plug-ins calls.
@c(irsock_plugin)
public func irsockPlugin(_ hostVersion: UInt32) -> UnsafePointer<irsock_plugin_table>? {
    hostVersion == IRSOCK_PLUGIN_VERSION ? plugin.table : nil
}
