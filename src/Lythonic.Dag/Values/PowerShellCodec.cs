namespace Lythonic.Dag.Values;

/// <summary>
/// The codec of values of PowerShell. One serves every run: what it knows of types costs more to make than a run's values.
/// </summary>
internal static class PowerShellCodec
{
    /// <summary>The codec. Thread-safe.</summary>
    public static JsonValueCodec Instance { get; } = new(new PowerShellValueAdapter());
}
