namespace Lythonic.Dag.Remote;

/// <summary>What a node knows of its run, at the far end.</summary>
public sealed class RemoteContext : DagContext
{
    /// <summary>The name of the host that runs the node.</summary>
    public string HostName { get; private set; } = "";

    /// <summary>Fills in a context.</summary>
    internal void Receive(Parcel sent)
    {
        Initialize(sent.Text("DagName") ?? "", sent.Text("Path") ?? "", sent.Text("NodeLabel") ?? "", sent.Text("RunId") ?? "", sent.Number("Attempt"), CancellationToken.None);
        HostName = sent.Text("HostName") ?? "";
    }
}
