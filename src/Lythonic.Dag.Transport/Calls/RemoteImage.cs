namespace Lythonic.Dag.Transport;

/// <summary>
/// What comes along with calls and stays at the far end until another image comes. It is sent if the call before had another one.
/// </summary>
public sealed class RemoteImage
{
    /// <summary>Nothing comes along.</summary>
    public static RemoteImage Empty { get; } = new();

    /// <summary>Functions by name.</summary>
    public IReadOnlyDictionary<string, RemoteScript> Functions { get; init; } = new Dictionary<string, RemoteScript>();

    /// <summary>Aliases by name, and the commands that they stand for.</summary>
    public IReadOnlyDictionary<string, string> Aliases { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Modules by name, which are imported there, and their states here; empty where files there are not those here. A module that is
    /// there in another state is imported again.
    /// </summary>
    public IReadOnlyList<(string Name, string State)> Modules { get; init; } = [];

    /// <summary>Variables and preferences. They are set anew for each call.</summary>
    public IReadOnlyDictionary<string, object?> Variables { get; init; } = new Dictionary<string, object?>();
}
