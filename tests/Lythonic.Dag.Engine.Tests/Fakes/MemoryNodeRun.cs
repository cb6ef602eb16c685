using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Engine.Tests.Fakes;

/// <summary>A node run of the store in memory.</summary>
internal sealed class MemoryNodeRun(MemoryRunHandle handle, NodeStart start) : NodeRunHandle
{
    public MemoryRunHandle Handle { get; } = handle;

    public StoreKey Key { get; set; }

    public NodeStart Start { get; set; } = start;

    public int Attempt => Start.Attempt;

    public bool Waits => Start.Waits is not null;

    /// <summary>The inputs by name. Several values of one name are a list.</summary>
    public IReadOnlyList<NodeInput>? Input => Start.Input;

    /// <summary>The order of a map's elements.</summary>
    public string? ElementIds { get; set; }

    /// <summary>How many elements a map has.</summary>
    public int? ElementCount { get; set; }

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
            Waits ? null : End?.StartedAt ?? Start.StartedAt,
            End?.FinishedAt,
            End?.Error ?? Start.Waits,
            Definition.Fingerprint)
        {
            Errors = End?.Errors ?? default,
            Host = Start.Host,
            IsConditionMet = Start.IsConditionMet,
            IsOverridden = Start.IsOverridden,
            ReusedFrom = End?.ReusedFrom,
            ElementCount = ElementCount,
            WaitsUntil = End is null ? Start.WaitsUntil : null,
        };

    /// <summary>The inputs as one JSON object.</summary>
    public string? InputJson()
    {
        if (Input is not { } given)
            return null;
        var members = given.GroupBy(input => input.Name).Select(inputs =>
        {
            var values = string.Join(',', inputs.Select(input => input.Value.Json));
            return $"{System.Text.Json.JsonSerializer.Serialize(inputs.Key)}:{(inputs.First().IsElement ? $"[{values}]" : values)}";
        });
        return $"{{{string.Join(',', members)}}}";
    }
}
