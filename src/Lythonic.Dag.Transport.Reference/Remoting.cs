using System.Globalization;
using System.Management.Automation.Host;
using System.Management.Automation.Internal;
using System.Management.Automation.Remoting.Client;

namespace System.Management.Automation.Host
{
    public abstract class PSHost
    {
    }
}

namespace System.Management.Automation.Internal
{
    public abstract class PSRemotingCryptoHelper : IDisposable
    {
        internal PSRemotingCryptoHelper() => throw null!;

        public void Dispose() => throw null!;
    }
}

namespace System.Management.Automation.Runspaces
{
    public enum RunspaceState
    {
        BeforeOpen = 0,
        Opening = 1,
        Opened = 2,
        Closed = 3,
        Closing = 4,
        Broken = 5,
        Disconnecting = 6,
        Disconnected = 7,
        Connecting = 8,
    }

    public sealed class RunspaceStateInfo
    {
        public RunspaceState State => throw null!;

        public Exception? Reason => throw null!;
    }

    public sealed class RunspaceStateEventArgs : EventArgs
    {
        public RunspaceStateInfo RunspaceStateInfo => throw null!;
    }

    public abstract class Runspace : IDisposable
    {
        internal Runspace() => throw null!;

        public abstract event EventHandler<RunspaceStateEventArgs>? StateChanged;

        public abstract RunspaceStateInfo RunspaceStateInfo { get; }

        public abstract PSEventManager Events { get; }

        public abstract void OpenAsync();

        public void Dispose() => throw null!;
    }

    public static class RunspaceFactory
    {
        public static Runspace CreateRunspace(PSHost host, RunspaceConnectionInfo connectionInfo) => throw null!;
    }

    public enum AuthenticationMechanism
    {
        Default = 0,
    }

    public abstract class RunspaceConnectionInfo
    {
        public abstract string ComputerName { get; set; }

        public abstract PSCredential? Credential { get; set; }

        public abstract AuthenticationMechanism AuthenticationMechanism { get; set; }

        public abstract string? CertificateThumbprint { get; set; }

        public CultureInfo Culture { get => throw null!; set => throw null!; }

        public CultureInfo UICulture { get => throw null!; set => throw null!; }

        public int OpenTimeout { get => throw null!; set => throw null!; }

        public int CancelTimeout { get => throw null!; set => throw null!; }

        public virtual BaseClientSessionTransportManager CreateClientSessionTransportManager(
            Guid instanceId, string sessionName, PSRemotingCryptoHelper cryptoHelper) => throw null!;

        public virtual RunspaceConnectionInfo Clone() => throw null!;
    }

    public abstract class SSHConnectionInfo : RunspaceConnectionInfo
    {
        public int ConnectingTimeout { get => throw null!; set => throw null!; }
    }
}

namespace System.Management.Automation.Remoting
{
    public class PSRemotingTransportException : RuntimeException
    {
        public PSRemotingTransportException(string message)
            : base(message) => throw null!;
    }

    public enum TransportMethodEnum
    {
        CreateShellEx = 0,
        CloseShellOperationEx = 4,
        ReceiveShellOutputEx = 3,
        Unknown = 15,
    }

    public sealed class TransportErrorOccuredEventArgs : EventArgs
    {
        public TransportErrorOccuredEventArgs(PSRemotingTransportException e, TransportMethodEnum m) => throw null!;
    }

    public abstract class BaseTransportManager : IDisposable
    {
        internal BaseTransportManager() => throw null!;

        public virtual void RaiseErrorHandler(TransportErrorOccuredEventArgs eventArgs) => throw null!;

        public void Dispose() => throw null!;

        protected virtual void Dispose(bool isDisposing) => throw null!;
    }
}

namespace System.Management.Automation.Remoting.Client
{
    public abstract class BaseClientTransportManager : BaseTransportManager
    {
        internal BaseClientTransportManager() => throw null!;

        public abstract void CreateAsync();

        public virtual void CloseAsync() => throw null!;

        protected override void Dispose(bool isDisposing) => throw null!;
    }

    public abstract class BaseClientSessionTransportManager : BaseClientTransportManager
    {
        internal BaseClientSessionTransportManager() => throw null!;
    }

    public abstract class ClientSessionTransportManagerBase : BaseClientSessionTransportManager
    {
        protected ClientSessionTransportManagerBase(Guid runspaceId, PSRemotingCryptoHelper cryptoHelper) => throw null!;

        public override void CloseAsync() => throw null!;

        protected override void Dispose(bool isDisposing) => throw null!;

        protected abstract void CleanupConnection();

        protected void HandleDataReceived(string data) => throw null!;

        protected void SendOneItem() => throw null!;

        protected void SetMessageWriter(TextWriter textWriter) => throw null!;
    }
}
