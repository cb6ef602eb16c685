namespace Lythonic.Dag.Hosting;

/// <summary>What the parameters of <c>New-Dag</c> ask of the session of nodes.</summary>
/// <param name="Variables">Variables, by name.</param>
/// <param name="Functions">Names of functions.</param>
/// <param name="Modules">Modules, by name or path.</param>
internal sealed record DagSessionRequest(
    IReadOnlyDictionary<string, object?> Variables, IReadOnlyList<string> Functions, IReadOnlyList<string> Modules)
{
    /// <summary>Nothing.</summary>
    public static DagSessionRequest Empty { get; } = new(new Dictionary<string, object?>(0), [], []);
}
