namespace Lythonic.Dag.Remote;

/// <summary>What a node knows of its run, at the far end.</summary>
public sealed class RemoteContext : DagContext
{
    /// <summary>Fills in a context.</summary>
    internal void Receive(Parcel sent)
    {
        Initialize(sent.Text("DagName") ?? "", sent.Text("Path") ?? "", sent.Text("NodeLabel") ?? "", sent.Text("RunId") ?? "",
            sent.Number("Attempt"), CancellationToken.None);
        HostName = sent.Text("HostName") ?? "";
    }
}
