using System.Management.Automation.Internal;
using System.Management.Automation.Remoting;
using System.Management.Automation.Remoting.Client;

namespace Lythonic.Dag.Transport;

/// <summary>Carries the messages of a runspace to a program and back. Nothing here waits for the program, and nothing throws.</summary>
internal sealed class HostTransport : ClientSessionTransportManagerBase
{
    /// <summary>How long the far end may take to confirm that it closes.</summary>
    private static readonly TimeSpan Closing = TimeSpan.FromSeconds(2);

    private readonly HostProcess _process;

    public HostTransport(Guid runspaceId, PSRemotingCryptoHelper cryptoHelper, HostProcess process)
        : base(runspaceId, cryptoHelper) => _process = process;

    /// <inheritdoc/>
    public override void CreateAsync()
    {
        SetMessageWriter(_process.Input);
        _process.Start(HandleDataReceived);
        _ = ReportLossAsync();
        SendOneItem();
    }

    /// <inheritdoc/>
    public override void CloseAsync()
    {
        // A program that is gone does not answer: if the message is refused, PowerShell waits for no answer.
        if (_process.Lost.IsCompleted)
        {
            QueuedWriter.Refusing(base.CloseAsync);
            return;
        }

        base.CloseAsync();
        _ = GiveUpAsync();
    }

    /// <inheritdoc/>
    protected override void CleanupConnection() => _process.Kill("it was closed");

    /// <inheritdoc/>
    protected override void Dispose(bool isDisposing)
    {
        base.Dispose(isDisposing);
        if (isDisposing)
            CleanupConnection();
    }

    private async Task GiveUpAsync()
    {
        try
        {
            await _process.Lost.WaitAsync(Closing).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            CleanupConnection();
        }
    }

    private async Task ReportLossAsync()
    {
        var loss = await _process.Lost.ConfigureAwait(false);
        // The listener is code of PowerShell and may wait for a lock that a frozen pipeline holds.
        OwnThread.Start(
            "Lythonic.Dag host loss",
            () => RaiseErrorHandler(
                new TransportErrorOccuredEventArgs(
                    new PSRemotingTransportException(loss.ToString()), TransportMethodEnum.CloseShellOperationEx)));
    }
}
