using System.Collections;
using System.Collections.Specialized;

namespace Lythonic.Dag.Remote;

/// <summary>What a node at the far end knows about its run.</summary>
public sealed class RemoteContext : DagContext
{
    /// <summary>Fills in a context.</summary>
    internal void Receive(Parcel sent, RemoteValues values, IList secrets)
    {
        Initialize(sent.Text("DagName") ?? "", sent.Text("Path") ?? "", sent.Text("NodeLabel") ?? "", sent.Text("RunId") ?? "",
            sent.Number("Attempt"), CancellationToken.None);
        if (sent.Text("Upstreams") is { } upstreams)
            ReadUpstreams(() => (OrderedDictionary)values.Read(upstreams, secrets)!);
        HostName = sent.Text("HostName") ?? "";
        TraceParent = sent.Text("TraceParent");
    }
}
