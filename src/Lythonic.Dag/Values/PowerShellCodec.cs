namespace Lythonic.Dag.Values;

/// <summary>
/// The codec of PowerShell's values. One codec serves every run, because gathering what it knows of types costs more than encoding the
/// values of a run.
/// </summary>
internal static class PowerShellCodec
{
    /// <summary>The codec. Thread-safe.</summary>
    public static JsonValueCodec Instance { get; } = new(new PowerShellValueAdapter());
}
