using System.Collections;
using System.Collections.Specialized;
using static Lythonic.Dag.Remote.RemotingWrapper;

namespace Lythonic.Dag.Remote;

/// <summary>What a node at the far end knows about its run.</summary>
public sealed class RemoteContext : DagContext
{
    /// <summary>Fills in a context.</summary>
    internal void Receive(CallHead head, string hostName, IList sent, RemoteValues values, IList secrets)
    {
        Initialize(head.DagName, Frame.Text(sent, CallPart.Path) ?? "", head.NodeLabel, Frame.Text(sent, CallPart.RunId) ?? "",
            (int)Unwrap(sent[CallPart.Attempt])!, CancellationToken.None);
        if (Frame.Text(sent, CallPart.Upstreams) is { } upstreams)
            ReadUpstreams(() => (OrderedDictionary)values.Read(upstreams, secrets)!);
        HostName = hostName;
        TraceParent = Frame.Text(sent, CallPart.TraceParent);
    }
}
