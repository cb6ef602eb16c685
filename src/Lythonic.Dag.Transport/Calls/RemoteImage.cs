namespace Lythonic.Dag.Transport;

/// <summary>
/// What comes along with calls and stays at the far end until another image comes. Sent when it is not the one of the call before.
/// </summary>
public sealed class RemoteImage
{
    /// <summary>Nothing comes along.</summary>
    public static RemoteImage Empty { get; } = new();

    /// <summary>Functions by name.</summary>
    public IReadOnlyDictionary<string, RemoteScript> Functions { get; init; } = new Dictionary<string, RemoteScript>();

    /// <summary>Aliases by name, and the commands that they stand for.</summary>
    public IReadOnlyDictionary<string, string> Aliases { get; init; } = new Dictionary<string, string>();

    /// <summary>The names of modules, which are imported there.</summary>
    public IReadOnlyList<string> Modules { get; init; } = [];

    /// <summary>Variables, preferences among them; each call sees them afresh.</summary>
    public IReadOnlyDictionary<string, object?> Variables { get; init; } = new Dictionary<string, object?>();
}
