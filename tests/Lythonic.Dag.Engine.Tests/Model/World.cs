using System.Collections.Concurrent;
using Lythonic.Dag.Engine.Tests.Fakes;

namespace Lythonic.Dag.Engine.Tests.Model;

/// <summary>What all processes of a test case share: the store, the reference, and the faults that were found.</summary>
internal sealed class World(Plan plan, Reference reference, Faults faults) : IDisposable
{
    public const string RootName = "d";

    private readonly ConcurrentDictionary<string, int> _trials = new();

    public Plan Plan => plan;

    public Reference Reference => reference;

    public Faults Faults => faults;

    public MemoryProvenance Store { get; } = new() { IsBuffered = true };

    public ConcurrentDictionary<string, int> Calls { get; } = new();

    public ConcurrentQueue<string> Wrong { get; } = new();

    /// <summary>Every node whose condition was asked.</summary>
    public ConcurrentDictionary<string, bool> Asked { get; } = new();

    /// <summary>Whether a process crashed, so that conditions which it had asked may be asked again.</summary>
    public bool HasCrashed { get; set; }

    /// <summary>Whether nodes pause and cancel.</summary>
    public bool Halts => faults.Halts;

    /// <summary>Whether nothing goes wrong any more.</summary>
    public bool IsCalm { get; set; }

    public int CountCall(string node) => Calls.AddOrUpdate(node, 1, (_, before) => before + 1);

    /// <summary>Counts the times that a call of a node came to a host.</summary>
    public int CountTrial(string node) => _trials.AddOrUpdate(node, 1, (_, before) => before + 1);

    public void Dispose() => Store.Dispose();
}
