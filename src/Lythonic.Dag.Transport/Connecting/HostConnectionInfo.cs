using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Management.Automation.Remoting.Client;
using System.Management.Automation.Runspaces;

namespace Lythonic.Dag.Transport;

/// <summary>Tells PowerShell to reach a runspace through a program.</summary>
/// <param name="name">The name of the host.</param>
/// <param name="process">The program, which serves only this connection.</param>
internal sealed class HostConnectionInfo(string name, HostProcess process) : RunspaceConnectionInfo
{
    /// <inheritdoc/>
    public override string ComputerName
    {
        get => name;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override PSCredential? Credential
    {
        get => null;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override AuthenticationMechanism AuthenticationMechanism
    {
        get => AuthenticationMechanism.Default;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override string? CertificateThumbprint
    {
        get => null;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override RunspaceConnectionInfo Clone() => this;

    /// <inheritdoc/>
    public override BaseClientSessionTransportManager CreateClientSessionTransportManager(
        Guid instanceId, string sessionName, PSRemotingCryptoHelper cryptoHelper) =>
        new HostTransport(instanceId, cryptoHelper, process);
}
