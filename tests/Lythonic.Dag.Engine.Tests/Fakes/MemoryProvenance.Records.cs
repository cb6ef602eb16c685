using Lythonic.Dag.Provenance;

namespace Lythonic.Dag.Engine.Tests.Fakes;

/// <content>What the store keeps, and what it hands out.</content>
internal sealed partial class MemoryProvenance
{
    private sealed class Run(RunStart start, int process)
    {
        public RunStart Start { get; set; } = start;

        public string RunId => Start.RunId;

        /// <summary>The process that owns it, of a root run.</summary>
        public int Process { get; set; } = process;

        public Run Root => Start.Parent is Handle parent ? parent.Run.Root : this;

        public long Key { get; set; }

        public DagDefinition Definition { get; set; } = start.Definition;

        public DagRunStatus Status { get; set; }

        /// <summary>The handle that the run is written by, of a root run.</summary>
        public Handle? Handle { get; set; }

        public RunEnd? End { get; set; }

        public bool IsRemoved { get; set; }

        public List<Node> Nodes { get; } = [];
    }

    private sealed class Handle(Run run, int process, Handle? parent = null) : RunHandle(run.RunId)
    {
        public Run Run { get; } = run;

        public int Process { get; } = process;

        /// <summary>Whether its end was posted.</summary>
        public bool IsClosed { get; set; }

        /// <summary>Whether its end, or the end of a run that it is in, was posted: what comes now is late.</summary>
        public bool IsOver => IsClosed || parent is { IsOver: true };
    }

    private sealed class Node(Handle handle, NodeStart start) : NodeRunHandle
    {
        public Handle Handle { get; } = handle;

        public long Key { get; set; }

        public NodeStart Start { get; set; } = start;

        public int Attempt => Start.Attempt;

        public bool Waits => Start.Waits is not null;

        /// <summary>What it was given, by name; a name that comes several times is a list.</summary>
        public IReadOnlyList<NodeInput>? Input => Start.Input;

        /// <summary>The order of a map's elements.</summary>
        public string? ElementIds { get; set; }

        public NodeEnd? End { get; set; }

        /// <summary>Whether its end was posted.</summary>
        public bool IsClosed { get; set; }

        public NodeDefinition Definition { get; } = handle.Run.Definition.Nodes[start.NodeIndex];

        public string Label => Definition.Label;

        public StoredNodeRun Stored() =>
            new(
                Key,
                Label,
                Definition.Kind,
                End?.Status ?? Start.Status,
                Start.Attempt,
                Waits ? null : Start.StartedAt,
                End?.FinishedAt,
                End?.Error ?? Start.Waits,
                Definition.Fingerprint)
            {
                Errors = End?.Errors ?? default,
                Host = Start.Host,
            };
    }
}
